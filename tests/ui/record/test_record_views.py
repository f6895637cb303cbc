# SPDX-License-Identifier: AGPL-3.0-or-later
"""Two complete views, a second window, text for screen readers, and selecting by keys, columns and blocks."""

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import VoidPtr, getCppPointer

from imr_desktop.casework.search import Search
from imr_desktop.models.case import Case
from imr_desktop.models.records import Document, PageRef, SourceFile
from imr_desktop.storage import CaseStore
from imr_desktop.ui.record import CiteTarget, IndexFinder, RecordPane, RecordViews
from imr_desktop.ui.record.reading_aloud import PageAccess

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support")
FIRST, SECOND = "a" * 64, "b" * 64
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def views(qtbot: QtBot, reader: Any, clock: Any, pane: RecordPane, store: CaseStore) -> Iterator[RecordViews]:
    case = Case(store.id, sources=pane.view.stage.run.sources)
    made = RecordViews(reader, now=clock, finder=IndexFinder(Search(store, case), store.words))
    qtbot.addWidget(made)
    made.resize(1400, 900)
    made.show_record(pane.view.stage.run.sources, pane.documents)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.first.view.setFocus()
    yield made
    made.hide()


def test_two_views_stand_side_by_side_and_each_is_complete(
    views: RecordViews, qtbot: QtBot, driver: Any, settled: Any
) -> None:
    views.acts["split"]()
    assert views.second is not None
    second = views.second
    second.going.go_to_place(13)
    assert views.first.view.current_place() == 0
    qtbot.waitUntil(lambda: bool(second.view.words_at(13)))
    told: list[Any] = []
    views.cite_requested.connect(lambda passage, target: told.append((passage, target)))
    views.activateWindow()
    qtbot.waitUntil(views.isActiveWindow)
    second.view.setFocus()
    qtbot.waitUntil(lambda: views.active is second)
    hand = type(driver)(second)
    hand.drag(hand.word(13, 1), hand.word(13, 4))
    QTest.keyClick(second.view, Qt.Key.Key_E)
    ((passage, target),) = told
    assert target == CiteTarget.ITEM.value
    assert passage.start == PageRef(SECOND, 9)
    second.seeking.find_words("norco")
    assert second.seeking.finding.hits
    assert views.first.seeking.finding.hits == [], "each finds for itself"


