# SPDX-License-Identifier: AGPL-3.0-or-later
"""Term sets in the pane: lit on the pages while they are on, counted by document, gone through by keys (row F10)."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTreeWidgetItem
from pytestqt.qtbot import QtBot

from imr_desktop.casework.search import Search
from imr_desktop.models.case import Case
from imr_desktop.models.records import PageRef
from imr_desktop.models.terms import TermSet
from imr_desktop.storage import CaseStore
from imr_desktop.storage.page_index import Stage
from imr_desktop.ui.record import IndexFinder, RecordPane
from imr_desktop.ui.record.lighting import query_of
from tests.ui.record.conftest import DOCUMENTS, FIRST, SECOND, Driver
from tests.ui.record.test_record_finding import keep

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support")
RARE = PageRef(SECOND.sha256, 9)


@pytest.fixture
def finder(store: CaseStore) -> IndexFinder:
    keep(store, RARE, 14, "gabapentin was tried and on July 1st, 2014 stopped")
    case = Case(store.id, sources=(FIRST, SECOND), documents=DOCUMENTS)
    return IndexFinder(Search(store, case), store.words)


def light(pane: RecordPane, qtbot: QtBot, *sets: TermSet) -> None:
    for each in sets:
        pane.shared.memory.keep_term_set(each)
    pane.terming.refresh()
    all_found(pane, qtbot)


def all_found(pane: RecordPane, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: all(each.finding.done and not (each.old and each.terms.lit) for each in lit(pane)))


def lit(pane: RecordPane) -> list[Any]:
    return pane.terming.lighting.sets


def row(pane: RecordPane, number: int) -> QTreeWidgetItem:
    found = pane.rail.terms.list.topLevelItem(number)
    assert found is not None
    return found


def shown(row: QTreeWidgetItem) -> list[tuple[str, str]]:
    children = [row.child(at) for at in range(row.childCount())]
    return [(each.text(0), each.text(1)) for each in (row, *children) if each is not None]


OPIOIDS = TermSet("o", "Opioids", ("norco",))
NERVE = TermSet("n", "Nerve", ("gabapentin", "7/1/2014"))


def test_a_query_keeps_words_in_a_row_days_and_beginnings() -> None:
    assert (
        query_of(["neck pain", "7/1/2014", "cyclo*", "NOT", "neck  pain", ""])
        == '"neck pain" OR 7/1/2014 OR cyclo* OR "NOT"'
    )


def test_sets_are_counted_in_all_and_by_document(pane: RecordPane, qtbot: QtBot) -> None:
    light(pane, qtbot, OPIOIDS, NERVE)
    assert shown(row(pane, 0)) == [
        ("Opioids", "57"), ("Application", "12"), ("In no document", "33"), ("PR-2 · 7/1/2014", "12"),
    ]  # fmt: skip
    assert shown(row(pane, 1)) == [("Nerve", "2"), ("In no document", "2")]
    assert row(pane, 0).checkState(0) is Qt.CheckState.Checked


def test_each_set_is_lit_in_its_own_colour_and_goes_out(pane: RecordPane, qtbot: QtBot, settled: Any) -> None:
    light(pane, qtbot, OPIOIDS, TermSet("l", "Leg", ("straight leg",)))
    ref = PageRef(FIRST.sha256, 0)
    on_page = pane.view.overlays.lit(ref)
    assert sorted({colour for colour, _ in on_page}) == [0, 1]
    first, other = (next(hit for colour, hit in on_page if colour == number).boxes[0] for number in (0, 1))

    def seen(box: Any) -> str:
        at = pane.view.sheet(0).rect_of(box).bottomLeft().toPoint()
        return str(pane.view.viewport().grab().toImage().pixelColor(at.x() + 3, at.y()).name())

    before = seen(first), seen(other)
    assert before[0] != before[1]
    row(pane, 0).setCheckState(0, Qt.CheckState.Unchecked)
    assert not pane.shared.memory.term_sets()[0].lit
    assert {colour for colour, _ in pane.view.overlays.lit(ref)} == {1}
    assert seen(first) != before[0]
    assert seen(other) == before[1]
    assert shown(row(pane, 0)) == [("Opioids", "")]


def test_keys_step_through_all_lit_terms_and_round(pane: RecordPane, qtbot: QtBot, driver: Driver) -> None:
    light(pane, qtbot, NERVE)
    driver.press(Qt.Key.Key_F4)
    assert pane.view.current is not None
    assert pane.view.current.case_page == 14
    assert pane.view.landing is not None
    first = pane.view.landing.boxes
    driver.press(Qt.Key.Key_F4)
    assert pane.view.landing.boxes != first, "the day, written in words"
    driver.press(Qt.Key.Key_F4)
    assert pane.view.landing.boxes == first, "round"
    light(pane, qtbot, OPIOIDS)
    driver.press(Qt.Key.Key_F4, Qt.KeyboardModifier.ShiftModifier)
    assert pane.view.current.case_page == 13
    # A set that is chosen is gone through by itself, and a document of it leads to its first place.
    pane.terming.step("n", 1)
    assert pane.view.current.case_page == 14
    child = row(pane, 1).child(2)
    assert child is not None
    pane.rail.terms.list.itemActivated.emit(child, 0)
    assert pane.view.current.case_page == 8


def test_what_could_not_be_searched_is_told(pane: RecordPane, qtbot: QtBot, store: CaseStore) -> None:
    light(pane, qtbot, NERVE)
    assert pane.rail.terms.unsearched.text() == ""
    keep(store, PageRef(SECOND.sha256, 3), 8, "", Stage.UNREADABLE)
    pane.terming.lighting._rest.setInterval(0)
    pane.shared.words_changed([PageRef(SECOND.sha256, 3)])
    qtbot.waitUntil(lambda: pane.rail.terms.unsearched.text() == "1 of 20 pages not searched")


def test_a_set_is_made_changed_and_removed_in_the_window(pane: RecordPane, qtbot: QtBot) -> None:
    pane.acts["term_sets"]()
    assert pane.rail.isVisible()
    pane.rail.terms.new.click()
    dialog = pane.terming.dialog
    assert dialog is not None
    QTest.keyClicks(dialog.name, "Nerve")
    assert not dialog.buttons.button(dialog.buttons.StandardButton.Ok).isEnabled()
    QTest.keyClicks(dialog.text, "gabapentin")
    dialog.buttons.button(dialog.buttons.StandardButton.Ok).click()
    all_found(pane, qtbot)
    assert shown(row(pane, 0))[0] == ("Nerve", "1")
    pane.rail.terms.list.setCurrentItem(row(pane, 0))
    pane.rail.terms.edit.click()
    assert pane.terming.dialog is not None
    pane.terming.dialog.text.appendPlainText("norco")
    pane.terming.dialog.buttons.button(dialog.buttons.StandardButton.Ok).click()
    all_found(pane, qtbot)
    assert shown(row(pane, 0))[0] == ("Nerve", "58")
    pane.rail.terms.remove.click()
    assert pane.rail.terms.list.topLevelItemCount() == 0
    assert pane.shared.memory.term_sets() == ()
