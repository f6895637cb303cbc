# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding: days in any writing, phrases, beginnings, nearness, slips of the scanner; honest over unread pages."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, Word, WordsOrigin
from imr_desktop.ui.record import Query, RecordPane
from imr_desktop.ui.record.dates import read_day
from imr_desktop.ui.record.finder import TextFinder
from imr_desktop.ui.record.searching import BadQuery, Hit
from imr_desktop.ui.record.slips import Vocabulary, within
from imr_desktop.ui.record.texts import PageText, Texts

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support")
SECOND = "b" * 64
DAY = dt.date(2014, 7, 1)
WAYS = ("7/1/14", "07-01-2014", "July 1st, 2014", "1 July 2014", "2014-07-01", "Jul. 1, 2014", "7.1.2014")


def page_words(ref: PageRef, *lines: str) -> PageWords:
    words = []
    for number, line in enumerate(lines):
        x = 10.0
        for text in line.split():
            words.append(Word(text, Box(x, 20.0 * number, x + 6 * len(text), 20.0 * number + 12), 0, number))
            x += 6 * len(text) + 6
    origin = WordsOrigin.OCR if words else WordsOrigin.NONE
    return PageWords(ref, PageSize(612, 792), tuple(words), origin)


def finder_over(*pages: Sequence[str]) -> TextFinder:
    texts = Texts()
    refs = [PageRef("s", number) for number in range(len(pages))]
    for ref, lines in zip(refs, pages, strict=True):
        texts.keep(page_words(ref, *lines))
    return TextFinder(texts, refs)


def found(finder: TextFinder, words: str, **how: bool) -> list[Hit]:
    return [hit for _, hits in finder.understand(Query(words, **how)).pages() for hit in hits]


def pages_of(finder: TextFinder, words: str, **how: bool) -> list[int]:
    return sorted({hit.page.page for hit in found(finder, words, **how)})


@pytest.mark.parametrize("way", WAYS)
def test_a_day_is_read_in_any_writing(way: str) -> None:
    assert read_day(way) == DAY


@pytest.mark.parametrize("way", WAYS)
def test_a_day_is_found_in_any_writing(way: str) -> None:
    finder = finder_over(*[[f"seen on {other} in clinic"] for other in WAYS], ["7/1/2015"], ["17/1/2014 7/11/2014"])
    assert pages_of(finder, way) == list(range(len(WAYS)))


@pytest.mark.parametrize("nonsense", ["13/45/2014", "L4-5", "10/325", "low back", "", "2/30/2014"])
def test_what_is_no_day_is_none(nonsense: str) -> None:
    assert read_day(nonsense) is None


def test_words_in_a_row_are_found_over_the_end_of_a_line() -> None:
    finder = finder_over(["straight leg", "raise positive"], ["straight raise leg"])
    (hit,) = found(finder, "Straight Leg Raise", tolerant=False)
    assert len(hit.boxes) == 2
    assert hit.line[hit.start : hit.end] == "straight leg raise"


def test_a_hit_says_its_line_and_place() -> None:
    (hit,) = found(finder_over(["no pain", "taking Norco 10/325 daily", "since May"]), "norco")
    assert hit.line == "taking Norco 10/325 daily"
    assert hit.line[hit.start : hit.end] == "Norco"
    assert hit.first == 3


def test_capitals_whole_words_and_beginnings() -> None:
    finder = finder_over(["pt had PT"], ["flexion"], ["hyperflexion"])
    assert len(found(finder, "PT", case=True)) == 1
    assert pages_of(finder, "flexion", tolerant=False) == [1, 2]
    assert pages_of(finder, "flexion", whole=True, tolerant=False) == [1]
    assert pages_of(finder, "flex*", whole=True, tolerant=False) == [1]


def test_near_and_or_not() -> None:
    finder = finder_over(["left and very painful knee"], ["left hip and then right knee joint"], ["left only"])
    assert pages_of(finder, "left NEAR/4 knee") == [0]
    assert pages_of(finder, "left NEAR/5 knee") == [0, 1]
    assert pages_of(finder, "left AND hip") == [1]
    assert pages_of(finder, "left NOT knee") == [2]
    assert pages_of(finder, "hip OR only") == [1, 2]
    (near, *_) = found(finder, "left NEAR/4 knee")
    assert len(near.boxes) == 2, "both words are lit"


def test_a_phrase_in_quotes_is_taken_to_the_letter() -> None:
    finder = finder_over(["range of motion"], ["range of rnotion"])
    assert pages_of(finder, '"range of motion"') == [0]
    assert pages_of(finder, "range of motion") == [0, 1]


MISREAD = ("hydrocod0ne", "hydrococlone", "hyclrocodone", "hydrocodonc", "hydro- codone", "hydrocodone,", "bydrocodone")


@pytest.mark.parametrize("misread", MISREAD)
def test_what_the_scanner_misread_is_found_and_marked(misread: str) -> None:
    finder = finder_over([f"continue {misread} daily"], ["something else"])
    hits = found(finder, "hydrocodone")
    assert [hit.page.page for hit in hits] == [0]
    assert hits[0].exact == (misread == "hydrocodone,")
    if misread not in ("hydro- codone", "hydrocodone,"):
        assert found(finder, "hydrocodone", tolerant=False) == []


def test_numbers_are_never_guessed_at() -> None:
    finder = finder_over(["10 mg"], ["16 mg"], ["1O mg"])
    assert pages_of(finder, "10") == [0]


