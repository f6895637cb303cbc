# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding in the pane: while typing, by keys, over all pages; honest over those that were not read."""

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imr_desktop.casework.search import Search
from imr_desktop.models.case import Case
from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, Word, WordsOrigin
from imr_desktop.storage import CaseStore
from imr_desktop.storage.page_index import PageReading, Stage
from imr_desktop.ui.record import IndexFinder, Query, RecordPane
from imr_desktop.ui.record.texts import PageText
from tests.ui.record.conftest import DOCUMENTS, FIRST, words_of_page
from tests.ui.record.conftest import SECOND as SECOND_FILE

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support")
SECOND = "b" * 64


@pytest.fixture
def finder(store: CaseStore) -> IndexFinder:
    case = Case(store.id, sources=(FIRST, SECOND_FILE), documents=DOCUMENTS)
    return IndexFinder(Search(store, case), store.words)


def keep(store: CaseStore, ref: PageRef, case_page: int, text: str, stage: Stage = Stage.READ) -> None:
    words = tuple(Word(word, Box(60 * at, 30, 60 * at + 50, 42), 0, at // 4) for at, word in enumerate(text.split()))
    reading = PageReading(ref, case_page, stage, why="" if stage is Stage.READ else "handwriting")
    store.pages.keep_read(PageWords(ref, PageSize(612, 792), words, WordsOrigin.OCR), reading)


def test_a_hit_knows_its_words_line_and_boxes(store: CaseStore, finder: IndexFinder) -> None:
    keep(store, PageRef(SECOND, 9), 14, "no pain while taking Norcos 10/325 zolpidem tartrate each night")
    ((ref, (hit,)),) = finder.find(Query('"zolpidem tartrate each"'))
    assert ref == PageRef(SECOND, 9)
    assert (hit.first, hit.last) == (6, 8)
    assert hit.line[hit.start : hit.end] == "zolpidem tartrate each"
    assert hit.boxes == (Box(360, 30, 470, 42), Box(480, 30, 530, 42)), "one box a line"


def test_what_the_scanner_misread_comes_after_and_is_marked(store: CaseStore, finder: IndexFinder) -> None:
    keep(store, PageRef(SECOND, 2), 7, "shows radicu1opathy again")
    keep(store, PageRef(SECOND, 9), 14, "shows radiculopathy again")
    found = [(ref.page, hit.exact) for ref, hits in finder.find(Query("radiculopathy")) for hit in hits]
    assert found == [(9, True), (2, False)]
    strict = [ref.page for ref, _ in finder.find(Query("radiculopathy", tolerant=False))]
    assert strict == [9]


def test_words_come_back_from_a_text_as_they_were() -> None:
    words = words_of_page(3)
    assert PageText(words, WordsOrigin.OCR).words() == words
    assert PageText((), WordsOrigin.NONE).words() == ()


# In the pane


def type_words(pane: RecordPane, words: str) -> None:
    QTest.keyClick(pane.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(pane.seeking.bar.field, words)


def all_read(pane: RecordPane) -> bool:
    return pane.seeking.finding.done


def test_typing_finds_in_the_whole_record(pane: RecordPane, qtbot: QtBot) -> None:
    type_words(pane, "norco")
    assert QApplication.focusWidget() is pane.seeking.bar.field
    qtbot.waitUntil(lambda: len(pane.seeking.finding.hits) == 60 and all_read(pane), timeout=20_000)
    qtbot.waitUntil(lambda: pane.seeking.bar.count.text() == "1 of 60" and not pane.seeking.bar.unsearched.isVisible())
    assert not pane.seeking.bar.unsearched.isVisible()
    assert len(pane.view.overlays.hits) == 20, "lit on every page"
    assert pane.coverage.state(PageRef(SECOND, 3)).hits == 3, "counted on thumbnails"
    assert pane.rail.hits.rowCount() == 60


def test_typing_rests_before_it_finds_and_enter_does_not(pane: RecordPane, qtbot: QtBot) -> None:
    type_words(pane, "norco")
    assert pane.seeking.finding.hits == []
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Return)
    assert pane.seeking.finding.hits != []


def test_a_word_is_found_from_its_first_letters_on(pane: RecordPane, qtbot: QtBot) -> None:
    type_words(pane, "")
    said = []
    for letter in "restricted":
        QTest.keyClicks(pane.seeking.bar.field, letter)
        pane.seeking.finding.start()
        qtbot.waitUntil(lambda: all_read(pane))
        said.append(pane.seeking.bar.count.text())
        assert pane.view.current_place() == 0
    assert said == ["1 of 180", *["1 of 60"] * 9]
    QTest.mouseClick(pane.seeking.bar.whole, Qt.MouseButton.LeftButton)
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Backspace)
    qtbot.waitUntil(lambda: pane.seeking.bar.count.text() == "No hits")


def test_typing_on_begins_where_it_began_whatever_its_first_letters_found(
    pane: RecordPane, store: CaseStore, qtbot: QtBot
) -> None:
    keep(store, PageRef(SECOND, 1), 6, "restored zolpidem")
    pane.going.go_to_place(3)
    type_words(pane, "resto")
    qtbot.waitUntil(lambda: pane.view.current_place() == 5)
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Backspace)
    QTest.keyClicks(pane.seeking.bar.field, "r")
    qtbot.waitUntil(lambda: pane.view.current_place() == 3)
    # Whoever has gone on, by a key or by hand, looks from there.
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Return)
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert pane.view.current_place() == 2
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(pane.seeking.bar.field, "zolp")
    qtbot.waitUntil(lambda: pane.view.current_place() == 5)


