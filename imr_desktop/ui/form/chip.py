# SPDX-License-Identifier: AGPL-3.0-or-later
"""The chip: how an anchor stands in a text field, one object among the characters."""

from collections.abc import Callable

from PySide6.QtCore import QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QPyTextObject,
    QTextCharFormat,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QTextEdit

CHIP = QTextFormat.ObjectTypes.UserObject + 1
_EVIDENCE = QTextFormat.Property.UserProperty + 1
_LONGEST_EM = 22
_PAD = 6.0


def chip_format(evidence_id: str) -> QTextCharFormat:
    """The format of the one character that stands for an anchor."""
    made = QTextCharFormat()
    made.setObjectType(CHIP)
    made.setProperty(_EVIDENCE, evidence_id)
    made.setVerticalAlignment(QTextCharFormat.VerticalAlignment.AlignBaseline)
    return made


def evidence_of(shape: QTextFormat) -> str | None:
    """The evidence that a character's format points at; None for ordinary text."""
    return str(shape.property(_EVIDENCE)) if shape.objectType() == CHIP else None


class Chips(QPyTextObject):
    """Draws the chips of one text field in the field's own colours; ``armed`` gives the position with the ring."""

    def __init__(self, field: QTextEdit, label: Callable[[str], str], armed: Callable[[], int | None]) -> None:
        super().__init__(field)
        self._field = field
        self._label = label
        self._armed = armed

    def intrinsicSize(self, _document: QTextDocument, _position: int, shape: QTextFormat) -> QSizeF:
        """As wide as its words, as high as the line."""
        metrics = QFontMetricsF(self._font())
        return QSizeF(metrics.horizontalAdvance(self._words(shape)) + 2 * _PAD + 2, metrics.height())

    def drawObject(
        self, painter: QPainter, rect: QRectF | QRect, _document: QTextDocument, position: int, shape: QTextFormat
    ) -> None:
        """A rounded ground with the words; a ring where the caret has just passed, the accent where selected."""
        palette = self._field.palette()
        selected = shape.hasProperty(QTextFormat.Property.BackgroundBrush)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        armed = self._armed() == position
        line = palette.highlight().color() if armed else palette.dark().color()
        painter.setPen(QPen(line, 2.0 if armed else 1.0))
        painter.setBrush(palette.highlight() if selected else palette.button())
        box = QRectF(rect)
        painter.drawRoundedRect(box.adjusted(1.5, 0.5, -1.5, -0.5), 4, 4)
        painter.setPen((palette.highlightedText() if selected else palette.buttonText()).color())
        painter.setFont(self._font())
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, self._words(shape))
        painter.restore()

    def _font(self) -> QFont:
        return self._field.font()

    def _words(self, shape: QTextFormat) -> str:
        metrics = QFontMetricsF(self._font())
        longest = metrics.averageCharWidth() * _LONGEST_EM * 1.6
        return metrics.elidedText(self._label(evidence_of(shape) or ""), Qt.TextElideMode.ElideMiddle, longest)
