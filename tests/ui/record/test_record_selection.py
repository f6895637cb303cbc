# SPDX-License-Identifier: AGPL-3.0-or-later
"""Selecting in reading order, over lines, columns and pages; the quote verbatim, the copy as prose."""

from collections.abc import Sequence

import pytest

from imr_desktop.models.placed import line_boxes, verbatim, words_in
from imr_desktop.models.records import Box, PageRef, Word
from imr_desktop.ui.record.gesture import Gesture, PointOn
from imr_desktop.ui.record.prose import known_words, prose
from imr_desktop.ui.record.selection import (
    Region,
    Unit,
    WordAt,
    WordRange,
    boxes_on,
    missing,
    nearest_word,
    passage,
    word_at,
)


def column(left: float, block: int, *lines: str) -> tuple[Word, ...]:
    """A block of lines, 20 points apart, 7 points a letter."""
    words = []
    for number, line in enumerate(lines):
        x = left
        for text in line.split():
            words.append(Word(text, Box(x, 100 + 20 * number, x + 7 * len(text), 112 + 20 * number), block, number))
            x += 7 * (len(text) + 1)
    return tuple(words)


PAGE = column(72, 0, "Straight leg raise", "positive", "on the left side")
TWO_COLUMNS = column(72, 0, "one two", "three four", "five") + column(320, 1, "six seven", "eight nine", "ten")
REFS = (PageRef("a", 0), PageRef("a", 1), PageRef("b", 0))


def of(*pages: Sequence[Word] | None) -> "dict[int, Sequence[Word] | None]":
    return dict(enumerate(pages))


def test_a_point_in_a_word_means_it() -> None:
    assert nearest_word(PAGE, 75, 105) == 0
    assert word_at(PAGE, 75, 105) == 0
    assert word_at(PAGE, 500, 105) is None


def test_a_point_beside_a_short_line_means_its_last_word() -> None:
    assert PAGE[nearest_word(PAGE, 160, 127) or 0].text == "positive"


def test_a_point_below_all_words_means_the_last_line() -> None:
    assert PAGE[nearest_word(PAGE, 600, 700) or 0].text == "side"


def test_a_point_in_one_column_never_means_the_other() -> None:
    assert TWO_COLUMNS[nearest_word(TWO_COLUMNS, 200, 145) or 0].text == "five"
    assert TWO_COLUMNS[nearest_word(TWO_COLUMNS, 321, 145) or 0].text == "ten"


def test_no_words_no_word() -> None:
    assert nearest_word((), 10, 10) is None


def test_one_box_a_line() -> None:
    boxes = line_boxes(PAGE[1:6])
    assert boxes == (
        Box(PAGE[1].box.x0, 100, PAGE[2].box.x1, 112),
        Box(PAGE[3].box.x0, 120, PAGE[3].box.x1, 132),
        Box(PAGE[4].box.x0, 140, PAGE[5].box.x1, 152),
    )


def test_the_quote_is_verbatim_with_the_lines_of_the_page() -> None:
    assert verbatim(PAGE[1:6]) == "leg raise\npositive\non the"


def test_a_selection_over_a_page_break_is_one_passage_with_a_part_a_page() -> None:
    words = of(PAGE, PAGE, PAGE)
    kept = passage(WordRange(WordAt(0, 6), WordAt(2, 0)), REFS, words.get)
    assert kept is not None
    assert [part.page for part in kept.parts] == list(REFS)
    assert kept.text == "left side\n" + verbatim(PAGE) + "\nStraight"
    assert kept.start == REFS[0]


def test_dragging_upwards_gives_the_same() -> None:
    words = of(PAGE)
    down = passage(WordRange(WordAt(0, 1), WordAt(0, 5)), REFS, words.get)
    assert down is not None
    assert down == passage(WordRange(WordAt(0, 5), WordAt(0, 1)), REFS, words.get)


def test_whole_lines_where_the_unit_says_so() -> None:
    chosen = WordRange(WordAt(0, 1), WordAt(0, 3), Unit.LINE)
    kept = passage(chosen, REFS, of(PAGE).get)
    assert kept is not None
    assert kept.text == "Straight leg raise\npositive"


