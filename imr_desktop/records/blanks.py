# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much ink is on a page, and how much of it beside the words that are known: tells blank pages and pictures."""

import re
from collections.abc import Sequence

from imr_desktop.models.records import Word
from imr_desktop.records.protocol import Drawn

# Drawn so small that a speck of dust fades and a stroke of writing does not (PERFORMANCE 5.2).
INK_SCALE = 18 / 72
BLANK = 0.001
STAMP_WORDS = 12  # more words than that are no page number or stamp
MARGIN = 0.075
_DARKER = 36
_LEFT_BLANK = re.compile(r"(this )?page (was |is )?(has been )?(intentionally |left )+blank", re.IGNORECASE)


def ink(drawn: Drawn, known: Sequence[Word] = ()) -> float:
    """The dark share (0 to 1) of a page drawn at ``INK_SCALE``, its margins and the boxes of known words left out."""
    width, height = drawn.width, drawn.height
    # Green stands for all: scans are grey, and a full conversion would tell nothing more.
    grey = bytearray(drawn.pixels[1::4])
    left, top = round(width * MARGIN), round(height * MARGIN)
    paper = _paper(grey)
    for word in known:
        x0, y0 = max(0, int(word.box.x0 * drawn.scale) - 1), max(0, int(word.box.y0 * drawn.scale) - 1)
        x1, y1 = min(width, int(word.box.x1 * drawn.scale) + 2), min(height, int(word.box.y1 * drawn.scale) + 2)
        if x1 > x0:
            for y in range(y0, y1):
                grey[y * width + x0 : y * width + x1] = bytes([paper]) * (x1 - x0)
    dark = bytes(level < paper - _DARKER for level in range(256))
    rows = range(top, height - top)
    inner = width - 2 * left
    found = sum(grey[y * width + left : y * width + left + inner].translate(dark).count(1) for y in rows)
    return found / max(1, inner * len(rows))


def says_blank(words: Sequence[Word]) -> bool:
    """Whether the page says of itself that it was left blank, and little more."""
    return len(words) <= 12 and _LEFT_BLANK.search(" ".join(word.text for word in words)) is not None


def _paper(grey: bytearray) -> int:
    """The commonest light level: the paper."""
    return max(range(128, 256), key=grey.count)
