# SPDX-License-Identifier: AGPL-3.0-or-later
"""Watching what is really on screen, so that a page counts as seen when it has been readable long enough."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from imr_desktop.ui.record.seen import Glimpse
from imr_desktop.ui.record.wanting import draw_key

if TYPE_CHECKING:
    from imr_desktop.ui.record.view import RecordView


class Looking(QObject):
    """Tells a view's ``seen`` signal; looks when something moves, and again when a page may have become seen."""

    def __init__(self, view: "RecordView") -> None:
        super().__init__(view)
        self._view = view
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self.look)

    def look(self) -> None:
        """Look now. Only pages of which a picture is on screen count, never an empty paper or a failed page."""
        tracker = self._view.tracker
        for ref in tracker.look(self._glimpses()):
            self._view.seen.emit(ref)
        left = tracker.seconds_left()
        if left is None:
            self._again.stop()
        else:
            self._again.start(max(round(left * 1000) + 1, 1))

    def _glimpses(self) -> list[Glimpse]:
        view = self._view
        if not view.isVisible() or view.window().isMinimized():
            return []
        found = []
        for place, part in view.stage.in_view(*view.scrolled()):
            key = draw_key(view.stage, place, view.devicePixelRatioF())
            if view.loader.picture(key) is not None or view.loader.stand_in(key) is not None:
                found.append(Glimpse(key.page, part, view.stage.layout.scales[place]))
        return found
