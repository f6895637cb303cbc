# SPDX-License-Identifier: AGPL-3.0-or-later
"""The three renditions of one determination: what the organisation, the parties and the public may each see of it."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from imr_desktop.models.case import (
    CaseHeader,
    ClaimsAdministrator,
    Correction,
    DisputeKind,
    Employer,
    Imro,
    InjuryDate,
    LetterText,
    Party,
    PrintedSection,
    Priority,
    RequestingPhysician,
    ReReview,
    Signatory,
)
from imr_desktop.models.determination import Determination
from imr_desktop.models.items import LetterOutcome, Outcome
from imr_desktop.models.records import Document
from imr_desktop.models.reviewer import Credentials, Reviewer
from imr_desktop.models.wording import Wording


class Rendition(StrEnum):
    """What one reader may see: reviewer submission (R1), party letter (R2), public copy (R3)."""

    SUBMISSION = "submission"
    PARTY = "party"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Texts:
    """The wording of the letter, and what a published letter printed otherwise, by slot; () there: not printed."""

    wording: Wording
    printed: dict[str, tuple[str, ...]]
    other_sections: tuple[PrintedSection, ...] = ()
    correction: Correction | None = None


@dataclass(frozen=True, slots=True)
class PublicOrganisation:
    """The organisation as a public copy names it: no address, nobody's name."""

    name: str
    guideline_label: str


@dataclass(frozen=True, slots=True)
class PublicHeader:
    """The fields of reference 3.1 that a public copy shows: number, dates, priority."""

    case_number: str
    date_of_injury: InjuryDate | None
    ur_decision_date: date | None
    application_received: date | None
    date_assigned: date | None
    decision_date: date | None
    priority: Priority


@dataclass(frozen=True, slots=True)
class Worker:
    """The injured worker as parties may see them: no birth date."""

    name: str
    address: tuple[str, ...]
    representative: Party | None


@dataclass(frozen=True, slots=True)
class PartyHeader:
    """Identifiers and parties that the party letter shows beyond the public ones."""

    public: PublicHeader
    claim_number: str
    letter_date: date | None
    employee: Worker
    requesting_physician: RequestingPhysician
    employer: Employer
    claims_administrator: ClaimsAdministrator
    consolidated_applications: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SubmissionHeader:
    """The full header, for the organisation alone."""

    party: PartyHeader
    dispute_kind: DisputeKind
    adj_number: str
    treatments_in_dispute: str
    re_review_of: ReReview | None


@dataclass(frozen=True, slots=True)
class PrintedItem:
    """One disputed item as printed; ``id`` leads back to it in the form. A guideline not recorded is not printed."""

    id: str
    ordinal: int
    heading: str
    outcome: Outcome | None
    ca_guideline: str | None
    reviewer_guideline: str | None
    rationale: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Body:
    """What all three renditions say: qualifications, summary and items; paragraphs are printed texts."""

    texts: Texts
    credentials: Credentials
    outcome: LetterOutcome | None
    clinical_summary: tuple[str, ...]
    items: tuple[PrintedItem, ...]


@dataclass(frozen=True, slots=True)
class PublicLetter:
    """The public copy (R3): no name, claim number or address has a place in it."""

    organisation: PublicOrganisation
    header: PublicHeader
    body: Body


@dataclass(frozen=True, slots=True)
class PartyLetter:
    """The party letter (R2): no field can hold the reviewer's name, licence number or contact."""

    imro: Imro
    header: PartyHeader
    body: Body
    documents: tuple[Document, ...]
    signatory: Signatory
    cc: tuple[Party, ...]


@dataclass(frozen=True, slots=True)
class SubmissionLetter:
    """The reviewer's submission to the organisation (R1), personally signed."""

    imro: Imro
    header: SubmissionHeader
    body: Body
    documents: tuple[Document, ...]
    reviewer: Reviewer


Letter = SubmissionLetter | PartyLetter | PublicLetter


def submission(determination: Determination) -> SubmissionLetter:
    """The reviewer's submission of a determination."""
    case = determination.case
    return SubmissionLetter(
        case.imro,
        _submission_header(case.header),
        _body(determination),
        case.documents,
        determination.reviewer,
    )


def party(determination: Determination) -> PartyLetter:
    """The party letter of a determination; signed by the organisation's Medical Director."""
    case = determination.case
    return PartyLetter(
        case.imro,
        _party_header(case.header),
        _body(determination),
        case.documents,
        case.imro.signatory,
        case.header.cc,
    )


def public(determination: Determination) -> PublicLetter:
    """The public copy of a determination."""
    imro = determination.case.imro
    return PublicLetter(
        PublicOrganisation(imro.name, imro.guideline_label),
        _public_header(determination.case.header),
        _body(determination),
    )


def of(determination: Determination, rendition: Rendition) -> Letter:
    """The determination as one reader may see it."""
    if rendition is Rendition.SUBMISSION:
        return submission(determination)
    return party(determination) if rendition is Rendition.PARTY else public(determination)


def rendition_of(letter: Letter) -> Rendition:
    """Which rendition a letter is."""
    if isinstance(letter, SubmissionLetter):
        return Rendition.SUBMISSION
    return Rendition.PARTY if isinstance(letter, PartyLetter) else Rendition.PUBLIC


def _body(determination: Determination) -> Body:
    case = determination.case
    return Body(
        _texts(case.letter, determination.wording),
        determination.reviewer.credentials,
        determination.outcome,
        determination.paragraphs(case.clinical_summary),
        tuple(
            PrintedItem(
                item.id,
                ordinal,
                determination.heading(item),
                item.outcome,
                None if item.ca_guideline is None else determination.ca_sentence(item),
                None if item.reviewer_guideline is None else determination.reviewer_sentence(item),
                determination.paragraphs(item.rationale),
            )
            for ordinal, item in enumerate(case.items, 1)
        ),
    )


def _texts(letter: LetterText, wording: Wording) -> Texts:
    return Texts(wording, letter.printed, letter.other_sections, letter.correction)


def _public_header(header: CaseHeader) -> PublicHeader:
    return PublicHeader(
        header.case_number,
        header.date_of_injury,
        header.ur_decision_date,
        header.application_received,
        header.date_assigned,
        header.decision_date,
        header.priority,
    )


def _party_header(header: CaseHeader) -> PartyHeader:
    worker = header.employee
    return PartyHeader(
        _public_header(header),
        header.claim_number,
        header.letter_date,
        Worker(worker.name, worker.address, worker.representative),
        header.requesting_physician,
        header.employer,
        header.claims_administrator,
        header.consolidated_applications,
    )


def _submission_header(header: CaseHeader) -> SubmissionHeader:
    return SubmissionHeader(
        _party_header(header),
        header.dispute_kind,
        header.adj_number,
        header.treatments_in_dispute_raw,
        header.re_review_of,
    )