def test_recall_on_planted_misreadings() -> None:
    slips = {"m": "rn", "l": "1", "o": "0", "d": "cl", "e": "c", "i": "l", "s": "5", "w": "vv"}
    drugs = ("cyclobenzaprine", "hydrocodone", "gabapentin", "tramadol", "radiculopathy", "laminectomy", "acupuncture")
    planted = [
        (word, word.replace(letter, slip, 1)) for word in drugs for letter, slip in slips.items() if letter in word
    ]
    finder = finder_over(*[[f"and {misread} was"] for _, misread in planted])
    missed = [misread for number, (word, misread) in enumerate(planted) if number not in pages_of(finder, word)]
    assert len(missed) <= 0.05 * len(planted), missed


def test_letters_apart_are_counted() -> None:
    assert within("norco", "norco", 0)
    assert within("norco", "n0rco", 1)
    assert not within("norco", "norwegian", 2)
    vocabulary = Vocabulary()
    vocabulary.add({"lumbar", "lurnbar", "lumber", "number"})
    assert "lurnbar" in vocabulary.variants("lumbar")
    assert "number" not in vocabulary.variants("lumbar")


@pytest.mark.parametrize("wrong", ["left NEAR", "AND left", "left OR", "NOT left", "*", "NEAR/3 x"])
def test_a_query_that_means_nothing_gets_a_sentence(wrong: str) -> None:
    with pytest.raises(BadQuery) as told:
        finder_over(["left"]).understand(Query(wrong))
    assert told.value.happened.endswith(".")
    assert "NEAR/5" in told.value.advice


def test_a_finder_knows_where_it_could_not_look() -> None:
    texts, refs = Texts(), [PageRef("s", number) for number in range(4)]
    texts.keep(page_words(refs[0], "words"))
    texts.keep(page_words(refs[1]))
    texts.cannot_read(refs[2])
    finder = TextFinder(texts, refs)
    assert finder.unreadable() == (refs[1], refs[2])
    assert finder.unread() == (refs[3],)


def test_words_come_back_from_a_text_as_they_were() -> None:
    words = page_words(PageRef("s", 0), "one two", "three").words
    assert PageText(words, WordsOrigin.OCR).words() == words
    assert PageText((), WordsOrigin.NONE).words() == ()


# In the pane


def type_words(pane: RecordPane, words: str) -> None:
    QTest.keyClick(pane.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(pane.seeking.bar.field, words)


def all_read(pane: RecordPane) -> bool:
    return not pane.seeking.finding.finder.unread() and pane.seeking.finding.done


def test_typing_finds_in_the_whole_record(pane: RecordPane, qtbot: QtBot) -> None:
    type_words(pane, "norco")
    assert QApplication.focusWidget() is pane.seeking.bar.field
    qtbot.waitUntil(lambda: len(pane.seeking.finding.hits) == 60 and all_read(pane), timeout=5000)
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


def test_keys_go_from_hit_to_hit_and_round(pane: RecordPane, qtbot: QtBot) -> None:
    type_words(pane, "norco")
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(pane.seeking.finding.hits) == 60 and all_read(pane), timeout=5000)
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


def test_zero_hits_never_appear_without_what_was_not_searched(pane: RecordPane, reader: Any, qtbot: QtBot) -> None:
    reader.scans.add(PageRef(SECOND, 9))
    type_words(pane, "zygapophyseal")
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Return)
    assert "not read yet" in pane.seeking.bar.unsearched.text()
    said = "1 of 20 pages could not be searched: 1 without readable text"
    qtbot.waitUntil(lambda: all_read(pane) and pane.seeking.bar.unsearched.text() == said, timeout=5000)
    assert pane.seeking.bar.count.text() == "No hits"
    QTest.mouseClick(pane.seeking.bar.unsearched, Qt.MouseButton.LeftButton)
    assert [pane.rail.pages.ref(row) for row in range(pane.rail.pages.rowCount())] == [PageRef(SECOND, 9)]


def test_marks_stand_in_the_scroll_bar_where_the_hits_are(pane: RecordPane, qtbot: QtBot) -> None:
    type_words(pane, "Page14")
    QTest.keyClick(pane.seeking.bar.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(pane.view.bar.marks.hits) == 1 and all_read(pane), timeout=5000)
    (y,) = pane.view.bar.marks.hits
    layout = pane.view.stage.layout
    assert layout.tops[13] < y < layout.tops[13] + layout.heights[13]
    groove = pane.view.bar.groove()
    expected = groove.top() + y / layout.total_height * groove.height()
    assert pane.view.bar.height_of(y) == pytest.approx(expected, abs=1)


def test_the_hit_list_leads_to_the_page(pane: RecordPane, qtbot: QtBot) -> None:
    pane.seeking.find_words("Page14")
    qtbot.waitUntil(lambda: pane.rail.hits.rowCount() == 1, timeout=5000)
    pane.going.go_to_place(0)
    pane.rail.open("hits")
    index = pane.rail.hits.index(0)
    QTest.mouseClick(
        pane.rail.hit_list.viewport(), Qt.MouseButton.LeftButton, pos=pane.rail.hit_list.visualRect(index).center()
    )
    assert pane.view.current_place() == 13
    assert "14 · records.pdf 10" in index.data()


def test_a_wrong_query_says_so_in_the_bar(pane: RecordPane) -> None:
    type_words(pane, "left NEAR")
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
    qtbot.waitUntil(lambda: len(pane.seeking.finding.hits) == 60, timeout=5000)
    kept = pane.selection()
    assert kept is not None
    assert kept.text == "Norco"


def test_selected_words_are_found_with_one_key(pane: RecordPane, driver: Any, settled: Any, qtbot: QtBot) -> None:
    settled()
    driver.drag(driver.word(0, 1), driver.word(0, 4))
    driver.press(Qt.Key.Key_F3, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(pane.seeking.finding.hits) == 60, timeout=5000)
    assert pane.seeking.bar.field.text() == "Range of motion restricted"
