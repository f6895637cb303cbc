# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fitting what is written on a page to the window, so that wide margins and fax borders take no room."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from imr_desktop.models.records import Box, PageSize, Word
from imr_desktop.records.fax import fax_words
from imr_desktop.ui.record.layout import GAP, Fit, Flow, Zoom
from imr_desktop.ui.record.turning import turn_box, turned_size, unturn_box
from imr_desktop.ui.record.wanting import draw_key

if TYPE_CHECKING:
    from imr_desktop.ui.record.view import RecordView

_PROBE = 200
_DARK = 190
_SHARE_OF_INK = 0.01
_LEAST = 0.2


def content_of_words(words: Sequence[Word], size: PageSize, rotation: int) -> Box | None:
    """The box around all words of the page as shown; None on a page without words."""
    if not words:
        return None
    whole = words[0].box
    for word in words[1:]:
        whole = whole.union(word.box)
    return turn_box(whole, size, rotation)


def content_of_picture(picture: QImage, shown: PageSize, without: Sequence[Box] = ()) -> Box | None:
    """The box around the ink of the page as shown, found on a small copy; None on an empty or an all dark page.

    Ink in the boxes ``without`` does not count.
    """
    small = picture.scaledToWidth(_PROBE, Qt.TransformationMode.SmoothTransformation)
    grey = small.convertToFormat(QImage.Format.Format_Grayscale8)
    wide, high, stride = grey.width(), grey.height(), grey.bytesPerLine()
    pixels = bytes(grey.constBits())
    dark = [[pixels[y * stride + x] < _DARK for x in range(wide)] for y in range(high)]
    for box in without:
        _clear(dark, box, wide / shown.width)
    across = _inked([sum(row[x] for row in dark) for x in range(wide)], high)
    down = _inked([sum(row) for row in dark], wide)
    if across is None or down is None:
        return None
    scale = shown.width / wide
    return Box(across[0] * scale, down[0] * scale, (across[1] + 1) * scale, (down[1] + 1) * scale)


def _clear(dark: list[list[bool]], box: Box, scale: float) -> None:
    left, right = max(0, int(box.x0 * scale) - 1), int(box.x1 * scale) + 2
    for row in dark[max(0, int(box.y0 * scale) - 1) : int(box.y1 * scale) + 2]:
        row[left:right] = [False] * len(row[left:right])


def _inked(counts: Sequence[int], extent: int) -> tuple[int, int] | None:
    """The first and last of the lines that carry writing: more than a few specks, less than the black of a border."""
    inked = [at for at, count in enumerate(counts) if _SHARE_OF_INK * extent < count < 0.8 * extent]
    return (inked[0], inked[-1]) if inked else None


def content_box(view: "RecordView", place: int) -> Box | None:
    """The box (points of the upright page) around what is on a page: its words, or the ink of its picture.

    The line that a fax machine printed along the edge is not of the page. None while neither words nor picture are
    there, and on a page without either.
    """
    rotation, upright = view.stage.rotation(place), view.stage.upright(place)
    shown = turned_size(upright, rotation)
    key = draw_key(view.stage, place, view.devicePixelRatioF())
    picture = view.loader.picture(key) or view.loader.stand_in(key)
    written, faxed = _parted(view, place)
    ink = None if picture is None else content_of_picture(picture, shown, faxed)
    words = content_of_words(written, upright, rotation)
    found = words.union(ink) if words is not None and ink is not None and not _is_scan(ink, shown) else words or ink
    return None if found is None else unturn_box(found, upright, rotation)


def _parted(view: "RecordView", place: int) -> tuple[list[Word], list[Box]]:
    """What is written on a page, and where on the page as shown the lines of fax machines are."""
    rotation, upright = view.stage.rotation(place), view.stage.upright(place)
    read = view.words_at(place) or ()
    faxed = fax_words(read, upright)
    boxes = [turn_box(word.box, upright, rotation) for word in faxed]
    return [word for word in read if word not in faxed], boxes


def _is_scan(ink: Box, shown: PageSize) -> bool:
    """Whether the ink goes right to the edges, as the borders of faxes and photocopies do."""
    return ink.x0 <= 0.01 * shown.width or ink.x1 >= 0.99 * shown.width


def content_zoom(view: "RecordView") -> None:
    """Zoom so that the content of the current page, or of two side by side, is as wide as the viewport; go there."""
    place = view.current_place()
    if place is None:
        return
    own = _shares(view, place)
    if own is None or own[1] - own[0] < _LEAST:
        view.set_zoom(Zoom(Fit.WIDTH))
        return
    first, room, share = place, view.viewport().width() - 2 * GAP, own[1] - own[0]
    begin = own[0]
    if view.stage.flow is Flow.TWO:
        row = view.stage.layout.rows[view.stage.layout.row(place)]
        first, room = row.start, room - GAP
        begin = (_shares(view, first) or own)[0]
        share = 1 - begin + (_shares(view, row.stop - 1) or own)[1]
    view.set_zoom(Zoom(Fit.UNIFORM, room / share))
    wide = turned_size(view.stage.upright(first), view.stage.rotation(first)).width
    left, _ = view.stage.layout.from_points(first, begin * wide, 0)
    view.scroll_by(left - GAP - view.scrolled()[0], 0)


def _shares(view: "RecordView", place: int) -> tuple[float, float] | None:
    """Where the content of a page as shown begins and ends, as shares of the page's width; None if it has none."""
    rotation = view.stage.rotation(place)
    shown = turned_size(view.stage.upright(place), rotation)
    written, faxed = _parted(view, place)
    content = content_of_words(written, view.stage.upright(place), rotation)
    if content is None:
        key = draw_key(view.stage, place, view.devicePixelRatioF())
        picture = view.loader.picture(key) or view.loader.stand_in(key)
        content = None if picture is None else content_of_picture(picture, shown, faxed)
    return None if content is None else (content.x0 / shown.width, content.x1 / shown.width)
