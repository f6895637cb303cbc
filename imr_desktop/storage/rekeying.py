# SPDX-License-Identifier: AGPL-3.0-or-later
"""Giving the vault a new data key: a copy of the database under the new key is swapped in whole, or not at all."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from imr_desktop.errors import Trouble
from imr_desktop.storage import files, keys, opening, shelf, slots, sql, watermark
from imr_desktop.storage.case_store import damaged
from imr_desktop.storage.keyfile import KEY_FILE, KeyFile
from imr_desktop.storage.migrations import VAULT
from imr_desktop.storage.sql import Database
from imr_desktop.storage.trail import VAULT_SCOPE, Kind, Trail


def rekey(folder: Path, file: KeyFile, passphrase: str, data_key: bytearray, db: Database, who: str) -> None:
    """Bring a new data key into force; ``db`` stays open under the old one and has to be closed and opened anew.

    The key file is the point from which it counts: a crash before leaves the old key, one after is finished at the next
    opening. WrongPassphrase, DiskFull, CannotWrite: then nothing has changed.
    """
    new = keys.new_key()
    copy = folder / opening.REKEYED
    try:
        fresh = slots.rewrapped(file, passphrase, data_key, new)
        key = keys.subkey(new, opening.DATABASE)
        try:
            with sql.troubles(damaged):
                sql.copy(db, copy, key)
                with closing(sql.opened(copy, key, VAULT, damaged)) as copied, copied.atomic():
                    _rewrap(copied, data_key, new)
                    watermark.begin_anew(copied)
                    Trail(copied, VAULT_SCOPE, lambda: who).add(Kind.REKEYED, {})
        finally:
            keys.wipe(key)
        fresh = replace(fresh, salt=opening.salt_of(copy))
        _put_in_force(folder, fresh)
        # It is under the old key; until the next closing there is none.
        files.remove(folder / watermark.FILE)
    except BaseException:
        opening.remove_database(copy)
        raise
    finally:
        keys.wipe(new)


def _put_in_force(folder: Path, fresh: KeyFile) -> None:
    try:
        fresh.write(folder)
    except Trouble:
        # The file may stand although its folder could not be synced; then the new key is in force.
        if (folder / KEY_FILE).read_bytes() != fresh.encoded():
            raise


def _rewrap(db: Database, old: keys.Key, new: keys.Key) -> None:
    from_key, to_key = shelf.wrapping_key(old), shelf.wrapping_key(new)
    try:
        for name, wrapped in db.execute("select id, wrapped from kept_key").fetchall():
            kept = keys.unwrap(from_key, wrapped, name)
            db.execute("update kept_key set wrapped = ? where id = ?", (keys.wrap(to_key, kept, name), name))
            keys.wipe(kept)
    finally:
        keys.wipe(from_key, to_key)
