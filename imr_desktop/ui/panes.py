# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going round the panes of a case by key: the pages of the record, the list of its rail, and the form."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from imr_desktop.ui.record import RecordViews


class Panes:
    """The panes in the order in which F6 goes through them; what is hidden is left out."""

    def __init__(self, record: RecordViews, form: QWidget) -> None:
        self._record, self._form = record, form

    def next(self) -> None:
        """Move the focus to the next pane."""
        self._go(1)

    def previous(self) -> None:
        """Move the focus to the pane before."""
        self._go(-1)

    def _go(self, by: int) -> None:
        stops = [stop for stop in (*self._record.stops(), self._form) if stop.isVisible()]
        if not stops:
            return
        here = self._here()
        at = stops.index(here) + by if here in stops else 0
        goal = stops[at % len(stops)]
        # They may stand in windows of their own.
        goal.window().activateWindow()
        goal.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _here(self) -> QWidget | None:
        """The stop that has the focus; beside a record's pages and list, in its bars, it is the pages."""
        focus = QApplication.focusWidget()
        if focus is None:
            return None
        for stop in (*self._record.stops(), self._form):
            if stop is focus or stop.isAncestorOf(focus):
                return stop
        return next((pane.view for pane in self._record.panes if pane.isAncestorOf(focus)), None)
