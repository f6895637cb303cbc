# SPDX-License-Identifier: AGPL-3.0-or-later
"""The files of a vault: making them, finishing what a crash cut short, and opening the database among them."""

import contextlib
from pathlib import Path
from typing import Final

from imr_desktop.storage import files, keys, shelf, sql
from imr_desktop.storage.audit import adopt
from imr_desktop.storage.case_store import damaged
from imr_desktop.storage.keyfile import COPY, KEY_FILE
from imr_desktop.storage.migrations import VAULT
from imr_desktop.storage.sql import Database
from imr_desktop.storage.trail import VAULT_SCOPE, Kind, Trail
from imr_desktop.storage.troubles import DamagedVault

DATABASE: Final = "vault.db"
LOCK: Final = "vault.lock"
UNFINISHED: Final = "vault.db.new"
REKEYED: Final = "vault.db.new-key"
RESTORED: Final = "restored.whole"
_PLAIN_SQLITE = b"SQLite format 3"
_SALT = 16


def exists(folder: Path) -> bool:
    """Whether the folder holds a vault, or what is left of one."""
    return any((folder / name).exists() for name in (KEY_FILE, COPY, DATABASE)) or _restored(folder)


def is_ours(name: str) -> bool:
    """Whether a file or folder of this name in a vault's folder belongs to the vault."""
    return name in {"cases", "letters", "backup.staging"} or name.startswith(("vault.", "precedents.db"))


def staging_of(folder: Path) -> Path:
    """Where a backup is restored to before it takes the place of the vault in this folder."""
    return folder.with_name(folder.name + ".restoring")


def finish_restoring(folder: Path) -> None:
    """Put a restored vault in its place if that was cut short between setting the old one aside and this; OSError."""
    if not folder.exists() and _restored(folder):
        staging_of(folder).rename(folder)
        files.remove(folder / RESTORED)
        files.sync_folder(folder.parent)


def _restored(folder: Path) -> bool:
    return not folder.exists() and (staging_of(folder) / RESTORED).exists()


def make_database(folder: Path, data_key: keys.Key) -> None:
    """Make the database of a new vault under a name that does not count yet."""
    path = folder / UNFINISHED
    remove_database(path)
    with sql.troubles(damaged), contextlib.closing(_opened(path, data_key)) as db, db.atomic():
        wrapping = shelf.wrapping_key(data_key)
        shelf.new_kept_key(db, wrapping, shelf.LETTERS_KEY)
        keys.wipe(wrapping)
        Trail(db, VAULT_SCOPE, lambda: "this vault").add(Kind.CREATED, {})


def finish(folder: Path, data_key: keys.Key) -> None:
    """Finish a creation or a change of the data key that was cut short behind the point from which it counts."""
    database = folder / DATABASE
    unfinished, rekeyed = folder / UNFINISHED, folder / REKEYED
    with files.disk_troubles():
        if unfinished.exists() and not database.exists():
            unfinished.replace(database)
            files.sync_folder(folder)
        if rekeyed.exists():
            # The key file is what counts: if its key opens the copy, the new key is in force, else it never was.
            if sql.opens(rekeyed, keys.subkey(data_key, DATABASE)):
                files.remove(*sql.with_companions(database)[1:])
                rekeyed.replace(database)
                # Not yet lasting does no harm: until it is, the next opening finds the copy and comes here again.
                with contextlib.suppress(OSError):
                    files.sync_folder(folder)
            else:
                remove_database(rekeyed)


def open_database(folder: Path, data_key: keys.Key, *, read_through: bool = True) -> Database:
    """Open ``vault.db`` and bring it to the present form: DamagedVault, NewerVault, AlreadyOpen, DiskFull.

    Without ``read_through`` a damaged page is found out when it is needed.
    """
    path = folder / DATABASE
    try:
        with path.open("rb") as file:
            start = file.read(len(_PLAIN_SQLITE))
    except FileNotFoundError as error:
        raise DamagedVault("The vault's database vault.db is missing.", place=DATABASE) from error
    except OSError as error:
        raise DamagedVault("The vault's database vault.db cannot be read.", place=DATABASE) from error
    # An empty or a plain file would be taken for a new database, and the vault would look as if it had lost all.
    if len(start) < len(_PLAIN_SQLITE) or start == _PLAIN_SQLITE:
        raise DamagedVault("The vault's database vault.db was emptied or exchanged.", place=DATABASE)
    db = _opened(path, data_key, read_through)
    try:
        with sql.troubles(damaged), db.atomic():
            adopt(db)
    except BaseException:
        db.close()
        raise
    return db


def left_a_log(folder: Path) -> bool:
    """Whether the program was stopped hard: the database's log, which closing takes away, still stands beside it."""
    with contextlib.suppress(OSError):
        return (folder / f"{DATABASE}-wal").stat().st_size > 0
    return False


def salt_of(path: Path) -> str:
    """The random first bytes of a database file, from which its pages' checksums are keyed."""
    with contextlib.suppress(OSError), path.open("rb") as file:
        return file.read(_SALT).hex()
    return ""


def remove_database(path: Path) -> None:
    """Remove a database file with what stands beside it."""
    files.remove(*sql.with_companions(path))


def pages_sound(folder: Path, key: bytearray) -> bool:
    """Whether every page of ``vault.db`` is as it was written; from any thread. The key is let go."""
    try:
        return sql.pages_sound(folder / DATABASE, key)
    finally:
        keys.wipe(key)


def _opened(path: Path, data_key: keys.Key, read_through: bool = True) -> Database:
    key = keys.subkey(data_key, DATABASE)
    try:
        return sql.opened(path, key, VAULT, damaged, read_through=read_through)
    finally:
        keys.wipe(key)
