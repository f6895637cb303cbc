# SPDX-License-Identifier: AGPL-3.0-or-later
"""The page index of a case: the words of each page with their places, and when each page was seen."""

import array
import struct
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, Word, WordsOrigin
from imr_desktop.storage import keys, sql
from imr_desktop.storage.migrations import PAGES
from imr_desktop.storage.page_index import PageIndex, PageReading
from imr_desktop.storage.troubles import DamagedPages

_HEAD = struct.Struct("<Ic")  # of the places of a page's words: how many words, and the code of their sides


class Pages:
    """``pages.db`` of one case, under the case's own key; everything but the viewing log can be made again."""

    def __init__(self, path: Path, key: keys.Key) -> None:
        self._db = sql.opened(path, key, PAGES, _damaged)
        # What this file loses with the power can be read again from the PDF; a page takes less time this way.
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._index = PageIndex(self._db, _damaged)

    @property
    def index(self) -> PageIndex:
        """How far each page has been read, and the search over what was."""
        return self._index

    def keep(self, words: PageWords, *, confidence: float | None = None, engine: str = "") -> None:
        """Keep the words of a page in place of what was known of it; DiskFull, CannotWrite.

        ``confidence`` (0 to 100) and ``engine`` tell how sure which OCR was; the index follows in the same transaction.
        """
        with sql.troubles(_damaged), self._db.atomic():
            self._keep(words, confidence, engine)

    def keep_read(self, words: PageWords, reading: PageReading) -> None:
        """Keep the words of a page, and with them how far its reading is, as one: whole or not at all."""
        with sql.troubles(_damaged), self._db.atomic():
            self._keep(words, reading.confidence, reading.engine)
            self._index.settle(reading)

    def _keep(self, words: PageWords, confidence: float | None, engine: str) -> None:
        self._index.revision += 1
        self._db.execute(
            "insert into page (source, page, width, height, origin, text, places, confidence, engine)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            " on conflict (source, page) do update set width = excluded.width, height = excluded.height,"
            " origin = excluded.origin, text = excluded.text, places = excluded.places,"
            " confidence = excluded.confidence, engine = excluded.engine",
            (
                words.ref.source,
                words.ref.page,
                words.size.width,
                words.size.height,
                words.origin.value,
                _joined(words.words),
                _packed(words.words),
                confidence,
                engine,
            ),
        )

    def words(self, ref: PageRef) -> PageWords | None:
        """The words of a page, or None while it has not been read; DamagedPages."""
        with sql.troubles(_damaged):
            found = self._db.execute(
                "select width, height, origin, text, places from page where source = ? and page = ?",
                (ref.source, ref.page),
            ).fetchone()
        if found is None:
            return None
        width, height, origin, text, places = found
        return PageWords(ref, PageSize(width, height), _unpacked(text, places), WordsOrigin(origin))

    def where(self, ref: PageRef, first: int, end: int) -> tuple[Box, ...]:
        """Where the words numbered ``first`` to ``end`` (left out) stand on a page: one box a line, in page points.

        Nothing where the page has no such words. Quicker than ``words``, because the page's other words are not made.
        """
        with sql.troubles(_damaged):
            found = self._db.conn.execute(
                "select places from page where source = ? and page = ?", (ref.source, ref.page)
            ).fetchone()
        return () if found is None else _lines(found[0], first, end)

    def mark_seen(self, ref: PageRef, when: datetime) -> None:
        """Add to the viewing log that a page was seen; ``when`` carries its time zone."""
        if when.tzinfo is None:
            raise ValueError("the time at which a page was seen needs a time zone")
        with sql.troubles(_damaged), self._db.atomic():
            self._db.execute(
                "insert or ignore into seen (source, page, at) values (?, ?, ?)",
                (ref.source, ref.page, when.astimezone(UTC).isoformat(timespec="microseconds")),
            )

    def seen(self) -> dict[PageRef, datetime]:
        """Every page that was seen, with the first time (UTC)."""
        with sql.troubles(_damaged):
            found = self._db.execute(
                "select source, page, min(at) from seen group by source, page order by 3"
            ).fetchall()
        return {PageRef(source, page): datetime.fromisoformat(at) for source, page, at in found}

    def preview(self, ref: PageRef) -> bytes | None:
        """The small picture of a page (JPEG), if one was kept; DamagedPages."""
        with sql.troubles(_damaged):
            found = self._db.execute(
                "select jpeg from preview where source = ? and page = ?", (ref.source, ref.page)
            ).fetchone()
        return None if found is None else bytes(found[0])

    def previewed(self) -> frozenset[PageRef]:
        """The pages that have a small picture."""
        with sql.troubles(_damaged):
            return frozenset(PageRef(*row) for row in self._db.execute("select source, page from preview").fetchall())

    def keep_preview(self, ref: PageRef, jpeg: bytes) -> None:
        """Keep a small picture of a page in place of an earlier one; DiskFull, CannotWrite."""
        with sql.troubles(_damaged), self._db.atomic():
            self._db.execute(
                "insert or replace into preview (source, page, jpeg) values (?, ?, ?)", (ref.source, ref.page, jpeg)
            )

    def copy_to(self, path: Path, key: keys.Key) -> None:
        """Write a consistent copy of the file, encrypted under ``key``; DamagedPages, DiskFull."""
        with sql.troubles(_damaged):
            sql.copy(self._db, path, key)

    def check(self) -> None:
        """Read the whole file through: DamagedPages."""
        with sql.troubles(_damaged):
            if sql.complaints(self._db):
                raise _damaged()
            # Compares the full-text index with the words that it is made of.
            self._db.execute("insert into page_fts (page_fts, rank) values ('integrity-check', 1)")
            self._db.conn.rollback()

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _joined(words: Sequence[Word]) -> str:
    # A broken font can yield half characters, which the database does not take; their place is kept.
    return " ".join(word.text for word in words).encode("utf-8", "replace").decode("utf-8")


