# SPDX-License-Identifier: AGPL-3.0-or-later
"""What changed in the letter since the reviewer last looked at it: how much, where, and that it has been seen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from imr_desktop.models.places import PrintedAt
from imr_desktop.ui.parts import button, words
from imr_desktop.ui.session import Session

if TYPE_CHECKING:
    from imr_desktop.casework.previewing import Preview


class LooksBar(QWidget):
    """Shown while something is changed. A look is kept for each rendition, over a lock and a restart.

    ``line_wanted`` carries a changed line to bring into view; ``seen`` tells that nothing counts as changed any more.
    """

    line_wanted = Signal(object)
    seen = Signal()

    def __init__(self, session: Session, setting: str) -> None:
        super().__init__()
        self._session, self._setting = session, setting
        kept = session.setting(setting)
        self._looks: dict[str, str] = dict(kept) if isinstance(kept, dict) else {}
        self._shown: tuple[str, Preview] | None = None
        self._at = -1
        self.changed: Sequence[PrintedAt] = ()
        self.said = words("", "muted", wrap=False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.said)
        row.addStretch(1)
        self.following = button("Ne&xt change", self._next)
        self.all_seen = button("I have see&n them", self.look)
        row.addWidget(self.following)
        row.addWidget(self.all_seen)
        self.hide()

    def last(self, rendition: str) -> str:
        """What a rendition looked like at the last look; empty if it was never looked at."""
        return self._looks.get(rendition, "")

    def show_changes(self, rendition: str, preview: "Preview") -> None:
        """Tell what changed in the letter that is shown from now on."""
        self._shown, self._at = (rendition, preview), -1
        self._tell(preview.changed)

    def look(self) -> None:
        """The letter that is shown has been looked at: from now on changes count from here."""
        if self._shown is None:
            return
        rendition, preview = self._shown
        if self._looks.get(rendition) != preview.look:
            self._looks[rendition] = preview.look
            self._session.keep_setting(self._setting, dict(self._looks))
        self._tell(())
        self.seen.emit()

    def _tell(self, changed: Sequence[PrintedAt]) -> None:
        self.changed = changed
        many = "One line has" if len(changed) == 1 else f"{len(changed)} lines have"
        self.said.setText(f"{many} changed since your last look (marked at the left)." if changed else "")
        self.setVisible(bool(changed))

    def _next(self) -> None:
        if self.changed:
            self._at = (self._at + 1) % len(self.changed)
            self.line_wanted.emit(self.changed[self._at])
