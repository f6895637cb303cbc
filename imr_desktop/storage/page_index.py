# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page index: how far each page of a case has been read, and which page is next."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from imr_desktop.errors import Trouble
from imr_desktop.models.records import Page, PageRef, WordsOrigin
from imr_desktop.storage import sql
from imr_desktop.storage.sql import Database


class Stage(IntEnum):
    """What a page waits for; a page goes through the stages it needs, in this order, and ends as read or unreadable."""

    WORDS = 0
    QUICK_OCR = 1
    STRONG_OCR = 2
    READ = 3
    UNREADABLE = 4


@dataclass(frozen=True, slots=True)
class PageReading:
    """How far the reading of a page is.

    ``tries`` counts begun but never finished attempts at the present stage; ``why`` says why a page is unreadable;
    ``turned`` is how far its content lies turned clockwise, in degrees; ``ink`` the dark share of the paper (0 to 1),
    None while unknown; ``confidence`` (0 to 100) and ``engine`` are those of the OCR whose words are kept.
    """

    ref: PageRef
    case_page: int
    stage: Stage = Stage.WORDS
    priority: int = 0
    tries: int = 0
    why: str = ""
    turned: int = 0
    ink: float | None = None
    origin: WordsOrigin = WordsOrigin.NONE
    confidence: float | None = None
    engine: str = ""


class PageIndex:
    """The queue of pages to read, and what is known of each; part of ``pages.db``."""

    def __init__(self, db: Database, damaged: Callable[[], Trouble]) -> None:
        self._db = db
        self._damaged = damaged
        self.revision = 0  # grows with every change to what pages say, for those who keep an index of it

    @property
    def database(self) -> tuple[Database, Callable[[], Trouble]]:
        """The open file and the Trouble for a damaged one; for the rest of this room."""
        return self._db, self._damaged

    # -- reading ----------------------------------------------------------------------------------------------

    def expect(self, pages: Iterable[Page]) -> None:
        """Queue pages that are to be read; what is known of a page stays."""
        with sql.troubles(self._damaged), self._db.atomic():
            for page in pages:
                self._db.execute(
                    "insert or ignore into reading (source, page, case_page) values (?, ?, ?)",
                    (page.ref.source, page.ref.page, page.case_page),
                )

    def settle(self, reading: PageReading) -> None:
        """Write how far a page is; within the transaction of whoever calls it, or one of its own."""
        self.revision += 1
        with sql.troubles(self._damaged), self._db.atomic():
            self._db.execute(
                "insert or replace into reading"
                " (source, page, case_page, stage, priority, tries, why, turned, ink)"
                " values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    reading.ref.source,
                    reading.ref.page,
                    reading.case_page,
                    int(reading.stage),
                    reading.priority,
                    reading.tries,
                    reading.why,
                    reading.turned,
                    reading.ink,
                ),
            )

    def begin(self, ref: PageRef) -> None:
        """Note that a page is being tried, so that one which takes the whole program down is not tried for ever."""
        self._change("update reading set tries = tries + 1 where source = ? and page = ?", (ref.source, ref.page))

    def prefer(self, refs: Iterable[PageRef]) -> None:
        """Read these pages first: what is on screen. The last call goes before earlier ones."""
        with sql.troubles(self._damaged), self._db.atomic():
            highest = self._db.execute("select coalesce(max(priority), 0) from reading").fetchone()[0]
            for ref in refs:
                self._db.execute(
                    "update reading set priority = ? where source = ? and page = ?",
                    (highest + 1, ref.source, ref.page),
                )

    def again(self, refs: Iterable[PageRef], stage: Stage = Stage.QUICK_OCR) -> None:
        """Put pages back to a stage, to be read again; their words stay until better ones come."""
        self.revision += 1
        with sql.troubles(self._damaged), self._db.atomic():
            for ref in refs:
                self._db.execute(
                    "update reading set stage = ?, tries = 0, why = '' where source = ? and page = ?",
                    (int(stage), ref.source, ref.page),
                )

    def waiting(self, stage: Stage, limit: int) -> tuple[PageReading, ...]:
        """The next pages that wait for a stage: preferred ones first, then in the order of the case."""
        return tuple(
            self._readings("where r.stage = ? order by r.priority desc, r.case_page limit ?", (int(stage), limit))
        )

    def readings(self) -> tuple[PageReading, ...]:
        """Every page that was ever queued, in the order of the case."""
        return tuple(self._readings("order by r.case_page", ()))

    def reading(self, ref: PageRef) -> PageReading | None:
        """How far a page is; None if it was never queued."""
        return next(self._readings("where r.source = ? and r.page = ?", (ref.source, ref.page)), None)

    def counts(self) -> dict[Stage, int]:
        """How many pages there are at each stage."""
        with sql.troubles(self._damaged):
            found = dict(self._db.execute("select stage, count(*) from reading group by stage").fetchall())
        return {stage: found.get(int(stage), 0) for stage in Stage}

    def texts(self) -> dict[PageRef, str]:
        """The text of every page that has any: its words, divided by one blank."""
        with sql.troubles(self._damaged):
            found = self._db.execute("select source, page, text from page where text != ''").fetchall()
        return {PageRef(source, page): text for source, page, text in found}

    def note(self, kind: str, values: dict[PageRef, Any]) -> None:
        """Keep plain data of one kind about pages, in place of all that was kept of that kind."""
        self.revision += 1
        with sql.troubles(self._damaged), self._db.atomic():
            self._db.execute("delete from noted where kind = ?", (kind,))
            for ref, value in values.items():
                self._db.execute(
                    "insert into noted (kind, source, page, value) values (?, ?, ?, ?)",
                    (kind, ref.source, ref.page, json.dumps(value, ensure_ascii=False)),
                )

    def noted(self, kind: str) -> dict[PageRef, Any]:
        """What was kept of one kind, by page."""
        with sql.troubles(self._damaged):
            found = self._db.execute("select source, page, value from noted where kind = ?", (kind,)).fetchall()
        return {PageRef(source, page): json.loads(value) for source, page, value in found}

    def tidy(self) -> None:
        """Merge the index into one piece, as after a long import."""
        self._change("insert into page_fts (page_fts) values ('optimize')", ())

    def _change(self, statement: str, values: tuple[Any, ...]) -> None:
        with sql.troubles(self._damaged), self._db.atomic():
            self._db.execute(statement, values)

    def _readings(self, where: str, values: tuple[Any, ...]) -> Iterator[PageReading]:
        with sql.troubles(self._damaged):
            found = self._db.execute(
                "select r.source, r.page, r.case_page, r.stage, r.priority, r.tries, r.why, r.turned, r.ink,"  # noqa: S608
                " p.origin, p.confidence, p.engine"
                f" from reading r left join page p on p.source = r.source and p.page = r.page {where}",
                values,
            ).fetchall()
        for source, page, case_page, stage, priority, tries, why, turned, ink, origin, confidence, engine in found:
            yield PageReading(
                PageRef(source, page),
                case_page,
                Stage(stage),
                priority,
                tries,
                why,
                turned,
                ink,
                WordsOrigin(origin or WordsOrigin.NONE),
                confidence,
                engine or "",
            )
