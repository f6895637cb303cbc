# SPDX-License-Identifier: AGPL-3.0-or-later
"""The worklist: most urgent first, days in words, searched, opened by key and mouse, filled by dropping files."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QModelIndex, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from imr_desktop.casework.worklist import WorklistRow
from imr_desktop.models.deadlines import Deadline
from imr_desktop.ui.cases_model import time_left, urgency
from imr_desktop.ui.key_sheet import KeySheet
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.vault_dialog import VaultDialog
from imr_desktop.ui.worklist import Worklist


def _row(days: int | None, *, estimated: bool = False, letters: int = 0) -> WorklistRow:
    due = None if days is None else Deadline(date(2014, 12, 20), "LC 4610.6(d)", estimated)
    return WorklistRow("c", "CM14-1", "Injured Worker A", "Standard", due, days, "New", 0, 0, 0, 0, letters)


@pytest.mark.parametrize(
    ("days", "said"),
    [(-2, "2 days late"), (-1, "1 day late"), (0, "due today"), (1, "due tomorrow"), (9, "9 days left")],
)
def test_days_left_in_words(days: int, said: str) -> None:
    assert time_left(_row(days)) == said


def test_unknown_estimated_and_issued_are_said() -> None:
    assert time_left(_row(None)) == "no due date yet"
    assert time_left(_row(3, estimated=True)) == "3 days left (estimated)"
    assert time_left(_row(-30, letters=3)) == "issued"
    assert [urgency(days) for days in (None, -1, 1, 7, 8)] == ["muted", "danger", "danger", "warn", ""]


def _shown(worklist: Worklist, column: int = 2) -> list[str]:
    model = worklist.table.model()
    return [model.index(row, column).data() for row in range(model.rowCount(QModelIndex()))]


def test_due_first_and_those_without_a_date_last(unlocked: Shell) -> None:
    assert _shown(unlocked.worklist) == ["CM14-0000001", "CM14-0000002", "no number yet"]
    assert _shown(unlocked.worklist, 1)[0] == "10 days left (estimated)"
    assert "no due date yet" in _shown(unlocked.worklist, 1)
    assert _shown(unlocked.worklist, 6)[0] == "1 of 2"


def test_searching_narrows_and_tells_how_many(qtbot: QtBot, unlocked: Shell) -> None:
    worklist = unlocked.worklist
    QTest.keyClick(unlocked, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert worklist.search.hasFocus()
    QTest.keyClicks(worklist.search, "worker 0002")
    assert _shown(worklist) == ["CM14-0000002"]
    QTest.keyClicks(worklist.search, "x")
    said = next(label for label in worklist.findChildren(QLabel) if "carries all these words" in label.text())
    assert said.isVisible()
    assert not worklist.table.isVisible()
    QTest.keyClick(worklist.search, Qt.Key.Key_Backspace)
    QTest.keyClick(worklist.search, Qt.Key.Key_Down)
    assert worklist.table.hasFocus()


def _says(worklist: Worklist) -> list[str]:
    return [label.text() for label in worklist.findChildren(QLabel) if label.isVisible() and label.text()]


def test_what_is_sought_and_not_shown_is_not_called_absent(unlocked: Shell) -> None:
    worklist = unlocked.worklist
    worklist.filter.setCurrentText("Issued")
    assert "No case is shown under “Issued”." in _says(worklist)
    QTest.keyClicks(worklist.search, "CM14")
    assert "No case shown under “Issued” carries all these words." in _says(worklist)
    worklist.filter.setCurrentText("All")
    assert _shown(worklist) == ["CM14-0000001", "CM14-0000002"]
    QTest.keyClicks(worklist.search, "x")
    assert "No case carries all these words." in _says(worklist)


def test_the_keys_stay_where_something_is_shown(unlocked: Shell) -> None:
    worklist = unlocked.worklist
    worklist.table.setFocus()
    worklist.filter.setCurrentText("Issued")
    assert worklist.search.hasFocus(), "the table is hidden"
    QTest.keyClick(worklist.search, Qt.Key.Key_Down)
    assert worklist.search.hasFocus(), "there is nothing to go down to"
    unlocked.show_worklist()
    assert worklist.search.hasFocus()
    worklist.filter.setCurrentText("All")
    QTest.keyClick(worklist.search, Qt.Key.Key_Down)
    assert worklist.table.hasFocus()


def test_archiving_keeps_the_archived_cases_in_view(unlocked: Shell) -> None:
    worklist = unlocked.worklist
    worklist.choose(_case(unlocked, "CM14-0000002"))
    unlocked.keeper.archive()
    worklist.filter.setCurrentText("All")
    worklist.choose(_case(unlocked, "CM14-0000001"))
    unlocked.keeper.archive()
    assert sorted(_shown(worklist)) == ["CM14-0000001", "CM14-0000002", "no number yet"]
    worklist.filter.setCurrentText("Archived")
    assert sorted(_shown(worklist)) == ["CM14-0000001", "CM14-0000002"]


def test_what_is_archived_is_not_archived_again_but_can_be_taken_back(unlocked: Shell) -> None:
    worklist = unlocked.worklist
    assert unlocked.session is not None
    worklist.choose(_case(unlocked, "CM14-0000002"))
    unlocked.keeper.archive()
    before = unlocked.session.vault.archived()
    worklist.filter.setCurrentText("Archived")
    unlocked.keeper.archive()
    assert "CM14-0000002 is in the archive already" in unlocked.notice.text
    assert unlocked.session.vault.archived() == before
    QTest.mouseClick(unlocked.notice._act, Qt.MouseButton.LeftButton)
    assert unlocked.session.vault.archived() == ()


def test_the_keys_find_their_way_from_a_table_that_emptied_behind_a_dialog(qtbot: QtBot, unlocked: Shell) -> None:
    worklist = unlocked.worklist
    case_id = _case(unlocked, "CM14-0000002")
    worklist.choose(case_id)
    unlocked.keeper.archive()
    worklist.filter.setCurrentText("Archived")
    worklist.table.setFocus()
    unlocked.keeper.show_vault()
    assert unlocked.session is not None
    unlocked.session.vault.unarchive_case(case_id)
    dialog = unlocked.findChild(VaultDialog)
    assert dialog is not None
    dialog.changed.emit()
    dialog.reject()
    assert "No case is shown under “Archived”." in _says(worklist)
    assert unlocked.focusWidget() is worklist.search


def test_where_every_case_is_archived_the_archive_can_still_be_looked_at(unlocked: Shell) -> None:
    worklist = unlocked.worklist
    for _ in range(3):
        unlocked.keeper.archive()
    assert "No case is shown under “All but archived”." in _says(worklist)
    assert worklist.filter.isVisible()
    worklist.filter.setCurrentText("Archived")
    assert len(_shown(worklist)) == 3


def _case(shell: Shell, number: str) -> str:
    assert shell.session is not None
    return next(row.case_id for row in shell.session.rows(archived=True) if row.case_number == number)


def test_a_sorted_column_sorts_by_value_and_not_by_letters(qtbot: QtBot, unlocked: Shell) -> None:
    unlocked.worklist.table.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    assert _shown(unlocked.worklist, 3) == ["Injured Worker C", "Injured Worker B", "Injured Worker A"]
    unlocked.worklist.table.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert _shown(unlocked.worklist)[-1] == "no number yet"


def test_a_case_opens_with_enter_and_with_a_double_click(qtbot: QtBot, unlocked: Shell) -> None:
    opened = list[str]()
    worklist = unlocked.worklist
    worklist.opened.disconnect()
    worklist.opened.connect(opened.append)
    worklist.table.setFocus()
    QTest.keyClick(worklist.table, Qt.Key.Key_Return)
    second = worklist.table.visualRect(worklist.table.model().index(1, 2)).center()
    QTest.mouseClick(worklist.table.viewport(), Qt.MouseButton.LeftButton, pos=second)
    QTest.mouseDClick(worklist.table.viewport(), Qt.MouseButton.LeftButton, pos=second)
    assert len(opened) == 2
    assert len(set(opened)) == 2


def _drop(widget: Worklist, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(200, 200), copy, data, left, none))
    QApplication.sendEvent(widget, QDropEvent(QPointF(200, 200), copy, data, left, none))


def test_dropped_pdfs_become_one_case(qtbot: QtBot, unlocked: Shell, make_pdf: Callable[..., Path]) -> None:
    worklist = unlocked.worklist
    files = make_pdf("CM14-0000009 denial.pdf", pages=2), make_pdf("records.pdf", pages=3)
    _drop(worklist, *files)
    assert not worklist.progress.isHidden()
    assert not worklist.table.isEnabled()
    qtbot.waitUntil(lambda: not unlocked.importing.running, timeout=20000)
    assert "CM14-0000009" in _shown(worklist)
    assert worklist.table.isEnabled()
    assert unlocked.session is not None
    assert worklist.chosen() is not None
    case = unlocked.session.desk(worklist.chosen() or "").case
    assert sum(source.page_count for source in case.sources) == 5


def test_what_came_in_is_shown_whatever_was_sought_and_filtered(
    qtbot: QtBot, unlocked: Shell, make_pdf: Callable[..., Path]
) -> None:
    worklist = unlocked.worklist
    worklist.filter.setCurrentText("Archived")
    QTest.keyClicks(worklist.search, "nobody")
    _drop(worklist, make_pdf("CM14-0000009 denial.pdf"))
    qtbot.waitUntil(lambda: not unlocked.importing.running, timeout=20000)
    assert worklist.model.row(worklist.table.currentIndex().row()).case_number == "CM14-0000009"
    assert worklist.table.hasFocus()


def test_a_file_that_is_no_pdf_is_trouble_in_two_sentences_and_leaves_no_case(
    qtbot: QtBot, unlocked: Shell, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"this is no PDF")
    _drop(unlocked.worklist, broken)
    qtbot.waitUntil(lambda: not unlocked.importing.running, timeout=20000)
    assert "broken.pdf" in unlocked.notice.text
    assert unlocked.notice.text.count(". ") >= 1
    assert unlocked.worklist.model.rowCount() == 3


def test_an_import_can_be_stopped(qtbot: QtBot, unlocked: Shell, make_pdf: Callable[..., Path]) -> None:
    _drop(unlocked.worklist, *(make_pdf(f"file {number}.pdf", pages=1) for number in range(4)))
    QTest.mouseClick(unlocked.worklist.progress.cancel, Qt.MouseButton.LeftButton)
    assert not unlocked.importing.running
    assert unlocked.worklist.progress.isHidden()
    assert unlocked.worklist.model.rowCount() == 3
    assert "stopped" in unlocked.notice.text


def test_a_question_mark_is_typed_in_a_field_and_shows_the_keys_elsewhere(qtbot: QtBot, unlocked: Shell) -> None:
    worklist = unlocked.worklist
    worklist.search.setFocus()
    QTest.keyClicks(worklist.search, "?")
    assert worklist.search.text() == "?"
    assert unlocked.findChild(KeySheet) is None
    worklist.search.clear()
    worklist.table.setFocus()
    QTest.keyClicks(worklist.table, "?")
    sheet = unlocked.findChild(KeySheet)
    assert sheet is not None
    sheet.reject()
