# SPDX-License-Identifier: AGPL-3.0-or-later
"""What to ask the reader of pages for: pictures and words of what is seen, then of what comes next."""

from collections.abc import Sequence

from imr_desktop.records.protocol import Draw, ReadWords
from imr_desktop.ui.record.loader import Want
from imr_desktop.ui.record.pages import order
from imr_desktop.ui.record.picture import PictureKey
from imr_desktop.ui.record.stage import Stage

_MOST_PIXELS = 20_000_000


def draw_key(stage: Stage, place: int, ratio: float) -> PictureKey:
    """The picture that shows the page at a place pixel for pixel (``ratio`` device pixels a logical one).

    Where that would be more than 20 million pixels, a smaller one that is stretched.
    """
    size, scale = stage.upright(place), stage.layout.scales[place] * ratio
    largest = (_MOST_PIXELS / (size.width * size.height)) ** 0.5
    return PictureKey(stage.page(place).ref, round(min(scale, largest), 5), stage.rotation(place))


def wants(stage: Stage, visible: range, down: bool, ratio: float, needed: Sequence[int] = ()) -> list[Want]:
    """All that is worth having, most urgent first; ``needed`` are places whose words a selection waits for."""

    def drawing(place: int) -> Draw:
        key = draw_key(stage, place, ratio)
        return Draw(key.page, key.scale, key.rotation)

    def reading(place: int) -> ReadWords:
        return ReadWords(stage.page(place).ref)

    ahead = [place for place in order(visible, down, len(stage)) if place not in visible]
    return [
        *(reading(place) for place in needed),
        *(drawing(place) for place in visible),
        *(reading(place) for place in visible),
        *(drawing(place) for place in ahead),
        *(reading(place) for place in ahead),
    ]
