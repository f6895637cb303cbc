# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words as they stand on a page: which lie in a box, what they say line by line, and the boxes around their lines."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from imr_desktop.models.records import Box, Word


def line_boxes(words: Sequence[Word]) -> tuple[Box, ...]:
    """One box around the words of each line, in reading order."""
    return tuple(around([word.box for word in line]) for _, line in _lines(words))


def verbatim(words: Sequence[Word]) -> str:
    """Exactly what the words say, with the line breaks of the page."""
    return "\n".join(" ".join(word.text for word in line) for _, line in _lines(words))


def words_in(words: Sequence[Word], box: Box) -> tuple[Word, ...]:
    """The words whose middle lies in the box."""
    return tuple(word for word in words if _holds(box, word.box))


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box around all of them; there must be one."""
    whole = boxes[0]
    for box in boxes[1:]:
        whole = whole.union(box)
    return whole


def line_of(word: Word) -> tuple[int, int]:
    """The line on which a word stands: its block and its number in it."""
    return word.block, word.line


def _lines(words: Sequence[Word]) -> Iterator[tuple[tuple[int, int], list[Word]]]:
    return ((key, list(line)) for key, line in groupby(words, line_of))


def _holds(outer: Box, inner: Box) -> bool:
    x, y = (inner.x0 + inner.x1) / 2, (inner.y0 + inner.y1) / 2
    return outer.x0 <= x <= outer.x1 and outer.y0 <= y <= outer.y1
