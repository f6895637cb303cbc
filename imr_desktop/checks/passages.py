# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a page says nearly the same as a sentence: the stretch with most of the sentence's telling words."""

from collections.abc import Iterable
from functools import partial
from typing import NamedTuple

from imr_desktop.checks.index import Index

_ENOUGH = 0.75
_AROUND = 45


class Stretch(NamedTuple):
    """Part of a page: the page's place in the index, from, to in its text."""

    number: int
    begin: int
    end: int


def saying(index: Index, words: frozenset[str], pages: Iterable[int]) -> tuple[Stretch, ...]:
    """The stretches of these pages that hold at least three quarters of the words close together, with some around."""
    if len(words) < 3:
        return ()
    found = (index.remember(("stretch", words, number), partial(_best, index, words, number)) for number in pages)
    return tuple(each for each in found if each is not None)


def _best(index: Index, words: frozenset[str], number: int) -> Stretch | None:
    places = [(at, said) for at, said in enumerate(index.forms_on(number)) if said in words]
    width = 3 * len(words) + 12
    best: tuple[int, int] | None = None
    most = 0
    for first, (at, _) in enumerate(places):
        held: set[str] = set()
        last = at
        for other, said in places[first:]:
            if other - at > width:
                break
            if said not in held:
                held.add(said)
                last = other
        if len(held) > most:
            most, best = len(held), (at, last)
    if best is None or most < _ENOUGH * len(words):
        return None
    begin, end = index.span(number, best[0])[0], index.span(number, best[1])[1]
    return Stretch(number, max(0, begin - _AROUND), min(len(index.pages[number].text), end + _AROUND))
