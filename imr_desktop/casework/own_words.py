# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search in the reviewer's own text: summaries, rationales, headings, evidence and notes of all cases, old ones too."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from imr_desktop.casework import query
from imr_desktop.casework.search import stands
from imr_desktop.models.case import Case
from imr_desktop.models.places import Part, Place
from imr_desktop.storage import Vault

_AROUND = 70
_TOKEN = re.compile(r"\s*\[\[e:[^\]]*\]\]")


@dataclass(frozen=True, slots=True)
class OwnHit:
    """One place in the reviewer's own text: its case, whether that is archived, its day, what it is and the words.

    ``day`` is the decision's date, else the day on which the case was assigned.
    """

    case_id: str
    case_name: str
    archived: bool
    day: date | None
    what: str
    place: Place
    before: str
    text: str
    after: str


def search_own(vault: Vault, text: str) -> Iterator[OwnHit]:
    """Every place where the reviewer wrote the words, case after case; CannotSearch before the first."""
    node = query.parse(text)
    found = [(case.id, False) for case in vault.cases()] + [(kept.case.id, True) for kept in vault.archived()]
    for case_id, archived in found:
        case = vault.case(case_id).read()
        header = case.header
        name = header.case_number or header.employee.name or "Case without a number"
        for what, place, written in _written(case):
            spans = stands(node, written)
            if spans:
                begin, end = spans[0]
                yield OwnHit(
                    case_id,
                    name,
                    archived,
                    header.decision_date or header.date_assigned,
                    what,
                    place,
                    written[max(0, begin - _AROUND) : begin],
                    written[begin:end],
                    written[end : end + _AROUND],
                )


def _written(case: Case) -> Iterator[tuple[str, Place, str]]:
    for paragraph in case.clinical_summary.text.split("\n"):
        yield "Summary", Place(Part.SUMMARY), _TOKEN.sub("", paragraph)
    for number, item in enumerate(case.items, 1):
        yield f"Heading of item {number}", Place(Part.ITEMS, item.id, "heading"), item.heading
        for paragraph in item.rationale.text.split("\n"):
            yield f"Rationale of item {number}", Place(Part.ITEMS, item.id, "rationale"), _TOKEN.sub("", paragraph)
    for kept in case.evidence:
        first = kept.passage.parts[0]
        place = Place(Part.RECORDS, page=first.page)
        yield "Evidence", place, kept.passage.text
        yield "Note on evidence", place, kept.note
