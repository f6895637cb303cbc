# SPDX-License-Identifier: AGPL-3.0-or-later
"""A scroll bar that shows where things are in the record: hits, bookmarks, and pages that have not been seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QScrollBar, QStyle, QStyleOptionSlider, QWidget

HIT, CURRENT_HIT = QColor("#c2410c"), QColor("#7c1d06")
UNSEEN, BOOKMARK = QColor("#2563a8"), QColor("#6b21a8")
_EDGE = 3.0


@dataclass(frozen=True, slots=True)
class BarMarks:
    """Where marks stand, as heights in the run (logical pixels): hits, the current one, bookmarks, unseen stretches."""

    hits: Sequence[float] = ()
    current: float | None = None
    bookmarks: Sequence[float] = ()
    unseen: Sequence[tuple[float, float]] = ()


class MarkedScrollBar(QScrollBar):
    """The vertical scroll bar of the pages. Unseen pages stand as a line at its left, hits as ticks across."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Vertical, parent)
        self.marks = BarMarks()
        self._whole = 1.0

    def show_marks(self, marks: BarMarks, whole: float) -> None:
        """Show these marks over a run that is ``whole`` logical pixels high."""
        self.marks, self._whole = marks, max(whole, 1.0)
        self.update()

    def height_of(self, y: float) -> float:
        """Where in the bar a height of the run is marked."""
        groove = self.groove()
        return groove.top() + y / self._whole * groove.height()

    def groove(self) -> QRectF:
        """The part of the bar that stands for the run."""
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        return QRectF(
            self.style().subControlRect(
                QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarGroove, self
            )
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """The bar as the style draws it, then the marks."""
        super().paintEvent(event)
        marks = self.marks
        painter = QPainter(self)
        dark = self.palette().window().color().lightness() < 128
        wide = float(self.width())
        for top, bottom in marks.unseen:
            y = self.height_of(top)
            painter.fillRect(QRectF(0, y, _EDGE, max(self.height_of(bottom) - y, 1.0)), _lit(UNSEEN, dark))
        for y in marks.bookmarks:
            painter.fillRect(QRectF(wide - 6, self.height_of(y) - 3, 6, 6), _lit(BOOKMARK, dark))
        for y in marks.hits:
            painter.fillRect(QRectF(_EDGE + 1, self.height_of(y) - 1, wide - _EDGE - 1, 2), _lit(HIT, dark))
        if marks.current is not None:
            painter.fillRect(QRectF(0, self.height_of(marks.current) - 2, wide, 4), _lit(CURRENT_HIT, dark))
        painter.end()


def _lit(colour: QColor, dark: bool) -> QColor:
    return colour.lighter(170) if dark else colour
