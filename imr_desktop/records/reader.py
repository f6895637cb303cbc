# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reader: asks a child to read PDFs, one request at a time, and replaces a child that dies or takes too long."""

import contextlib
import itertools
import multiprocessing
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from multiprocessing.process import BaseProcess

from imr_desktop.errors import Trouble
from imr_desktop.records.engine import serve
from imr_desktop.records.protocol import Answer, CannotReadPdf, Caps, Failed, Request, source_of

_spawn = multiprocessing.get_context("spawn")
_KILLED = "The program that reads PDFs stopped in the middle of this page."
_SLOW = "This page takes too long to read."
_STARTS = 60.0


class Reader:
    """Pages and words of PDFs out of a child process.

    ``source_bytes`` gives a file's bytes by its SHA-256; it is called on the reader's own thread, and what it raises as
    Trouble becomes the answer. ``answered`` gets each request's number and answer, on that thread too. A child that
    dies, or needs longer than the caps allow, costs the page in hand only.
    """

    def __init__(
        self,
        source_bytes: Callable[[str], bytes],
        answered: Callable[[int, Answer], None] | None = None,
        *,
        caps: Caps = Caps(),  # noqa: B008 (a frozen value)
    ) -> None:
        self._source_bytes = source_bytes
        self._answered = answered
        self._caps = caps
        self._numbers = itertools.count(1)
        self._waiting: OrderedDict[int, Request] = OrderedDict()
        self._asked: dict[int, _Asked] = {}
        self._changed = threading.Condition()
        self._closed = False
        self._child: _Child | None = None
        self._thread = threading.Thread(target=self._work, name="reader of pages", daemon=True)
        self._thread.start()

    def send(self, request: Request) -> int:
        """Ask; the answer comes to ``answered`` under the number given back. Requests are answered in order."""
        with self._changed:
            if self._closed:
                raise RuntimeError("the reader is closed")
            number = next(self._numbers)
            self._waiting[number] = request
            self._changed.notify_all()
            return number

    def forget(self, number: int) -> None:
        """The answer is not wanted any more: what has not been started is dropped."""
        with self._changed:
            self._waiting.pop(number, None)

    def ask(self, request: Request, timeout: float = 60.0) -> Answer:
        """Ask and wait (at most ``timeout`` seconds) for the answer; CannotReadPdf if it failed."""
        asked = _Asked()
        with self._changed:
            number = self.send(request)
            self._asked[number] = asked
        if not asked.done.wait(timeout):
            self.forget(number)
            raise CannotReadPdf(_SLOW)
        if isinstance(asked.answer, Failed):
            raise asked.answer.trouble()
        if asked.answer is None:
            raise CannotReadPdf("The reader was closed.", "Open the case again.")
        return asked.answer

    def close(self) -> None:
        """Stop reading and end the child; what was waiting is not answered."""
        with self._changed:
            self._closed = True
            self._waiting.clear()
            self._changed.notify_all()
        child = self._child
        if child is not None and threading.current_thread() is not self._thread:
            child.end()
        if threading.current_thread() is not self._thread:
            self._thread.join()
        for asked in self._asked.values():
            asked.done.set()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if self._closed:
                    break
                number, request = self._waiting.popitem(last=False)
            answer = self._answer(request)
            with self._changed:
                asked = self._asked.pop(number, None)
                closed = self._closed
            if asked is not None:
                asked.answer = answer
                asked.done.set()
            elif self._answered is not None and not closed:
                self._answered(number, answer)
        if self._child is not None:
            self._child.end()

    def _answer(self, request: Request) -> Answer:
        try:
            if self._child is None:
                self._child = _Child(self._caps)
            return self._child.answer(request, self._source_bytes)
        except _ChildLost as lost:
            if self._child is not None:
                self._child.end()
                self._child = None
            return Failed(request, str(lost), CannotReadPdf.default_advice)
        except Trouble as trouble:
            return Failed(request, trouble.happened, trouble.advice)


class _Asked:
    """One request that somebody waits for."""

    def __init__(self) -> None:
        self.done = threading.Event()
        self.answer: Answer | None = None


class _ChildLost(Exception):
    """The child died or had to be killed."""


class _Child:
    """One spawned process with the pipe to it."""

    def __init__(self, caps: Caps) -> None:
        self._caps = caps
        self._pipe, theirs = _spawn.Pipe()
        self._process: BaseProcess = _spawn.Process(target=serve, args=(theirs, caps), daemon=True, name="pages")
        self._process.start()
        theirs.close()
        self._first = True

    def answer(self, request: Request, source_bytes: Callable[[str], bytes]) -> Answer:
        """Hand over one request (and its file, once) and wait; raises _ChildLost."""
        try:
            self._pipe.send(request)
            answer = self._wait()
            if answer is None:
                self._pipe.send_bytes(source_bytes(source_of(request)))
                answer = self._wait()
        except (EOFError, OSError) as why:
            raise _ChildLost(_KILLED) from why
        if answer is None:
            raise _ChildLost(_KILLED)
        return answer

    def _wait(self) -> Answer | None:
        # The first answer includes the start of the process, which is not the page's fault.
        until = time.monotonic() + self._caps.seconds + (_STARTS if self._first else 0.0)
        while not self._pipe.poll(min(0.5, max(0.0, until - time.monotonic()))):
            if not self._process.is_alive() and not self._pipe.poll():
                raise _ChildLost(_KILLED)
            if time.monotonic() >= until:
                raise _ChildLost(_SLOW)
        answer: Answer | None = self._pipe.recv()
        self._first = False
        return answer

    def end(self) -> None:
        """Kill the process if it lives, and let everything of it go."""
        with contextlib.suppress(OSError, ValueError, AttributeError):
            self._process.kill()
        with contextlib.suppress(AssertionError, ValueError):
            self._process.join()
        with contextlib.suppress(OSError):
            self._pipe.close()
