# SPDX-License-Identifier: AGPL-3.0-or-later
"""A scaffold of the clinical case summary in the usual order, made only of what was gathered; it holds no opinion.

Each sentence rests on evidence or on a document; what nothing supports stays empty (reference 3.5, row W5).
"""

from collections.abc import Callable, Iterator
from datetime import date

from imr_desktop import assets
from imr_desktop.casework.evidence_use import uses
from imr_desktop.models.case import Case
from imr_desktop.models.evidence import Evidence, Passage, PassagePart
from imr_desktop.models.items import UrOutcome
from imr_desktop.models.narrative import Anchor, Narrative, plain
from imr_desktop.models.records import Document, DocumentType, PageRef

_SEEN_IN = frozenset({DocumentType.PROGRESS_REPORT, DocumentType.CONSULTATION, DocumentType.INITIAL_REPORT})


def scaffold(case: Case, new_id: Callable[[], str]) -> tuple[Narrative, tuple[Evidence, ...]]:
    """The scaffold, and the evidence that it adds: whole documents that a sentence rests on and nothing anchors yet."""
    made = _Scaffold(case, new_id)
    paragraphs = [" ".join(part) for part in made.parts() if part]
    return Narrative("\n".join(paragraphs)), tuple(made.added)


class _Scaffold:
    def __init__(self, case: Case, new_id: Callable[[], str]) -> None:
        self._case, self._new_id = case, new_id
        self.added: list[Evidence] = []
        self._whole: dict[str, str] = {}

    def parts(self) -> Iterator[list[str]]:
        """The paragraphs in the usual order, each a list of sentences."""
        groups = self._grouped()
        yield [*self._who(), *map(self._quoted, groups["mechanism"])]
        yield [self._quoted(each) for each in groups["diagnosis"]]
        yield [self._quoted(each) for each in groups["treatment"]]
        yield [*map(self._quoted, groups["finding"]), *self._last_visit()]
        yield [*self._requested(), *self._decided()]

    def _grouped(self) -> dict[str, list[Evidence]]:
        """Evidence by what its own words speak of; what words an item or belongs to one alone stays with the item."""
        table: dict[str, list[str]] = assets.table("tables/scaffold.toml")["groups"]
        groups: dict[str, list[Evidence]] = {name: [] for name in (*table, "finding")}
        served = uses(self._case)
        for evidence in sorted(self._case.evidence, key=lambda each: self._day(each) or date.max):
            if any(use.how.value == "wording" for use in served[evidence.id]) or not evidence.passage.text.strip():
                continue
            said = f"{evidence.passage.text} {evidence.note}".casefold()
            name = next((name for name, signs in table.items() if any(sign in said for sign in signs)), "finding")
            groups[name].append(evidence)
        return groups

    def _who(self) -> list[str]:
        header, document = self._case.header, self._of_type(DocumentType.APPLICATION)
        if header.date_of_injury is None:
            return []
        birth, decided = header.employee.birth_date, header.decision_date or header.date_assigned
        age = "‹age›"
        if birth is not None and decided is not None:
            age = str(decided.year - birth.year - ((decided.month, decided.day) < (birth.month, birth.day)))
        injured = _written(header.date_of_injury.first)
        said = f"The claimant is a {age} year old ‹sex› who sustained a work related injury on {injured}"
        return [f"{said}{self._resting_on(document)}."]

    def _last_visit(self) -> list[str]:
        seen = [each for each in self._case.documents if each.type in _SEEN_IN and each.date is not None]
        if not seen:
            return []
        last = max(seen, key=lambda each: each.date or date.min)
        return [f"The last visit on record is of {_written(last.date)}{self._resting_on(last)}."]

    def _requested(self) -> list[str]:
        document = self._of_type(DocumentType.RFA)
        said = []
        for item in self._case.items:
            wording = " ".join((item.requested.wording or item.heading).split())
            if wording:
                rests = f" {Anchor(item.rfa_ref[0]).token()}" if item.rfa_ref else self._resting_on(document)
                said.append(f"Requested: {plain(wording)}{rests}.")
        return said

    def _decided(self) -> list[str]:
        decided, document = self._case.header.ur_decision_date, self._of_type(DocumentType.UR_DETERMINATION)
        if decided is None or not self._case.items:
            return []
        outcomes = {item.ur_outcome for item in self._case.items}
        did = "decided on the request"
        if outcomes == {UrOutcome.DENIED}:
            did = "denied the request"
        elif outcomes == {UrOutcome.MODIFIED}:
            did = "modified the request"
        return [f"Utilization review {did} on {_written(decided)}{self._resting_on(document)}."]

    def _quoted(self, evidence: Evidence) -> str:
        words = plain(" ".join(evidence.passage.text.split()).rstrip(".;, "))
        day = f"On {_written(evidence.fact_date)}: " if evidence.fact_date is not None else ""
        return f"{day}“{words}” {Anchor(evidence.id).token()}."

    def _resting_on(self, document: Document | None) -> str:
        if document is None or not document.pages or not document.pages[0].source:
            return ""
        if document.id not in self._whole:
            self._whole[document.id] = self._anchor_for(document)
        return f" {Anchor(self._whole[document.id]).token()}"

    def _anchor_for(self, document: Document) -> str:
        for evidence in self._case.evidence:
            passage = evidence.passage
            if not passage.text and not passage.parts[0].boxes and document.holds(passage.start):
                return evidence.id
        fresh = whole_document(document, self._new_id())
        self.added.append(fresh)
        return fresh.id

    def _of_type(self, kind: DocumentType) -> Document | None:
        found = [each for each in self._case.documents if each.type is kind and each.pages]
        decided = self._case.header.ur_decision_date
        if kind is DocumentType.UR_DETERMINATION and decided is not None:
            found.sort(key=lambda each: each.date != decided)
        return found[0] if found else None

    def _day(self, evidence: Evidence) -> date | None:
        if evidence.fact_date is not None:
            return evidence.fact_date
        holds = (each for each in self._case.documents if each.holds(evidence.passage.start))
        return next((each.date for each in holds), None)


def whole_document(document: Document, evidence_id: str) -> Evidence:
    """Evidence that rests on a document as a whole, from its first page; IndexError for one without pages."""
    span = document.pages[0]
    return Evidence(evidence_id, Passage((PassagePart(PageRef(span.source, span.first), ()),)))


def _written(day: date | None) -> str:
    return "" if day is None else f"{day.month}/{day.day}/{day.year}"
