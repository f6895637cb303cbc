# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date

import pytest

from imr_desktop.models.case import CaseHeader, DisputeKind, Priority
from imr_desktop.models.deadlines import deadline, working_days_after

STANDARD, EXPEDITED = Priority.STANDARD, Priority.EXPEDITED
GENERAL, FORMULARY = DisputeKind.GENERAL, DisputeKind.FORMULARY


# The worked examples of the reference, section 7 (3, 4 and 5).
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


def test_a_holiday_is_no_working_day() -> None:
    assert working_days_after(date(2025, 10, 9), 5, {date(2025, 10, 13)}) == date(2025, 10, 17)


def test_an_unknown_completeness_makes_an_estimate() -> None:
    found = deadline(CaseHeader(application_received=date(2024, 2, 1)))
    assert found is not None
    assert (found.due, found.estimated) == (date(2024, 3, 2), True)
    assert deadline(CaseHeader()) is None