def test_nothing_is_a_passage_while_words_in_between_are_unread() -> None:
    words = of(PAGE, None, PAGE)
    chosen = WordRange(WordAt(0, 6), WordAt(2, 0))
    assert missing(chosen, words.get) == (1,)
    assert passage(chosen, REFS, words.get) is None
    assert boxes_on(1, chosen, words.get) == ()


def test_a_page_without_words_in_between_adds_no_part() -> None:
    kept = passage(WordRange(WordAt(0, 7), WordAt(2, 0)), REFS, of(PAGE, (), PAGE).get)
    assert kept is not None
    assert [part.page for part in kept.parts] == [REFS[0], REFS[2]]


def test_a_region_keeps_its_box_and_the_words_whose_middle_is_in_it() -> None:
    box = Box(60, 95, 160, 135)
    kept = passage(Region(0, box), REFS, of(PAGE).get)
    assert kept is not None
    assert kept.parts[0].boxes == (box,)
    assert kept.text == "Straight leg\npositive"
    assert [word.text for word in words_in(PAGE, box)] == ["Straight", "leg", "positive"]


def test_a_region_of_a_scan_says_nothing() -> None:
    kept = passage(Region(0, Box(0, 0, 50, 50)), REFS, of(()).get)
    assert kept is not None
    assert kept.text == ""


def test_a_drag_selects_from_word_to_word() -> None:
    gesture = Gesture(of(PAGE).get)
    gesture.press(PointOn(0, 75, 105))
    assert gesture.drag(PointOn(0, 75, 145))
    assert gesture.chosen == WordRange(WordAt(0, 0), WordAt(0, 4))
    gesture.release()
    gesture.press(PointOn(0, 75, 125), extend=True)
    assert gesture.chosen == WordRange(WordAt(0, 0), WordAt(0, 3))


def test_a_drag_catches_up_when_the_words_come() -> None:
    words: dict[int, Sequence[Word] | None] = {0: None}
    gesture = Gesture(words.get)
    gesture.press(PointOn(0, 75, 105))
    assert not gesture.drag(PointOn(0, 75, 145))
    words[0] = PAGE
    assert gesture.catch_up()
    assert gesture.chosen == WordRange(WordAt(0, 0), WordAt(0, 4))


def test_a_drag_on_a_page_without_words_draws_a_region() -> None:
    gesture = Gesture(of(()).get)
    gesture.press(PointOn(0, 100, 100))
    gesture.drag(PointOn(0, 50, 160))
    assert gesture.held_page == 0
    assert gesture.chosen == Region(0, Box(50, 100, 100, 160))


def test_a_region_too_small_to_mean_anything_is_none() -> None:
    gesture = Gesture(of(PAGE).get)
    gesture.press(PointOn(0, 100, 100), region=True)
    gesture.drag(PointOn(0, 102, 101))
    gesture.release()
    assert gesture.chosen is None


def test_a_double_click_beside_all_words_takes_none() -> None:
    gesture = Gesture(of(PAGE).get)
    gesture.press(PointOn(0, 500, 500))
    gesture.choose(PointOn(0, 500, 500), Unit.WORD)
    assert gesture.chosen is None


@pytest.mark.parametrize(
    ("told", "prosaic"),
    [
        ("Straight leg\nraise positive\non the left", "Straight leg raise positive on the left"),
        ("physical treat-\nment was", "physical treatment was"),
        ("the L4-\nL5 level", "the L4-L5 level"),
        ("non-\nMTUS", "non-MTUS"),
        ("10-\n12 visits", "10-12 visits"),
        ("soft\u00ad\nhyphen", "softhyphen"),
        ("one - \n two", "one - two"),
        ("\ufb02exion of the \ufb01fth", "flexion of the fifth"),
        ("  spaced   out \n", "spaced out"),
    ],
)
def test_copied_words_are_prose(told: str, prosaic: str) -> None:
    assert prose(told) == prosaic


def test_a_hyphen_stays_where_the_page_writes_it_elsewhere() -> None:
    told = "a follow-\nup visit"
    assert prose(told, known_words(("(Follow-up", "visit"))) == "a follow-up visit"
