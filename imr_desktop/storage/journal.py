# SPDX-License-Identifier: AGPL-3.0-or-later
"""The journal of a case: every step with each row before and after, so that it can be undone, redone and looked up."""

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

from imr_desktop.storage import rows
from imr_desktop.storage.rows import Change, Kept, Table
from imr_desktop.storage.sql import Database
from imr_desktop.storage.trail import Trail

UNDOABLE: Final = 1000
"""How many of the latest steps of a case can be undone; older ones stay in the journal as history."""

Noted = Mapping[tuple[Table, str], tuple[Kept | None, Kept | None]]


class Deed(StrEnum):
    """What an entry of the journal records."""

    MADE = "made"
    EDIT = "edit"
    UNDO = "undo"
    REDO = "redo"


class _State(StrEnum):
    DONE = "done"
    UNDONE = "undone"
    DROPPED = "dropped"  # was undone when something else was done instead
    PAST = "past"  # done, and too long ago to be undone


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: its number in the case (from 1), when (UTC), and for an undo or redo the number of the step."""

    number: int
    deed: Deed
    label: str
    at: datetime
    concerns: int | None = None


class Journal:
    """The journal of one case. Entries are only ever added; which steps can be undone is kept beside them."""

    def __init__(self, db: Database, case_id: str, trail: Trail) -> None:
        self._db = db
        self._case = case_id
        self._trail = trail

    def note(self, deed: Deed, label: str, noted: Noted) -> Change:
        """Add a step that was just done, within its transaction; what had been undone can no longer be redone."""
        state = None
        if deed is Deed.EDIT:
            state = _State.DONE
            self._db.execute(
                "update step set state = ? where case_id = ? and state = ?",
                (_State.DROPPED, self._case, _State.UNDONE),
            )
        entry = self._add(deed, label, None, state)
        packed = [(table.value, row_id, _packed(*pair)) for (table, row_id), pair in noted.items()]
        for kind, row_id, change in packed:
            self._db.execute(
                "insert into step_row (case_id, number, kind, id, change) values (?, ?, ?, ?, ?)",
                (self._case, entry.number, kind, row_id, change),
            )
        self._trail.add(deed.value, {"step": entry.number, "label": label}, subject_of(entry, packed), entry.at)
        self._db.execute(
            "update step set state = ? where case_id = ? and state = ? and number <="
            " (select number from step where case_id = ? and state = ? order by number desc limit 1 offset ?)",
            (_State.PAST, self._case, _State.DONE, self._case, _State.DONE, UNDOABLE),
        )
        return _change(label, noted)

    def undo(self) -> Change | None:
        """Put every row of the last step back as it was before; None if there is nothing to undo."""
        return self._turn(self._last_done(), Deed.UNDO, _State.UNDONE)

    def redo(self) -> Change | None:
        """Do again what was undone last; None if there is nothing to redo."""
        return self._turn(self._first_undone(), Deed.REDO, _State.DONE)

    @property
    def undo_label(self) -> str | None:
        """The label of the step that undo would take back."""
        step = self._last_done()
        return None if step is None else step[1]

    @property
    def redo_label(self) -> str | None:
        """The label of the step that redo would do again."""
        step = self._first_undone()
        return None if step is None else step[1]

    def entries(self) -> tuple[Entry, ...]:
        """Everything that was ever done in the case, in order."""
        found = self._db.execute(
            "select number, deed, label, at, concerns from step where case_id = ? order by number", (self._case,)
        ).fetchall()
        return tuple(
            Entry(number, Deed(deed), label, datetime.fromisoformat(at), concerns)
            for number, deed, label, at, concerns in found
        )

    def changes_of(self, table: Table, row_id: str) -> Iterator[tuple[Entry, Kept | None]]:
        """Every entry that touched a row, in order, with the row as the entry left it."""
        found = self._db.execute(
            "select step.number, deed, label, at, concerns, change from step join step_row"
            " on step_row.case_id = step.case_id and step_row.number = coalesce(concerns, step.number)"
            " where step.case_id = ? and step_row.kind = ? and step_row.id = ? order by step.number",
            (self._case, table.value, row_id),
        )
        for number, deed, label, at, concerns, change in found.fetchall():
            before, after = unpacked(change)
            entry = Entry(number, Deed(deed), label, datetime.fromisoformat(at), concerns)
            yield entry, before if entry.deed is Deed.UNDO else after

    def ever(self, table: Table) -> set[str]:
        """The ids of all rows of a kind that the journal knows."""
        found = self._db.execute(
            "select distinct id from step_row where case_id = ? and kind = ?", (self._case, table.value)
        ).fetchall()
        return {row_id for (row_id,) in found}

    def _turn(self, step: tuple[int, str] | None, deed: Deed, state: _State) -> Change | None:
        if step is None:
            return None
        number, label = step
        with self._db.atomic():
            noted = self._noted(number)
            for (table, row_id), (before, after) in noted.items():
                rows.place(self._db, self._case, table, row_id, before if deed is Deed.UNDO else after)
            self._db.execute("update step set state = ? where case_id = ? and number = ?", (state, self._case, number))
            entry = self._add(deed, label, number, None)
            self._trail.add(deed.value, {"step": entry.number, "label": label}, subject_of(entry, ()), entry.at)
        return _change(label, noted)

    def _add(self, deed: Deed, label: str, concerns: int | None, state: _State | None) -> Entry:
        self._db.execute("update cases set latest = latest + 1 where id = ?", (self._case,))
        number = int(self._db.execute("select latest from cases where id = ?", (self._case,)).fetchone()[0])
        entry = Entry(number, deed, label, datetime.now(UTC), concerns)
        self._db.execute(
            "insert into step (case_id, number, deed, label, at, concerns, state) values (?, ?, ?, ?, ?, ?, ?)",
            (self._case, number, deed, label, entry.at.isoformat(), concerns, state),
        )
        return entry

    def _noted(self, number: int) -> Noted:
        found = self._db.execute(
            "select kind, id, change from step_row where case_id = ? and number = ?", (self._case, number)
        ).fetchall()
        return {(Table(kind), row_id): unpacked(change) for kind, row_id, change in found}

    def _last_done(self) -> tuple[int, str] | None:
        return self._step(
            "select number, label from step where case_id = ? and state = ? order by number desc limit 1", _State.DONE
        )

    def _first_undone(self) -> tuple[int, str] | None:
        return self._step(
            "select number, label from step where case_id = ? and state = ? order by number limit 1", _State.UNDONE
        )

    def _step(self, query: str, state: _State) -> tuple[int, str] | None:
        found = self._db.execute(query, (self._case, state)).fetchone()
        return None if found is None else (int(found[0]), str(found[1]))


def subject_of(entry: Entry, packed: Iterable[tuple[str, str, bytes]]) -> str:
    """The digest by which the audit trail vouches for an entry and for the rows (kind, id, change) that it touched."""
    digest = hashlib.sha256(rows.dumps([entry.number, entry.deed.value, entry.label, entry.concerns]).encode())
    for kind, row_id, change in sorted(packed):
        digest.update(rows.dumps([kind, row_id, hashlib.sha256(change).hexdigest()]).encode())
    return digest.hexdigest()


def _packed(before: Kept | None, after: Kept | None) -> bytes:
    # Before and after of a narrative differ by a sentence; packed together they cost little more than one of them.
    pair = [None if kept is None else asdict(kept) for kept in (before, after)]
    return zlib.compress(rows.dumps(pair).encode())


def unpacked(change: bytes) -> tuple[Kept | None, Kept | None]:
    """A row before and after a step, as the journal keeps them."""
    before, after = (None if kept is None else Kept(**kept) for kept in json.loads(zlib.decompress(change)))
    return before, after


def _change(label: str, noted: Noted) -> Change:
    return Change(label, frozenset(table for table, _ in noted), frozenset(noted))
