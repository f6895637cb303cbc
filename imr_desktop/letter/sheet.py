# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sheets of paper: the one place where anything is drawn, and so where what is drawn can be marked for readers."""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

from reportlab.pdfbase.pdfdoc import PDFDictionary, PDFInfo, PDFName, PDFString
from reportlab.pdfgen.canvas import Canvas

from imr_desktop.letter.blocks import Block
from imr_desktop.letter.flow import MARGIN, PAGE_HEIGHT, PAGE_WIDTH, Placed, Row, Shape
from imr_desktop.letter.fonts import Style, runs, width
from imr_desktop.letter.furniture import Furniture

_FOOT, _FOOT_NOTE, _FOOT_SIZE = 46.0, 34.0, 9.0
_RULE = 0.6
_ONE_AT_A_TIME = threading.Lock()


class _Properties(PDFInfo):  # type: ignore[misc]  # ReportLab is untyped
    """The file's properties: its title and day; nobody's name and no program's."""

    def __init__(self, furniture: Furniture) -> None:
        super().__init__()
        self.title, self.author, self.subject, self.keywords = furniture.title, "", "", ""
        self.day = furniture.day

    def format(self, document: object) -> bytes:
        """The properties as the file holds them."""
        held = {"Title": PDFString(self.title), "Trapped": PDFName("False")}
        if self.day is not None:
            stamp = self.day.strftime("D:%Y%m%d000000Z")
            held |= {"CreationDate": PDFString(stamp), "ModDate": PDFString(stamp)}
        written: bytes = PDFDictionary(held).format(document)
        return written


class Sheet:
    """The letter's pages on ReportLab's canvas."""

    def __init__(self, furniture: Furniture) -> None:
        self._furniture = furniture
        self._bytes = BytesIO()
        self._canvas = Canvas(
            self._bytes,
            pagesize=(PAGE_WIDTH, PAGE_HEIGHT),
            pageCompression=1,
            invariant=1,
            pdfVersion=(1, 7),
            lang=furniture.language,
            initialFontName=Style.REGULAR.value[0],
        )
        self._canvas._doc.info = _Properties(furniture)
        self._canvas.setViewerPreference("DisplayDocTitle", "true")

    def draw(self, pages: Sequence[Sequence[Row]], blocks: Sequence[Block]) -> bytes:
        """Draw every page, each with its furniture, and give the file's bytes."""
        for number, page in enumerate(pages, 1):
            self._draw_rows(page, blocks)
            with self._artifact():
                self._draw_furniture(number, len(pages))
            self._canvas.showPage()
        self._canvas.save()
        return self._bytes.getvalue()

    def _draw_rows(self, page: Sequence[Row], blocks: Sequence[Block]) -> None:
        top = PAGE_HEIGHT - MARGIN
        for at, row in enumerate(page):
            top -= row.gap if at else 0.0
            if row.shapes:
                with self._artifact():
                    for shape in row.shapes:
                        self._draw_shape(shape, top)
            for placed in row.texts:
                with self._content(blocks[row.block]):
                    self._draw_text(placed, top)
            top -= row.height

    @contextmanager
    def _content(self, block: Block) -> Iterator[None]:
        """Around the drawing of text that belongs to ``block``."""
        del block
        yield

    @contextmanager
    def _artifact(self) -> Iterator[None]:
        """Around the drawing of what is no content: rules, shades, page numbers."""
        yield

    def _draw_shape(self, shape: Shape, top: float) -> None:
        canvas = self._canvas
        canvas.setLineWidth(_RULE)
        canvas.setStrokeGray(0.35)
        x, y = MARGIN + shape.x, top - shape.y - shape.height
        if shape.height == 0:
            canvas.line(x, y, x + shape.width, y)
            return
        if shape.fill is not None:
            canvas.setFillGray(shape.fill)
        canvas.rect(x, y, shape.width, shape.height, stroke=1, fill=int(shape.fill is not None))

    def _draw_text(self, placed: Placed, top: float) -> None:
        pieces = [piece for stretch in placed.line.stretches for piece in runs(stretch.style, stretch.text)]
        self._write(pieces, MARGIN + placed.x, top - placed.y, placed.size, placed.grey)

    def _write(self, pieces: Sequence[tuple[str, str]], x: float, y: float, size: float, grey: float = 0.0) -> None:
        text = self._canvas.beginText(x, y)
        text.setFillGray(grey)
        for font, words in pieces:
            text.setFont(font, size)
            text.textOut(words)
        self._canvas.drawText(text)

    def _draw_furniture(self, number: int, total: int) -> None:
        furniture = self._furniture
        page = furniture.page_of(number, total)
        right = PAGE_WIDTH - MARGIN - width(Style.SANS, page) * _FOOT_SIZE
        centre = (PAGE_WIDTH - width(Style.SANS, furniture.note) * _FOOT_SIZE) / 2
        for text, x, y in ((furniture.case, MARGIN, _FOOT), (page, right, _FOOT), (furniture.note, centre, _FOOT_NOTE)):
            if text:
                self._write(runs(Style.SANS, f"{text} "), x, y, _FOOT_SIZE, 0.25)


def drawn(pages: Sequence[Sequence[Row]], blocks: Sequence[Block], furniture: Furniture) -> bytes:
    """The file's bytes; ReportLab's fonts serve one letter at a time."""
    with _ONE_AT_A_TIME:
        return Sheet(furniture).draw(pages, blocks)
