# SPDX-License-Identifier: AGPL-3.0-or-later
"""In which order a person reads the blocks of a page: columns of prose one after the other, all else row by row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from imr_desktop.models.records import Box

# Page points between two columns of prose; word spaces are narrower.
_GUTTER = 9.0
_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Region:
    """A block of the page: where it stands and whether it is running text (several long lines)."""

    box: Box
    prose: bool


def reading_order(regions: Sequence[Region]) -> list[int]:
    """The regions' indices as they are read.

    White space decides where it goes right through; where it does not, the file's own order stands.
    """
    return _ordered(list(range(len(regions))), regions, 0)


def _ordered(some: list[int], regions: Sequence[Region], depth: int) -> list[int]:
    if len(some) < 2 or depth > _DEEPEST:
        return some
    columns = _parted(some, lambda index: (regions[index].box.x0, regions[index].box.x1), _GUTTER)
    if len(columns) > 1 and all(any(regions[index].prose for index in column) for column in columns):
        parts = columns
    else:
        rows = _parted(some, lambda index: (regions[index].box.y0, regions[index].box.y1), 0.0)
        parts = rows if len(rows) > 1 else columns
    if len(parts) < 2:
        return some
    return [index for part in parts for index in _ordered(part, regions, depth + 1)]


def _parted(some: list[int], reach: Callable[[int], tuple[float, float]], gap: float) -> list[list[int]]:
    """The indices in groups between which a band of at least ``gap`` runs free; within a group their order stays."""
    group_of: dict[int, int] = {}
    group, end = -1, float("-inf")
    for index in sorted(some, key=reach):
        low, high = reach(index)
        if group < 0 or low - end >= gap:
            group += 1
        end = max(end, high)
        group_of[index] = group
    parts: list[list[int]] = [[] for _ in range(group + 1)]
    for index in some:
        parts[group_of[index]].append(index)
    return parts
