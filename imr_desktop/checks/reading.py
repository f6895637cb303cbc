# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a sentence states as fact: dates, ages, sexes, sides, levels, scores, strengths, quantities, counts."""

import re
from collections.abc import Callable, Hashable, Iterator
from enum import StrEnum
from typing import NamedTuple

from imr_desktop import assets
from imr_desktop.checks import normalise, tables
from imr_desktop.checks.normalise import NUMBER


class Kind(StrEnum):
    """What kind of fact a mention is."""

    DATE = "date"
    AGE = "age"
    SEX = "sex"
    SIDE = "side"
    LEVEL = "spinal level"
    SCORE = "score"
    STRENGTH = "strength"
    MEASURE = "measure"
    QUANTITY = "quantity"
    COUNT = "count"
    FREQUENCY = "frequency"
    DURATION = "duration"
    ANGLE = "angle"
    DRUG = "drug"
    NUMBER = "number"


class Mention(NamedTuple):
    """One fact as it stands in a text: its kind, from, to, its normal form, and what it is said of (a drug, a part)."""

    kind: Kind
    begin: int
    end: int
    value: Hashable
    about: str = ""


_AGE = re.compile(
    r"(?<![\w.])(\d{1,3})[\s-]*(?:years?|yrs?|y)[\s./-]*(?:old|o\b|of age)|\baged?:?\s+(?:of\s+)?(\d{1,3})"
    r"\b(?!\s*(?:day|week|mon))",
    re.IGNORECASE,
)
_SEX = re.compile(r"\b((?:fe)?male|woman|man|gentleman|lady|girl|boy)\b", re.IGNORECASE)
_SEXES = {"male": "male", "man": "male", "gentleman": "male", "boy": "male"}
_UNITS = {
    "mg": "mg", "milligram": "mg", "milligrams": "mg", "mcg": "mcg", "µg": "mcg", "ug": "mcg", "microgram": "mcg",
    "micrograms": "mcg", "g": "g", "gm": "g", "gram": "g", "grams": "g", "ml": "ml", "cc": "ml", "%": "%",
    "percent": "%", "unit": "unit", "units": "unit", "iu": "unit", "meq": "meq",
}  # fmt: skip
_MEASURES = {
    "lb": "lb", "lbs": "lb", "pound": "lb", "pounds": "lb", "kg": "kg", "cm": "cm", "mm": "mm", "inch": "in",
    "inches": "in", "feet": "ft", "miles": "mile", "mile": "mile", "hours": "h", "hour": "h", "minutes": "min",
    "steps": "step",
}  # fmt: skip
_AMOUNT = r"\d[\d,]*(?:\.\d+)?"
_STRENGTH = re.compile(
    rf"(?<![\w.])({_AMOUNT}(?:\s?[-/]\s?{_AMOUNT})*)\s?-?({tables.alternation(_UNITS)})(?![\w%])", re.IGNORECASE
)
_MEASURE = re.compile(
    rf"(?<![\w.])({_AMOUNT})(?:\s?(?:-|to)\s?({_AMOUNT}))?[\s-]?({tables.alternation(_MEASURES)})\b", re.IGNORECASE
)
_SCORE = re.compile(
    r"(?<![\w./])(\d+(?:\.\d+)?)[+-]?(?:\s?(?:-|to)\s?(\d+(?:\.\d+)?))?[+-]?\s?(?:/|out of)\s?(10|5|4|100)"
    r"(?![\d/]|\.\d|\s?mg)",
    re.IGNORECASE,
)
_COUNTED = {
    "visit": "visit", "session": "visit", "treatment": "visit", "appointment": "visit", "injection": "injection",
    "tablet": "tablet", "tab": "tablet", "capsule": "tablet", "cap": "tablet", "pill": "tablet", "patch": "patch",
    "patche": "patch", "refill": "refill", "block": "block", "unit": "unit",
}  # fmt: skip
_FILL = (
    r"(?!(?:weeks?|months?|days?|years?|times?|mg|and|or|for|with|of|per|in|on|to|was|were|is|are|a|x|out|over|the)\b)"
)
# A diagnosis (724.2) or procedure code (97810) that stands before a wording is not how many of it are asked.
_HOW_MANY = r"\d{1,3}(?!\.?\d)|\d{1,2}\.\d+|" + normalise.NUMBER_IN_WORDS
_COUNT = re.compile(
    rf"(?<![\w./#-])({_HOW_MANY})(?:\s?\(\d+\))?(?:\s?(?:-|to)\s?({_HOW_MANY})(?:\s?\(\d+\))?)?\s+"
    rf"(?:{_FILL}(?!(?:{normalise.NUMBER_IN_WORDS})\b)[a-z][a-z/-]*\s+){{0,3}}?(visit|session|treatment|appointment|injection|tablet|tab|capsule"
    rf"|cap|pill|patche?"
    r"|refill|block)s?\b",
    re.IGNORECASE,
)
_COUNT_AFTER = re.compile(
    rf"\b(visit|session|treatment|injection|refill)s?\s?[,:(x-]+\s?({_HOW_MANY})\b(?!\s?(?:times?|x|weeks?|"
    rf"days?|per|/|mg))"
    rf"|\b(?:times|x)\s?({_HOW_MANY})\b(?!\s?(?:weeks?|days?|months?|per|a\b|times|/|x))",
    re.IGNORECASE,
)
_QUANTITY = re.compile(r"#\s?(\d+)\b(?!\s?(?:mg|mcg))|\b(?:quantity|qty\.?)(?:\s+of)?:?\s?#?(\d+)\b", re.IGNORECASE)
_FREQUENCY = re.compile(
    rf"\b({NUMBER})(?:\s?(?:-|to)\s?({NUMBER}))?\s?(?:x|times?)\s?(?:a|per|each|/|every)?\s?(week|day|month)",
    re.IGNORECASE,
)
_DURATION = re.compile(
    rf"(?<![\w./#-])({NUMBER})(?:\s?(?:-|to)\s?({NUMBER}))?(?:\s?\(\d+\))?[\s-]+(day|week|month|year)s?\b(?![\s-]*old)",
    re.IGNORECASE,
)
_ANGLE = re.compile(r"(?<![\w./])(\d{1,3})\s?(?:°|degrees?\b|deg\b)", re.IGNORECASE)
_BARE = re.compile(r"(?<![\w.#/,-])\d+(?:\.\d+)?(?![\w/,%-]|\.\d)")
_SIDE_WORD = r"left|right|bilateral|both|lt\.?|rt\.?"


