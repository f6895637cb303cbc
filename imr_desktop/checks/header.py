# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the case header: what must be there, and dates that follow one another."""

import re
from datetime import date
from itertools import pairwise

from imr_desktop.checks.finding import Said, Severity, Subject, check
from imr_desktop.models.case import CaseHeader
from imr_desktop.models.places import Part, Place

REQUIRED = {
    "case_number": "the case number",
    "claim_number": "the claim number",
    "date_of_injury": "the date of injury",
    "ur_decision_date": "the date of the UR decision",
    "application_received": "the date on which the application was received",
    "date_assigned": "the date assigned",
    "decision_date": "the decision date",
}


@check("QC-01", Severity.BLOCKS, "Every required field of the header is filled, and the case number has its form.")
def header_is_complete(subject: Subject) -> Said:
    """Reference 3.1: the fields that every letter carries, and the names of the parties."""
    case = subject.determination.case
    header = case.header
    for field, name in REQUIRED.items():
        if not getattr(header, field):
            yield f"The header lacks {name}.", _at(field)
    if not header.employee.name and header.employee.representative is None:
        yield "The header lacks the name of the employee.", _at("employee.name")
    if not header.requesting_physician.name:
        yield "The header lacks the name of the requesting physician.", _at("requesting_physician.name")
    if not header.claims_administrator.company:
        yield "The header lacks the claims administrator.", _at("claims_administrator.company")
    if not case.imro.name or not case.imro.guideline_label:
        yield "The organisation's name or its guideline label is missing.", _at("imro.name")
    pattern = case.imro.case_number_pattern
    if header.case_number and pattern and not re.fullmatch(pattern, header.case_number):
        yield f"The case number {header.case_number} does not have the form {pattern}.", _at("case_number")


@check("QC-02", Severity.BLOCKS, "Dates follow: injury, UR decision, application, assignment, decision; none later.")
def dates_follow(subject: Subject) -> Said:
    """Reference QC-02: each date of the header is on or after the one before it, and none is in the future."""
    dated = _dates(subject.determination.case.header)
    for (earlier, first, _), (later, second, field) in pairwise(dated):
        if second < first:
            yield f"The {later} ({_us(second)}) lies before the {earlier} ({_us(first)}).", _at(field)
    for name, day, field in dated:
        if day > subject.today:
            yield f"The {name} ({_us(day)}) lies in the future.", _at(field)


def _dates(header: CaseHeader) -> list[tuple[str, date, str]]:
    injury = header.date_of_injury
    all_dates = [
        ("date of injury", injury.first if injury else None, "date_of_injury"),
        ("date of the UR decision", header.ur_decision_date, "ur_decision_date"),
        ("date of the application", header.application_received, "application_received"),
        ("date assigned", header.date_assigned, "date_assigned"),
        ("decision date", header.decision_date, "decision_date"),
    ]
    return [(name, day, field) for name, day, field in all_dates if day is not None]


def _us(day: date) -> str:
    return day.strftime("%m/%d/%Y")


def _at(field: str) -> Place:
    return Place(Part.HEADER, field=field)
