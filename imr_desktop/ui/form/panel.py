# SPDX-License-Identifier: AGPL-3.0-or-later
"""A panel of the form: shows a part of the case, listens to the desk, and lets go of it when told."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from imr_desktop.models.determination import Determination
from imr_desktop.models.places import Place
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import Change, Table
from imr_desktop.ui.form.binder import Binder
from imr_desktop.ui.form.layout import show_inside
from imr_desktop.ui.form.naming import EvidenceNames

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk


class Panel(QWidget):
    """The base of all panels. ``looks_at`` are the kinds of row whose change makes it draw anew.

    ``go_to_page`` gives a PageRef and the boxes to light on it; ``anchor_activated`` the id of evidence.
    """

    looks_at: frozenset[Table] = frozenset()
    go_to_page = Signal(object, object)
    anchor_activated = Signal(str)

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self.desk = desk
        self._names: EvidenceNames | None = None
        self._stop = desk.listen(self._heard)
        self._listening = True

    def names(self) -> EvidenceNames:
        """What the case's evidence is called at present."""
        if self._names is None:
            self._names = EvidenceNames(self.desk.case)
        return self._names

    def frozen(self) -> Determination:
        """The case as the letter would have it, for previews; credentials play no part in them."""
        return self.desk.determination(Reviewer())

    def binders(self) -> tuple[Binder, ...]:
        """The binders of the panel's fields."""
        return ()

    def drafts(self) -> list[list[list[str]]]:
        """Text that could not be understood, of each binder, as plain data."""
        return [binder.drafts() for binder in self.binders()]

    def take_drafts(self, kept: list[list[list[str]]]) -> None:
        """Show such text again after the case was closed."""
        for binder, drafts in zip(self.binders(), kept, strict=False):
            binder.take_drafts(drafts)

    def redraw(self) -> None:
        """Show the present."""
        raise NotImplementedError

    def flush(self) -> None:
        """Keep whatever was typed and not kept yet."""
        for binder in self.binders():
            binder.flush()

    def release(self) -> None:
        """Keep what was typed and stop listening: the case is being closed."""
        if self._listening:
            self.flush()
            self._listening = False
            self._stop()

    def show_place(self, place: Place) -> bool:
        """Go to the field of a place and focus it; False if the panel has no such field."""
        for binder in self.binders():
            editor = binder.find(place.field) if place.field else None
            if editor is not None:
                self.focus_on(editor)
                return True
        return False

    def focus_on(self, editor: QWidget) -> None:
        """Bring a field into view and give it the focus."""
        show_inside(editor)
        editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def field_in_focus(self) -> str | None:
        """The path of the field that has the focus."""
        for binder in self.binders():
            path = binder.path_of(self.focusWidget())
            if path is not None:
                return path
        return None

    def _heard(self, change: Change) -> None:
        self._names = None
        if change.touched & self.looks_at:
            self.redraw()
