# SPDX-License-Identifier: AGPL-3.0-or-later
"""Full-text search over the pages of a case that were read, and the pages that it cannot look into."""

import heapq
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from imr_desktop.models.records import PageRef
from imr_desktop.storage import sql
from imr_desktop.storage.page_index import PageIndex, Stage
from imr_desktop.storage.sql import Database

_OPEN, _SHUT = "\x02", "\x03"
# The first few soon, the others in fewer statements: each weighs the whole expression anew.
_FIRST, _MOST, _MOST_BY_RANK = 16, 128, 1024
_MOST_RUNS, _FEW = 64, 200
_TOKENS = "porter unicode61 remove_diacritics 2"


@dataclass(frozen=True, slots=True)
class PageMatch:
    """A page that a search found: its text, and where in it the words that were looked for stand (from, to)."""

    ref: PageRef
    text: str
    spans: tuple[tuple[int, int], ...]


@dataclass
class _Numbering:
    """Which page each number of the index stands for, and its place in the case; a page keeps both for ever.

    ``starts`` are the numbers at which a run of pages begins that were read in the order of the case.
    """

    page: dict[int, PageRef] = field(default_factory=dict)
    place: dict[int, int] = field(default_factory=dict)
    starts: list[int] = field(default_factory=list)
    known: int = 0

    def learn(self, db: Database) -> None:
        """Learn of the pages that were added since."""
        # The first time all of them, which an index much smaller than the table tells.
        asked = "select id, source, page from page where +id > ?"
        if self.known:
            asked = asked.replace("+", "")
        found = sorted(db.conn.execute(asked, (self.known,)).fetchall())
        if not found:
            return
        places = self._places(db, found)
        waiting = False
        before = self.place.get(self.known, -1)
        self.starts = [start for start in self.starts if start <= self.known]
        for number, source, page in found:
            place = places.get((source, page))
            # One that was never queued may still get its place: from it on they are asked for again.
            waiting |= place is None
            self.known = self.known if waiting else number
            self.page[number], self.place[number] = PageRef(source, page), place or 0
            if self.place[number] < before or not self.starts:
                self.starts.append(number)
            before = self.place[number]

    def _places(self, db: Database, found: list[tuple[int, str, int]]) -> dict[tuple[str, int], int]:
        if len(found) > _FEW:
            asked = db.conn.execute("select source, page, case_page from reading")
            return {(source, page): place for source, page, place in asked}
        asked_one = "select case_page from reading where source = ? and page = ?"
        rows = {(source, page): db.conn.execute(asked_one, (source, page)).fetchone() for _, source, page in found}
        return {key: row[0] for key, row in rows.items() if row is not None}


