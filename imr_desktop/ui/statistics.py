# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reviewer's own work in figures: days from assignment to letter, and outcomes by category, as painted plots."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QScrollArea, QVBoxLayout, QWidget

from imr_desktop.casework.worklist import Statistics, statistics
from imr_desktop.ui.parts import roomy, words
from imr_desktop.ui.theme import Theme

if TYPE_CHECKING:
    from imr_desktop.casework.worklist import WorklistRow

_LABEL = 190
_GAP = 8


class Bars(QWidget):
    """Horizontal bars, one a row, each in one or two parts, with the figures written beside it.

    ``rows`` are (name, parts, said); each part has a pattern besides its colour, so that neither is needed alone.
    """

    def __init__(self, name: str, rows: Sequence[tuple[str, tuple[float, ...], str]], theme: Theme) -> None:
        super().__init__()
        self._rows = tuple(rows)
        self._theme = theme
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(name)
        self.setAccessibleDescription("; ".join(f"{row}: {said}" for row, _, said in self._rows))

    def sizeHint(self) -> QSize:
        """A line for every row."""
        return QSize(max(520, _LABEL + 40 + self._widest()), max(1, len(self._rows)) * self._line())

    def minimumSizeHint(self) -> QSize:
        """No figure is cut; the page scrolls where the window has not the room."""
        return self.sizeHint()

    def _widest(self) -> int:
        """The room that the longest of the figures beside the bars takes."""
        return 2 * _GAP + max((self.fontMetrics().horizontalAdvance(said) for _, _, said in self._rows), default=0)

    def _line(self) -> int:
        return self.fontMetrics().lineSpacing() + 12

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the bars."""
        colours = self._theme.colours
        painter = QPainter(self)
        longest = max((sum(parts) for _, parts, _ in self._rows), default=0) or 1
        room = max(40, self.width() - _LABEL - self._widest())
        for number, (name, parts, said) in enumerate(self._rows):
            top = number * self._line()
            painter.setPen(QColor(colours.text))
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, _LABEL - 12)
            painter.drawText(QRectF(0, top, _LABEL - 8, self._line()), Qt.AlignmentFlag.AlignVCenter, shown)
            left = float(_LABEL)
            fills = ((colours.accent, Qt.BrushStyle.SolidPattern), (colours.warn, Qt.BrushStyle.Dense4Pattern))
            for part, (colour, pattern) in zip(parts, fills, strict=False):
                width = room * part / longest
                box = QRectF(left, top + 5, width, self._line() - 10)
                brush = painter.brush()
                brush.setColor(QColor(colour))
                brush.setStyle(pattern)
                painter.fillRect(box, brush)
                painter.setPen(QColor(colour))
                if width > 1:
                    painter.drawRect(box)
                left += width
            painter.setPen(QColor(colours.text))
            painter.drawText(
                QRectF(left + _GAP, top, self.width() - left - _GAP, self._line()), Qt.AlignmentFlag.AlignVCenter, said
            )
        if self.hasFocus():
            painter.setPen(QColor(colours.accent))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


def _issued(figures: Statistics) -> str:
    """How many cases were issued, and how many of them late."""
    if not figures.issued:
        return "No case has been issued yet."
    if figures.issued == 1:
        late = "after the day it was due" if figures.late else "not late"
    else:
        late = f"{figures.late} of them after the day they were due" if figures.late else "none of them late"
    return f"{_many(figures.issued, 'case')} issued, {late}."


def _many(number: int, what: str) -> str:
    return f"1 {what}" if number == 1 else f"{number} {what}s"


class StatisticsDialog(QDialog):
    """Turnaround by month and outcomes by category, over everything in the vault, archived cases too."""

    def __init__(self, rows: "Sequence[WorklistRow]", theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("My work in figures")
        roomy(self, 760, 560)
        self.figures: Statistics = statistics(tuple(rows))
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(10)
        figures = self.figures
        column.addWidget(words(_issued(figures), "lead"))
        if figures.turnaround:
            column.addWidget(words("Days from assignment to the first letter, by month", "heading"))
            self.turnaround = Bars(
                "Days from assignment to the first letter, by month",
                [
                    (month, (mean,), f"{_many(round(mean), 'day')}, {_many(count, 'case')}")
                    for month, count, mean in figures.turnaround
                ],
                theme,
            )
            column.addWidget(self.turnaround)
        if figures.outcomes:
            column.addWidget(words("Decided items by category: upheld (filled), overturned (hatched)", "heading"))
            self.outcomes = Bars(
                "Decided items by category",
                [
                    (category, (float(upheld), float(overturned)), f"{upheld} upheld, {overturned} overturned")
                    for category, upheld, overturned in figures.outcomes
                ],
                theme,
            )
            column.addWidget(self.outcomes)
        column.addStretch(1)
        area = QScrollArea(widgetResizable=True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        whole = QVBoxLayout(self)
        whole.addWidget(area, 1)
        whole.addWidget(buttons)
