# SPDX-License-Identifier: AGPL-3.0-or-later
"""Starting the process that reads PDFs, also ahead of its use: its first tenths of a second need not be waited for."""

import atexit
import contextlib
import threading
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from imr_desktop.records import containment
from imr_desktop.records.protocol import Caps
from imr_desktop.records.slot import Slot

_DEFAULT_CAPS = Caps()


@dataclass(eq=False)
class Launched:
    """A reading process, our end of its pipe, and the memory shared with it (None where there is none to spare)."""

    process: BaseProcess
    pipe: Connection
    slot: Slot | None
    greeted: bool = False

    def end(self) -> None:
        """Make sure that it does not run, and give back what was shared with it."""
        self.pipe.close()
        put_down(self.process)
        if self.slot is not None:
            self.slot.close()


def put_down(process: BaseProcess) -> None:
    """Make sure that a process of ours does not run, and let go of it; harmless where it was let go of already."""
    # Python's own register of processes is not made for threads: another one that starts a process just now may have
    # reaped this one and not have noted it yet, and then it passes for one that runs.
    with contextlib.suppress(ValueError):
        process.kill()
        process.join()
        process.close()


def launch(caps: Caps) -> Launched:
    """Start a reading process; returns before it is ready. OSError if the machine has no room for it."""
    context = get_context("spawn")
    slot = Slot.make()
    ours, theirs = context.Pipe()
    name = None if slot is None else slot.name
    process = context.Process(target=containment.run, args=(theirs, name, caps), name="records-reader", daemon=True)
    try:
        process.start()
    except BaseException:
        ours.close()
        if slot is not None:
            slot.close()
        raise
    finally:
        # Our copy of its end must go, or its death would never be heard.
        theirs.close()
    return Launched(process, ours, slot)


class Standby:
    """One reading process made ready before anybody asks for it; all methods from any thread."""

    def __init__(self, caps: Caps = _DEFAULT_CAPS) -> None:
        self._caps = caps
        self._turn = threading.Lock()
        self._waiting: Launched | None = None
        self._closed = False
        atexit.register(self.close)

    @property
    def waiting(self) -> int | None:
        """The number of the process that is ready, if one is."""
        with self._turn:
            return None if self._waiting is None else self._waiting.process.pid

    def prepare(self) -> None:
        """Have one ready, unless one is; where the machine has no room for it, the first page waits instead."""
        with self._turn:
            if self._closed or (self._waiting is not None and self._waiting.process.is_alive()):
                return
            self._drop()
            try:
                self._waiting = launch(self._caps)
            except OSError:
                return

    def take(self, caps: Caps) -> Launched | None:
        """The process that is ready, to keep and to end; None if none is, or not with these caps."""
        with self._turn:
            if self._waiting is None or caps != self._caps or not self._waiting.process.is_alive():
                return None
            taken, self._waiting = self._waiting, None
            return taken

    def close(self) -> None:
        """End what waits; nothing is made ready any more. Harmless when repeated."""
        atexit.unregister(self.close)
        with self._turn:
            self._closed = True
            self._drop()

    def _drop(self) -> None:
        if self._waiting is not None:
            self._waiting.end()
            self._waiting = None