class PageSearch:
    """The full-text index of a case's pages."""

    def __init__(self, index: PageIndex) -> None:
        self._db, self._damaged = index.database
        self._terms: dict[str, int] = {}
        self._terms_at = -1
        self._silent: dict[PageRef, str] = {}
        self._silent_of = (-1, 0.0)
        self._stemming = 0
        self._numbering = _Numbering()
        self._numbered_at = -1

    def silent(self, blank: float) -> dict[PageRef, str]:
        """The pages that were queued and cannot be searched, with why; those with less than ``blank`` ink can."""
        if self._silent_of == (self._state(), blank):
            return dict(self._silent)
        with sql.troubles(self._damaged):
            found = self._db.execute(
                "select r.source, r.page, r.stage, r.why from reading r"
                " left join page p on p.source = r.source and p.page = r.page"
                " where r.stage in (?, ?, ?) or r.why != ''"
                " or (coalesce(p.text, '') = '' and not coalesce(r.ink, 1) < ?)",
                (int(Stage.WORDS), int(Stage.QUICK_OCR), int(Stage.UNREADABLE), blank),
            ).fetchall()
        waiting = {Stage.WORDS: "it has not been read yet", Stage.QUICK_OCR: "its picture has not been read yet"}
        self._silent_of = self._state(), blank
        self._silent = {
            PageRef(source, page): why or waiting.get(Stage(stage), "no words were found on it")
            for source, page, stage, why in found
        }
        return dict(self._silent)

    def _state(self) -> int:
        """Another number after every change to the pages."""
        return int(self._db.conn.total_changes) - self._stemming

    def queued_count(self) -> int:
        """How many pages were ever queued for reading."""
        with sql.troubles(self._damaged):
            return int(self._db.execute("select count(*) from reading").fetchone()[0])

    def queued(self) -> frozenset[PageRef]:
        """Every page that was ever queued for reading."""
        with sql.troubles(self._damaged):
            return frozenset(PageRef(*row) for row in self._db.execute("select source, page from reading").fetchall())

    def match(self, expression: str, *, by_rank: bool = False, limit: int | None = None) -> Iterator[PageMatch]:
        """The pages that an FTS5 expression finds, in the order of the case or the most telling first.

        Marked a few at a time as they are taken: whoever looks at the first need not wait for the last, and no
        statement stays open meanwhile. A page read anew in between is told as it is then, or not at all.
        """
        # Marking the words costs far more than finding the pages.
        self._number_pages()
        found = self._found(expression, by_rank, limit)
        start, count = 0, _FIRST
        while start < len(found):
            asked = found[start : start + count]
            start, count = start + count, min(4 * count, _MOST_BY_RANK if by_rank else _MOST)
            marked = self._marked(expression, asked)
            for number in asked:
                if number in marked:
                    text, spans = marked[number]
                    yield PageMatch(self._numbering.page[number], text, spans)

    def _found(self, expression: str, by_rank: bool, limit: int | None) -> list[int]:
        """The numbers in the index of the pages found; nothing but the index is read for them."""
        asked = "select rowid from page_fts where page_fts match ?"
        most = -1 if limit is None else limit
        if by_rank:
            return self._numbers(f"{asked} order by rank limit ?", (expression, most))
        starts = self._numbering.starts
        if not starts:
            return []
        if limit is None or len(starts) > _MOST_RUNS:
            return sorted(self._numbers(asked, (expression,)), key=self._numbering.place.__getitem__)[:limit]
        # The index gives its numbers in their order and stops at the last that is wanted: so does each run of pages.
        asked = f"{asked} and rowid >= ? and rowid < ? order by rowid limit ?"
        ends = [*starts[1:], 1 << 62]
        runs = [self._numbers(asked, (expression, *run, most)) for run in zip(starts, ends, strict=True)]
        return list(islice(heapq.merge(*runs, key=self._numbering.place.__getitem__), limit))

    def _numbers(self, asked: str, values: tuple[object, ...]) -> list[int]:
        with sql.troubles(self._damaged):
            return [number for (number,) in self._db.conn.execute(asked, values)]

    def _number_pages(self) -> None:
        """Learn which page each number of the index stands for, where that is not known yet."""
        if self._state() != self._numbered_at:
            with sql.troubles(self._damaged):
                self._numbering.learn(self._db)
            self._numbered_at = self._state()

    def _marked(self, expression: str, numbers: Sequence[int]) -> dict[int, tuple[str, tuple[tuple[int, int], ...]]]:
        """The text of each page that still answers, and where in it the words stand."""
        # The plus keeps the index from weighing the whole expression once for each number.
        asked = ", ".join(map(str, numbers))
        with sql.troubles(self._damaged):
            found = self._db.execute(
                "select rowid, text, highlight(page_fts, 0, ?, ?) from page_fts"  # noqa: S608 - numbers of our own
                f" where page_fts match ? and rowid between ? and ? and +rowid in ({asked})",
                (_OPEN, _SHUT, expression, min(numbers), max(numbers)),
            ).fetchall()
        return {number: (text, _spans(marked)) for number, text, marked in found}

    def count(self, expression: str) -> int:
        """How many pages an FTS5 expression finds."""
        with sql.troubles(self._damaged):
            found = self._db.execute("select count(*) from page_fts where page_fts match ?", (expression,)).fetchone()
        return int(found[0])

    def terms(self) -> dict[str, int]:
        """Every term of the index, as its stem, with the number of pages that have it."""
        with sql.troubles(self._damaged):
            if self._state() != self._terms_at:
                self._terms_at = self._state()
                self._terms = dict(self._db.execute("select term, doc from page_terms").fetchall())
        return self._terms

    def stems(self, words: Sequence[str]) -> dict[str, str]:
        """The stem under which the index keeps each word."""
        with sql.troubles(self._damaged):
            # Temporary tables stay in memory (temp_store), so nothing of this reaches the disk.
            before = self._db.conn.total_changes
            with self._db.atomic():
                self._db.execute(
                    f"create virtual table if not exists temp.stemming using fts5(word, tokenize='{_TOKENS}')"
                )
                self._db.execute(
                    "create virtual table if not exists temp.stemmed using fts5vocab(stemming, 'instance')"
                )
                self._db.execute("delete from temp.stemming")
                for number, word in enumerate(words, 1):
                    self._db.execute("insert into temp.stemming (rowid, word) values (?, ?)", (number, word))
                found = self._db.execute("select doc, term from temp.stemmed").fetchall()
            # These are no changes to the pages, so what is held of them stays good.
            self._stemming += self._db.conn.total_changes - before
        return {words[number - 1]: term for number, term in found}


def _spans(marked: str) -> tuple[tuple[int, int], ...]:
    """Where the marks stood, counted in the text without them."""
    spans: list[tuple[int, int]] = []
    at = start = 0
    for piece in re.split(f"([{_OPEN}{_SHUT}])", marked):
        if piece == _OPEN:
            start = at
        elif piece == _SHUT:
            spans.append((start, at))
        else:
            at += len(piece)
    return tuple(spans)
