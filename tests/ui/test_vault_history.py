# SPDX-License-Identifier: AGPL-3.0-or-later
"""The history of the summary and of each rationale: looked at beside the present, and brought back as one step."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imr_desktop.casework.desk import Desk
from imr_desktop.models.narrative import Narrative
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.form.items_panel import ItemsPanel
from imr_desktop.ui.form.summary_panel import SummaryPanel
from imr_desktop.ui.removed_items import RemovedItemsDialog
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.vault_history import HistoryDialog, differences

LONG = "The injured worker is a 47 year old with low back pain since 2012."


@pytest.fixture
def case(unlocked: Shell) -> CaseWindow:
    assert unlocked.session is not None
    first = next(each.id for each in unlocked.session.vault.cases() if each.items)
    unlocked.open_case(first)
    assert unlocked.case is not None
    return unlocked.case


@pytest.fixture
def desk(case: CaseWindow) -> Desk:
    return case.form.desk


def _open(unlocked: Shell) -> HistoryDialog:
    return next(each for each in unlocked.findChildren(HistoryDialog) if each.isVisible())


def _said(dialog: HistoryDialog) -> list[str]:
    return [dialog.list.item(row).text().split("\n")[1] for row in range(dialog.list.count())]


def test_a_summary_that_was_typed_over_comes_back_with_one_click_and_one_undo(
    unlocked: Shell, case: CaseWindow, desk: Desk, qtbot: QtBot
) -> None:
    case.form.show_panel("Summary")
    panel = next(each for each in case.form.findChildren(SummaryPanel))
    panel.text.setFocus()
    QTest.keyClicks(panel.text, LONG)
    panel.flush()
    QTest.keyClick(panel.text, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(panel.text, "x")
    QTest.mouseClick(panel.history, Qt.MouseButton.LeftButton)
    dialog = _open(unlocked)
    assert dialog.now.toPlainText() == "x"
    assert dialog.then.toPlainText() == LONG
    QTest.mouseClick(dialog.back, Qt.MouseButton.LeftButton)
    assert desk.case.clinical_summary == Narrative(LONG)
    assert panel.text.narrative() == Narrative(LONG)
    assert desk.undo_label == "Bring back an earlier summary"
    desk.undo()
    assert desk.case.clinical_summary == Narrative("x")
    assert panel.text.narrative() == Narrative("x")


def test_each_rationale_has_a_history_of_its_own_chosen_with_keys(
    unlocked: Shell, case: CaseWindow, desk: Desk
) -> None:
    for text in ("First thoughts.", "Second thoughts.", "Third thoughts."):
        desk.write_rationale("i2", Narrative(text))
    desk.write_rationale("i1", Narrative("Another item."))
    case.form.show_panel("Items")
    panel = next(each for each in case.form.findChildren(ItemsPanel))
    panel.form.show_item("i2")
    panel.form.history.click()
    dialog = _open(unlocked)
    assert len(_said(dialog)) == 3
    assert "item 2" in dialog.windowTitle()
    dialog.list.setCurrentRow(0)
    assert not dialog.back.isEnabled()
    QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    QTest.keyClick(dialog.list, Qt.Key.Key_Down)
    assert dialog.then.toPlainText() == "First thoughts."
    dialog.back.click()
    assert desk.case.item("i2").rationale == Narrative("First thoughts.")
    assert desk.case.item("i1").rationale == Narrative("Another item.")


def test_a_text_without_history_has_nothing_to_bring_back(unlocked: Shell, case: CaseWindow) -> None:
    case.form.show_panel("Summary")
    next(each for each in case.form.findChildren(SummaryPanel)).history.click()
    dialog = _open(unlocked)
    assert dialog.list.count() == 0
    assert not dialog.back.isEnabled()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_locking_takes_the_history_away(unlocked: Shell, case: CaseWindow) -> None:
    case.form.show_panel("Summary")
    next(each for each in case.form.findChildren(SummaryPanel)).history.click()
    unlocked.guard.idle.wanted.emit()
    assert not [each for each in unlocked.findChildren(HistoryDialog) if each.isVisible()]


@pytest.mark.parametrize(
    ("before", "after", "gone", "new"),
    [
        ("low back pain", "low back pain", [], []),
        ("low back pain", "low neck pain", ["back"], ["neck"]),
        ("pain", "pain since 2012", [], [" since 2012"]),
        ("", "words", [], ["words"]),
        ("a" * 30_000, "b" * 30_000, [], []),
    ],
)
def test_differences_are_told_by_word(before: str, after: str, gone: list[str], new: list[str]) -> None:
    left, right = differences(before, after)
    assert [before[start:end] for start, end in left] == gone
    assert [after[start:end] for start, end in right] == new


def test_a_removed_item_comes_back_with_its_rationale_and_the_history_of_it(unlocked: Shell, case: CaseWindow) -> None:
    desk = case._desk
    item = desk.case.items[0]
    desk.write_rationale(item.id, Narrative("first"))
    desk.write_rationale(item.id, Narrative("first and second"))
    desk.remove_item(item.id)
    # Far more is done after it than a hand would undo.
    for number in range(30):
        desk.write_summary(Narrative(f"text {number}"))
    unlocked.commander.run("removed_items")
    (dialog,) = (each for each in unlocked.findChildren(RemovedItemsDialog) if each.isVisible())
    assert dialog.list.count() == 1
    assert "first and second" in dialog.text.toPlainText()
    QTest.mouseClick(dialog.back, Qt.MouseButton.LeftButton)
    (back,) = (each for each in desk.case.items if each.id == item.id)
    assert back.rationale.text == "first and second"
    assert [each.narrative.text for each in desk.earlier_texts(item.id)][-3:] == [
        "first and second",
        "",
        "first and second",
    ]
    assert desk.removed_items() == ()
    assert desk.undo() is not None
    assert [each.value.id for each in desk.removed_items()] == [item.id]