@assets.from_tables
def _sides() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A side before the part of the body that it is of, and behind it."""
    part = tables.alternation(tables.parts())
    before = re.compile(
        rf"\b({_SIDE_WORD})(?:[- ]sided)?(?:\s+and\s+(left|right))?"
        r"(?:[\s-]+(?!(?:left|right|bilateral|both|and|or|with|than|to|but|the|of|in|on|from|is|was)\b)[a-z'.]+){0,2}?"
        rf"[\s-]+({part})\b(?:\s?/\s?({part})\b)?",
        re.IGNORECASE,
    )
    behind = re.compile(rf"\b({part})\s?[,(:]+\s?(left|right|bilateral)\b(?![\s-]+(?:{part})\b)", re.IGNORECASE)
    return before, behind


@assets.from_tables
def _drug_names() -> re.Pattern[str]:
    """Every drug, for small letters: some hundred names are found ten times faster than in letters of either case."""
    return re.compile(rf"(?<!\w)({tables.alternation(tables.drugs())})(?!\w)")


_SIDES = {"left": "left", "lt": "left", "right": "right", "rt": "right", "bilateral": "bilateral", "both": "bilateral"}


def mentions(text: str) -> tuple[Mention, ...]:
    """Every fact that a text states, in order; what one kind has claimed, no later kind reads again."""
    found: list[Mention] = []
    has_digits = _DIGIT.search(text) is not None
    small = text.lower()
    for reader in _READERS:
        if reader.can_be_in(small, has_digits):
            new = [each for each in reader.read(text) if not _overlaps(each, found)]
            found.extend(new)
    for reader in _OTHERS:
        if reader.can_be_in(small, has_digits):
            found.extend(reader.read(text))
    return tuple(_with_drugs(sorted(found, key=lambda each: each.begin)))


def only(kind: Kind, text: str) -> tuple[Mention, ...]:
    """The facts of one kind that a long text states; strengths and quantities with the drug named before them."""
    wanted = {kind, Kind.DRUG} if kind in (Kind.STRENGTH, Kind.QUANTITY) else {kind}
    small = text.lower()
    found: list[Mention] = []
    for reader in (*_READERS, *_OTHERS):
        if reader.kind in wanted and reader.can_be_in(small, has_digits=True):
            found.extend(reader.read(text))
    return tuple(each for each in _with_drugs(sorted(found, key=lambda each: each.begin)) if each.kind is kind)


def _overlaps(each: Mention, found: list[Mention]) -> bool:
    return any(each.begin < old.end and old.begin < each.end for old in found)


def _dates(text: str) -> Iterator[Mention]:
    for each in normalise.dates(text):
        yield Mention(Kind.DATE, each.begin, each.end, each.day)


def _levels(text: str) -> Iterator[Mention]:
    for each in normalise.levels(text):
        yield Mention(Kind.LEVEL, each.begin, each.end, frozenset(each.names))


def _ages(text: str) -> Iterator[Mention]:
    for match in _AGE.finditer(text):
        years = int(match.group(1) or match.group(2))
        if 0 < years < 115:
            yield Mention(Kind.AGE, match.start(), match.end(), years)


def _strengths(text: str) -> Iterator[Mention]:
    for match in _STRENGTH.finditer(text):
        amounts = "/".join(_plain(part) for part in re.split(r"\s?[-/]\s?", match.group(1)))
        yield Mention(Kind.STRENGTH, match.start(), match.end(), (amounts, _UNITS[match.group(2).lower()]))


def _scores(text: str) -> Iterator[Mention]:
    for match in _SCORE.finditer(text):
        for value in filter(None, match.group(1, 2)):
            yield Mention(Kind.SCORE, match.start(), match.end(), (_plain(value), match.group(3)))


def _ranged(kind: Kind, pattern: re.Pattern[str], units: dict[str, str] | None) -> Callable[[str], Iterator[Mention]]:
    def read(text: str) -> Iterator[Mention]:
        for match in pattern.finditer(text):
            first, last, unit = match.groups()
            for value in filter(None, (first, last)):
                amount = normalise.number(value)
                named = unit.lower() if units is None else units[unit.lower()]
                yield Mention(kind, match.start(), match.end(), (amount, named))

    return read


def _counts_after(text: str) -> Iterator[Mention]:
    for match in _COUNT_AFTER.finditer(text):
        amount = normalise.number(match.group(2) or match.group(3))
        yield Mention(Kind.COUNT, match.start(), match.end(), (amount, _COUNTED[(match.group(1) or "visit").lower()]))


def _quantities(text: str) -> Iterator[Mention]:
    for match in _QUANTITY.finditer(text):
        yield Mention(Kind.QUANTITY, match.start(), match.end(), int(match.group(1) or match.group(2)))


def _angles(text: str) -> Iterator[Mention]:
    for match in _ANGLE.finditer(text):
        yield Mention(Kind.ANGLE, match.start(), match.end(), int(match.group(1)))


def _bare(text: str) -> Iterator[Mention]:
    for match in _BARE.finditer(text):
        yield Mention(Kind.NUMBER, match.start(), match.end(), float(match.group()))


_DIGIT = re.compile(r"\d")
_COUNT_CUES = (
    "visit",
    "session",
    "treatment",
    "appointment",
    "injection",
    "tab",
    "cap",
    "pill",
    "patch",
    "refill",
    "block",
)


class _Reader(NamedTuple):
    """How one kind is read; most sentences state little, so it says when it need not be tried."""

    kind: Kind
    read: Callable[[str], Iterator[Mention]]
    needs_digit: bool = True
    cues: tuple[str, ...] = ()

    def can_be_in(self, small: str, has_digits: bool) -> bool:
        """Whether a text in small letters can hold one."""
        return (has_digits or not self.needs_digit) and (not self.cues or any(cue in small for cue in self.cues))


_SPANS = ("day", "week", "month", "year")
_READERS = (
    _Reader(Kind.DATE, _dates),
    _Reader(Kind.LEVEL, _levels),
    _Reader(Kind.AGE, _ages, cues=("y", "age")),
    _Reader(Kind.STRENGTH, _strengths),
    _Reader(Kind.SCORE, _scores, cues=("/", "out of")),
    _Reader(Kind.FREQUENCY, _ranged(Kind.FREQUENCY, _FREQUENCY, None), needs_digit=False, cues=_SPANS),
    _Reader(Kind.COUNT, _ranged(Kind.COUNT, _COUNT, _COUNTED), needs_digit=False, cues=_COUNT_CUES),
    _Reader(Kind.COUNT, _counts_after, needs_digit=False, cues=(*_COUNT_CUES, "times", "x")),
    _Reader(Kind.QUANTITY, _quantities, cues=("#", "quantity", "qty")),
    _Reader(Kind.MEASURE, _ranged(Kind.MEASURE, _MEASURE, _MEASURES)),
    _Reader(Kind.DURATION, _ranged(Kind.DURATION, _DURATION, None), needs_digit=False, cues=_SPANS),
    _Reader(Kind.ANGLE, _angles, cues=("°", "deg")),
    _Reader(Kind.NUMBER, _bare),
)


def _sexes(text: str) -> Iterator[Mention]:
    for match in _SEX.finditer(text):
        yield Mention(Kind.SEX, *match.span(), _SEXES.get(match.group().lower(), "female"))


def _drugs(text: str) -> Iterator[Mention]:
    for match in _drug_names().finditer(normalise.small(text)):
        yield Mention(Kind.DRUG, *match.span(), tables.drugs()[match.group()].name)


def _sided(text: str) -> Iterator[Mention]:
    before, behind = _sides()
    for match in before.finditer(text):
        side = "bilateral" if match.group(2) else _SIDES[match.group(1).lower().rstrip(".")]
        for word in filter(None, match.group(3, 4)):
            part = tables.parts()[word.lower()]
            yield Mention(Kind.SIDE, match.start(), match.end(), (side, part), part)
    for match in behind.finditer(text):
        part = tables.parts()[match.group(1).lower()]
        yield Mention(Kind.SIDE, match.start(), match.end(), (_SIDES[match.group(2).lower()], part), part)


_OTHERS = (
    _Reader(Kind.SEX, _sexes, needs_digit=False, cues=("male", "man", "lady", "girl", "boy")),
    _Reader(Kind.DRUG, _drugs, needs_digit=False),
    _Reader(Kind.SIDE, _sided, needs_digit=False, cues=("left", "right", "bilateral", "both", "lt", "rt")),
)


def _with_drugs(found: list[Mention]) -> list[Mention]:
    """Strengths and quantities say of which drug they are: the one named shortly before."""
    drug: Mention | None = None
    told = []
    for each in found:
        if each.kind is Kind.DRUG:
            drug = each
        elif each.kind in (Kind.STRENGTH, Kind.QUANTITY) and drug is not None and each.begin - drug.end < 40:
            each = each._replace(about=str(drug.value))
        told.append(each)
    return told


def _plain(amount: str) -> str:
    return f"{float(amount.replace(',', '')):g}"


def told(value: object) -> str:
    """A fact's normal form in words."""
    if isinstance(value, frozenset):
        return " and ".join(sorted(map(str, value)))
    if isinstance(value, tuple):
        return " ".join(f"{part:g}" if isinstance(part, float) else str(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
