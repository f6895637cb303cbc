# SPDX-License-Identifier: AGPL-3.0-or-later
"""The PDF reader as the rest of the program knows it: ask for a page, go on working, be told when it is there."""

import atexit
import contextlib
import io
import logging
import os
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from imr_desktop.errors import Trouble
from imr_desktop.records.child import Child, Sizes, Supplied
from imr_desktop.records.process import Standby
from imr_desktop.records.protocol import PART_BYTES, Answer, Caps, Failed, Measure, Request, failed, source_of
from imr_desktop.records.troubles import Why
from imr_desktop.records.watch import Watch

_DEFAULT_CAPS = Caps()
_PIECE = 8 << 20
_TRIES = 2
_log = logging.getLogger(__name__)


class SourceStream(Protocol):
    """A source file to be read from its beginning to its end."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        """Move; gives the offset from the beginning."""

    def read(self, size: int = -1, /) -> bytes | None:
        """The next bytes, at most so many; none at the end."""

    def close(self) -> None:
        """Nothing more will be read."""


Source = bytes | SourceStream
"""A source file: small ones as their bytes, large ones as something that is decrypted as it is read."""


@dataclass(eq=False)
class _Ticket:
    """A request in the queue; ``done`` and ``answer`` serve those who wait for it."""

    request: Request
    awaited: bool
    done: threading.Event = field(default_factory=threading.Event)
    answer: Answer | None = None


class Reader:
    """Reads PDFs in a process of their own, one request after the other, in the order in which they were sent.

    ``source`` gives a source file for its SHA-256; it is called and read on the reader's own thread, and what it
    raises as Trouble becomes the answer. ``answered`` is told each answer with its request's number, on that same
    thread. A PDF that kills its process, or has to be stopped, costs the page in hand; the rest is read by a fresh one.
    ``passwords`` opens protected files, by SHA-256; more may be put into it later. ``sizes`` knows how the pages of a
    file were measured, if they were: pages of large files are then drawn without decrypting the whole of them.
    ``standby`` may have a process ready.
    """

    def __init__(
        self,
        source: Callable[[str], Source],
        answered: Callable[[int, Answer], None] | None = None,
        *,
        caps: Caps = _DEFAULT_CAPS,
        passwords: Mapping[str, str] | None = None,
        sizes: Sizes = lambda _: (),
        standby: Standby | None = None,
    ) -> None:
        self.passwords: dict[str, str] = dict(passwords or {})
        self._source = source
        self._answered = answered
        self._caps = caps
        self._turn = threading.Condition()
        self._queue: dict[int, _Ticket] = {}
        self._sent = 0
        self._closed = False
        self._watch = Watch()
        self._child = Child(self._supply, self._watch, caps, self.passwords, sizes, standby)
        self._thread = threading.Thread(target=self._work, name="records-reader", daemon=True)
        self._thread.start()
        atexit.register(self.close)

    @property
    def pid(self) -> int | None:
        """The number of the process that reads, if one does."""
        return self._child.pid

    def send(self, request: Request) -> int:
        """Queue a request and return its number, which comes back with its answer. RuntimeError once closed."""
        return self._enqueue(_Ticket(request, awaited=False))

    def forget(self, number: int) -> None:
        """Drop a request that nobody needs any more; one that is in hand is answered all the same."""
        with self._turn:
            self._queue.pop(number, None)

    def ask(self, request: Request, timeout: float = 60) -> Answer:
        """Send a request and wait for its answer, at most ``timeout`` seconds; CannotReadPdf if it fails.

        ``answered`` is not told. Not to be called from ``answered`` itself.
        """
        if threading.current_thread() is self._thread:
            raise RuntimeError("the reader's own thread cannot wait for the reader")
        ticket = _Ticket(request, awaited=True)
        number = self._enqueue(ticket)
        if not ticket.done.wait(timeout):
            self.forget(number)
        # A reader that never came up is not busy: who waits is told which of the two it is.
        why = Why.NO_ANSWER if self._child.is_ready else Why.STARTING
        answer = ticket.answer or failed(request, why, self._caps)
        if isinstance(answer, Failed):
            raise answer.trouble()
        return answer

    def close(self) -> None:
        """Stop the process and forget what is queued; whoever waits gets CannotReadPdf. Harmless when repeated."""
        atexit.unregister(self.close)
        with self._turn:
            self._closed = True
            dropped = [*self._queue.values()]
            self._queue.clear()
            self._turn.notify()
        for ticket in dropped:
            self._settle(ticket, failed(ticket.request, Why.CLOSED, self._caps))
        self._watch.close()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _enqueue(self, ticket: _Ticket) -> int:
        with self._turn:
            if self._closed:
                raise RuntimeError("the reader is closed")
            self._sent += 1
            self._queue[self._sent] = ticket
            self._turn.notify()
            return self._sent

    def _work(self) -> None:
        try:
            # Started before anything is asked: its first tenths of a second run beside the window's own.
            self._child.start()
        except Exception:  # whatever it is, the first request tries again and tells
            _log.warning("the PDF reader could not be started yet")
        try:
            while (following := self._next()) is not None:
                number, ticket = following
                answer = self._answer(ticket.request)
                if ticket.awaited:
                    self._settle(ticket, answer)
                elif not self._closed:
                    self._tell(number, answer)
        finally:
            self._child.end()

    def _answer(self, request: Request) -> Answer:
        for _ in range(_TRIES):
            try:
                return self._child.ask(request)
            except Exception as bug:  # a bug in here must not leave everyone waiting for answers that never come
                _log.error("the PDF reader failed over a request (%s)", type(bug).__name__)
                # The guard must not look after a process that is let go of.
                self._watch.disarm()
                with contextlib.suppress(Exception):
                    self._child.end()
        why = Why.FILE_KILLED if isinstance(request, Measure) else Why.PAGE_KILLED
        return failed(request, why, self._caps)

    def _next(self) -> tuple[int, _Ticket] | None:
        with self._turn:
            self._turn.wait_for(lambda: self._closed or bool(self._queue))
            if self._closed:
                return None
            number = next(iter(self._queue))
            return number, self._queue.pop(number)

    def _tell(self, number: int, answer: Answer) -> None:
        if self._answered is None:
            return
        try:
            self._answered(number, answer)
        except Exception as bug:  # a listener's bug must not take the pages of everyone else along
            # Its kind alone: a bug's message could carry words of a page.
            _log.error("a listener failed over an answer of the PDF reader (%s)", type(bug).__name__)

    @staticmethod
    def _settle(ticket: _Ticket, answer: Answer) -> None:
        ticket.answer = answer
        ticket.done.set()

    def _supply(self, request: Request) -> Supplied | Failed:
        try:
            source = self._source(source_of(request))
            return _Supply(request, self._caps, io.BytesIO(source) if isinstance(source, bytes) else source)
        except Exception as damage:  # also a bug in whoever keeps the files must not leave its asker waiting for ever
            return _no_source(request, damage, self._caps)


class _Supply:
    """A source file on its way to the child (``child.Supplied``)."""

    def __init__(self, request: Request, caps: Caps, stream: SourceStream) -> None:
        self._request, self._caps, self._stream = request, caps, stream
        self.count = self._left = stream.seek(0, os.SEEK_END)

    def piece(self) -> bytes | Failed:
        """The next bytes; what cannot be read of the file ends it."""
        if not self._left:
            return b""
        try:
            self._stream.seek(self.count - self._left)
            read = self._stream.read(_PIECE) or b""
        except Exception as damage:  # as above
            return _no_source(self._request, damage, self._caps)
        if not 0 < len(read) <= self._left:
            return failed(self._request, Why.NO_SOURCE, self._caps)
        self._left -= len(read)
        return read

    def part(self, number: int) -> bytes | Failed:
        """The bytes from ``number`` times PART_BYTES on, that many but for the last, or why they cannot be had."""
        start = number * PART_BYTES
        wanted = min(PART_BYTES, self.count - start)
        read = b""
        try:
            self._stream.seek(start)
            while len(read) < wanted:
                more = self._stream.read(wanted - len(read)) or b""
                if not more:
                    return failed(self._request, Why.NO_SOURCE, self._caps)
                # A kept file gives whole pieces, which then are not copied.
                read = read + more if read else more
        except Exception as damage:  # as above
            return _no_source(self._request, damage, self._caps)
        return read

    def close(self) -> None:
        """Nothing more will be read."""
        self._stream.close()


def _no_source(request: Request, damage: Exception, caps: Caps) -> Failed:
    if isinstance(damage, Trouble):
        return Failed(request, damage.happened, damage.advice, Why.NO_SOURCE)
    _log.error("a source file could not be fetched (%s)", type(damage).__name__)
    return failed(request, Why.NO_SOURCE, caps)
