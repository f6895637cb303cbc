# SPDX-License-Identifier: AGPL-3.0-or-later
"""Snippets: the reviewer's own phrases with fields that the case fills in and blanks that the reviewer must fill in.

``{item}`` is a field, ``{snippet closing}`` puts another snippet in, and a blank reads ``‹what belongs here›``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from imr_desktop.errors import Trouble
from imr_desktop.models.case import Case
from imr_desktop.models.items import DisputedItem

SNIPPETS = "snippets"
"""The setting of the vault that holds the snippets."""

BLANK = re.compile(r"‹[^›\n]*›")
_FIELD = re.compile(r"\{\s*([^{}\n]+?)\s*\}")
_INSIDE = re.compile(r"snippet\s+(.+)", re.IGNORECASE)
_USES_KEPT = 200


class BadSnippet(Trouble):
    """A snippet cannot be kept as it is."""

    advice = "Change its name or abbreviation, then keep it again."


@dataclass(frozen=True, slots=True)
class SnippetUse:
    """Where a snippet was put in: the case's number (or id), the item's ordinal (0: the summary), and the day."""

    case: str
    item: int
    day: date


@dataclass(frozen=True, slots=True)
class Snippet:
    """A phrase by its name; typing ``abbreviation`` and a blank puts it in. ``uses`` is remembered (QC-55)."""

    name: str
    text: str
    abbreviation: str = ""
    uses: tuple[SnippetUse, ...] = ()

    def used(self, use: SnippetUse) -> "Snippet":
        """The snippet with one more use remembered; the oldest of very many are forgotten."""
        return replace(self, uses=(*self.uses, use)[-_USES_KEPT:])

    def told(self) -> str:
        """``Used 3 times, last in CM14-0123456 on 1/8/2015``."""
        if not self.uses:
            return "Not used yet."
        last = self.uses[-1]
        times = "once" if len(self.uses) == 1 else f"{len(self.uses)} times"
        cases = len({use.case for use in self.uses})
        over = f" in {cases} cases" if cases > 1 else ""
        return f"Used {times}{over}, last in {last.case} on {last.day.month}/{last.day.day}/{last.day.year}."


@dataclass(frozen=True, slots=True)
class Expanded:
    """A snippet's text for one place: fields filled, what could not be filled left as a blank, and what was wrong."""

    text: str
    blanks: int
    notes: tuple[str, ...] = ()


def fields_of(case: Case, item: DisputedItem | None) -> dict[str, str]:
    """What each field stands for; empty where the case does not say."""
    header = case.header

    def day(value: date | None) -> str:
        return "" if value is None else f"{value.month}/{value.day}/{value.year}"

    birth, decided = header.employee.birth_date, header.decision_date or header.date_assigned
    age = ""
    if birth is not None and decided is not None:
        age = str(decided.year - birth.year - ((decided.month, decided.day) < (birth.month, birth.day)))
    return {
        "item": "" if item is None else " ".join(item.heading.split()),
        "item.number": "" if item is None else str(case.ordinal(item.id)),
        "item.side": "" if item is None or item.quantity.side is None else item.quantity.side.value,
        "item.body_part": "" if item is None else item.quantity.body_part,
        "outcome": "" if item is None or item.outcome is None else item.outcome.value,
        "worker.name": header.employee.name,
        "worker.age": age,
        "injury.date": day(None if header.date_of_injury is None else header.date_of_injury.first),
        "ur.date": day(header.ur_decision_date),
        "decision.date": day(header.decision_date),
        "physician": header.requesting_physician.name,
        "case.number": header.case_number,
    }


def expand(text: str, case: Case, item: DisputedItem | None, others: Sequence[Snippet] = ()) -> Expanded:
    """A snippet's text with its fields filled in; a snippet that contains itself leaves a blank and says so."""
    notes: list[str] = []
    made = _filled(text, fields_of(case, item), {each.name.casefold(): each for each in others}, (), notes)
    return Expanded(made, len(BLANK.findall(made)), tuple(dict.fromkeys(notes)))


def _filled(
    text: str, fields: Mapping[str, str], others: Mapping[str, Snippet], above: tuple[str, ...], notes: list[str]
) -> str:
    def fill(found: re.Match[str]) -> str:
        name = found.group(1)
        inside = _INSIDE.fullmatch(name)
        if inside is None:
            if name not in fields:
                notes.append(f"There is no field “{name}”; a blank stands in its place.")
            return fields.get(name) or f"‹{name}›"
        named = inside.group(1).casefold()
        if named in above:
            notes.append(f"The snippet “{inside.group(1)}” names itself; a blank stands in its place.")
            return f"‹{inside.group(1)}›"
        if named not in others:
            notes.append(f"There is no snippet “{inside.group(1)}”; a blank stands in its place.")
            return f"‹{inside.group(1)}›"
        return _filled(others[named].text, fields, others, (*above, named), notes)

    return _FIELD.sub(fill, text)


