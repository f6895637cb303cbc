# SPDX-License-Identifier: AGPL-3.0-or-later
"""Painting one page: paper, picture or stand-in, evidence, the target of a jump, and the selection."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPalette, QPen

from imr_desktop.models.records import Box, PageSize
from imr_desktop.ui.record.loader import Failure
from imr_desktop.ui.record.marks import MarkRole
from imr_desktop.ui.record.turning import turn_box

PAPER = QColor(Qt.GlobalColor.white)
_INK = QColor("#17212b")
_FAINT_INK = QColor("#5c6770")
_WARNING = QColor("#8a5a00")
_MARKS = {
    MarkRole.SUMMARY: (QColor("#cfe4ff"), QColor("#1f5fa8"), Qt.PenStyle.SolidLine),
    MarkRole.ITEM: (QColor("#ffe69a"), QColor("#8a5a00"), Qt.PenStyle.DashLine),
    MarkRole.UNUSED: (QColor("#e4e0ee"), QColor("#5b4b86"), Qt.PenStyle.DotLine),
}

# Items differ in colour, from the seventh on they begin again; the label says which it is.
_ITEMS = (
    ("#ffe69a", "#8a5a00"),
    ("#c9efc4", "#2c6b24"),
    ("#ffd0d6", "#9a2340"),
    ("#ffd3ac", "#95430c"),
    ("#bfeeea", "#0d6662"),
    ("#e3eb9f", "#5c6600"),
)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page as it stands in the window: where, at what scale (logical pixels a point), how turned, how sharp.

    ``rect`` is the whole page, ``clip`` what is shown of it; ``dark`` says that the paper is black.
    """

    rect: QRectF
    scale: float
    size: PageSize
    rotation: int
    pixel_ratio: float
    clip: QRectF
    dark: bool = False

    def rect_of(self, box: Box) -> QRectF:
        """Where a box of the upright page is seen, in logical pixels of the window."""
        shown = turn_box(box, self.size, self.rotation)
        corner = self.rect.topLeft() + QPointF(shown.x0 * self.scale, shown.y0 * self.scale)
        return QRectF(corner.x(), corner.y(), (shown.x1 - shown.x0) * self.scale, (shown.y1 - shown.y0) * self.scale)


def desk_colour(palette: QPalette) -> QColor:
    """What lies behind the pages."""
    window = palette.color(QPalette.ColorRole.Window)
    return window.darker(118) if window.lightness() > 127 else window.darker(160)


def paint_paper(painter: QPainter, sheet: Sheet) -> None:
    """White paper."""
    painter.fillRect(sheet.clip, PAPER)


def paint_edge(painter: QPainter, sheet: Sheet) -> None:
    """A fine edge around the paper; as four bars, which costs a tenth of a frame drawn as a line."""
    clip, edge = sheet.clip, QColor(0, 0, 0, 90)
    for x, y, wide, high in (
        (clip.left() - 1, clip.top() - 1, clip.width() + 2, 1),
        (clip.left() - 1, clip.bottom(), clip.width() + 2, 1),
        (clip.left() - 1, clip.top(), 1, clip.height()),
        (clip.right(), clip.top(), 1, clip.height()),
    ):
        painter.fillRect(QRectF(x, y, wide, high), edge)


def paint_picture(painter: QPainter, sheet: Sheet, picture: QImage, *, smooth: bool = True) -> None:
    """The page's picture: pixel for pixel where it was drawn for this size, stretched where it stands in."""
    ratio = sheet.pixel_ratio
    exact = (
        abs(picture.width() - sheet.rect.width() * ratio) < 2
        and abs(picture.height() - sheet.rect.height() * ratio) < 2
    )
    target = QRectF(sheet.rect.topLeft(), picture.size().toSizeF() / ratio) if exact else sheet.rect
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth and not exact)
    painter.drawImage(target, picture, QRectF(picture.rect()))


def paint_waiting(painter: QPainter, sheet: Sheet, case_page: int) -> None:
    """A paper with its page number, before anything of the page is there."""
    painter.setPen(_FAINT_INK)
    painter.setFont(_sized(painter.font(), min(max(sheet.rect.width() / 12, 9.0), 40.0)))
    painter.drawText(sheet.rect, Qt.AlignmentFlag.AlignCenter, str(case_page))


