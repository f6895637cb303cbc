# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parent's handle on the process that reads PDFs: starts it, asks it, and starts another when it is gone."""

import contextlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.connection import Connection
from typing import Protocol

from imr_desktop.models.records import PageSize
from imr_desktop.records import wire
from imr_desktop.records.process import Launched, Standby, launch
from imr_desktop.records.protocol import PART_BYTES, Answer, Caps, Failed, Measure, Request, failed, source_of
from imr_desktop.records.troubles import Why
from imr_desktop.records.watch import Stopped, Watch

_STARTS = 3
_OPEN_PARTS = 8
# What the process takes before it has opened anything.
_ITSELF = 256 << 20

# A disk that gives less than this many bytes a second is given up like a file that cannot be opened.
_SLOWEST_DISK = 10 << 20


class Supplied(Protocol):
    """A source file on its way to the child."""

    @property
    def count(self) -> int:
        """How many bytes it has."""

    def piece(self) -> bytes | Failed:
        """The next bytes, none at the end, or why there are no more."""

    def part(self, number: int) -> bytes | Failed:
        """The bytes from ``number`` times PART_BYTES on, that many but for the last, or why they cannot be had."""

    def close(self) -> None:
        """Nothing more will be read."""


Supply = Callable[[Request], Supplied | Failed]
Sizes = Callable[[str], Sequence[PageSize]]


