# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that came twice: faxed again, stamped anew, copied; told apart from next month's note by their numbers."""

import math
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from imr_desktop.models.days import days_in
from imr_desktop.models.records import PageRef
from imr_desktop.records.text_quality import agreement

_SURE_TEXT = 0.8  # digital pages say what they say: a copy differs by a stamp
_SKETCH = 24
_SHARED_BY = 12  # a feature on more pages than this tells nothing apart
_NUMBER = re.compile(r"[\dOolI|SB]*\d[\dOolI|SB.,/-]*")
_DIGITS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1", "S": "5", "B": "8"})
_PARTS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What two pages must have in common, each as a share: of their numbers, of their words, of their days."""

    numbers: float
    text: float
    days: float


_SEEDED, _GROWN = _Asked(0.40, 0.35, 0.5), _Asked(0.12, 0.25, 0.3)
# Where both are of one day and say nearly the same, small numbers that were misread matter less.
_OF_ITS_DAY = _Asked(0.20, 0.65, 0.5)


@dataclass(frozen=True, slots=True)
class Repeat:
    """``page`` shows the same sheet as the earlier page ``of``; ``likeness`` (0 to 1) is 1.0 for equal words."""

    page: PageRef
    of: PageRef
    likeness: float


class _Pages:
    def __init__(
        self, texts: Sequence[tuple[PageRef, str]], kinds: Mapping[PageRef, str], digital: Collection[PageRef]
    ) -> None:
        self.refs = [ref for ref, _ in texts]
        self.kinds = [kinds.get(ref, "") for ref in self.refs]
        self.sure = [ref in digital for ref in self.refs]
        self.words = [text.split() for _, text in texts]
        self.numbers = [_numbers(text) for _, text in texts]
        self.days = _own_days([text for _, text in texts])
        seen_on = Counter(number for numbers in self.numbers for number in numbers)
        self.weight = {number: math.log((1 + len(texts)) / count) for number, count in seen_on.items()}
        self.common = {number for number, count in seen_on.items() if count > _SHARED_BY}

    def days_agree(self, one: int, other: int, share: float) -> bool:
        """Whether that share of the days on the page with fewer of them stands on both, as far as they were read.

        Pages without days do not disagree.
        """
        fewer, more = sorted((self.days[one], self.days[other]), key=len)
        exact = self.sure[one] and self.sure[other]
        rest = [(day, more[day]) for day in more.keys() - fewer.keys()]
        same = sum(
            day in more or (not exact and any(_misread((day, times), written) for written in rest))
            for day, times in fewer.items()
        )
        return same >= share * len(fewer)

    def of_one_day(self, one: int, other: int) -> bool:
        """Whether a day that one of them writes twice, as its own is, stands on both."""
        mine, theirs = self.days[one], self.days[other]
        return any(max(mine[day], theirs[day]) > 1 for day in mine.keys() & theirs.keys())

    def numbers_agree(self, one: int, other: int) -> float:
        mine, theirs = self.numbers[one], self.numbers[other]
        together = sum(self.weight[number] for number in mine.keys() | theirs.keys())
        common = sum(self.weight[number] for number in mine.keys() & theirs.keys())
        return common / together if together else 0.0


def _own_days(texts: Sequence[str]) -> list[Counter[date]]:
    """The days on each page with how often they are written there, without those that half the case carries."""
    found = [Counter(day.day for day in days_in(text)) for text in texts]
    on = Counter(day for days in found for day in days)
    most = max(_SHARED_BY, len(texts) // 4)
    return [Counter({day: times for day, times in days.items() if on[day] <= most}) for days in found]


def _misread(one: tuple[date, int], other: tuple[date, int]) -> bool:
    """Whether two days may be one of which a digit was misread; hardly, where both pages write theirs twice."""
    (day, times), (written, often) = one, other
    off = sum(map(str.__ne__, f"{day:%m%d%Y}", f"{written:%m%d%Y}"))
    return off == 1 and min(times, often) < 2


def repeats(
    texts: Sequence[tuple[PageRef, str]],
    kinds: Mapping[PageRef, str] | None = None,
    digital: Collection[PageRef] = (),
) -> Iterator[Repeat | None]:
    """The repeats among pages given in the order of the case, each once, of the first page that shows the sheet.

    ``kinds`` says what a page is headed as; pages of two kinds are never taken for each other. ``digital`` are those
    whose words are the file's own: nothing in them was misread.
    None now and then, so that whoever iterates can look up: the work of a large case takes seconds.
    """
    pages = _Pages(texts, kinds or {}, digital)
    of: dict[int, tuple[int, float]] = {}
    for later, earlier in _candidates(pages):
        if later is None or earlier is None:
            yield None
            continue
        score = _same(pages, earlier, later, _SEEDED)
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


def _same(pages: _Pages, one: int, other: int, asked: _Asked) -> float:
    if pages.words[one] == pages.words[other]:
        return 1.0
    if pages.kinds[one] and pages.kinds[other] and pages.kinds[one] != pages.kinds[other]:
        return 0.0
    agree, text = pages.numbers_agree(one, other), asked.text
    if not pages.numbers[one] and not pages.numbers[other]:
        # Without numbers only the words are left, and they must be nearly the same.
        agree, text = 1.0, _SURE_TEXT
    if pages.sure[one] and pages.sure[other]:
        text = _SURE_TEXT
    if agree < min(asked.numbers, _OF_ITS_DAY.numbers) or not pages.days_agree(one, other, asked.days):
        return 0.0
    alike = agreement(pages.words[one], pages.words[other])
    if agree < asked.numbers and not (alike >= _OF_ITS_DAY.text and pages.of_one_day(one, other)):
        return 0.0
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
        score = _same(pages, earlier, later, _GROWN)
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
