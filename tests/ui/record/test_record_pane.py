# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record pane by hand: words taken, cited and copied, jumps retraced, the state brought back."""

import json
from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QLineEdit, QListView, QMenu, QWidget
from pytestqt.qtbot import QtBot

from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.records import Box, DocumentType, PageRef, SourceFile
from imr_desktop.ui.record import CiteTarget, EvidenceMark, MarkRole, RecordPane
from imr_desktop.ui.record.acts import acts_of
from imr_desktop.ui.record.keys import KEYS, SINGLE_KEYS
from imr_desktop.ui.record.layout import Fit, Zoom
from tests.ui.record.conftest import DOCUMENTS

# The screenless platform of the tests says so whenever a window asks for a size or a place.
pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support")

FIRST, SECOND = "a" * 64, "b" * 64
CONTROL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
QUOTE = "Range of motion restricted in lumbar\nflexion to forty"


def gather(signal: Any) -> list[Any]:
    told: list[Any] = []
    signal.connect(lambda *values: told.append(values if len(values) > 1 else values[0]))
    return told


# Selecting


def test_dragging_over_words_tells_the_passage_once(pane: RecordPane, driver: Any) -> None:
    told = gather(pane.passage_selected)
    driver.drag(driver.word(0, 1), driver.word(0, 9))
    assert [passage.text for passage in told] == [QUOTE]
    assert told[0].start == PageRef(FIRST, 0)
    assert told == [pane.selection()]


def test_a_drag_backwards_gives_reading_order(pane: RecordPane, driver: Any) -> None:
    driver.drag(driver.word(0, 9), driver.word(0, 1))
    passage = pane.selection()
    assert passage is not None
    assert passage.text == QUOTE


def test_a_double_click_takes_the_word_and_a_third_the_line(pane: RecordPane, driver: Any, qtbot: QtBot) -> None:
    point = driver.word(0, 4)
    QTest.mouseClick(driver.viewport, Qt.MouseButton.LeftButton, pos=point)
    QTest.mouseDClick(driver.viewport, Qt.MouseButton.LeftButton, pos=point)
    word = pane.selection()
    assert word is not None
    assert word.text == "restricted"
    QTest.mouseClick(driver.viewport, Qt.MouseButton.LeftButton, pos=point)
    line = pane.selection()
    assert line is not None
    assert line.text == "Page1 Range of motion restricted in lumbar"


def test_a_selection_reaches_over_a_page_break(pane: RecordPane, driver: Any, settled: Any) -> None:
    pane.view.set_zoom(Zoom(Fit.ACTUAL, 0.45))
    settled()
    driver.drag(driver.word(0, 70), driver.word(1, 2))
    passage = pane.selection()
    assert passage is not None
    assert [part.page for part in passage.parts] == [PageRef(FIRST, 0), PageRef(FIRST, 1)]
    assert passage.text.endswith("\nPage2 Range of")


def test_a_drag_out_of_the_window_scrolls_on(pane: RecordPane, driver: Any, qtbot: QtBot) -> None:
    below = QPoint(200, driver.viewport.height() + 120)
    driver.drag(driver.word(0, 1), below, let_go=False)
    qtbot.waitUntil(lambda: pane.view.scrolled()[1] > 900, timeout=20_000)
    QTest.mouseRelease(driver.viewport, Qt.MouseButton.LeftButton, pos=below)
    stopped = pane.view.scrolled()
    qtbot.waitUntil(lambda: pane.selection() is not None)
    passage = pane.selection()
    assert passage is not None
    assert len(passage.parts) >= 2
    assert pane.view.scrolled() == stopped


def test_alt_drag_takes_a_region(pane: RecordPane, driver: Any) -> None:
    driver.drag(driver.at(0, 60, 65), driver.at(0, 300, 110), ALT)
    passage = pane.selection()
    assert passage is not None
    (box,) = passage.parts[0].boxes
    assert box == pytest.approx((60, 65, 300, 110), abs=1.5)
    assert passage.text.startswith("Page1 Range of motion")


