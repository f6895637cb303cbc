# SPDX-License-Identifier: AGPL-3.0-or-later
"""The windows of the desk besides a case: filters and groups of the worklist, figures, precedents."""

import json
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QTableWidgetItem
from pytestqt.qtbot import QtBot

from imr_desktop import assets
from imr_desktop.casework.tables import in_force
from imr_desktop.casework.worklist import WorklistRow, statistics
from imr_desktop.checks import tables
from imr_desktop.models.deadlines import Deadline
from imr_desktop.ui.cases_model import FILTERS, GROUP, group_of
from imr_desktop.ui.precedents import PrecedentsDialog, TakeOver
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.statistics import StatisticsDialog
from imr_desktop.ui.tables_dialog import TablesDialog


def _row(number: int, status: str, days: int | None, *, issued: date | None = None) -> WorklistRow:
    due = None if days is None else Deadline(date(2014, 12, 20), "LC 4610.6(d)")
    return WorklistRow(
        f"c{number}", f"CM14-{number}", "Injured Worker A", "Standard", due, days, status, 1, 1, 0, 0,
        3 if issued else 0, outcome="UPHOLD" if issued else "", assigned=date(2014, 11, 1), issued=issued,
        headings="Norco 10/325 mg", outcomes=(("Pharmaceuticals", "Upheld"),) if issued else (),
    )  # fmt: skip


def _numbers(shell: Shell) -> list[str]:
    model = shell.worklist.table.model()
    return [model.index(row, 2).data() for row in range(model.rowCount(QModelIndex()))]


def test_the_worklist_is_filtered_searched_by_treatment_and_grouped(qtbot: QtBot, unlocked: Shell) -> None:
    worklist = unlocked.worklist
    worklist.rows_wanted.disconnect()
    worklist.show_rows(
        [
            _row(1, "New", 30),
            _row(2, "Decided", -3),
            _row(3, "Issued", -9, issued=date(2014, 12, 1)),
            _row(4, "Archived", -90, issued=date(2014, 10, 1)),
        ]
    )
    assert _numbers(unlocked) == ["CM14-1", "CM14-2", "CM14-3"]
    shown = {}
    for chosen in FILTERS:
        worklist.filter.setCurrentText(chosen)
        shown[chosen] = _numbers(unlocked)
    assert shown["Open"] == ["CM14-1", "CM14-2"]
    assert shown["Late or due within a week"] == ["CM14-2"]
    assert shown["Archived"] == ["CM14-4"]
    assert len(shown["All"]) == 4
    worklist.search.setText("norco CM14-3")
    assert _numbers(unlocked) == ["CM14-3"]
    worklist.search.clear()
    worklist.group.setCurrentText("When due")
    model = worklist.table.model()
    assert [model.index(row, GROUP).data() for row in range(4)] == ["Late", "Later", "Issued", "Issued"]
    assert not worklist.table.isColumnHidden(GROUP)
    worklist.group.setCurrentText("Nothing")
    assert worklist.table.isColumnHidden(GROUP)
    worklist.group.setCurrentText("When due")
    worklist.choose("c3")
    worklist.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert [model.index(row, GROUP).data() for row in range(4)] == ["Issued", "Issued", "Later", "Late"]
    assert _numbers(unlocked) == ["CM14-4", "CM14-3", "CM14-1", "CM14-2"]
    assert worklist.chosen() == "c3"
    worklist.group.setCurrentText("Nothing")
    worklist.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert _numbers(unlocked) == ["CM14-4", "CM14-3", "CM14-2", "CM14-1"]
    worklist.show_rows([_row(5, "New", 1), _row(6, "New", 2)])
    assert _numbers(unlocked) == ["CM14-6", "CM14-5"]  # new rows come in the order that was chosen


def test_a_group_has_a_name_for_every_outcome() -> None:
    assert group_of(_row(1, "New", 3), "Outcome") == (1, "Not decided")
    assert group_of(_row(1, "Issued", 3, issued=date(2014, 12, 1)), "Outcome") == (0, "Uphold")


def test_one_s_own_work_in_figures(qtbot: QtBot, unlocked: Shell) -> None:
    rows = (
        _row(1, "Issued", -9, issued=date(2014, 12, 1)),
        _row(2, "Issued", -9, issued=date(2014, 12, 21)),
        _row(3, "New", 3),
    )
    figures = statistics(rows)
    assert (figures.issued, figures.late) == (2, 1)
    assert figures.turnaround == (("2014-12", 2, 40.0),)
    assert figures.outcomes == (("Pharmaceuticals", 2, 0),)
    dialog = StatisticsDialog(rows, unlocked.theme, unlocked)
    dialog.show()
    assert "40 days, 2 cases" in dialog.turnaround.accessibleDescription()
    assert not dialog.grab().isNull()
    dialog.close()
    alone = StatisticsDialog((*rows[1:2], rows[2]), unlocked.theme, unlocked)
    assert "1 case issued, after the day it was due." in [label.text() for label in alone.findChildren(QLabel)]
    unlocked.commander.run("statistics")
    assert isinstance(QApplication.activeModalWidget(), StatisticsDialog)


def test_no_figure_is_cut_beside_its_bar(qtbot: QtBot, unlocked: Shell) -> None:
    """The longest bar leaves the room that what is said of it takes, at any size of text."""
    rows = tuple(_row(number, "Issued", -9, issued=date(2014, 12, 1)) for number in range(1, 12))
    dialog = StatisticsDialog(rows, unlocked.theme, unlocked)
    font = dialog.font()
    font.setPointSizeF(17)
    dialog.setFont(font)
    dialog.show()
    qtbot.waitExposed(dialog)
    for bars in (dialog.turnaround, dialog.outcomes):
        picture = bars.grab().toImage()
        edge = {picture.pixel(picture.width() - 2, row) for row in range(picture.height())}
        assert len(edge) == 1, "words run into the edge"


