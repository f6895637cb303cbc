# SPDX-License-Identifier: AGPL-3.0-or-later
"""What has been looked at: seen, dismissed with a reason, unreadable with a note; filters, map, marks, bookmarks."""

import datetime as dt
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imr_desktop.models.care import Dismissal, OwnMarkKind, Reason
from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.records import DocumentType, PageRef
from imr_desktop.ui.record import EvidenceMark, MarkRole, PageFact, RecordPane
from imr_desktop.ui.record.coverage import Cover
from imr_desktop.ui.record.rail_filter import RailFilter

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support")
FIRST, SECOND = "a" * 64, "b" * 64
CONTROL = Qt.KeyboardModifier.ControlModifier


def listed(pane: RecordPane) -> list[int]:
    return [pane.view.stage.run.pages[place].case_page for place in pane.rail.pages.places]


def test_dismissing_asks_for_a_reason_and_can_be_taken_back(pane: RecordPane, driver: Any) -> None:
    ref = PageRef(FIRST, 0)
    driver.press(Qt.Key.Key_D, CONTROL)
    slip = pane.marking.slip
    assert slip is not None
    assert pane.coverage.cover(ref) is Cover.UNSEEN, "nothing happens before the reason is given"
    slip.reason.setCurrentIndex(slip.reason.findData(Reason.NOT_PERTINENT))
    slip.text.setPlainText("Dental record")
    slip.done.click()
    assert pane.coverage.state(ref).dismissal == Dismissal(Reason.NOT_PERTINENT, "Dental record")
    assert "dismissed" in pane.rail.pages.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    pane.notice.undo.click()
    assert pane.coverage.cover(ref) is Cover.UNSEEN


def test_a_dismissed_page_is_not_visited_as_unseen(pane: RecordPane, driver: Any) -> None:
    pane.coverage.dismiss([PageRef(FIRST, 1), PageRef(FIRST, 2)], Dismissal(Reason.BLANK))
    driver.press(Qt.Key.Key_F8)
    assert pane.view.current_place() == 3


def test_a_page_that_cannot_be_shown_counts_as_not_reviewed_and_carries_a_note(
    pane: RecordPane, driver: Any, reader: Any, qtbot: QtBot, clock: Any
) -> None:
    ref = PageRef(SECOND, 8)
    reader.failing.add(ref)
    pane.go_to(ref)
    qtbot.waitUntil(lambda: pane.view.loader.failure(ref) is not None)
    clock.seconds += 5
    pane.view._looking.look()
    assert pane.coverage.cover(ref) is Cover.UNREADABLE
    assert pane.coverage.is_open(ref)
    driver.press(Qt.Key.Key_N)
    slip = pane.marking.slip
    assert slip is not None
    slip.text.setPlainText("Asked the office for a new copy")
    QTest.keyClick(slip.text, Qt.Key.Key_Return, CONTROL)
    if pane.coverage.note(ref) == "":
        slip.done.click()
    assert pane.coverage.note(ref) == "Asked the office for a new copy"
    assert "note" in pane.rail.pages.index(12).data(Qt.ItemDataRole.AccessibleTextRole)


