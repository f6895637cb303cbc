# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the case header: what must be there, dates that follow one another, and the deadline."""

import re
from datetime import date, timedelta
from itertools import pairwise

from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.index import forms
from imr_desktop.checks.normalise import us
from imr_desktop.models.case import CaseHeader, Priority
from imr_desktop.models.deadlines import Deadline, deadline, law
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import DocumentType

REQUIRED = {
    "case_number": "the case number",
    "claim_number": "the claim number",
    "date_of_injury": "the date of injury",
    "ur_decision_date": "the date of the UR decision",
    "application_received": "the date on which the application was received",
    "date_assigned": "the date assigned",
    "decision_date": "the decision date",
}
_OLDER = {"professional-review-2013": ("application_received", "date_assigned")}


@check("QC-01", Severity.BLOCKS, "Every required field of the header is filled, and the case number has its form.")
def header_is_complete(subject: Subject) -> Said:
    """Reference 3.1: the fields that every letter carries, and the names of the parties.

    A published letter cannot carry claim number and parties, and the form of 2013 does not print every date.
    """
    case = subject.case
    header = case.header
    omitted = ("claim_number", *_OLDER.get(case.letter.format, ())) if subject.published else ()
    for field, name in REQUIRED.items():
        if field not in omitted and not getattr(header, field):
            yield f"The header lacks {name}.", _at(field)
    if not subject.published:
        yield from _parties(header)
    if not case.imro.name or not (case.imro.guideline_label or subject.published):
        yield "The organisation's name or its guideline label is missing.", _at("imro.name")
    pattern = case.imro.case_number_pattern
    if header.case_number and pattern and not _matches(pattern, header.case_number):
        yield f"The case number {header.case_number} does not have the form {pattern}.", _at("case_number")


def _parties(header: CaseHeader) -> Said:
    if not header.employee.name and header.employee.representative is None:
        yield "The header lacks the name of the employee.", _at("employee.name")
    if not header.requesting_physician.name:
        yield "The header lacks the name of the requesting physician.", _at("requesting_physician.name")
    if not header.claims_administrator.company:
        yield "The header lacks the claims administrator.", _at("claims_administrator.company")


def _matches(pattern: str, number: str) -> bool:
    return re.fullmatch(pattern, number) is not None


@check("QC-02", Severity.BLOCKS, "Dates follow: injury, UR decision, application, assignment, decision; none later.")
def dates_follow(subject: Subject) -> Said:
    """Reference QC-02: each date of the header is on or after the one before it, and none is in the future."""
    dated = _dates(subject.case.header)
    for (earlier, first, _), (later, second, field) in pairwise(dated):
        if second < first:
            yield f"The {later} ({us(second)}) lies before the {earlier} ({us(first)}).", _at(field)
    for name, day, field in dated:
        if day > subject.today:
            yield f"The {name} ({us(day)}) lies in the future.", _at(field)


@check("QC-02", Severity.BLOCKS, "The request lies between the injury and the UR decision.")
def request_follows(subject: Subject) -> Said:
    """Reference QC-02: of the requests in the file, one at least was made after the injury and before UR decided."""
    header = subject.case.header
    requests = [document for document in subject.case.documents if document.type is DocumentType.RFA and document.date]
    days = [document.date for document in requests if document.date is not None]
    injury, decided = header.date_of_injury, header.ur_decision_date
    if days and decided is not None and min(days) > decided:
        says = f"The request ({us(min(days))}) lies after the UR decision ({us(decided)})."
        yield says, Place(Part.DOCUMENTS, requests[0].id)
    if days and injury is not None and max(days) < injury.first:
        says = f"The request ({us(max(days))}) lies before the date of injury ({us(injury.first)})."
        yield says, Place(Part.DOCUMENTS, requests[0].id)


@check("QC-03", Severity.WARNS, "The decision lies within its deadline.")
def decision_is_in_time(subject: Subject) -> Said:
    """LC 4610.6(d); lateness does not void a determination. Where completeness is unknown, the last day that can be
    meant counts: thirty days after the records were due.
    """
    due = last_day(subject.case.header, subject.circumstances.holidays)
    day = subject.case.header.decision_date or subject.today
    if due is not None and day > due.due:
        late = (day - due.due).days
        when = "The decision date" if subject.case.header.decision_date else "Today"
        estimated = ", estimated" if due.estimated else ""
        yield (
            f"{when} ({us(day)}) lies {_days(late)} after the deadline ({us(due.due)}{estimated}).",
            _at("decision_date"),
        )


@check("QC-03", Severity.INFORMS, "The days left are told while there is no decision date.")
def days_left_are_told(subject: Subject) -> Said:
    """Reference QC-03: the days left are shown, counted to the earliest day that can be meant."""
    header = subject.case.header
    due = deadline(header, subject.circumstances.holidays)
    if header.decision_date is None and due is not None and due.due >= subject.today:
        estimated = ", estimated" if due.estimated else ""
        left = _days(due.days_left(subject.today))
        yield f"The determination is due on {us(due.due)}{estimated}: {left} left.", _at("decision_date")


@check(
    "QC-04",
    Severity.WARNS,
    "An expedited review runs on the expedited rule, and its conversion is recorded.",
    of_record=True,
)
def expedited_is_expedited(subject: Subject) -> Said:
    """8 CCR 9792.10.4(c): three days, and a review may become expedited while it runs."""
    header, converted = subject.case.header, subject.circumstances.converted
    if header.priority is Priority.EXPEDITED and header.documents_complete is None and not subject.published:
        says = "The review is expedited, but the day on which the information was complete is not recorded."
        yield says, _at("documents_complete")
    if converted is not None and header.priority is not Priority.EXPEDITED:
        yield (
            f"The review was converted to expedited on {us(converted)}, but the header says Standard.",
            _at("priority"),
        )
    if header.priority is Priority.STANDARD:
        yield from _asked_expedited(subject)


_TYPE_OF_REVIEW = re.compile(
    r"\b(?:type of (?:utilization )?review|priority)\s*:?\s*expedited\b(?!\s*[/☐□]| or\b)", re.IGNORECASE
)


def _asked_expedited(subject: Subject) -> Said:
    index = subject.index
    if index is None:
        return
    for number in index.pages_of_all(forms("expedited review")):
        document = subject.documents_at.get(index.pages[number].ref)
        match = _TYPE_OF_REVIEW.search(index.pages[number].text)
        if match and document is not None and document.type is DocumentType.APPLICATION:
            shown = index.shown(number, *match.span())
            says = (
                f"The application (page {shown.case_page}) asks for an expedited review, but the header says Standard."
            )
            yield Told(says, _at("priority"), (shown,))
            return


def last_day(header: CaseHeader, holidays: frozenset[date] | None = None) -> Deadline | None:
    """The last day that can be meant by the deadline: known, or estimated from when the records were due."""
    due = deadline(header, holidays)
    if due is None or not due.estimated or header.date_assigned is None or header.priority is Priority.EXPEDITED:
        return due
    records_due = header.date_assigned + timedelta(days=law("records_days"))
    return Deadline(max(due.due, records_due + timedelta(days=law("standard_days"))), due.rule, estimated=True)


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


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _at(field: str) -> Place:
    return Place(Part.HEADER, field=field)
