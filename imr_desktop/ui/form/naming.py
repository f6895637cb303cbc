# SPDX-License-Identifier: AGPL-3.0-or-later
"""How evidence is named beside the text: its document, day and case page, and the words that it keeps."""

from dataclasses import dataclass

from imr_desktop.models.case import Case
from imr_desktop.models.evidence import Evidence, Passage
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import Box, PageRef
from imr_desktop.ui.form.labels import document_name

REMOVED = "evidence removed"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the record pane should go: a page, and what to light on it (page points)."""

    page: PageRef
    boxes: tuple[Box, ...] = ()


class EvidenceNames:
    """The evidence of one case by name; made anew whenever evidence, documents or files change."""

    def __init__(self, case: Case) -> None:
        self._case = case
        self._kept = {evidence.id: evidence for evidence in case.evidence}
        self._first = {source.sha256: source.first_case_page for source in case.sources}
        self._labels: dict[str, str] = {}

    def label(self, evidence_id: str) -> str:
        """``PR-2 7/1/2014 p.413``; a sign that it is gone for evidence that was removed."""
        if evidence_id not in self._labels:
            evidence = self._kept.get(evidence_id)
            self._labels[evidence_id] = REMOVED if evidence is None else self._label(evidence)
        return self._labels[evidence_id]

    def quote(self, evidence_id: str) -> str:
        """The words kept, with the note if there is one; a sentence where there are none."""
        evidence = self._kept.get(evidence_id)
        if evidence is None:
            return "The evidence that stood here was removed. Undo brings it back."
        quote = " ".join(evidence.passage.text.split()) or _wordless(evidence)
        if evidence.typed:
            quote = f"{quote} (typed by the reviewer)"
        return f"{quote}\n{evidence.note}" if evidence.note else quote

    def reading(self, text: Narrative) -> str:
        """A narrative to be read through, each anchor by its name in brackets."""
        return "\n".join(text.printed(lambda evidence_id: f"[{self.label(evidence_id)}]"))

    def spot(self, evidence_id: str) -> Spot | None:
        """The page and boxes on which the evidence begins."""
        evidence = self._kept.get(evidence_id)
        if evidence is None:
            return None
        part = evidence.passage.parts[0]
        return Spot(part.page, part.boxes)

    def passage(self, passage: Passage) -> str:
        """Where words of the record stand, as a citation of them says: ``PR-2 7/1/2014 p.413``."""
        return self._place(passage.start)

    def all(self) -> tuple[tuple[str, str], ...]:
        """Every piece of evidence as (id, label), in the order in which it was kept."""
        return tuple((each, self.label(each)) for each in self._kept)

    def case_page(self, ref: PageRef) -> int | None:
        """The case page (from 1) of a page; None where its file is not in the case."""
        first = self._first.get(ref.source)
        return None if first is None else first + ref.page

    def _label(self, evidence: Evidence) -> str:
        return self._place(evidence.passage.start)

    def _place(self, start: PageRef) -> str:
        page = self.case_page(start)
        document = self._case.document_at(start)
        parts = ("" if document is None else document_name(document), "" if page is None else f"p.{page}")
        return " ".join(part for part in parts if part) or "page not in the case"


def _wordless(evidence: Evidence) -> str:
    return "A region without words." if evidence.passage.parts[0].boxes else "The document as a whole."
