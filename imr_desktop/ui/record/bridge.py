# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way to the reader of pages: what the pane needs of it, and how its answers reach the window's own thread."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance
from shiboken6 import isValid

from imr_desktop.records.protocol import Answer, Request
from imr_desktop.ui.window_thread import await_threads, bring


class PageReader(Protocol):
    """What the bridge asks of a reader (``records.Reader`` is one)."""

    def send(self, request: Request) -> int:
        """Ask; gives the number that the answer will carry."""

    def forget(self, number: int) -> None:
        """The answer is not wanted any more."""

    def close(self) -> None:
        """Stop reading; no answer comes after this."""


class RecordReader(Protocol):
    """What the record pane asks of its reader: the same, with answers as a Qt signal in the window's thread."""

    @property
    def answered(self) -> SignalInstance:
        """``answered(int, object)``: the number of a request, and its answer."""

    def send(self, request: Request) -> int:
        """Ask; gives the number that the answer will carry."""

    def forget(self, number: int) -> None:
        """The answer is not wanted any more."""


class ReaderBridge(QObject):
    """Turns the answers that a reader's listening thread brings into a Qt signal.

    ``build`` makes the reader, given what it is to call with each answer:
    ``ReaderBridge(lambda answered: Reader(store.open_source, answered))``.
    """

    answered = Signal(int, object)

    def __init__(
        self, build: Callable[[Callable[[int, Answer], None]], PageReader], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._closed = False
        await_threads()
        self._reader = build(self._deliver)

    def send(self, request: Request) -> int:
        """Ask; gives the number that ``answered`` will carry. After ``close`` nothing is asked, and 0 given."""
        return 0 if self._closed else self._reader.send(request)

    def forget(self, number: int) -> None:
        """The answer is not wanted any more."""
        self._reader.forget(number)

    def know_passwords(self, passwords: Mapping[str, str]) -> None:
        """Open protected files with these, by SHA-256, where the reader can."""
        known = getattr(self._reader, "passwords", None)
        if known is not None:
            known.update(passwords)

    def close(self) -> None:
        """Stop reading. Answers still on the way are dropped."""
        self._closed = True
        self._reader.close()

    def _deliver(self, number: int, answer: Answer) -> None:
        if not self._closed:
            bring(partial(self._pass_on, number, answer))

    def _pass_on(self, number: int, answer: Answer) -> None:
        # What was still on its way when the bridge was closed is dropped too.
        if not self._closed and isValid(self):
            self.answered.emit(number, answer)
