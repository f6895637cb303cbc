# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where pictures in colour stand on a page, so that a dark page can leave them as they are."""

from collections import OrderedDict
from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from imr_desktop.models.records import Box

_PROBE = 48
_COLOURFUL = 42
_LEAST_CELLS = 12
_KEPT = 200


class Photos:
    """Pictures in colour by page image, found once for each."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, tuple[Box, ...]] = OrderedDict()

    def on(self, picture: QImage) -> tuple[Box, ...]:
        """The boxes of coloured pictures, as shares (0 to 1) of the picture."""
        key = picture.cacheKey()
        if key not in self._known:
            self._known[key] = coloured_areas(picture)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return self._known[key]


def coloured_areas(picture: QImage) -> tuple[Box, ...]:
    """The boxes of what is in colour on a page, as shares (0 to 1) of it; small signs and stamps are left out."""
    small = picture.scaledToWidth(_PROBE, Qt.TransformationMode.SmoothTransformation)
    small = small.convertToFormat(QImage.Format.Format_RGB32)
    wide, high, stride = small.width(), small.height(), small.bytesPerLine()
    pixels = bytes(small.constBits())
    cells = set()
    for y in range(high):
        for x in range(wide):
            shades = pixels[y * stride + 4 * x : y * stride + 4 * x + 3]
            if max(shades) - min(shades) > _COLOURFUL:
                cells.add((x, y))
    return tuple(
        Box(
            min(x for x, _ in patch) / wide,
            min(y for _, y in patch) / high,
            (max(x for x, _ in patch) + 1) / wide,
            (max(y for _, y in patch) + 1) / high,
        )
        for patch in _patches(cells)
        if len(patch) >= _LEAST_CELLS
    )


def _patches(cells: set[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Cells that touch each other, or almost."""
    left = set(cells)
    while left:
        waiting, patch = [left.pop()], []
        while waiting:
            x, y = waiting.pop()
            patch.append((x, y))
            near = {(x + across, y + down) for across in (-2, -1, 0, 1, 2) for down in (-2, -1, 0, 1, 2)} & left
            left -= near
            waiting.extend(near)
        yield patch