def test_each_state_can_be_told_without_colour(pane: RecordPane) -> None:
    signs = {cover.sign for cover in Cover}
    assert len(signs) == len(Cover)
    pane.show_page_facts(
        {PageRef(FIRST, 1): PageFact(blank=True), PageRef(FIRST, 2): PageFact(copy_of=PageRef(FIRST, 0))}
    )
    said = [pane.rail.pages.index(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(3)]
    assert "blank" in said[1]
    assert "copy of page 1" in said[2]


def test_filters_say_how_much_they_show(pane: RecordPane) -> None:
    pane.know_seen([PageRef(FIRST, 0), PageRef(FIRST, 1)])
    rail = pane.rail
    rail.filter.shown.setCurrentIndex(rail.filter.shown.findData("unseen"))
    assert listed(pane) == list(range(3, 21))
    assert rail.filter.count.text() == "Listed: 2 of 2 documents, 18 of 20 pages"
    rail.filter.types.setCurrentIndex(rail.filter.types.findData(DocumentType.PROGRESS_REPORT))
    assert listed(pane) == [8, 9, 10, 11]
    rail.filter.shown.setCurrentIndex(0)
    rail.filter.types.setCurrentIndex(0)
    rail.filter.since.setText("June 1st, 2014")
    rail.filter.until.setText("7/1/14")
    rail.filter.until.editingFinished.emit()
    assert listed(pane) == [8, 9, 10, 11]
    rail.filter.since.setText("8/1/2014")
    rail.filter.since.editingFinished.emit()
    assert listed(pane) == []
    rail.filter.set_filter(RailFilter())
    assert len(listed(pane)) == 20


def test_a_filter_comes_back(pane: RecordPane, reader: Any, qtbot: QtBot) -> None:
    wanted = RailFilter("unseen", DocumentType.PROGRESS_REPORT, dt.date(2014, 1, 1), None)
    assert RailFilter.from_plain(wanted.to_plain()) == wanted
    pane.rail.filter.set_filter(wanted)
    again = RecordPane(reader)
    qtbot.addWidget(again)
    again.show_record(pane.view.stage.run.sources, pane.documents)
    again.restore(pane.state())
    assert again.rail.filter.filter() == wanted


def test_the_map_shows_every_page_and_leads_there(pane: RecordPane, driver: Any, qtbot: QtBot) -> None:
    driver.press(Qt.Key.Key_M, CONTROL)
    chart = pane.rail.map
    qtbot.waitUntil(lambda: chart.isVisible())
    at = chart.middle_of(13).toPoint()
    assert chart.place_at(at) == 13
    QTest.mouseClick(chart, Qt.MouseButton.LeftButton, pos=at)
    assert pane.view.current_place() == 13
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Right)
    assert pane.view.current_place() == 14
    pane.know_seen([PageRef(FIRST, 0)])
    seen = chart.grab().toImage().pixelColor(chart.middle_of(0).toPoint())
    unseen = chart.grab().toImage().pixelColor(chart.middle_of(1).toPoint())
    assert seen != unseen


def test_unseen_pages_show_in_the_scroll_bar(pane: RecordPane) -> None:
    pane.know_seen([page.ref for page in pane.view.stage.run.pages[:10]])
    ((top, bottom),) = pane.view.bar.marks.unseen
    layout = pane.view.stage.layout
    assert top == pytest.approx(layout.tops[10])
    assert bottom == pytest.approx(layout.tops[19] + layout.heights[19])


def test_a_bookmark_is_set_listed_and_removed(pane: RecordPane, driver: Any) -> None:
    pane.going.go_to_place(6)
    driver.press(Qt.Key.Key_B, CONTROL)
    (row,) = pane.rail.bookmarks.rows
    assert row.title == "Page 7"
    assert len(pane.view.bar.marks.bookmarks) == 1
    pane.going.go_to_place(0)
    pane.rail.row_chosen.emit(row)
    assert pane.view.current_place() == 6
    driver.press(Qt.Key.Key_B, CONTROL)
    assert pane.rail.bookmarks.rows == ()
    pane.notice.undo.click()
    assert len(pane.rail.bookmarks.rows) == 1


def test_evidence_is_listed_with_its_words(pane: RecordPane, driver: Any, settled: Any) -> None:
    settled()
    driver.drag(driver.word(0, 1), driver.word(0, 4))
    passage = pane.selection()
    assert passage is not None
    pane.show_evidence([EvidenceMark("e1", passage, MarkRole.ITEM, "Cited in item 1")])
    (row,) = pane.rail.evidence.rows
    assert row.title == "Range of motion restricted"
    assert "Cited in item 1" in row.detail
    assert pane.coverage.state(PageRef(FIRST, 0)).evidence == 1


