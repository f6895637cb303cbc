# SPDX-License-Identifier: AGPL-3.0-or-later
"""Words as scanning misreads them: rn for m, l for 1, O for 0, letters lost or doubled, a word broken in two."""

from collections import defaultdict
from collections.abc import Iterable

_LOOK_ALIKES = (
    ("rn", "m"), ("cl", "d"), ("vv", "w"), ("ii", "u"), ("1", "l"), ("i", "l"), ("|", "l"), ("!", "l"), ("0", "o"),
    ("5", "s"), ("$", "s"), ("8", "b"), ("6", "b"), ("c", "e"),
)  # fmt: skip
_SHORTEST = 4


def looks(word: str) -> str:
    """The word with letters that scanning confuses made one; two words that look alike come out the same."""
    made = word
    for one, other in _LOOK_ALIKES:
        made = made.replace(one, other)
    return made


def may_vary(word: str) -> bool:
    """Whether other spellings may be meant. Never numbers, doses or dates: 10 and 16 are one slip apart."""
    return len(word) >= _SHORTEST and word.isalpha()


def within(one: str, other: str, most: int) -> bool:
    """Whether one word becomes the other by at most so many letters put in, left out or changed."""
    if abs(len(one) - len(other)) > most:
        return False
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        left, row[0] = row[0], number
        for at, against in enumerate(other, 1):
            left, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, left + (letter != against))
        if min(row) > most:
            return False
    return row[-1] <= most


class Vocabulary:
    """Every word of the record in small letters, by its looks and by its length."""

    def __init__(self) -> None:
        self._by_looks: dict[str, set[str]] = defaultdict(set)
        self._by_length: dict[int, set[str]] = defaultdict(set)
        self._known: set[str] = set()

    def add(self, words: Iterable[str]) -> bool:
        """Take in words; tells whether any was new."""
        fresh = {word for word in words if word not in self._known and len(word) >= _SHORTEST - 1}
        for word in fresh:
            self._by_looks[looks(word)].add(word)
            self._by_length[len(word)].add(word)
        self._known |= fresh
        return bool(fresh)

    def variants(self, word: str) -> tuple[str, ...]:
        """The words of the record that this one may have been misread as, itself left out."""
        if not may_vary(word):
            return ()
        found = set(self._by_looks.get(looks(word), ()))
        most = min(max(len(word) // 4, 1), 3)
        letters = set(word)
        for length in range(len(word) - most, len(word) + most + 1):
            for other in self._by_length.get(length, ()):
                # Cheap first: words that share few letters cannot be near.
                few = len(letters - set(other)) <= most and sum(mark.isdigit() for mark in other) <= most
                if few and within(word, other, most):
                    found.add(other)
        found.discard(word)
        return tuple(sorted(found))
