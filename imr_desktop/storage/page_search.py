# SPDX-License-Identifier: AGPL-3.0-or-later
"""Full-text search over the pages of a case that were read, and the pages that it cannot look into."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from imr_desktop.models.records import PageRef
from imr_desktop.storage import sql
from imr_desktop.storage.page_index import PageIndex, Stage

_OPEN, _SHUT = "\x02", "\x03"
# The first few soon, the others in fewer statements: each weighs the whole expression anew.
_FIRST, _MOST = 16, 128
_TOKENS = "porter unicode61 remove_diacritics 2"


@dataclass(frozen=True, slots=True)
class PageMatch:
    """A page that a search found: its text, and where in it the words that were looked for stand (from, to)."""

    ref: PageRef
    text: str
    spans: tuple[tuple[int, int], ...]


class PageSearch:
    """The full-text index of a case's pages."""

    def __init__(self, index: PageIndex) -> None:
        self._db, self._damaged = index.database
        self._terms: dict[str, int] = {}
        self._terms_at = -1
        self._silent: dict[PageRef, str] = {}
        self._silent_of = (-1, 0.0)
        self._stemming = 0

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
        order = "page_fts.rank" if by_rank else "r.case_page"
        joined = (
            " from page_fts join page p on p.id = page_fts.rowid"
            " left join reading r on r.source = p.source and r.page = p.page where page_fts match ?"
        )
        with sql.troubles(self._damaged):
            # Marking the words costs far more than finding the pages.
            asked = f"select p.id {joined} order by {order} limit ?"
            found = self._db.execute(asked, (expression, -1 if limit is None else limit)).fetchall()
        start, count = 0, _FIRST
        while start < len(found):
            numbers = ", ".join(str(number) for (number,) in found[start : start + count])
            start, count = start + count, min(4 * count, _MOST)
            with sql.troubles(self._damaged):
                marked_pages = self._db.execute(
                    f"select p.source, p.page, p.text, highlight(page_fts, 0, ?, ?) {joined}"
                    f" and page_fts.rowid in ({numbers}) order by {order}",
                    (_OPEN, _SHUT, expression),
                ).fetchall()
            for source, page, text, marked in marked_pages:
                yield PageMatch(PageRef(source, page), text, _spans(marked))

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
