# SPDX-License-Identifier: AGPL-3.0-or-later
"""The child that opens source files: measures, draws and reads their pages, one request after the other.

Only this module and ``opening`` import PyMuPDF, and only a child process imports the two.
"""

import contextlib
import math
from collections import OrderedDict
from multiprocessing.connection import Connection
from typing import Any

import pymupdf
from pymupdf import mupdf

from imr_desktop.models.records import PageRef, PageSize
from imr_desktop.records import wire
from imr_desktop.records.blanks import INK_SCALE
from imr_desktop.records.containment import Ceiling, last_resort
from imr_desktop.records.damage import shows_nothing, tells_of_loss
from imr_desktop.records.labels import page_labels
from imr_desktop.records.large import LargeFiles, PartLost, is_white
from imr_desktop.records.lines import text_lines
from imr_desktop.records.opening import Refused, opened, out_of_memory
from imr_desktop.records.protocol import Caps, Draw, Measure, ReadLines, ReadWords, Request, source_of
from imr_desktop.records.slot import Slot
from imr_desktop.records.text import page_words, runs, words_origin
from imr_desktop.records.troubles import Why

_LETTER = PageSize(612.0, 792.0)
_KEPT_PAGES = 4
_SHRINK_EVERY = 100
_TEXT = pymupdf.TEXT_PRESERVE_WHITESPACE | pymupdf.TEXT_MEDIABOX_CLIP
# Knows letters that were made bold by drawing them twice; a hundred times slower, so for lines alone.
_STYLED_TEXT = _TEXT | pymupdf.TEXT_COLLECT_STYLES
_INVISIBLE_UNLESS = mupdf.FZ_STEXT_FILLED | mupdf.FZ_STEXT_STROKED


class _NotGiven(Exception):
    """The parent could not fetch the file and has already said so."""


