# SPDX-License-Identifier: AGPL-3.0-or-later
"""Days in any writing: 7/1/14, 07-01-2014, July 1st, 2014, 1 July 2014, 2014-07-01 are one day."""

import datetime as dt
import re

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_NAMED = "|".join(f"{month[:3]}(?:{month[3:]}|{month[3:4]})?" if month != "may" else "may" for month in _MONTHS)
_FIGURES = re.compile(r"(\d{1,2})\s?[/.\-]\s?(\d{1,2})\s?[/.\-]\s?(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MONTH_FIRST = re.compile(rf"({_NAMED})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_NAMED})\.?,?\s+(\d{{4}})", re.IGNORECASE)


def read_day(words: str) -> dt.date | None:
    """The day that the words are, however written (month before day, as in the United States); None for none."""
    text = words.strip().strip("().,;:")
    try:
        if match := _ISO.fullmatch(text):
            return dt.date(int(match[1]), int(match[2]), int(match[3]))
        if match := _FIGURES.fullmatch(text):
            return dt.date(_year(match[3]), int(match[1]), int(match[2]))
        if match := _MONTH_FIRST.fullmatch(text):
            return dt.date(int(match[3]), _month(match[1]), int(match[2]))
        if match := _DAY_FIRST.fullmatch(text):
            return dt.date(int(match[3]), _month(match[2]), int(match[1]))
    except ValueError:
        return None
    return None


def day_pattern(day: dt.date) -> str:
    """What finds the day in small letters, however it is written there."""
    month, short = _MONTHS[day.month - 1], f"{day.year % 100:02d}"
    name = month if month == "may" else f"{month[:3]}(?:{month[3:4]}\\.?|{month[3:]})?\\.?"
    number, nth = f"0?{day.day}", f"0?{day.day}(?:st|nd|rd|th)?"
    between = r"\s?[/.\-]\s?"
    ways = (
        f"0?{day.month}{between}{number}{between}(?:{day.year}|{short})",
        f"{day.year}-{day.month:02d}-{day.day:02d}",
        f"{name}\\s+{nth},?\\s+{day.year}",
        f"{nth}\\s+(?:of\\s+)?{name},?\\s+{day.year}",
    )
    return rf"(?<![\d/.\-])(?:{'|'.join(ways)})(?!\d|[/\-]\d)"


def _year(figures: str) -> int:
    year = int(figures)
    if year >= 100:
        return year
    return 2000 + year if year < 70 else 1900 + year


def _month(name: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, 1) if month.startswith(name[:3].lower()))
