# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands around the determination itself: letterhead, addressee, header table, statement, signatures, copies."""

from datetime import date

from imr_desktop.letter import wording as wordings
from imr_desktop.letter.blocks import (
    Block,
    Cell,
    HeaderTable,
    Letterhead,
    Lines,
    Origin,
    Paragraph,
    SectionTitle,
    Signature,
    SignHere,
    Title,
)
from imr_desktop.letter.renditions import (
    Letter,
    PartyHeader,
    PartyLetter,
    PublicHeader,
    PublicLetter,
    SubmissionLetter,
    Worker,
    rendition_of,
)
from imr_desktop.letter.slots import Slots, listed
from imr_desktop.models.case import Imro, Party
from imr_desktop.models.places import Part, Place

REVIEWER, DIRECTOR, ISSUER = "Reviewer", "MedicalDirector", "Issuer"
"""The names of the signature fields: of the submission's two, and of the party letter's one."""

_REVIEWER_SIGNS = (
    SignHere(REVIEWER, "Seal of the reviewer", closes=False),
    SignHere(DIRECTOR, "Countersignature of the Medical Director"),
)
_ISSUER_SIGNS = (SignHere(ISSUER, "Seal of the organization"),)
_IMRO = Origin("the organisation's letterhead", Place(Part.HEADER, field="imro.name"))
# Fields of the header table that the case keeps under another name.
_KEPT_AS = {"treatments_in_dispute": "treatments_in_dispute_raw"}


def public_header(letter: Letter) -> PublicHeader:
    """The fields of the header that every rendition shows."""
    if isinstance(letter, PublicLetter):
        return letter.header
    return party_header(letter).public


def party_header(letter: PartyLetter | SubmissionLetter) -> PartyHeader:
    """The fields of the header that the parties see."""
    return letter.header.party if isinstance(letter, SubmissionLetter) else letter.header


def organisation(letter: Letter) -> str:
    """The name of the review organisation."""
    return letter.organisation.name if isinstance(letter, PublicLetter) else letter.imro.name


def letterhead(letter: Letter, slots: Slots) -> list[Block]:
    """The organisation's name, address and telephone; no public copy has them."""
    if isinstance(letter, PublicLetter):
        return []
    imro = letter.imro
    reached = slots.line("letterhead_join").join(_reached(imro, slots))
    lines = listed(", ".join(imro.address), reached)
    return [Letterhead(name, lines, _IMRO) for name in listed(imro.name)]


def _reached(imro: Imro, slots: Slots) -> list[str]:
    phone = slots.line("letterhead_phone", phone=imro.phone) if imro.phone.strip() else ""
    fax = slots.line("letterhead_fax", fax=imro.fax) if imro.fax.strip() else ""
    return [f" {text} " for text in (phone, fax) if text]


def title(letter: Letter, slots: Slots) -> list[Block]:
    """What the letter is called."""
    slot = f"title_{rendition_of(letter)}"
    return [Title(text, _wording(slot)) for text in slots.paragraphs(slot)]


def letter_date(letter: Letter, slots: Slots) -> list[Block]:
    """The day of mailing, from which the appeal's thirty days are counted."""
    if isinstance(letter, PublicLetter):
        return []
    day = party_header(letter).letter_date
    if day is None:
        return []
    text = slots.line("letter_date", date=_day(day))
    return [Lines((text,), _header("letter_date", "the letter's date"))] if text else []


def addressee(letter: Letter, _: Slots) -> list[Block]:
    """Name and address for the envelope's window: the worker's representative, else the worker."""
    if not isinstance(letter, PartyLetter):
        return []
    lines = _address_lines(_addressed(letter.header.employee))
    return [Lines(lines, _header("employee", "the addressee"), window=True)] if lines else []


def _addressed(worker: Worker) -> Party:
    return worker.representative or Party(name=worker.name, address=worker.address)