def test_the_region_key_serves_one_drag(pane: RecordPane, driver: Any) -> None:
    driver.press(Qt.Key.Key_R)
    assert pane.tools.region.isChecked()
    driver.drag(driver.at(0, 60, 65), driver.at(0, 300, 110))
    passage = pane.selection()
    assert passage is not None
    assert passage.parts[0].boxes[0] == pytest.approx((60, 65, 300, 110), abs=1.5)
    assert not pane.tools.region.isChecked()
    driver.drag(driver.word(0, 1), driver.word(0, 9))
    words = pane.selection()
    assert words is not None
    assert words.text == QUOTE


def test_a_region_stays_on_its_page(pane: RecordPane, driver: Any) -> None:
    pane.view.set_zoom(Zoom(Fit.ACTUAL, 0.3))
    driver.drag(driver.at(0, 60, 700), driver.at(1, 300, 110), ALT)
    passage = pane.selection()
    assert passage is not None
    assert [part.page for part in passage.parts] == [PageRef(FIRST, 0)]
    assert passage.parts[0].boxes[0].y1 == 792


def test_on_a_scan_a_drag_takes_a_region_and_says_so(pane: RecordPane, driver: Any, reader: Any, settled: Any) -> None:
    ref = PageRef(SECOND, 9)
    reader.scans.add(ref)
    pane.go_to(ref)
    settled()
    driver.drag(driver.at(13, 60, 65), driver.at(13, 300, 110))
    passage = pane.selection()
    assert passage is not None
    assert passage.text == ""
    assert "cannot read words" in pane.notice.words.text()


def test_a_selection_waits_for_words_that_are_being_read(
    pane: RecordPane, driver: Any, reader: Any, settled: Any, qtbot: QtBot
) -> None:
    pane.view.set_zoom(Zoom(Fit.ACTUAL, 0.3))
    settled()
    reader.held = True
    told, cited = gather(pane.passage_selected), gather(pane.cite_requested)
    pane.view.loader.texts.forget(PageRef(FIRST, 1))
    driver.drag(driver.word(0, 70), driver.word(2, 2))
    assert pane.selection() is None
    driver.press(Qt.Key.Key_S)
    assert cited == []
    assert "still being read" in pane.notice.words.text()
    reader.let_go()
    assert [len(passage.parts) for passage in told] == [3]


def test_a_click_lets_go_of_the_selection(pane: RecordPane, driver: Any) -> None:
    driver.drag(driver.word(0, 1), driver.word(0, 9))
    QTest.mouseClick(driver.viewport, Qt.MouseButton.LeftButton, pos=driver.at(0, 400, 700))
    assert pane.selection() is None


# Citing and copying


@pytest.mark.parametrize(("key", "target"), [(Qt.Key.Key_E, CiteTarget.ITEM), (Qt.Key.Key_S, CiteTarget.SUMMARY)])
def test_one_key_cites_and_the_page_keeps_its_place(
    pane: RecordPane, driver: Any, key: Qt.Key, target: CiteTarget
) -> None:
    told = gather(pane.cite_requested)
    driver.drag(driver.word(0, 1), driver.word(0, 9))
    before = pane.view.spot()
    driver.press(key)
    assert [(passage.text, where) for passage, where in told] == [(QUOTE, target.value)]
    assert pane.view.spot() == before
    driver.press(key)
    assert len(told) == 1, "pressed again by mistake, the same words are not cited twice"
    assert "Nothing is selected" in pane.notice.words.text()


def test_single_letters_count_only_while_a_page_has_the_focus(pane: RecordPane, driver: Any) -> None:
    told = gather(pane.cite_requested)
    driver.drag(driver.word(0, 1), driver.word(0, 9))
    pane.going.ask_for_page()
    driver.press(Qt.Key.Key_E)
    assert told == []
    pane.rail.document_list.setFocus()
    driver.press(Qt.Key.Key_S)
    assert told == []
    pane.view.setFocus()
    pane.single_keys = False
    driver.press(Qt.Key.Key_S)
    assert told == []


