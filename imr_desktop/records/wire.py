# SPDX-License-Identifier: AGPL-3.0-or-later
"""How the child's words cross the pipe: as plain JSON and pixels, so that a captured child cannot plant code here."""

import json
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any

from imr_desktop.models.records import Box, PageSize, PageWords, TextLine, Word, WordsOrigin
from imr_desktop.records.protocol import (
    Answer,
    Caps,
    Draw,
    Drawn,
    LinesRead,
    Measure,
    Measured,
    ReadLines,
    ReadWords,
    Request,
    WordsRead,
    failed,
)
from imr_desktop.records.slot import Slot
from imr_desktop.records.troubles import Why

READY, STARTED, SIZES_UP, PART, WANTS, TOOK, OPENED, DRAWN, MEASURED, WORDS, LINES, FAILED = (
    "ready",
    "started",
    "sizes-up",
    "part",
    "wants",
    "took",
    "opened",
    "drawn",
    "measured",
    "words",
    "lines",
    "failed",
)
_MESSAGE_CAP = 64 << 20

Message = dict[str, Any]


class Garbled(Exception):
    """The child said something that no sound child says."""


def say(pipe: Connection, kind: str, **fields: Any) -> None:
    """Send one message (the child's side)."""
    pipe.send_bytes(json.dumps({"kind": kind, **fields}, separators=(",", ":")).encode())


def hear(pipe: Connection) -> Message:
    """The next message (the parent's side); Garbled, or EOFError and OSError when the child is gone."""
    try:
        message = json.loads(pipe.recv_bytes(_MESSAGE_CAP))
    except ValueError as garbled:
        raise Garbled from garbled
    if not isinstance(message, dict) or not isinstance(message.get("kind"), str):
        raise Garbled
    return message


def give(pipe: Connection, slot: Slot | None, piece: bytes) -> None:
    """Send a piece of a source file (the parent's side): through the slot where it fits, else behind its length."""
    in_slot = slot is not None and slot.put(memoryview(piece))
    pipe.send((len(piece), in_slot))
    if not in_slot:
        pipe.send_bytes(piece)


def give_up(pipe: Connection) -> None:
    """Say that no more pieces come (the parent's side)."""
    pipe.send(None)


def take(pipe: Connection, slot: Slot | None, room: memoryview) -> int | None:
    """Put the next piece into ``room`` (the child's side); gives its length, None if no more pieces come."""
    told: tuple[int, bool] | None = pipe.recv()
    if told is None:
        return None
    count, in_slot = told
    if in_slot and slot is not None:
        slot.copy(room[:count])
    else:
        pipe.recv_bytes_into(room)
    say(pipe, TOOK)
    return count


def say_pixels(pipe: Connection, slot: Slot | None, content: memoryview, **fields: Any) -> None:
    """Send a drawn page: through the slot where it fits, else behind the message."""
    in_slot = slot is not None and slot.put(content)
    say(pipe, DRAWN, in_slot=in_slot, count=content.nbytes, **fields)
    if not in_slot:
        pipe.send_bytes(content)


def say_words(pipe: Connection, size: PageSize, origin: WordsOrigin, words: Sequence[Word]) -> None:
    """Send the words of a page."""
    flat = [[word.text, *_flat_box(word.box), word.block, word.line] for word in words]
    say(pipe, WORDS, size=flat_size(size), origin=origin, words=flat)


def say_lines(pipe: Connection, lines: Sequence[TextLine]) -> None:
    """Send the printed lines of a page."""
    say(pipe, LINES, lines=[[line.text, line.bold, *_flat_box(line.box)] for line in lines])


def flat_size(size: PageSize) -> list[float]:
    """Width and height to a hundredth of a point, which is finer than any printer."""
    return [round(size.width, 2), round(size.height, 2)]


def answer(message: Message, request: Request, pipe: Connection, slot: Slot | None, caps: Caps) -> Answer:
    """The answer that a message carries to this request; Garbled if it cannot be one."""
    try:
        return _answer(message, request, pipe, slot, caps)
    except (KeyError, TypeError, ValueError) as garbled:
        raise Garbled from garbled


def _answer(message: Message, request: Request, pipe: Connection, slot: Slot | None, caps: Caps) -> Answer:
    match message["kind"], request:
        case "failed", _:
            return failed(request, Why(message["why"]), caps, int(message["count"]))
        case "measured", Measure(source):
            sizes = tuple(_size(pair) for pair in message["sizes"])
            return Measured(source, sizes, _labels(message["labels"], len(sizes)))
        case "drawn", Draw():
            return _drawn(message, request, pipe, slot, caps)
        case "words", ReadWords(page):
            words = tuple(_word(*fields) for fields in message["words"])
            return WordsRead(PageWords(page, _size(message["size"]), words, WordsOrigin(message["origin"])))
        case "lines", ReadLines(page):
            return LinesRead(page, tuple(_line(*fields) for fields in message["lines"]))
    raise Garbled


def _drawn(message: Message, request: Draw, pipe: Connection, slot: Slot | None, caps: Caps) -> Drawn:
    width, height, count = int(message["width"]), int(message["height"]), int(message["count"])
    stride = 4 * width
    room = caps.pixels + 2 * caps.side
    if min(width, height) < 1 or width * height > room or count != stride * height:
        raise Garbled
    if message["in_slot"] is True:
        if slot is None:
            raise Garbled
        pixels = slot.take(count)
    else:
        pixels = pipe.recv_bytes(count)
    if len(pixels) != count:
        raise Garbled
    scale = float(message["scale"])
    return Drawn(request.page, scale, request.rotation, width, height, stride, pixels, request.part)


def _flat_box(box: Box) -> list[float]:
    return [round(edge, 2) for edge in box]


def _size(pair: Sequence[float]) -> PageSize:
    width, height = pair
    return PageSize(float(width), float(height))


def _labels(labels: Sequence[str], count: int) -> tuple[str, ...]:
    if len(labels) != count:
        raise Garbled
    return tuple(str(label) for label in labels)


def _word(text: str, x0: float, y0: float, x1: float, y1: float, block: int, line: int) -> Word:
    return Word(str(text), Box(float(x0), float(y0), float(x1), float(y1)), int(block), int(line))


def _line(text: str, bold: str, x0: float, y0: float, x1: float, y1: float) -> TextLine:
    return TextLine(str(text), Box(float(x0), float(y0), float(x1), float(y1)), str(bold))