def _packed(words: Sequence[Word]) -> bytes:
    """Column by column, which packs best: the boxes' four sides, then block, line and letters of each word.

    Sides are kept in half the room where that loses nothing, as with what a PDF reader gives.
    """
    sides = array.array("d", (side for column in zip(*(word.box for word in words), strict=True) for side in column))
    short = array.array("f", sides)
    code = "f" if short.tolist() == sides.tolist() else "d"
    counts = [word.block for word in words] + [word.line for word in words] + [len(word.text) for word in words]
    count = len(words)
    return zlib.compress(
        _HEAD.pack(count, code.encode()) + struct.pack(f"<{4 * count}{code}{3 * count}i", *sides, *counts), level=6
    )


def _unpacked(text: str, places: bytes) -> tuple[Word, ...]:
    data = zlib.decompress(places)
    count, code = _HEAD.unpack_from(data)
    values = struct.unpack_from(f"<{4 * count}{code.decode()}{3 * count}i", data, _HEAD.size)
    x0s, y0s, x1s, y1s, blocks, lines, lengths = (values[n * count : (n + 1) * count] for n in range(7))
    words = []
    start = 0
    for x0, y0, x1, y1, block, line, length in zip(x0s, y0s, x1s, y1s, blocks, lines, lengths, strict=True):
        words.append(Word(text[start : start + length], Box(x0, y0, x1, y1), block, line))
        start += length + 1
    return tuple(words)


def _lines(places: bytes, first: int, end: int) -> tuple[Box, ...]:
    """One box around the words of each line among those from ``first`` to ``end`` (left out)."""
    data = zlib.decompress(places)
    count, code = _HEAD.unpack_from(data)
    first, end = max(first, 0), min(end, count)
    if first >= end:
        return ()
    side = struct.calcsize(code)
    begin, side_code = _HEAD.size, f"<{end - first}{code.decode()}"
    sides = [struct.unpack_from(side_code, data, begin + side * (n * count + first)) for n in range(4)]
    begin += side * 4 * count
    blocks, rows = (struct.unpack_from(f"<{end - first}i", data, begin + 4 * (n * count + first)) for n in range(2))
    lines: dict[tuple[int, int], Box] = {}
    for block, row, *box in zip(blocks, rows, *sides, strict=True):
        line, around = (block, row), Box(*box)
        lines[line] = lines[line].union(around) if line in lines else around
    return tuple(lines.values())


def _damaged() -> DamagedPages:
    return DamagedPages("The page index of this case (pages.db) is damaged.", place="pages.db")