def test_the_bar_appears_when_the_selection_has_settled(pane: RecordPane, driver: Any, qtbot: QtBot) -> None:
    told = gather(pane.cite_requested)
    driver.drag(driver.word(0, 1), driver.word(0, 9), let_go=False)
    assert not pane.bar.isVisible()
    QTest.mouseRelease(driver.viewport, Qt.MouseButton.LeftButton, pos=driver.word(0, 9))
    assert not pane.bar.isVisible()
    qtbot.waitUntil(pane.bar.isVisible, timeout=20_000)
    assert not pane.bar.geometry().intersects(pane.view.selection_area().toRect())
    button = next(each for each in pane.bar.findChildren(QAbstractButton) if each.text() == "Cite in current item (E)")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [target for _, target in told] == ["item"]
    assert not pane.bar.isVisible()
    assert pane.view.hasFocus()


def test_the_bar_shows_all_its_buttons_in_a_narrow_view(pane: RecordPane, driver: Any, qtbot: QtBot) -> None:
    pane.toggle_rail()
    pane.resize(400, 700)
    driver.drag(driver.word(0, 1), driver.word(0, 9))
    qtbot.waitUntil(pane.bar.isVisible, timeout=20_000)
    room = pane.view.viewport().rect()
    assert room.contains(pane.bar.geometry())
    buttons = pane.bar.findChildren(QAbstractButton)
    assert all(pane.bar.rect().contains(button.geometry()) for button in buttons)
    assert all(button.width() >= button.sizeHint().width() for button in buttons)
    assert not pane.bar.geometry().intersects(pane.view.selection_area().toRect())


def test_copied_words_are_one_line_and_the_kept_quote_is_verbatim(pane: RecordPane, driver: Any) -> None:
    driver.drag(driver.word(0, 13), driver.word(0, 22))
    driver.press(Qt.Key.Key_C, CONTROL)
    assert QGuiApplication.clipboard().text() == "raise positive on the left. The treatment was Norco"
    passage = pane.selection()
    assert passage is not None
    assert passage.text == "raise positive on the left. The treat-\nment was Norco"


@pytest.mark.qt_log_ignore("^This plugin does not support")
def test_the_menu_offers_every_act_and_evidence(pane: RecordPane, driver: Any, qtbot: QtBot) -> None:
    told = gather(pane.evidence_chosen)
    point = driver.word(0, 2)
    words = pane.view.words_at(0)
    assert words
    passage = Passage((PassagePart(PageRef(FIRST, 0), (words[2].box,)),), "of")
    pane.show_evidence([EvidenceMark("e1", passage, MarkRole.ITEM, "Item 1")])
    QApplication.sendEvent(
        driver.viewport,
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, driver.viewport.mapToGlobal(point)),
    )
    (menu,) = pane.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly)
    texts = {action.text().replace("&", "").split("\t")[0]: action for action in menu.actions() if action.text()}
    assert {"Cite in summary", "Cite in current item", "Copy as text", "Select a region", "Go to page…"} <= set(texts)
    assert not texts["Copy as text"].isEnabled()
    texts["Go to where this evidence is used"].trigger()
    assert told == ["e1"]
    menu.close()


# Evidence


def test_a_click_on_evidence_leads_to_where_it_is_used(pane: RecordPane, driver: Any) -> None:
    told = gather(pane.evidence_chosen)
    words = pane.view.words_at(0)
    assert words
    part = PassagePart(PageRef(FIRST, 0), (words[2].box,))
    before = pane.view.viewport().grab().toImage()
    pane.show_evidence([EvidenceMark("e7", Passage((part,), "of"), MarkRole.SUMMARY, "Clinical summary")])
    after = pane.view.viewport().grab().toImage()
    point, foot = driver.word(0, 2), round(pane.view.sheet(0).rect_of(words[2].box).bottom())
    changed = [before.pixelColor(point.x(), y) != after.pixelColor(point.x(), y) for y in range(foot - 2, foot + 3)]
    assert any(changed), "a line under the words"
    QTest.mouseClick(driver.viewport, Qt.MouseButton.LeftButton, pos=point)
    assert told == ["e7"]
    QTest.mouseClick(driver.viewport, Qt.MouseButton.LeftButton, pos=driver.word(0, 5))
    assert told == ["e7"]


