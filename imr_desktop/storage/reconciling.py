# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making a salvaged database whole: rows are judged one by one, and what the journal still knows is put back."""

import json
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidTag

from imr_desktop.storage import keys, rows, shelf
from imr_desktop.storage.audit import audit_case, journal_holds, journal_of, replayed
from imr_desktop.storage.faults import Fault
from imr_desktop.storage.journal import unpacked
from imr_desktop.storage.letters import Letters
from imr_desktop.storage.rows import Kept, Table
from imr_desktop.storage.sql import Database
from imr_desktop.storage.troubles import DamagedVault

_LOOK = "Look the case over before you go on with it, or take it from your newest backup; the damaged file is kept."


def reconcile(db: Database, data_key: keys.Key, folder: Path) -> tuple[tuple[Fault, ...], int]:
    """Drop what is no longer what was written, and put back what the journal and the letters' slips still tell.

    Gives what is lost or doubtful, and how many cases there are.
    """
    wrapping = shelf.wrapping_key(data_key)
    faults = _settings(db)
    faults += _judge_steps(db)
    _name_cases(db)
    cases = [case_id for (case_id,) in db.execute("select id from cases order by opened, id").fetchall()]
    for case_id in cases:
        faults += _case(db, case_id)
        faults += [replace(fault, advice=_LOOK) for fault in audit_case(db, case_id, ()).faults]
        if not _key(db, wrapping, shelf.case_key(case_id)):
            faults.append(_fault("The key of this case is lost, and with it its source files and page index.", case_id))
            _new_key(db, wrapping, shelf.case_key(case_id))
    faults += _letters(db, wrapping, folder)
    keys.wipe(wrapping)
    return tuple(faults), len(cases)


def _settings(db: Database) -> list[Fault]:
    lost = [name for name, value in db.execute("select name, value from setting").fetchall() if not _reads(value)]
    for name in lost:
        db.execute("delete from setting where name = ?", (name,))
    return [Fault(f"The setting {name} is lost.", "Set it again.", "vault.db") for name in lost]


def _judge_steps(db: Database) -> list[Fault]:
    hurt: set[str] = set()
    for rowid, case_id, change in db.execute("select rowid, case_id, change from step_row").fetchall():
        try:
            unpacked(change)
        except (ValueError, TypeError, zlib.error):
            db.execute("delete from step_row where rowid = ?", (rowid,))
            hurt.add(str(case_id))
    return [
        _fault("A step in the journal of this case is lost, so not all of it can be undone.", each) for each in hurt
    ]


def _name_cases(db: Database) -> None:
    """Bring back cases of which rows or keys are there, but not their own line."""
    known = {case_id for (case_id,) in db.execute("select id from cases").fetchall()}
    named = {case_id for (case_id,) in db.execute("select distinct case_id from case_row").fetchall()}
    named |= {case_id for (case_id,) in db.execute("select distinct case_id from step").fetchall()}
    kept = {str(name)[5:] for (name,) in db.execute("select id from kept_key where id like 'case %'").fetchall()}
    # Noise can look like a case; one that has a key, or was there, is one.
    for case_id in sorted((named & kept) - known):
        opened = db.execute("select min(at) from step where case_id = ?", (case_id,)).fetchone()[0]
        db.execute(
            "insert into cases (id, opened, latest) values (?, ?, 0)",
            (case_id, opened or datetime.now(UTC).isoformat()),
        )
    db.execute(
        "update cases set latest = max(latest, (select coalesce(max(number), 0) from step where case_id = cases.id))"
    )


def _case(db: Database, case_id: str) -> list[Fault]:
    faults: list[Fault] = []
    present: dict[tuple[str, str], Kept] = {}
    for kind, row_id, position, value in db.execute(
        "select kind, id, position, value from case_row where case_id = ?", (case_id,)
    ).fetchall():
        if _is_row(kind, value):
            present[kind, row_id] = Kept(position, value)
        else:
            db.execute("delete from case_row where case_id = ? and kind = ? and id = ?", (case_id, kind, row_id))
    try:
        told = replayed(*journal_of(db, case_id))
    except (ValueError, TypeError, zlib.error):
        return [_fault("The journal of this case cannot be read.", case_id)]
    # A whole journal is packed with checksums and vouched for by the chain, so it is believed before a single row is.
    whole = journal_holds(db, case_id)
    for kind, row_id in sorted(present.keys() | told.keys()):
        there, kept = present.get((kind, row_id)), told.get((kind, row_id))
        if there == kept:
            continue
        if there is None or whole:
            rows.place(db, case_id, Table(kind), row_id, kept)
            faults.append(_fault(f"A row of this case ({kind}) was damaged and was taken from the journal.", case_id))
        else:
            faults.append(_fault(f"A row of this case ({kind}) may be older or newer than it was last seen.", case_id))
    return faults


def _letters(db: Database, wrapping: bytearray, folder: Path) -> list[Fault]:
    faults = []
    if not _key(db, wrapping, shelf.LETTERS_KEY):
        faults.append(Fault("The key of the issued letters is lost.", "Restore your newest backup.", "vault.db"))
        _new_key(db, wrapping, shelf.LETTERS_KEY)
    (wrapped,) = db.execute("select wrapped from kept_key where id = ?", (shelf.LETTERS_KEY,)).fetchone()
    letters = Letters(db, folder / "letters", keys.unwrap(wrapping, wrapped, shelf.LETTERS_KEY))
    for letter_id, note, filed in db.execute("select id, note, filed from letter").fetchall():
        if not _reads(note) or not _is_time(filed):
            db.execute("delete from letter where id = ?", (letter_id,))
    known = {left.letter_id for left in letters.known()}
    for left in letters.slips():
        if left.letter_id not in known:
            letters.take_back(left)
            faults.append(
                _fault(f"The entry of the letter {left.name} was damaged; the letter itself is whole.", left.case_id)
            )
    letters.close()
    return faults


def _key(db: Database, wrapping: bytearray, name: str) -> bool:
    found = db.execute("select wrapped from kept_key where id = ?", (name,)).fetchone()
    try:
        keys.wipe(keys.unwrap(wrapping, bytes(found[0]) if found else b"", name))
    except (InvalidTag, TypeError):
        db.execute("delete from kept_key where id = ?", (name,))
        return False
    return True


def _new_key(db: Database, wrapping: bytearray, name: str) -> None:
    shelf.new_kept_key(db, wrapping, name)


def _is_row(kind: str, value: str) -> bool:
    try:
        # Everything is kept as ASCII, so whatever else is in a row is noise.
        value.encode("ascii")
        rows.decode(Table(kind), value)
    except (DamagedVault, ValueError):
        return False
    return True


def _reads(value: object) -> bool:
    try:
        json.loads(str(value).encode("ascii"))
    except ValueError:
        return False
    return isinstance(value, str)


def _is_time(value: object) -> bool:
    try:
        datetime.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _fault(says: str, case_id: str) -> Fault:
    return Fault(says, _LOOK, "vault.db", case_id)