class Child:
    """One reading process at a time. All methods belong to one thread; only the watch's kill comes from outside."""

    def __init__(
        self,
        supply: Supply,
        watch: Watch,
        caps: Caps,
        passwords: Mapping[str, str],
        sizes: Sizes,
        standby: Standby | None = None,
    ) -> None:
        self._passwords = passwords
        self._sizes = sizes
        self._supply = supply
        self._watch = watch
        self._caps = caps
        self._standby = standby
        self._running: Launched | None = None
        self._largest = 0
        self._ruinous: dict[str, Why] = {}
        self._in_parts: OrderedDict[str, Supplied] = OrderedDict()
        self._only_whole: set[str] = set()

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one."""
        return None if self._running is None else self._running.process.pid

    @property
    def is_ready(self) -> bool:
        """Whether the process has said that it can be asked."""
        running = self._running
        return running is not None and running.greeted

    def start(self) -> Launched:
        """The process, started if none runs; it may not be ready yet. OSError if the machine has no room for it."""
        if self._running is None or not self._running.process.is_alive():
            self.end()
            ready = None if self._standby is None else self._standby.take(self._caps)
            self._running = ready or launch(self._caps)
        return self._running

    def ask(self, request: Request) -> Answer:
        """The answer to one request; a Failed one if the process does not survive it."""
        source = source_of(request)
        if isinstance(request, Measure):
            self._ruinous.pop(source, None)
        elif source in self._ruinous:
            return failed(request, self._ruinous[source], self._caps)
        for _ in range(_STARTS):
            answer = self._attempt(request)
            if answer is not None:
                return answer
        return failed(request, Why.NOT_STARTED, self._caps)

    def end(self) -> None:
        """Make sure that no process runs."""
        self._close_parts(0)
        running, self._running = self._running, None
        if running is not None:
            running.end()

    def _attempt(self, request: Request) -> Answer | None:
        """One try; None if the process was gone before it took the request up, which is not the request's fault."""
        try:
            running = self.start()
        except OSError:
            return None
        talk = _Talk(request, running)
        try:
            answer = self._converse(talk)
            self._watch.disarm()
        except (EOFError, OSError, wire.Garbled):
            stopped = self._watch.disarm()
            self.end()
            if stopped is Stopped.CLOSED:
                return failed(request, Why.CLOSED, self._caps)
            if not talk.taken_up:
                return None
            if talk.in_parts:
                # Perhaps the fault of the lesser engine: the page is asked for once more, from the whole file.
                self._only_whole.add(source_of(request))
                return None
            answer = failed(request, _cause(talk, stopped), self._caps)
            if talk.opening:
                self._ruinous[source_of(request)] = _of_file(stopped)
        return answer

    def _converse(self, talk: "_Talk") -> Answer:
        running, request = talk.running, talk.request
        if not running.greeted:
            self._arm(talk, self._caps.start_seconds)
            _expect(running.pipe, wire.READY)
            running.greeted = True
        self._arm(talk, self._patience(request))
        running.pipe.send(request)
        _expect(running.pipe, wire.STARTED)
        talk.taken_up = True
        while True:
            message = wire.hear(running.pipe)
            if message["kind"] in (wire.SIZES_UP, wire.PART, wire.WANTS):
                refusal = self._provide(talk, message)
                if refusal is not None:
                    return refusal
            elif message["kind"] == wire.OPENED:
                talk.opening = False
                self._arm(talk, self._patience(request))
            else:
                return wire.answer(message, request, running.pipe, running.slot, self._caps)

    def _provide(self, talk: "_Talk", message: wire.Message) -> Failed | None:
        """Give the child what it asks for of the file in hand, or tell why that cannot be had."""
        # Fetching the file is our own time, not the PDF's.
        if self._watch.disarm() is not None:
            raise EOFError
        supplied = self._supplied(talk.request)
        if isinstance(supplied, Failed):
            talk.running.pipe.send(None)
            return supplied
        if message["kind"] == wire.WANTS:
            return self._hand_over(talk, supplied)
        refusal = None
        if message["kind"] == wire.SIZES_UP:
            self._tell_size(talk, supplied)
        else:
            refusal = self._hand_part(talk, supplied, message)
        self._arm(talk, self._patience(talk.request) + supplied.count / _SLOWEST_DISK)
        return refusal

    def _supplied(self, request: Request) -> Supplied | Failed:
        source = source_of(request)
        if source not in self._in_parts:
            supplied = self._supply(request)
            if isinstance(supplied, Failed):
                return supplied
            self._close_parts(_OPEN_PARTS - 1)
            self._in_parts[source] = supplied
        self._in_parts.move_to_end(source)
        return self._in_parts[source]

    def _close_parts(self, left: int) -> None:
        while len(self._in_parts) > left:
            self._in_parts.popitem(last=False)[1].close()

    def _tell_size(self, talk: "_Talk", supplied: Supplied) -> None:
        """Say how large the file is; and how its pages were measured, where it may be drawn from parts."""
        source = source_of(talk.request)
        may = supplied.count >= self._caps.large and source not in self._only_whole
        sizes = [wire.flat_size(size) for size in self._sizes(source)] if may else []
        talk.running.pipe.send((supplied.count, self._passwords.get(source, ""), sizes or None))

    @staticmethod
    def _hand_part(talk: "_Talk", supplied: Supplied, message: wire.Message) -> Failed | None:
        talk.in_parts = True
        number = message.get("number")
        if not isinstance(number, int) or not 0 <= number * PART_BYTES < supplied.count:
            raise wire.Garbled
        part = supplied.part(number)
        if isinstance(part, Failed):
            wire.give_up(talk.running.pipe)
            return part
        wire.give(talk.running.pipe, talk.running.slot, part)
        _expect(talk.running.pipe, wire.TOOK)
        return None

    def _hand_over(self, talk: "_Talk", supplied: Supplied) -> Failed | None:
        """Give the child the whole file, piece by piece: no more than two decrypted pieces are held here."""
        pipe = talk.running.pipe
        del self._in_parts[source_of(talk.request)]
        with contextlib.closing(supplied):
            self._largest = max(self._largest, supplied.count)
            talk.opening = True
            self._arm(talk, self._caps.file_seconds + supplied.count / _SLOWEST_DISK)
            pipe.send(supplied.count)
            piece = supplied.piece()
            while piece:
                if isinstance(piece, Failed):
                    wire.give_up(pipe)
                    return piece
                wire.give(pipe, talk.running.slot, piece)
                # The next one is decrypted while the child takes this one.
                piece = supplied.piece()
                _expect(pipe, wire.TOOK)
        pipe.send(self._passwords.get(source_of(talk.request), ""))
        return None

    def _arm(self, talk: "_Talk", seconds: float) -> None:
        held = max(self._caps.held, self._largest)
        self._watch.arm(talk.running.process, seconds, _ITSELF + self._caps.memory + 2 * held)

    def _patience(self, request: Request) -> float:
        return self._caps.file_seconds if isinstance(request, Measure) else self._caps.seconds


def _expect(pipe: Connection, kind: str) -> None:
    if wire.hear(pipe)["kind"] != kind:
        raise wire.Garbled


class _Talk:
    """How far one request has come."""

    def __init__(self, request: Request, running: Launched) -> None:
        self.request = request
        self.running = running
        self.taken_up = False
        self.opening = False
        self.in_parts = False


def _cause(talk: _Talk, stopped: Stopped | None) -> Why:
    if talk.opening or isinstance(talk.request, Measure):
        return _of_file(stopped)
    if stopped is Stopped.SLOW:
        return Why.PAGE_SLOW
    return Why.PAGE_MEMORY if stopped is Stopped.MEMORY else Why.PAGE_KILLED


def _of_file(stopped: Stopped | None) -> Why:
    if stopped is Stopped.SLOW:
        return Why.FILE_SLOW
    return Why.FILE_MEMORY if stopped is Stopped.MEMORY else Why.FILE_KILLED
