# SPDX-License-Identifier: AGPL-3.0-or-later
"""The annex for the work file: each cited page as a picture on a sheet of its own, its passages framed and numbered."""

import io
from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from imr_desktop.letter import fonts
from imr_desktop.letter.breaking import Stretch, set_lines
from imr_desktop.letter.fonts import Style
from imr_desktop.letter.sheet import HEIGHT, MARGIN, MEASURE, WIDTH
from imr_desktop.models.records import Box

_HEAD, _FOOT, _SIZE = HEIGHT - 40.0, 28.0, 9.0
_ROOM = 58.0
_QUALITY = 75


@dataclass(frozen=True, slots=True)
class CitedPage:
    """One cited page: the line above it, its pixels (blue, green, red, unused) with ``stride`` bytes a row, and the
    passages framed on it, each by its number and its boxes in page points, of which one is ``scale`` pixels.
    """

    says: str
    width: int
    height: int
    stride: int
    pixels: bytes
    scale: float
    passages: tuple[tuple[str, tuple[Box, ...]], ...]


def bind(pages: Iterable[CitedPage], foot: str, count: int) -> bytes:
    """The PDF: one sheet a page, in the order given; ``foot`` says whose it is and that it leaves with no letter."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, pdfVersion=(1, 7))
    canvas.setTitle("Annex of cited pages")
    for number, page in enumerate(pages, 1):
        _line(canvas, MARGIN, _HEAD, page.says, Style.SANS_BOLD)
        _picture(canvas, page)
        _line(canvas, MARGIN, _FOOT, f"{foot}  ·  {number} of {count}", Style.SANS)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _picture(canvas: Canvas, page: CitedPage) -> None:
    image = Image.frombuffer("RGB", (page.width, page.height), page.pixels, "raw", "BGRX", page.stride, 1)
    packed = io.BytesIO()
    image.convert("L").save(packed, "JPEG", quality=_QUALITY)
    fits = min(MEASURE / page.width, (HEIGHT - 2 * _ROOM) / page.height)
    wide, high = page.width * fits, page.height * fits
    left, top = (WIDTH - wide) / 2, HEIGHT - _ROOM
    packed.seek(0)
    canvas.drawImage(ImageReader(packed), left, top - high, wide, high)
    canvas.setStrokeGray(0.6)
    canvas.setLineWidth(0.5)
    canvas.rect(left, top - high, wide, high)
    canvas.setStrokeColorRGB(0.75, 0.1, 0.1)
    canvas.setFillColorRGB(0.75, 0.1, 0.1)
    canvas.setLineWidth(1.1)
    point = page.scale * fits
    for name, boxes in page.passages:
        for box in boxes:
            across, down = box.x1 - box.x0, box.y1 - box.y0
            canvas.rect(left + box.x0 * point - 1, top - box.y1 * point - 1, across * point + 2, down * point + 2)
        if boxes:
            _line(canvas, max(left + boxes[0].x0 * point - 16, 8), top - boxes[0].y1 * point + 1, name, Style.SANS_BOLD)
    canvas.setFillGray(0)


def _line(canvas: Canvas, x: float, y: float, text: str, style: Style) -> None:
    drawn = canvas.beginText(x, y)
    for line in set_lines([Stretch(style, text)], _SIZE, MEASURE)[:1]:
        for stretch in line.stretches:
            for font, piece in fonts.runs(stretch.style, stretch.text):
                drawn.setFont(font, _SIZE)
                drawn.textOut(piece)
    canvas.drawText(drawn)
