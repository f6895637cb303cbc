# SPDX-License-Identifier: AGPL-3.0-or-later
"""Large files drawn from the parts that a page needs, each decrypted as it is fetched, so that no page waits for all.

Only this module imports PDFium, and only the reading child imports this module. What PDFium may draw is narrower than
what it can: a page whose size it sees otherwise than it was measured, with notes or form fields, or with letters whose
shapes are not in the file, is drawn from the whole file by MuPDF as every page of a small file is (decision 0010).
"""

import contextlib
import ctypes
import io
from collections import OrderedDict
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from imr_desktop.models.records import PageRef, PageSize
from imr_desktop.records import wire
from imr_desktop.records.protocol import PART_BYTES, Caps
from imr_desktop.records.slot import Slot

_PARTS_KEPT = 32
_PAGES_KEPT = 4
# PDFium keeps the objects of every page that it has seen, their pictures among them, until the file is closed.
_PAGES_BETWEEN_CLEANINGS = 200
# Sizes cross the pipe to a hundredth of a point.
_SAME = 0.02
_MOST_OBJECTS = 20_000
_LOOK = 1 << 16
_UNSEEN_TEXT = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
_STANDARD_FONTS = frozenset(
    {
        *("Courier", "Courier-Bold", "Courier-BoldOblique", "Courier-Oblique"),
        *("Helvetica", "Helvetica-Bold", "Helvetica-BoldOblique", "Helvetica-Oblique"),
        *("Times-Roman", "Times-Bold", "Times-BoldItalic", "Times-Italic", "Symbol", "ZapfDingbats"),
    }
)


class PartLost(Exception):
    """A part of the file could not be fetched; the parent has already said so."""


class LargePage:
    """One page that PDFium draws exactly as it is."""

    def __init__(self, page: Any, size: PageSize, refused: Callable[[], None]) -> None:
        self.size = size
        self._page = page
        self._refused = refused

    def pixels(self, whole: tuple[int, int], left: int, top: int, width: int, height: int, rotation: int) -> memoryview:
        """The part (``left``, ``top``, ``width``, ``height``) of the page drawn ``whole`` pixels wide and high.

        Four bytes a pixel: blue, green, red and 255; turned clockwise by ``rotation``. PartLost if it cannot be had.
        """
        content = bytearray(b"\xff") * (4 * width * height)
        room = (ctypes.c_ubyte * len(content)).from_buffer(content)
        bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGRx, room, 4 * width)
        if not bitmap:
            raise MemoryError
        try:
            turns = rotation // 90 % 4
            pdfium.FPDF_RenderPageBitmap(bitmap, self._page, -left, -top, *whole, turns, 0)
        finally:
            pdfium.FPDFBitmap_Destroy(bitmap)
        self._refused()
        return memoryview(content)

    def close(self) -> None:
        """The page is not drawn any more."""
        self._page.close()


class LargeFiles:
    """The large files that are open, with the parts that were fetched last."""

    def __init__(self, pipe: Connection, slot: Slot | None, caps: Caps) -> None:
        self._pipe = pipe
        self._slot = slot
        self._caps = caps
        self._files: OrderedDict[str, _LargeFile | None] = OrderedDict()
        self._parts: OrderedDict[tuple[str, int], memoryview] = OrderedDict()
        self._pages: OrderedDict[PageRef, LargePage | None] = OrderedDict()
        self._loaded = 0
        _warm_up()

    def page(self, ref: PageRef) -> LargePage | None:
        """The page, where it can be drawn from parts of its file; None where the whole file is needed.

        PartLost if the file cannot be had at all.
        """
        if ref not in self._pages and not self._load(ref):
            return None
        self._files.move_to_end(ref.source)
        self._pages.move_to_end(ref)
        return self._pages[ref]

    def _load(self, ref: PageRef) -> bool:
        """Have PDFium look at the page; False if its file is none of these."""
        self._clean_now_and_then()
        if ref.source not in self._files:
            self._files[ref.source] = self._opened(ref.source)
        file = self._files[ref.source]
        if file is None:
            return False
        self._pages[ref] = file.page(ref.page)
        while len(self._pages) > _PAGES_KEPT:
            _close(self._pages.popitem(last=False)[1])
        return True

    def _clean_now_and_then(self) -> None:
        self._loaded += 1
        if not self._loaded % _PAGES_BETWEEN_CLEANINGS:
            for source in [source for source, file in self._files.items() if file is not None]:
                self.forget(source)

    def forget(self, source: str) -> None:
        """Close the file; asked for again, it is opened anew."""
        for ref in [ref for ref in self._pages if ref.source == source]:
            _close(self._pages.pop(ref))
        for key in [key for key in self._parts if key[0] == source]:
            del self._parts[key]
        file = self._files.pop(source, None)
        if file is not None:
            file.close()

    def let_go(self) -> None:
        """Forget what is held for speed alone."""
        self._parts.clear()
        while self._pages:
            _close(self._pages.popitem()[1])

    def _opened(self, source: str) -> "_LargeFile | None":
        wire.say(self._pipe, wire.SIZES_UP)
        told: tuple[int, str, Sequence[tuple[float, float]] | None] | None = self._pipe.recv()
        if told is None:
            raise PartLost
        count, password, sizes = told
        if sizes is None:
            return None
        self._make_room()
        content = _Content(count, lambda number: self._part(source, number))
        try:
            return _LargeFile(content, password, [PageSize(*size) for size in sizes])
        except pypdfium2.PdfiumError:
            content.refused()
            return None

    def _make_room(self) -> None:
        held = [source for source, file in self._files.items() if file is not None]
        for source in held[: max(0, len(held) - self._caps.documents + 1)]:
            self.forget(source)

    def _part(self, source: str, number: int) -> memoryview | None:
        """One part of the file that is being drawn; None if it cannot be had."""
        key = (source, number)
        if key not in self._parts:
            wire.say(self._pipe, wire.PART, number=number)
            room = memoryview(bytearray(PART_BYTES))
            count = wire.take(self._pipe, self._slot, room)
            if count is None:
                return None
            self._parts[key] = room[:count]
            while len(self._parts) > _PARTS_KEPT:
                self._parts.popitem(last=False)
        self._parts.move_to_end(key)
        return self._parts[key]