def test_enter_finds_the_old_words_again_after_escape(pane: RecordPane, qtbot: QtBot) -> None:
    for _ in range(2):
        QTest.keyClick(pane.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        if not pane.seeking.bar.field.text():
            QTest.keyClicks(pane.seeking.bar.field, "norco")
        QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: pane.seeking.bar.count.text() == "1 of 60", timeout=2_000)
        QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Escape)


def test_keys_go_from_hit_to_hit_and_round(pane: RecordPane, qtbot: QtBot) -> None:
    type_words(pane, "norco")
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(pane.seeking.finding.hits) == 60 and all_read(pane), timeout=20_000)
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Return)
    assert pane.seeking.bar.count.text() == "2 of 60"
    pane.view.setFocus()
    QTest.keyClick(pane.view, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(pane.view, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert pane.seeking.bar.count.text() == "60 of 60"
    assert pane.view.current_place() == 19
    QTest.keyClick(pane.view, Qt.Key.Key_F3)
    assert pane.view.current_place() == 0
    pane.going.back()
    assert pane.view.current_place() == 19, "a hit is a jump like any other"


def test_the_current_hit_is_lit_unlike_the_others(pane: RecordPane, qtbot: QtBot) -> None:
    type_words(pane, "norco")
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(pane.view.overlays.hits.get(PageRef("a" * 64, 0), ())) == 3 and all_read(pane))
    hits = pane.seeking.finding.on(PageRef("a" * 64, 0))
    pane.view.acted()
    shown = pane.view.viewport().grab().toImage()
    sheet = pane.view.sheet(0)
    corners = [sheet.rect_of(hit.boxes[0]).topLeft().toPoint() for hit in hits]
    edges = [shown.pixelColor(corner.x() - 2, corner.y() + 6).name() for corner in corners]
    assert edges[0] != edges[1]
    assert edges[1] == edges[2]


def test_zero_hits_never_appear_without_what_was_not_searched(pane: RecordPane, store: CaseStore) -> None:
    keep(store, PageRef(SECOND, 9), 14, "", Stage.UNREADABLE)
    store.pages.index.again([PageRef(SECOND, 4)], Stage.WORDS)
    type_words(pane, "zygapophyseal")
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Return)
    said = "2 of 20 pages could not be searched: 1 without readable text, 1 not read yet"
    assert pane.seeking.bar.unsearched.text() == said
    assert pane.seeking.bar.count.text() == "No hits"
    QTest.mouseClick(pane.seeking.bar.unsearched, Qt.MouseButton.LeftButton)
    listed = [pane.rail.pages.ref(row) for row in range(pane.rail.pages.rowCount())]
    assert listed == [PageRef(SECOND, 4), PageRef(SECOND, 9)]


