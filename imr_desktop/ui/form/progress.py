# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far each part of the case is, in few words, so that nothing is forgotten."""

from dataclasses import dataclass

from imr_desktop.models.case import Case, CaseHeader
from imr_desktop.models.narrative import Narrative


@dataclass(frozen=True, slots=True)
class PartProgress:
    """How far a part is: short words for its tab, a sentence, and whether nothing is left to do."""

    short: str
    sentence: str
    done: bool

    def mark(self) -> str:
        """The short words, with a tick where the part is done."""
        return f"✓ {self.short}".strip() if self.done else self.short


_NEEDED = (
    ("case_number", "case number"),
    ("claim_number", "claim number"),
    ("date_of_injury", "date of injury"),
    ("ur_decision_date", "UR decision date"),
    ("application_received", "application received"),
    ("date_assigned", "date assigned"),
    ("decision_date", "decision date"),
    ("treatments_in_dispute_raw", "treatments in dispute"),
)


def missing_facts(header: CaseHeader) -> tuple[str, ...]:
    """The names of the facts that every letter needs and that are not there yet (reference 3.1)."""
    lacking = [name for field, name in _NEEDED if not getattr(header, field)]
    if not header.employee.name and header.employee.representative is None:
        lacking.append("injured worker")
    if not header.requesting_physician.name:
        lacking.append("requesting physician")
    if not header.employer.name:
        lacking.append("employer")
    if not header.claims_administrator.company:
        lacking.append("claims administrator")
    return tuple(lacking)


def of_case(case: Case) -> PartProgress:
    """The facts that are there, of those that every letter needs; the organisation's two names count with them."""
    lacking = list(missing_facts(case.header))
    lacking += [name for name, value in (("organisation", case.imro.name),) if not value]
    total = len(_NEEDED) + 5
    sentence = f"Still needed: {', '.join(lacking)}." if lacking else "Every required fact is there."
    return PartProgress(f"{total - len(lacking)}/{total}", sentence, not lacking)


def of_documents(case: Case) -> PartProgress:
    """The documents dealt with, of those listed."""
    total = len(case.documents)
    dealt = sum(document.disposition is not None for document in case.documents)
    sentence = f"{dealt} of {total} documents dealt with." if total else "No document is listed yet."
    return PartProgress(f"{dealt}/{total}", sentence, bool(total) and dealt == total)


def of_chronology(case: Case) -> PartProgress:
    """How many dated things the chronology shows."""
    dated = sum(document.date is not None for document in case.documents)
    dated += sum(evidence.fact_date is not None for evidence in case.evidence)
    return PartProgress(f"{dated} dated", f"{dated} documents and facts have a date.", False)


def of_summary(case: Case) -> PartProgress:
    """How long the clinical case summary is."""
    words = word_count(case.clinical_summary)
    return PartProgress(_words(words), f"The summary has {_words(words)}.", words > 0)


def of_items(case: Case) -> PartProgress:
    """The items that are decided and reasoned, of all."""
    total = len(case.items)
    ready = sum(item.outcome is not None and bool(item.rationale) for item in case.items)
    sentence = f"{ready} of {total} items decided and reasoned." if total else "There is no disputed item yet."
    return PartProgress(f"{ready}/{total}", sentence, bool(total) and ready == total)


def word_count(narrative: Narrative) -> int:
    """The words of a narrative; an anchor counts as one."""
    return len(" ".join(narrative.printed(lambda _: " anchor ")).split())


def _words(count: int) -> str:
    return "1 word" if count == 1 else f"{count} words"
