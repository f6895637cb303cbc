# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shelf of cases: making one, finding them, putting one into the archive, and destroying one with its key."""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from cryptography.exceptions import InvalidTag

from imr_desktop.errors import Trouble
from imr_desktop.models.case import Case, CaseHeader, Imro, LetterText
from imr_desktop.storage import files, keys, rows
from imr_desktop.storage.case_store import CaseStore, build, damaged
from imr_desktop.storage.journal import Deed, Journal
from imr_desktop.storage.letters import Letters
from imr_desktop.storage.rows import Kept, Table
from imr_desktop.storage.sql import Database
from imr_desktop.storage.trail import VAULT_SCOPE, Kind, Trail
from imr_desktop.storage.troubles import DamagedPages, NoSuchCase

LETTERS_KEY = "letters"

# The tables that hold what belongs to one case, with the column that names it.
_OF_A_CASE = {"cases": "id", "case_row": "case_id", "step": "case_id", "step_row": "case_id", "event": "scope"}


@dataclass(frozen=True, slots=True)
class Archived:
    """A case in the archive: what the worklist showed of it, since when (UTC), and from when on it may be deleted."""

    case: Case
    since: datetime
    due: date | None


class CaseStamp(NamedTuple):
    """Whether a case has changed: its last step's number, whether it is archived, the day it was made, its letters.

    ``issued`` is when the first of its letters was filed (ISO 8601), empty before.
    """

    latest: int
    archived: bool
    made: str
    letters: int
    issued: str


@dataclass(frozen=True)
class Stamps:
    """The stamps of all cases in the order in which they were made, a column each: ten thousand are compared at once.

    ``columns`` has ids, latest, archived (0 or 1) and made as texts, an entry for each case between blanks; ``issued``
    has, of cases with letters, their number and when the first was filed.
    """

    columns: tuple[str, str, str, str]
    issued: Mapping[str, tuple[int, str]]

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of the cases."""
        return tuple(self.columns[0].split())

    @cached_property
    def _others(self) -> tuple[list[str], ...]:
        # An entry may be empty where the vault is damaged; it keeps its place.
        return tuple(column.split(" ") for column in self.columns[1:])

    def stamp(self, number: int) -> CaseStamp:
        """The stamp of the case of this number, from 0."""
        letters, first = self.issued.get(self.ids[number], (0, ""))
        latest, archived, made = (column[number] for column in self._others)
        return CaseStamp(int(latest), archived == "1", made, letters, first)

    def by_case(self) -> dict[str, CaseStamp]:
        """The stamps by the cases' ids."""
        return {case_id: self.stamp(number) for number, case_id in enumerate(self.ids)}