def _published(folder: Path) -> Path:
    plain = json.loads(assets.path("demo/case.json").read_text(encoding="utf-8"))
    plain["case"]["decision_date"] = "2024-03-01"
    path = folder / "published.json"
    path.write_text(json.dumps(plain), encoding="utf-8")
    return path


def test_precedents_are_added_searched_and_their_citations_taken_over_only_when_looked_up(
    qtbot: QtBot, unlocked: Shell, tmp_path: Path
) -> None:
    assert unlocked.session is not None
    unlocked.open_case(unlocked.session.rows()[0].case_id)
    unlocked.commander.run("precedents")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, PrecedentsDialog)
    assert "library is empty" in dialog.counts.text()
    dialog.add_from([_published(tmp_path)])
    qtbot.waitUntil(lambda: dialog.list.count() > 0)
    assert "1 added" in dialog.added.text()
    dialog.words.setText("arthroscopy NOT NOT")
    dialog.search()
    assert dialog.fault.text
    dialog.words.clear()
    dialog.search()
    assert "upheld" in dialog.counts.text()
    assert dialog.take.isEnabled()

    cited = [row for row in range(dialog.list.count()) if _has_citations(dialog, row)]
    dialog.list.setCurrentRow(cited[0])
    dialog.take.click()
    door = dialog.findChild(TakeOver)
    assert door is not None
    assert not door.keep.isEnabled()
    door.checks[0].click()
    door.keep.click()
    assert unlocked.case is not None
    kept = unlocked.case.desk.case.items[0]
    assert kept.reviewer_guideline is not None
    assert len(kept.reviewer_guideline.citations) == 1
    assert not kept.rationale.anchors()
    unlocked.case.desk.undo()
    assert unlocked.case.desk.case.items[0].reviewer_guideline is None
    dialog.close()


def _has_citations(dialog: PrecedentsDialog, row: int) -> bool:
    from imr_desktop.casework.precedents import citations_of

    dialog.list.setCurrentRow(row)
    hit = dialog.hit()
    return hit is not None and bool(citations_of(hit))


def test_a_figure_of_the_law_is_edited_kept_and_put_back(
    qtbot: QtBot, unlocked: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMR_DESKTOP_TABLES", str(tmp_path / "tables"))
    assets.forget_tables()
    unlocked.open_case(unlocked.worklist.chosen() or "")
    assert unlocked.case is not None
    strip = unlocked.case.strip
    before = strip.due.text()
    try:
        dialog = _tables(qtbot, unlocked)
        assert dialog.list.count() == len(tables.NAMES)
        dialog.show_table("law")
        assert "QC-03" in dialog.affects.text()
        assert (dialog.add.isEnabled(), dialog.keep.isEnabled()) == (False, False)
        assert not _cell(dialog, 0, 0).flags() & Qt.ItemFlag.ItemIsEditable
        dialog.rows.setCurrentCell(0, 1)
        dialog.rows.setFocus()
        QTest.keyClick(dialog.rows, Qt.Key.Key_F2)
        _type("thirty")
        dialog.show_table("websites")
        dialog.keep.click()
        assert (dialog.name, "no whole number" in dialog.fault.text) == ("law", True)
        _cell(dialog, 0, 1).setText("45")
        assert dialog.list.currentItem().text() == "Law in figures, not kept yet"
        dialog.show_table("websites")
        dialog.add.click()
        _type("example")
        dialog.keep.click()
        assert "Law in figures (yours, " in unlocked.notice.text
        assert strip.due.text() != before
        assert tables.pattern("websites", "general").search("EXAMPLE")

        dialog = _tables(qtbot, unlocked)
        for name in ("law", "websites"):
            dialog.show_table(name)
            assert dialog.list.currentItem().text().endswith(", yours")
            dialog.back.click()
        dialog.keep.click()
        assert strip.due.text() == before
        assert not any(each.own for each in in_force())
    finally:
        monkeypatch.undo()
        assets.forget_tables()


def test_rows_of_a_table_are_found_removed_and_brought_in(
    qtbot: QtBot, unlocked: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMR_DESKTOP_TABLES", str(tmp_path / "tables"))
    dialog = _tables(qtbot, unlocked)
    dialog.show_table("drugs")
    rows = dialog.rows
    dialog.seek.setText("NORCO")
    shown = [_cell(dialog, row, 1).text() for row in range(rows.rowCount()) if not rows.isRowHidden(row)]
    assert shown
    assert all("norco" in each.casefold() for each in shown)
    dialog.seek.clear()
    had = rows.rowCount()
    rows.setCurrentCell(2, 0)
    dialog.remove.click()
    assert rows.rowCount() == had - 1
    file = tmp_path / "mine.toml"
    file.write_text("drugs = 3", encoding="utf-8")
    dialog.bring_in(file)
    assert "cannot be the table drugs" in dialog.fault.text
    file.write_text(assets.path("tables/drugs.toml").read_text(encoding="utf-8"), encoding="utf-8")
    dialog.bring_in(file)
    assert (rows.rowCount(), dialog.fault.text) == (had, "")
    dialog.leave.click()
    assert not (tmp_path / "tables").exists()


def _tables(qtbot: QtBot, shell: Shell) -> TablesDialog:
    shell.commander.run("tables")
    (dialog,) = (each for each in shell.findChildren(TablesDialog) if each.isVisible())
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def _cell(dialog: TablesDialog, row: int, column: int) -> QTableWidgetItem:
    found = dialog.rows.item(row, column)
    assert found is not None
    return found


def _type(text: str) -> None:
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClicks(field, text)
