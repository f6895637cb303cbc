# SPDX-License-Identifier: AGPL-3.0-or-later
"""What to ask the reader of pages for: pictures and words of what is seen, then of what comes next."""

from collections.abc import Iterator, Sequence

from imr_desktop.models.records import Box
from imr_desktop.records.protocol import Draw, ReadWords
from imr_desktop.ui.record.loader import Want
from imr_desktop.ui.record.pages import order
from imr_desktop.ui.record.picture import PictureKey
from imr_desktop.ui.record.stage import Stage
from imr_desktop.ui.record.turning import turned_size, unturn_box

_MOST_PIXELS = 20_000_000
_TILE = 1024


def draw_key(stage: Stage, place: int, ratio: float) -> PictureKey:
    """The picture that shows the page at a place pixel for pixel (``ratio`` device pixels a logical one).

    Where that would be more than 20 million pixels, a smaller one that is stretched.
    """
    size, scale = stage.upright(place), stage.layout.scales[place] * ratio
    largest = (_MOST_PIXELS / (size.width * size.height)) ** 0.5
    return PictureKey(stage.page(place).ref, round(min(scale, largest), 5), stage.rotation(place))


def wants(
    stage: Stage,
    visible: range,
    down: bool,
    ratio: float,
    needed: Sequence[int] = (),
    pieces: Sequence[Draw] = (),
    *,
    looks_ahead: bool = True,
) -> list[Want]:
    """All that is worth having, most urgent first; ``needed`` are places whose words a selection waits for.

    ``pieces`` of much enlarged pages come after the pages themselves. Pages folded away are not worth having, nor is
    what comes next where the reviewer does not look ahead.
    """

    def drawing(place: int) -> Draw:
        key = draw_key(stage, place, ratio)
        return Draw(key.page, key.scale, key.rotation)

    def reading(place: int) -> ReadWords:
        return ReadWords(stage.page(place).ref)

    open_places = [place for place in order(visible, down, len(stage)) if not stage.layout.is_folded(place)]
    seen = [place for place in open_places if place in visible]
    ahead = [place for place in open_places if place not in visible and looks_ahead]
    return [
        *(reading(place) for place in needed),
        *(drawing(place) for place in seen),
        *pieces,
        *(reading(place) for place in seen),
        *(drawing(place) for place in ahead),
        *(reading(place) for place in ahead),
    ]


def tiles_of(stage: Stage, place: int, left: float, top: float, ratio: float) -> Iterator[Draw]:
    """What asks for the pieces of a page that are on screen; nothing where the whole page is drawn as sharp as that."""
    scale = round(stage.layout.scales[place] * ratio, 5)
    part = stage.layout.on_screen(place, left, top)
    if part is None or draw_key(stage, place, ratio).scale >= scale * 0.999:
        return
    rotation, upright = stage.rotation(place), stage.upright(place)
    shown, (across, down) = turned_size(upright, rotation), stage.layout.origin(place)
    wide = stage.layout.widths[place] / stage.layout.scales[place]
    high = stage.layout.heights[place] / stage.layout.scales[place]
    side = _TILE / scale
    columns = range(int((across + part.x0 * wide) // side), int((across + part.x1 * wide) // side) + 1)
    for row in range(int((down + part.y0 * high) // side), int((down + part.y1 * high) // side) + 1):
        for column in columns:
            x1, y1 = min((column + 1) * side, shown.width), min((row + 1) * side, shown.height)
            piece = Box(column * side, row * side, x1, y1)
            if piece.x1 - piece.x0 > 0.01 and piece.y1 - piece.y0 > 0.01:
                yield Draw(stage.page(place).ref, scale, rotation, unturn_box(piece, upright, rotation))
