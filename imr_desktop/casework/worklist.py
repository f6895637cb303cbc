# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worklist: every case with what is due when and how far it is, most urgent first."""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple, overload

from imr_desktop.casework.holidays import holidays
from imr_desktop.casework.kept_worklist import Facts, KeptWorklist, counted_by, keep
from imr_desktop.models.case import Case
from imr_desktop.models.deadlines import Deadline, contradiction, deadline
from imr_desktop.models.items import letter_outcome
from imr_desktop.storage import CaseStamp, Stamps, Vault

_WORTH_KEEPING: Final = 20
_NOTHING: Final[dict[str, Any]] = {"latest": None}
STATUSES: Final = ("New", "In work", "Decided", "Issued", "Archived")


class WorklistRow(NamedTuple):
    """One case as the worklist shows it; ``days_left`` counts calendar days and is negative when overdue.

    ``blocking`` and ``warnings`` are the findings when the case was last open, None if it never was; ``why`` says why
    there is no due date; ``issued`` is the day of the first letter. ``outcomes`` pairs categories with outcomes.
    """

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
    why: str = ""
    blocking: int | None = None
    warnings: int | None = None
    outcome: str = ""
    made: date | None = None
    assigned: date | None = None
    issued: date | None = None
    headings: str = ""
    outcomes: tuple[tuple[str, str], ...] = ()


