# SPDX-License-Identifier: AGPL-3.0-or-later
"""A scroll bar that shows where things are in the record: hits, bookmarks, and pages that have not been seen."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
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
        self._painted: QPixmap | None = None

    def show_marks(self, marks: BarMarks, whole: float) -> None:
        """Show these marks over a run that is ``whole`` logical pixels high."""
        self.marks, self._whole, self._painted = marks, max(whole, 1.0), None
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

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The groove with its marks, then the handle; the style's own bar would cost as much as the pages do."""
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._ground())
        option = QStyleOptionSlider()
        self.initStyleOption(option)
        handle = self.style().subControlRect(
            QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, self
        )
        colour = QColor(self.palette().text().color())
        colour.setAlpha(150 if self.isSliderDown() or self.underMouse() else 110)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawRoundedRect(QRectF(handle).adjusted(_EDGE, 1, -1, -1), 4, 4)
        painter.end()

    def changeEvent(self, event: QEvent) -> None:
        """Other colours: the marks are painted anew."""
        self._painted = None
        super().changeEvent(event)

    def _ground(self) -> QPixmap:
        """Groove and marks, painted once until one of them changes."""
        size, ratio = self.size(), self.devicePixelRatioF()
        if self._painted is not None and self._painted.size() == size * ratio:
            return self._painted
        made = self._painted = QPixmap(size * ratio)
        made.setDevicePixelRatio(ratio)
        made.fill(self.palette().window().color())
        painter = QPainter(made)
        dark = self.palette().window().color().lightness() < 128
        wide, groove = float(self.width()), self.groove()

        def at(y: float) -> float:
            return groove.top() + y / self._whole * groove.height()

        marks = self.marks
        for top, bottom in marks.unseen:
            painter.fillRect(QRectF(0, at(top), _EDGE, max(at(bottom) - at(top), 1.0)), _lit(UNSEEN, dark))
        for y in marks.bookmarks:
            painter.fillRect(QRectF(wide - 6, at(y) - 3, 6, 6), _lit(BOOKMARK, dark))
        for y in {round(at(each)) for each in marks.hits}:
            painter.fillRect(QRectF(_EDGE + 1, y - 1, wide - _EDGE - 1, 2), _lit(HIT, dark))
        if marks.current is not None:
            painter.fillRect(QRectF(0, at(marks.current) - 2, wide, 4), _lit(CURRENT_HIT, dark))
        painter.end()
        return made


def _lit(colour: QColor, dark: bool) -> QColor:
    return colour.lighter(170) if dark else colour
