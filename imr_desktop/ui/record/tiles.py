# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pieces of much enlarged pages: only what is on screen is drawn at full sharpness, not the whole page."""

from collections import OrderedDict

from PySide6.QtGui import QImage

from imr_desktop.records.protocol import Draw

_KEPT_BYTES = 96 * 1024 * 1024


class Tiles:
    """Drawn pieces by what asked for them, the least lately used dropped first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Draw, QImage] = OrderedDict()
        self._size = 0

    def __contains__(self, want: object) -> bool:
        return want in self._kept

    def put(self, want: Draw, picture: QImage) -> None:
        """Keep a piece."""
        old = self._kept.pop(want, None)
        self._size += picture.sizeInBytes() - (0 if old is None else old.sizeInBytes())
        self._kept[want] = picture
        while self._size > _KEPT_BYTES and len(self._kept) > 1:
            self._size -= self._kept.popitem(last=False)[1].sizeInBytes()

    def get(self, want: Draw) -> QImage | None:
        """The piece that this asked for."""
        if want in self._kept:
            self._kept.move_to_end(want)
        return self._kept.get(want)
