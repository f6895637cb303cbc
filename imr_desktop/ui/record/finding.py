# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding while one types: hits gathered a little at a time, in page order, never holding up the window."""

import time
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal

from imr_desktop.models.records import PageRef
from imr_desktop.ui.record.pages import PageRun
from imr_desktop.ui.record.searching import CannotSearch, Finder, Hit, Query

_SLICE = 0.008
_REST_MS = 60
_SHORT_REST_MS = 300
_MOST = 20_000


class Finding(QObject):
    """One search at a time over the whole record.

    ``changed`` tells that hits, count or what could not be searched are others; ``arrived`` that the first hit after
    the place where the search began is there. ``trouble`` says in words why a query cannot be understood.
    """

    changed = Signal()
    arrived = Signal(object)

    def __init__(self, finder: Finder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.finder = finder
        self.query = Query("")
        self.hits: list[Hit] = []
        self.current: int | None = None
        self.trouble = ""
        self.done = True
        self._keys: list[tuple[int, int]] = []
        self._run = PageRun()
        self._pages: Iterator[tuple[PageRef, tuple[Hit, ...]]] | None = None
        self._from = (0, 0)
        self._again: Hit | None = None
        self._silent: tuple[tuple[PageRef, ...], tuple[PageRef, ...]] = ((), ())
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self.start)
        self._pump = QTimer(self, interval=0)
        self._pump.timeout.connect(self._go_on)

    def show_run(self, run: PageRun) -> None:
        """These are the pages; what was found before is looked for again."""
        self._run = run
        if self.query.words:
            self.start()

    def ask(self, query: Query, start: tuple[int, int] = (0, 0), *, at_once: bool = False) -> None:
        """Find this, from here on (place of the page, number of the word), after a short rest or at once."""
        self._from = start
        if query == self.query and (self.hits or not self.done):
            return
        self.query = query
        self._pump.stop()
        if not query.words.strip():
            self.clear()
        elif at_once:
            self.start()
        else:
            self._rest.start(_SHORT_REST_MS if len(query.words.strip()) < 3 else _REST_MS)

    def stop(self) -> None:
        """Look no further; nothing is asked of the finder after this until something is asked anew."""
        self._rest.stop()
        self._pump.stop()
        self._pages, self.done = None, True

    def clear(self) -> None:
        """Find nothing any more."""
        self.stop()
        self.query = Query("", self.query.case, self.query.whole, self.query.tolerant)
        self._again = None
        self._forget()
        self.changed.emit()

    def start(self) -> None:
        """Begin to look now."""
        self._rest.stop()
        self._forget()
        try:
            self._pages = self.finder.find(self.query)
        except CannotSearch as bad:
            self._pages = None
            self.trouble, self.done = f"{bad.happened} {bad.advice}", True
            self.changed.emit()
            return
        self.done = False
        self._silent = self.finder.unread(), self.finder.unreadable()
        self._go_on()
        if not self.done:
            self._pump.start()

    def refresh(self) -> None:
        """More pages can be searched than before: look again, and stay at the hit that is the current one."""
        if not self.query.words.strip() or self._rest.isActive() or not self.done:
            return
        self._again = self.current_hit
        self.start()

    def step(self, by: int) -> Hit | None:
        """Go to the next or previous hit, around the end; None if there is none."""
        if self._rest.isActive():
            self.start()
        if not self.hits:
            return None
        number = 0 if self.current is None else (self.current + by) % len(self.hits)
        return self.choose(number)

    def choose(self, number: int) -> Hit:
        """Make a hit the current one."""
        self.current = number
        self.changed.emit()
        return self.hits[number]

    @property
    def current_hit(self) -> Hit | None:
        """The hit that F3 goes on from."""
        return None if self.current is None else self.hits[self.current]

    def counts(self) -> Counter[PageRef]:
        """How many hits there are on each page."""
        return Counter(hit.page for hit in self.hits)

    def on(self, ref: PageRef) -> list[Hit]:
        """The hits of one page."""
        place = self._run.place(ref)
        if place is None:
            return []
        return self.hits[bisect_left(self._keys, (place, -1)) : bisect_right(self._keys, (place, 1 << 30))]

    def says(self) -> str:
        """How many hits, and which is the current one."""
        if self.trouble or not self.query.words.strip():
            return ""
        if not self.hits:
            return "No hits" if self.done else "Looking…"
        number = "–" if self.current is None else f"{self.current + 1:,}"
        more = "" if self.done else "+"
        return f"{number} of {len(self.hits):,}{more}"

    def not_searched(self) -> tuple[tuple[PageRef, ...], tuple[PageRef, ...]]:
        """The pages not read yet, and those without readable text; their silence means nothing."""
        return self._silent

    def _forget(self) -> None:
        self.hits, self._keys, self.current, self.trouble = [], [], None, ""

    def _go_on(self) -> None:
        until = time.perf_counter() + _SLICE
        while self._pages is not None and time.perf_counter() < until:
            found = next(self._pages, None)
            if found is None or len(self.hits) >= _MOST:
                self._pages, self.done = None, True
                self._pump.stop()
                break
            self._take(*found)
        self._land()
        self.changed.emit()

    def _take(self, ref: PageRef, hits: tuple[Hit, ...]) -> None:
        place = self._run.place(ref)
        if place is None or not hits:
            return
        for hit in hits:
            at = bisect_left(self._keys, (place, hit.first))
            self.hits.insert(at, hit)
            self._keys.insert(at, (place, hit.first))
            if self.current is not None and self.current >= at:
                self.current += 1

    def _land(self) -> None:
        """Stand at the first hit from where the search began, as soon as it is known which that is."""
        if self.current is not None or not self.hits:
            return
        if self._again is not None:
            if self.done or self._again in self.hits:
                self.current = self.hits.index(self._again) if self._again in self.hits else 0
                self._again = None
            return
        number = bisect_left(self._keys, self._from)
        if number < len(self.hits) or self.done:
            self.current = number if number < len(self.hits) else 0
            self.arrived.emit(self.hits[self.current])