def test_words_are_marked_noted_and_the_mark_removed(pane: RecordPane, driver: Any, settled: Any) -> None:
    settled()
    driver.drag(driver.word(0, 1), driver.word(0, 4))
    driver.press(Qt.Key.Key_H)
    (mark,) = pane.shared.memory.own_marks()
    assert mark.kind is OwnMarkKind.HIGHLIGHT
    assert mark.start == PageRef(FIRST, 0)
    assert pane.selection() is None
    QTest.mouseClick(driver.viewport, Qt.MouseButton.LeftButton, pos=driver.word(0, 2))
    assert pane.marking.chosen == mark.id
    driver.press(Qt.Key.Key_N)
    assert pane.marking.slip is not None
    pane.marking.slip.text.setPlainText("Compare with the MRI")
    pane.marking.slip.done.click()
    (noted,) = pane.shared.memory.own_marks()
    assert noted.note == "Compare with the MRI"
    pane.view.setFocus()
    driver.press(Qt.Key.Key_Delete)
    assert pane.shared.memory.own_marks() == ()
    pane.notice.undo.click()
    assert pane.shared.memory.own_marks() == (noted,)


def test_a_region_is_framed_and_a_note_set_at_a_point(pane: RecordPane, driver: Any, settled: Any) -> None:
    settled()
    driver.drag(driver.at(0, 60, 60), driver.at(0, 300, 200), Qt.KeyboardModifier.AltModifier)
    pane.marking.highlight()
    pane.marking.note_at(PageRef(FIRST, 0), 400, 500)
    assert pane.marking.slip is not None
    pane.marking.slip.text.setPlainText("Here")
    pane.marking.slip.done.click()
    kinds = [mark.kind for mark in pane.shared.memory.own_marks()]
    assert kinds == [OwnMarkKind.BOX, OwnMarkKind.NOTE]
    sheet = pane.view.sheet(0)
    note = pane.view.overlays.own.at(PageRef(FIRST, 0), 405, 505)
    assert note is not None
    shown = pane.view.viewport().grab().toImage()
    corner = driver.at(0, 402, 502)
    assert shown.pixelColor(corner + QPoint(1, 1)).name() != "#ffffff"
    assert sheet.rotation == 0


def test_delete_in_a_field_removes_no_mark(pane: RecordPane, driver: Any, settled: Any) -> None:
    settled()
    driver.drag(driver.word(0, 1), driver.word(0, 4))
    driver.press(Qt.Key.Key_H)
    pane.marking.chosen = pane.shared.memory.own_marks()[0].id
    pane.seeking.find()
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Delete)
    assert len(pane.shared.memory.own_marks()) == 1


def test_a_peek_shows_the_passage_and_leaves_the_page_alone(pane: RecordPane, driver: Any, settled: Any) -> None:
    settled()
    ref = PageRef(SECOND, 9)
    words = pane.view.words_at(0)
    assert words
    before = pane.view.scrolled()
    pane.peek(Passage((PassagePart(ref, (words[3].box,)),), "motion"), pane.tools)
    assert pane.peeking.isVisible()
    assert "case page 14" in pane.peeking.where.text()
    assert not pane.peeking.part.pixmap().isNull()
    assert pane.view.scrolled() == before
    pane.view.setFocus()
    driver.press(Qt.Key.Key_Escape)
    assert not pane.peeking.isVisible()


def test_five_thousand_thumbnails_are_asked_for_only_as_they_are_seen(
    pane: RecordPane, reader: Any, qtbot: QtBot
) -> None:
    from imr_desktop.models.records import PageSize, SourceFile

    many = SourceFile("c" * 64, "many.pdf", 1, 1, (PageSize(612, 792),) * 5000)
    reader.numbers |= {page.ref: page.case_page for page in many.pages()}
    reader.sizes |= {page.ref: page.size for page in many.pages()}
    pane.show_record((many,), ())
    pane.rail.open("pages")
    qtbot.waitUntil(lambda: pane.loader.previews.has(PageRef(many.sha256, 3)))
    pane.rail.page_list.scrollToBottom()
    qtbot.waitUntil(lambda: pane.loader.previews.has(PageRef(many.sha256, 4999)))
    assert not pane.loader.previews.has(PageRef(many.sha256, 2500))
