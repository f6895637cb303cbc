# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worklist: every open case with what is due when and how far it is, most urgent first."""

from dataclasses import dataclass
from datetime import date

from imr_desktop.models.case import Case
from imr_desktop.models.deadlines import Deadline, deadline
from imr_desktop.storage import Vault


@dataclass(frozen=True, slots=True)
class WorklistRow:
    """One case as the worklist shows it; ``days_left`` counts calendar days and is negative when overdue."""

    case_id: str
    case_number: str
    worker: str
    priority: str
    due: Deadline | None
    days_left: int | None
    status: str
    items_decided: int
    items: int
    pages: int
    pages_seen: int
    letters: int


def rows(vault: Vault, today: date) -> tuple[WorklistRow, ...]:
    """All cases, those due first at the top, those already issued and those without a date at the end."""
    pages = vault.page_counts()
    found = [_row(vault, case, pages.get(case.id, 0), today) for case in vault.cases()]
    return tuple(sorted(found, key=_urgency))


def _row(vault: Vault, case: Case, pages: int, today: date) -> WorklistRow:
    store = vault.case(case.id)
    due = deadline(case.header)
    decided = sum(item.outcome is not None for item in case.items)
    letters = len(store.letters())
    return WorklistRow(
        case_id=case.id,
        case_number=case.header.case_number,
        worker=case.header.employee.name,
        priority=case.header.priority.value,
        due=due,
        days_left=None if due is None else due.days_left(today),
        status=_status(decided, len(case.items), letters),
        items_decided=decided,
        items=len(case.items),
        pages=pages,
        pages_seen=len(store.seen()) if pages else 0,
        letters=letters,
    )


def _status(decided: int, items: int, letters: int) -> str:
    if letters:
        return "Issued"
    if items and decided == items:
        return "Decided"
    return "In work" if decided or items else "New"


def _urgency(row: WorklistRow) -> tuple[bool, bool, date, str]:
    return row.letters > 0, row.due is None, row.due.due if row.due else date.max, row.case_number
