# SPDX-License-Identifier: AGPL-3.0-or-later
"""One form for what is written in many: dates, numbers in words, spinal levels, and what OCR confuses."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple

MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH_NUMBER = {name: number for number, name in enumerate(MONTHS, 1)} | {
    name[:3]: number for number, name in enumerate(MONTHS, 1)
}
_MONTH_NUMBER["sept"] = 9
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_NUMERIC = re.compile(
    r"(?<![\d/.\-])(\d{1,2})(?: ?([/\-]) ?(\d{1,2}) ?[/\-] ?|\.(\d{1,2})\.)(\d{4}|\d{2})(?![\d/]|[.\-]\d)"
)
_ISO = re.compile(r"(?<![\d/.\-])(\d{4})-(\d{2})-(\d{2})(?!\d)")
_NAMED = re.compile(rf"\b{_MONTH}\.? {{0,2}}(\d{{1,2}})(?:st|nd|rd|th)?,? {{0,2}}(\d{{4}})\b", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}\.?,? (\d{{4}})\b", re.IGNORECASE)

_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_TENS = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90}
NUMBER_WORDS = {name: number for number, name in enumerate(_SMALL)} | _TENS
NUMBER_WORDS |= {f"{ten}-{_SMALL[one]}": tens + one for ten, tens in _TENS.items() for one in range(1, 10)}
NUMBER_IN_WORDS = "|".join(sorted(NUMBER_WORDS, key=len, reverse=True))
NUMBER = rf"\d+(?:\.\d+)?|{NUMBER_IN_WORDS}"

_NEAR_DIGIT = re.compile(r"(?<=[\d/])[oO]|[oO](?=[\d/])|(?<=[\d/])[lI|](?![a-zA-Z])|(?<![a-zA-Z])[lI|](?=[\d/])")


_NUMBER_LIKE = re.compile(r"(?<![A-Za-z])[\doOlI|](?:[\doOlI|]|[/.\-](?=[\doOlI|]))+(?![A-Za-z])")
_LEVEL_SLIP = re.compile(r"(?<=[-/][CTLS])[lI|](?!\w)|(?<=\b[CTL])[lI|](?=\d)")
_DIGITS = str.maketrans("oOlI|", "00111")


def _in_digits(match: re.Match[str]) -> str:
    told = match.group()
    return told.translate(_DIGITS) if any(mark.isdigit() for mark in told) else told


class Dated(NamedTuple):
    """A date as it stands in a text: from, to, and the day."""

    begin: int
    end: int
    day: date


def dates(text: str) -> Iterator[Dated]:
    """Every whole date in a text: 7/1/2014, 07-01-14, July 1, 2014, 1 July 2014, 2014-07-01; no day that never was."""
    for match in _NUMERIC.finditer(text):
        month, _, day, dotted, year = match.groups()
        yield from _dated(match, year, month, day or dotted)
    for match in _ISO.finditer(text):
        yield from _dated(match, *match.groups())
    for match in _NAMED.finditer(text):
        name, day, year = match.groups()
        yield from _dated(match, year, str(_MONTH_NUMBER[name.lower()[:3]]), day)
    for match in _DAY_FIRST.finditer(text):
        day, name, year = match.groups()
        yield from _dated(match, year, str(_MONTH_NUMBER[name.lower()[:3]]), day)


def _dated(match: re.Match[str], year: str, month: str, day: str) -> Iterator[Dated]:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 50 else 1900
    try:
        yield Dated(match.start(), match.end(), date(number, int(month), int(day)))
    except ValueError:
        return


def number(text: str) -> float | None:
    """``12``, ``twelve`` or ``10.5`` as a number; None for anything else."""
    bare = text.strip().lower()
    if bare in NUMBER_WORDS:
        return float(NUMBER_WORDS[bare])
    try:
        return float(bare.replace(",", ""))
    except ValueError:
        return None


def without_slips(text: str) -> str:
    """The text with letters that OCR puts for digits made digits where digits stand beside them; same length."""
    text = _LEVEL_SLIP.sub("1", _NUMBER_LIKE.sub(_in_digits, text))
    return _NEAR_DIGIT.sub(lambda match: "0" if match.group() in "oO" else "1", text)


def small(text: str) -> str:
    """The text in small letters without accents, each in its place: a letter whose small form is longer stays."""
    bare = unaccented(text)
    lowered = bare.lower()
    if len(lowered) == len(bare):
        return lowered
    return "".join(low if len(low := mark.lower()) == 1 else mark for mark in bare)


_RUN_TOGETHER = re.compile(r"(?<![\w./-])(\d)\.(?=\d{1,3} (?:[a-z-]+ ){0,3}?(?:visit|session|treatment|injection)s?\b)")


def recognised(text: str) -> str:
    """A recogniser's text with what it makes of specks and lost blanks mended: ``2.12 visits`` is item 2, 12 visits."""
    return _RUN_TOGETHER.sub(r"\1 ", unaccented(text))


