# SPDX-License-Identifier: AGPL-3.0-or-later
"""The organisation's own data of a case, JSON or CSV: keys in any spelling, dates in any writing, the rest listed."""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from rapidfuzz.distance import OSA

from imr_desktop.errors import Trouble
from imr_desktop.models.case import (
    CaseHeader,
    ClaimsAdministrator,
    DisputeKind,
    Employee,
    Employer,
    InjuryDate,
    Priority,
    RequestingPhysician,
)
from imr_desktop.models.days import days_in, written_day

# The fields that a case can take from the organisation, each with the keys that are known for it, letters alone.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "case_number": ("casenumber", "imrcasenumber", "caseno", "imrnumber", "caseid"),
    "claim_number": ("claimnumber", "claimno", "claimid"),
    "adj_number": ("adjnumber", "wcabcasenumber", "wcabnumber"),
    "date_of_injury": ("dateofinjury", "injurydate", "doi"),
    "ur_decision_date": ("dateofurdecision", "urdecisiondate", "urdenialdate", "dateofurdenial", "urdate"),
    "application_received": ("receivedate", "receiveddate", "applicationreceived", "datereceived", "applicationdate"),
    "date_assigned": ("dateassigned", "assigneddate", "assignmentdate", "noarfidate"),
    "documents_complete": ("documentscomplete", "completeon", "recordscomplete", "completedate"),
    "priority": ("priority", "reviewpriority", "reviewtype"),
    "dispute_kind": ("disputekind", "disputetype"),
    "worker": ("injuredworkername", "injuredworker", "employeename", "employee", "workername", "patientname"),
    "worker_first": ("injuredworkerfirstname", "employeefirstname", "iwfirstname", "workerfirstname"),
    "worker_middle": ("injuredworkermiddlename", "employeemiddlename", "iwmiddlename", "injuredworkermiddleinitial"),
    "worker_last": ("injuredworkerlastname", "employeelastname", "iwlastname", "workerlastname"),
    "worker_address": ("injuredworkeraddress", "employeeaddress", "injuredworkerstreet"),
    "worker_city": ("injuredworkercity", "employeecity"),
    "worker_state": ("injuredworkerstate", "employeestate"),
    "worker_zip": ("injuredworkerzip", "employeezip", "injuredworkerzipcode"),
    "employer": ("employername", "employer"),
    "employer_address": ("employeraddress",),
    "administrator": ("claimsadministratorname", "claimsadministrator", "claimadministratorname", "insurername"),
    "administrator_address": ("claimsadministratoraddress", "claimsadministratorstreet", "insureraddress"),
    "administrator_city": ("claimsadministratorcity",),
    "administrator_state": ("claimsadministratorstate",),
    "administrator_zip": ("claimsadministratorzip", "claimsadministratorzipcode"),
    "administrator_phone": ("claimsadministratorphone",),
    "examiner": ("examiner", "examinername", "claimsexaminer", "claimsexaminername", "adjuster", "adjustername"),
    "provider": ("providername", "provider", "requestingphysician", "requestingphysicianname", "requestingprovider"),
    "provider_first": ("providerfirstname", "requestingphysicianfirstname"),
    "provider_middle": ("providermiddlename", "requestingphysicianmiddlename"),
    "provider_last": ("providerlastname", "requestingphysicianlastname"),
    "provider_organisation": ("providerorganization", "providerpractice", "providergroup"),
    "provider_address": ("provideraddress",),
    "treatment": ("treatmentrequested", "treatmentsrequested", "treatmentindispute", "disputedtreatment"),
    "status": ("status", "casestatus"),
}
STATUSES: Final = {
    "1": "Received", "2": "Eligibility Review", "3": "Records Requested", "4": "Clinical Review", "5": "Closed",
    "6": "NOARFI", "7": "Insufficient Records",
}  # fmt: skip
_NAMED = 6
_CLOSE = 0.80
_LEAD = 0.04
_DATES = ("ur_decision_date", "application_received", "date_assigned", "documents_complete")


class NotOrganisationData(Trouble):
    """The file given is no data of a case."""

    default_advice = "Ask the organisation for the case's JSON or CSV, or take the case in without it."


