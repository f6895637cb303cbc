# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one page on screen is put together from: the best picture at hand, hits, evidence, marks, selection, caret."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter

from imr_desktop.ui.record import painting, painting_marks
from imr_desktop.ui.record.colours import Tone, tint_paper
from imr_desktop.ui.record.selection import Region, boxes_on
from imr_desktop.ui.record.wanting import draw_key

if TYPE_CHECKING:
    from imr_desktop.ui.record.view import RecordView


def paint_page(painter: QPainter, view: "RecordView", place: int) -> None:
    """Paint the page at a place of the run, as far as it is there; it is never an empty paper once something is."""
    page = view.stage.page(place)
    sheet = replace(view.sheet(place), dark=view.colours.dark)
    cropped = sheet.clip != sheet.rect
    painting.paint_edge(painter, sheet)
    if cropped:
        painter.save()
        painter.setClipRect(sheet.clip)
    _paint_picture(painter, view, place, sheet)
    for mark, boxes in view.marks.on(page.ref):
        painting.paint_marks(painter, sheet, mark.role, boxes, mark.item)
    for own, boxes in view.overlays.own.on(page.ref):
        painting_marks.paint_own(painter, sheet, own, boxes)
    for colour, lit in view.overlays.lit(page.ref):
        painting_marks.paint_term(painter, sheet, lit.boxes, colour)
    for hit in view.overlays.hits.get(page.ref, ()):
        painting_marks.paint_hit(painter, sheet, hit, current=hit is view.overlays.current)
    _paint_selection(painter, view, place, sheet)
    if view.landing is not None and view.landing.ref == page.ref:
        painting.paint_landing(painter, sheet, view.landing.boxes, view.palette())
    box = view.caret.box_on(place)
    if box is not None:
        painting_marks.paint_caret(painter, sheet, box)
    if cropped:
        painter.restore()


def _paint_picture(painter: QPainter, view: "RecordView", place: int, sheet: painting.Sheet) -> None:
    page = view.stage.page(place)
    key = draw_key(view.stage, place, view.draw_ratio)
    picture = view.loader.picture(key)
    sharp = picture is not None
    picture = picture or view.loader.stand_in(key)
    failure = view.loader.failure(page.ref)
    if picture is not None:
        still = sharp and not view.motion.hurried
        if picture.hasAlphaChannel():
            painting.paint_paper(painter, sheet)
        shown = view.clean.get(picture, view.colours, make=still)
        painting.paint_picture(painter, sheet, shown, smooth=not view.motion.hurried)
        for piece in view.pieces(range(place, place + 1)):
            tile = view.loader.tiles.get(piece)
            if tile is not None and piece.part is not None:
                cleaned = view.clean.get(tile, view.colours, make=still)
                painter.drawImage(sheet.rect_of(piece.part), cleaned, QRectF(tile.rect()))
        tint_paper(painter, view.colours, _tinted_areas(view, picture, sheet))
    elif failure is not None:
        painting.paint_paper(painter, sheet)
        painting.paint_failure(painter, sheet, page.case_page, failure, view.note_on(page.ref))
    else:
        painting.paint_paper(painter, sheet)
        painting.paint_waiting(painter, sheet, page.case_page)
        tint_paper(painter, view.colours, [sheet.clip])


def _tinted_areas(view: "RecordView", picture: QImage, sheet: painting.Sheet) -> list[QRectF]:
    """The whole page, or the page without its pictures in colour where these are to be spared."""
    if view.colours.tone is not Tone.INVERTED:
        return [sheet.clip]
    whole = sheet.rect
    spared = [
        QRectF(
            whole.left() + box.x0 * whole.width(),
            whole.top() + box.y0 * whole.height(),
            (box.x1 - box.x0) * whole.width(),
            (box.y1 - box.y0) * whole.height(),
        ).intersected(sheet.clip)
        for box in view.photos.on(picture)
    ]
    return painting_marks.without(sheet.clip, spared)


def _paint_selection(painter: QPainter, view: "RecordView", place: int, sheet: painting.Sheet) -> None:
    chosen = view.hand.chosen
    if chosen is not None:
        boxes = boxes_on(place, chosen, view.words_at)
        painting.paint_selection(painter, sheet, boxes, view.palette(), framed=isinstance(chosen, Region))


def paint_fold(painter: QPainter, view: "RecordView", row: range) -> None:
    """Paint the strip that stands for the folded pages of a row."""
    left, top = view.scrolled()
    box = view.stage.layout.fold_rect(row)
    rect = QRectF(box.x0 - left, box.y0 - top, box.x1 - box.x0, box.y1 - box.y0)
    painting.paint_fold(painter, rect, view.fold_words(row), QGuiApplication.palette())
