# SPDX-License-Identifier: AGPL-3.0-or-later
"""The parent's handle on the process that reads PDFs: starts it, asks it, and starts another when it is gone."""

from collections.abc import Callable, Mapping
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from imr_desktop.records import containment, wire
from imr_desktop.records.protocol import Answer, Caps, Failed, Measure, Request, failed, source_of
from imr_desktop.records.slot import Slot
from imr_desktop.records.troubles import Why
from imr_desktop.records.watch import Stopped, Watch

_STARTS = 3
# What the process takes before it has opened anything.
_ITSELF = 256 << 20

Supply = Callable[[Request], bytes | Failed]


class Child:
    """One reading process at a time. All methods belong to one thread; only the watch's kill comes from outside."""

    def __init__(self, supply: Supply, watch: Watch, caps: Caps, passwords: Mapping[str, str]) -> None:
        self._passwords = passwords
        self._supply = supply
        self._watch = watch
        self._caps = caps
        self._slot = Slot.make()
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None
        self._greeted = False
        self._largest = 0
        self._ruinous: dict[str, Why] = {}

    @property
    def pid(self) -> int | None:
        """The number of the process, if there is one."""
        return None if self._process is None else self._process.pid

    def start(self) -> None:
        """Start the process if none runs; returns before it is ready. OSError if the machine has no room for it."""
        if self._process is not None and self._process.is_alive():
            return
        self.end()
        context = get_context("spawn")
        ours, theirs = context.Pipe()
        name = None if self._slot is None else self._slot.name
        process = context.Process(
            target=containment.run, args=(theirs, name, self._caps), name="records-reader", daemon=True
        )
        try:
            process.start()
        except BaseException:
            ours.close()
            raise
        finally:
            # Our copy of its end must go, or its death would never be heard.
            theirs.close()
        self._process, self._pipe, self._greeted = process, ours, False

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
        if self._pipe is not None:
            self._pipe.close()
            self._pipe = None
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None

    def close(self) -> None:
        """End the process and give back what is shared with it."""
        self.end()
        if self._slot is not None:
            self._slot.close()
            self._slot = None

    def _attempt(self, request: Request) -> Answer | None:
        """One try; None if the process was gone before it took the request up, which is not the request's fault."""
        try:
            self.start()
        except OSError:
            return None
        talk = _Talk(request)
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
        if self._pipe is None:
            raise EOFError
        if not self._greeted:
            self._arm(self._caps.start_seconds)
            self._expect(self._pipe, wire.READY)
            self._greeted = True
        self._arm(self._patience(talk.request))
        self._pipe.send(talk.request)
        self._expect(self._pipe, wire.STARTED)
        talk.taken_up = True
        while True:
            message = wire.hear(self._pipe)
            if message["kind"] == wire.WANTS:
                refusal = self._hand_over(talk, self._pipe)
                if refusal is not None:
                    return refusal
            elif message["kind"] == wire.OPENED:
                talk.opening = False
                self._arm(self._patience(talk.request))
            else:
                return wire.answer(message, talk.request, self._pipe, self._slot, self._caps)

    def _hand_over(self, talk: "_Talk", pipe: Connection) -> Failed | None:
        """Give the child the file it asks for; the decrypted bytes are held here no longer than that."""
        # Fetching the file is our own time, not the PDF's.
        stopped = self._watch.disarm()
        if stopped is not None:
            raise EOFError
        data = self._supply(talk.request)
        if isinstance(data, Failed):
            pipe.send(None)
            return data
        self._largest = max(self._largest, len(data))
        talk.opening = True
        self._arm(self._caps.file_seconds)
        pipe.send(len(data))
        if data:
            pipe.send_bytes(data)
        pipe.send(self._passwords.get(source_of(talk.request), ""))
        return None

    def _arm(self, seconds: float) -> None:
        held = max(self._caps.held, self._largest)
        if self._process is not None:
            self._watch.arm(self._process, seconds, _ITSELF + self._caps.memory + 2 * held)

    def _patience(self, request: Request) -> float:
        return self._caps.file_seconds if isinstance(request, Measure) else self._caps.seconds

    @staticmethod
    def _expect(pipe: Connection, kind: str) -> None:
        if wire.hear(pipe)["kind"] != kind:
            raise wire.Garbled


class _Talk:
    """How far one request has come."""

    def __init__(self, request: Request) -> None:
        self.request = request
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
