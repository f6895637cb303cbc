# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the hand does on a page, as a selection: press, drag, release, double and triple click; without any window."""

from typing import NamedTuple

from imr_desktop.models.records import Box
from imr_desktop.ui.record.selection import (
    Column,
    Region,
    Selected,
    Unit,
    WordAt,
    WordRange,
    WordsOf,
    nearest_word,
    word_at,
)

_LEAST_REGION = 3.0


class PointOn(NamedTuple):
    """A point of a page: the place of the page in the run, and points of the upright page."""

    place: int
    x: float
    y: float


class Gesture:
    """The selection and the drag under way. A page whose words are not read yet catches up when they come.

    On a page without words a plain drag draws a region, because there is nothing else to select.
    """

    def __init__(self, words_of: WordsOf) -> None:
        self._words_of = words_of
        self.chosen: Selected | None = None
        self._start: PointOn | None = None
        self._latest: PointOn | None = None
        self._region = self._column = False
        self._unit: Unit | None = None

    @property
    def dragging(self) -> bool:
        """Whether the button is down."""
        return self._start is not None

    @property
    def held_page(self) -> int | None:
        """The place of the page that a region being drawn is bound to; None while words are being selected."""
        return self._start.place if self._start is not None and (self._column or self._draws_region()) else None

    def press(self, at: PointOn, *, region: bool = False, column: bool = False, extend: bool = False) -> None:
        """The button goes down: a new selection begins, or the old one is drawn to here."""
        self._latest, self._region, self._column, self._unit = at, region, column, None
        if extend and isinstance(self.chosen, WordRange):
            self._start, self._unit = at, self.chosen.unit
            self._draw_to(at, self.chosen)
            return
        self._start = at
        self.chosen = None

    def choose(self, at: PointOn, unit: Unit) -> None:
        """A double click takes the word, a third the line, a fourth the block; a drag then grows by the same."""
        self._start, self._latest, self._region, self._column, self._unit = at, at, False, False, unit
        words = self._words_of(at.place) or ()
        number = word_at(words, at.x, at.y) if unit is Unit.WORD else nearest_word(words, at.x, at.y)
        if number is not None:
            here = WordAt(at.place, number)
            self.chosen = WordRange(here, here, unit)

    def drag(self, at: PointOn) -> bool:
        """The pointer moves with the button down; tells whether the selection changed."""
        if self._start is None:
            return False
        before, self._latest = self.chosen, at
        if self._draws_region() or self._column:
            self._draw_box(self._start, at)
        else:
            started = self.chosen if isinstance(self.chosen, WordRange) else self._begun(self._start)
            if started is not None:
                self._draw_to(at, started)
        return self.chosen != before

    def catch_up(self) -> bool:
        """Words have been read: draw the selection to where the pointer already is; tells whether it changed."""
        return self._latest is not None and self._latest != self._start and self.drag(self._latest)

    def release(self) -> None:
        """The button goes up; a region or column too small to mean anything is no selection."""
        if isinstance(self.chosen, Region | Column):
            box = self.chosen.box
            if min(box.x1 - box.x0, box.y1 - box.y0) < _LEAST_REGION:
                self.chosen = None
        self._start = self._latest = None

    def clear(self) -> None:
        """Nothing is selected any more."""
        self.chosen = self._start = self._latest = None

    def _draws_region(self) -> bool:
        return self._region or (self._start is not None and self._words_of(self._start.place) == ())

    def _begun(self, at: PointOn) -> WordRange | None:
        words = self._words_of(at.place)
        number = None if words is None else nearest_word(words, at.x, at.y)
        if number is None:
            return None
        here = WordAt(at.place, number)
        return WordRange(here, here, self._unit or Unit.WORD)

    def _draw_to(self, at: PointOn, started: WordRange) -> None:
        words = self._words_of(at.place)
        number = None if words is None else nearest_word(words, at.x, at.y)
        self.chosen = started if number is None else started.to(WordAt(at.place, number))

    def _draw_box(self, one: PointOn, other: PointOn) -> None:
        box = Box(min(one.x, other.x), min(one.y, other.y), max(one.x, other.x), max(one.y, other.y))
        self.chosen = Region(one.place, box) if self._draws_region() else Column(one.place, box)