# Going about


def test_the_page_field_goes_there_and_gives_the_focus_back(pane: RecordPane, driver: Any) -> None:
    told = gather(pane.page_changed)
    driver.press(Qt.Key.Key_G, CONTROL)
    assert pane.tools.field.hasFocus()
    QTest.keyClicks(pane.tools.field, "records:12")
    driver.press(Qt.Key.Key_Return)
    assert pane.view.hasFocus()
    assert told[-1].case_page == 16
    assert pane.header.text() == "16 · records.pdf 12"
    driver.press(Qt.Key.Key_G, CONTROL)
    QTest.keyClicks(pane.tools.field, "7/1/2014")
    driver.press(Qt.Key.Key_Return)
    assert pane.header.text() == "8 · records.pdf 4 · PR-2 7/1/2014"


def test_a_page_that_is_not_there_is_told_and_nothing_moves(pane: RecordPane, driver: Any) -> None:
    before = pane.view.spot()
    driver.press(Qt.Key.Key_G, CONTROL)
    QTest.keyClicks(pane.tools.field, "900")
    driver.press(Qt.Key.Key_Return)
    assert "no case page 900: the case has pages 1 to 20" in pane.notice.words.text()
    assert pane.notice.isVisible()
    assert pane.view.spot() == before
    driver.press(Qt.Key.Key_Escape)
    assert pane.view.hasFocus()
    assert pane.tools.field.text() == "1"
    pane.go_to(PageRef("f" * 64, 0))
    assert "none of this case's files" in pane.notice.words.text()


def test_twenty_jumps_retrace_exactly_with_their_zoom(pane: RecordPane, driver: Any) -> None:
    spots = []
    for number in range(20):
        pane.view.set_zoom(Zoom(Fit.UNIFORM, 500 + 10 * number))
        pane.view.scroll_by(0, number * 7)
        spots.append((pane.view.scrolled(), pane.view.stage.zoom))
        pane.go_to(PageRef(SECOND, number * 5 % 16), [Box(50, 300 + number, 90, 320 + number)])
    for spot in reversed(spots):
        driver.press(Qt.Key.Key_Left, ALT)
        assert (pane.view.scrolled(), pane.view.stage.zoom) == spot
    assert not pane.tools.back.isEnabled()
    driver.press(Qt.Key.Key_Right, ALT)
    assert (pane.view.scrolled(), pane.view.stage.zoom) == spots[1]


def test_the_side_buttons_of_the_mouse_go_back_and_forward(pane: RecordPane, driver: Any) -> None:
    pane.go_to(PageRef(SECOND, 9))
    there = pane.view.scrolled()
    QTest.mouseClick(driver.viewport, Qt.MouseButton.BackButton, pos=QPoint(50, 50))
    assert pane.view.scrolled() == (0, 0)
    QTest.mouseClick(driver.viewport, Qt.MouseButton.ForwardButton, pos=QPoint(50, 50))
    assert pane.view.scrolled() == there


