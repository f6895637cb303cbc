# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worklist's rows: by this vault's holidays, looked at again only when a case changed, archived ones on demand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from imr_desktop.casework import attesting, holidays, tables
from imr_desktop.casework.worklist import Board
from imr_desktop.models.case import CaseHeader, DisputeKind, Employee, Imro, LetterText, Priority
from imr_desktop.models.deadlines import state_holidays
from imr_desktop.models.items import DisputedItem, Outcome
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import Table, Vault
from tests.kit.cases import PASSPHRASE, new_desk, new_vault

TODAY = date(2025, 10, 1)
FORMULARY = CaseHeader(
    case_number="CM25-0000001",
    employee=Employee("Injured Worker A"),
    application_received=date(2025, 9, 1),
    documents_complete=date(2025, 10, 9),
    dispute_kind=DisputeKind.FORMULARY,
)


def test_rows_follow_the_case_and_the_holidays_and_survive_closing(tmp_path: Path) -> None:
    with new_vault(tmp_path / "vault") as vault:
        desk = new_desk(vault, FORMULARY)
        board = Board(vault)
        (row,) = board.rows(TODAY)
        assert row.due is not None
        assert (row.due.due, row.status, row.days_left) == (date(2025, 10, 16), "New", 15)
        holidays.keep(vault, state_holidays() | {date(2025, 10, 13)})
        (row,) = board.rows(TODAY)
        assert row.due is not None
        assert row.due.due == date(2025, 10, 17)
        at_work = attesting.desk(vault, desk.case.id, now=lambda: datetime(2025, 10, 1, tzinfo=UTC))
        assert at_work.due() == row.due
        told = [each.says for each in at_work.findings(Reviewer()) if each.id == "QC-03"]
        assert [each.split(":")[0] for each in told] == ["The determination is due on 10/17/2025"]
        desk.keep_new_item(DisputedItem("", "Norco", outcome=Outcome.UPHELD, category="Pharmaceuticals"))
        board.note_findings(desk.case.id, 2, 1)
        (row,) = board.rows(TODAY)
        assert (row.status, row.items_decided, row.blocking, row.headings) == ("Decided", 1, 2, "Norco")
        desk.keep_header(replace(FORMULARY, ur_decision_date=date(2025, 9, 2)))
        (row,) = board.rows(TODAY)
        assert row.due is None
        assert "before the UR decision" in row.why
        board.keep()
        vault.archive_case(desk.case.id)
        assert tuple(board.rows(TODAY)) == ()
        (row,) = board.rows(TODAY, archived=True)
        assert row.status == "Archived"
    with Vault.open(tmp_path / "vault", PASSPHRASE) as vault:
        (row,) = Board(vault).rows(TODAY, archived=True)
        assert (row.blocking, row.outcomes) == (2, (("Pharmaceuticals", "Upheld"),))
        vault.remove_case(row.case_id)
        assert tuple(Board(vault).rows(TODAY, archived=True)) == ()


def test_a_figure_of_the_law_that_is_changed_moves_every_due_day_also_of_cases_that_were_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMR_DESKTOP_TABLES", str(tmp_path / "tables"))
    expedited = CaseHeader(
        case_number="CM25-0000002",
        application_received=date(2025, 9, 1),
        documents_complete=date(2025, 9, 9),
        priority=Priority.EXPEDITED,
    )
    with new_vault(tmp_path / "vault") as vault:
        new_desk(vault, expedited)
        board = Board(vault)
        (row,) = board.rows(TODAY)
        assert row.due is not None
        as_shipped = row.due.due
        board.keep()
    text = tables.text_of("law").replace("expedited_days = 3", "expedited_days = 10")
    assert text != tables.text_of("law")
    tables.replace_text(text, "law")
    try:
        with Vault.open(tmp_path / "vault", PASSPHRASE) as vault:
            board = Board(vault)
            (row,) = board.rows(TODAY)
            assert row.due is not None
            assert (row.due.due - as_shipped).days == 7
            tables.restore("law")
            (row,) = board.rows(TODAY)
            assert row.due is not None
            assert row.due.due == as_shipped
    finally:
        tables.restore("law")


def test_what_was_kept_is_shown_unless_a_case_changed_and_nothing_stays_of_a_removed_one(tmp_path: Path) -> None:
    with new_vault(tmp_path / "vault") as vault:
        desks = [
            new_desk(
                vault, replace(FORMULARY, case_number=f"CM25-000000{number}", employee=Employee(f"Worker {number}"))
            )
            for number in range(1, 4)
        ]
        ids = [desk.case.id for desk in desks]
        board = Board(vault)
        as_made = tuple(board.rows(TODAY))
        board.keep()
    with Vault.open(tmp_path / "vault", PASSPHRASE) as vault:
        assert tuple(Board(vault).rows(TODAY)) == as_made
        changed = vault.case(ids[1])
        with changed.step("Rename") as step:
            step.put(Table.HEADER, "header", replace(FORMULARY, case_number="CM25-0000009"), 0.0)
        assert [row.case_number for row in Board(vault).rows(TODAY)] == ["CM25-0000001", "CM25-0000003", "CM25-0000009"]
        vault.archive_case(ids[0])
        board = Board(vault)
        assert len(board.rows(TODAY)) == 2
        vault.remove_case(ids[0])
        board.rows(TODAY)
        kept = [vault.setting(name) for name in ("worklist", "worklist 0", "worklist 1")]
        assert ids[0] not in str(kept)
        assert "Worker 1" not in str(kept)
        assert "Worker 3" in str(kept)


def test_the_holiday_table_is_read_as_it_is_written(tmp_path: Path) -> None:
    days = state_holidays() - {date(2025, 12, 25)}
    assert holidays.read(holidays.written(days)) == days
    with pytest.raises(holidays.NoSuchDay, match=r"Line 2 .* no day: soon"):
        holidays.read("10/13/2025 # Columbus Day\nsoon\n")
    with new_vault(tmp_path / "vault") as vault:
        holidays.keep(vault, days)
        assert date(2025, 12, 25) not in holidays.holidays(vault)
        holidays.keep(vault, state_holidays())
        assert holidays.holidays(vault) == state_holidays()


def test_rows_are_in_order_before_they_are_made_and_stay_as_they_were(tmp_path: Path) -> None:
    with new_vault(tmp_path / "vault") as vault:
        for number, day in (("CM25-0000003", date(2025, 3, 1)), ("CM25-0000001", date(2025, 1, 2)), ("", None)):
            vault.new_case(CaseHeader(case_number=number, application_received=day), Imro(), LetterText())
        board = Board(vault)
        first = board.rows(TODAY)
        board.note_findings(first[0].case_id, 3, 0)
        assert [row.case_number for row in first] == ["CM25-0000001", "CM25-0000003", ""]
        assert [row.case_number for row in first[1:]] == ["CM25-0000003", ""]
        assert (first[0].blocking, board.rows(TODAY)[0].blocking, len(first)) == (None, 3, 3)