def unaccented(text: str) -> str:
    """The text without the accents that a recogniser takes specks for, every letter in its place."""
    return text if text.isascii() else text.translate(_BARE)


class _Bare(dict[int, int]):
    """Each letter without its accents, worked out when it is first met."""

    def __missing__(self, code: int) -> int:
        parts = unicodedata.normalize("NFKD", chr(code))
        accented = len(parts) > 1 and parts[0].isascii() and all(map(unicodedata.combining, parts[1:]))
        self[code] = ord(parts[0]) if accented else code
        return self[code]


_BARE = _Bare()


def us(day: date) -> str:
    """A day as letters print it: MM/DD/YYYY."""
    return day.strftime("%m/%d/%Y")


# For small letters, and beginning with what must be there: so a page without levels is passed over quickly.
_LEVEL = re.compile(
    r"([ctls])(?<![\w/].)-?(\d{1,2})"
    r"((?: ?(?:[-/]|\bto\b|\bthrough\b) ?(?:[ctls]-?)?\d{1,2}(?![\d%/])| ?(?:[,&]|\band\b) ?[ctls]-?\d{1,2"
    r"}(?!\d))*)(?!\w)"
)
_NEXT = re.compile(r"([-/,&]|to|and|through) ?([CTLS])?-?(\d{1,2})", re.IGNORECASE)
_WORD_LEVEL = re.compile(
    r"([ctls](?<!\w.)(?:ervical|horacic|umbar|acral)) (\d{1,2})\b(?! ?(?:times|x\b|/|mg|%|vis|ses|week))"
)
_MOST = {"C": 8, "T": 12, "L": 6, "S": 5}
_ORDER = [f"{letter}{n}" for letter, most in (("C", 7), ("T", 12), ("L", 5), ("S", 5)) for n in range(1, most + 1)]
_RANK = {name: rank for rank, name in enumerate(_ORDER)}


class Level(NamedTuple):
    """Spinal levels as they stand in a text: from, to, and their names: ``L4-L5`` for a segment, ``C2`` for a bone."""

    begin: int
    end: int
    names: tuple[str, ...]


def levels(text: str) -> Iterator[Level]:
    """Spinal levels in a text: L4-5, L4-L5, L4/5 and L5-S1 are segments; a wider run (L3-S1) names each segment."""
    text = small(text)
    for match in _LEVEL.finditer(text):
        names = _names(match.group(1).upper(), int(match.group(2)), match.group(3))
        if names:
            yield Level(match.start(), match.end(), names)
    for match in _WORD_LEVEL.finditer(text):
        bone = f"{match.group(1)[0].upper()}{int(match.group(2))}"
        if bone in _RANK:
            yield Level(match.start(), match.end(), (bone,))


def _names(letter: str, first: int, rest: str) -> tuple[str, ...]:
    if not 1 <= first <= _MOST[letter]:
        return ()
    names: list[str] = []
    last, joined = f"{letter}{first}", False
    for match in _NEXT.finditer(rest):
        letter = (match.group(2) or letter).upper()
        bone = f"{letter}{int(match.group(3))}"
        if match.group(1) in "-/" or match.group(1).lower() in ("to", "through"):
            between = _run(last, bone)
            if not between:
                break
            names.extend(between)
            joined = True
        else:
            if not joined:
                names.append(last)
            joined = False
        last = bone
    if not joined:
        names.append(last)
    return tuple(name for name in names if name.split("-")[0] in _RANK or name == "C8")


def _run(first: str, last: str) -> list[str]:
    if first not in _RANK or last not in _RANK or not 0 < _RANK[last] - _RANK[first] <= 8:
        return []
    bones = _ORDER[_RANK[first] : _RANK[last] + 1]
    return [f"{upper}-{lower}" for upper, lower in pairwise(bones)]


def bones(levels: Iterable[object]) -> set[str]:
    """The vertebrae that levels name."""
    return {bone for level in levels for bone in str(level).split("-")}
