# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table at the top of a published letter: case number, dates and priority, however its cells are laid out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from imr_desktop.letter.published_paragraphs import Paragraph
from imr_desktop.models.case import CaseHeader, InjuryDate, Priority

_LABELS: dict[str, str] = {
    "case_number": r"(?:IMR |MAXIMUS )?Case (?:Number|No\.?)",
    "claim_number": r"Claim (?:Number|No\.?)",
    "adj_number": r"(?:WCAB |ADJ )(?:Case )?(?:Number|No\.?)",
    "date_assigned": r"Date (?:of )?Assign(?:ed|ment)|Assigned Date",
    "date_of_injury": r"Dates? of Injury|Injury Dates?",
    "decision_date": r"Decision Date|Date of (?:IMR )?(?:Decision|Determination)",
    "ur_decision_date": (
        r"(?:UR|Utilization Review) (?:Denial|Decision)(?: Date)?"
        r"|Date of (?:UR|Utilization Review) (?:Decision|Denial)"
    ),
    "priority": r"Priority",
    "application_received": (r"(?:IMR )?Application(?:[ \n]+Received)?(?: Date)?|Date (?:IMR )?Application Received"),
    "letter_date": r"Dated|Letter Date|Date of Letter",
}
_DAY = r"\d{1,2}[/-]\d{1,2}[/-](?:\d{4}|\d{2})|\d{4}-\d\d-\d\d"
_TOKEN = re.compile(
    "|".join(f"(?P<{name}>(?<![A-Za-z])(?:{label})[ \n]*:)" for name, label in _LABELS.items())
    + r"|(?P<bare_application>(?<![A-Za-z])Application(?=[ \n]+\d))"
    + r"|(?P<received>(?<![A-Za-z])Received[ \n]*:)"
    + rf"|(?P<days>(?:CT:? ?)?(?:{_DAY})(?:\s*(?:-|–|to|through)\s*(?:{_DAY}))?)(?![\d/])"
    + r"|(?P<number>\b[A-Z]{2}\d{2}-\d{7,8}\b)"
    + r"|(?P<pace>\b(?:Standard|Expedited|Regular)\b)",
    re.IGNORECASE,
)
_TYPED = {"claim_number", "adj_number"}


@dataclass
class HeaderRead:
    """What stands above the first title: fields of CaseHeader, labels as printed, and whatever belongs to no field."""

    facts: dict[str, Any] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    above: list[str] = field(default_factory=list)
    below: list[str] = field(default_factory=list)

    def header(self) -> CaseHeader:
        """The facts as the case keeps them."""
        return CaseHeader(**self.facts)

    def leave(self, words: str) -> None:
        """Keep words that belong to no field, with the side of the table on which they stand."""
        (self.below if self.facts else self.above).append(words)


@dataclass
class _Run:
    """Labels in a row and the values that follow them, before the next label."""

    labels: list[str] = field(default_factory=list)
    values: list[tuple[str, str]] = field(default_factory=list)


def read(parts: Sequence[Paragraph]) -> HeaderRead:
    """Read what stands above the first title; a label takes the next value of its kind, wherever the columns put it."""
    found = HeaderRead()
    table: list[str] = []
    for part in parts:
        if _is_tabular(part):
            table.extend(row.text for row in part.rows)
        else:
            _read_table(table, found)
            table = []
            found.leave(part.text)
    _read_table(table, found)
    return found


def _is_tabular(part: Paragraph) -> bool:
    """Whether a paragraph is of the table: it has a label, or nothing but values."""
    kinds = {kind for kind, _ in _tokens("\n".join(row.text for row in part.rows))}
    return bool(kinds & set(_LABELS)) or "words" not in kinds


def _read_table(lines: Sequence[str], found: HeaderRead) -> None:
    run = _Run()
    for kind, printed in _tokens("\n".join(lines)):
        if kind == "received" and found.labels.get("application_received") == "Application":
            found.labels["application_received"] = "Application Received:"
        elif kind in _LABELS:
            if run.values:
                _settle(run, found)
                run = _Run()
            run.labels.append(kind)
            found.labels[kind] = printed
        else:
            run.values.append((kind, printed))
    _settle(run, found)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    end = 0
    for token in _TOKEN.finditer(text):
        yield from _words(text[end : token.start()])
        kind = str(token.lastgroup)
        yield "application_received" if kind == "bare_application" else kind, " ".join(token[0].split())
        end = token.end()
    yield from _words(text[end:])


def _words(text: str) -> Iterator[tuple[str, str]]:
    for line in text.split("\n"):
        words = " ".join(line.split())
        if words:
            yield ("application_received" if words.casefold() == "application" else "words"), words


def _settle(run: _Run, found: HeaderRead) -> None:
    """Give each label its value; where values are fewer, the labels nearest to them take them."""
    fitting = [(kind, printed) for kind, printed in run.values if kind != "words"]
    spare = max(0, len(run.labels) - max(len(fitting), 1))
    waiting = run.labels[spare:] + run.labels[:spare]
    for kind, printed in run.values:
        taker = next((name for name in waiting if _value(name, kind, printed) is not None), None)
        if taker is None or taker in found.facts:
            found.leave(printed)
        else:
            waiting.remove(taker)
            found.facts[taker] = _value(taker, kind, printed)
            if printed.startswith("CT"):
                found.labels[taker] += " CT:"
    for name in (each for each in run.labels if each not in found.facts):
        found.leave(found.labels.pop(name, ""))


def _value(name: str, kind: str, printed: str) -> Any:
    """The value as the field holds it; None where it is not of the field's kind or would print otherwise."""
    if kind == "words":
        return printed if name in _TYPED else None
    if kind == "number":
        return printed if name in {"case_number", *_TYPED} else None
    if kind == "pace":
        return Priority(printed.title()) if name == "priority" and printed.title() in set(Priority) else None
    if kind != "days" or name in {"case_number", "priority", *_TYPED}:
        return None
    days = tuple(_days(printed))
    if not days:
        return None
    if name == "date_of_injury":
        return InjuryDate(*days) if len(days) == 1 or days[0] <= days[1] else None
    return days[0] if len(days) == 1 else None


def _days(printed: str) -> Iterator[date]:
    for each in re.findall(_DAY, printed):
        day = day_of(each)
        if day is not None:
            yield day


def day_of(printed: str) -> date | None:
    """A calendar day as letters print it (MM/DD/YYYY, MM/DD/YY, or ISO 8601); None if there is no such day."""
    numbers = [int(number) for number in re.findall(r"\d+", printed)]
    if len(numbers) != 3:
        return None
    year, month, day = numbers if numbers[0] > 31 else (numbers[2], numbers[0], numbers[1])
    century = 1900 if 50 < year < 100 else 2000
    try:
        return date(year if year > 99 else century + year, month, day)
    except ValueError:
        return None
