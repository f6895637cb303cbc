# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deadlines: when each act of an IMR is due, by which rule, counted in calendar or working days; the event is day 0."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from imr_desktop import assets
from imr_desktop.models.case import CaseHeader, DisputeKind, Priority


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day on which something is due, the rule that gives it, and whether it had to be estimated.

    An estimate is a range: ``due`` is its earliest day, ``latest`` its last, None where that cannot be told either.
    """

    due: date
    rule: str
    estimated: bool = False
    latest: date | None = None

    def days_left(self, today: date) -> int:
        """Calendar days until it is due; negative when it is past."""
        return (self.due - today).days


class Mailed(StrEnum):
    """How a decision was served, which lengthens the time to answer it (CCP 1013(a))."""

    NOT_MAILED = "not mailed"
    CALIFORNIA = "mailed in California"
    OTHER_STATE = "mailed to or from another state"
    ABROAD = "mailed to or from abroad"


_MAIL_DAYS = {
    Mailed.CALIFORNIA: "mail_days_california",
    Mailed.OTHER_STATE: "mail_days_other_state",
    Mailed.ABROAD: "mail_days_abroad",
}


def law(name: str) -> int:
    """A figure of the law by its name in ``tables/law.toml``: days, months or visits."""
    return int(assets.table("tables/law.toml")[name])


@assets.from_tables
def state_holidays() -> frozenset[date]:
    """California's holidays as ``tables/holidays.toml`` has them."""
    return frozenset(assets.table("tables/holidays.toml")["days"])


def working_days_after(start: date, days: int, holidays: Collection[date] = ()) -> date:
    """The day that lies ``days`` working days after ``start`` (Monday to Friday less holidays; start is day 0)."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            days -= 1
    return day


def application_due(
    ur_decision: date, mailed: Mailed = Mailed.CALIFORNIA, kind: DisputeKind = DisputeKind.GENERAL
) -> Deadline:
    """Until when the application must have been received after the UR decision was served."""
    days = law("application_days_formulary" if kind is DisputeKind.FORMULARY else "application_days")
    more = law(_MAIL_DAYS[mailed]) if mailed in _MAIL_DAYS else 0
    added = f" and {more} because it was {mailed}" if more else ""
    return Deadline(
        ur_decision + timedelta(days=days + more), f"LC 4610.5(h), CCP 1013(a): received within {days} days{added}"
    )


def assignment_due(eligible: date, holidays: Collection[date] | None = None) -> Deadline:
    """Until when the notice of assignment goes out once the application is found eligible."""
    due = working_days_after(eligible, 1, _or_table(holidays))
    return Deadline(due, "8 CCR 9792.10.4(b): one business day after eligibility")


def records_due(notice_mailed: date, *, electronic: bool = False, expedited: bool = False) -> Deadline:
    """Until when the organisation must have the records; no roll-over from a weekend is known."""
    if expedited:
        return Deadline(notice_mailed + timedelta(days=1), "8 CCR 9792.10.5(a)(1): 24 hours from receipt, expedited")
    days = law("records_days_electronic" if electronic else "records_days")
    how = "an electronic" if electronic else "a mailed"
    return Deadline(notice_mailed + timedelta(days=days), f"8 CCR 9792.10.5(a)(1): {days} days from {how} notice")


def determination_due(
    start: date,
    priority: Priority = Priority.STANDARD,
    kind: DisputeKind = DisputeKind.GENERAL,
    *,
    extended: bool = False,
    holidays: Collection[date] | None = None,
) -> Deadline:
    """When the determination is due once application and documents are there (LC 4610.6(d)), with or without extension.

    The faster rule counts where a case is both expedited and a formulary dispute.
    """
    days = law("standard_days")
    found = Deadline(start + timedelta(days=days), f"LC 4610.6(d)(1)(B): standard, {days} days")
    if kind is DisputeKind.FORMULARY:
        days = law("formulary_working_days")
        due = working_days_after(start, days, _or_table(holidays))
        found = Deadline(due, f"LC 4610.6(d)(1)(A): formulary, {days} working days")
    if priority is Priority.EXPEDITED:
        days = law("expedited_days")
        faster = Deadline(start + timedelta(days=days), f"LC 4610.6(d)(1)(C): expedited, {days} days")
        found = faster if kind is DisputeKind.GENERAL else min(found, faster, key=lambda each: each.due)
    if extended:
        days = law("extension_days")
        due = found.due + timedelta(days=days)
        return Deadline(due, f"{found.rule}; LC 4610.6(d)(2): extended by up to {days} days")
    return found


def appeal_due(letter_mailed: date) -> Deadline:
    """Until when the determination may be appealed."""
    days = law("appeal_days")
    return Deadline(letter_mailed + timedelta(days=days), f"LC 4610.6(h): {days} days from mailing of the letter")


def authorise_due(received: date, holidays: Collection[date] | None = None) -> Deadline:
    """Until when an overturned treatment must be authorised."""
    days = law("authorise_working_days")
    due = working_days_after(received, days, _or_table(holidays))
    return Deadline(due, f"8 CCR 9792.10.7: authorised within {days} working days of receipt")


def reimburse_due(received: date) -> Deadline:
    """Until when an overturned treatment that was given must be paid for."""
    days = law("reimburse_days")
    return Deadline(received + timedelta(days=days), f"8 CCR 9792.10.7: reimbursed within {days} days of receipt")


def contradiction(header: CaseHeader) -> str:
    """What makes the dates of a case impossible, as a sentence; empty if nothing does."""
    received, decided = header.application_received, header.ur_decision_date
    if received is not None and decided is not None and received < decided:
        return (
            f"The application cannot have been received on {received:%m/%d/%Y}, before the UR decision of "
            f"{decided:%m/%d/%Y}."
        )
    return ""


def deadline(header: CaseHeader, holidays: Collection[date] | None = None) -> Deadline | None:
    """When the determination is due; None while the application date is unknown or contradicts the UR decision.

    The clock starts on the later of application received and documents complete. Where completeness is unknown, the
    range from the application to the day on which the records are due is given and marked estimated. ``holidays``
    None: the shipped table.
    """
    received = header.application_received
    if received is None or contradiction(header):
        return None
    complete = header.documents_complete
    start = received if complete is None else max(received, complete)
    found = determination_due(start, header.priority, header.dispute_kind, holidays=holidays)
    if complete is not None:
        return found
    latest = None
    if header.date_assigned is not None:
        records = records_due(header.date_assigned, expedited=header.priority is Priority.EXPEDITED).due
        last = determination_due(max(received, records), header.priority, header.dispute_kind, holidays=holidays)
        latest = last.due
    return Deadline(found.due, found.rule, estimated=True, latest=latest)


def _or_table(holidays: Collection[date] | None) -> Collection[date]:
    return state_holidays() if holidays is None else holidays