class Engine:
    """Answers requests over the pipe, holding a few source files open."""

    def __init__(self, pipe: Connection, slot: Slot | None, caps: Caps, ceiling: Ceiling) -> None:
        pymupdf.TOOLS.mupdf_display_errors(False)
        pymupdf.TOOLS.mupdf_display_warnings(False)
        self._pipe = pipe
        self._slot = slot
        self._caps = caps
        self._ceiling = ceiling
        self._files: OrderedDict[str, tuple[Any, int]] = OrderedDict()
        self._pages: OrderedDict[PageRef, Any] = OrderedDict()
        self._blank: set[PageRef] = set()
        self._read = 0
        self._large = LargeFiles(pipe, slot, caps)
        _warm_up()

    def serve(self) -> None:
        """Answer until the parent closes the pipe (EOFError)."""
        wire.say(self._pipe, wire.READY)
        while True:
            request: Request = self._pipe.recv()
            wire.say(self._pipe, wire.STARTED)
            with last_resort(4 * (self._caps.file_seconds + self._caps.seconds)):
                self._answer(request)

    def _answer(self, request: Request) -> None:
        try:
            self._do(request)
        except _NotGiven:
            return
        except PartLost:
            self._large.forget(source_of(request))
        except Refused as refused:
            wire.say(self._pipe, wire.FAILED, why=refused.why, count=refused.count)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:  # whatever a hostile file provokes in MuPDF is about that file
            self._let_go()
            whole = isinstance(request, Measure)
            if out_of_memory(error):
                why = Why.FILE_MEMORY if whole else Why.PAGE_MEMORY
            else:
                why = Why.BROKEN if whole else Why.PAGE_BROKEN
            wire.say(self._pipe, wire.FAILED, why=why, count=0)

    def _do(self, request: Request) -> None:
        if isinstance(request, Draw):
            self._draw(request)
            return
        document = self._file(source_of(request))
        match request:
            case Measure():
                self._measure(document)
            case ReadWords(page):
                self._read_words(self._page(document, page))
            case ReadLines(page):
                content = _text(self._page(document, page), _STYLED_TEXT).extractRAWDICT()
                wire.say_lines(self._pipe, text_lines(runs(content)))

    def _file(self, source: str) -> Any:
        """The open file; fetched from the parent if it is not at hand."""
        if source in self._files:
            self._files.move_to_end(source)
        else:
            data, password = self._fetched(source)
            document = opened(data, password)
            self._files[source] = (document, len(data))
            wire.say(self._pipe, wire.OPENED)
        return self._files[source][0]

    def _fetched(self, source: str) -> tuple[memoryview, str]:
        """The file and the password that goes with it, empty where none is known."""
        wire.say(self._pipe, wire.WANTS, source=source)
        count: int | None = self._pipe.recv()
        if count is None:
            raise _NotGiven
        self._make_room(count)
        data = memoryview(bytearray(count))
        there = 0
        while there < count:
            piece = wire.take(self._pipe, self._slot, data[there:])
            if piece is None:
                raise _NotGiven
            there += piece
        return data, self._pipe.recv()

    def _make_room(self, count: int) -> None:
        held = sum(size for _, size in self._files.values())
        while self._files and (held + count > self._caps.held or len(self._files) >= self._caps.documents):
            held -= self._close(next(iter(self._files)))
        self._ceiling.allow(held + count)

    def _close(self, source: str) -> int:
        """Let go of a file with its pages; gives its size in bytes."""
        document, size = self._files.pop(source)
        for page in [page for page in self._pages if page.source == source]:
            del self._pages[page]
        document.close()
        pymupdf.TOOLS.store_shrink(100)
        return int(size)

    def _let_go(self) -> None:
        self._pages.clear()
        self._large.let_go()
        with contextlib.suppress(Exception):
            pymupdf.TOOLS.store_shrink(100)

    def _measure(self, document: Any) -> None:
        count = document.page_count
        if count > self._caps.pages:
            raise Refused(Why.TOO_MANY_PAGES, count)
        sizes = [_size(document, index) for index in range(count)]
        if all(size is None for size in sizes):
            raise Refused(Why.BROKEN)
        # A broken page keeps its place and number; a letter sheet stands in for a size that nobody can know.
        pairs = [(size or _LETTER) for size in sizes]
        wire.say(
            self._pipe,
            wire.MEASURED,
            sizes=[wire.flat_size(size) for size in pairs],
            labels=[_clean(label) for label in _labels(document, count)],
        )

    def _page(self, document: Any, ref: PageRef) -> Any:
        """The page as MuPDF's list of what to draw: upright, cut to its crop box, origin at the top left."""
        if ref in self._pages:
            self._pages.move_to_end(ref)
            return self._pages[ref]
        if not 0 <= ref.page < document.page_count:
            raise Refused(Why.NO_SUCH_PAGE)
        self._pages[ref] = _undamaged(document, ref.page)
        while len(self._pages) > _KEPT_PAGES:
            self._pages.popitem(last=False)
        # MuPDF remembers fonts and pictures; emptying that at every page would cost more than it frees.
        self._read += 1
        if not self._read % _SHRINK_EVERY:
            pymupdf.TOOLS.store_shrink(50)
        return self._pages[ref]

    def _draw(self, request: Draw) -> None:
        light = self._large.page(request.page)
        if light is not None:
            sheet = pymupdf.Rect(0, 0, light.size.width, light.size.height)
        else:
            page = self._page(self._file(request.page.source), request.page)
            sheet = page.rect
        area = sheet if request.part is None else pymupdf.Rect(request.part) & sheet
        if request.part is not None and area.is_empty:
            raise Refused(Why.NO_SUCH_PAGE)
        scale = self._clamped(area, request.scale)
        matrix = pymupdf.Matrix(scale, scale).prerotate(request.rotation % 360)
        seen = _at_least_a_pixel((area * matrix).irect)
        if light is not None:
            whole = _at_least_a_pixel((sheet * matrix).irect)
            corner = seen.x0 - whole.x0, seen.y0 - whole.y0
            content = light.pixels((whole.width, whole.height), *corner, seen.width, seen.height, request.rotation)
            if request.part is None and request.page not in self._blank and is_white(content):
                self._refuse_damage(request.page)
        else:
            pymupdf.TOOLS.reset_mupdf_warnings()
            drawn = _pixels(page, matrix, seen)
            # A picture that cannot be unpacked leaves the paper white; that is not known before it is drawn.
            if request.part is None and "error" in pymupdf.TOOLS.mupdf_warnings() and drawn.is_unicolor:
                raise Refused(Why.PAGE_BROKEN)
            content = memoryview(drawn.samples_mv)
        wire.say_pixels(self._pipe, self._slot, content, scale=scale, width=seen.width, height=seen.height)

    def _refuse_damage(self, ref: PageRef) -> None:
        """Refuse a page of a large file that PDFium shows as white paper, unless MuPDF finds that nothing is lost."""
        was_open = ref.source in self._files
        self._page(self._file(ref.source), ref)
        self._blank.add(ref)
        if not was_open:
            # The whole file was fetched for this one look.
            self._close(ref.source)

    def _clamped(self, area: Any, scale: float) -> float:
        """The scale at which the page stays within the caps for its area and its longer side."""
        by_area = math.sqrt(self._caps.pixels / (area.width * area.height))
        by_side = self._caps.side / max(area.width, area.height)
        return min(scale, float(by_area), float(by_side))

    def _read_words(self, page: Any) -> None:
        text = _text(page)
        words = page_words(text.extractWORDS(None))
        if len(words) > self._caps.words:
            raise Refused(Why.PAGE_CROWDED, len(words))
        origin = words_origin(words, text.extractDICT(), _INVISIBLE_UNLESS)
        wire.say_words(self._pipe, PageSize(page.rect.width, page.rect.height), origin, words)


