# SPDX-License-Identifier: AGPL-3.0-or-later
"""How far a scanned sheet lies askew, told by its own lines, so that what stands in one row is read as one row."""

from collections.abc import Iterable, Sequence
from statistics import median

# Sides of a word or piece of a line, in any unit, y growing downwards: x0, y0, x1, y1.
Sides = tuple[float, float, float, float]

_MOST = 0.06  # 3.4 degrees; more is no scan that went in askew but something else
_FEWEST_WORDS, _FEWEST_LINES = 4, 3


def slope(lines: Iterable[Sequence[Sides]]) -> float:
    """How much the lines fall for each step to the right; 0.0 where too few of them are long enough to tell."""
    found = [fall for line in lines if len(line) >= _FEWEST_WORDS and (fall := _fall(line)) is not None]
    told = median(found) if len(found) >= _FEWEST_LINES else 0.0
    return told if abs(told) <= _MOST else 0.0


def level(sides: Sides, fall: float) -> tuple[float, float]:
    """Upper and lower edge as they would be if the sheet lay straight."""
    x0, y0, x1, y1 = sides
    shift = fall * (x0 + x1) / 2
    return y0 - shift, y1 - shift


def _fall(line: Sequence[Sides]) -> float | None:
    """The least-squares fall of one line through the middles of its words."""
    xs = [(x0 + x1) / 2 for x0, _, x1, _ in line]
    ys = [(y0 + y1) / 2 for _, y0, _, y1 in line]
    height = sum(y1 - y0 for _, y0, _, y1 in line) / len(line)
    if max(xs) - min(xs) < 8 * height:
        return None
    x, y = sum(xs) / len(xs), sum(ys) / len(ys)
    spread = sum((one - x) ** 2 for one in xs)
    return sum((one - x) * (other - y) for one, other in zip(xs, ys, strict=True)) / spread if spread else None
