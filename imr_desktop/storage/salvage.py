# SPDX-License-Identifier: AGPL-3.0-or-later
"""Salvaging a damaged ``vault.db``: what can be read is brought into a new file, and the wreck is kept beside it."""

import contextlib
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from imr_desktop.storage import files, keys, opening, pagesum, sql, watermark
from imr_desktop.storage.faults import Fault
from imr_desktop.storage.keyfile import KeyFile
from imr_desktop.storage.lock import DoorLock
from imr_desktop.storage.migrations import VAULT
from imr_desktop.storage.reconciling import reconcile
from imr_desktop.storage.slots import Opener
from imr_desktop.storage.sql import Database
from imr_desktop.storage.trail import VAULT_SCOPE, Kind, Trail
from imr_desktop.storage.troubles import DamagedVault
from imr_desktop.storage.unlocking import tried

_COPY: Final = "vault.db.salvage"
_REBUILT: Final = "vault.db.rebuilt"
_TABLES: Final = (
    "setting",
    "kept_key",
    "cases",
    "case_row",
    "step",
    "step_row",
    "event",
    "letter",
    "identity",
    "trust_root",
)


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What came of it: the wreck, how many cases are there again, and what is lost or doubtful, case by case."""

    wreck: Path
    cases: int
    faults: tuple[Fault, ...]


def salvage(folder: Path, opener: str | Opener) -> Salvaged:
    """Make a new ``vault.db`` of what a damaged one still gives; the vault then opens as always.

    DamagedVault if nothing can be read of it, and then only a backup helps; WrongPassphrase, AlreadyOpen, DiskFull.
    """
    lock = DoorLock(folder / opening.LOCK)
    try:
        file = KeyFile.read(folder)
        data_key = tried(folder, file, opener)
        opening.finish(folder, data_key)
        try:
            return _salvaged(folder, file, data_key)
        finally:
            keys.wipe(data_key)
            for name in (_COPY, _REBUILT):
                opening.remove_database(folder / name)
    finally:
        lock.release()


def _salvaged(folder: Path, file: KeyFile, data_key: bytearray) -> Salvaged:
    wreck = _keep_wreck(folder)
    copy, rebuilt = folder / _COPY, folder / _REBUILT
    key = keys.subkey(data_key, opening.DATABASE)
    _readable_copy(wreck, copy, key, bytes.fromhex(file.salt))
    opening.remove_database(rebuilt)
    with (
        sql.troubles(_hopeless),
        contextlib.closing(sql.opened(rebuilt, key, VAULT, _hopeless)) as new,
        contextlib.closing(sql.bare(copy, key)) as old,
        new.atomic(),
    ):
        for table in _TABLES:
            _bring_over(old, new, table)
        if not new.execute("select count(*) from kept_key").fetchone()[0]:
            raise _hopeless()
        faults, cases = reconcile(new, data_key, folder)
        watermark.begin_anew(new)
        Trail(new, VAULT_SCOPE, lambda: "this vault").add(Kind.SALVAGED, {"wreck": wreck.name})
    with files.disk_troubles():
        files.remove(*sql.with_companions(folder / opening.DATABASE)[1:])
        rebuilt.replace(folder / opening.DATABASE)
        files.sync_folder(folder)
    return Salvaged(wreck, cases, faults)


def _keep_wreck(folder: Path) -> Path:
    database = folder / opening.DATABASE
    if not database.exists() or not database.stat().st_size:
        raise _hopeless()
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    wreck = files.copy_beside(database, f"vault.db.wreck-{stamp}")
    log = database.with_name(f"{opening.DATABASE}-wal")
    if log.exists():
        files.copy_beside(log, f"{wreck.name}-wal")
    return wreck


def _readable_copy(wreck: Path, copy: Path, key: bytearray, salt: bytes) -> None:
    with files.disk_troubles():
        shutil.copyfile(wreck, copy)
        log = wreck.with_name(f"{wreck.name}-wal")
        if log.exists():
            shutil.copyfile(log, copy.with_name(f"{copy.name}-wal"))
        pagesum.remake(copy, key, salt)
        # What a crash left in the log may hold good pages in place of bad ones, so it comes in before the last look.
        with contextlib.suppress(sql.DatabaseError), contextlib.closing(sql.bare(copy, key)) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        pagesum.remake(copy, key, salt)


def _bring_over(old: Database, new: Database, table: str) -> None:
    """Copy every row of a table that can be read; what does not fit the new table stays behind."""
    wanted = list(new.table(table).columns_dict)
    for row in _rows(old, table):
        held = {name: row[name] for name in wanted if name in row}
        with contextlib.suppress(sql.DatabaseError):
            new.execute(
                f"insert or ignore into {table} ({', '.join(held)}) values ({', '.join('?' * len(held))})",  # noqa: S608
                tuple(held.values()),
            )


def _rows(db: Database, table: str) -> Iterator[dict[str, Any]]:
    """The rows of a table in order, stepping over those that cannot be read."""
    at, stride = -1, 1
    last = _last(db, table)
    while at < last:
        try:
            found = db.conn.execute(f"select rowid, * from {table} where rowid > ? order by rowid limit 1", (at,))  # noqa: S608
            names = [column[0] for column in found.description]
            row = found.fetchone()
        except sql.DatabaseError:
            at, stride = at + stride, min(stride * 2, 1 << 20)
            continue
        if row is None:
            return
        at, stride = row[0], 1
        yield dict(zip(names[1:], row[1:], strict=True))


def _last(db: Database, table: str) -> int:
    for query in ("select max(rowid) from {}", "select rowid from {} order by rowid desc limit 1"):
        with contextlib.suppress(sql.DatabaseError):
            found = db.conn.execute(query.format(table)).fetchone()
            return int(found[0]) if found and found[0] is not None else -1
    # The end of the table cannot be found; look far enough for any vault that a person fills.
    return 1 << 24


def _hopeless() -> DamagedVault:
    return DamagedVault(
        "Nothing can be read of the vault's database vault.db any more.",
        "Restore your newest backup; the damaged file is kept beside it.",
        place=opening.DATABASE,
    )
