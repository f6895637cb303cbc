# SPDX-License-Identifier: AGPL-3.0-or-later
"""One region of a page recognised on demand: a stamp, a table cell, a line that the reading of the page missed."""

import queue
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from io import RawIOBase

from imr_desktop.errors import Trouble
from imr_desktop.models.records import Box, PageRef, Word, WordsOrigin
from imr_desktop.records import Draw, Drawn, Reader
from imr_desktop.records.ocr import Engine, NotRecognised, Picture, Recognised, Recognizer, engines
from imr_desktop.storage import CaseStore

_PADDING = 6.0  # page points; engines miss letters that touch the edge


class CannotRecognise(Trouble):
    """The words of a region could not be recognised."""

    default_advice = "Type what it says beside the region."


def read_region(store: CaseStore, page: PageRef, box: Box, engine: Engine | None = None) -> Recognised:
    """Recognise the words within ``box`` (page points) by the best engine here; CannotRecognise, CannotReadPdf.

    Nothing is kept: boxes of the words are those of the page, for whoever makes evidence of them.
    """
    return region_work(store, page, box, engine)()


def region_work(store: CaseStore, page: PageRef, box: Box, engine: Engine | None = None) -> Callable[[], Recognised]:
    """The same as work that touches the vault no more, to be done on another thread."""
    return partial(_recognised, store.open_source, store.passwords(), page, box, engine)


def put_on_page(store: CaseStore, page: PageRef, box: Box, words: Sequence[Word]) -> None:
    """Let these words take the place of those within ``box``, so that the page is searched by them.

    Whether the page as a whole counts as read stays as it was: only a region of it was looked at.
    """
    known, reading = store.words(page), store.pages.index.reading(page)
    if known is None or reading is None:
        raise CannotRecognise("The page itself has not been read yet.", "Wait until it is read, then try again.")
    inside = [at for at, word in enumerate(known.words) if _holds(box, word.box)]
    kept = [word for word in known.words if not _holds(box, word.box)]
    below = (at for at, word in enumerate(kept) if word.box.y0 >= box.y1)
    place = inside[0] if inside else next(below, len(kept))
    last = max((word.block for word in kept), default=-1) + 1
    fresh = [word._replace(block=last + word.block) for word in words]
    origin = WordsOrigin.OCR if known.origin is WordsOrigin.NONE and fresh else known.origin
    made = replace(known, words=(*kept[:place], *fresh, *kept[place:]), origin=origin)
    store.pages.keep_read(made, reading)


def _holds(box: Box, word: Box) -> bool:
    x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
    return box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1


def _recognised(
    open_source: Callable[[str], RawIOBase],
    passwords: Mapping[str, str],
    page: PageRef,
    box: Box,
    engine: Engine | None,
) -> Recognised:
    known = engines()
    chosen = engine or known.strong or known.quick
    if chosen is None:
        raise CannotRecognise("No program that recognises words is installed.", "Install imr-desktop[ocr].")
    with Reader(open_source, passwords=passwords) as reader:
        drawn = reader.ask(Draw(page, chosen.dpi / 72))
    if not isinstance(drawn, Drawn):
        raise TypeError(f"the reader answered Draw with {type(drawn).__name__}")
    picture, left, top = _cropped(drawn, box)
    told: queue.SimpleQueue[Recognised | NotRecognised] = queue.SimpleQueue()
    recognizer = Recognizer(chosen, lambda _, answer: told.put(answer), nice=0)
    try:
        recognizer.send(0, picture)
        answer = told.get()
    finally:
        recognizer.close()
    if isinstance(answer, NotRecognised):
        raise CannotRecognise(f"The region could not be read: {answer.why}.")
    x, y = left / drawn.scale, top / drawn.scale
    moved = tuple(
        word._replace(box=Box(word.box.x0 + x, word.box.y0 + y, word.box.x1 + x, word.box.y1 + y))
        for word in answer.words
    )
    return Recognised(moved, answer.confidence, answer.engine, answer.turned)


def _cropped(drawn: Drawn, box: Box) -> tuple[Picture, int, int]:
    """The region on a white border, and where its picture begins on the page, in pixels."""
    left, top = max(0, int(box.x0 * drawn.scale)), max(0, int(box.y0 * drawn.scale))
    right, bottom = min(drawn.width, int(box.x1 * drawn.scale) + 1), min(drawn.height, int(box.y1 * drawn.scale) + 1)
    if right - left < 4 or bottom - top < 4:
        raise CannotRecognise("The region is too small or lies beside the page.", "Draw it anew.")
    edge = round(_PADDING * drawn.scale)
    width, side = right - left + 2 * edge, b"\xff" * (4 * edge)
    band = b"\xff" * (4 * width * edge)
    rows = (
        side + drawn.pixels[y * drawn.stride + 4 * left : y * drawn.stride + 4 * right] + side
        for y in range(top, bottom)
    )
    pixels = b"".join((band, *rows, band))
    return Picture(width, bottom - top + 2 * edge, drawn.scale, pixels, turned=0), left - edge, top - edge
