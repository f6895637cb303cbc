# SPDX-License-Identifier: AGPL-3.0-or-later
"""What an engine takes for words and are none: signatures, ticks and handwriting are marked, and specks left out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from imr_desktop.records.ocr_order import Row

# Stands where something is written that could not be read; it is no word, so no search ever finds it.
ILLEGIBLE = "\N{REPLACEMENT CHARACTER}"
GUESSED = 45.0  # below this an engine that reads the rest of the line well has guessed
_SURE_PAGE = 90.0
_WIDE, _TALL = 2.2, 1.6  # of what letters measure on this page
_SPECK, _SPECK_SURE = 0.3, 60.0
_BOX, _NUMBER = 3, 2
_TELLING = frozenset("+-±<>=%#/&$")
_POUNDS = re.compile(r"[1I|]bs?[.,;]?")


@dataclass(frozen=True, slots=True)
class Guess:
    """A word as an engine gives it, and how sure it is (0 to 100)."""

    row: Row
    sure: float

    @property
    def text(self) -> str:
        """What it says."""
        return self.row[0]

    @property
    def width(self) -> float:
        """Its width for each letter, in pixels."""
        return (self.row[3] - self.row[1]) / max(1, len(self.text))

    @property
    def height(self) -> float:
        """Its height in pixels."""
        return self.row[4] - self.row[2]


def sifted(guesses: Sequence[Guess], sure: float) -> list[Row]:
    """The words among what an engine gave for a page, of which it is ``sure`` (0 to 100) on the whole."""
    known = [guess for guess in guesses if guess.sure >= _SPECK_SURE and len(guess.text) > 2]
    if not known:
        return [guess.row for guess in guesses]
    wide, tall = median(guess.width for guess in known), median(guess.height for guess in known)
    printed = [guess for guess in guesses if not _speck(guess, tall)]
    return [
        row
        for _, line in groupby(printed, key=lambda guess: guess.row[5:])
        for row in _marked(_mended(list(line)), wide, tall, sure)
    ]


def _speck(guess: Guess, tall: float) -> bool:
    """Dust, or a ruled line, taken for a sign of punctuation."""
    word = sum(map(str.isalnum, guess.text))
    if guess.height <= _SPECK * tall:
        return word < _NUMBER and guess.sure < _SPECK_SURE
    # What a finding is written with, as in "Spurling +", stays even where it is unsure.
    return not word and guess.sure < GUESSED and _TELLING.isdisjoint(guess.text)


def _mended(line: list[Guess]) -> list[Guess]:
    """The line with what its neighbours tell: a lone stroke before a small letter is "I", "1b" behind a number "lb"."""
    found = []
    for number, guess in enumerate(line):
        before = line[number - 1].text if number else ""
        after = line[number + 1].text if number + 1 < len(line) else ""
        text = guess.text
        if text == "|" and after[:1].islower():
            text = "I"
        elif before.replace(".", "").isdigit() and _POUNDS.fullmatch(text):
            text = "l" + text[1:]
        found.append(Guess((text, *guess.row[1:]), guess.sure))
    return found


def _marked(line: list[Guess], wide: float, tall: float, sure: float) -> Iterator[Row]:
    written = _is_written(line, wide, tall)
    strokes = [written or (sure >= _SURE_PAGE and _is_tick(guess)) for guess in line]
    for stroke, group in groupby(zip(line, strokes, strict=True), key=lambda one: one[1]):
        rows = [guess.row for guess, _ in group]
        if not stroke:
            yield from rows
            continue
        x0s, y0s, x1s, y1s = zip(*(row[1:5] for row in rows), strict=True)
        yield ILLEGIBLE, min(x0s), min(y0s), max(x1s), max(y1s), *rows[0][5:]


def _is_written(line: list[Guess], wide: float, tall: float) -> bool:
    """Whether a line is a signature or a note by hand: all of it was guessed, and print is not so wide or tall."""
    odd = any(guess.width > _WIDE * wide or guess.height > _TALL * tall for guess in line)
    return odd and all(guess.sure < GUESSED and sum(map(str.isdigit, guess.text)) < _NUMBER for guess in line)


def _is_tick(guess: Guess) -> bool:
    """Whether a word is the little box of a form, ticked or not, of which nothing can be told."""
    few = len(guess.text) <= _BOX and not any(map(str.isdigit, guess.text))
    return few and guess.sure < GUESSED and any(sign in guess.text for sign in "[](){}|&")
