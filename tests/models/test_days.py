# SPDX-License-Identifier: AGPL-3.0-or-later
"""A day is the same day, however a record writes it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_desktop.models.days import days_in, writings, written_day

DAY = date(2014, 7, 1)


@pytest.mark.parametrize(
    "text",
    [
        "7/1/14",
        "07-01-2014",
        "07.01.2014",
        "2014-07-01",
        "July 1st, 2014",
        "July 1, 2014",
        "Jul. 1 2014",
        "1 July 2014",
        "1st of July 2014",
        "7/1/20l4",
        "O7/O1/2014",
    ],
)
def test_every_way_of_writing_is_the_day(text: str) -> None:
    assert written_day(text) == DAY
    assert [found.day for found in days_in(f"Seen on {text}, and again.")] == [DAY]


@pytest.mark.parametrize(
    "text", ["13/45/2014", "L4-5", "10/325 mg", "120/80", "7/1", "CM14-0123456", "1-2-3-4-2014", "5/5", "31/4/14"]
)
def test_what_is_no_day_is_passed_over(text: str) -> None:
    assert list(days_in(text)) == []


@given(st.dates(date(1950, 1, 1), date(2049, 12, 31)))
def test_each_writing_with_signs_is_read_back(day: date) -> None:
    for text in (
        f"{day.month}/{day.day}/{day:%Y}",
        f"{day.month}-{day.day}-{day:%y}",
        f"{day:%B} {day.day}, {day.year}",
    ):
        assert written_day(text) == day
    assert f"{day.month} {day.day} {day.year}" in writings(day)
