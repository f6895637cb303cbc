# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parent's handle on the process that reads PDFs: starts it, asks it, and starts another when it is gone."""

import contextlib
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from typing import Protocol

from imr_desktop.records import wire
from imr_desktop.records.process import Launched, Standby, launch
from imr_desktop.records.protocol import Answer, Caps, Failed, Measure, Request, failed, source_of
from imr_desktop.records.troubles import Why
from imr_desktop.records.watch import Stopped, Watch

_STARTS = 3
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

    def close(self) -> None:
        """Nothing more will be read."""


Supply = Callable[[Request], Supplied | Failed]


class Child:
    """One reading process at a time. All methods belong to one thread; only the watch's kill comes from outside."""

    def __init__(
        self, supply: Supply, watch: Watch, caps: Caps, passwords: Mapping[str, str], standby: Standby | None = None
    ) -> None:
        self._passwords = passwords
        self._supply = supply
        self._watch = watch
        self._caps = caps
        self._standby = standby
        self._running: Launched | None = None
        self._largest = 0
        self._ruinous: dict[str, Why] = {}

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
        if self._running is not None:
            self._running.end()
            self._running = None

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
            if message["kind"] == wire.WANTS:
                refusal = self._hand_over(talk)
                if refusal is not None:
                    return refusal
            elif message["kind"] == wire.OPENED:
                talk.opening = False
                self._arm(talk, self._patience(request))
            else:
                return wire.answer(message, request, running.pipe, running.slot, self._caps)

    def _hand_over(self, talk: "_Talk") -> Failed | None:
        """Give the child the file it asks for, piece by piece: no more than two decrypted pieces are held here."""
        pipe = talk.running.pipe
        # Fetching the file is our own time, not the PDF's.
        stopped = self._watch.disarm()
        if stopped is not None:
            raise EOFError
        supplied = self._supply(talk.request)
        if isinstance(supplied, Failed):
            pipe.send(None)
            return supplied
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