class _LargeFile:
    """One large file as PDFium opens it; PdfiumError if it cannot."""

    def __init__(self, content: "_Content", password: str, sizes: Sequence[PageSize]) -> None:
        self._content = content
        self._sizes = sizes
        self._document = pypdfium2.PdfDocument(content, password or None)
        if len(self._document) != len(sizes):
            self._document.close()
            raise pypdfium2.PdfiumError("another number of pages than was measured")

    def page(self, number: int) -> LargePage | None:
        """The page; None if it is not to be drawn here, PartLost if a part of it cannot be had."""
        if not 0 <= number < len(self._sizes):
            return None
        try:
            page = self._document[number]
        except pypdfium2.PdfiumError:
            # A part that was not to be had looks like a broken page to PDFium.
            self._content.refused()
            return None
        size = self._sizes[number]
        alike = self._has_its_size(page, size) and not _has_notes(page) and self._has_its_letters(page)
        if not alike:
            page.close()
        self._content.refused()
        return LargePage(page, size, self._content.refused) if alike else None

    def close(self) -> None:
        """The file is not asked any more; its pages were closed before."""
        self._document.close()

    @staticmethod
    def _has_its_size(page: Any, size: PageSize) -> bool:
        width, height = map(float, page.get_size())
        return abs(width - size.width) < _SAME and abs(height - size.height) < _SAME

    @staticmethod
    def _has_its_letters(page: Any) -> bool:
        """Whether all letters that are seen can be drawn with shapes of the file, or of one of the standard fonts."""
        if pdfium.FPDFPage_CountObjects(page) > _MOST_OBJECTS:
            return False
        # By PDFium's own handles, which are those of other fonts once the page is closed.
        fonts: dict[int, bool] = {}
        for count, each in enumerate(page.get_objects(filter=(pdfium.FPDF_PAGEOBJ_TEXT,))):
            if count > _MOST_OBJECTS:
                return False
            if pdfium.FPDFTextObj_GetTextRenderMode(each) == _UNSEEN_TEXT:
                continue
            font = pdfium.FPDFTextObj_GetFont(each)
            handle = ctypes.cast(font, ctypes.c_void_p).value or 0
            if handle not in fonts:
                fonts[handle] = pdfium.FPDFFont_GetIsEmbedded(font) == 1 or _font_name(font) in _STANDARD_FONTS
            if not fonts[handle]:
                return False
        return True


class _Content(io.RawIOBase):
    """The clear bytes of a file for PDFium, fetched a part at a time and never held whole."""

    def __init__(self, count: int, part: Callable[[int], memoryview | None]) -> None:
        super().__init__()
        self._count = count
        self._part = part
        self._at = 0
        self._lost = False

    def refused(self) -> None:
        """PartLost if a part could not be had; to be asked after every call of PDFium, which cannot tell it."""
        if self._lost:
            raise PartLost

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._count}[whence]
        self._at = base + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        room = memoryview(buffer).cast("B")
        done = 0
        while done < len(room) and self._at < self._count and not self._lost:
            number, start = divmod(self._at, PART_BYTES)
            part = self._part(number)
            piece = b"" if part is None else part[start : start + len(room) - done]
            if not piece:
                self._lost = True
                break
            room[done : done + len(piece)] = piece
            done += len(piece)
            self._at += len(piece)
        return done


def is_white(pixels: memoryview) -> bool:
    """Whether a picture is nothing but white paper; told from the first line with ink on it."""
    return all(
        pixels[at : at + _LOOK].tobytes().count(0xFF) == min(_LOOK, len(pixels) - at)
        for at in range(0, len(pixels), _LOOK)
    )


def _close(page: LargePage | None) -> None:
    if page is not None:
        page.close()


def _has_notes(page: Any) -> bool:
    """Whether something lies on the page that is not part of it: notes, stamps, form fields; links are not seen."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        kind = pdfium.FPDFAnnot_GetSubtype(note)
        pdfium.FPDFPage_CloseAnnot(note)
        if kind != pdfium.FPDF_ANNOT_LINK:
            return True
    return False


def _font_name(font: Any) -> str:
    room = ctypes.create_string_buffer(128)
    count = pdfium.FPDFFont_GetBaseFontName(font, room, len(room))
    return room.value.decode("utf-8", "replace") if 0 < count <= len(room) else ""


def _warm_up() -> None:
    """Draw one page of our own, so that nothing is left to load once no file can be opened any more."""
    with contextlib.closing(pypdfium2.PdfDocument.new()) as blank:
        page = blank.new_page(72, 72)
        LargePage(page, PageSize(72, 72), lambda: None).pixels((72, 72), 0, 0, 72, 72, 0)
        list(page.get_objects())
        _has_notes(page)
