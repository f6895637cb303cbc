# SPDX-License-Identifier: AGPL-3.0-or-later
"""What our own letters have around the determination: letterhead, addressee, parties, statement, signatures, copies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from imr_desktop.letter.published_lines import Row
from imr_desktop.letter.published_paragraphs import Paragraph, paragraph
from imr_desktop.models.case import (
    ClaimsAdministrator,
    DisputeKind,
    Employee,
    Employer,
    Imro,
    Party,
    RequestingPhysician,
    Signatory,
)
from imr_desktop.models.items import LetterOutcome
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.models.wording import Wording

_CELLS = (
    "employee",
    "requesting_physician",
    "employer",
    "claims_administrator",
    "dispute_kind",
    "treatments_in_dispute",
    "consolidated_applications",
)
_OTHER_LABEL = re.compile(r"(?:[A-Z][\w-]*(?: \w+){0,3}):(?: |$)")
_GREETING = re.compile(r"(?:Dear|To) (?P<name>[^.]{1,120}):")


def cells(parts: Sequence[Paragraph], wording: Wording) -> tuple[dict[str, Any], tuple[Paragraph, ...]]:
    """The fields of CaseHeader that the party rows of the header table give, and the paragraphs without those rows."""
    labels = {wording.slots[f"header_{name}"]: name for name in _CELLS}
    found: dict[str, list[str]] = {}
    taken: set[int] = set()
    into: list[str] | None = None
    for row in (row for part in parts for row in part.rows):
        label = next((each for each in labels if row.text.startswith(f"{each} ")), None)
        if label is not None and labels[label] not in found:
            into = found[labels[label]] = [row.text[len(label) :].strip()]
        elif into is not None and _goes_on(row, wording):
            into.append(row.text)
        else:
            into = None
            continue
        taken.add(id(row))
    left = ([row for row in part.rows if id(row) not in taken] for part in parts)
    return _fields(found, wording), tuple(paragraph(rows) for rows in left if rows)


def _goes_on(row: Row, wording: Wording) -> bool:
    """Whether a row of the table is a further line of the cell above it."""
    inner = tuple(wording.slots[slot].split("{")[0] for slot in ("value_examiner", "value_phone"))
    return not row.gap and not row.opens_page and (row.text.startswith(inner) or not _OTHER_LABEL.match(row.text))


def _fields(found: dict[str, list[str]], wording: Wording) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, (first, *rest) in found.items():
        address = tuple(rest)
        if name == "employee":
            own, _, representative = first.partition(f", {wording.slots['value_representative'].split('{')[0]}")
            made[name] = Employee(own, address, _party(representative) if representative else None)
        elif name == "requesting_physician":
            who, _, organisation = first.partition(", ")
            made[name] = RequestingPhysician(who, organisation, address)
        elif name == "employer":
            made[name] = Employer(first, address)
        elif name == "claims_administrator":
            made[name] = _claims_administrator(first, rest, wording)
        elif name == "dispute_kind":
            formulary = first == wording.slots["value_dispute_formulary"]
            made[name] = DisputeKind.FORMULARY if formulary else DisputeKind.GENERAL
        elif name == "treatments_in_dispute":
            made["treatments_in_dispute_raw"] = "\n".join((first, *rest))
        else:
            made[name] = tuple(" ".join((first, *rest)).split(", "))
    return made


def _party(text: str) -> Party:
    name, _, organisation = text.partition(", ")
    return Party(name, organisation)


def _claims_administrator(company: str, lines: Sequence[str], wording: Wording) -> ClaimsAdministrator:
    said = {"value_examiner": "", "value_phone": ""}
    address = []
    for line in lines:
        for slot in said:
            before = wording.slots[slot].split("{")[0]
            if line.startswith(before):
                said[slot] = line[len(before) :]
                break
        else:
            address.append(line)
    return ClaimsAdministrator(company, said["value_examiner"], tuple(address), said["value_phone"])


@dataclass
class Cover:
    """What a cover says: the organisation's letterhead, who is addressed, and the paragraphs that are none of ours."""

    imro: Imro
    employee: Employee | None
    kept: list[Paragraph] = field(default_factory=list)


def read(
    parts: Sequence[Paragraph], imro: Imro, employee: Employee | None, outcome: LetterOutcome | None, wording: Wording
) -> Cover:
    """Take from the paragraphs above the first title what our own letters say there of themselves."""
    found = Cover(imro, employee)
    generated = _generated(imro, outcome, wording)
    greeted = next((match["name"] for match in (_GREETING.fullmatch(part.text) for part in parts) if match), None)
    for part in parts:
        lines = [row.text for row in part.rows]
        if part.text in generated or (greeted and _GREETING.fullmatch(part.text)):
            continue
        if imro.name and lines[0] == imro.name and not found.imro.address:
            found.imro = _letterhead(lines[1:], imro, wording)
        elif greeted and lines[0] == greeted:
            found.employee = _addressed(lines, employee or Employee())
        else:
            found.kept.append(part)
    return found