def _size(document: Any, index: int) -> PageSize | None:
    """The size of a page as shown; None if the page cannot be loaded."""
    try:
        area = document.load_page(index).rect
    except Exception as error:  # one broken page must not hide the others
        if out_of_memory(error):
            raise
        return None
    if not (area.width > 0 and area.height > 0 and math.isfinite(area.width * area.height)):
        return None
    return PageSize(area.width, area.height)


def _labels(document: Any, count: int) -> tuple[str, ...]:
    try:
        return page_labels(document.get_page_labels(), count)
    except Exception:  # labels that make no sense are as good as none
        return ("",) * count


def _as_on_paper(document: Any, index: int) -> Any:
    """The page without what MuPDF adds to it: the word SIGN in every place for a digital signature still to come."""
    page = document.load_page(index)
    if not document.is_form_pdf:
        return page
    try:
        widget = page.first_widget
        while widget is not None:
            empty = widget.field_type == pymupdf.PDF_WIDGET_TYPE_SIGNATURE and not widget.is_signed
            widget = page.delete_widget(widget) if empty else widget.next
    except Exception as error:  # a broken form does not make its page unreadable
        if out_of_memory(error):
            raise
    return page


def _undamaged(document: Any, index: int) -> Any:
    """MuPDF's list of what to draw on the page; refused if it shows nothing because its content is lost."""
    pymupdf.TOOLS.reset_mupdf_warnings()
    loaded = _as_on_paper(document, index)
    if _is_gone(document, loaded.xref):
        raise Refused(Why.PAGE_BROKEN)
    page = loaded.get_displaylist()
    # Only after a complaint is it drawn once more, small: a part may be lost of a page that shows enough.
    lost = tells_of_loss(pymupdf.TOOLS.mupdf_warnings())
    if lost and not _text(page).extractWORDS(None) and _shows_nothing(page):
        raise Refused(Why.PAGE_BROKEN)
    return page


def _is_gone(document: Any, number: int) -> bool:
    """Whether there is no page in the object that the file's list of pages names."""
    try:
        named = document.xref_get_key(number, "Type") == ("name", "/Page")
        return not named and all(document.xref_get_key(number, key)[0] == "null" for key in ("Contents", "Annots"))
    except ValueError:  # the number of an object that the file does not have
        return True


def _shows_nothing(page: Any) -> bool:
    matrix = pymupdf.Matrix(INK_SCALE, INK_SCALE)
    drawn = _pixels(page, matrix, _at_least_a_pixel((page.rect * matrix).irect))
    # Green stands for all.
    return shows_nothing(bytes(drawn.samples_mv[1::4]))


def _text(page: Any, flags: int = _TEXT) -> Any:
    return pymupdf.TextPage(page.get_textpage(flags))


def _at_least_a_pixel(area: Any) -> Any:
    return pymupdf.IRect(area.x0, area.y0, max(area.x1, area.x0 + 1), max(area.y1, area.y0 + 1))


def _pixels(page: Any, matrix: Any, area: Any) -> Any:
    """The drawn part of the page, blue, green, red and 255.

    The bare MuPDF calls, because PyMuPDF's own give transparent paper with a fourth byte. Drawn red first and then
    swapped: MuPDF takes twice as long to draw blue first.
    """
    corner = mupdf.FzIrect(*area)
    canvas = mupdf.fz_new_pixmap_with_bbox(mupdf.fz_device_rgb(), corner, mupdf.FzSeparations(), 1)
    mupdf.fz_clear_pixmap_with_value(canvas, 0xFF)
    turned = mupdf.FzMatrix(*matrix)
    device = mupdf.fz_new_draw_device(turned, canvas)
    everywhere = mupdf.FzRect(mupdf.FzRect.Fixed_INFINITE)
    mupdf.fz_run_display_list(page.this, device, mupdf.FzMatrix(), everywhere, mupdf.FzCookie())
    mupdf.fz_close_device(device)
    keep_fourth = 1
    swapped = mupdf.fz_convert_pixmap(
        canvas,
        mupdf.fz_device_bgr(),
        mupdf.FzColorspace(),
        mupdf.FzDefaultColorspaces(),
        mupdf.FzColorParams(),
        keep_fourth,
    )
    return pymupdf.Pixmap("raw", swapped)


def _warm_up() -> None:
    """Draw and read one page of our own, so that nothing is left to load once no file can be opened any more."""
    blank = pymupdf.open()
    blank.new_page(width=72, height=72).insert_text((10, 40), "Aa")
    copy = pymupdf.open(stream=blank.tobytes(), filetype="pdf")
    page = copy[0].get_displaylist()
    _text(page, _STYLED_TEXT).extractRAWDICT()
    _text(page).extractDICT()
    _text(page).extractWORDS(None)
    _pixels(page, pymupdf.Matrix(1, 1), page.rect.irect)


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")
