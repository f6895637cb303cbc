# SPDX-License-Identifier: AGPL-3.0-or-later
"""The child that reads PDFs: it holds MuPDF, no keys and no network, and may die without taking anything along."""

import contextlib
import os
import sys
from collections import OrderedDict
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import Any

from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, TextLine, Word, WordsOrigin
from imr_desktop.records.protocol import (
    Answer,
    CannotReadPdf,
    Caps,
    Draw,
    Drawn,
    Failed,
    LinesRead,
    Measure,
    Measured,
    ReadLines,
    ReadWords,
    Request,
    WordsRead,
    source_of,
)

_PAPER = PageSize(612.0, 792.0)
_BOLD = 1 << 4


def serve(pipe: Connection, caps: Caps) -> None:
    """Answer requests from the pipe until it closes; None asks for the bytes of the request's file."""
    _confine(caps)
    engine = Engine(caps)
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            request = pipe.recv()
            data = None
            if not engine.has(request):
                pipe.send(None)
                data = pipe.recv_bytes()
            pipe.send(engine.answer(request, data))


def _confine(caps: Caps) -> None:
    # What MuPDF prints names pages and fonts of a patient's file: nothing of it may reach a terminal or a log.
    silent = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silent, stream)
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = caps.memory if hard == resource.RLIM_INFINITY else min(caps.memory, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Engine:
    """MuPDF behind the protocol: a few documents kept open, every failure an answer."""

    def __init__(self, caps: Caps) -> None:
        import pymupdf

        self._mupdf: Any = pymupdf
        pymupdf.TOOLS.mupdf_display_errors(False)
        pymupdf.TOOLS.mupdf_display_warnings(False)
        # Blue first is what a 32-bit screen wants, so that no byte has to be moved again.
        self._screen = pymupdf.Colorspace(pymupdf.mupdf.FzColorspace(pymupdf.mupdf.FzColorspace.Fixed_BGR))
        self._caps = caps
        self._open: OrderedDict[str, Any] = OrderedDict()

    def has(self, request: Request) -> bool:
        """Whether the request's file is open here."""
        return source_of(request) in self._open

    def answer(self, request: Request, data: bytes | None) -> Answer:
        """The answer to one request; ``data`` is the file's bytes where the child has not got them yet."""
        try:
            return self._answer(request, data)
        except CannotReadPdf as trouble:
            return Failed(request, trouble.happened, trouble.advice)
        except MemoryError:
            return Failed(request, "This page needs more memory than a page may take.", CannotReadPdf.default_advice)
        except Exception as why:
            # Whatever MuPDF raises on a damaged page is about that page; its text may quote the page.
            return Failed(request, f"This page could not be read ({type(why).__name__}).", CannotReadPdf.default_advice)

    def _answer(self, request: Request, data: bytes | None) -> Answer:
        match request:
            case Measure():
                return self._measure(request, self._document(request.source, data))
            case Draw():
                return self._draw(request, self._page(request.page, data))
            case ReadWords():
                return WordsRead(self._words(request.page, self._page(request.page, data)))
            case ReadLines():
                return LinesRead(request.page, self._lines(self._page(request.page, data)))

    def _document(self, source: str, data: bytes | None) -> Any:
        if source not in self._open:
            while len(self._open) >= self._caps.documents:
                self._open.popitem(last=False)[1].close()
            self._open[source] = self._opened(data or b"")
        self._open.move_to_end(source)
        return self._open[source]

    def _opened(self, data: bytes) -> Any:
        if not data:
            raise CannotReadPdf("The file is empty (0 bytes).", "Ask for the file again.")
        # Readers accept a header that is preceded by up to 1,024 bytes of something else.
        if b"%PDF-" not in data[:1100]:
            raise CannotReadPdf("The file is not a PDF.", "Ask for it as a PDF, or print it to PDF.")
        try:
            document = self._mupdf.open(stream=data, filetype="pdf")
        except Exception as why:
            raise CannotReadPdf("The PDF is broken beyond repair.", "Ask for the file again.") from why
        if document.needs_pass:
            document.close()
            raise CannotReadPdf(
                "The PDF is encrypted and asks for a password.", "Ask the sender for a copy without a password."
            )
        if document.page_count == 0:
            document.close()
            raise CannotReadPdf("The PDF has no pages.", "Ask for the file again.")
        if document.page_count > self._caps.pages:
            count = document.page_count
            document.close()
            raise CannotReadPdf(
                f"The PDF has {count:,} pages, more than the {self._caps.pages:,} that one file may have.",
                "Split it into smaller files.",
            )
        return document

    def _page(self, ref: PageRef, data: bytes | None) -> Any:
        document = self._document(ref.source, data)
        if not 0 <= ref.page < document.page_count:
            raise CannotReadPdf(f"The file has no page {ref.page + 1}.", "Look at the pages it has.")
        return document.load_page(ref.page)

    def _measure(self, request: Measure, document: Any) -> Measured:
        sizes, labels = [], []
        has_labels = bool(document.get_page_labels())
        for number in range(document.page_count):
            try:
                page = document.load_page(number)
                sizes.append(_size(page))
                labels.append(page.get_label() if has_labels else "")
            except Exception:
                # A page that cannot be loaded still is a page of the file; drawing it will say why it is not shown.
                sizes.append(_PAPER)
                labels.append("")
        return Measured(request.source, tuple(sizes), tuple(labels))

    def _draw(self, request: Draw, page: Any) -> Drawn:
        size = _size(page)
        wide, high = (size.height, size.width) if request.rotation % 180 else (size.width, size.height)
        scale = min(request.scale, (self._caps.pixels / (wide * high)) ** 0.5)
        matrix = self._mupdf.Matrix(scale, scale).prerotate(request.rotation)
        opaque = page.get_pixmap(matrix=matrix, colorspace=self._screen, alpha=False)
        pixmap = self._mupdf.Pixmap(opaque, 1)
        return Drawn(
            request.page,
            scale,
            request.rotation,
            pixmap.width,
            pixmap.height,
            pixmap.stride,
            bytes(pixmap.samples_mv),
        )

    def _words(self, ref: PageRef, page: Any) -> PageWords:
        turn = page.rotation_matrix
        words = tuple(
            Word(text, _box(self._mupdf.Rect(x0, y0, x1, y1) * turn), block, line)
            for x0, y0, x1, y1, text, block, line, _ in page.get_text("words", sort=False)
        )
        origin = WordsOrigin.DIGITAL if words else WordsOrigin.NONE
        return PageWords(ref, _size(page), words, origin)

    def _lines(self, page: Any) -> tuple[TextLine, ...]:
        turn = page.rotation_matrix
        flags = self._mupdf.TEXT_PRESERVE_LIGATURES | self._mupdf.TEXT_PRESERVE_WHITESPACE
        found = []
        for block in page.get_text("dict", flags=flags)["blocks"]:
            for line in block.get("lines", ()):
                spans = [span for span in line["spans"] if span["text"]]
                text = "".join(span["text"] for span in spans)
                if text.strip():
                    box = _box(self._mupdf.Rect(line["bbox"]) * turn)
                    found.append(TextLine(" ".join(text.split()), box, " ".join(_bold_lead(spans).split())))
        return tuple(_in_reading_order(found))


def _in_reading_order(lines: list[TextLine]) -> Iterator[TextLine]:
    """Rows from top to bottom, each from left to right; cells of a row need not stand exactly level."""
    row: list[TextLine] = []
    for line in sorted(lines, key=lambda line: (line.box.y0 + line.box.y1) / 2):
        if row and (line.box.y0 + line.box.y1) / 2 > row[0].box.y1:
            yield from sorted(row, key=lambda each: each.box.x0)
            row = []
        row.append(line)
    yield from sorted(row, key=lambda each: each.box.x0)


def _bold_lead(spans: list[dict[str, Any]]) -> str:
    lead = ""
    for span in spans:
        if not span["flags"] & _BOLD and span["text"].strip():
            break
        lead += span["text"]
    return lead


def _size(page: Any) -> PageSize:
    width, height = float(page.rect.width), float(page.rect.height)
    if not (0 < width < 1e6 and 0 < height < 1e6):
        return _PAPER
    return PageSize(round(width, 2), round(height, 2))


def _box(rect: Any) -> Box:
    upright = rect.normalize()
    return Box(round(upright.x0, 2), round(upright.y0, 2), round(upright.x1, 2), round(upright.y1, 2))
