# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is asked of a finder and what it answers; the one that ships looks through the page index of the vault."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Protocol

from imr_desktop.casework.query import CannotSearch, begun, parse
from imr_desktop.casework.search import Hit as Found
from imr_desktop.casework.search import Scope, Search
from imr_desktop.models.records import Box, PageRef, PageWords, WordsOrigin
from imr_desktop.ui.record.texts import PageText

__all__ = ["CannotSearch", "Finder", "Hit", "IndexFinder", "NoFinder", "Query", "Search"]

_OPENED = 64


@dataclass(frozen=True, slots=True)
class Query:
    """The words to be found, and how strictly.

    ``tolerant`` also finds words that were misread by the machine; ``begun`` says that the last word may go on.
    """

    words: str
    case: bool = False
    whole: bool = False
    tolerant: bool = True
    begun: bool = False

    @property
    def asked(self) -> str:
        """What the index is asked for."""
        return begun(self.words) if self.begun and not self.whole else self.words


class HitPlaces:
    """Where words stand on their pages; a few pages are kept open, because most hits are never looked at."""

    def __init__(self, words: Callable[[PageRef], PageWords | None]) -> None:
        self._words = words
        self._opened: OrderedDict[PageRef, PageText] = OrderedDict()

    def boxes(self, ref: PageRef, first: int, last: int) -> tuple[Box, ...]:
        """One box for each line of the words from first to last (included); none where they cannot be known."""
        page = self._opened.get(ref)
        if page is None:
            words = self._words(ref)
            page = PageText(() if words is None else words.words, WordsOrigin.NONE)
            self._opened[ref] = page
            while len(self._opened) > _OPENED:
                self._opened.popitem(last=False)
        self._opened.move_to_end(ref)
        return page.boxes(first, last) if last < len(page) else ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where the words stand: its words by number (first and last), and the text around them.

    ``line`` holds that text, ``start`` and ``end`` where the words go in it. ``exact`` is False for what was found in
    spite of misread letters.
    """

    page: PageRef
    first: int
    last: int
    line: str
    start: int
    end: int
    exact: bool = True
    places: HitPlaces | None = field(default=None, compare=False, repr=False)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """Where the words stand, in points of the upright page, one box a line."""
        return () if self.places is None else self.places.boxes(self.page, self.first, self.last)


class Finder(Protocol):
    """Finds words in the record, and says honestly where it could not look."""

    def find(self, query: Query) -> Iterator[tuple[PageRef, tuple[Hit, ...]]]:
        """Pages with hits, a page perhaps more than once; CannotSearch at once if the query cannot be understood."""

    def unread(self) -> tuple[PageRef, ...]:
        """The pages whose words have not been read yet."""

    def unreadable(self) -> tuple[PageRef, ...]:
        """The pages that have been read and on which no words are known: silence of these means nothing."""


class NoFinder:
    """Where there is no index: nothing is ever found, and no page counts as searched."""

    def __init__(self, refs: Callable[[], tuple[PageRef, ...]]) -> None:
        self._refs = refs

    def find(self, query: Query) -> Iterator[tuple[PageRef, tuple[Hit, ...]]]:
        """Nothing."""
        parse(query.words)
        return iter(())

    def unread(self) -> tuple[PageRef, ...]:
        """Every page."""
        return self._refs()

    def unreadable(self) -> tuple[PageRef, ...]:
        """None, because none was looked at."""
        return ()


class IndexFinder:
    """Finds in the page index, in the one way in which cases are searched everywhere.

    ``search`` is the search over the open case, ``words`` gives the words of a page.
    """

    def __init__(self, search: Search, words: Callable[[PageRef], PageWords | None]) -> None:
        self.search = search
        self._words = words
        self._silent: tuple[tuple[PageRef, ...], tuple[PageRef, ...]] = ((), ())

    def find(self, query: Query) -> Iterator[tuple[PageRef, tuple[Hit, ...]]]:
        """Pages as they are found, each time a few; then what may be misread."""
        parse(query.asked)
        scope = Scope(whole_word=query.whole, match_case=query.case, forgiving=False)
        return self._find(query, scope)

    def unread(self) -> tuple[PageRef, ...]:
        """The pages whose words, or whose picture's words, wait to be read; asked anew at each call."""
        unread: list[PageRef] = []
        unreadable: list[PageRef] = []
        for page in self.search.unsearched():
            (unread if page.why.endswith("not been read yet") else unreadable).append(page.ref)
        self._silent = tuple(unread), tuple(unreadable)
        return self._silent[0]

    def unreadable(self) -> tuple[PageRef, ...]:
        """The pages without readable text, as of the last ``unread``."""
        return self._silent[1]

    def _find(self, query: Query, scope: Scope) -> Iterator[tuple[PageRef, tuple[Hit, ...]]]:
        places = HitPlaces(self._words)
        if query.tolerant and not (query.whole or query.case):
            scope = replace(scope, forgiving=True)
        page: list[Hit] = []
        for found in self.search.hits(query.asked, scope):
            hit = _hit(found, places)
            if page and page[-1].page != hit.page:
                yield page[0].page, tuple(page)
                page = []
            page.append(hit)
        if page:
            yield page[0].page, tuple(page)


def _hit(found: Found, places: HitPlaces) -> Hit:
    line = f"{found.before}{found.text}{found.after}"
    start = len(found.before)
    return Hit(
        found.ref,
        found.words[0],
        found.words[1] - 1,
        line,
        start,
        start + len(found.text),
        not found.as_read,
        places,
    )
