# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deadlines: when the determination is due, by which rule, counted in calendar or working days."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from imr_desktop.models.case import CaseHeader, DisputeKind, Priority


@dataclass(frozen=True, slots=True)
class Deadline:
    """The day the determination is due, the rule that gives it, and whether it had to be estimated."""

    due: date
    rule: str
    estimated: bool = False

    def days_left(self, today: date) -> int:
        """Calendar days until it is due; negative when it is past."""
        return (self.due - today).days


def working_days_after(start: date, days: int, holidays: Collection[date] = ()) -> date:
    """The day that lies ``days`` working days after ``start`` (Monday to Friday less holidays; start is day 0)."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5 and day not in holidays:
            days -= 1
    return day


def deadline(header: CaseHeader, holidays: Collection[date] = ()) -> Deadline | None:
    """When the determination is due (LC 4610.6(d)); None while not even the application date is known.

    The clock starts on the later of application received and documents complete. Where completeness is unknown, the
    earliest possible day is given and marked estimated.
    """
    if header.application_received is None:
        return None
    start = max(
        header.application_received,
        header.documents_complete or header.application_received,
    )
    if header.dispute_kind is DisputeKind.FORMULARY:
        due, rule = (
            working_days_after(start, 5, holidays),
            "LC 4610.6(d)(1)(A): formulary, 5 working days",
        )
    elif header.priority is Priority.EXPEDITED:
        due, rule = start + timedelta(days=3), "LC 4610.6(d)(1)(C): expedited, 3 days"
    else:
        due, rule = start + timedelta(days=30), "LC 4610.6(d)(1)(B): standard, 30 days"
    return Deadline(due, rule, estimated=header.documents_complete is None)
