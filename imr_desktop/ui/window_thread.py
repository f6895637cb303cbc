# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one way from another thread into the window's: what is to be done there is brought to something that stays.

A thread must not emit a signal of a dialog, a page or anything else that can be closed: if it is deleted at that
moment, the whole program goes down with it, or stands still for ever. What is brought has to ask whether its object is
still there; on the window's own thread nothing is deleted in between.
"""

import atexit
import threading
from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QObject, Qt, Signal


class _Post(QObject):
    _brought = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        # Taken again by the same thread where Python's collector runs in between and lets go of something that brings.
        self._turn, self._open = threading.RLock(), True
        self._brought.connect(self._do, Qt.ConnectionType.QueuedConnection)
        # Before Qt is taken down with the interpreter, which threads may outlive by a moment.
        atexit.register(self._shut)

    def bring(self, act: Callable[[], object]) -> bool:
        with self._turn:
            if self._open:
                self._brought.emit(act)
            return self._open

    def _shut(self) -> None:
        with self._turn:
            self._open = False

    def _do(self, act: Callable[[], object]) -> None:
        act()


@cache
def _post() -> _Post:
    return _Post()


def await_threads() -> None:
    """Say on the window's thread, before a thread begins, that something will be brought."""
    _post()


def bring(act: Callable[[], object]) -> bool:
    """Have this done on the window's thread, in turn; False if the program is ending and it will not be done."""
    return _post().bring(act)