class Rows(Sequence[WorklistRow]):
    """The worklist in its order. A row is made when it is looked at, while the vault is open: a screen shows thirty.

    ``make`` gives the row of a number, from 0; ``in_vault`` counts the vault's cases, archived ones too.
    """

    def __init__(
        self, case_ids: Sequence[str], make: Callable[[int], WorklistRow], archived: bool, in_vault: int
    ) -> None:
        self.case_ids, self._make = case_ids, make
        self.archived, self.in_vault = archived, in_vault

    @overload
    def __getitem__(self, number: int) -> WorklistRow: ...

    @overload
    def __getitem__(self, number: slice) -> tuple[WorklistRow, ...]: ...

    def __getitem__(self, number: int | slice) -> WorklistRow | tuple[WorklistRow, ...]:
        wanted = range(len(self.case_ids))[number]
        return self._make(wanted) if isinstance(wanted, int) else tuple(map(self._make, wanted))

    def __len__(self) -> int:
        return len(self.case_ids)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Ten thousand rows are made at once and none is garbage: looking them through meanwhile would double the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class Board:
    """The worklist of one vault. What was made out of a case is kept until the case changes, also after closing."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        with _without_collecting():
            self._kept = KeptWorklist.read(vault)
        self._facts: dict[str, Facts] = {}
        self._free: frozenset[date] = frozenset()
        self._basis: dict[str, Any] = {}
        self._fresh = 0
        self._touched: set[str] = set()
        self._made: dict[str, tuple[Facts, CaseStamp, date, WorklistRow]] = {}

    def rows(self, today: date, *, archived: bool = False) -> Rows:
        """All cases, those due first at the top, issued and undated ones at the end; archived ones too."""
        with _without_collecting():
            return self._rows(today, archived)

    def _rows(self, today: date, archived: bool) -> Rows:
        found = self._vault.stamps()
        self._free = holidays(self._vault)
        basis = counted_by(self._free)
        kept = self._kept
        if kept is not None and not self._touched and kept.holds(found, basis):
            places = kept.places(archived=archived)

            def as_kept(number: int) -> WorklistRow:
                return self._as_kept(kept, places[number], found, today)

            return Rows(kept.ids(places), as_kept, archived, len(found.ids))
        self._know()
        # What is due hangs on the holidays and on the figures of the law: if they change, every case is looked at anew.
        known = self._facts if basis == self._basis else {}
        self._basis = basis
        stamps = found.by_case()
        self._look_anew(stamps, known)
        gone = self._facts.keys() - stamps.keys()
        for case_id in gone:
            del self._facts[case_id]
        # What a row says stays as it was at this moment, also if it is looked at only after the case has changed.
        facts = dict(self._facts)
        shown = _in_order(
            (case_id for case_id, stamp in stamps.items() if archived or not stamp.archived), facts, stamps
        )
        if gone or self._fresh > _WORTH_KEEPING:
            # Of a case that was removed, nothing stays here either.
            self._fresh += len(gone)
            self.keep()

        def row(number: int) -> WorklistRow:
            case_id = shown[number]
            return self._row(case_id, facts[case_id], stamps[case_id], today)

        return Rows(shown, row, archived, len(stamps))

    def _look_anew(self, stamps: Mapping[str, CaseStamp], known: Mapping[str, Facts]) -> None:
        changed = [
            case_id
            for case_id, stamp in stamps.items()
            if known.get(case_id, _NOTHING)["latest"] != stamp.latest or case_id in self._touched
        ]
        if changed:
            pages = self._vault.page_counts()
            for case_id in changed:
                self._facts[case_id] = self._look_at(case_id, stamps[case_id], pages.get(case_id, 0))
            self._fresh += len(changed)
            self._touched.clear()

    def _know(self) -> None:
        # From here on the cases are compared one by one with what was made out of them.
        kept, self._kept = self._kept, None
        if kept is not None:
            self._facts, self._basis = kept.all(), kept.basis

    def _as_kept(self, kept: KeptWorklist, place: int, stamps: Stamps, today: date) -> WorklistRow:
        number = kept.number(place)
        return self._row(stamps.ids[number], kept.facts(place), stamps.stamp(number), today)

    def _row(self, case_id: str, facts: Facts, stamp: CaseStamp, today: date) -> WorklistRow:
        made = self._made.get(case_id)
        if made is None or made[0] is not facts or made[1] != stamp or made[2] != today:
            made = self._made[case_id] = (facts, stamp, today, _row(case_id, facts, stamp, today))
        return made[3]

    def touch(self, case_id: str) -> None:
        """A case is opened: what is kept of it beside its steps, such as the pages seen, will have to be looked up."""
        self._touched.add(case_id)

    def note_findings(self, case_id: str, blocking: int, warnings: int) -> None:
        """Remember how many findings a case had when it was last looked at."""
        self._know()
        facts = self._facts.get(case_id)
        if facts is not None and facts.get("findings") != [blocking, warnings]:
            self._facts[case_id] = facts | {"findings": [blocking, warnings]}
            self._fresh += 1

    def keep(self) -> None:
        """Keep what was made out, for the next time the vault is opened."""
        if self._free and (self._fresh or self._touched):
            self._know()
            stamps = self._vault.stamps()
            by_case = stamps.by_case()
            self._look_anew(by_case, self._facts)
            keep(self._vault, stamps, self._basis, self._facts, _in_order(by_case, self._facts, by_case))
            self._fresh = 0

    def _look_at(self, case_id: str, stamp: CaseStamp, pages: int) -> Facts:
        case = self._vault.summary(case_id)
        header = case.header
        before = self._facts.get(case_id, {})
        outcome = letter_outcome(case.items)
        # A page is seen only in a case that was opened here, so a case not touched keeps what it had.
        looked = case_id in self._touched or "seen" not in before
        seen = len(self._vault.case(case_id).seen()) if pages and looked else before.get("seen", 0)
        return {
            "latest": stamp.latest,
            "number": header.case_number,
            "worker": header.employee.name,
            "priority": header.priority.value,
            "assigned": _iso(header.date_assigned),
            "due": _due_out(deadline(header, self._free)),
            "why": contradiction(header),
            "items": len(case.items),
            "headings": " · ".join(item.heading for item in case.items)[:2000]
            or header.treatments_in_dispute_raw[:2000],
            "outcomes": _outcomes(case),
            "outcome": outcome.value if outcome else "",
            "pages": pages,
            "seen": seen,
            "findings": before.get("findings"),
        }


def rows(vault: Vault, today: date, *, archived: bool = False) -> tuple[WorklistRow, ...]:
    """The worklist of a vault, looked at once and whole; the vault may be closed afterwards."""
    return tuple(Board(vault).rows(today, archived=archived))


def _in_order(cases: Iterable[str], facts: Mapping[str, Facts], stamps: Mapping[str, CaseStamp]) -> list[str]:
    return sorted(cases, key=lambda case_id: _urgency(facts[case_id], stamps[case_id]))


def _outcomes(case: Case) -> list[list[str]]:
    return [[item.category, item.outcome.value] for item in case.items if item.outcome is not None]


def _row(case_id: str, facts: Facts, stamp: CaseStamp, today: date) -> WorklistRow:
    due = _due(facts["due"])
    decided = len(facts["outcomes"])
    findings = facts["findings"] or (None, None)
    return WorklistRow(
        case_id=case_id,
        case_number=facts["number"],
        worker=facts["worker"],
        priority=facts["priority"],
        due=due,
        days_left=None if due is None else due.days_left(today),
        status=_status(decided, facts["items"], stamp),
        items_decided=decided,
        items=facts["items"],
        pages=facts["pages"],
        pages_seen=facts["seen"],
        letters=stamp.letters,
        why=facts["why"],
        blocking=findings[0],
        warnings=findings[1],
        outcome=facts["outcome"],
        made=_day(stamp.made),
        assigned=_day(facts["assigned"]),
        issued=_day(stamp.issued[:10]),
        headings=facts["headings"],
        outcomes=tuple((category, outcome) for category, outcome in facts["outcomes"]),
    )


def _status(decided: int, items: int, stamp: CaseStamp) -> str:
    if stamp.archived:
        return "Archived"
    if stamp.letters:
        return "Issued"
    if items and decided == items:
        return "Decided"
    return "In work" if decided or items else "New"


def _urgency(facts: Facts, stamp: CaseStamp) -> tuple[bool, bool, bool, str, str]:
    due = facts["due"]
    return stamp.archived, stamp.letters > 0, due is None, due[0] if due else "", facts["number"]


def _due_out(due: Deadline | None) -> list[Any] | None:
    return None if due is None else [due.due.isoformat(), due.rule, due.estimated, _iso(due.latest)]


def _due(told: list[Any] | None) -> Deadline | None:
    return None if told is None else Deadline(date.fromisoformat(told[0]), told[1], told[2], _day(told[3]))


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def plain(row: WorklistRow) -> dict[str, Any]:
    """A row as plain data, for ``cases --json``."""
    due = row.due
    return {
        "case": row.case_number,
        "id": row.case_id,
        "due": None if due is None else due.due.isoformat(),
        "latest_due": None if due is None or due.latest is None else due.latest.isoformat(),
        "rule": None if due is None else due.rule,
        "estimated": None if due is None else due.estimated,
        "days_left": row.days_left,
        "why_no_due_date": row.why or None,
        "status": row.status,
        "priority": row.priority,
        "items": row.items,
        "items_decided": row.items_decided,
        "pages": row.pages,
        "pages_seen": row.pages_seen,
        "letters": row.letters,
        "outcome": row.outcome or None,
    }


@dataclass(frozen=True, slots=True)
class Statistics:
    """The reviewer's own work in figures: days from assignment to letter by month, outcomes by category.

    ``turnaround`` has (month as ``2026-01``, cases, mean days); ``outcomes`` has (category, upheld, overturned).
    ``late`` counts letters that left after their due day, of ``issued``.
    """

    issued: int
    late: int
    turnaround: tuple[tuple[str, int, float], ...]
    outcomes: tuple[tuple[str, int, int], ...]


def statistics(found: Sequence[WorklistRow]) -> Statistics:
    """The figures over these rows; only issued cases count for time, only decided items for outcomes."""
    issued = [row for row in found if row.issued is not None]
    months: dict[str, list[int]] = {}
    for row in issued:
        begun = row.assigned or row.made
        if begun is not None and row.issued is not None:
            months.setdefault(f"{row.issued:%Y-%m}", []).append((row.issued - begun).days)
    tally: dict[str, list[int]] = {}
    for row in found:
        for category, outcome in row.outcomes if row.letters else ():
            tally.setdefault(category or "No category", [0, 0])[outcome == "Overturned"] += 1
    late = sum(row.due is not None and row.issued is not None and row.issued > row.due.due for row in issued)
    return Statistics(
        len(issued),
        late,
        tuple((month, len(days), sum(days) / len(days)) for month, days in sorted(months.items())),
        tuple((name, up, over) for name, (up, over) in sorted(tally.items(), key=lambda each: -sum(each[1]))),
    )