def _generated(imro: Imro, outcome: LetterOutcome | None, wording: Wording) -> set[str]:
    said = {wording.slots[f"title_{name}"] for name in ("submission", "party", "public")}
    for slot in ("opening_party", "opening_submission", "binding"):
        said |= set(wording.fill(slot, imro=imro.name).split("\n"))
    said.add(wording.slots["salutation_unnamed"])
    if outcome is not None:
        name = outcome.value.lower()
        lead = wording.fill("statement_lead", outcome=wording.slots[f"outcome_{name}"])
        said.add(f"{lead} {wording.slots[f'statement_{name}']}")
    return {" ".join(text.split()) for text in said if text.strip()}


def _letterhead(lines: Sequence[str], imro: Imro, wording: Wording) -> Imro:
    """Address, telephone and fax, as the letterhead puts them below the name."""
    told = {"phone": "", "fax": ""}
    address = []
    for line in lines:
        for piece in line.split(wording.slots["letterhead_join"].strip()):
            name = next(
                (each for each in told if piece.strip().startswith(_before(f"letterhead_{each}", wording))), None
            )
            if name is None:
                address.append(piece.strip())
            else:
                told[name] = piece.strip()[len(_before(f"letterhead_{name}", wording)) :].strip()
    return replace(imro, address=tuple(address), phone=told["phone"], fax=told["fax"])


def _before(slot: str, wording: Wording) -> str:
    return wording.slots[slot].split("{")[0]


def _addressed(lines: Sequence[str], employee: Employee) -> Employee:
    """The worker or representative with the address of the envelope."""
    representative = employee.representative
    if representative is None or lines[0] not in (representative.name, representative.organisation):
        return replace(employee, name=employee.name or lines[0], address=tuple(lines[1:]))
    rest = [line for line in lines[1:] if line != representative.organisation]
    return replace(employee, representative=replace(representative, address=tuple(rest)))


def signature(parts: Sequence[Paragraph], wording: Wording) -> tuple[tuple[Paragraph, ...], Reviewer]:
    """The items' paragraphs without the reviewer's own signature below them, and what that says of the reviewer."""
    rows = [row for part in parts for row in part.rows]
    start = next((at for at, row in enumerate(rows) if row.text == wording.slots["title_signature"]), None)
    if start is None or wording.slots["sealed"] not in (row.text for row in rows[start:]):
        return tuple(parts), Reviewer()
    lines = [row.text for row in rows[start:]]
    told = {name: _told(lines, f"signature_{name}", wording) for name in ("name", "licence", "contact")}
    email, _, phone = told["contact"].partition(", ")
    if "@" not in email:
        email, phone = "", told["contact"]
    attested = wording.slots["signature_attestation"] in " ".join(lines)
    beyond = {id(row) for row in rows[start:]}
    left = ([row for row in part.rows if id(row) not in beyond] for part in parts)
    reviewer = Reviewer(told["name"], told["licence"], email, phone, practice_attestation=attested)
    return tuple(paragraph(each) for each in left if each), reviewer


def _told(lines: Sequence[str], slot: str, wording: Wording) -> str:
    before = _before(slot, wording)
    return next((line[len(before) :].strip() for line in lines if line.startswith(before)), "")


def closing(
    parts: Sequence[Paragraph], imro: Imro, wording: Wording
) -> tuple[tuple[Paragraph, ...], Signatory, tuple[Party, ...]]:
    """The items' paragraphs without the end of a party letter; its signatory, and those who get copies of it."""
    rows = [row for part in parts for row in part.rows]
    ends = [at for at, row in enumerate(rows) if row.text == wording.slots["closing"]]
    if not ends or wording.slots["sealed"] not in (row.text for row in rows[ends[-1] :]):
        return tuple(parts), Signatory(), ()
    said = [row.text for row in rows[ends[-1] + 1 :]]
    sealed = said.index(wording.slots["sealed"])
    signed = [line for line in said[:sealed] if line != imro.name]
    copied = [line for line in said[sealed + 1 :] if line != wording.slots["cc_label"]]
    beyond = {id(row) for row in rows[ends[-1] :]}
    left = ([row for row in part.rows if id(row) not in beyond] for part in parts)
    signatory = Signatory(signed[0] if signed else "", " ".join(signed[1:]))
    return tuple(paragraph(each) for each in left if each), signatory, tuple(_party(line) for line in copied)
