# SPDX-License-Identifier: AGPL-3.0-or-later
"""The annex for the work file: the criteria of each item as a table, then each cited page as a picture on a sheet of
its own, its passages framed and numbered.
"""

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from imr_desktop.letter import fonts
from imr_desktop.letter.breaking import SetLine, Stretch, set_lines
from imr_desktop.letter.fonts import Style
from imr_desktop.letter.sheet import HEIGHT, MARGIN, MEASURE, WIDTH
from imr_desktop.models.records import Box

_HEAD, _FOOT, _SIZE = HEIGHT - 40.0, 28.0, 9.0
_ROOM = 58.0
_FOOT_LEADING = 11.0
_QUALITY = 75
_LEADING, _GAP = 12.0, 6.0
_COLUMNS = (0.40, 0.20, 0.40)


@dataclass(frozen=True, slots=True)
class CitedPage:
    """One cited page: the line above it, where it comes from, its pixels (blue, green, red, unused) with ``stride``
    bytes a row, and the passages framed on it, each by its number and its boxes in page points, of which one is
    ``scale`` pixels.
    """

    says: str
    source: str
    width: int
    height: int
    stride: int
    pixels: bytes
    scale: float
    passages: tuple[tuple[str, tuple[Box, ...]], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the criteria: a single cell goes over the whole width, three stand side by side."""

    cells: tuple[str, ...]
    bold: bool = False


def bind(pages: Iterable[CitedPage], foot: str, count: int, rows: Sequence[Row] = ()) -> bytes:
    """The PDF: the rows first, then one sheet a page, in the order given; ``foot`` says whose it is and that it leaves
    with no letter, ``count`` how many pages there are.
    """
    # A letter may be printed aside at the same moment, with the same fonts.
    with fonts.ONE_AT_A_TIME:
        return _bound(pages, foot, count, rows)


def _bound(pages: Iterable[CitedPage], foot: str, count: int, rows: Sequence[Row]) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=1, pdfVersion=(1, 7))
    canvas.setTitle("Annex of cited pages")
    for sheet in _sheets(rows):
        _line(canvas, MARGIN, _HEAD, "Criteria of the guidelines, and the searches that were made", Style.SANS_BOLD)
        for y, x, line in sheet:
            _set(canvas, x, y, line)
        _line(canvas, MARGIN, _FOOT, foot, Style.SANS)
        canvas.showPage()
    for number, page in enumerate(pages, 1):
        _line(canvas, MARGIN, _HEAD, page.says, Style.SANS_BOLD)
        _picture(canvas, page)
        _line(canvas, MARGIN, _FOOT + _FOOT_LEADING, page.source, Style.SANS)
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


def _sheets(rows: Sequence[Row]) -> Iterator[list[tuple[float, float, SetLine]]]:
    """Where each line of the rows stands, sheet by sheet; a row is only cut where it is longer than a sheet."""
    sheet: list[tuple[float, float, SetLine]] = []
    y = top = HEIGHT - _ROOM
    for row in rows:
        shares = _COLUMNS if len(row.cells) == len(_COLUMNS) else (1.0,)
        style = Style.SANS_BOLD if row.bold else Style.SANS
        cells = [
            set_lines([Stretch(style, cell)], _SIZE, MEASURE * share - _GAP)
            for cell, share in zip(row.cells, shares, strict=True)
        ]
        height = max(map(len, cells)) * _LEADING
        if sheet and y - height < _ROOM:
            yield sheet
            sheet, y = [], top
        begins = len(sheet)
        for number in range(max(map(len, cells))):
            if y < _ROOM:
                yield sheet
                sheet, y, begins = [], top, 0
            for at, cell in enumerate(cells):
                if number < len(cell):
                    sheet.append((y, MARGIN + MEASURE * sum(shares[:at]), cell[number]))
            y -= _LEADING
        # A program that reads the sheet takes one cell after the other.
        sheet[begins:] = sorted(sheet[begins:], key=lambda placed: placed[1])
        y -= _GAP
    if sheet:
        yield sheet


def _line(canvas: Canvas, x: float, y: float, text: str, style: Style) -> None:
    for line in set_lines([Stretch(style, text)], _SIZE, MEASURE)[:1]:
        _set(canvas, x, y, line)


def _set(canvas: Canvas, x: float, y: float, line: SetLine) -> None:
    drawn = canvas.beginText(x, y)
    for stretch in line.stretches:
        for font, piece in fonts.runs(stretch.style, stretch.text):
            drawn.setFont(font, _SIZE)
            drawn.textOut(piece)
    canvas.drawText(drawn)