def test_keys_move_by_screens_ends_and_documents(pane: RecordPane, driver: Any) -> None:
    driver.press(Qt.Key.Key_Space)
    one = pane.view.scrolled()[1]
    assert 0.8 * pane.view.viewport().height() < one < pane.view.viewport().height()
    driver.press(Qt.Key.Key_PageDown)
    assert pane.view.scrolled()[1] == 2 * one
    driver.press(Qt.Key.Key_PageUp)
    driver.press(Qt.Key.Key_Space, SHIFT)
    assert pane.view.scrolled()[1] == 0
    driver.press(Qt.Key.Key_End)
    assert pane.tools.field.text() == "20"
    driver.press(Qt.Key.Key_Home)
    assert pane.tools.field.text() == "1"
    driver.press(Qt.Key.Key_PageDown, CONTROL)
    assert pane.tools.field.text() == "5"
    driver.press(Qt.Key.Key_PageDown, CONTROL)
    assert pane.tools.field.text() == "8"
    driver.press(Qt.Key.Key_PageUp, CONTROL)
    assert pane.tools.field.text() == "5"


def test_turning_is_kept_per_page(pane: RecordPane, driver: Any, settled: Any) -> None:
    driver.press(Qt.Key.Key_Plus, CONTROL | SHIFT)
    assert pane.view.stage.rotations == {PageRef(FIRST, 0): 90}
    driver.press(Qt.Key.Key_Underscore, CONTROL | SHIFT)
    assert pane.view.stage.rotations == {}


def test_the_rail_leads_to_documents_and_pages_and_follows(pane: RecordPane, driver: Any, qtbot: QtBot) -> None:
    assert pane.rail.isVisible()
    rail = pane.rail
    titles = [row.title for row in rail.documents.rows]
    assert titles == ["application.pdf", "Application", "records.pdf", "PR-2"]
    assert rail.documents.rows[3].detail == "7/1/2014 · pages 8–11 · Treating Physician A · 4 unseen"
    index = rail.documents.index(3)
    QTest.mouseClick(
        rail.document_list.viewport(), Qt.MouseButton.LeftButton, pos=rail.document_list.visualRect(index).center()
    )
    assert pane.tools.field.text() == "8"
    rail.tabs.setCurrentIndex(1)
    assert rail.page_list.currentIndex().row() == 7
    rail.page_list.setCurrentIndex(rail.pages.index(17))
    rail.page_list.setFocus()
    driver.press(Qt.Key.Key_Return)
    assert pane.tools.field.text() == "18"
    pane.go_to(PageRef(FIRST, 2))
    assert rail.document_list.currentIndex().row() == 1
    driver.press(Qt.Key.Key_F9)
    assert not rail.isVisible()
    driver.press(Qt.Key.Key_F9)
    assert rail.isVisible()


def test_files_without_pages_and_documents_without_files_are_not_left_out(pane: RecordPane) -> None:
    from imr_desktop.models.records import Document

    broken = SourceFile("d" * 64, "broken.pdf", 10, 21, (), broken="The file is not a PDF. Ask for it again.")
    pane.show_record((*pane.view.stage.run.sources, broken), (Document("x", title="EMG"),))
    rows = [(row.title, row.detail) for row in pane.rail.documents.rows]
    assert ("broken.pdf", "cannot be opened") in rows
    assert rows[-2:] == [("Without pages", "listed, but no file holds them"), ("EMG", "no pages here")]
    assert pane.notice.words.text() == "No page of broken.pdf can be shown. The file is not a PDF. Ask for it again."


# Seen


def test_a_page_read_for_a_second_is_told_as_seen(pane: RecordPane, clock: Any) -> None:
    told = gather(pane.seen)
    clock.seconds += 0.9
    pane.view._looking.look()
    assert told == []
    clock.seconds += 0.2
    pane.view._looking.look()
    assert told == [PageRef(FIRST, 0)]
    rail = pane.rail.pages
    assert [rail.index(place).data()[0] for place in range(3)] == ["✓", "○", "○"]
    assert rail.unseen_count() == 19
    clock.seconds += 60
    pane.view._looking.look()
    assert told == [PageRef(FIRST, 0)]


