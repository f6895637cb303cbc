# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures of pages that have been drawn, kept within a bound of memory, the least lately used dropped first."""

from collections import OrderedDict
from typing import NamedTuple

from PySide6.QtGui import QImage, QTransform

from imr_desktop.models.records import PageRef

MEBIBYTE = 1024 * 1024


class PictureKey(NamedTuple):
    """One picture: the page, its scale in device pixels a point, and its turn in clockwise degrees."""

    page: PageRef
    scale: float
    rotation: int


def image_of(width: int, height: int, stride: int, pixels: bytes) -> QImage:
    """The picture that the reader drew (32 bit BGRX, ``stride`` bytes a row), with pixels of its own."""
    return QImage(pixels, width, height, stride, QImage.Format.Format_RGB32).copy()


class PictureCache:
    """Pictures by key, at most ``limit`` bytes of them; the latest is kept even if it alone is larger."""

    def __init__(self, limit: int = 256 * MEBIBYTE) -> None:
        self.limit = limit
        self.size = 0
        self._pictures: OrderedDict[PictureKey, QImage] = OrderedDict()
        self._of_page: dict[PageRef, set[PictureKey]] = {}

    def __len__(self) -> int:
        return len(self._pictures)

    def __contains__(self, key: object) -> bool:
        return key in self._pictures

    def put(self, key: PictureKey, picture: QImage) -> None:
        """Keep a picture, dropping those that have waited longest."""
        self._drop(key)
        self._pictures[key] = picture
        self._of_page.setdefault(key.page, set()).add(key)
        self.size += picture.sizeInBytes()
        while self.size > self.limit and len(self._pictures) > 1:
            self._drop(next(iter(self._pictures)))

    def get(self, key: PictureKey) -> QImage | None:
        """The picture with this key, counted as used."""
        picture = self._pictures.get(key)
        if picture is not None:
            self._pictures.move_to_end(key)
        return picture

    def stand_in(self, key: PictureKey) -> QImage | None:
        """A picture of the same page and turn at the nearest other scale, to be stretched until the right one comes."""
        same = [other for other in self._of_page.get(key.page, ()) if other.rotation == key.rotation]
        if not same:
            return None
        return self.get(min(same, key=lambda other: (abs(other.scale - key.scale), other.scale)))

    def turn(self, page: PageRef, rotation: int) -> None:
        """Have the page's pictures in another turn at once, by turning those at hand."""
        for key in list(self._of_page.get(page, ())):
            wanted = key._replace(rotation=rotation)
            if wanted not in self._pictures:
                turned = self._pictures[key].transformed(QTransform().rotate(rotation - key.rotation))
                self.put(wanted, turned.convertToFormat(QImage.Format.Format_RGB32))
            if key.rotation != rotation:
                self._drop(key)

    def clear(self) -> None:
        """Forget every picture."""
        self._pictures.clear()
        self._of_page.clear()
        self.size = 0

    def _drop(self, key: PictureKey) -> None:
        picture = self._pictures.pop(key, None)
        if picture is None:
            return
        self.size -= picture.sizeInBytes()
        of_page = self._of_page[key.page]
        of_page.discard(key)
        if not of_page:
            del self._of_page[key.page]
