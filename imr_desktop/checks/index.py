# SPDX-License-Identifier: AGPL-3.0-or-later
"""An index of the record, built once: which pages say which words, and what the pages state as fact."""

import heapq
import math
import re
from collections.abc import Callable, Generator, Hashable, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property, partial
from typing import Any, NamedTuple, TypeVar

from imr_desktop.checks import normalise, reading
from imr_desktop.checks.reading import Kind, Mention
from imr_desktop.models.readable import Record, RecordPage
from imr_desktop.models.records import PageRef, WordsOrigin

T = TypeVar("T")

_BLANKED = {mark: " " for mark in range(128) if not chr(mark).isalnum()}
_MARKS = re.compile(r"[^\w]|_")
_DATE_LIKE = re.compile(
    r"\d(?:\d? ?[/.\-] ?\d{1,2} ?[/.\-] ?\d{2,4}|\d?((?:st|nd|rd|th)?(?:,? {0,2}| (?:of )?[A-Za-z]{3,9}\.?,"
    r"? )\d{4})|\d{3}-\d\d-\d\d)"
)
_SLIPPED = re.compile(r"\d[oil]|[oil]\d|^[ol]{1,3}$|^[ctls]l\d?$")
_LEVEL_LIKE = re.compile(r"l[1-6](?:[a-z]\d)?")
MOST_HITS = 60
_MEMO_LIMIT = 100_000
_AT_ONCE = 16
_SLIPS = str.maketrans({"0": "o", "1": "l", "i": "l", "|": "l", "5": "s"})
_ENDINGS = (
    "nesses",
    "ness",
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ies",
    "ied",
    "ers",
    "es",
    "ed",
    "al",
    "ly",
    "s",
    "y",
    "e",
)


class Shown(NamedTuple):
    """Words on a page that a finding shows: the page, its case page, the words' numbers (from, to), and the words."""

    page: PageRef
    case_page: int
    words: tuple[int, int]
    text: str


def form(word: str) -> str:
    """A word's searching form: small letters, without the commonest endings and without what OCR confuses."""
    word = word.lower()
    if word.isdigit():
        return word
    if len(word) > 4:
        for ending in _ENDINGS:
            if word.endswith(ending) and len(word) - len(ending) >= 3:
                word = word[: -len(ending)]
                break
        word = word.rstrip("e") if len(word) > 4 else word
    return word.replace("rn", "m").translate(_SLIPS)


def forms(text: str) -> tuple[str, ...]:
    """The searching forms of a text's words, in order."""
    return tuple(form(word) for word in _MARKS.sub(" ", normalise.small(text)).split())


