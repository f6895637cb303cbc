# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault as a whole: created, unlocked and closed; its settings, its cases, its identities and trust roots."""

import contextlib
import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from cryptography.exceptions import InvalidTag

from imr_desktop.models.case import Case, CaseHeader, Imro, LetterText
from imr_desktop.models.plain import from_plain, to_plain
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import files, keys, rows, sql
from imr_desktop.storage.case_store import CaseStore, build, damaged
from imr_desktop.storage.journal import Deed, Journal
from imr_desktop.storage.keys import KEY_FILE, KdfCost
from imr_desktop.storage.letters import Letters
from imr_desktop.storage.lock import DoorLock
from imr_desktop.storage.migrations import VAULT
from imr_desktop.storage.rows import Kept, Table
from imr_desktop.storage.sql import Database
from imr_desktop.storage.troubles import DamagedVault, NoSuchCase, NoSuchIdentity, NoVault, VaultExists

_DATABASE = "vault.db"
_UNFINISHED = "vault.db.new"
_LOCK = "vault.lock"
_LETTERS_KEY = "letters"
_PLAIN_SQLITE = b"SQLite format 3"


# The tables that hold what belongs to one case, with the column that names it.
_OF_A_CASE = {"cases": "id", "case_row": "case_id", "step": "case_id", "step_row": "case_id"}


@dataclass(frozen=True, slots=True)
class KeptIdentity:
    """A signing identity: a PKCS#12 file and the secret that opens it; ``trial`` marks a self-signed one."""

    name: str
    pkcs12: bytes = field(repr=False)
    secret: str = field(repr=False)
    trial: bool = False


