# SPDX-License-Identifier: AGPL-3.0-or-later
"""Printed lines put together into paragraphs, across lines and pages, without losing or adding a word."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from imr_desktop.letter.published_lines import SOFT_HYPHEN, Row, ends_sentence

_SIGNS = "•●▪■◦‣·○➢❖✓"
_BULLET = re.compile(rf"[{_SIGNS}*o–—-] \S")
_NUMBERED = re.compile(r"\(?(?P<mark>\d{1,2}|[a-hA-H]|[ivx]{1,4})[.)] \S")
_HANGING = re.compile(r"(?:^|[^\s])[-\u2010]$")
_CLEAR_ROOM = 14.0
_PAGE_END_ROOM = 4.0
_INDENT = 2.5
_LONG_WORD, _NO_ROOM = 40, 2.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph as printed, in single spaces; ``rows`` are the lines it was put together from."""

    text: str
    rows: tuple[Row, ...]


def paragraphs(rows: Sequence[Row], divides: Callable[[Row, Row], bool]) -> tuple[Paragraph, ...]:
    """The rows as paragraphs; ``divides`` tells two rows between which a part of the letter ends in any case."""
    runs: list[list[Row]] = []
    for row in rows:
        if runs and not _breaks(runs[-1], row, divides):
            runs[-1].append(row)
        else:
            runs.append([row])
    return tuple(paragraph(run) for run in runs)


def paragraph(rows: Sequence[Row]) -> Paragraph:
    """The paragraph that these rows make."""
    text, before = "", None
    for row in rows:
        text = text + row.text if before is not None and _is_chopped(before) else joined(text, row.text)
        before = row
    return Paragraph(text.rstrip(SOFT_HYPHEN), tuple(rows))


def joined(before: str, after: str) -> str:
    """Two lines as one: a word broken after its hyphen, or an address after its slash, is whole again."""
    if not before or not after:
        return before + after
    if before.endswith(SOFT_HYPHEN):
        return before[:-1] + after
    inside = len(before) > 1 and not before[-2].isspace()
    if inside and before.endswith("/") and after[0] != "/":
        return before + after
    if inside and before[-1] in "-\u2010" and before[-2] not in "-\u2010" and _goes_on(after):
        return before + after
    return f"{before} {after}"


def _is_chopped(row: Row) -> bool:
    """Whether a line is one piece of a word wider than the page, such as an address."""
    return " " not in row.text and len(row.text) > _LONG_WORD and row.room < _NO_ROOM


def _goes_on(after: str) -> bool:
    first = after.split(" ", 1)[0].strip(",.;:()").casefold()
    return after[0].isalnum() and first not in ("and", "or", "to")


def _breaks(run: Sequence[Row], row: Row, divides: Callable[[Row, Row], bool]) -> bool:
    before = run[-1]
    if row.gap or divides(before, row) or _bold_begins(before, row):
        return True
    closes = ends_sentence(before.text)
    if _lists(run, row):
        return True
    starts = not row.text[:1].islower()
    if row.opens_page:
        return starts and before.room > _needed(row, _PAGE_END_ROOM if closes else _CLEAR_ROOM)
    if closes and starts and before.room > _needed(row, _CLEAR_ROOM):
        return True
    return closes and starts and not _is_listed(run[0]) and row.start > before.start + _INDENT


def _needed(row: Row, spare: float) -> float:
    """How much room the line before would have left, had it been free to take this row's first word."""
    return len(row.text.split(" ", 1)[0]) + 1 + spare


def _bold_begins(before: Row, row: Row) -> bool:
    return bool(row.bold) and before.bold != before.text and ends_sentence(before.text)


def _lists(run: Sequence[Row], row: Row) -> bool:
    """Whether a row begins an entry of a list: by a sign that only lists have, or by one like the entry's before it."""
    marker = _marker(row.text)
    if marker in ("", *_SIGNS):
        return marker != ""
    return marker == _marker(run[0].text) or run[-1].room > _needed(row, _CLEAR_ROOM)


def _is_listed(row: Row) -> bool:
    return _marker(row.text) != ""


def _marker(text: str) -> str:
    """What marks a row as an entry of a list: its sign, or the way in which it is numbered; empty if nothing does."""
    if _BULLET.match(text):
        return text[0]
    numbered = _NUMBERED.match(text)
    return (
        "" if numbered is None else re.sub(r"\w+", "0" if numbered["mark"].isdigit() else "a", numbered[0].split()[0])
    )
