# SPDX-License-Identifier: AGPL-3.0-or-later
"""Long work: pumped a little at a time, or done aside on a thread, so that the window stays alive and can stop it."""

import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from functools import partial
from types import UnionType
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from imr_desktop.errors import Trouble
from imr_desktop.ui.window_thread import await_threads, bring

_SLICE = 0.012


def give_way() -> None:
    """Let threads at work give the window its turn within a millisecond; Python's own five held it up for a frame."""
    sys.setswitchinterval(0.001)


class Pump(QObject):
    """Runs a generator on the window's own thread, a slice at a time.

    ``progressed`` carries each value it yields; then exactly one of ``finished`` (with what it returned, or else
    its last value), ``troubled`` (with the Trouble) or ``stopped`` comes; a bug goes to the exception hook after it.
    """

    progressed = Signal(object)
    finished = Signal(object)
    troubled = Signal(object)
    stopped = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._work: Iterator[Any] | None = None
        self._last: Any = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._turn)

    @property
    def running(self) -> bool:
        """Whether work is under way."""
        return self._work is not None

    def start(self, work: Iterator[Any]) -> None:
        """Begin; work already under way is stopped first."""
        self.stop()
        self._work, self._last = work, None
        self._timer.start(0)

    def stop(self) -> None:
        """Stop between two steps; what was finished stays."""
        work, self._work = self._work, None
        self._timer.stop()
        if work is not None:
            if isinstance(work, Generator):
                work.close()
            self.stopped.emit()

    def _turn(self) -> None:
        until = time.monotonic() + _SLICE
        while self._work is not None and time.monotonic() < until:
            before = self._last
            try:
                self._last = next(self._work)
            except StopIteration as end:
                self._work = None
                self.finished.emit(self._last if end.value is None else end.value)
                return
            except Trouble as trouble:
                self._work = None
                self.troubled.emit(trouble)
                return
            except BaseException:
                self._work = None
                self.stopped.emit()
                raise
            if self._last is not None and self._last is before:
                # It waits for something that is done aside: the rest of the slice is the window's.
                break
            self.progressed.emit(self._last)
        if self._work is not None:
            self._timer.start(0)


def last_of(steps: Iterator[Any], ends: type | UnionType, stop: threading.Event, moved: Callable[[Any], object]) -> Any:
    """What steps taken aside end with, a value of the kind ``ends``; all before it are told to ``moved``.

    None if ``stop`` is set between two steps: the work is let go, and takes away what it had begun.
    """
    for step in steps:
        if isinstance(step, ends):
            return step
        if stop.is_set():
            if isinstance(steps, Generator):
                steps.close()
            return None
        moved(step)
    raise TypeError("the steps end without what they were taken for")


class Aside(QObject):
    """One function at a time on a thread of its own, for work that neither yields nor touches the vault or the window.

    ``done`` carries what it gave, ``troubled`` its Trouble, ``progressed`` what it told meanwhile; all on the window's
    thread. The answer of a function that has been forgotten, or overtaken by a newer one, is dropped, and so is that of
    one whose window has gone. A bug goes to the exception hook after ``failed``.
    """

    progressed = Signal(object)
    done = Signal(object)
    troubled = Signal(object)
    failed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turn = 0
        self._waiting = False
        await_threads()

    @property
    def busy(self) -> bool:
        """Whether an answer is being waited for."""
        return self._waiting

    def start(self, work: Callable[[], Any], unwanted: Callable[[Any], object] = lambda _: None) -> None:
        """Do this; whatever was under way is overtaken. ``unwanted`` gets a result that nobody waits for any more."""
        self._turn += 1
        self._waiting = True
        thread = threading.Thread(target=self._run, args=(self._turn, work, unwanted), name="aside", daemon=True)
        thread.start()

    def forget(self) -> None:
        """Drop the answer when it comes."""
        self._turn += 1
        self._waiting = False

    def tell(self, news: Any) -> None:
        """How the work goes; called by the work itself, on its own thread."""
        bring(partial(self._told, news))

    def _told(self, news: Any) -> None:
        if isValid(self) and self._waiting:
            self.progressed.emit(news)

    def _run(self, turn: int, work: Callable[[], Any], unwanted: Callable[[Any], object]) -> None:
        result: Any = None
        error: BaseException | None = None
        try:
            result = work()
        except BaseException as why:  # handed to the window's thread, where it is told or raised
            error = why
        if not bring(partial(self._take, turn, result, error, unwanted)) and error is None:
            unwanted(result)

    def _take(self, turn: int, result: Any, error: BaseException | None, unwanted: Callable[[Any], object]) -> None:
        if not isValid(self) or turn != self._turn:
            if error is None:
                unwanted(result)
            return
        self._waiting = False
        if error is None:
            self.done.emit(result)
        elif isinstance(error, Trouble):
            self.troubled.emit(error)
        else:
            self.failed.emit()
            sys.excepthook(type(error), error, error.__traceback__)