class Index:
    """The record made ready to be asked; keeps every answer it has given, and dies with the case."""

    def __init__(self, record: Record) -> None:
        self.record = record
        self.pages: tuple[RecordPage, ...] = record.pages
        self.unsearched: tuple[PageRef, ...] = record.unsearchable()
        self._memo: dict[Hashable, Any] = {}
        self.texts: list[str] = []
        self._postings: dict[str, list[int]] = {}
        self._read(0, len(self.pages))

    @classmethod
    def in_steps(cls, record: Record) -> Generator[None, None, "Index"]:
        """The same made a few pages at a time, for a window that must stay alive; the index is what it returns."""
        made = cls(Record())
        made.record, made.pages, made.unsearched = record, record.pages, record.unsearchable()
        for begin in range(0, len(made.pages), _AT_ONCE):
            made._read(begin, begin + _AT_ONCE)
            yield
        return made

    def _read(self, begin: int, end: int) -> None:
        postings = self._postings
        for number, page in enumerate(self.pages[begin:end], begin):
            words = _searching(page.text)
            self.texts.append(words)
            for word in set(words.split()):
                if word in postings:
                    postings[word].append(number)
                else:
                    postings[word] = [number]

    def renewed(self, record: Record) -> Generator[None, None, "Index"]:
        """The index of this record: made of what is known here where its pages say the same, else anew, in steps.

        So a page that was seen or dismissed costs no reading of the others.
        """
        if [(page.ref, page.text) for page in record.pages] != [(page.ref, page.text) for page in self.pages]:
            return (yield from Index.in_steps(record))
        fresh = Index(Record())
        fresh.record, fresh.pages, fresh.unsearched = record, record.pages, record.unsearchable()
        fresh.texts, fresh._postings = self.texts, self._postings
        for name in ("numbers", "_form_of", "_by_form", "dates", "days_on", "slipped"):
            if name in self.__dict__:
                fresh.__dict__[name] = self.__dict__[name]
        seen_by_no_rule = fresh.unsearched == self.unsearched
        fresh._memo = {key: kept for key, kept in self._memo.items() if seen_by_no_rule and _of_words(key)}
        return fresh

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` answers, asked once for a key."""
        memo = self._memo
        try:
            found: T = memo[key]
        except KeyError:
            if len(memo) > _MEMO_LIMIT:
                memo.clear()
            found = memo[key] = make()
        return found

    @property
    def searchable(self) -> int:
        """How many pages could be searched."""
        return len(self.pages) - len(self.unsearched)

    @cached_property
    def numbers(self) -> dict[PageRef, int]:
        """The place of each page in ``pages``."""
        return {page.ref: number for number, page in enumerate(self.pages)}

    @cached_property
    def _form_of(self) -> dict[str, str]:
        return {word: form(word) for word in self._postings}

    @cached_property
    def _by_form(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for word, searching in self._form_of.items():
            found.setdefault(searching, []).append(word)
        return found

    def pages_of(self, searching: str) -> tuple[int, ...]:
        """The pages that hold a word of this searching form, in order."""
        return self.remember(("form", searching), lambda: self._pages_of(searching))

    def _pages_of(self, searching: str) -> tuple[int, ...]:
        words = self._by_form.get(searching, ())
        if len(words) == 1:
            return tuple(self._postings[words[0]])
        return tuple(sorted({page for word in words for page in self._postings[word]}))

    def pages_of_all(self, wanted: Iterable[str]) -> tuple[int, ...]:
        """The pages that hold words of all these searching forms."""
        lists = sorted((self.pages_of(each) for each in set(wanted)), key=len)
        if not lists or not lists[0]:
            return ()
        left = set(lists[0])
        for pages in lists[1:]:
            left &= self.remember(("set", pages), partial(frozenset, pages))
        return tuple(sorted(left))

    def forms_on(self, number: int) -> list[str]:
        """The searching forms of a page's words, in order."""
        return self.remember(
            ("forms", number), lambda: list(map(self._form_of.__getitem__, self.texts[number].split()))
        )

    def forms_set(self, number: int) -> frozenset[str]:
        """The searching forms of a page's words, each once."""
        return self.remember(("forms set", number), lambda: frozenset(self.forms_on(number)))

    def span(self, number: int, place: int) -> tuple[int, int]:
        """Where one of those words, by its place among them, stands in the page's text: from, to."""
        words = self.texts[number]
        rest = words.split(None, place)[place]
        begin = len(words) - len(rest)
        return begin, begin + len(rest.split(None, 1)[0])

    def phrase(self, wanted: Sequence[str], within: int = 0) -> tuple[tuple[int, int, int], ...]:
        """Where words of these forms stand together: (page, from, to) in the page's text.

        In order and side by side, or with ``within`` further words among them in any order; a common phrase is not
        looked for on every page: the search ends with the page on which ``MOST_HITS`` were reached.
        """
        return self.remember(("phrase", tuple(wanted), within), lambda: self._phrase(tuple(wanted), within))

    def _phrase(self, wanted: tuple[str, ...], within: int) -> tuple[tuple[int, int, int], ...]:
        found: list[tuple[int, int, int]] = []
        for number in self.pages_of_all(wanted):
            if len(found) >= MOST_HITS:
                break
            said = self.forms_on(number)
            places = _together(said, wanted) if not within else _near(said, frozenset(wanted), len(wanted) + within)
            found.extend((number, self.span(number, first)[0], self.span(number, last)[1]) for first, last in places)
        return tuple(found)

    @cached_property
    def dates(self) -> dict[date, tuple[int, ...]]:
        """Every whole date in the record with the pages that hold it, slips of OCR allowed for."""
        found: dict[date, dict[int, None]] = {}
        known: dict[str, tuple[date, ...]] = {}
        for number in range(len(self.pages)):
            for version in self.versions(number):
                for match in _DATE_LIKE.finditer(version):
                    begin, end = match.span()
                    around = version[max(0, begin - 11 if match.group(1) else begin - 1) : end + 2]
                    if around not in known:
                        known[around] = tuple(each.day for each in normalise.dates(around))
                    for day in known[around]:
                        found.setdefault(day, {})[number] = None
        return {day: tuple(pages) for day, pages in found.items()}

    @cached_property
    def days_on(self) -> dict[int, frozenset[date]]:
        """The dates that each page holds, by the page's place."""
        found: dict[int, set[date]] = {}
        for day, pages in self.dates.items():
            for number in pages:
                found.setdefault(number, set()).add(day)
        return {number: frozenset(days) for number, days in found.items()}

    def facts(self, number: int, kind: Kind) -> tuple[Mention, ...]:
        """What a page states of one kind, slips of OCR allowed for."""
        return self.remember(("facts", number, kind), lambda: self._facts(number, kind))

    def _facts(self, number: int, kind: Kind) -> tuple[Mention, ...]:
        found: dict[Mention, None] = {}
        for version in self.versions(number):
            found |= dict.fromkeys(reading.only(kind, version))
        return tuple(found)

    def versions(self, number: int) -> tuple[str, ...]:
        """A page's text, and where OCR may have put letters for digits, the text with digits in their place."""
        page = self.pages[number]
        text = page.text
        if page.origin is WordsOrigin.OCR:
            text = self.remember(("recognised", number), lambda: normalise.recognised(page.text))
        if number not in self.slipped:
            return (text,)
        return (text, self.remember(("without slips", number), lambda: normalise.without_slips(text)))

    def pages_with(self, word: re.Pattern[str]) -> tuple[int, ...]:
        """The pages that hold a word of this whole form (small letters, no marks), in order."""
        return tuple(sorted({page for each, pages in self._postings.items() if word.fullmatch(each) for page in pages}))

    @cached_property
    def slipped(self) -> frozenset[int]:
        """The pages with words in which OCR left letters for digits; levels such as L5 do not count."""
        words = [word for word in self._postings if _SLIPPED.search(word) and not _LEVEL_LIKE.fullmatch(word)]
        return frozenset(page for word in words for page in self._postings[word])

    def alike(self, wanted: Iterable[str], most: int = 5) -> tuple[tuple[int, float], ...]:
        """The pages that share most with these searching forms, rare ones counting more: (page, share of the whole)."""
        key = ("alike", frozenset(wanted), most)
        return self.remember(key, lambda: self._alike(key[1], most))

    def _alike(self, wanted: frozenset[str], most: int) -> tuple[tuple[int, float], ...]:
        total = len(self.pages)
        rated = [(math.log((1 + total) / (1 + len(self.pages_of(each)))) + 0.2, each) for each in wanted]
        whole = sum(weight for weight, _ in rated)
        scores: dict[int, float] = {}
        for weight, each in sorted(rated, reverse=True)[:8]:
            for page in self.pages_of(each):
                scores[page] = scores.get(page, 0.0) + weight
        best = heapq.nsmallest(most, scores.items(), key=lambda pair: (-pair[1], pair[0]))
        return tuple((page, score / whole) for page, score in best) if whole else ()

    def share(self, wanted: frozenset[str], number: int) -> float:
        """How much of these searching forms a page holds, rare ones counting more: from 0 to 1."""
        total = len(self.pages)
        rated = [(math.log((1 + total) / (1 + len(self.pages_of(each)))) + 0.2, each) for each in wanted]
        held = self.forms_set(number)
        whole = sum(weight for weight, _ in rated)
        return sum(weight for weight, each in rated if each in held) / whole if whole else 0.0

    def shown(self, number: int, begin: int, end: int) -> Shown:
        """Words of a page as a finding shows them, with some words around."""
        page = self.pages[number]
        first = page.text.count(" ", 0, begin)
        last = page.text.count(" ", 0, end) + 1
        start = page.text.rfind(" ", 0, max(0, begin - 60)) + 1 if begin > 60 else 0
        stop = page.text.find(" ", min(len(page.text), end + 60))
        return Shown(page.ref, page.case_page, (first, last), page.text[start : len(page.text) if stop < 0 else stop])


def _of_words(key: Hashable) -> bool:
    """Whether what is remembered under a key depends on the words of the record alone."""
    return not (isinstance(key, tuple) and key and key[0] == "rule")


def _searching(text: str) -> str:
    """A page's text in small letters with marks blanked; every letter keeps its place."""
    small = normalise.small(text)
    return small.translate(_BLANKED) if small.isascii() else _MARKS.sub(" ", small)


def _together(said: Sequence[str], wanted: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where the words stand side by side: the numbers of the first and the last of them."""
    size = len(wanted)
    found: list[tuple[int, int]] = []
    at = -1
    while True:
        try:
            at = said.index(wanted[0], at + 1)
        except ValueError:
            return found
        if size == 1 or tuple(said[at : at + size]) == wanted:
            found.append((at, at + size - 1))


def _near(said: Sequence[str], wanted: frozenset[str], width: int) -> list[tuple[int, int]]:
    """Where the words stand within this many words of one another, in any order."""
    found: list[tuple[int, int]] = []
    latest: dict[str, int] = {}
    for place in _places_near(said, wanted, width):
        word = said[place]
        if word not in wanted:
            continue
        latest[word] = place
        first = min(latest.values())
        if len(latest) == len(wanted) and place - first < width and (not found or first > found[-1][1]):
            found.append((first, place))
    return found


def _places_near(said: Sequence[str], wanted: frozenset[str], width: int) -> Iterator[int]:
    """The places of words within this many of the rarest of the wanted ones, in order: no other can be together."""
    rarest = min(wanted, key=said.count)
    at, done = -1, 0
    for _ in range(said.count(rarest)):
        at = said.index(rarest, at + 1)
        yield from range(max(done, at - width), min(len(said), at + width + 1))
        done = min(len(said), at + width + 1)
