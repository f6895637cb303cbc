# SPDX-License-Identifier: AGPL-3.0-or-later
"""The library of precedents: ``precedents.db`` in the vault's folder, with a full-text index of every decided item."""

import shutil
import zlib
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

from imr_desktop.models.precedents import Precedent, PrecedentCounts, PrecedentHit
from imr_desktop.storage import files, keys, sql
from imr_desktop.storage.migrations import PRECEDENTS
from imr_desktop.storage.troubles import DamagedPrecedents

FILE: Final = "precedents.db"
# Above so many found items their order of merit costs more than it tells; then the newest come first.
RANKED: Final = 3000
_EPOCH = date(1900, 1, 1).toordinal()
_PER_DAY = 10**10
_PER_PRECEDENT = 1000


class Precedents:
    """The library under its own key. It can be made again from the published files, so backups leave it out."""

    def __init__(self, folder: Path, key: keys.Key) -> None:
        # The pages' checksums are verified as they are read; a library of a gigabyte is not read through to open it.
        self._db = sql.opened(folder / FILE, key, PRECEDENTS, damaged, read_through=False)
        # What is lost with the power is added again by the same command.
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA cache_size = -65536")

    def check(self) -> None:
        """Read the library through: DamagedPrecedents if it is not as it was written."""
        with sql.troubles(damaged):
            if sql.complaints(self._db):
                raise damaged()

    def known(self, digests: Iterable[str]) -> frozenset[str]:
        """Those of the SHA-256 that are in the library."""
        with sql.troubles(damaged):
            find = "select 1 from added_file where sha256 = ?"
            return frozenset(each for each in digests if self._db.execute(find, (each,)).fetchone())

    def add(self, precedents: Sequence[Precedent]) -> int:
        """Add precedents in one transaction, those already there left alone; gives how many are new. DiskFull.

        The same number decided on the same day is the same precedent, whichever file it comes in.
        """
        added = 0
        with sql.troubles(damaged), self._db.atomic():
            for each in precedents:
                noted = self._db.execute("insert or ignore into added_file (sha256) values (?)", (each.sha256,))
                day = each.decided.isoformat() if each.decided else ""
                if noted.rowcount == 0 or (each.case_number and self._is_there(each.case_number, day)):
                    continue
                made = self._db.execute(
                    "insert into precedent (name, case_number, decided, content) values (?, ?, ?, ?)",
                    (each.name, each.case_number, day, zlib.compress(each.content.encode())),
                )
                added += 1
                self._add_items(int(made.lastrowid or 0), each)
        return added

    def _is_there(self, case_number: str, day: str) -> bool:
        find = "select 1 from precedent where case_number = ? and decided = ?"
        return self._db.execute(find, (case_number, day)).fetchone() is not None

    def _add_items(self, number: int, precedent: Precedent) -> None:
        day = precedent.decided.toordinal() - _EPOCH if precedent.decided else 0
        for at, item in enumerate(precedent.items[: _PER_PRECEDENT - 1]):
            # Numbered by day, so that the index gives the newest first without sorting.
            row = max(0, day) * _PER_DAY + number * _PER_PRECEDENT + at
            self._db.execute(
                "insert into decided (id, precedent, ordinal, heading, outcome) values (?, ?, ?, ?, ?)",
                (row, number, item.ordinal, item.heading, item.outcome),
            )
            self._db.execute(
                "insert into decided_fts (rowid, treatment, body, guideline, outcome, words) values (?, ?, ?, ?, ?, ?)",
                (row, item.treatment, item.body, item.guideline, item.outcome, item.words),
            )

    def count(self) -> tuple[int, PrecedentCounts]:
        """How many precedents the library has, and how many decided items with which outcomes."""
        with sql.troubles(damaged):
            (letters,) = self._db.execute("select count(*) from precedent").fetchone()
            found = dict(self._db.execute("select outcome, count(*) from decided group by outcome").fetchall())
        return letters, PrecedentCounts(sum(found.values()), found.get("Upheld", 0), found.get("Overturned", 0))

    def counts(self, expression: str) -> PrecedentCounts:
        """How many items an FTS5 expression finds, by outcome."""
        with sql.troubles(damaged):
            upheld = self._number(f"({expression}) AND outcome : upheld")
            overturned = self._number(f"({expression}) AND outcome : overturned")
        return PrecedentCounts(upheld + overturned, upheld, overturned)

    def search(self, expression: str, limit: int, *, by_rank: bool) -> tuple[PrecedentHit, ...]:
        """The items that an FTS5 expression finds, the most telling first or else the newest first."""
        order = "order by rank" if by_rank else "order by rowid desc"
        with sql.troubles(damaged):
            found = self._db.execute(
                f"select rowid from decided_fts where decided_fts match ? {order} limit ?",  # noqa: S608
                (expression, limit),
            ).fetchall()
            return tuple(self._hit(int(row)) for (row,) in found)

    def optimise(self) -> None:
        """Merge the index into one piece, as after a large addition."""
        with sql.troubles(damaged), self._db.atomic():
            self._db.execute("insert into decided_fts (decided_fts) values ('optimize')")

    def close(self) -> None:
        """Close the library."""
        self._db.close()

    def _number(self, expression: str) -> int:
        counted = "select count(*) from decided_fts where decided_fts match ?"
        return int(self._db.execute(counted, (expression,)).fetchone()[0])

    def _hit(self, row: int) -> PrecedentHit:
        number, name, case_number, decided, ordinal, heading, outcome, content = self._db.execute(
            "select p.id, p.name, p.case_number, p.decided, d.ordinal, d.heading, d.outcome, p.content"
            " from decided d join precedent p on p.id = d.precedent where d.id = ?",
            (row,),
        ).fetchone()
        return PrecedentHit(
            number,
            name,
            case_number,
            date.fromisoformat(decided) if decided else None,
            ordinal,
            heading,
            outcome,
            zlib.decompress(content).decode(),
        )


def take(source: Path, into: Path, key: keys.Key) -> bool:
    """Copy a closed library from one folder to another if it opens with this key; DiskFull, CannotWrite."""
    if not (source / FILE).exists() or not sql.opens(source / FILE, key):
        return False
    with files.disk_troubles():
        for path in sql.with_companions(source / FILE):
            if path.exists():
                shutil.copyfile(path, into / path.name)
                files.make_own(into / path.name)
                files.sync(into / path.name)
    return True


def damaged() -> DamagedPrecedents:
    """The Trouble for a damaged library."""
    return DamagedPrecedents("The library of precedents (precedents.db) is damaged.", place=FILE)