def test_pages_read_meanwhile_join_the_hits_and_the_place_is_kept(
    pane: RecordPane, store: CaseStore, qtbot: QtBot
) -> None:
    type_words(pane, "norco")
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(pane.seeking.finding.hits) == 60 and all_read(pane))
    pane.seeking.step(5)
    assert pane.seeking.bar.count.text() == "6 of 60"
    keep(store, PageRef("a" * 64, 0), 1, "Norco Norco Norco and Norco again")
    pane.words_changed()
    qtbot.waitUntil(lambda: pane.seeking.bar.count.text() == "7 of 61")


def test_marks_stand_in_the_scroll_bar_where_the_hits_are(pane: RecordPane, qtbot: QtBot) -> None:
    type_words(pane, "Page14")
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(pane.view.bar.marks.hits) == 1 and all_read(pane), timeout=20_000)
    (y,) = pane.view.bar.marks.hits
    layout = pane.view.stage.layout
    assert layout.tops[13] < y < layout.tops[13] + layout.heights[13]
    groove = pane.view.bar.groove()
    expected = groove.top() + y / layout.total_height * groove.height()
    assert pane.view.bar.height_of(y) == pytest.approx(expected, abs=1)


def test_the_hit_list_leads_to_the_page(pane: RecordPane, qtbot: QtBot) -> None:
    pane.seeking.find_words("Page14")
    qtbot.waitUntil(lambda: pane.rail.hits.rowCount() == 1, timeout=20_000)
    pane.going.go_to_place(0)
    pane.rail.open("hits")
    index = pane.rail.hits.index(0)
    QTest.mouseClick(
        pane.rail.hit_list.viewport(), Qt.MouseButton.LeftButton, pos=pane.rail.hit_list.visualRect(index).center()
    )
    assert pane.view.current_place() == 13
    assert "14 · records.pdf 10" in index.data()


def test_a_wrong_query_says_so_in_the_bar(pane: RecordPane) -> None:
    type_words(pane, "left NEAR(")
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Return)
    assert pane.seeking.bar.trouble.isVisible()
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Escape)
    assert not pane.seeking.bar.isVisible()
    assert QApplication.focusWidget() is pane.view


def test_a_second_ctrl_f_selects_the_old_words(pane: RecordPane) -> None:
    type_words(pane, "norco")
    pane.view.setFocus()
    QTest.keyClick(pane.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert pane.seeking.bar.field.selectedText() == "norco"


def test_a_drug_double_clicked_shows_its_other_places(
    pane: RecordPane, driver: Any, settled: Any, qtbot: QtBot
) -> None:
    settled()
    words = pane.view.words_at(0)
    assert words
    number = next(number for number, word in enumerate(words) if word.text == "Norco")
    at = driver.word(0, number)
    QTest.mouseDClick(driver.viewport, Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseRelease(driver.viewport, Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: len(pane.seeking.finding.hits) == 60, timeout=20_000)
    kept = pane.selection()
    assert kept is not None
    assert kept.text == "Norco"


def test_selected_words_are_found_with_one_key(pane: RecordPane, driver: Any, settled: Any, qtbot: QtBot) -> None:
    settled()
    driver.drag(driver.word(0, 1), driver.word(0, 4))
    driver.press(Qt.Key.Key_F3, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(pane.seeking.finding.hits) == 60, timeout=20_000)
    assert pane.seeking.bar.field.text() == '"Range of motion restricted"'
