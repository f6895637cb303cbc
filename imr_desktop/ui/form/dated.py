# SPDX-License-Identifier: AGPL-3.0-or-later
"""The chronology: everything of the case that has a day, in the order of the days."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from imr_desktop.models.case import Case
from imr_desktop.models.deadlines import Deadline
from imr_desktop.models.records import Document, PageRef
from imr_desktop.ui.form.labels import document_name, type_name
from imr_desktop.ui.form.naming import EvidenceNames, Spot

GAP_DAYS = 90
"""A silence of the record that is longer than this is told."""


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the chronology: the day, what kind of thing it is, what it says, and where it stands."""

    day: date
    kind: str
    says: str
    spot: Spot | None = None
    case_page: int | None = None
    evidence: str | None = None
    document: str | None = None


def chronology(case: Case, names: EvidenceNames, due: Deadline | None = None) -> tuple[Happening, ...]:
    """Case dates, documents by their date and evidence by the day of its fact, earliest first."""
    record = [*_documents(case, names), *_evidence(case, names)]
    found = [*_header(case, due), *record, *_gaps(record)]
    return tuple(sorted(found, key=lambda each: each.day))


def pages_within(document: Document) -> Iterator[PageRef]:
    """The pages of a document, where its file is at hand."""
    for span in document.pages:
        if span.source:
            yield from (PageRef(span.source, page) for page in range(span.first, span.last + 1))


def _gaps(record: Sequence[Happening]) -> list[Happening]:
    """Where the record is silent for more than 90 days, told on the day after the last one that is on record (E6)."""
    days = sorted({each.day for each in record})
    gaps = []
    for before, after in pairwise(days):
        silent = (after - before).days
        if silent > GAP_DAYS:
            says = f"{silent} days without a record, until {after.month}/{after.day}/{after.year}"
            gaps.append(Happening(before + timedelta(days=1), "Gap", says))
    return gaps


def without_day(case: Case) -> tuple[str, ...]:
    """The ids of evidence whose fact has no day yet."""
    return tuple(evidence.id for evidence in case.evidence if evidence.fact_date is None)


def _header(case: Case, due: Deadline | None) -> list[Happening]:
    header = case.header
    injury = header.date_of_injury
    dates = (
        ("Injury", None if injury is None else injury.first),
        ("Injury, last day", None if injury is None else injury.last),
        ("UR decision", header.ur_decision_date),
        ("Application received", header.application_received),
        ("Assigned for review", header.date_assigned),
        ("Documents complete", header.documents_complete),
        ("Decision", header.decision_date),
        ("Determination due", None if due is None else due.due),
    )
    return [Happening(day, "Case", says) for says, day in dates if day is not None]


def _documents(case: Case, names: EvidenceNames) -> list[Happening]:
    found = []
    for document in case.documents:
        if document.date is not None:
            spot = first_page(document)
            page = None if spot is None else names.case_page(spot.page)
            says = ", ".join(part for part in (document.title or type_name(document.type), document.author) if part)
            shown = spot if page is not None else None
            found.append(Happening(document.date, "Document", says, shown, page, document=document.id))
    return found


def _evidence(case: Case, names: EvidenceNames) -> list[Happening]:
    found = []
    for evidence in case.evidence:
        if evidence.fact_date is not None:
            page = names.case_page(evidence.passage.start)
            says = evidence.note or " ".join(evidence.passage.text.split()) or names.label(evidence.id)
            spot = names.spot(evidence.id)
            found.append(Happening(evidence.fact_date, "Fact", says, spot, page, evidence=evidence.id))
    return found


def first_page(document: Document) -> Spot | None:
    """Where a document begins; None where its file is not at hand."""
    if not document.pages or not document.pages[0].source:
        return None
    return Spot(PageRef(document.pages[0].source, document.pages[0].first))


def documents_in_order(case: Case, *, by_date: bool) -> tuple[Document, ...]:
    """The documents as they were added, or by date with undated ones last."""
    if not by_date:
        return case.documents
    return tuple(sorted(case.documents, key=lambda each: (each.date or date.max, document_name(each))))
