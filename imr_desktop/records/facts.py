# SPDX-License-Identifier: AGPL-3.0-or-later
"""The facts of a case as its application, denial and request print them: proposed with their page, never filled in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from imr_desktop import assets
from imr_desktop.models.days import days_in
from imr_desktop.models.records import DocumentType, PageRef

_LABEL_FITS = 88.0
_ITEM = re.compile(r"^\s*(\d{1,2})\s*[.):]\s*(\S.{5,240})$")
_TREATMENTS = re.compile(
    r"disputed (?:medical )?treatment|treatments? in dispute|requested treatment|following treatment", re.IGNORECASE
)
_VERDICT = re.compile(
    r"[\s:;,-]+((?:non[- ]?certified|not certified|denied|den(?:y|ial)|not medically necessary|modif\w+"
    r"|partially certified|certified|approved)\b.*)$",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"(?:#\s?|quantity:?\s*|qty:?\s*|x\s?)(\d{1,4})\b|\b(\d{1,4})\s+(?:visits|sessions|grams|tablets|capsules|days?\b|units)",
    re.IGNORECASE,
)
_ROWS = re.compile(r"\b(?:diagnos[ie]s|icd)\b.*\b(?:service|procedure|treatment|requested)", re.IGNORECASE)
_ROW = re.compile(r"(?:^|\s)(?:[A-TV-Z]\d[0-9A-Z](?:\.\w{1,4})?|\d{3}\.\d{1,2})\s+(\S.{5,200}?)(?:\s+(\d{1,4}))?$")
_SIGNED = re.compile(r"\b(?:date|signature)\s*:", re.IGNORECASE)
_LOOKED_INTO = frozenset({DocumentType.APPLICATION, DocumentType.UR_DETERMINATION, DocumentType.RFA})


@dataclass(frozen=True, slots=True)
class Fact:
    """A value proposed for a field of the case header (``employee.name``), its page, and the line it stands in.

    A day is given as ISO 8601.
    """

    field: str
    value: str
    page: PageRef
    line: str
    type: DocumentType


@dataclass(frozen=True, slots=True)
class ItemFact:
    """A disputed treatment as a document words it: its number there, quantity (0 if none is told) and UR's verdict."""

    number: int
    wording: str
    quantity: int
    verdict: str
    page: PageRef
    type: DocumentType


@dataclass(frozen=True, slots=True)
class Facts:
    """What one document says."""

    facts: tuple[Fact, ...] = ()
    items: tuple[ItemFact, ...] = ()


def facts(kind: DocumentType, pages: Sequence[tuple[PageRef, Sequence[str]]]) -> Facts:
    """The facts that a document of this kind prints, page by page; nothing from kinds that do not state the case's."""
    if kind not in _LOOKED_INTO:
        return Facts()
    found: dict[str, Fact] = {}
    items: dict[int, ItemFact] = {}
    listed, in_rows = kind is DocumentType.UR_DETERMINATION, False
    for ref, lines in pages:
        for line in lines:
            if kind is DocumentType.RFA:
                in_rows = (in_rows or _ROWS.search(line) is not None) and not _SIGNED.search(line)
                row = _requested(line, ref, len(items) + 1) if in_rows else None
                if row is not None:
                    items[row.number] = row
                    continue
            fact = _fact(line, ref, kind)
            if fact is not None:
                found.setdefault(fact.field, fact)
            listed = listed or _TREATMENTS.search(line) is not None
            item = _item(line, ref, kind) if listed else None
            if item is not None and item.number == len(items) + 1:
                items[item.number] = item
    return Facts(tuple(found.values()), tuple(items.values()))


def _fact(line: str, ref: PageRef, kind: DocumentType) -> Fact | None:
    label, colon, rest = line.partition(":")
    value = rest.strip(" _-.;")
    plain = " ".join(re.sub(r"[^a-z0-9 ]", " ", label.lower()).split())
    if not colon or not value or not plain:
        return None
    best = max(((fuzz.ratio(plain, known), field, form) for field, form, known in _labels()), default=None)
    if best is None or best[0] < _LABEL_FITS:
        return None
    _, field, form = best
    if form == "day":
        day = next(days_in(value), None)
        if day is None:
            return None
        value = day.day.isoformat()
    return Fact(field, value, ref, line, kind)


def _requested(line: str, ref: PageRef, number: int) -> ItemFact | None:
    """A row of the form's table: diagnosis, its code, what is requested, how many."""
    found = _ROW.search(line)
    if found is None or not re.search(r"[^\W\d_]{3}", found[1]):
        return None
    return ItemFact(number, found[1].strip(), int(found[2] or 0), "", ref, DocumentType.RFA)


def _item(line: str, ref: PageRef, kind: DocumentType) -> ItemFact | None:
    found = _ITEM.match(line)
    if found is None or not re.search(r"[^\W\d_]{3}", found[2]):
        return None
    wording = found[2].strip()
    verdict = _VERDICT.search(wording) if kind is DocumentType.UR_DETERMINATION else None
    if kind is DocumentType.UR_DETERMINATION and verdict is None:
        return None
    if verdict is not None:
        wording = wording[: verdict.start()].strip()
    counted = _QUANTITY.search(wording)
    quantity = int(counted[1] or counted[2]) if counted else 0
    return ItemFact(int(found[1]), wording, quantity, verdict[1] if verdict else "", ref, kind)


@assets.from_tables
def _labels() -> tuple[tuple[str, str, str], ...]:
    rows = assets.table("tables/fact_labels.toml")["fact"]
    return tuple((row["field"], row["kind"], label) for row in rows for label in row["labels"])
