# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page labels that a PDF gives its own pages: i, ii, iii, 1, 2, A-1."""

from collections.abc import Mapping, Sequence
from typing import Any

# A label is shown beside a page; a file that asks for a longer one is playing.
_LONGEST = 32
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)


def page_labels(rules: Sequence[Mapping[str, Any]], count: int) -> tuple[str, ...]:
    """One label a page from the file's rules (``startpage``, ``prefix``, ``style``, ``firstpagenum``); empty if none.

    ISO 32000-1, 12.4.2: a rule holds from its start page until the next one begins.
    """
    labels = [""] * count
    ordered = sorted(rules, key=lambda rule: int(rule["startpage"]))
    for index, rule in enumerate(ordered):
        first = max(0, int(rule["startpage"]))
        end = int(ordered[index + 1]["startpage"]) if index + 1 < len(ordered) else count
        for page in range(first, min(end, count)):
            number = int(rule.get("firstpagenum", 1)) + page - first
            labels[page] = (str(rule.get("prefix", "")) + _numbered(number, str(rule.get("style", ""))))[:_LONGEST]
    return tuple(labels)


def _numbered(number: int, style: str) -> str:
    if not style or not 0 < number < 1_000_000:
        return ""
    match style:
        case "R" | "r":
            text = _roman(number) if number < 5000 else str(number)
        case "A" | "a":
            repeats, letter = divmod(number - 1, 26)
            text = chr(ord("a") + letter) * min(repeats + 1, _LONGEST)
        case _:
            text = str(number)
    return text.upper() if style.isupper() else text


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        text += letters * times
    return text
