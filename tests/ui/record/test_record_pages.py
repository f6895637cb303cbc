# SPDX-License-Identifier: AGPL-3.0-or-later
"""Page layout: exact before anything is drawn, one run over all files, one width for unlike pages."""

import pytest

from imr_desktop.models.records import Box, PageRef, PageSize, SourceFile
from imr_desktop.ui.record.layout import GAP, PIXELS_PER_POINT, Fit, Layout, Shape, View, Zoom, sound_size
from imr_desktop.ui.record.pages import PageRun, order
from imr_desktop.ui.record.turning import turn_box, turn_point, turned_size, unturn_box, unturn_point

LETTER, LEGAL, PHOTO = PageSize(612, 792), PageSize(612, 1008), PageSize(432, 288)
VIEW = View(640, 700)


def test_all_files_are_one_run_in_the_order_of_case_pages() -> None:
    second = SourceFile("b", "late.pdf", 1, 3, (LETTER,))
    first = SourceFile("a", "early.pdf", 1, 1, (LETTER, LEGAL))
    broken = SourceFile("c", "broken.pdf", 1, 4, (), broken="The file is damaged.")
    run = PageRun((second, broken, first))
    assert [page.case_page for page in run.pages] == [1, 2, 3]
    assert run.place(PageRef("b", 0)) == 2
    assert run.place(PageRef("b", 1)) is None
    assert run.name(PageRef("a", 1)) == "early.pdf"
    assert run.unopened == (broken,)


def test_fit_width_gives_every_page_one_width() -> None:
    layout = Layout([LETTER, LEGAL, PHOTO], Shape(VIEW, Zoom(Fit.WIDTH)))
    assert layout.widths == pytest.approx([VIEW.width - 2 * GAP] * 3)
    assert layout.total_width == pytest.approx(VIEW.width)


def test_fit_page_shows_every_page_whole() -> None:
    layout = Layout([LETTER, LEGAL, PHOTO], Shape(VIEW, Zoom(Fit.PAGE)))
    for wide, high in zip(layout.widths, layout.heights, strict=True):
        assert wide <= VIEW.width - 2 * GAP + 0.01
        assert high <= VIEW.height - 2 * GAP + 0.01


def test_actual_size_is_true_to_the_inch() -> None:
    layout = Layout([LETTER], Shape(VIEW, Zoom(Fit.ACTUAL)))
    assert layout.widths[0] == pytest.approx(8.5 * 96)
    assert layout.scales[0] == pytest.approx(PIXELS_PER_POINT)


def test_pages_stand_under_one_another_without_overlap() -> None:
    layout = Layout([LETTER, LEGAL, PHOTO] * 50, Shape(VIEW, Zoom(Fit.WIDTH)))
    for place in range(len(layout) - 1):
        assert layout.tops[place + 1] == pytest.approx(layout.tops[place] + layout.heights[place] + GAP)
    assert layout.total_height == pytest.approx(layout.tops[-1] + layout.heights[-1] + GAP)


def test_visible_names_exactly_the_pages_on_screen() -> None:
    layout = Layout([LETTER] * 10, Shape(VIEW, Zoom(Fit.ACTUAL, 0.5)))
    for top in range(0, int(layout.total_height - VIEW.height), 37):
        told = layout.visible(top)
        true = [
            place
            for place in range(10)
            if layout.tops[place] < top + VIEW.height and layout.tops[place] + layout.heights[place] > top
        ]
        assert [place for place in told if layout.on_screen(place, 0, top)] == true
        assert set(true) <= set(told)


def test_an_empty_record_has_nothing_visible() -> None:
    layout = Layout([], Shape(VIEW, Zoom()))
    assert list(layout.visible(0)) == []
    assert layout.at(100) == 0


@pytest.mark.parametrize("size", [PageSize(0, 0), PageSize(-5, 100), PageSize(0, 792)])
def test_a_page_without_extent_is_laid_out_as_a_letter_sheet(size: PageSize) -> None:
    assert sound_size(size) == PageSize(612, 792)


def test_a_huge_page_keeps_to_the_smallest_and_largest_scale() -> None:
    assert Layout([PageSize(14400, 14400)], Shape(VIEW, Zoom(Fit.ACTUAL, 0.01))).scales == pytest.approx([0.05])
    assert Layout([PageSize(1, 1)], Shape(VIEW, Zoom(Fit.WIDTH))).scales == pytest.approx([12.0])


@pytest.mark.parametrize("zoom", [Zoom(Fit.WIDTH), Zoom(Fit.PAGE), Zoom(Fit.UNIFORM, 300)])
def test_a_poster_is_no_wider_than_the_other_pages(zoom: Zoom) -> None:
    layout = Layout([LETTER, PageSize(14400, 14400)], Shape(View(500, 700), zoom))
    assert layout.total_width <= 500.01


def test_a_turned_page_is_laid_out_turned() -> None:
    layout = Layout([LETTER, LETTER], Shape(VIEW, Zoom(Fit.ACTUAL), rotations={1: 90}))
    assert layout.widths[1] == pytest.approx(layout.heights[0])


def test_carry_keeps_the_point_of_the_page() -> None:
    one = Layout([LETTER, LEGAL], Shape(VIEW, Zoom(Fit.WIDTH)))
    other = Layout([LETTER, LEGAL], Shape(VIEW, Zoom(Fit.ACTUAL, 2.0)))
    x, y = one.from_points(1, 300, 500)
    assert one.carry(other, 1, 1, x, y) == pytest.approx(other.from_points(1, 300, 500))


def test_carry_keeps_the_pixels_beside_the_page() -> None:
    one = Layout([LETTER, LETTER], Shape(VIEW, Zoom(Fit.WIDTH)))
    other = Layout([LETTER, LETTER], Shape(VIEW, Zoom(Fit.ACTUAL, 2.0)))
    _, y = one.carry(other, 0, 0, 100, one.tops[0] - 9)
    assert y == pytest.approx(other.tops[0] - 9)
    _, y = one.carry(other, 0, 0, 100, one.tops[1] - 5)
    assert y == pytest.approx(other.tops[1] - 5)


def test_five_thousand_pages_have_an_exact_range() -> None:
    layout = Layout([LETTER, PHOTO] * 2500, Shape(VIEW, Zoom(Fit.WIDTH)))
    assert layout.total_height == pytest.approx(sum(layout.heights) + 5001 * GAP)
    assert layout.at(layout.tops[4321] + 1) == 4321


def test_what_is_seen_comes_first_then_what_comes_next() -> None:
    assert list(order(range(4, 6), down=True, pages=20)) == [4, 5, 6, 7, 3]
    assert list(order(range(4, 6), down=False, pages=20)) == [4, 5, 3, 2, 6]
    assert list(order(range(2), down=False, pages=2)) == [0, 1]


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_turning_and_turning_back_is_nothing(rotation: int) -> None:
    box = Box(10, 20, 110, 45)
    there = turn_box(box, LETTER, rotation)
    assert unturn_box(there, LETTER, rotation) == box
    assert unturn_point(*turn_point(33, 44, LETTER, rotation), LETTER, rotation) == (33, 44)
    size = turned_size(LETTER, rotation)
    assert 0 <= there.x0 < there.x1 <= size.width
    assert 0 <= there.y0 < there.y1 <= size.height


def test_a_quarter_turn_clockwise_brings_the_top_left_to_the_top_right() -> None:
    assert turn_point(0, 0, LETTER, 90) == (792, 0)
    assert turn_point(0, 0, LETTER, 180) == (612, 792)
    assert turn_point(0, 0, LETTER, 270) == (0, 612)
