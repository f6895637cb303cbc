# SPDX-License-Identifier: AGPL-3.0-or-later
"""What one page on screen is put together from: the best picture at hand, evidence, selection, target of a jump."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter

from imr_desktop.ui.record import painting
from imr_desktop.ui.record.selection import Region, boxes_on
from imr_desktop.ui.record.wanting import draw_key

if TYPE_CHECKING:
    from imr_desktop.ui.record.view import RecordView


def paint_page(painter: QPainter, view: "RecordView", place: int) -> None:
    """Paint the page at a place of the run, as far as it is there; it is never an empty paper once something is."""
    page, sheet = view.stage.page(place), view.sheet(place)
    key = draw_key(view.stage, place, view.devicePixelRatioF())
    painting.paint_paper(painter, sheet)
    failure = view.loader.failure(page.ref)
    picture = view.loader.picture(key) or view.loader.stand_in(key)
    if picture is not None:
        painting.paint_picture(painter, sheet, picture)
    elif failure is not None:
        painting.paint_failure(painter, sheet, page.case_page, failure)
    else:
        painting.paint_waiting(painter, sheet, page.case_page)
    for mark, boxes in view.marks.on(page.ref):
        painting.paint_marks(painter, sheet, mark.role, boxes)
    chosen = view.hand.chosen
    if chosen is not None:
        boxes = boxes_on(place, chosen, view.words_at)
        painting.paint_selection(painter, sheet, boxes, view.palette(), framed=isinstance(chosen, Region))
    if view.landing is not None and view.landing.ref == page.ref:
        painting.paint_landing(painter, sheet, view.landing.boxes, view.palette())
