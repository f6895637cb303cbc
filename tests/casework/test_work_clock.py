# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock of a case: idle time is nobody's, the pace foretells the rest, and the table can be billed by."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from imr_desktop.casework.work_clock import IDLE, RECORD, WorkClock, as_csv

START = datetime(2015, 1, 8, 9, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(5))
def test_after_200_pages_the_estimate_is_within_a_quarter_of_the_rest(seed: int) -> None:
    """A replayed log of 600 pages: most take seconds, some a minute or two, with pauses for writing and for lunch."""
    chance, at, clock, log = random.Random(seed), START, WorkClock(), list[tuple[datetime, float]]()
    active = 0.0
    for page in range(600):
        takes = chance.choice((4, 6, 8, 10, 15, 20, 30, 70)) * chance.uniform(0.7, 1.3)
        clock.touch(at, RECORD)
        for _ in range(int(takes // 20)):
            at += timedelta(seconds=20)
            clock.touch(at, RECORD)
        at += timedelta(seconds=takes % 20)
        clock.seen(at)
        active += takes
        log.append((at, active))
        if page % 40 == 39:
            clock.touch(at, "Items")
            at += timedelta(seconds=60)
            clock.touch(at, "Items")
        if page == 150:
            at += timedelta(hours=1)
        if page == 199:
            foretold = clock.left(400)
    assert foretold is not None
    rest = log[-1][1] - log[199][1]
    assert abs(foretold - rest) <= 0.25 * rest
    assert clock.spent[START.date().isoformat(), RECORD] == pytest.approx(active, rel=0.01)
    assert clock.spent[START.date().isoformat(), "Items"] == pytest.approx(15 * 60, abs=1)


def test_idle_time_is_not_counted_and_the_clock_survives_being_kept() -> None:
    clock = WorkClock()
    for seconds in (0, 30, 30 + IDLE, 30 + IDLE * 2 + 1, 31 + IDLE * 2 + 1):
        clock.touch(START + timedelta(seconds=seconds), "Items")
    assert clock.seconds() == 30 + IDLE + 1
    clock.seen(START + timedelta(seconds=40 + IDLE * 2), 3)
    again = WorkClock.from_setting(clock.to_setting())
    assert (again.seconds(), again.pages, again.paces) == (clock.seconds(), 3, clock.paces)
    assert again.left(100) is None, "three pages are no pace"
    assert WorkClock.from_setting("nonsense").seconds() == 0


def test_the_table_has_a_row_for_each_day_and_part_and_no_formulas() -> None:
    clock = WorkClock()
    clock.touch(START, RECORD)
    clock.touch(START + timedelta(seconds=60), "Items")
    clock.touch(START + timedelta(seconds=150), "Items")
    assert as_csv([("=cmd", clock)]).splitlines() == [
        "case,day,part,minutes,pages seen",
        "'=cmd,2015-01-08,Items,1.5,0",
        "'=cmd,2015-01-08,Record,1.0,0",
    ]