def test_pages_too_small_to_count_as_seen_say_so(pane: RecordPane, clock: Any, settled: Any, driver: Any) -> None:
    told = gather(pane.seen)
    pane.toggle_rail()
    pane.resize(430, 700)
    settled()
    assert pane.view.stage.layout.scales[0] < 0.65
    assert not pane.smallness.isVisible()
    driver.press(Qt.Key.Key_6, CONTROL)
    settled()
    clock.seconds += 10
    pane.view._looking.look()
    assert told == []
    assert pane.smallness.isVisible()
    driver.press(Qt.Key.Key_4, CONTROL)
    settled()
    assert not pane.smallness.isVisible()
    clock.seconds += 10
    pane.view._looking.look()
    assert PageRef(FIRST, 0) in told
    driver.press(Qt.Key.Key_6, CONTROL)
    settled()
    assert pane.smallness.isVisible(), "other pages on screen have not been seen"
    pane.know_seen([page.ref for page in pane.view.stage.run.pages])
    assert not pane.smallness.isVisible()


def test_flying_over_pages_sees_none(pane: RecordPane, clock: Any, settled: Any) -> None:
    told = gather(pane.seen)
    for _ in range(12):
        clock.seconds += 0.3
        pane.view.scroll_by(0, 900)
        settled()
    assert told == []


def test_a_paper_without_its_picture_is_not_seen(pane: RecordPane, reader: Any, clock: Any) -> None:
    told = gather(pane.seen)
    reader.held = True
    reader.failing.add(PageRef(SECOND, 9))
    pane.go_to(PageRef(SECOND, 9))
    clock.seconds += 10
    pane.view._looking.look()
    reader.let_go()
    clock.seconds += 10
    pane.view._looking.look()
    clock.seconds += 10
    pane.view._looking.look()
    assert PageRef(SECOND, 9) not in told


def test_the_next_unseen_page_is_visited_once_each(pane: RecordPane, driver: Any) -> None:
    pane.know_seen([PageRef(FIRST, 0), PageRef(FIRST, 1), PageRef(SECOND, 3)])
    visited = []
    for _ in range(17):
        driver.press(Qt.Key.Key_F8)
        assert pane.view.current is not None
        visited.append(pane.view.current.case_page)
        pane.know_seen([pane.view.current.ref])
    assert visited == [page for page in range(1, 21) if page not in (1, 2, 8)]
    driver.press(Qt.Key.Key_F8)
    assert pane.notice.words.text() == "Every page of the record has been seen or dismissed with a reason."


def test_a_list_of_pages_stays_until_the_filter_is_set_anew(pane: RecordPane) -> None:
    rail, run = pane.rail, pane.view.stage.run
    pane.list_pages([PageRef(SECOND, 9), PageRef(FIRST, 2)], "could not be searched")
    listed = [PageRef(FIRST, 2), PageRef(SECOND, 9)]
    documents = tuple(DOCUMENTS)
    rail.show_proposed([replace(documents[0], id="proposed 1")])
    rail.show_record(run, documents[1:])
    assert [rail.pages.ref(row) for row in range(rail.pages.rowCount())] == listed
    assert rail.filter.count.text() == "Listed: 2 pages that could not be searched"
    assert rail.filter.shown.currentText() == "Pages that could not be searched"
    assert pane.state()["filter"]["shown"] == "all"
    # All pages are had back with keys, as any other choice.
    rail.filter.shown.setFocus()
    QTest.keyClick(rail.filter.shown, Qt.Key.Key_Home)
    assert rail.filter.shown.currentText() == "All pages"
    assert rail.pages.rowCount() == len(run.pages)
    assert rail.filter.shown.findText("Pages that could not be searched") < 0
    pane.list_pages([PageRef(SECOND, 9)], "hold something else")
    rail.filter.since.setText("7/1/2014")
    QTest.keyClick(rail.filter.since, Qt.Key.Key_Return)
    assert rail.filter.shown.currentText() == "All pages"
    assert "hold something else" not in rail.filter.count.text()