class Shelf:
    """The cases of an open vault."""

    def __init__(self, folder: Path, db: Database, wrapping_key: bytearray, who: Callable[[], str]) -> None:
        self._folder = folder
        self._db = db
        self._wrapping_key = wrapping_key
        self._who = who
        self._stores: dict[str, CaseStore] = {}
        self._listed: dict[str, tuple[int, Case]] = {}
        self.letters = Letters(db, folder / "letters", self.kept_key(LETTERS_KEY))
        self._trail = Trail(db, VAULT_SCOPE, who)

    def new_case(self, header: CaseHeader, imro: Imro, letter: LetterText) -> CaseStore:
        """A new case under a key of its own."""
        case_id = os.urandom(8).hex()
        values = {Table.HEADER: header, Table.IMRO: imro, Table.LETTER: letter}
        made = {
            (table, table.value): Kept(0.0, rows.encode(table, table.value, value)) for table, value in values.items()
        }
        with self._db.atomic():
            new_kept_key(self._db, self._wrapping_key, case_key(case_id))
            self._db.execute(
                "insert into cases (id, opened, latest) values (?, ?, 0)", (case_id, datetime.now(UTC).isoformat())
            )
            for (table, row_id), kept in made.items():
                rows.place(self._db, case_id, table, row_id, kept)
            noted = {row: (None, kept) for row, kept in made.items()}
            Journal(self._db, case_id, Trail(self._db, case_id, self._who)).note(Deed.MADE, "New case", noted)
        return self.case(case_id)

    def case(self, case_id: str) -> CaseStore:
        """The case with this id, the same object each time; NoSuchCase."""
        if case_id not in self._stores:
            key = self.kept_key(case_key(case_id))
            folder = self._folder / "cases" / case_id
            self._stores[case_id] = CaseStore(self._db, folder, case_id, key, self.letters, self._who)
        return self._stores[case_id]

    def remove_case(self, case_id: str) -> None:
        """Remove a case, and its key from the database, its log and the copies that migrations made; NoSuchCase."""
        keys.wipe(self.kept_key(case_key(case_id)))
        with self._db.atomic():
            head = Trail(self._db, case_id, self._who).head()
            self._db.execute("delete from kept_key where id = ?", (case_key(case_id),))
            for table, column in _OF_A_CASE.items():
                self._db.execute(f"delete from {table} where {column} = ?", (case_id,))  # noqa: S608
            self._trail.add(Kind.REMOVED, {"case": case_id, "events": head.number, "head": head.link})
        self.forget(case_id)
        shutil.rmtree(self._folder / "cases" / case_id, ignore_errors=True)
        if not self._db.conn.in_transaction:
            self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            files.remove(*self._folder.glob("vault.db.before-*"))

    def drop_but(self, kept: set[str]) -> None:
        """Drop what a transaction that was taken back left in memory and in folders; the cases ``kept`` stay."""
        self._listed.clear()
        for case_id in [*self._stores]:
            if case_id not in kept:
                self.forget(case_id)
                shutil.rmtree(self._folder / "cases" / case_id, ignore_errors=True)

    def forget(self, case_id: str) -> None:
        """Close what is open of a case."""
        if case_id in self._stores:
            self._stores.pop(case_id).close()
        self._listed.pop(case_id, None)

    def archive(self, case_id: str, at: datetime | None) -> None:
        """Put a case into the archive, or (None) take it back; NoSuchCase."""
        keys.wipe(self.kept_key(case_key(case_id)))
        with self._db.atomic():
            self._db.execute(
                "update cases set archived = ? where id = ?",
                (None if at is None else at.astimezone(UTC).isoformat(), case_id),
            )
            Trail(self._db, case_id, self._who).add(Kind.UNARCHIVED if at is None else Kind.ARCHIVED, {})

    def cases(self) -> tuple[Case, ...]:
        """The cases that are not in the archive, in the order in which they were made: header, IMRO and items only."""
        found = self._db.execute("select id, latest from cases where archived is null order by opened, id").fetchall()
        return tuple(self._summary(case_id, latest) for case_id, latest in found)

    def archived(self, retention_days: int | None) -> tuple[Archived, ...]:
        """The cases in the archive, those put there first at the front."""
        found = self._db.execute(
            "select id, latest, archived from cases where archived is not null order by archived, id"
        ).fetchall()
        told = []
        for case_id, latest, at in found:
            since = datetime.fromisoformat(at)
            due = None if retention_days is None else since.date() + timedelta(days=retention_days)
            told.append(Archived(self._summary(case_id, latest), since, due))
        return tuple(told)

    def ids(self) -> tuple[str, ...]:
        """The ids of all cases, archived ones too, in the order in which they were made."""
        return tuple(case_id for (case_id,) in self._db.execute("select id from cases order by opened, id").fetchall())

    def counts(self) -> dict[str, dict[Table, int]]:
        """How many rows of each kind every case has, by case id."""
        found = self._db.execute("select case_id, kind, count(*) from case_row group by case_id, kind").fetchall()
        counted: dict[str, dict[Table, int]] = {}
        for case_id, kind, count in found:
            counted.setdefault(case_id, {})[Table(kind)] = count
        return counted

    def page_counts(self) -> dict[str, int]:
        """How many pages the sources of every case have, by case id."""
        found = self._db.execute(
            "select case_id, sum(json_array_length(value, '$.sizes')) from case_row where kind = ? group by case_id",
            (Table.SOURCE,),
        ).fetchall()
        return dict(found)

    def kept_or_new_key(self, name: str) -> bytearray:
        """A key that the database keeps wrapped; made within the caller's transaction if there is none yet."""
        if self._db.execute("select 1 from kept_key where id = ?", (name,)).fetchone() is None:
            new_kept_key(self._db, self._wrapping_key, name)
        return self.kept_key(name)

    def kept_key(self, name: str) -> bytearray:
        """A key that is kept in the database: NoSuchCase, DamagedVault."""
        found = self._db.execute("select wrapped from kept_key where id = ?", (name,)).fetchone()
        if found is None and name == LETTERS_KEY:
            raise damaged()
        if found is None:
            raise NoSuchCase("This case is not in the vault.")
        try:
            return keys.unwrap(self._wrapping_key, found[0], name)
        except InvalidTag as error:
            raise damaged() from error

    def copied_pages(self, staging: Path) -> Iterator[tuple[str, Path | Trouble]]:
        """For each case that has a page index a consistent copy of it, or why it could not be copied."""
        for case_id in self.ids():
            target = staging / f"{case_id}.pages.db"
            files.make_private(staging)
            try:
                if self.case(case_id).copy_pages(target):
                    yield case_id, target
            except DamagedPages as trouble:
                yield case_id, trouble

    def note_coverage(self) -> None:
        """Record for every open case how many of its pages were seen."""
        for store in self._stores.values():
            store.note_coverage()

    def close(self) -> None:
        """Close every case and let the keys go."""
        for store in self._stores.values():
            store.close()
        self._stores.clear()
        self._listed.clear()
        self.letters.close()
        keys.wipe(self._wrapping_key)

    def stamps(self) -> Stamps:
        """Of every case in one look what tells whether it has changed, in the order in which they were made."""
        issued = {
            case_id: (count, day)
            for case_id, count, day in self._db.execute(
                "select case_id, count(*), min(filed) from letter group by case_id"
            ).fetchall()
        }
        found = self._db.execute(
            "select group_concat(id, ' '), group_concat(latest, ' '), group_concat(stored, ' '), group_concat(day, ' ')"
            " from (select id, latest, archived is not null as stored, substr(opened, 1, 10) as day"
            " from cases order by opened, id)"
        ).fetchone()
        ids, latest, archived, made = (column or "" for column in found)
        return Stamps((ids, latest, archived, made), issued)

    def summary(self, case_id: str) -> Case:
        """A case's header, IMRO and items; NoSuchCase."""
        found = self._db.execute("select latest from cases where id = ?", (case_id,)).fetchone()
        if found is None:
            raise NoSuchCase("This case is not in the vault.")
        return self._summary(case_id, found[0])

    def _summary(self, case_id: str, latest: int) -> Case:
        held = self._listed.get(case_id)
        if held is None or held[0] != latest:
            found = self._db.execute(
                "select kind, value from case_row where case_id = ? and kind in (?, ?, ?) order by kind, position, id",
                (case_id, Table.HEADER, Table.IMRO, Table.ITEM),
            ).fetchall()
            case = build(case_id, ((Table(kind), rows.decode(Table(kind), value)) for kind, value in found))
            held = self._listed[case_id] = (latest, case)
        return held[1]


def new_kept_key(db: Database, wrapping_key: keys.Key, name: str) -> None:
    """Make a key and keep it in the database under a name."""
    key = keys.new_key()
    db.execute("insert into kept_key (id, wrapped) values (?, ?)", (name, keys.wrap(wrapping_key, key, name)))
    keys.wipe(key)


def case_key(case_id: str) -> str:
    """The name of a case's key."""
    return f"case {case_id}"


def wrapping_key(data_key: keys.Key) -> bytearray:
    """The key that wraps all kept keys."""
    return keys.subkey(data_key, "kept keys")
