# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words beside the page's names while pages on screen are shown too small to count as seen."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from imr_desktop.ui.record.layout import PIXELS_PER_POINT

if TYPE_CHECKING:
    from imr_desktop.ui.record.coverage import Coverage
    from imr_desktop.ui.record.view import RecordView


class Smallness(QLabel):
    """Says that pages on screen are too small to count as seen; hidden where none is, or all have been seen."""

    def __init__(self, view: "RecordView", coverage: "Coverage") -> None:
        super().__init__("Too small to count as seen", textFormat=Qt.TextFormat.PlainText)
        self._view, self._coverage = view, coverage
        self.setProperty("says", "warn")
        self.setContentsMargins(0, 2, 12, 4)
        least = view.tracker.rule.scale / PIXELS_PER_POINT * 100
        self.setToolTip(f"Pages count as seen when they are shown at {least:.0f} % or more: enlarge them (Ctrl++)")
        self.setAccessibleName(f"{self.text()}. {self.toolTip()}.")
        self.hide()
        for told in (view.scrolled_to, view.zoom_changed, coverage.changed):
            told.connect(self._look)

    def _look(self) -> None:
        view, layout = self._view, self._view.stage.layout
        shown = [] if not len(layout) else [place for place, _ in view.stage.in_view(*view.scrolled())]
        self.setVisible(
            any(
                not view.tracker.rule.is_readable(layout.scales[place])
                and self._coverage.is_open(view.stage.page(place).ref)
                for place in shown
                if not layout.is_folded(place)
            )
        )
