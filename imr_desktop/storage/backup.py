# SPDX-License-Identifier: AGPL-3.0-or-later
"""Making a backup: a consistent picture of the whole vault as one file, read back before it gets its name."""

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from imr_desktop.errors import Trouble
from imr_desktop.storage import bundle, files, keys, opening, slots, sql
from imr_desktop.storage.bundle import Moved
from imr_desktop.storage.faults import Fault
from imr_desktop.storage.keyfile import KeyFile
from imr_desktop.storage.letters import SLIP
from imr_desktop.storage.slots import Opener, Passphrase
from imr_desktop.storage.sql import Database
from imr_desktop.storage.troubles import CannotWrite, OtherDataKey

STAGING: Final = "backup.staging"


@dataclass(frozen=True, slots=True)
class BackupMade:
    """A backup that was written and read back: where, when (UTC), its size, how many files, what could not be taken."""

    path: Path
    made: datetime
    byte_count: int
    files: int
    faults: tuple[Fault, ...] = ()


Snapshot = list[tuple[str, Path, int]]


def write(path: Path, file: KeyFile, data_key: keys.Key, snapshot: Snapshot, staging: Path) -> Iterator[Moved]:
    """Write a backup beside its place, read it back, and move it there: DiskFull, CannotWrite, NotABackup."""
    label = bundle.label(file, datetime.now(UTC), data_key)
    total = sum(size for _, _, size in snapshot)
    beside = path.with_name(path.name + files.PART)
    done = 0
    try:
        with contextlib.closing(files.Fresh(beside)) as out:
            for piece in bundle.envelope(label, snapshot, data_key):
                out.put(piece)
                done += len(piece)
                yield Moved(min(done, total), 2 * total)
            out.sync()
            _let_go_of_cache(out.number)
        for moved in verify(beside, data_key, staging):
            yield Moved(total + min(moved.done, total), 2 * total)
        files.put_in_place(beside, path)
    except BaseException:
        files.remove(beside)
        raise


def verify(path: Path, data_key: keys.Key, staging: Path) -> Iterator[Moved]:
    """Open a backup: every byte proven, its database opened and read through. NotABackup, DiskFull."""
    label = bundle.read_label(path)
    if label.key_mark != bundle.key_mark(data_key):
        raise OtherDataKey("The backup is under another data key than the vault has now.", place=path.name)
    database = staging / "read back" / opening.DATABASE
    try:
        yield from bundle.walk(path, label, data_key, {opening.DATABASE: database}.get)
        if not database.exists() or not sql.sound(database, keys.subkey(data_key, opening.DATABASE)):
            raise bundle.damaged(path, "holds a database that does not open")
    finally:
        shutil.rmtree(database.parent, ignore_errors=True)


def check(path: Path, opener: str | Opener, staging: Path) -> Iterator[Moved]:
    """Open a backup by one of its own ways in and read it through: NotABackup, WrongPassphrase, WrongRecoveryKey."""
    data_key = slots.unlock(bundle.read_label(path).file, Passphrase(opener) if isinstance(opener, str) else opener)
    try:
        yield from verify(path, data_key, staging)
    finally:
        keys.wipe(data_key)


def snapshot(folder: Path, db: Database, data_key: keys.Key, pages: Mapping[str, Path | Trouble]) -> Snapshot:
    """A picture of the vault that later edits do not touch: copies of the databases, and the files as they stand.

    ``pages`` gives each case's copied page index, or why it could not be copied (it then is taken as it is on disk).
    """
    if db.conn.in_transaction:
        raise RuntimeError("a backup cannot be made within a step")
    staging = folder / STAGING
    files.make_private(staging)
    key = keys.subkey(data_key, opening.DATABASE)
    try:
        sql.copy(db, staging / opening.DATABASE, key)
    finally:
        keys.wipe(key)
    found: list[tuple[str, Path]] = [(opening.DATABASE, staging / opening.DATABASE)]
    for case_id, copied in pages.items():
        name = f"cases/{case_id}/pages.db"
        found.append((name, folder / name if isinstance(copied, Trouble) else copied))
    found += [(_inside(folder, path), path) for path in sorted(folder.glob("cases/*/sources/*.enc"))]
    found += [(_inside(folder, path), path) for path in sorted((folder / "letters").glob("*.enc"))]
    found += [(_inside(folder, path), path) for path in sorted((folder / "letters").glob(f"*{SLIP}"))]
    try:
        return [(name, path, path.stat().st_size) for name, path in found]
    except OSError as error:
        raise CannotWrite(f"A file of the vault cannot be read ({error.strerror}).") from error


def clear(folder: Path) -> None:
    """Remove what a backup, or one that was cut short, left in the vault's folder; all of it is encrypted."""
    shutil.rmtree(folder / STAGING, ignore_errors=True)


def _inside(folder: Path, path: Path) -> str:
    return path.relative_to(folder).as_posix()


def _let_go_of_cache(number: int) -> None:
    # So that reading back reads what is on the disk, where the system takes such advice.
    if hasattr(os, "posix_fadvise"):
        with contextlib.suppress(OSError):
            os.posix_fadvise(number, 0, 0, os.POSIX_FADV_DONTNEED)
