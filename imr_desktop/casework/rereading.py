# SPDX-License-Identifier: AGPL-3.0-or-later
"""One region of a page recognised on demand: a stamp, a table cell, a line that the reading of the page missed."""

import queue

from imr_desktop.errors import Trouble
from imr_desktop.models.records import Box, PageRef
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
    known = engines()
    chosen = engine or known.strong or known.quick
    if chosen is None:
        raise CannotRecognise("No program that recognises words is installed.", "Install imr-desktop[ocr].")
    with Reader(store.open_source, passwords=store.passwords()) as reader:
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
