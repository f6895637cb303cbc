# SPDX-License-Identifier: AGPL-3.0-or-later
"""Painting what lies on a page: hits, lit terms, the reviewer's own marks, and the caret that moves by keys."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QRegion

from imr_desktop.models.care import OwnMark, OwnMarkKind
from imr_desktop.models.records import Box
from imr_desktop.ui.record.overlays import note_box
from imr_desktop.ui.record.painting import Sheet, tint
from imr_desktop.ui.record.searching import Hit

_HIT, _HIT_EDGE = QColor("#ffd9a8"), QColor("#c2410c")
_OWN, _OWN_INK = QColor("#cdeccf"), QColor("#1c6438")
_NOTE = QColor("#fff3b0")
_TERMS = tuple(
    (QColor(light), QColor(ink))
    for light, ink in (
        ("#c9e4ff", "#1d4f8c"),
        ("#e7d3ff", "#5b2a9d"),
        ("#c8f0e4", "#0f6b55"),
        ("#ffd1e3", "#9c1f56"),
        ("#e6ecb0", "#5c6600"),
        ("#d8d8e8", "#3b3b66"),
    )
)
_TERM_LINES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)


def paint_hit(painter: QPainter, sheet: Sheet, hit: Hit, *, current: bool) -> None:
    """A hit lit; the current one framed as well; one found in spite of misread letters is underlined by dots."""
    for box in hit.boxes:
        rect = sheet.rect_of(box).adjusted(-1, -1, 1, 1)
        tint(painter, rect, _HIT, dark=sheet.dark)
        edge = _HIT_EDGE.lighter(150) if sheet.dark else _HIT_EDGE
        if current:
            painter.setPen(QPen(edge, 2.4))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect.adjusted(-1, -1, 1, 1))
        elif not hit.exact:
            painter.setPen(QPen(edge, 1.6, Qt.PenStyle.DotLine))
            painter.drawLine(rect.bottomLeft(), rect.bottomRight())


def term_colours(number: int) -> tuple[QColor, QPen]:
    """In which colour the set of this number is lit, and the line that tells it from others without colour."""
    colour, ink = _TERMS[number % len(_TERMS)]
    return colour, QPen(ink, 1.6, _TERM_LINES[number // len(_TERMS) % len(_TERM_LINES)])


def paint_term(painter: QPainter, sheet: Sheet, boxes: Iterable[Box], number: int) -> None:
    """A term of a set lit: its colour over the words and its line at their left and below."""
    colour, pen = term_colours(number)
    if sheet.dark:
        pen.setColor(pen.color().lighter(170))
    for box in boxes:
        rect = sheet.rect_of(box)
        tint(painter, rect, colour, dark=sheet.dark)
        painter.setPen(pen)
        painter.drawLine(rect.topLeft(), rect.bottomLeft())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())


def paint_own(painter: QPainter, sheet: Sheet, mark: OwnMark, boxes: Iterable[Box]) -> None:
    """The reviewer's own mark: coloured words, a frame, or a small sheet of paper where a note was set."""
    ink = _OWN_INK.lighter(170) if sheet.dark else _OWN_INK
    last = QRectF()
    for box in boxes:
        if mark.kind is OwnMarkKind.NOTE:
            _paint_note(painter, sheet.rect_of(note_box(box)))
            continue
        last = rect = sheet.rect_of(box)
        if mark.kind is OwnMarkKind.HIGHLIGHT:
            tint(painter, rect, _OWN, dark=sheet.dark)
            painter.setPen(QPen(ink, 1.2))
            painter.drawLine(rect.topLeft(), rect.bottomLeft())
        else:
            painter.setPen(QPen(ink, 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(rect, 3, 3)
    if mark.note and not last.isNull():
        _paint_note(painter, QRectF(last.right() - 5, last.top() - 9, 12, 12))


def _paint_note(painter: QPainter, rect: QRectF) -> None:
    painter.setPen(QPen(QColor("#6b5300"), 1))
    painter.setBrush(_NOTE)
    painter.drawRect(rect)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for share in (0.3, 0.5, 0.7):
        y = rect.top() + share * rect.height()
        painter.drawLine(QPointF(rect.left() + 2.5, y), QPointF(rect.right() - 2.5, y))


def paint_caret(painter: QPainter, sheet: Sheet, box: Box) -> None:
    """The word at the caret: a bar before it and a line under it."""
    rect = sheet.rect_of(box)
    ink = QColor("#f0f6ff") if sheet.dark else QColor("#0b3d91")
    painter.fillRect(QRectF(rect.left() - 3, rect.top() - 2, 2.5, rect.height() + 4), ink)
    painter.fillRect(QRectF(rect.left(), rect.bottom() + 1, rect.width(), 1.5), ink)


def without(whole: QRectF, holes: Sequence[QRectF]) -> list[QRectF]:
    """What is left of an area without the holes, as rectangles on whole pixels."""
    region = QRegion(whole.toAlignedRect())
    for hole in holes:
        region = region.subtracted(QRegion(hole.toRect()))
    return [QRectF(rect) for rect in iter(region)]  # type: ignore[call-overload]