def paint_failure(painter: QPainter, sheet: Sheet, case_page: int, failure: Failure, note: str = "") -> None:
    """A card in place of a page that cannot be shown: which page, what happened, what to do, the reviewer's note."""
    margin = min(sheet.rect.width() * 0.08, 40.0)
    wide = min(sheet.rect.width() - 2 * margin, 560.0)
    card = QRectF(sheet.rect.left() + (sheet.rect.width() - wide) / 2, sheet.rect.top() + margin, wide, 0)
    size = min(max(wide / 34, 7.0), 15.0)
    title, body = _sized(painter.font(), size * 1.25), _sized(painter.font(), size)
    title.setBold(True)
    painter.setPen(_INK)
    flow = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft
    top = card.top() + size
    said = [(title, f"Page {case_page} cannot be shown"), (body, failure.happened), (body, failure.advice)]
    said.append((body, f"Your note: {note}" if note else "It counts as not reviewed. Press N to write a note on it."))
    for font, words in said:
        painter.setFont(font)
        room = QRectF(card.left() + 1.5 * size, top, card.width() - 2.5 * size, sheet.rect.bottom() - top)
        drawn = painter.drawText(room, flow, words)
        top = drawn.bottom() + size * 0.7
    card.setBottom(min(top + size * 0.3, sheet.rect.bottom()))
    painter.setPen(QPen(_WARNING, 1))
    painter.drawRect(card)
    painter.fillRect(QRectF(card.left(), card.top(), 5, card.height()), _WARNING)


def mark_colours(role: MarkRole, item: int = 0) -> tuple[QColor, QColor, Qt.PenStyle]:
    """What a mark is drawn in: its tint, the ink of its line, and the line's style; each item has its own colours."""
    colour, ink, style = _MARKS[role]
    if role is MarkRole.ITEM and item > 0:
        colour, ink = map(QColor, _ITEMS[(item - 1) % len(_ITEMS)])
    return colour, ink, style


def paint_marks(painter: QPainter, sheet: Sheet, role: MarkRole, boxes: Iterable[Box], item: int = 0) -> None:
    """Kept evidence: tinted like a marker, with a line under each box whose style says what it serves."""
    colour, ink, style = mark_colours(role, item)
    for box in boxes:
        rect = sheet.rect_of(box)
        tint(painter, rect, colour, dark=sheet.dark)
        painter.setPen(QPen(ink.lighter(160) if sheet.dark else ink, 1.6, style))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())


def paint_landing(painter: QPainter, sheet: Sheet, boxes: tuple[Box, ...], palette: QPalette) -> None:
    """The target of a jump: its words lit and outlined, or the whole page outlined."""
    colour = _strong(palette.color(QPalette.ColorRole.Highlight))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if not boxes:
        painter.setPen(QPen(colour, 3))
        painter.drawRect(sheet.rect.adjusted(1.5, 1.5, -1.5, -1.5))
        return
    whole = QRectF()
    for box in boxes:
        rect = sheet.rect_of(box)
        tint(painter, rect, QColor("#fff08a"), dark=sheet.dark)
        whole = whole.united(rect)
    painter.setPen(QPen(colour, 2))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    painter.drawRoundedRect(whole.adjusted(-3, -2, 3, 2), 3, 3)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def paint_selection(painter: QPainter, sheet: Sheet, boxes: Iterable[Box], palette: QPalette, *, framed: bool) -> None:
    """The selected words under the system's own highlight colour, lightened so that the words stay readable."""
    highlight = palette.color(QPalette.ColorRole.Highlight)
    light = QColor.fromHslF(max(highlight.hslHueF(), 0.0), max(highlight.hslSaturationF(), 0.5), 0.9 if framed else 0.8)
    for box in boxes:
        rect = sheet.rect_of(box)
        tint(painter, rect, light, dark=sheet.dark)
        if framed:
            painter.setPen(QPen(_strong(highlight), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(rect)


def paint_focus(painter: QPainter, rect: QRectF, palette: QPalette) -> None:
    """A line around the pages while keys come here."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Highlight), 2))
    painter.drawRect(rect.adjusted(1, 1, -1, -1))


def tint(painter: QPainter, rect: QRectF, colour: QColor, *, dark: bool) -> None:
    """Lay a colour over the paper so that the ink stays readable: like a marker, or like a glow on black paper."""
    if dark:
        glow = QColor(colour)
        glow.setAlpha(96)
        painter.fillRect(rect, glow)
        return
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    painter.fillRect(rect, colour)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)


def _strong(colour: QColor) -> QColor:
    """The colour dark enough to be a line on white paper, whatever the theme."""
    return QColor.fromHslF(
        max(colour.hslHueF(), 0.0), max(colour.hslSaturationF(), 0.6), min(colour.lightnessF(), 0.38)
    )


def _sized(font: QFont, pixels: float) -> QFont:
    sized = QFont(font)
    sized.setPixelSize(max(round(pixels), 1))
    return sized


def paint_fold(painter: QPainter, rect: QRectF, words: str, palette: QPalette) -> None:
    """The strip that stands for pages folded away: how many, and how they are opened."""
    painter.fillRect(rect, palette.color(QPalette.ColorRole.Base))
    painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
    painter.setPen(palette.color(QPalette.ColorRole.Text))
    room = rect.adjusted(10, 0, -10, 0)
    shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, round(room.width()))
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignHCenter, shown)