class Vault:
    """An open vault. It belongs to one process, and to the thread that opened it, until it is closed."""

    def __init__(self, folder: Path, data_key: bytes, db: Database, lock: DoorLock) -> None:
        self.folder = folder
        self._data_key = data_key
        self._db = db
        self._lock = lock
        self._stores: dict[str, CaseStore] = {}
        self._listed: dict[str, tuple[int, Case]] = {}
        try:
            with sql.troubles(damaged):
                self._letters = Letters(db, folder / "letters", self._kept_key(_LETTERS_KEY))
        except BaseException:
            db.close()
            raise

    @classmethod
    def create(cls, folder: Path, passphrase: str, *, cost: KdfCost = KdfCost()) -> "Vault":  # noqa: B008
        """Make a vault in a folder and open it: VaultExists, EmptyPassphrase, AlreadyOpen, DiskFull, CannotWrite."""
        keys.refuse_empty(passphrase)
        _refuse_existing(folder)
        was_there = folder.is_dir()
        files.make_private(folder)
        lock = DoorLock(folder / _LOCK)
        try:
            _refuse_existing(folder)
            data_key = keys.new_key()
            try:
                _make_database(folder / _UNFINISHED, data_key)
                # From here on the vault exists: a crash before the next line is mended when it is opened.
                keys.write_key_file(folder, passphrase, data_key, cost)
                _finish_creation(folder)
                return cls(folder, data_key, _open_database(folder, data_key), lock)
            except BaseException:
                _remove_database(folder / _UNFINISHED)
                _remove_database(folder / _DATABASE)
                files.remove(folder / KEY_FILE)
                raise
        except BaseException:
            lock.release()
            if not was_there and not cls.exists(folder):
                files.remove(folder / _LOCK)
                with contextlib.suppress(OSError):
                    folder.rmdir()
            raise

    @classmethod
    def open(cls, folder: Path, passphrase: str) -> "Vault":
        """Unlock the vault in a folder: NoVault, WrongPassphrase, DamagedVault, AlreadyOpen, NewerVault."""
        if not cls.exists(folder):
            raise NoVault("There is no vault in this folder.")
        lock = DoorLock(folder / _LOCK)
        try:
            data_key = keys.unlock(folder, passphrase)
            _finish_creation(folder)
            return cls(folder, data_key, _open_database(folder, data_key), lock)
        except BaseException:
            lock.release()
            raise

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether the folder holds a vault, or what is left of one."""
        return (folder / KEY_FILE).exists() or (folder / _DATABASE).exists()

    def close(self) -> None:
        """Close everything and let the keys go; a closed vault can be closed again."""
        for store in self._stores.values():
            store.close()
        self._stores.clear()
        self._listed.clear()
        self._data_key = b""
        self._db.close()
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def setting(self, name: str) -> Any | None:
        """A setting as plain data, or None if it was never kept."""
        with sql.troubles(damaged):
            found = self._db.execute("select value from setting where name = ?", (name,)).fetchone()
        return None if found is None else json.loads(found[0])

    def keep_setting(self, name: str, value: Any) -> None:
        """Keep a setting: anything that JSON can hold."""
        self._write("insert or replace into setting (name, value) values (?, ?)", (name, rows.dumps(value)))

    def reviewer(self) -> Reviewer:
        """The reviewer's profile; an empty one before the first was kept."""
        found = self.setting("reviewer")
        return Reviewer() if found is None else from_plain(found, Reviewer)

    def keep_reviewer(self, reviewer: Reviewer) -> None:
        """Keep the reviewer's profile."""
        self.keep_setting("reviewer", to_plain(reviewer))

    def new_case(self, header: CaseHeader, imro: Imro, letter: LetterText) -> CaseStore:
        """A new case under a key of its own; that it was made stands in its journal and cannot be undone."""
        case_id = os.urandom(8).hex()
        values = {Table.HEADER: header, Table.IMRO: imro, Table.LETTER: letter}
        made = {
            (table, table.value): Kept(0.0, rows.encode(table, table.value, value)) for table, value in values.items()
        }
        with sql.troubles(damaged), self._db.atomic():
            _new_kept_key(self._db, self._data_key, _case_key(case_id))
            self._db.execute(
                "insert into cases (id, opened, latest) values (?, ?, 0)", (case_id, datetime.now(UTC).isoformat())
            )
            for (table, row_id), kept in made.items():
                rows.place(self._db, case_id, table, row_id, kept)
            noted = {row: (None, kept) for row, kept in made.items()}
            Journal(self._db, case_id).note(Deed.MADE, "New case", noted)
        return self.case(case_id)

    def case(self, case_id: str) -> CaseStore:
        """The case with this id, the same object each time; NoSuchCase."""
        if case_id not in self._stores:
            with sql.troubles(damaged):
                key = self._kept_key(_case_key(case_id))
            folder = self.folder / "cases" / case_id
            self._stores[case_id] = CaseStore(self._db, folder, case_id, key, self._letters)
        return self._stores[case_id]

    def remove_case(self, case_id: str) -> None:
        """Remove a case and destroy its key, which makes what is left of it anywhere unreadable; its letters stay.

        NoSuchCase.
        """
        with sql.troubles(damaged):
            self._kept_key(_case_key(case_id))
            with self._db.atomic():
                self._db.execute("delete from kept_key where id = ?", (_case_key(case_id),))
                for table, column in _OF_A_CASE.items():
                    self._db.execute(f"delete from {table} where {column} = ?", (case_id,))  # noqa: S608
        if case_id in self._stores:
            self._stores.pop(case_id).close()
        self._listed.pop(case_id, None)
        shutil.rmtree(self.folder / "cases" / case_id, ignore_errors=True)

    def cases(self) -> tuple[Case, ...]:
        """All cases for a worklist, in the order in which they were made: header, IMRO and items only.

        What has not changed since the last call is not read again.
        """
        with sql.troubles(damaged):
            found = self._db.execute("select id, latest from cases order by opened, id").fetchall()
            for case_id, latest in found:
                if self._listed.get(case_id, (-1,))[0] != latest:
                    self._listed[case_id] = (latest, self._summary(case_id))
        return tuple(self._listed[case_id][1] for case_id, _ in found)

    def counts(self) -> dict[str, dict[Table, int]]:
        """How many rows of each kind every case has, by case id."""
        with sql.troubles(damaged):
            found = self._db.execute("select case_id, kind, count(*) from case_row group by case_id, kind").fetchall()
        counted: dict[str, dict[Table, int]] = {}
        for case_id, kind, count in found:
            counted.setdefault(case_id, {})[Table(kind)] = count
        return counted

    def page_counts(self) -> dict[str, int]:
        """How many pages the sources of every case have, by case id; a case without sources is not named."""
        with sql.troubles(damaged):
            found = self._db.execute(
                "select case_id, sum(json_array_length(value, '$.sizes')) from case_row where kind = ?"
                " group by case_id",
                (Table.SOURCE,),
            ).fetchall()
        return dict(found)

    def keep_identity(self, identity: KeptIdentity) -> None:
        """Keep a signing identity; one of the same name is replaced."""
        self._write(
            "insert or replace into identity (name, pkcs12, secret, trial) values (?, ?, ?, ?)",
            (identity.name, identity.pkcs12, identity.secret, int(identity.trial)),
        )

    def identities(self) -> tuple[KeptIdentity, ...]:
        """All signing identities by name."""
        with sql.troubles(damaged):
            found = self._db.execute("select name, pkcs12, secret, trial from identity order by name").fetchall()
        return tuple(KeptIdentity(name, pkcs12, secret, bool(trial)) for name, pkcs12, secret, trial in found)

    def identity(self, name: str) -> KeptIdentity:
        """The signing identity of this name; NoSuchIdentity."""
        for identity in self.identities():
            if identity.name == name:
                return identity
        raise NoSuchIdentity(f"The vault holds no identity named {name}.")

    def trust_roots(self) -> tuple[bytes, ...]:
        """The certificates (DER) that the reviewer trusts as roots."""
        with sql.troubles(damaged):
            found = self._db.execute("select der from trust_root order by rowid").fetchall()
        return tuple(der for (der,) in found)

    def keep_trust_root(self, der: bytes) -> None:
        """Trust a certificate (DER) as a root; twice is once."""
        digest = hashlib.sha256(der).hexdigest()
        self._write("insert or ignore into trust_root (digest, der) values (?, ?)", (digest, der))

    def _write(self, statement: str, values: tuple[Any, ...]) -> None:
        with sql.troubles(damaged), self._db.atomic():
            self._db.execute(statement, values)

    def _kept_key(self, name: str) -> bytes:
        found = self._db.execute("select wrapped from kept_key where id = ?", (name,)).fetchone()
        if found is None and name == _LETTERS_KEY:
            raise damaged()
        if found is None:
            raise NoSuchCase("This case is not in the vault.")
        try:
            return keys.unwrap(_wrapping_key(self._data_key), found[0], name)
        except InvalidTag as error:
            raise damaged() from error

    def _summary(self, case_id: str) -> Case:
        found = self._db.execute(
            "select kind, value from case_row where case_id = ? and kind in (?, ?, ?) order by kind, position, id",
            (case_id, Table.HEADER, Table.IMRO, Table.ITEM),
        ).fetchall()
        return build(case_id, ((Table(kind), rows.decode(Table(kind), value)) for kind, value in found))