def checked(snippets: Sequence[Snippet]) -> tuple[Snippet, ...]:
    """The snippets as they may be kept; BadSnippet for one without a name, or two of one name or abbreviation."""
    names: set[str] = set()
    keys: set[str] = set()
    for each in snippets:
        name, key = each.name.strip().casefold(), each.abbreviation.strip().casefold()
        if not name or not each.text.strip():
            raise BadSnippet("A snippet needs a name and a text.")
        if name in names:
            raise BadSnippet(f"Two snippets are called “{each.name}”.")
        if key and (key in keys or " " in key):
            raise BadSnippet(f"The abbreviation “{each.abbreviation}” cannot be used.")
        names.add(name)
        keys.add(key)
    return tuple(snippets)


def to_setting(snippets: Sequence[Snippet]) -> list[dict[str, Any]]:
    """The snippets as the vault keeps them."""
    return [
        {
            "name": each.name,
            "text": each.text,
            "abbreviation": each.abbreviation,
            "uses": [[use.case, use.item, use.day.isoformat()] for use in each.uses],
        }
        for each in snippets
    ]


def from_setting(kept: Any) -> tuple[Snippet, ...]:
    """The snippets that the vault kept; none where none were."""
    return tuple(
        Snippet(
            row["name"],
            row["text"],
            row.get("abbreviation", ""),
            tuple(SnippetUse(case, int(item), date.fromisoformat(day)) for case, item, day in row.get("uses", ())),
        )
        for row in kept or ()
    )


_FACTS = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\b\d{1,3}[- ]year[- ]old\b|\b(?:left|right|bilateral(?:ly)?)\b"
    r"|\b(?:male|female|man|woman|he|she|his|her|him)\b|\b[CLTS]\d(?:[-/][CLTS]?\d)?\b"
    r"|#?\b\d+(?:[.,/]\d+)*\b%?",
    re.IGNORECASE,
)


def blanked(text: str, names: Sequence[str] = ()) -> str:
    """A rationale for another case: dates, ages, sexes, sides, levels, numbers and names become blanks (row W11).

    Anchors fall away, because they point at another record.
    """
    bare = re.sub(r"\s*\[\[e:[0-9a-z]+\]\]", "", text)
    for name in sorted({name for name in names if len(name) > 1}, key=len, reverse=True):
        bare = re.sub(rf"\b{re.escape(name)}\b", "‹name›", bare, flags=re.IGNORECASE)
    return "".join(
        piece if BLANK.fullmatch(piece) else _FACTS.sub(lambda found: f"‹{_kind(found.group())}›", piece)
        for piece in re.split(r"(‹[^›\n]*›)", bare)
    )


def carried(text: str, source: DisputedItem, target: DisputedItem) -> str:
    """A rationale copied to another item of the case: what must differ becomes a blank; anchors stay.

    Blanks: the other item's wording, its side, levels and numbers, and a closing that says the other outcome.
    """
    wording = " ".join(source.heading.split())
    if wording and wording != " ".join(target.heading.split()):
        text = re.sub(re.escape(wording), f"‹not {wording}›", text, flags=re.IGNORECASE)
    facts = {found.group() for found in _FACTS.finditer(source.heading)} - set(_FACTS.findall(target.heading))
    for fact in sorted(facts, key=len, reverse=True):
        text = _blank_out(text, fact)
    if source.outcome is not target.outcome:
        text = _NECESSITY.sub(lambda found: f"‹{found.group()}?›", text)
    return text


def _blank_out(text: str, fact: str) -> str:
    pattern = re.compile(rf"(‹[^›\n]*›|\[\[e:[0-9a-z]+\]\])|(?<!\w){re.escape(fact)}(?!\w)", re.IGNORECASE)
    return pattern.sub(lambda found: found[1] or f"‹not {fact}›", text)


_NECESSITY = re.compile(r"\b(?:is|are|was|were) (?:not )?medically necessary\b", re.IGNORECASE)


def _kind(fact: str) -> str:
    low = fact.casefold()
    if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", low):
        return "date"
    if "year" in low:
        return "age"
    if low.startswith(("left", "right", "bilateral")):
        return "side"
    if re.fullmatch(r"[clts]\d.*", low):
        return "level"
    return "number" if any(mark.isdigit() for mark in low) else "sex"
