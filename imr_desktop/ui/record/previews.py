# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small pictures of every page: what is shown until the sharp one comes, and what the rail shows as thumbnails."""

from collections import OrderedDict

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QImage, QTransform

from imr_desktop.models.records import PageRef
from imr_desktop.ui.record.memory import RecordMemory

PREVIEW_SCALE = 0.5
"""Pixels a point: 36 to the inch."""

_OPENED = 48
_QUALITY = 60


class Previews:
    """Previews as the memory keeps them (JPEG), a few of them open."""

    def __init__(self, memory: RecordMemory) -> None:
        self._memory = memory
        self._known: dict[PageRef, bool] = {}
        self._opened: OrderedDict[PageRef, QImage] = OrderedDict()

    def has(self, ref: PageRef) -> bool:
        """Whether there is a preview of the page."""
        known = self._known.get(ref)
        if known is None:
            known = self._known[ref] = self._memory.preview(ref) is not None
        return known

    def put(self, ref: PageRef, picture: QImage) -> None:
        """Keep a preview."""
        kept = QByteArray()
        device = QBuffer(kept)
        device.open(QIODevice.OpenModeFlag.WriteOnly)
        if picture.save(device, "JPG", _QUALITY):  # type: ignore[call-overload]
            self._memory.keep_preview(ref, bytes(kept.data()))
            self._open(ref, picture)
        # A preview that cannot be kept is not asked for again and again.
        self._known[ref] = True
        device.close()

    def put_bytes(self, ref: PageRef, jpeg: bytes) -> None:
        """Keep a preview that came as JPEG."""
        self._memory.keep_preview(ref, jpeg)
        self._known[ref] = True

    def image(self, ref: PageRef, rotation: int = 0) -> QImage | None:
        """The preview of a page, turned (clockwise degrees); None if there is none."""
        picture = self._opened.get(ref)
        if picture is None:
            kept = self._memory.preview(ref) if self.has(ref) else None
            picture = QImage.fromData(kept) if kept else QImage()
            if picture.isNull():
                return None
            picture = picture.convertToFormat(QImage.Format.Format_RGB32)
        self._open(ref, picture)
        return picture.transformed(QTransform().rotate(rotation)) if rotation else picture

    def _open(self, ref: PageRef, picture: QImage) -> None:
        self._opened[ref] = picture
        self._opened.move_to_end(ref)
        while len(self._opened) > _OPENED:
            self._opened.popitem(last=False)