def _address_lines(party: Party) -> tuple[str, ...]:
    return listed(party.name, party.organisation, *party.address)


def salutation(letter: Letter, slots: Slots) -> list[Block]:
    """The greeting to whoever the letter is addressed to."""
    slot, fields = "salutation_submission", {"imro": organisation(letter)}
    if isinstance(letter, PartyLetter):
        to = _addressed(letter.header.employee)
        name = to.name.strip() or to.organisation
        slot, fields = ("salutation_party", {"addressee": name}) if name.strip() else ("salutation_unnamed", {})
    return [Paragraph(text, _wording(slot)) for text in slots.paragraphs(slot, **fields)]


def opening(letter: Letter, slots: Slots) -> list[Block]:
    """The sentences that say what this letter is."""
    slot = f"opening_{'submission' if isinstance(letter, SubmissionLetter) else 'party'}"
    texts = slots.paragraphs(slot, imro=organisation(letter))
    return [Paragraph(text, _wording(slot)) for text in texts]


def header(letter: Letter, slots: Slots) -> list[Block]:
    """The table of identifiers, dates and parties; a field without a value leaves no empty label."""
    values = _values(letter, slots)
    rows = []
    for names in wordings.header_rows(slots.texts.wording, rendition_of(letter)):
        cells = tuple(
            Cell(label, lines, _header(name, f"the header table, {label.rstrip(':')}"))
            for name in names
            for lines in (listed(*values.get(name, ())),)
            for label in (slots.line(f"header_{name}"),)
            if lines and label
        )
        if cells:
            rows.append(cells)
    return [HeaderTable(tuple(rows), _header("", "the header table"))] if rows else []


def _values(letter: Letter, slots: Slots) -> dict[str, tuple[str, ...]]:
    shown = public_header(letter)
    injury = shown.date_of_injury
    values: dict[str, tuple[str, ...]] = {
        "case_number": (shown.case_number,),
        "date_of_injury": ("" if injury is None else injury.printed(),),
        "ur_decision_date": (_day(shown.ur_decision_date),),
        "application_received": (_day(shown.application_received),),
        "date_assigned": (_day(shown.date_assigned),),
        "decision_date": (_day(shown.decision_date),),
        "priority": (slots.line(f"value_priority_{shown.priority.value.lower()}"),),
    }
    if not isinstance(letter, PublicLetter):
        values |= _party_values(party_header(letter), slots)
    if isinstance(letter, SubmissionLetter):
        values |= _submission_values(letter, slots)
    return values


def _party_values(header: PartyHeader, slots: Slots) -> dict[str, tuple[str, ...]]:
    worker, physician, claims = header.employee, header.requesting_physician, header.claims_administrator
    represented = "" if worker.representative is None else ", ".join(_address_lines(worker.representative)[:2])
    if represented:
        represented = slots.line("value_representative", representative=represented)
    return {
        "claim_number": (header.claim_number,),
        "employee": (_joined(worker.name, represented), _joined(*worker.address)),
        "requesting_physician": (_joined(physician.name, physician.organisation), _joined(*physician.address)),
        "employer": (header.employer.name, _joined(*header.employer.address)),
        "claims_administrator": (
            claims.company,
            slots.line("value_examiner", examiner=claims.examiner) if claims.examiner.strip() else "",
            _joined(*claims.address),
            slots.line("value_phone", phone=claims.phone) if claims.phone.strip() else "",
        ),
        "consolidated_applications": (_joined(*header.consolidated_applications),),
    }


def _submission_values(letter: SubmissionLetter, slots: Slots) -> dict[str, tuple[str, ...]]:
    header = letter.header
    again = header.re_review_of
    return {
        "dispute_kind": (slots.line(f"value_dispute_{header.dispute_kind.value}"),),
        "adj_number": (header.adj_number,),
        "treatments_in_dispute": tuple(header.treatments_in_dispute.split("\n")),
        "re_review_of": () if again is None else (again.case_number, *again.finding.split("\n")),
    }


