# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that came twice: faxed again, stamped anew, copied; told apart from next month's note by their numbers."""

import math
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from imr_desktop.models.days import days_in
from imr_desktop.models.records import PageRef
from imr_desktop.records.text_quality import agreement

SEED, GROW = 0.40, 0.12
_SAME_TEXT, _GROWN_TEXT = 0.35, 0.25
_BEYOND_DATES = 0.7  # numbers that agree so well outweigh a misread day
_SKETCH = 24
_SHARED_BY = 12  # a feature on more pages than this tells nothing apart
_NUMBER = re.compile(r"[\dOolI|SB]*\d[\dOolI|SB.,/-]*")
_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8"})
_PARTS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Repeat:
    """``page`` shows the same sheet as the earlier page ``of``; ``likeness`` (0 to 1) is 1.0 for equal words."""

    page: PageRef
    of: PageRef
    likeness: float


class _Pages:
    def __init__(self, texts: Sequence[tuple[PageRef, str]], kinds: Mapping[PageRef, str]) -> None:
        self.refs = [ref for ref, _ in texts]
        self.kinds = [kinds.get(ref, "") for ref in self.refs]
        self.words = [text.split() for _, text in texts]
        self.numbers = [_numbers(text) for _, text in texts]
        self.days = _own_days([text for _, text in texts])
        seen_on = Counter(number for numbers in self.numbers for number in numbers)
        self.weight = {number: math.log((1 + len(texts)) / count) for number, count in seen_on.items()}
        self.common = {number for number, count in seen_on.items() if count > _SHARED_BY}

    def days_agree(self, one: int, other: int) -> bool:
        """Whether half of the days on the page with fewer of them stand on both; pages without days do not disagree."""
        mine, theirs = self.days[one], self.days[other]
        fewer = min(len(mine), len(theirs))
        return not fewer or 2 * len(mine & theirs) >= fewer

    def numbers_agree(self, one: int, other: int) -> float:
        mine, theirs = self.numbers[one], self.numbers[other]
        together = sum(self.weight[number] for number in mine.keys() | theirs.keys())
        common = sum(self.weight[number] for number in mine.keys() & theirs.keys())
        return common / together if together else 0.0


def _own_days(texts: Sequence[str]) -> list[frozenset[date]]:
    """The days on each page, without those that half the case carries, as that of the injury."""
    found = [frozenset(day.day for day in days_in(text)) for text in texts]
    on = Counter(day for days in found for day in days)
    return [frozenset(day for day in days if on[day] <= max(_SHARED_BY, len(texts) // 4)) for days in found]


def repeats(
    texts: Sequence[tuple[PageRef, str]], kinds: Mapping[PageRef, str] | None = None
) -> Iterator[Repeat | None]:
    """The repeats among pages given in the order of the case, each once, of the first page that shows the sheet.

    ``kinds`` says what a page is headed as; pages of two kinds are never taken for each other.
    None now and then, so that whoever iterates can look up: the work of a large case takes seconds.
    """
    pages = _Pages(texts, kinds or {})
    of: dict[int, tuple[int, float]] = {}
    for later, earlier in _candidates(pages):
        if later is None or earlier is None:
            yield None
            continue
        score = _same(pages, earlier, later, SEED, _SAME_TEXT)
        if score and score > of.get(later, (0, 0.0))[1]:
            of[later] = (earlier, score)
    for later, (earlier, _) in sorted(of.items()):
        yield None
        for step in (1, -1):
            _grow(pages, of, earlier, later, step)
    for later, (earlier, score) in sorted(of.items()):
        first = earlier
        while first in of:
            first = of[first][0]
        yield Repeat(pages.refs[later], pages.refs[first], round(score, 3))


def differences(one: str, other: str, most: int = 8) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What only the one and only the other page says: numbers first, because they tell copies from new notes."""
    mine, theirs = Counter(one.split()), Counter(other.split())

    def only(counts: Mapping[str, int]) -> tuple[str, ...]:
        return tuple(sorted(counts, key=lambda word: (not any(map(str.isdigit, word)), word))[:most])

    return only(mine - theirs), only(theirs - mine)


def _same(pages: _Pages, one: int, other: int, numbers: float, text: float) -> float:
    if pages.words[one] == pages.words[other]:
        return 1.0
    if pages.kinds[one] and pages.kinds[other] and pages.kinds[one] != pages.kinds[other]:
        return 0.0
    agree = pages.numbers_agree(one, other)
    if not pages.numbers[one] and not pages.numbers[other]:
        # Without numbers only the words are left, and they must be nearly the same.
        agree, numbers, text = 1.0, 0.0, 0.8
    if agree < numbers:
        return 0.0
    if numbers >= SEED and agree < _BEYOND_DATES and not pages.days_agree(one, other):
        return 0.0
    alike = agreement(pages.words[one], pages.words[other])
    return (agree + alike) / 2 if alike >= text else 0.0


def _grow(pages: _Pages, of: dict[int, tuple[int, float]], earlier: int, later: int, step: int) -> None:
    """Neighbours of two equal pages are likelier to be equal: runs are sent again as a whole."""
    while True:
        earlier, later = earlier + step, later + step
        if not 0 <= earlier < later < len(pages.refs) or later in of:
            return
        if not _neighbours(pages.refs[earlier - step], pages.refs[earlier]):
            return
        if not _neighbours(pages.refs[later - step], pages.refs[later]):
            return
        score = _same(pages, earlier, later, GROW, _GROWN_TEXT)
        if not score:
            return
        of[later] = (earlier, score)


def _neighbours(one: PageRef, other: PageRef) -> bool:
    return one.source == other.source and abs(one.page - other.page) == 1


def _candidates(pages: _Pages) -> Iterator[tuple[int | None, int | None]]:
    """Pairs of pages (later, earlier) that share something rare."""
    holders: dict[object, list[int]] = defaultdict(list)
    for number, words in enumerate(pages.words):
        if not number % 20:
            yield None, None
        rare = [value for value in pages.numbers[number] if value not in pages.common]
        features: list[object] = [*rare, *_sketch(words), zlib.crc32(" ".join(words).encode())]
        shared: Counter[int] = Counter()
        for feature in features:
            held = holders[feature]
            if len(held) <= _SHARED_BY:
                shared.update(held)
                held.append(number)
        if len(words) < 3:
            continue
        for earlier, count in shared.most_common(8):
            if count >= 2:
                yield number, earlier


def _sketch(words: Sequence[str]) -> list[int]:
    plain = ["".join(filter(str.isalnum, word.lower())) for word in words]
    runs = {zlib.crc32(" ".join(plain[at : at + 3]).encode()) for at in range(len(plain) - 2)}
    return sorted(runs)[:_SKETCH]


def _numbers(text: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for match in _NUMBER.finditer(text):
        value = match[0].translate(_DIGITS).strip(".,/-")
        parts = _PARTS.findall(value)
        found["/".join(part.lstrip("0") or "0" for part in parts)] += 1
    return found
