# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every worked example of the reference, section 7, and the cases that it asks to be tested besides."""

from dataclasses import replace
from datetime import date

import pytest

from imr_desktop.models.case import CaseHeader, DisputeKind, InjuryDate, Priority
from imr_desktop.models.deadlines import (
    Mailed,
    appeal_due,
    application_due,
    assignment_due,
    authorise_due,
    contradiction,
    deadline,
    determination_due,
    records_due,
    reimburse_due,
    state_holidays,
    working_days_after,
)

STANDARD, EXPEDITED = Priority.STANDARD, Priority.EXPEDITED
GENERAL, FORMULARY = DisputeKind.GENERAL, DisputeKind.FORMULARY


def test_example_1_the_application_must_have_been_received() -> None:
    decided = date(2025, 3, 3)
    assert application_due(decided, Mailed.CALIFORNIA).due == date(2025, 4, 7)
    assert application_due(decided, Mailed.NOT_MAILED).due == date(2025, 4, 2)
    assert application_due(decided, Mailed.CALIFORNIA, FORMULARY).due == date(2025, 3, 18)
    assert application_due(decided, Mailed.OTHER_STATE).due == date(2025, 4, 12)
    assert application_due(decided, Mailed.ABROAD).due == date(2025, 4, 22)


def test_example_2_records_are_due() -> None:
    assert records_due(date(2025, 4, 14)).due == date(2025, 4, 29)
    assert records_due(date(2025, 4, 14), electronic=True).due == date(2025, 4, 26)  # a Saturday stays one
    assert records_due(date(2025, 4, 14), expedited=True).due == date(2025, 4, 15)


# Examples 3, 4 and 5; the last is a day later because of the holiday in the shipped table when it is kept there.
@pytest.mark.parametrize(
    ("complete", "priority", "kind", "due"),
    [
        (date(2025, 4, 28), STANDARD, GENERAL, date(2025, 5, 28)),
        (date(2025, 4, 28), EXPEDITED, GENERAL, date(2025, 5, 1)),
        (date(2025, 4, 28), STANDARD, FORMULARY, date(2025, 5, 5)),
        (date(2025, 5, 30), EXPEDITED, GENERAL, date(2025, 6, 2)),
        (date(2025, 10, 9), STANDARD, FORMULARY, date(2025, 10, 16)),
    ],
)
def test_a_determination_is_due_by_its_rule(complete: date, priority: Priority, kind: DisputeKind, due: date) -> None:
    header = CaseHeader(
        application_received=date(2025, 3, 31), documents_complete=complete, priority=priority, dispute_kind=kind
    )
    found = deadline(header)
    assert found is not None
    assert (found.due, found.estimated) == (due, False)
    assert found.days_left(complete) == (due - complete).days


def test_example_3_with_extension() -> None:
    found = determination_due(date(2025, 4, 28), extended=True)
    assert found.due == date(2025, 5, 31)
    assert "extended" in found.rule


def test_example_5_a_holiday_is_no_working_day() -> None:
    assert working_days_after(date(2025, 10, 9), 5, {date(2025, 10, 13)}) == date(2025, 10, 17)
    header = CaseHeader(
        application_received=date(2025, 9, 1), documents_complete=date(2025, 10, 9), dispute_kind=FORMULARY
    )
    edited = deadline(header, holidays=state_holidays() | {date(2025, 10, 13)})
    assert edited is not None
    assert edited.due == date(2025, 10, 17)


def test_example_6_after_the_letter() -> None:
    assert appeal_due(date(2025, 5, 21)).due == date(2025, 6, 20)
    assert authorise_due(date(2025, 5, 27)).due == date(2025, 6, 3)
    assert reimburse_due(date(2025, 5, 27)).due == date(2025, 6, 16)


def test_the_notice_of_assignment_goes_out_on_the_next_business_day() -> None:
    assert assignment_due(date(2025, 7, 3)).due == date(2025, 7, 7)  # Independence Day, then a weekend


def test_an_unknown_completeness_makes_a_range() -> None:
    leap = deadline(CaseHeader(application_received=date(2024, 2, 1)))
    assert leap is not None
    assert (leap.due, leap.estimated, leap.latest) == (date(2024, 3, 2), True, None)
    assigned = deadline(CaseHeader(application_received=date(2024, 12, 9), date_assigned=date(2024, 12, 20)))
    assert assigned is not None
    # Over the year's end; the last day is thirty days after the records are due, 45 after the assignment.
    assert (assigned.due, assigned.latest) == (date(2025, 1, 8), date(2025, 2, 3))
    assert deadline(CaseHeader()) is None


def test_a_priority_changed_meanwhile_changes_the_day() -> None:
    header = CaseHeader(application_received=date(2025, 4, 1), documents_complete=date(2025, 4, 28))
    before, after = deadline(header), deadline(replace(header, priority=EXPEDITED))
    assert before is not None
    assert after is not None
    assert (before.due, after.due) == (date(2025, 5, 28), date(2025, 5, 1))


def test_an_application_before_the_decision_is_refused() -> None:
    header = CaseHeader(application_received=date(2025, 3, 2), ur_decision_date=date(2025, 3, 3))
    assert deadline(header) is None
    assert "before the UR decision of 03/03/2025" in contradiction(header)
    assert contradiction(replace(header, application_received=date(2025, 3, 3))) == ""


def test_a_range_of_injury_changes_nothing() -> None:
    header = CaseHeader(
        date_of_injury=InjuryDate(date(2001, 1, 1), date(2010, 1, 1)),
        application_received=date(2025, 4, 1),
        documents_complete=date(2025, 4, 28),
    )
    assert deadline(header) == deadline(replace(header, date_of_injury=None))