def test_what_is_proposed_meanwhile_leaves_the_list_where_it_was_scrolled(pane: RecordPane) -> None:
    rail = pane.rail
    many = [replace(DOCUMENTS[0], id=f"d{number}", title=f"Document {number}") for number in range(60)]
    rail.show_record(pane.view.stage.run, many)
    rail.document_list.doItemsLayout()
    bar = rail.document_list.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    rail.document_list.setCurrentIndex(rail.document_list.indexAt(QPoint(1, 60)))
    looked_at = _at_top(rail.document_list), rail.document_list.currentIndex().data()
    above = [replace(DOCUMENTS[0], id=f"p{number}", title=f"Another {number}") for number in range(5)]
    rail.show_proposed([*above, replace(DOCUMENTS[1], id="p9")])
    assert sum(row.proposed for row in rail.documents.rows) == 6
    assert "Document" in looked_at[0]
    assert (_at_top(rail.document_list), rail.document_list.currentIndex().data()) == looked_at
    # Nor do the pages move that a filter lets through.
    rail.filter.shown.setCurrentIndex(rail.filter.shown.findData("unseen"))
    rail.open("pages")
    rail.page_list.doItemsLayout()
    rail.page_list.verticalScrollBar().setValue(5)
    page = _at_top(rail.page_list)
    rail.show_proposed(above)
    assert _at_top(rail.page_list) == page


def test_the_rail_follows_to_a_document_that_is_proposed_meanwhile(pane: RecordPane) -> None:
    rail, run = pane.rail, pane.view.stage.run
    pane.show_record(run.sources, ())
    pane.go_to(PageRef(SECOND, 5))
    assert rail.documents.rows[rail.document_list.currentIndex().row()].title == "records.pdf"
    rail.show_proposed(DOCUMENTS)
    assert rail.documents.rows[rail.document_list.currentIndex().row()].title == "PR-2"


def test_keys_that_went_elsewhere_in_the_rail_stay_there_when_a_document_changes(pane: RecordPane) -> None:
    rail, run = pane.rail, pane.view.stage.run
    many = [replace(DOCUMENTS[0], id=f"d{number}", title="The same title") for number in range(60)]
    pane.show_record(run.sources, many)
    rail.document_list.setFocus()
    for _ in range(40):
        QTest.keyClick(rail.document_list, Qt.Key.Key_Down)
    stood = rail.document_list.currentIndex().row(), rail.document_list.verticalScrollBar().value()
    assert stood[0] > 30
    pane.show_record(run.sources, [*many[:-1], replace(many[-1], title="Another title")])
    assert (rail.document_list.currentIndex().row(), rail.document_list.verticalScrollBar().value()) == stood


def _at_top(view: QListView) -> str:
    return str(view.indexAt(QPoint(1, 1)).data())


def test_a_kind_of_document_that_is_only_proposed_stays_chosen_when_the_case_is_opened_again(
    pane: RecordPane, reader: Any, qtbot: QtBot
) -> None:
    operation = replace(DOCUMENTS[0], id="proposed 1", type=DocumentType.OPERATIVE, title="The operation")
    pane.rail.show_proposed([operation])
    pane.rail.filter.types.setCurrentIndex(pane.rail.filter.types.findData(DocumentType.OPERATIVE))
    kept = json.loads(json.dumps(pane.state()))
    again = RecordPane(reader, memory=pane.shared.memory)
    qtbot.addWidget(again)
    again.restore(kept)
    assert again.state()["filter"] == kept["filter"], "kept also where nothing was shown in between"
    again.show_record(pane.view.stage.run.sources, DOCUMENTS)
    again.rail.show_proposed([operation])
    assert again.rail.filter.types.currentText() == "Operative (1)"
    assert [row.title for row in again.rail.documents.rows if not row.heads] == ["The operation"]
    again.rail.show_proposed([])
    assert again.rail.filter.types.currentText() == "Operative (0)"
    assert again.rail.nothing.text() == "No documents are listed."


# State, names, keys


