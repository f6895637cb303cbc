# SPDX-License-Identifier: AGPL-3.0-or-later
"""Turning a page by quarter turns: where a point or box of the upright page stands on the turned one, and back.

Rotations are clockwise degrees (0, 90, 180, 270); all measures are page points with the origin at the top left.
"""

from imr_desktop.models.records import Box, PageSize


def turned_size(size: PageSize, rotation: int) -> PageSize:
    """The size of the page after the turn."""
    return PageSize(size.height, size.width) if rotation % 180 else size


def turn_point(x: float, y: float, size: PageSize, rotation: int) -> tuple[float, float]:
    """Where a point of the upright page (of ``size``) stands after the turn."""
    match rotation % 360:
        case 90:
            return size.height - y, x
        case 180:
            return size.width - x, size.height - y
        case 270:
            return y, size.width - x
    return x, y


def unturn_point(x: float, y: float, size: PageSize, rotation: int) -> tuple[float, float]:
    """The point of the upright page (of ``size``) that stands at this point of the turned one."""
    return turn_point(x, y, turned_size(size, rotation), -rotation)


def turn_box(box: Box, size: PageSize, rotation: int) -> Box:
    """Where a box of the upright page (of ``size``) stands after the turn."""
    return _between(turn_point(box.x0, box.y0, size, rotation), turn_point(box.x1, box.y1, size, rotation))


def unturn_box(box: Box, size: PageSize, rotation: int) -> Box:
    """The box of the upright page (of ``size``) that stands at this box of the turned one."""
    return _between(unturn_point(box.x0, box.y0, size, rotation), unturn_point(box.x1, box.y1, size, rotation))


def _between(one: tuple[float, float], other: tuple[float, float]) -> Box:
    return Box(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))
