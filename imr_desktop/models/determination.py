# SPDX-License-Identifier: AGPL-3.0-or-later
"""The determination: the whole case frozen at one moment, with its digest."""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property

from imr_desktop.models.case import Case
from imr_desktop.models.items import DisputedItem, LetterOutcome, letter_outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.plain import to_plain
from imr_desktop.models.records import Document
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.models.wording import Wording, guideline_sentence, heading


@dataclass(frozen=True)
class Determination:
    """What is checked is what is printed is what is sealed: the case, the reviewer and the wording, unchangeable."""

    case: Case
    reviewer: Reviewer
    wording: Wording

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over everything the determination holds, in a canonical form."""
        whole = json.dumps(to_plain(self), sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(whole.encode("utf-8")).hexdigest()

    @property
    def outcome(self) -> LetterOutcome | None:
        """What the letter decides, derived from its items."""
        return letter_outcome(self.case.items)

    def document_of(self, evidence_id: str) -> Document | None:
        """The document that a piece of evidence stands in, if it has been made out."""
        for evidence in self.case.evidence:
            if evidence.id == evidence_id:
                start = evidence.passage.start
                return self.case.document_at(start)
        return None

    def anchor_reads(self, evidence_id: str) -> str:
        """How an anchor reads in the letter: by its document's title and date, else by its case page."""
        document = self.document_of(evidence_id)
        if document is not None and document.title and document.date is not None:
            day = f"{document.date.month}/{document.date.day}/{document.date.year}"
            return self.wording.fill("anchor_document", title=document.title, date=day)
        if document is not None and document.title:
            return self.wording.fill("anchor_undated", title=document.title)
        page = self.case_page_of(evidence_id)
        return "" if page is None else self.wording.fill("anchor_page", page=str(page))

    def case_page_of(self, evidence_id: str) -> int | None:
        """The case page (from 1) on which a piece of evidence begins; None if the evidence or its file is gone."""
        for evidence in self.case.evidence:
            if evidence.id == evidence_id:
                start = evidence.passage.start
                for source in self.case.sources:
                    if source.sha256 == start.source:
                        return source.first_case_page + start.page
        return None

    def paragraphs(self, narrative: Narrative) -> tuple[str, ...]:
        """A narrative's paragraphs as printed, anchors read out."""
        return narrative.printed(self.anchor_reads)

    def heading(self, item: DisputedItem) -> str:
        """The item's heading as printed before its outcome."""
        return heading(item, self.wording)

    def ca_sentence(self, item: DisputedItem) -> str:
        """What the claims administrator's guideline line says."""
        return guideline_sentence(item.ca_guideline, "subject_claims_administrator", self.wording)

    def reviewer_sentence(self, item: DisputedItem) -> str:
        """What the reviewer's guideline line says."""
        return guideline_sentence(item.reviewer_guideline, "subject_expert_reviewer", self.wording)