def statement(letter: Letter, slots: Slots) -> list[Block]:
    """What the letter as a whole decides, derived from its items (reference 3.2)."""
    outcome = letter.body.outcome
    origin = Origin("the determination statement", Place(Part.ITEMS))
    if outcome is None:
        return [Paragraph(text, origin) for text in slots.paragraphs("statement_undecided")]
    name = outcome.value.lower()
    lead = slots.line("statement_lead", outcome=slots.line(f"outcome_{name}"))
    first, *rest = slots.paragraphs(f"statement_{name}") or ("",)
    return [Paragraph(first, origin, lead), *(Paragraph(text, origin) for text in rest)]


def binding(letter: Letter, slots: Slots) -> list[Block]:
    """That the determination binds all parties, and how it can be appealed."""
    texts = slots.paragraphs("binding", imro=organisation(letter))
    return [Paragraph(text, _wording("binding")) for text in texts]


def signature(letter: Letter, slots: Slots) -> list[Block]:
    """Where the reviewer signs; only the submission has it."""
    if not isinstance(letter, SubmissionLetter):
        return []
    reviewer, day = letter.reviewer, public_header(letter).decision_date
    credentials = reviewer.credentials
    join = slots.texts.wording.fill("credentials_join")
    said = {
        "signature_name": ("name", reviewer.name),
        "signature_licence": ("licence", reviewer.licence),
        "signature_states": ("states", join.join(credentials.states_of_licensure)),
        "signature_certifications": ("certifications", join.join(credentials.certifications)),
        "signature_contact": ("contact", _joined(reviewer.email, reviewer.phone)),
        "signature_date": ("date", _day(day)),
    }
    lines = [slots.line(slot, **{field: value}) for slot, (field, value) in said.items() if value.strip()]
    if reviewer.practice_attestation:
        lines.append(slots.line("signature_attestation"))
    origin = Origin("the signature block", Place(Part.REVIEWER))
    titles = [SectionTitle(text, origin) for text in slots.paragraphs("title_signature")]
    return [*titles, Signature("", listed(*lines), slots.line("sealed"), origin, _REVIEWER_SIGNS)]


def signatory(letter: Letter, slots: Slots) -> list[Block]:
    """Where the organisation's Medical Director signs; never the reviewer."""
    if not isinstance(letter, PartyLetter):
        return []
    lines = listed(letter.signatory.name, letter.signatory.title, letter.imro.name)
    origin = Origin("the signature block", Place(Part.LETTER, field="signatory"))
    return [Signature(slots.line("closing"), lines, slots.line("sealed"), origin, _ISSUER_SIGNS)]


def copies(letter: Letter, slots: Slots) -> list[Block]:
    """Who else receives the party letter."""
    if not isinstance(letter, PartyLetter):
        return []
    lines = listed(*(_joined(*_address_lines(party)) for party in letter.cc))
    label = slots.paragraphs("cc_label")
    return [Lines((*label, *lines), _header("cc", "the list of copies"))] if lines else []


def _joined(*texts: str) -> str:
    return ", ".join(text.strip() for text in texts if text.strip())


def _day(day: date | None) -> str:
    return "" if day is None else day.strftime("%m/%d/%Y")


def _header(name: str, says: str) -> Origin:
    return Origin(says, Place(Part.HEADER, field=_KEPT_AS.get(name, name) or None))


def _wording(slot: str) -> Origin:
    return Origin(f"the letter's wording, “{slot}”", Place(Part.LETTER, field=slot))


PARTS = {
    "letterhead": letterhead,
    "title": title,
    "letter_date": letter_date,
    "addressee": addressee,
    "salutation": salutation,
    "opening": opening,
    "header": header,
    "statement": statement,
    "binding": binding,
    "signature": signature,
    "signatory": signatory,
    "cc": copies,
}
