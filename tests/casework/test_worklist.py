# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worklist's rows: by this vault's holidays, looked at again only when a case changed, archived ones on demand."""

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from imr_desktop.casework import attesting, holidays
from imr_desktop.casework.worklist import Board
from imr_desktop.models.case import CaseHeader, DisputeKind, Employee, Imro, LetterText
from imr_desktop.models.deadlines import state_holidays
from imr_desktop.models.items import DisputedItem, Outcome
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import Vault
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
