# SPDX-License-Identifier: AGPL-3.0-or-later
"""Restoring a backup: into a new place first, checked there, then swapped with what was there, which is set aside."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from imr_desktop.storage import bundle, files, keys, opening, sql, watermark
from imr_desktop.storage.bundle import Moved
from imr_desktop.storage.case_store import damaged
from imr_desktop.storage.checking import CheckReport
from imr_desktop.storage.faults import Fault
from imr_desktop.storage.keyfile import KeyFile
from imr_desktop.storage.lock import DoorLock
from imr_desktop.storage.slots import Opener
from imr_desktop.storage.trail import Kind
from imr_desktop.storage.troubles import CannotWrite, NotABackup, NoVault
from imr_desktop.storage.unlocking import tried
from imr_desktop.storage.vault import LINE, Vault


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was put back: when it was made, what was set aside (None: nothing there), what is wrong in it."""

    folder: Path
    made: datetime
    set_aside: Path | None
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A backup that was tried out: when it was made, and what was read and found in it; nothing was changed."""

    made: datetime
    report: CheckReport


def restore(path: Path, into: Path, opener: str | Opener) -> Iterator[Moved | Restored]:
    """Restore a backup to a folder; yields progress and, last, what came of it. It then opens like any vault.

    NotABackup, WrongPassphrase, WrongRecoveryKey, AlreadyOpen, DiskFull, CannotWrite: then nothing has changed.
    What was in the folder is renamed, never removed; NoVault if that is something else than a vault.
    """
    _refuse_strange(into)
    label = bundle.read_label(path)
    data_key = tried(into, label.file, opener)
    staging = opening.staging_of(into)
    try:
        yield from _unpacked(path, label, data_key, staging)
        report = _checked(path, staging, label, data_key, into)
        (staging / opening.RESTORED).touch()
        set_aside = _swap(into)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    finally:
        keys.wipe(data_key)
    yield Restored(into, label.made, set_aside, report.faults)


def rehearse(path: Path, beside: Path, opener: str | Opener) -> Iterator[Moved | Rehearsed]:
    """Restore a backup beside a vault, check everything in it as a restore does, and take it away again.

    The vault may be open meanwhile. NotABackup, WrongPassphrase, WrongRecoveryKey, DiskFull, CannotWrite.
    """
    label = bundle.read_label(path)
    data_key = tried(beside, label.file, opener)
    staging = beside.with_name(beside.name + ".rehearsing")
    try:
        yield from _unpacked(path, label, data_key, staging)
        report = _checked(path, staging, label, data_key)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        keys.wipe(data_key)
    yield Rehearsed(label.made, report)


def _unpacked(path: Path, label: bundle.Label, data_key: bytearray, staging: Path) -> Iterator[Moved]:
    shutil.rmtree(staging, ignore_errors=True)
    files.make_private(staging)
    yield from bundle.walk(path, label, data_key, lambda name: staging / name)


def _checked(
    path: Path, staging: Path, label: bundle.Label, data_key: bytearray, beside: Path | None = None
) -> CheckReport:
    if not (staging / opening.DATABASE).exists():
        raise bundle.damaged(path, "holds no database")
    salt = opening.salt_of(staging / opening.DATABASE)
    replace(label.file, salt=salt).write(staging)
    lock = DoorLock(staging / opening.LOCK)
    try:
        db = opening.open_database(staging, data_key)
    except BaseException as error:
        lock.release()
        if isinstance(error, type(damaged())):
            raise NotABackup("The backup holds a damaged database.", place=path.name) from error
        raise
    with closing(Vault(staging, bytearray(data_key), KeyFile.read(staging), db, lock)) as vault:
        # The mark of the vault that was backed up speaks of a file that is not here.
        with sql.troubles(damaged), db.atomic():
            watermark.begin_anew(db)
        vault.keep_setting(LINE, os.urandom(2).hex())
        vault.record(Kind.RESTORED, {"made": label.made.isoformat()})
        report = vault.check()
        if beside is not None:
            # Backups leave the library of precedents out; the one that is there is carried over if the key is the same.
            vault.take_precedents(beside)
        return report


def _refuse_strange(into: Path) -> None:
    if into.exists() and not all(
        path.name == opening.RESTORED or opening.is_ours(path.name) for path in into.iterdir()
    ):
        raise NoVault("The folder holds other things than a vault.", "Choose the vault's folder, or a new one.")


def _swap(into: Path) -> Path | None:
    """Put the restored vault in its place. A crash in between is finished at the next opening."""
    set_aside = None
    # Held until the new vault stands: nobody opens the old one between the two renames and writes into what is set
    # aside. Windows moves no folder in which a file is open.
    lock = DoorLock(into / opening.LOCK) if Vault.exists(into) and into.exists() else None
    try:
        with files.disk_troubles():
            if into.exists() and any(into.iterdir()):
                set_aside = _free_name(into)
                if lock is not None and sys.platform == "win32":
                    lock.release()
                into.rename(set_aside)
            elif into.exists():
                into.rmdir()
            try:
                opening.finish_restoring(into)
            except OSError as error:
                if set_aside is not None and not into.exists():
                    set_aside.rename(into)
                raise CannotWrite("The restored vault could not be put in its place.") from error
    finally:
        if lock is not None:
            lock.release()
    return set_aside


def _free_name(into: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S")
    for number in range(1, 1000):
        name = into.with_name(f"{into.name}.set-aside-{stamp}" + (f"-{number}" if number > 1 else ""))
        if not name.exists():
            return name
    raise CannotWrite("There are too many vaults set aside.")
