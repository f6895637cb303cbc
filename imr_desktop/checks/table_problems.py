# SPDX-License-Identifier: AGPL-3.0-or-later
"""What keeps a newer table from taking the place of ours: what it lacks, and what the program could not read of it."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from imr_desktop import assets

# Rows that are regular expressions, by table: a bad one would stop every check that reads it.
_EXPRESSIONS = {"scope", "protected_traits", "websites", "specialties"}
# Columns in which only what ships is understood: fields of the case and kinds of document.
_KNOWN = {("document_types", "type"), ("fact_labels", "field"), ("fact_labels", "kind")}


def wrong(name: str, table: dict[str, Any], ours: dict[str, Any]) -> Iterator[str]:
    """What of ``table`` does not fit, each as a sentence; ``ours`` is the one that ships and shows the form."""
    for key, value in ours.items():
        if key not in table:
            yield f"The table has no {key}."
        elif key != "date" and type(table[key]) is not type(value):
            yield f"The table's {key} is not of the kind that the checks read."
        elif key not in assets.TABLE_NOTES:
            yield from _rows(name, key, table[key], value)


def _rows(name: str, key: str, value: Any, ours: Any) -> Iterator[str]:
    if isinstance(value, int) and value < 0:
        yield f"{key} is {value}; it cannot be less than 0."
    elif isinstance(value, str):
        yield from _cell(name, key, value)
    elif isinstance(value, dict):
        kinds = {type(each) for each in ours.values()}
        for each, said in value.items():
            yield from _one(name, f"{each} of {key}", said, kinds)
    elif isinstance(value, list) and ours and isinstance(ours[0], dict):
        for number, row in enumerate(value, 1):
            yield from _record(name, key, number, row, ours)
    elif isinstance(value, list):
        kinds = {type(each) for each in ours}
        for number, said in enumerate(value, 1):
            yield from _one(name, f"Row {number} of {key}", said, kinds)


def _record(name: str, key: str, number: int, row: Any, ours: list[dict[str, Any]]) -> Iterator[str]:
    """A row with named columns: those that each of ours has must be there, and hold what ours hold."""
    if not isinstance(row, dict):
        yield f"Row {number} of {key} is not of the kind that the checks read."
        return
    for column in ours[0]:
        if column not in row and all(column in each for each in ours):
            yield f"Row {number} of {key} has no {column}."
    for column, said in row.items():
        known = [each[column] for each in ours if column in each]
        if known:
            yield from _one(name, f"{column} in row {number} of {key}", said, {type(each) for each in known})
        if (name, column) in _KNOWN and said not in known:
            yield f"{column} in row {number} of {key} is {said}; it can be: {', '.join(sorted(set(known)))}."


def _one(name: str, place: str, said: Any, kinds: set[type]) -> Iterator[str]:
    if type(said) not in kinds:
        yield f"{place} is not of the kind that the checks read."
    elif isinstance(said, list):
        if not all(isinstance(each, str) and each.strip() for each in said):
            yield f"{place} has an empty word."
    elif isinstance(said, str):
        yield from _cell(name, place, said)
    elif not isinstance(said, date) and isinstance(said, int) and said < 0:
        yield f"{place} is {said}; it cannot be less than 0."


def _cell(name: str, place: str, said: str) -> Iterator[str]:
    if not said.strip():
        yield f"{place} is empty."
    if name in _EXPRESSIONS:
        try:
            re.compile(said)
        except re.error as why:
            yield f"{place} is no regular expression: {why}."
    if name == "closings":
        try:
            said.format(heading="")
        except (KeyError, IndexError, ValueError):
            yield f"{place} may hold {{heading}} between braces and nothing else."
