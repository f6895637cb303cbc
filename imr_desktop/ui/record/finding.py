# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding while one types: hits gathered a little at a time, in page order, never holding up the window."""

import time
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer, Signal

from imr_desktop.models.records import PageRef
from imr_desktop.ui.record.pages import PageRun
from imr_desktop.ui.record.searching import BadQuery, Finder, Hit, Query, Search

_SLICE = 0.008
_REST_MS = 350
_SHORT_REST_MS = 800
_TELL_EVERY_MS = 150
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
        self._search: Search | None = None
        self._pages: Iterator[tuple[PageRef, tuple[Hit, ...]]] | None = None
        self._from = (0, 0)
        self._looked: set[PageRef] = set()
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self.start)
        # Pages come by the thousand while the record is being read: it is enough to tell of them now and then.
        self._grown = QTimer(self, singleShot=True, interval=_TELL_EVERY_MS)
        self._grown.timeout.connect(self.changed)
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

    def clear(self) -> None:
        """Find nothing any more."""
        self._rest.stop()
        self._pump.stop()
        self.query = Query("", self.query.case, self.query.whole, self.query.tolerant)
        self._search = self._pages = None
        self._forget()
        self.done = True
        self.changed.emit()

    def start(self) -> None:
        """Begin to look now."""
        self._rest.stop()
        self._forget()
        try:
            self._search = self.finder.understand(self.query)
        except BadQuery as bad:
            self._search = self._pages = None
            self.trouble, self.done = f"{bad.happened} {bad.advice}", True
            self.changed.emit()
            return
        self._pages, self.done = self._search.pages(), False
        self._go_on()
        if not self.done:
            self._pump.start()

    def page_read(self, ref: PageRef) -> None:
        """Something of a page has come, perhaps its words: it is looked through as well."""
        if self._search is None or ref in self._looked or not (self.done or self._pages is None):
            return
        hits = self._search.on(ref)
        # Without hits the words may still be on their way: only what was found counts as looked through.
        if hits:
            self._take(ref, hits)
            self._land()
        if not self._grown.isActive():
            self._grown.start()

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
        return self.finder.unread(), self.finder.unreadable()

    def _forget(self) -> None:
        self.hits, self._keys, self.current, self.trouble = [], [], None, ""
        self._looked = set()

    def _go_on(self) -> None:
        until = time.perf_counter() + _SLICE
        while self._pages is not None and time.perf_counter() < until:
            found = next(self._pages, None)
            if found is None or len(self.hits) >= _MOST:
                self._pages, self.done = None, True
                self._pump.stop()
                for ref in [page.ref for page in self._run.pages if page.ref not in self._looked]:
                    if self._search is not None and (hits := self._search.on(ref)):
                        self._take(ref, hits)
                break
            self._take(*found)
        self._land()
        self.changed.emit()

    def _take(self, ref: PageRef, hits: tuple[Hit, ...]) -> None:
        self._looked.add(ref)
        place = self._run.place(ref)
        if place is None or not hits:
            return
        at = bisect_left(self._keys, (place, hits[0].first))
        self.hits[at:at] = hits
        self._keys[at:at] = [(place, hit.first) for hit in hits]
        if self.current is not None and self.current >= at:
            self.current += len(hits)

    def _land(self) -> None:
        """Stand at the first hit from where the search began, as soon as it is known which that is."""
        if self.current is not None or not self.hits:
            return
        number = bisect_left(self._keys, self._from)
        if number < len(self.hits) or self.done:
            self.current = number if number < len(self.hits) else 0
            self.arrived.emit(self.hits[self.current])
