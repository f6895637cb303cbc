# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page is seen when half of it was readable on screen for a second; one that flies by is not."""

from imr_desktop.models.records import Box, PageRef
from imr_desktop.ui.record.history import History, Spot
from imr_desktop.ui.record.layout import Fit, Zoom
from imr_desktop.ui.record.seen import Glimpse, SeenRule, SeenTracker

PAGE, OTHER = PageRef("a", 0), PageRef("a", 1)
WHOLE, TOP, BOTTOM = Box(0, 0, 1, 1), Box(0, 0, 1, 0.3), Box(0, 0.7, 1, 1)


class Watch:
    """A tracker with a clock that is told the time."""

    def __init__(self, rule: SeenRule | None = None) -> None:
        self.seconds = 0.0
        self.tracker = SeenTracker(lambda: self.seconds, rule)

    def look(self, at: float, *glimpses: Glimpse) -> tuple[PageRef, ...]:
        self.seconds = at
        return self.tracker.look(glimpses)


def glimpse(part: Box = WHOLE, ref: PageRef = PAGE, scale: float = 1.0) -> Glimpse:
    return Glimpse(ref, part, scale)


def test_a_whole_page_for_a_second_is_seen_once() -> None:
    watch = Watch()
    assert watch.look(0, glimpse()) == ()
    assert watch.look(0.9, glimpse()) == ()
    assert watch.look(1.0, glimpse()) == (PAGE,)
    assert watch.look(5.0, glimpse()) == ()


def test_it_says_when_to_look_again() -> None:
    watch = Watch()
    watch.look(0, glimpse())
    watch.seconds = 0.25
    assert watch.tracker.seconds_left() == 0.75
    watch.look(1, glimpse())
    assert watch.tracker.seconds_left() is None


def test_a_page_that_flies_by_is_not_seen_however_often() -> None:
    watch = Watch()
    for moment in range(20):
        assert watch.look(moment * 1.5, glimpse()) == ()
        assert watch.look(moment * 1.5 + 0.9) == ()
    assert watch.tracker.seconds_left() is None


def test_less_than_half_of_a_page_is_not_enough() -> None:
    watch = Watch()
    watch.look(0, glimpse(TOP))
    assert watch.look(60, glimpse(TOP)) == ()


def test_a_page_larger_than_the_window_is_seen_in_pieces() -> None:
    watch = Watch()
    watch.look(0, glimpse(TOP))
    assert watch.look(2, glimpse(BOTTOM)) == ()
    assert watch.look(4, glimpse(BOTTOM)) == (PAGE,)


def test_pieces_that_flew_by_do_not_add_up() -> None:
    watch = Watch()
    watch.look(0, glimpse(TOP))
    watch.look(2, glimpse(BOTTOM))
    assert watch.look(2.5, glimpse(TOP)) == ()
    assert watch.look(9, glimpse(TOP)) == ()


def test_a_page_too_small_to_read_is_not_seen() -> None:
    watch = Watch()
    watch.look(0, glimpse(scale=0.3))
    assert watch.look(60, glimpse(scale=0.3)) == ()


def test_the_rule_is_a_setting() -> None:
    watch = Watch(SeenRule(seconds=3.0, share=0.25))
    watch.look(0, glimpse(TOP))
    assert watch.look(2.9, glimpse(TOP)) == ()
    assert watch.look(3.0, glimpse(TOP)) == (PAGE,)


def test_pages_known_as_seen_are_not_told_again() -> None:
    watch = Watch()
    watch.tracker.know([PAGE])
    watch.look(0, glimpse(), glimpse(ref=OTHER))
    assert watch.look(2, glimpse(), glimpse(ref=OTHER)) == (OTHER,)


def spot(page: int) -> Spot:
    return Spot(PageRef("a", page), 1.5, 2.5, Zoom(Fit.UNIFORM, 700 + page))


def test_jumps_retrace_exactly_and_forward_again() -> None:
    history = History()
    for page in range(20):
        history.leave(spot(page))
    here, way = spot(20), []
    while (back := history.back(here)) is not None:
        way.append(back)
        here = back
    assert way == [spot(page) for page in reversed(range(20))]
    while (ahead := history.forward(here)) is not None:
        here = ahead
    assert here == spot(20)


def test_a_new_jump_forgets_what_lay_ahead() -> None:
    history = History()
    history.leave(spot(1))
    history.back(spot(2))
    history.leave(spot(3))
    assert history.forward(spot(4)) is None


def test_a_spot_survives_as_plain_data() -> None:
    assert Spot.from_plain(spot(7).to_plain()) == spot(7)
