# SPDX-License-Identifier: AGPL-3.0-or-later
"""Selecting words as they are read: from word to word, over lines and pages, or all that stands in a region."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.placed import line_boxes, line_of, verbatim, words_in
from imr_desktop.models.records import Box, PageRef, Word


class Unit(StrEnum):
    """What a selection grows by."""

    WORD = "word"
    LINE = "line"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, order=True)
class WordAt:
    """A word of the run: the place of its page, and its number in the page's reading order."""

    place: int
    word: int


@dataclass(frozen=True, slots=True)
class WordRange:
    """The words from where the selection began to where it has got; either may come first in reading order."""

    anchor: WordAt
    head: WordAt
    unit: Unit = Unit.WORD

    @property
    def first(self) -> WordAt:
        """The earlier end in reading order."""
        return min(self.anchor, self.head)

    @property
    def last(self) -> WordAt:
        """The later end in reading order (included)."""
        return max(self.anchor, self.head)

    @property
    def places(self) -> range:
        """The places of the pages it reaches over."""
        return range(self.first.place, self.last.place + 1)

    def to(self, head: WordAt) -> "WordRange":
        """The same beginning with another end."""
        return replace(self, head=head)


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle drawn on one page: the place of the page, and the box in points of the upright page."""

    place: int
    box: Box


@dataclass(frozen=True, slots=True)
class Column:
    """The words in a rectangle of one page, such as one column of a table: words, not a picture of them."""

    place: int
    box: Box


Selected = WordRange | Region | Column
WordsOf = Callable[[int], Sequence[Word] | None]
"""The words of the page at a place in reading order; None while they have not been read."""


def nearest_word(words: Sequence[Word], x: float, y: float) -> int | None:
    """The number of the word that is meant by a point of the upright page; None on a page without words.

    The block is chosen first, then the line in it, then the word, so that a point beside a short line means that line
    and not the longer one below, and a point in one column never means the other.
    """
    if not words:
        return None
    blocks = _boxes(words, lambda word: (word.block,))
    (block,) = min(blocks, key=lambda key: _away(blocks[key], x, y))
    lines = _boxes([word for word in words if word.block == block], line_of)
    line = min(
        lines, key=lambda key: (_outside(lines[key].y0, lines[key].y1, y), _outside(lines[key].x0, lines[key].x1, x))
    )
    inside = [number for number, word in enumerate(words) if line_of(word) == line]
    return min(inside, key=lambda number: _away(words[number].box, x, y))


def word_at(words: Sequence[Word], x: float, y: float) -> int | None:
    """The number of the word that the point lies on; None beside all words."""
    for number, word in enumerate(words):
        if word.box.x0 <= x <= word.box.x1 and word.box.y0 <= y <= word.box.y1:
            return number
    return None


def numbers_on(place: int, words: Sequence[Word], chosen: WordRange) -> range:
    """The numbers of the chosen words on the page at ``place``, whole lines or blocks where the unit says so."""
    first = chosen.first.word if place == chosen.first.place else 0
    last = chosen.last.word if place == chosen.last.place else len(words) - 1
    if place not in chosen.places or not words:
        return range(0)
    if chosen.unit is not Unit.WORD:
        whole = line_of if chosen.unit is Unit.LINE else _block_of
        while first > 0 and whole(words[first - 1]) == whole(words[first]):
            first -= 1
        while last + 1 < len(words) and whole(words[last + 1]) == whole(words[last]):
            last += 1
    return range(first, last + 1)


def missing(chosen: Selected, words_of: WordsOf) -> tuple[int, ...]:
    """The places of the pages that the selection reaches over and whose words have not been read yet."""
    places = chosen.places if isinstance(chosen, WordRange) else range(chosen.place, chosen.place + 1)
    return tuple(place for place in places if words_of(place) is None)


def passage(chosen: Selected, refs: Sequence[PageRef], words_of: WordsOf) -> Passage | None:
    """What was selected as a passage; None while words of it are still to be read, or where there is nothing.

    ``refs`` holds every page of the run by its place. A region keeps its own box, and the words in it if there are any.
    """
    if missing(chosen, words_of):
        return None
    if isinstance(chosen, Region):
        inside = words_in(words_of(chosen.place) or (), chosen.box)
        return Passage((PassagePart(refs[chosen.place], (chosen.box,)),), verbatim(inside))
    if isinstance(chosen, Column):
        inside = words_in(words_of(chosen.place) or (), chosen.box)
        part = PassagePart(refs[chosen.place], line_boxes(inside))
        return Passage((part,), verbatim(inside)) if inside else None
    parts, texts = [], []
    for place in chosen.places:
        words = words_of(place) or ()
        taken = [words[number] for number in numbers_on(place, words, chosen)]
        if taken:
            parts.append(PassagePart(refs[place], line_boxes(taken)))
            texts.append(verbatim(taken))
    return Passage(tuple(parts), "\n".join(texts)) if parts else None


def boxes_on(place: int, chosen: Selected, words_of: WordsOf) -> tuple[Box, ...]:
    """The boxes of the selection on one page, in points of the upright page: what is to be lit there."""
    if isinstance(chosen, Region):
        return (chosen.box,) if chosen.place == place else ()
    if isinstance(chosen, Column):
        return line_boxes(words_in(words_of(place) or (), chosen.box)) if chosen.place == place else ()
    words = words_of(place) or ()
    return line_boxes([words[number] for number in numbers_on(place, words, chosen)])


def _block_of(word: Word) -> tuple[int, int]:
    return word.block, 0


def _boxes(words: Sequence[Word], key_of: Callable[[Word], tuple[int, ...]]) -> dict[tuple[int, ...], Box]:
    found: dict[tuple[int, ...], Box] = {}
    for word in words:
        key = key_of(word)
        found[key] = found[key].union(word.box) if key in found else word.box
    return found


def _outside(low: float, high: float, value: float) -> float:
    return max(low - value, 0.0, value - high)


def _away(box: Box, x: float, y: float) -> float:
    return _outside(box.x0, box.x1, x) ** 2 + _outside(box.y0, box.y1, y) ** 2
