# SPDX-License-Identifier: AGPL-3.0-or-later
"""What only a party letter has around the determination: letterhead, addressee, parties, statement, signature, copies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from imr_desktop.letter import wording as wordings
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
from imr_desktop.models.items import DisputedItem, LetterOutcome, letter_outcome
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
        address = (" ".join(rest),) if rest else ()
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
    """The cover's facts: what the organisation's letterhead and signature say, who is greeted, who gets copies."""

    imro: Imro
    employee: Employee
    cc: tuple[Party, ...] = ()
    kept: list[str] = field(default_factory=list)


def read(texts: Sequence[str], imro: Imro, employee: Employee, items: tuple[DisputedItem, ...], wording: Wording) -> Cover:
    """Take from the paragraphs of a cover what our own letters generate; ``kept`` is all the rest, in order."""
    found = Cover(imro, employee)
    generated = _generated(imro, letter_outcome(items), wording)
    greeted = next((match["name"] for match in map(_GREETING.fullmatch, texts) if match), "")
    for text in texts:
        if text in generated or _GREETING.fullmatch(text):
            continue
        if imro.name and text.startswith(f"{imro.name} ") and not found.imro.address:
            found.imro = _letterhead(text[len(imro.name) + 1 :], imro, wording)
        elif greeted and text.startswith(greeted):
            found.employee = _addressed(text[len(greeted) :].strip(), greeted, found.employee)
        else:
            found.kept.append(text)
    return found


def _generated(imro: Imro, outcome: LetterOutcome | None, wording: Wording) -> set[str]:
    said = {wording.slots[f"title_{name}"] for name in wordings.RENDITIONS} | {imro.name}
    for slot in ("opening_party", "opening_submission", "binding"):
        said |= set(wording.fill(slot, imro=imro.name).split("\n"))
    if outcome is not None:
        name = outcome.value.lower()
        lead = wording.fill("statement_lead", outcome=wording.slots[f"outcome_{name}"])
        said.add(f"{lead} {wording.slots[f'statement_{name}']}")
    return {" ".join(text.split()) for text in said if text.strip()}


def _letterhead(text: str, imro: Imro, wording: Wording) -> Imro:
    """Address, telephone and fax, as the letterhead puts them one after the other."""
    told = {}
    for name in ("fax", "phone"):
        before = wording.slots[f"letterhead_{name}"].split("{")[0]
        text, label, value = text.partition(before)
        told[name] = value.strip(" |") if label else ""
    return replace(imro, address=(text.strip(" |"),) if text.strip(" |") else (), **told)


def _addressed(text: str, greeted: str, employee: Employee) -> Employee:
    """The worker or representative with the address of the envelope."""
    representative = employee.representative
    if representative is None or greeted not in (representative.name, representative.organisation):
        return replace(employee, name=employee.name or greeted, address=(text,) if text else employee.address)
    rest = text.removeprefix(representative.organisation).strip()
    return replace(employee, representative=replace(representative, address=(rest,) if rest else ()))


def tail(texts: Sequence[str], imro: Imro, wording: Wording) -> tuple[tuple[str, ...], Signatory, tuple[Party, ...]]:
    """A last rationale's paragraphs without the closing of a party letter, its signatory and those who get copies."""
    closing = wording.slots["closing"]
    start = next((at for at, text in enumerate(texts) if text == closing or text.startswith(f"{closing} ")), None)
    if start is None or not any(text.endswith(wording.slots["sealed"]) for text in texts[start:]):
        return tuple(texts), imro.signatory, ()
    whole = " ".join(texts[start:]).removeprefix(closing).strip()
    signed, _, copies = whole.partition(wording.slots["sealed"])
    named = signed.strip().removesuffix(imro.name).strip()
    copied = copies.strip().removeprefix(wording.slots["cc_label"]).strip()
    return tuple(texts[:start]), Signatory(named), (Party(copied),) if copied else ()