def _refuse_existing(folder: Path) -> None:
    if Vault.exists(folder):
        raise VaultExists("There is a vault in this folder already.")


def _make_database(path: Path, data_key: bytes) -> None:
    _remove_database(path)
    with sql.troubles(damaged), contextlib.closing(_opened(path, data_key)) as db, db.atomic():
        _new_kept_key(db, data_key, _LETTERS_KEY)


def _open_database(folder: Path, data_key: bytes) -> Database:
    path = folder / _DATABASE
    try:
        with path.open("rb") as file:
            start = file.read(len(_PLAIN_SQLITE))
    except FileNotFoundError as error:
        raise DamagedVault("The vault's database vault.db is missing.", place=_DATABASE) from error
    except OSError as error:
        raise DamagedVault("The vault's database vault.db cannot be read.", place=_DATABASE) from error
    # An empty or a plain file would be taken for a new database, and the vault would look as if it had lost all.
    if len(start) < len(_PLAIN_SQLITE) or start == _PLAIN_SQLITE:
        raise DamagedVault("The vault's database vault.db was emptied or exchanged.", place=_DATABASE)
    return _opened(path, data_key)


def _opened(path: Path, data_key: bytes) -> Database:
    return sql.opened(path, keys.subkey(data_key, _DATABASE), VAULT, damaged)


def _finish_creation(folder: Path) -> None:
    unfinished, database = folder / _UNFINISHED, folder / _DATABASE
    if unfinished.exists() and not database.exists():
        with files.disk_troubles():
            unfinished.replace(database)
            files.sync_folder(folder)


def _remove_database(path: Path) -> None:
    files.remove(*_with_companions(path))


def _with_companions(path: Path) -> Iterable[Path]:
    return (path, *(path.with_name(path.name + end) for end in ("-wal", "-shm", "-journal")))


def _new_kept_key(db: Database, data_key: bytes, name: str) -> None:
    wrapped = keys.wrap(_wrapping_key(data_key), keys.new_key(), name)
    db.execute("insert into kept_key (id, wrapped) values (?, ?)", (name, wrapped))


def _case_key(case_id: str) -> str:
    return f"case {case_id}"


def _wrapping_key(data_key: bytes) -> bytes:
    return keys.subkey(data_key, "kept keys")