@dataclass(frozen=True, slots=True)
class Understood:
    """What a file says of one case: its header, its status in words, and what was not understood, one sentence each.

    ``guessed`` names keys that were misspelt and what they were taken for.
    """

    header: CaseHeader
    status: str = ""
    guessed: tuple[str, ...] = ()
    not_understood: tuple[str, ...] = ()


def read(path: Path, case_number: str = "") -> Understood:
    """The case in the organisation's JSON or CSV; of several the one of this number. NotOrganisationData."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as why:
        raise NotOrganisationData(f"{path.name} could not be read ({why.strerror}).", place=str(path)) from why
    except UnicodeDecodeError:
        text = path.read_bytes().decode("cp1252", errors="replace")
    rows = list(_csv_rows(text) if path.suffix.lower() == ".csv" else _json_rows(text, path.name))
    found = [understand(row) for row in rows if row]
    if case_number:
        found = [each for each in found if each.header.case_number in ("", case_number)] if len(found) > 1 else found
    if not found:
        raise NotOrganisationData(f"{path.name} says nothing of the case.", place=str(path))
    if len(found) > 1:
        numbers = ", ".join(each.header.case_number or "one without a number" for each in found[:5])
        raise NotOrganisationData(
            f"{path.name} holds {len(found)} cases ({numbers}).",
            "Name the folder or the files by the case number, so that the right one is taken.",
            place=str(path),
        )
    if not any(found[0].header != each for each in (CaseHeader(),)):
        raise NotOrganisationData(f"Nothing in {path.name} was understood as a fact of a case.", place=str(path))
    return found[0]


def understand(row: dict[str, str]) -> Understood:
    """What keys and values say of a case; keys may be misspelt, values badly written."""
    values: dict[str, str] = {}
    guessed, lost, unknown = [], [], []
    for key, value in row.items():
        text = value.strip()
        if not text:
            continue
        field, exact = field_of(key)
        if field is None:
            unknown.append(key[:60])
        elif field in values and values[field] != text:
            lost.append(f"The key {key[:60]} says again, and otherwise, what another key said.")
        else:
            values[field] = text
            if not exact:
                guessed.append(f"{key[:60]} was taken for {FIELDS[field][0]}")
    header = _header(values, lost)
    if unknown:
        lost.append(_unknown(unknown))
    status = values.get("status", "")
    return Understood(header, STATUSES.get(status, status), tuple(guessed), tuple(lost))


def _unknown(keys: list[str]) -> str:
    """One sentence, however many there are: a file of another kind must not drown what else is told."""
    if len(keys) == 1:
        return f"The key {keys[0]} is not known."
    named = ", ".join(keys[:_NAMED])
    more = f" and {len(keys) - _NAMED} more" if len(keys) > _NAMED else ""
    return f"{len(keys)} keys are not known: {named}{more}."


def field_of(key: str) -> tuple[str | None, bool]:
    """The field that a key means, and whether it is spelt as known; None where it is unclear."""
    letters = re.sub(r"[^a-z]", "", key.rpartition(".")[2].lower()) or ""
    whole = re.sub(r"[^a-z]", "", key.lower())
    for field, names in FIELDS.items():
        if whole in names:
            return field, True
    for field, names in FIELDS.items():
        if letters in names:
            return field, True
    scored = sorted(
        (
            (max(OSA.normalized_similarity(tried, name) for name in names for tried in {letters, whole}), field)
            for field, names in FIELDS.items()
        ),
        reverse=True,
    )
    (best, field), (second, _) = scored[0], scored[1]
    return (field, False) if best >= _CLOSE and best - second >= _LEAD else (None, False)


def _header(values: dict[str, str], lost: list[str]) -> CaseHeader:
    days = {name: _day(name, values, lost) for name in _DATES}
    return CaseHeader(
        case_number=values.get("case_number", "").upper(),
        claim_number=values.get("claim_number", ""),
        adj_number=values.get("adj_number", ""),
        date_of_injury=_injury(values, lost),
        priority=_priority(values, lost),
        dispute_kind=_dispute_kind(values),
        employee=Employee(_name("worker", values), _address("worker", values)),
        requesting_physician=RequestingPhysician(
            _name("provider", values), values.get("provider_organisation", ""), _address("provider", values)
        ),
        employer=Employer(values.get("employer", ""), _address("employer", values)),
        claims_administrator=ClaimsAdministrator(
            values.get("administrator", ""),
            values.get("examiner", ""),
            _address("administrator", values),
            values.get("administrator_phone", ""),
        ),
        treatments_in_dispute_raw=values.get("treatment", ""),
        ur_decision_date=days["ur_decision_date"],
        application_received=days["application_received"],
        date_assigned=days["date_assigned"],
        documents_complete=days["documents_complete"],
    )


def _name(whose: str, values: dict[str, str]) -> str:
    parts = [values.get(f"{whose}_{part}", "") for part in ("first", "middle", "last")]
    whole = " ".join(part for part in parts if part)
    told = values.get(whose, "")
    if not whole and told.count(",") == 1:
        last, _, first = told.partition(",")
        return f"{first.strip()} {last.strip()}"
    return whole or told


def _address(whose: str, values: dict[str, str]) -> tuple[str, ...]:
    street = [line.strip() for line in values.get(f"{whose}_address", "").splitlines() if line.strip()]
    place = " ".join(filter(None, (values.get(f"{whose}_state", ""), values.get(f"{whose}_zip", ""))))
    city = ", ".join(filter(None, (values.get(f"{whose}_city", ""), place)))
    return (*street, city) if city else tuple(street)


def _day(name: str, values: dict[str, str], lost: list[str]) -> date | None:
    text = values.get(name, "")
    if not text:
        return None
    # A time behind the day, as databases write it, is left out.
    found = written_day(text) or written_day(re.split(r"[T ]\d", text, maxsplit=1)[0])
    if found is None:
        lost.append(f"The date in {FIELDS[name][0]} cannot be read: {text[:40]}.")
    return found


def _injury(values: dict[str, str], lost: list[str]) -> InjuryDate | None:
    text = values.get("date_of_injury", "")
    if not text:
        return None
    days = [each.day for each in days_in(re.sub(r"T\d\d:\d\d\S*", " ", text))]
    if len(days) == 1 or (len(days) == 2 and days[0] <= days[1]):
        return InjuryDate(*days)
    lost.append(f"The date of injury cannot be read: {text[:40]}.")
    return None


def _dispute_kind(values: dict[str, str]) -> DisputeKind:
    # Some organisations name it as a kind of review, beside standard and expedited.
    told = f"{values.get('dispute_kind', '')} {values.get('priority', '')}".lower()
    return DisputeKind.FORMULARY if DisputeKind.FORMULARY in told else DisputeKind.GENERAL


def _priority(values: dict[str, str], lost: list[str]) -> Priority:
    text = values.get("priority", "").lower()
    if text[:3] in ("exp", "urg") or text == "2":
        return Priority.EXPEDITED
    if text and not (text.startswith(("st", "reg", "norm")) or text == "1" or DisputeKind.FORMULARY in text):
        lost.append(f"The priority cannot be read: {values['priority'][:40]}; the case is taken as standard.")
    return Priority.STANDARD


def _csv_rows(text: str) -> Iterator[dict[str, str]]:
    try:
        dialect: Any = csv.Sniffer().sniff(text[:4096], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    lines = [line for line in csv.reader(io.StringIO(text), dialect) if any(cell.strip() for cell in line)]
    # One case may also stand upright: a key and its value in each line.
    if lines and all(len(line) == 2 for line in lines) and sum(field_of(line[0])[0] is not None for line in lines) > 2:
        yield {line[0]: line[1] for line in lines}
        return
    for line in lines[1:]:
        yield dict(zip(lines[0], line, strict=False))


def _json_rows(text: str, name: str) -> Iterator[dict[str, str]]:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as why:
        raise NotOrganisationData(f"{name} is not JSON.", place=name) from why
    if isinstance(data, dict):
        several = [each for each in data.values() if isinstance(each, list) and each and isinstance(each[0], dict)]
        if len(data) == 1 and several:
            data = several[0]
    for each in data if isinstance(data, list) else [data]:
        if not isinstance(each, dict):
            raise NotOrganisationData(f"{name} is no object with a case's fields.", place=name)
        yield dict(_flat(each))


def _flat(data: dict[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    for key, value in data.items():
        here = f"{above}.{key}" if above else str(key)
        if isinstance(value, dict):
            yield from _flat(value, here)
        elif isinstance(value, list):
            yield here, "\n".join(str(each) for each in value if not isinstance(each, dict | list))
        elif value is not None and not isinstance(value, bool):
            yield here, str(value)