def test_the_state_comes_back_in_a_new_pane(pane: RecordPane, reader: Any, qtbot: QtBot) -> None:
    pane.view.set_zoom(Zoom(Fit.UNIFORM, 700))
    pane.go_to(PageRef(SECOND, 9))
    pane.going.turn(90)
    pane.view.scroll_by(3, 111)
    pane.toggle_rail()
    qtbot.waitUntil(lambda: pane.view.width() == pane.width())
    kept = json.loads(json.dumps(pane.state()))
    again = RecordPane(reader, memory=pane.shared.memory)
    qtbot.addWidget(again)
    again.restore(kept)
    again.resize(900, 900)
    again.show_record(pane.view.stage.run.sources, ())
    again.show()
    qtbot.waitExposed(again)
    assert again.view.scrolled() == pytest.approx(pane.view.scrolled(), abs=2)
    assert again.view.stage.zoom == Zoom(Fit.UNIFORM, 700)
    assert again.view.stage.rotations == {PageRef(SECOND, 9): 90}
    assert not again.rail.isVisible()
    assert again.state()["spot"]["page"] == [SECOND, 9]


@pytest.mark.parametrize("nonsense", [{}, {"spot": 3}, {"spot": {"page": ["x"]}}, {"turns": [[1]]}, {"rail_tab": "x"}])
def test_a_state_that_is_not_understood_changes_nothing(pane: RecordPane, nonsense: dict[str, Any]) -> None:
    pane.go_to(PageRef(SECOND, 9))
    before = pane.view.scrolled()
    pane.restore(nonsense)
    assert pane.view.scrolled() == before


def test_two_panes_are_complete_and_strangers(pane: RecordPane, reader: Any, qtbot: QtBot) -> None:
    other = RecordPane(reader)
    qtbot.addWidget(other)
    other.resize(600, 600)
    other.show_record(pane.view.stage.run.sources, ())
    other.show()
    qtbot.waitExposed(other)
    other.go_to(PageRef(SECOND, 9))
    assert pane.tools.field.text() == "1"
    assert other.tools.field.text() == "14"
    qtbot.waitUntil(lambda: other.view.words_at(13) is not None)


def test_every_control_has_a_name(pane: RecordPane) -> None:
    unnamed = [
        widget
        for widget in pane.findChildren(QWidget)
        if isinstance(widget, QAbstractButton | QLineEdit | QAbstractItemView)
        and not widget.accessibleName()
        and widget.objectName() not in ("ScrollLeftButton", "ScrollRightButton")
        and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    ]
    assert [(type(widget).__name__, widget.toolTip()) for widget in unnamed] == []
    assert pane.view.accessibleName() == "Pages of the record"
    assert "1 · application.pdf 1" in pane.view.accessibleDescription()


def test_every_key_names_an_act(pane: RecordPane) -> None:
    assert set(KEYS.values()) | set(SINGLE_KEYS.values()) <= set(acts_of(pane))


def test_an_empty_case_says_so(qtbot: QtBot, reader: Any) -> None:
    empty = RecordPane(reader)
    qtbot.addWidget(empty)
    empty.show_record((), ())
    empty.resize(500, 500)
    empty.show()
    qtbot.waitExposed(empty)
    assert empty.header.text() == "No pages yet: add the record's PDF files to the case."
    for act in acts_of(empty).values():
        act()
    QTest.mouseClick(empty.view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(50, 50))
    assert empty.selection() is None
    assert "spot" not in empty.state()


def test_the_bars_fit_half_a_small_screen(pane: RecordPane) -> None:
    assert pane.tools.minimumSizeHint().width() <= 560


def test_hovering_evidence_shows_a_hand(pane: RecordPane, driver: Any) -> None:
    words = pane.view.words_at(0)
    assert words
    part = PassagePart(PageRef(FIRST, 0), (words[2].box,))
    pane.show_evidence([EvidenceMark("e7", Passage((part,), "of"))])
    QTest.mouseMove(driver.viewport, driver.word(0, 2))
    assert pane.view.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor
    assert pane.view.hand.mark_at(QPointF(driver.word(0, 2))) is not None
