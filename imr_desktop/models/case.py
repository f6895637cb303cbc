# SPDX-License-Identifier: AGPL-3.0-or-later
"""The case: one IMR assignment with its identifiers, dates, parties, sources, documents, evidence and items."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from imr_desktop.models.answers import Answers
from imr_desktop.models.evidence import Evidence
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import Document, PageRef, SourceFile


class Priority(StrEnum):
    """How fast the determination is owed (8 CCR 9792.10.4(c))."""

    STANDARD = "Standard"
    EXPEDITED = "Expedited"


class DisputeKind(StrEnum):
    """Which deadline rule applies (LC 4610.6(d)(1))."""

    GENERAL = "general"
    FORMULARY = "formulary"


@dataclass(frozen=True, slots=True)
class InjuryDate:
    """The day of the injury, or the first and last day of a cumulative trauma."""

    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError("a cumulative trauma cannot end before it begins")

    @classmethod
    def from_iso(cls, text: str) -> "InjuryDate":
        """Read ``2005-01-18`` or the ISO 8601 interval ``2004-01-01/2005-01-18``; ValueError otherwise."""
        first, slash, last = text.partition("/")
        return cls(date.fromisoformat(first), date.fromisoformat(last) if slash else None)

    def iso(self) -> str:
        """The ISO 8601 day or interval."""
        return self.first.isoformat() if self.last is None else f"{self.first.isoformat()}/{self.last.isoformat()}"

    def printed(self) -> str:
        """As letters print it: MM/DD/YYYY, two of them for a cumulative trauma."""
        days = (self.first,) if self.last is None else (self.first, self.last)
        return " - ".join(day.strftime("%m/%d/%Y") for day in days)


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody a letter is addressed or copied to."""

    name: str = ""
    organisation: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Employee:
    """The injured worker; where a representative is named, the letter goes to the representative."""

    name: str = ""
    address: tuple[str, ...] = ()
    representative: Party | None = None
    birth_date: date | None = None


@dataclass(frozen=True, slots=True)
class RequestingPhysician:
    """The physician whose request was denied or modified."""

    name: str = ""
    organisation: str = ""
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Employer:
    """The employer at the time of injury."""

    name: str = ""
    address: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimsAdministrator:
    """The insurer, self-insured employer or third-party administrator whose UR decision is disputed."""

    company: str = ""
    examiner: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs the party letter: the organisation's Medical Director, never the reviewer (LC 4610.6(f))."""

    name: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class ReReview:
    """A new review after an appeal: the determination set aside and the fact found plainly wrong (LC 4610.6(i))."""

    case_number: str
    finding: str = ""


@dataclass(frozen=True, slots=True)
class Imro:
    """The Independent Medical Review Organization as its letters name it."""

    name: str = ""
    guideline_label: str = ""
    address: tuple[str, ...] = ()
    phone: str = ""
    fax: str = ""
    signatory: Signatory = Signatory()
    case_number_pattern: str = ""


@dataclass(frozen=True, slots=True)
class CaseHeader:
    """Identifiers, dates and parties of the case (reference 3.1); every date is a calendar day."""

    case_number: str = ""
    claim_number: str = ""
    adj_number: str = ""
    date_of_injury: InjuryDate | None = None
    ur_decision_date: date | None = None
    application_received: date | None = None
    date_assigned: date | None = None
    documents_complete: date | None = None
    decision_date: date | None = None
    letter_date: date | None = None
    priority: Priority = Priority.STANDARD
    dispute_kind: DisputeKind = DisputeKind.GENERAL
    employee: Employee = Employee()
    requesting_physician: RequestingPhysician = RequestingPhysician()
    employer: Employer = Employer()
    claims_administrator: ClaimsAdministrator = ClaimsAdministrator()
    cc: tuple[Party, ...] = ()
    treatments_in_dispute_raw: str = ""
    consolidated_applications: tuple[str, ...] = ()
    re_review_of: ReReview | None = None


@dataclass(frozen=True, slots=True)
class PrintedSection:
    """A part of a published letter that no field of ours holds, kept word for word."""

    heading: str
    paragraphs: tuple[str, ...]
    before: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a corrected letter says of itself: which correction it is (from 1), of what was issued when, what and why.

    ``replaces`` is the digest of the determination that was issued before.
    """

    number: int
    issued: date
    replaces: str
    what: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class LetterText:
    """How this letter words what is otherwise generated.

    ``format`` names the wording table; ``printed`` keeps, by the table's slot, the paragraphs of a published letter
    that differ from it, so that nothing a letter says is lost. ``correction`` is there once a letter was issued before.
    """

    format: str = "fdl-2016"
    printed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    other_sections: tuple[PrintedSection, ...] = ()
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """One IMR assignment and all the work done on it; items stand in the order of the letter."""

    id: str
    header: CaseHeader = CaseHeader()
    imro: Imro = Imro()
    sources: tuple[SourceFile, ...] = ()
    documents: tuple[Document, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    clinical_summary: Narrative = Narrative()
    items: tuple[DisputedItem, ...] = ()
    letter: LetterText = field(default_factory=LetterText)
    answers: Answers = Answers()

    def named(self) -> tuple[str, ...]:
        """Everybody whom the letter may name: their family names tell nobody else."""
        header = self.header
        people = (
            header.employee.name,
            "" if header.employee.representative is None else header.employee.representative.name,
            header.requesting_physician.name,
            header.claims_administrator.examiner,
            self.imro.signatory.name,
            *(party.name for party in header.cc),
            *(document.author for document in self.documents),
        )
        return tuple(dict.fromkeys(name for name in people if name.strip()))

    def item(self, item_id: str) -> DisputedItem:
        """The item with this id; KeyError if there is none."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise KeyError(item_id)

    def document_at(self, page: PageRef) -> Document | None:
        """The document that a page belongs to, if one has been made out; where two claim it, the first."""
        return next((document for document in self.documents if document.holds(page)), None)

    def ordinal(self, item_id: str) -> int:
        """The item's number in the letter, from 1; KeyError if there is none."""
        return self.items.index(self.item(item_id)) + 1
