# SPDX-License-Identifier: AGPL-3.0-or-later
"""How pages are coloured on screen: for the night, for tired eyes, for faint faxes. Never what is printed or kept."""

from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter, qRgb

_SEPIA = QColor("#f3e6cc")
_KEPT_BYTES = 96 * 1024 * 1024
_CELL, _PAPER, _INK = 8, 150, 22
_MODE = QPainter.CompositionMode


class Tone(StrEnum):
    """The colour of the paper."""

    NORMAL = "normal"
    SEPIA = "sepia"
    INVERTED = "inverted"
    INVERTED_ALL = "inverted_all"


@dataclass(frozen=True, slots=True)
class PageColours:
    """Paper colour, how much faint ink is darkened (0 to 3), and whether specks are left out."""

    tone: Tone = Tone.NORMAL
    contrast: int = 0
    despeckle: bool = False

    @property
    def dark(self) -> bool:
        """Whether the paper is black."""
        return self.tone in (Tone.INVERTED, Tone.INVERTED_ALL)

    @property
    def cleans(self) -> bool:
        """Whether the picture itself is worked on."""
        return self.contrast > 0 or self.despeckle

    def to_plain(self) -> dict[str, Any]:
        """The colours as plain data that JSON can hold."""
        return {"tone": self.tone.value, "contrast": self.contrast, "despeckle": self.despeckle}

    @classmethod
    def from_plain(cls, data: dict[str, Any]) -> "PageColours":
        """The colours that plain data describe; KeyError, TypeError or ValueError if they do not."""
        return cls(Tone(data["tone"]), min(max(int(data["contrast"]), 0), 3), bool(data["despeckle"]))


def darkened(picture: QImage, contrast: int) -> QImage:
    """Faint ink made dark and grey paper made white; the higher ``contrast`` (1 to 3), the more."""
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    low, high = 20 * contrast, 255 - 12 * contrast
    gain = 1.0 + 0.8 * contrast
    table = []
    for value in range(256):
        level = min(max((value - low) / (high - low), 0.0), 1.0)
        shade = round(255 * level**gain)
        table.append(qRgb(shade, shade, shade))
    grey.reinterpretAsFormat(QImage.Format.Format_Indexed8)
    grey.setColorTable(table)
    return grey.convertToFormat(QImage.Format.Format_RGB32)


def without_specks(picture: QImage) -> QImage:
    """The picture without lone specks.

    Where there is less ink around than writing leaves, the paper is made clean; thin strokes and full stops stay,
    because letters stand beside them.
    """
    wide, high = max(picture.width() // _CELL, 1), max(picture.height() // _CELL, 1)
    smooth = Qt.TransformationMode.SmoothTransformation
    small = picture.scaled(wide, high, Qt.AspectRatioMode.IgnoreAspectRatio, smooth)
    small = small.convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = bytes(small.constBits())
    shades = Counter(pixels[y * small.bytesPerLine() + x] for y in range(high) for x in range(wide))
    paper = max((shade for shade in shades if shade > _PAPER), key=lambda shade: shades[shade], default=255)
    small.reinterpretAsFormat(QImage.Format.Format_Indexed8)
    black, white = qRgb(0, 0, 0), qRgb(255, 255, 255)
    small.setColorTable([black if shade < paper - _INK else white for shade in range(256)])
    written = _grown(small.convertToFormat(QImage.Format.Format_RGB32))
    clean = written.scaled(
        picture.size(), Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.FastTransformation
    )
    return _combined(picture, clean, _MODE.CompositionMode_Lighten)


def _grown(picture: QImage) -> QImage:
    """The picture with its black grown: three pixels sideways, one up and down."""
    made = picture
    sideways, up_and_down = (QPoint(-1, 0), QPoint(1, 0)), (QPoint(0, -1), QPoint(0, 1))
    # Along the line by three: faint letters between others must never be taken for specks.
    for steps in (sideways, sideways, sideways, up_and_down):
        grown = made.copy()
        painter = QPainter(grown)
        painter.setCompositionMode(_MODE.CompositionMode_Darken)
        for step in steps:
            painter.drawImage(step, made)
        painter.end()
        made = grown
    return made


def _combined(one: QImage, other: QImage, mode: QPainter.CompositionMode) -> QImage:
    made = one.copy()
    painter = QPainter(made)
    painter.setCompositionMode(mode)
    painter.drawImage(QPoint(0, 0), other)
    painter.end()
    return made


def cleaned(picture: QImage, colours: PageColours) -> QImage:
    """The picture as the colours ask for it, the paper's own colour aside."""
    made = without_specks(picture) if colours.despeckle else picture
    return darkened(made, colours.contrast) if colours.contrast else made


class CleanPictures:
    """Pictures that have been worked on, a few of them kept."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, PageColours], QImage] = OrderedDict()

    def get(self, picture: QImage, colours: PageColours, *, make: bool) -> QImage:
        """The picture as the colours ask; the plain one if it would have to be made first and ``make`` is False."""
        if not colours.cleans:
            return picture
        key = picture.cacheKey(), PageColours(contrast=colours.contrast, despeckle=colours.despeckle)
        found = self._kept.get(key)
        if found is None:
            if not make:
                return picture
            found = self._kept[key] = cleaned(picture, colours)
            while sum(each.sizeInBytes() for each in self._kept.values()) > _KEPT_BYTES and len(self._kept) > 1:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return found


def tint_paper(painter: QPainter, colours: PageColours, areas: Sequence[Any]) -> None:
    """Give the paper its colour within these areas (QRectF of the window); the picture must be there already."""
    if colours.tone is Tone.NORMAL:
        return
    painter.save()
    mode = _MODE.CompositionMode_Multiply if colours.tone is Tone.SEPIA else _MODE.CompositionMode_Difference
    painter.setCompositionMode(mode)
    for area in areas:
        painter.fillRect(area, _SEPIA if colours.tone is Tone.SEPIA else QColor("white"))
    painter.restore()
