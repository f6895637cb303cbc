# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guard that stops a child process which takes too long or too much memory over one page."""

import threading
import time
from enum import Enum, auto
from multiprocessing.process import BaseProcess

import psutil

_LOOK_EVERY = 0.25


class Stopped(Enum):
    """Why the guard killed the child."""

    SLOW = auto()
    MEMORY = auto()
    CLOSED = auto()


class Watch:
    """Looks after one child at a time, on a thread of its own; asleep while there is nothing to guard."""

    def __init__(self) -> None:
        self._memory = 0
        self._turn = threading.Condition()
        self._process: BaseProcess | None = None
        self._deadline = 0.0
        self._stopped: Stopped | None = None
        self._closed = False
        self._thread = threading.Thread(target=self._look, name="records-watch", daemon=True)
        self._thread.start()

    def arm(self, process: BaseProcess, seconds: float, memory: int) -> None:
        """Kill this child after so many seconds, or above so many bytes, unless armed anew or disarmed before."""
        with self._turn:
            self._process = process
            self._memory = memory
            self._deadline = time.monotonic() + seconds
            self._stopped = None
            if self._closed:
                self._stop(Stopped.CLOSED)
            self._turn.notify()

    def disarm(self) -> Stopped | None:
        """Guard nothing from here on; tells whether and why the child was killed."""
        with self._turn:
            self._process = None
            stopped, self._stopped = self._stopped, None
            return stopped

    def close(self) -> None:
        """Kill what is guarded, and whatever will be armed later; end the thread."""
        with self._turn:
            self._closed = True
            if self._process is not None:
                self._stop(Stopped.CLOSED)
            self._turn.notify()
        self._thread.join()

    def _look(self) -> None:
        with self._turn:
            while not self._closed:
                if self._process is None:
                    self._turn.wait()
                    continue
                left = max(0.0, min(_LOOK_EVERY, self._deadline - time.monotonic()))
                # Woken early means armed anew or disarmed: looking then would only hold up the next page.
                if not self._turn.wait(left):
                    self._judge()

    def _judge(self) -> None:
        if self._process is None:
            return
        if time.monotonic() >= self._deadline:
            self._stop(Stopped.SLOW)
        elif _resident(self._process.pid) > self._memory:
            self._stop(Stopped.MEMORY)

    def _stop(self, why: Stopped) -> None:
        """Called with the lock held, so that the process cannot have been reaped and its number given away."""
        if self._process is not None:
            self._stopped = why
            self._process.kill()
            self._process = None


def _resident(pid: int | None) -> int:
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0
