# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which way a page lies, where the engine that reads it is one that we can make say anything."""

from typing import Any

import pytest
from PIL import Image

from imr_desktop.records.ocr_child import Read, _turned_right
from imr_desktop.records.ocr_order import Row


def _rows(letters: int) -> list[Row]:
    return [("w" * letters, 0.0, 0.0, 9.0, 9.0, 0, 0)]


class Engine:
    """Reads a picture with so much surety and so many letters by how it lies; its mark is at the top when upright."""

    def __init__(self, judged: int | None, **upright: float) -> None:
        self.judged, self.upright = judged, upright

    def read(self, picture: Any) -> Read:
        return Read(_rows(40), self.upright["sure"]) if picture.getpixel((5, 0)) == 0 else Read(_rows(9), 1.0)

    def turned(self, picture: Any) -> int | None:
        return self.judged


@pytest.mark.parametrize(
    ("first", "upright", "turned"),
    [(10.0, 60.0, 180), (80.0, 92.0, 180), (80.0, 85.0, 0), (95.0, 94.0, 0), (60.0, 77.0, 0), (60.0, 79.0, 180)],
)
def test_a_turn_that_is_judged_counts_where_it_reads_much_more_surely(
    first: float, upright: float, turned: int
) -> None:
    lying = Image.new("L", (11, 11), 255)
    lying.putpixel((5, 10), 0)
    read, how = _turned_right(Engine(180, sure=upright), lying, Read(_rows(9), first))
    assert how == turned
    assert read.sure == (upright if turned else first)
