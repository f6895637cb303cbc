# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is typed in a field and what it means: dates, numbers and lists, read forgivingly and shown in one way."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from imr_desktop.models.case import InjuryDate

_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d+|\d{4}-\d{1,2}-\d{1,2}")
_BETWEEN = re.compile(r"\s*(?:-|–|—|/|to|through|until)\s*", re.IGNORECASE)
_BREAKS = str.maketrans({"\u2028": "\n", "\u2029": "\n", "\r": "\n", "\v": "\n", "\f": "\n", "\x85": "\n"})
_JOINERS = "\u200c\u200d"


class Unreadable(ValueError):
    """What was typed cannot be understood; the message is a sentence for the person who typed it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How a field reads its text (or raises Unreadable) and shows its value; ``hint`` stands in it when empty."""

    read: Callable[[str], Any]
    show: Callable[[Any], str]
    hint: str = ""


def cleaned(text: str) -> str:
    """Text without styles' leftovers: one kind of line break, plain blanks, no control or invisible characters.

    Joiners stay where a script other than Latin needs them for its spelling.
    """
    text = text.replace("\r\n", "\n").translate(_BREAKS)
    kept: list[str] = []
    for mark in text:
        if mark in "\n\t":
            kept.append(mark)
        elif mark in _JOINERS:
            if kept and ord(kept[-1]) > 0x58F and kept[-1].isalpha():
                kept.append(mark)
        elif mark == "\ufffc" or unicodedata.category(mark) in ("Cc", "Cf", "Cs", "Co"):
            continue
        else:
            kept.append(" " if unicodedata.category(mark) == "Zs" else mark)
    return "".join(kept)


def read_date(text: str) -> date | None:
    """``7/1/2014``, ``07-01-2014`` or ``2014-07-01``; None for nothing."""
    text = cleaned(text).strip()
    if not text:
        return None
    numbers = re.fullmatch(r"(\d{1,4})([/.-])(\d{1,2})\2(\d{1,4})", text)
    if numbers is None:
        raise Unreadable(f"“{text}” is not a date; write it like 07/01/2014.")
    first, second, third = (int(numbers.group(group)) for group in (1, 3, 4))
    if len(numbers.group(1)) == 4:
        year, month, day = first, second, third
    elif len(numbers.group(4)) == 4:
        year, month, day = third, first, second
    else:
        raise Unreadable(f"The year of “{text}” needs four digits, as in 07/01/2014.")
    try:
        return date(year, month, day)
    except ValueError:
        raise Unreadable(f"“{text}” is not a day of the calendar (month/day/year).") from None


def show_date(day: date | None) -> str:
    """``07/01/2014``, as letters print it."""
    return "" if day is None else f"{day.month:02}/{day.day:02}/{day.year:04}"


def read_injury(text: str) -> InjuryDate | None:
    """A day, or the first and last day of a cumulative trauma with a dash or ``to`` between them."""
    text = cleaned(text).strip()
    days = list(_DAY.finditer(text))
    if len(days) != 2:
        day = read_date(text)
        return None if day is None else InjuryDate(day)
    between = text[days[0].end() : days[1].start()]
    if days[0].start() or days[1].end() != len(text) or not _BETWEEN.fullmatch(between):
        raise Unreadable(f"“{text}” is not a date or a range; write it like 01/18/2005 or 01/01/2004 - 01/18/2005.")
    first, last = read_date(days[0].group()), read_date(days[1].group())
    if first is None or last is None or last < first:
        raise Unreadable("The last day of the injury lies before the first.")
    return InjuryDate(first, last)


def show_injury(injury: InjuryDate | None) -> str:
    """``01/18/2005`` or ``01/01/2004 - 01/18/2005``."""
    if injury is None:
        return ""
    return " - ".join(show_date(day) for day in (injury.first, injury.last) if day is not None)


def read_dates(text: str) -> tuple[date, ...]:
    """Several dates, divided by commas, semicolons or blanks."""
    parts = [part for part in re.split(r"[,;\s]+", cleaned(text)) if part]
    return tuple(day for day in map(read_date, parts) if day is not None)


def _read_number(text: str) -> int | None:
    text = cleaned(text).strip()
    if not text:
        return None
    if not re.fullmatch(r"\d{1,6}", text):
        raise Unreadable(f"“{text}” is not a whole number.")
    return int(text)


def _read_year(text: str) -> int | None:
    year = _read_number(text)
    if year is not None and not 1900 <= year <= 2199:
        raise Unreadable(f"“{text.strip()}” is not a year; write it with four digits.")
    return year


def _read_amount(text: str) -> Decimal | None:
    text = cleaned(text).strip()
    if not text:
        return None
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Unreadable(f"“{text}” is not an amount; write a number such as 60 or 2.5.") from None
    if not amount.is_finite() or amount < 0:
        raise Unreadable(f"“{text}” is not an amount; write a number such as 60 or 2.5.")
    return amount


def _read_list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in re.split(r"[,;\n]", cleaned(text)) if part.strip())


def _read_lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in cleaned(text).split("\n") if line.strip())


def _read_text(text: str) -> str:
    return "\n".join(line.rstrip() for line in cleaned(text).split("\n")).strip("\n")


def _maybe(value: Any) -> str:
    return "" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)


LINE = Reading(lambda text: " ".join(cleaned(text).split("\n")).strip(), str)
TEXT = Reading(_read_text, str)
LINES = Reading(_read_lines, "\n".join)
LISTED = Reading(_read_list, ", ".join)
DATE = Reading(read_date, show_date, "MM/DD/YYYY")
DATES = Reading(read_dates, lambda days: ", ".join(map(show_date, days)), "MM/DD/YYYY, MM/DD/YYYY")
INJURY = Reading(read_injury, show_injury, "MM/DD/YYYY")
NUMBER = Reading(_read_number, _maybe)
YEAR = Reading(_read_year, _maybe, "YYYY")
AMOUNT = Reading(_read_amount, _maybe)
