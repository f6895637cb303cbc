# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days as records write them: 7/1/14, 07-01-2014, July 1st, 2014; the month always before the day, as in California."""

import re
from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
# The eye and OCR take these for each other; only next to a real digit.
_SLIPS = str.maketrans({"l": "1", "L": "1", "i": "1", "I": "1", "|": "1", "O": "0", "o": "0"})
_NAME = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DIGIT = r"[\dlIO|o]"
_WRITTEN = re.compile(
    rf"(?<![\w/.-])(?:"
    rf"({_DIGIT}{{1,2}})\s?([/.\-])\s?({_DIGIT}{{1,2}})\s?\2\s?([12]{_DIGIT}{{3}}|\d{_DIGIT}|{_DIGIT}\d)"
    rf"|(\d{{4}})-(\d\d)-(\d\d)"
    rf"|{_NAME}\s?(\d{{1,2}})(?:st|nd|rd|th)?\s?[,.]?\s?(\d{{4}})"
    rf"|(\d{{1,2}})(?:st|nd|rd|th)?[\s-]?(?:of )?{_NAME},?[\s-]?(\d{{4}}|\d\d)"
    rf")(?![\w]|[/-]\d)",
    re.IGNORECASE,
)


class WrittenDay(NamedTuple):
    """A day as a text writes it, and where (from, to)."""

    day: date
    begin: int
    end: int


def days_in(text: str) -> Iterator[WrittenDay]:
    """Every day that a text writes out, in order; what is no day of the calendar is passed over."""
    for found in _WRITTEN.finditer(text):
        month, _, day, year, y, m, d, name, day2, year2, day3, name3, year3 = found.groups()
        if month:
            parts = [part.translate(_SLIPS) for part in (year, month, day)]
        elif y:
            parts = [y, m, d]
        elif name:
            parts = [year2, str(_month(name)), day2]
        else:
            parts = [year3, str(_month(name3)), day3]
        made = _day(*parts)
        if made:
            yield WrittenDay(made, found.start(), found.end())


def written_day(text: str) -> date | None:
    """The day that a text writes and nothing else; None if it is something else."""
    found = next(days_in(text.strip()), None)
    return found.day if found and (found.begin, found.end) == (0, len(text.strip())) else None


def writings(day: date) -> tuple[str, ...]:
    """The ways in which a record may write a day, as words divided by blanks, without signs between."""
    name = MONTHS[day.month - 1]
    names = [name, name[:3], *(["sept"] if name == "september" else [])]
    days = _unique(str(day.day), f"{day.day:02}")
    months = _unique(str(day.month), f"{day.month:02}")
    years = (str(day.year), f"{day.year % 100:02}")
    ordinal = f"{day.day}{_ending(day.day)}"
    found = [f"{m} {d} {y}" for m in months for d in days for y in years]
    found += [f"{day.year} {m} {d}" for m in months for d in days]
    found += [f"{n} {d} {day.year}" for n in names for d in (*days, ordinal)]
    found += [f"{d} {n} {y}" for n in names for d in (*days, ordinal) for y in years]
    found += [f"{ordinal} of {n} {day.year}" for n in names]
    found += [f"{day:%m%d%Y}", f"{day:%Y%m%d}"]
    return tuple(dict.fromkeys(found))


def _unique(*texts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def _ending(day: int) -> str:
    return "th" if 10 <= day % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


def _month(name: str) -> int:
    return next(number for number, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))


def _day(year: str, month: str, day: str) -> date | None:
    try:
        number = int(year)
        if len(year) == 2:
            # Records reach back a working life, and hardly ever forward.
            number += 2000 if number < 50 else 1900
        return date(number, int(month), int(day)) if 1900 <= number < 2100 else None
    except ValueError:
        return None