class Windows(QObject):
    """Notes every pane that is shown as a window of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[QObject] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Show and isinstance(watched, RecordPane) and watched.isWindow():
            self.shown.append(watched)
        return False


def test_a_split_shows_the_second_view_in_its_place_and_with_the_keys(
    views: RecordViews, qapp: QApplication, qtbot: QtBot
) -> None:
    windows = Windows()
    qapp.installEventFilter(windows)
    qtbot.waitUntil(views.isActiveWindow)
    for apart in (False, True):
        views.acts["tear_off" if apart else "split"]()
        second = views.second
        assert second is not None
        assert second.isVisible()
        qtbot.waitUntil(lambda second=second: views.active is second)  # type: ignore[misc]
        views.acts["split"]()
        views.activateWindow()
        assert views.second is None
    qapp.removeEventFilter(windows)
    assert windows.shown == []


def test_views_share_what_was_drawn_and_what_was_marked(views: RecordViews, qtbot: QtBot) -> None:
    views.toggle_split()
    assert views.second is not None
    assert views.second.loader is views.first.loader
    views.second.marking.toggle_bookmark()
    assert len(views.first.rail.bookmarks.rows) == 1
    views.first.coverage.mark_seen([PageRef(FIRST, 1)])
    assert views.second.coverage.is_seen(PageRef(FIRST, 1))


def test_the_split_comes_back(views: RecordViews, reader: Any, qtbot: QtBot) -> None:
    views.toggle_split()
    assert views.second is not None
    views.second.going.go_to_place(9)
    again = RecordViews(reader)
    qtbot.addWidget(again)
    again.resize(1400, 900)
    again.show_record(views.first.view.stage.run.sources, ())
    again.show()
    again.restore(views.state())
    assert again.second is not None
    qtbot.waitUntil(lambda: again.second is not None and again.second.view.current_place() == 9)
    again.toggle_split()
    assert again.panes == (again.first,)
    assert again.active is again.first


def test_the_second_window_stays_linked_and_closing_returns_the_view(views: RecordViews, qtbot: QtBot) -> None:
    views.tear_off()
    window = views.window_of_second
    assert window is not None
    assert views.second is not None
    qtbot.waitExposed(window)
    assert views.second.window() is window
    views.second.view.setFocus()
    views.know_seen([PageRef(FIRST, 2)])
    assert views.second.coverage.is_seen(PageRef(FIRST, 2))
    window.close()
    assert views.window_of_second is None
    assert views.second.window() is views.window()
    assert views.splitter.count() == 2


def test_screen_readers_get_the_words_in_reading_order(pane: RecordPane, settled: Any) -> None:
    settled()
    access = QAccessible.queryAccessibleInterface(pane.view)
    assert isinstance(access, PageAccess)
    assert access.role() == QAccessible.Role.Document
    text = access.text(0, access.characterCount())
    assert text.startswith("Page1 Range of motion restricted in lumbar flexion")
    assert "1 · application.pdf 1 · Application" in access.text(QAccessible.Text.Description)
    pane.going.go_to_place(7)
    settled()
    assert "8 · records.pdf 4 · PR-2 7/1/2014" in access.text(QAccessible.Text.Description)
    assert access.text(0, 5) == "Page8"


def test_screen_readers_are_given_addresses(pane: RecordPane) -> None:
    access = QAccessible.queryAccessibleInterface(pane.view)
    assert isinstance(access, PageAccess)
    told = {kind: access.interface_cast(kind) for kind in QAccessible.InterfaceType}
    assert {type(each) for each in told.values()} == {VoidPtr}  # anything else ends the program, see `make access`
    assert int(told[QAccessible.InterfaceType.TextInterface]) == getCppPointer(access)[1]
    assert int(told[QAccessible.InterfaceType.AttributesInterface]) == 0
    assert int(told[QAccessible.InterfaceType.ActionInterface]) != 0


def test_the_accessible_caret_is_the_caret(pane: RecordPane, settled: Any) -> None:
    settled()
    access = QAccessible.queryAccessibleInterface(pane.view)
    assert isinstance(access, PageAccess)
    access.setCursorPosition(8)
    assert pane.view.caret.word() == "Range"
    assert access.cursorPosition() == 6
    assert access.offsetAtPoint(access.characterRect(8).center()) == 6


def test_a_page_without_words_says_so(pane: RecordPane, reader: Any, settled: Any) -> None:
    ref = PageRef(SECOND, 9)
    reader.scans.add(ref)
    pane.go_to(ref)
    settled()
    access = QAccessible.queryAccessibleInterface(pane.view)
    assert isinstance(access, PageAccess)
    assert access.text(0, access.characterCount()) == "The machine can read no words on this page."


def test_words_are_selected_by_keys_alone(pane: RecordPane, driver: Any, settled: Any) -> None:
    settled()
    driver.press(Qt.Key.Key_F7)
    assert pane.view.caret.word() == "Page1"
    driver.press(Qt.Key.Key_Right)
    driver.press(Qt.Key.Key_Right, SHIFT)
    driver.press(Qt.Key.Key_Down, SHIFT)
    kept = pane.selection()
    assert kept is not None
    assert kept.text.startswith("Range of motion restricted in lumbar\nflexion")
    driver.press(Qt.Key.Key_End, SHIFT)
    driver.press(Qt.Key.Key_Left)
    assert pane.selection() is None
    driver.press(Qt.Key.Key_F7)
    assert not pane.view.caret.on


def test_the_caret_goes_on_to_the_next_page(pane: RecordPane, driver: Any, settled: Any) -> None:
    pane.going.fit_page()
    settled()
    words = pane.view.words_at(0)
    assert words
    pane.view.caret.put(0, len(words) - 1)
    driver.press(Qt.Key.Key_Right)
    driver.press(Qt.Key.Key_Right)
    assert pane.view.caret.at is not None
    assert pane.view.caret.at.place == 1


def send(driver: Any, kind: QEvent.Type, at: QPoint, when: int) -> None:
    """A mouse event with a time of its own, for clicks that follow each other quickly."""
    button = Qt.MouseButton.LeftButton
    there = QPointF(driver.viewport.mapToGlobal(at))
    event = QMouseEvent(kind, QPointF(at), there, button, button, Qt.KeyboardModifier.NoModifier)
    event.setTimestamp(when)
    QApplication.sendEvent(driver.viewport, event)


def test_a_fourth_click_takes_the_block(pane: RecordPane, driver: Any, settled: Any) -> None:
    settled()
    at = driver.word(0, 8)
    send(driver, QEvent.Type.MouseButtonDblClick, at, 1000)
    send(driver, QEvent.Type.MouseButtonRelease, at, 1010)
    for lines, when in ((1, 1100), (4, 1200)):
        send(driver, QEvent.Type.MouseButtonPress, at, when)
        send(driver, QEvent.Type.MouseButtonRelease, at, when + 10)
        kept = pane.selection()
        assert kept is not None
        assert len(kept.text.split("\n")) == lines


def test_a_drag_with_ctrl_takes_the_words_of_a_column(pane: RecordPane, driver: Any, settled: Any) -> None:
    settled()
    words = pane.view.words_at(0)
    assert words
    first, last = words[7].box, words[20].box
    driver.drag(driver.at(0, 60, first.y0 - 3), driver.at(0, 125, last.y1 + 3), Qt.KeyboardModifier.ControlModifier)
    kept = pane.selection()
    assert kept is not None
    assert kept.text == "flexion\nraise\nment was"
    assert len(kept.parts[0].boxes) == 3, "words, and not a region"


def test_copying_with_citation_says_where_it_stands(pane: RecordPane, driver: Any, settled: Any) -> None:
    pane.going.go_to_place(7)
    settled()
    driver.drag(driver.word(7, 1), driver.word(7, 4))
    driver.press(Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier | SHIFT)
    assert QGuiApplication.clipboard().text() == (
        "\u201cRange of motion restricted\u201d (PR-2 7/1/2014, case page 8, records.pdf 4)"
    )


def test_the_whole_document_turns_from_the_menu(pane: RecordPane) -> None:
    pane.going.go_to_place(8)
    pane.acts["turn_document"]()
    assert [pane.view.stage.rotation(place) for place in range(6, 12)] == [0, 90, 90, 90, 90, 0]


def test_f6_stops_name_the_list_and_the_pages(pane: RecordPane) -> None:
    pane.rail.show()
    assert pane.stops() == (pane.view, pane.rail.document_list)
    pane.rail.hide()
    assert pane.stops() == (pane.view,)


def test_documents_are_named_in_both(views: RecordViews) -> None:
    views.show_record(
        (SourceFile(FIRST, "one.pdf", 1, 1, views.first.view.stage.run.sources[0].sizes),), (Document("d"),)
    )
    assert views.first.documents == (Document("d"),)
