# SPDX-License-Identifier: AGPL-3.0-or-later
"""The machine reads while the reviewer reads: begins with the case, gives way to the window, stops at any moment."""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from imr_desktop.casework import reading, sorting
from imr_desktop.casework.progress import Progress
from imr_desktop.errors import Trouble
from imr_desktop.models.readable import Record
from imr_desktop.models.records import PageRef
from imr_desktop.records.strays import Stray
from imr_desktop.storage import Change, Table
from imr_desktop.storage.page_index import Stage

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk

BEGIN_MS = 1200  # the first page is on the screen by then
_SLICE = 0.004
_IDLE_MS, _BUSY_MS = 60, 4
_POWER_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class PageStates:
    """What the machine knows of the pages: the record as it can be searched, repeats, and pages of other persons."""

    record: Record
    repeats: dict[PageRef, tuple[PageRef, float]]
    strays: dict[PageRef, Stray]


class BackgroundReading(QObject):
    """Reads and sorts one open case, a few milliseconds of the window's thread at a time.

    The heavy part is done by niced processes. ``progressed`` carries a Progress; ``changed`` comes whenever there is
    something new to look up; ``ended`` says whether the reading came to its end; ``troubled`` carries a Trouble.
    """

    progressed = Signal(object)
    changed = Signal()
    ended = Signal(bool)
    troubled = Signal(object)

    def __init__(self, desk: "Desk", *, on_battery: Callable[[], bool], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._desk, self._store = desk, desk.store
        self._may_on_battery = on_battery
        self._work: Generator[Progress, None, None] | None = None
        self._last: Progress | None = None
        self._power = (0.0, False)
        self.held = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._turn)
        self._begin = QTimer(self, singleShot=True, interval=BEGIN_MS)
        self._begin.timeout.connect(self.start)
        self._who = QTimer(self, singleShot=True, interval=1500)
        self._who.timeout.connect(self._look_for_strays)
        self._forget = desk.listen(self._stepped)

    @property
    def running(self) -> bool:
        """Whether pages are being read or sorted, or would be if it were not held."""
        return self._work is not None

    def begin_soon(self) -> None:
        """Begin when the case has come to rest on the screen."""
        self._begin.start()

    def start(self) -> None:
        """Read what has not been read; work under way begins anew, and so takes in what has come since."""
        self._drop()
        self.held = False
        self._last = None
        self._work = self._whole()
        self._timer.start(0)

    def hold(self, held: bool) -> None:
        """Pause, or go on: what is in the hands of the processes is finished, nothing new is begun."""
        self.held = held
        if self._work is not None and not held:
            self._timer.start(0)

    def stop(self) -> None:
        """Stop now and let the processes go; every page that was read is kept."""
        self._begin.stop()
        self._who.stop()
        if self._work is not None:
            self._drop()
            self.changed.emit()
            self.ended.emit(False)

    def close(self) -> None:
        """The case is being closed."""
        self._forget()
        self._begin.stop()
        self._who.stop()
        self._drop()

    def prefer(self, ref: PageRef) -> None:
        """Read this page next, if it waits: it is on the screen."""
        if self._work is None:
            return
        waits = self._store.pages.index.reading(ref)
        if waits is not None and waits.stage < Stage.READ:
            self._store.pages.index.prefer((ref,))

    def read_again(self, ref: PageRef) -> None:
        """Recognise a page anew, before all others."""
        reading.read_again(self._store, (ref,))
        self.start()

    def states(self) -> PageStates:
        """What is known of the pages now."""
        record = reading.record(self._store, self._desk.case)
        return PageStates(record, sorting.repeated(self._store), sorting.strays(self._store))

    # -- the work ---------------------------------------------------------------------------------------------

    def _whole(self) -> Generator[Progress, None, None]:
        yield from reading.read(self._store, reading.Plan(patience=0, paused=self._waits_for_power))
        self.changed.emit()
        if not sorting.is_sorted(self._store):
            yield from sorting.sort(self._store, patience=0)

    def _waits_for_power(self) -> bool:
        if self._may_on_battery():
            return False
        at, waits = self._power
        if time.monotonic() - at > _POWER_SECONDS or not at:
            self._power = (time.monotonic(), waits := reading.on_battery())
        return waits

    def _turn(self) -> None:
        until = time.monotonic() + _SLICE
        idle = False
        while self._work is not None and not self.held and not idle and time.monotonic() < until:
            try:
                said = next(self._work)
            except StopIteration:
                self._work = None
                self.changed.emit()
                self.ended.emit(True)
                return
            except Trouble as trouble:
                self._work = None
                self.troubled.emit(trouble)
                self.ended.emit(False)
                return
            except BaseException:
                self._work = None
                self.ended.emit(False)
                raise
            # The same said twice: the processes are at work, and there is nothing to do but wait for them.
            idle = said == self._last
            if not idle:
                self.progressed.emit(said)
            self._last = said
        if self._work is not None and not self.held:
            self._timer.start(_IDLE_MS if idle else _BUSY_MS)

    def _drop(self) -> None:
        work, self._work = self._work, None
        self._timer.stop()
        if work is not None:
            work.close()

    def _look_for_strays(self) -> None:
        # Who the case is about has been typed or accepted; while reading goes on, its sorting will see to it.
        if self._work is None and sorting.is_sorted(self._store):
            self._last = None
            self._work = sorting.flag_strays(self._store)
            self._timer.start(0)

    def _stepped(self, change: Change) -> None:
        if Table.SOURCE in change.touched:
            self._begin.start()
        if Table.HEADER in change.touched:
            self._who.start()
