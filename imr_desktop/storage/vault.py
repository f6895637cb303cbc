# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault as a whole: created, unlocked and closed; its settings, its cases, its identities and trust roots."""

import contextlib
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from imr_desktop.errors import Trouble
from imr_desktop.models.case import Case, CaseHeader, Imro, LetterText
from imr_desktop.storage import (
    backup,
    checking,
    files,
    keys,
    noticed,
    opening,
    precedents,
    rekeying,
    shelf,
    sql,
    watermark,
)
from imr_desktop.storage.audit import AuditReport, audit_vault
from imr_desktop.storage.backup import BackupMade
from imr_desktop.storage.bundle import Moved
from imr_desktop.storage.case_store import CaseStore, damaged
from imr_desktop.storage.checking import Checked, CheckReport
from imr_desktop.storage.faults import Fault
from imr_desktop.storage.keepsakes import Keepsakes
from imr_desktop.storage.keyfile import COPY, KEY_FILE, KeyFile
from imr_desktop.storage.keys import KdfCost
from imr_desktop.storage.lock import DoorLock
from imr_desktop.storage.precedents import Precedents
from imr_desktop.storage.rows import Table
from imr_desktop.storage.shelf import Archived, Shelf, Stamps
from imr_desktop.storage.slots import Opener, SlotKind
from imr_desktop.storage.sql import Database
from imr_desktop.storage.trail import VAULT_SCOPE, Kind, Trail
from imr_desktop.storage.tries import Clock
from imr_desktop.storage.troubles import AlreadyOpen, CannotWrite, NoKeyring, NoSuchCase, NoVault, VaultExists
from imr_desktop.storage.unlocking import Unlocked, prepared, unlocked
from imr_desktop.storage.ways_in import WaysIn

LINE = "line"


class Vault(Keepsakes):
    """An open vault. It belongs to one process, and to the thread that opened it, until it is closed.

    ``notices`` is what was found wrong on opening although the vault opened; ``ways_in`` are its slots.
    """

    def __init__(
        self, folder: Path, data_key: bytearray, file: KeyFile, db: Database, lock: DoorLock, *, recovered: bool = False
    ) -> None:
        self.folder = folder
        self.notices: tuple[Fault, ...] = ()
        self._data_key = data_key
        self._db = db
        self._lock = lock
        self._backing_up = False
        self._mark_due = True
        self._precedents: Precedents | None = None
        self._trail = Trail(db, VAULT_SCOPE, self.who)
        self.ways_in = WaysIn(folder, data_key, file, db, self._trail, recovered=recovered)
        try:
            with sql.troubles(damaged):
                self._shelf = Shelf(folder, db, shelf.wrapping_key(data_key), self.who)
        except BaseException:
            db.close()
            raise

    @classmethod
    def create(cls, folder: Path, passphrase: str | Unlocked, *, cost: KdfCost | None = None) -> "Vault":
        """Make a vault in a folder and open it: VaultExists, EmptyPassphrase, AlreadyOpen, DiskFull, CannotWrite.

        In place of the passphrase the key that ``prepared`` made of it, by a window that must not wait.
        """
        if isinstance(passphrase, str):
            keys.refuse_empty(passphrase)
        _refuse_existing(folder)
        was_there = folder.is_dir()
        files.make_private(folder)
        lock = DoorLock(folder / opening.LOCK)
        try:
            _refuse_existing(folder)
            made = passphrase if isinstance(passphrase, Unlocked) else prepared(passphrase, cost)
            data_key = made.data_key
            try:
                opening.make_database(folder, data_key)
                file = replace(made.file, salt=opening.salt_of(folder / opening.UNFINISHED))
                # From here on the vault exists: a crash before the next line is mended when it is opened.
                file.write(folder)
                opening.finish(folder, data_key)
                return cls(folder, data_key, file, opening.open_database(folder, data_key), lock)
            except BaseException:
                opening.remove_database(folder / opening.UNFINISHED)
                opening.remove_database(folder / opening.DATABASE)
                files.remove(folder / KEY_FILE, folder / COPY)
                raise
        except BaseException:
            lock.release()
            if not was_there and not cls.exists(folder):
                files.remove(folder / opening.LOCK)
                with contextlib.suppress(OSError):
                    folder.rmdir()
            raise

    @classmethod
    def open(
        cls, folder: Path, key: str | Opener | Unlocked, *, clock: Clock = time.time, read_through: bool = True
    ) -> "Vault":
        """Unlock the vault in a folder with its passphrase, with another way in, or with the key ``unlock`` gave.

        NoVault, WrongPassphrase, TooSoon, WrongRecoveryKey, NoKeyring, DamagedVault, AlreadyOpen, NewerVault.
        ``clock`` tells the seconds by which a wait after wrong passphrases is measured. Whoever goes without
        ``read_through`` does afterwards what ``reading_through`` gives; after a crash it is read through all the same.
        """
        with files.disk_troubles():
            opening.finish_restoring(folder)
        if not cls.exists(folder):
            raise NoVault("There is no vault in this folder.")
        lock = DoorLock(folder / opening.LOCK)
        try:
            by = _still(folder, key) if isinstance(key, Unlocked) else unlocked(folder, key, clock)
            data_key = by.data_key
            opening.finish(folder, data_key)
            crashed = opening.left_a_log(folder)
            # Read now: once the database is open, closing another handle of its file would give up its locks.
            file = replace(by.file, salt=opening.salt_of(folder / opening.DATABASE) or by.file.salt)
            db = opening.open_database(folder, data_key, read_through=read_through or crashed)
            vault = cls(folder, data_key, file, db, lock, recovered=by.recovered)
        except BaseException:
            lock.release()
            raise
        vault._shelf.letters.mend_slips()
        vault._look(crashed)
        return vault

    def reading_through(self) -> Callable[[], bool]:
        """What tells, aside, whether every page of the database is as it was written; a no is to be confirmed."""
        return partial(opening.pages_sound, self.folder, keys.subkey(self._data_key, opening.DATABASE))

    @staticmethod
    def exists(folder: Path) -> bool:
        """Whether the folder holds a vault, or what is left of one."""
        return opening.exists(folder)

    def close(self) -> None:
        """Close everything and let the keys go; a closed vault can be closed again."""
        if self.closed:
            return
        # Nothing of this may keep the vault open: what cannot be noted now is noted another time.
        with contextlib.suppress(Trouble, sql.DatabaseError):
            self._shelf.note_coverage()
            # Where nothing changed, the mark still holds.
            if self._mark_due or self._db.conn.total_changes:
                watermark.write(self.folder, self._data_key, self._db)
        self._release()

    def _look(self, crashed: bool) -> None:
        """After opening: what is wrong although the vault opened. What matters later too goes into the trail."""
        settled, mended = self.ways_in.settle()
        with sql.troubles(damaged):
            marks = watermark.compare(self.folder, self._data_key, self._db)
            marks = marks or (watermark.pieced(self._db) if crashed else ())
            self._mark_due = crashed or bool(marks) or not watermark.marked(self._db)
        self.notices = (*mended, *settled, *marks)
        # A full disk must not shut the vault; what could not be noted was told at least.
        with contextlib.suppress(Trouble), sql.troubles(damaged):
            noticed.note(self._db, self._trail, (*mended, *marks))

    def _release(self) -> None:
        if self._precedents is not None:
            self._precedents.close()
        self._shelf.close()
        keys.wipe(self._data_key)
        self._data_key = bytearray()
        self._db.close()
        self._lock.release()

    @property
    def closed(self) -> bool:
        """Whether the vault was closed, and its keys with it."""
        return not self._data_key

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def who(self) -> str:
        """Who works in the vault, as the audit trail names it: the reviewer, else the vault itself."""
        reviewer = self.reviewer()
        return ", ".join(filter(None, (reviewer.name.strip(), reviewer.licence.strip()))) or "this vault"

    @contextlib.contextmanager
    def at_once(self) -> Iterator[None]:
        """Everything in the block as one transaction, new cases included: all of it is kept at the end, or none."""
        before = set(self._shelf.ids())
        try:
            with sql.troubles(damaged), self._db.atomic():
                yield
        except BaseException:
            self._shelf.drop_but(before)
            raise

    def new_case(self, header: CaseHeader, imro: Imro, letter: LetterText) -> CaseStore:
        """A new case under a key of its own; that it was made stands in its journal and cannot be undone."""
        with sql.troubles(damaged):
            return self._shelf.new_case(header, imro, letter)

    def case(self, case_id: str) -> CaseStore:
        """The case with this id, the same object each time; NoSuchCase."""
        with sql.troubles(damaged):
            return self._shelf.case(case_id)

    def remove_case(self, case_id: str) -> None:
        """Remove a case and destroy its key, which makes what is left of it in this vault unreadable; its letters stay.

        NoSuchCase. Backups made before still hold the case, until they are thinned out.
        """
        with sql.troubles(damaged):
            self._shelf.remove_case(case_id)

    def archive_case(self, case_id: str, at: datetime | None = None) -> None:
        """Put a case into the archive: it leaves the worklist; everything of it stays. NoSuchCase."""
        with sql.troubles(damaged):
            self._shelf.archive(case_id, at or datetime.now(UTC))

    def unarchive_case(self, case_id: str) -> None:
        """Take a case back from the archive; NoSuchCase."""
        with sql.troubles(damaged):
            self._shelf.archive(case_id, None)

    def archived(self) -> tuple[Archived, ...]:
        """The cases in the archive, each with the day from which on the retention setting lets it be deleted."""
        with sql.troubles(damaged):
            return self._shelf.archived(self.retention_days)

    def due_for_removal(self, today: date) -> tuple[Archived, ...]:
        """The archived cases whose time is over; nothing is deleted but by ``remove_case``."""
        return tuple(each for each in self.archived() if each.due is not None and each.due <= today)

    @property
    def line(self) -> str:
        """Which line of the vault's life this is: every restore begins a new one, which its backups carry."""
        return str(self.setting(LINE) or "0000")

    def precedents(self) -> Precedents:
        """The library of published determinations, opened at the first call; DamagedPrecedents, DiskFull."""
        if self._precedents is None:
            with sql.troubles(damaged), self._db.atomic():
                key = self._shelf.kept_or_new_key("precedents")
            try:
                self._precedents = Precedents(self.folder, key)
            finally:
                keys.wipe(key)
        return self._precedents

    def take_precedents(self, folder: Path) -> bool:
        """Copy the library of precedents of another folder into this vault, if it is under the key that is kept here.

        DiskFull, CannotWrite; False where there is none, or this vault has no key for it.
        """
        try:
            key = self._shelf.kept_key("precedents")
        except NoSuchCase:
            return False
        try:
            return precedents.take(folder, self.folder, key)
        finally:
            keys.wipe(key)

    def cases(self) -> tuple[Case, ...]:
        """All cases for a worklist, in the order in which they were made: header, IMRO and items only.

        Archived ones are left out. What has not changed since the last call is not read again.
        """
        with sql.troubles(damaged):
            return self._shelf.cases()

    def stamps(self) -> Stamps:
        """Of every case, archived ones too, what tells whether it has changed; one look, however many there are."""
        with sql.troubles(damaged):
            return self._shelf.stamps()

    def summary(self, case_id: str) -> Case:
        """A case's header, IMRO and items, archived or not; NoSuchCase."""
        with sql.troubles(damaged):
            return self._shelf.summary(case_id)

    def counts(self) -> dict[str, dict[Table, int]]:
        """How many rows of each kind every case has, by case id."""
        with sql.troubles(damaged):
            return self._shelf.counts()

    def page_counts(self) -> dict[str, int]:
        """How many pages the sources of every case have, by case id; a case without sources is not named."""
        with sql.troubles(damaged):
            return self._shelf.page_counts()

    def audit(self) -> AuditReport:
        """What was done with the vault as a whole, and whether that still stands as it was recorded."""
        with sql.troubles(damaged):
            report = audit_vault(self._db)
            return replace(report, faults=(*report.faults, *noticed.standing(self._db)))

    def checking(self) -> Iterator[Checked | CheckReport]:
        """Check everything in the vault, as long work: yields how far it is and, last, the report."""
        there = (self.folder / precedents.FILE).exists()
        return checking.check(
            self._db, self._shelf, self.notices, (lambda: self.precedents().check()) if there else None
        )

    def check(self) -> CheckReport:
        """Check everything in the vault: databases, chains, every source file, page index and letter."""
        *_, report = self.checking()
        if not isinstance(report, CheckReport):
            raise TypeError("a check ends with its report")
        return report

    def backup(self, path: Path) -> Generator[Moved | BackupMade, None, None]:
        """Back the whole vault up into one encrypted file, as long work: yields how far it is and, last, what was made.

        The picture is taken at once; edits made meanwhile are not in it. The file is read back before it gets its name.
        DiskFull, CannotWrite, NotABackup: then there is no new file.
        """
        if self._backing_up:
            raise CannotWrite("A backup is being made already.", "Wait until it is done.")
        self._backing_up = True
        staging = self.folder / backup.STAGING
        try:
            backup.clear(self.folder)
            with sql.troubles(damaged):
                pages = dict(self._shelf.copied_pages(staging))
                snapshot = backup.snapshot(self.folder, self._db, self._data_key, pages)
            yield from backup.write(path, self.ways_in.file, self._data_key, snapshot, staging)
            faults = tuple(Fault.of(why, case) for case, why in pages.items() if isinstance(why, Trouble))
            # The backup stands, whether or not there is room left to note it.
            with contextlib.suppress(Trouble):
                self.record(Kind.BACKUP, {"name": path.name})
            yield BackupMade(path, datetime.now(UTC), path.stat().st_size, len(snapshot), faults)
        finally:
            self._backing_up = False
            backup.clear(self.folder)

    def verify_backup(self, path: Path) -> Iterator[Moved]:
        """Open a backup of this vault and read it through: NotABackup."""
        try:
            yield from backup.verify(path, self._data_key, self.folder / backup.STAGING)
        finally:
            backup.clear(self.folder)

    def rekey(self, passphrase: str) -> "Vault":
        """Give the vault a new data key and open it anew; this one is closed, and its cases with it.

        Recovery slots stay good. A keyring slot is made again where the keyring lets us. WrongPassphrase, DiskFull,
        CannotWrite: then this vault stays open as it was.
        """
        keyring = [slot for slot in self.ways_in.list() if slot.kind is SlotKind.KEYRING]
        self._shelf.note_coverage()
        rekeying.rekey(self.folder, self.ways_in.file, passphrase, self._data_key, self._db, self.who())
        self._release()
        anew = Vault.open(self.folder, passphrase)
        for slot in keyring:
            try:
                anew.ways_in.add_keyring(slot.label)
            except NoKeyring as trouble:
                anew.notices = (*anew.notices, Fault.of(trouble))
        return anew

    def record(self, kind: str, detail: dict[str, Any]) -> None:
        """Add an event to the vault's own audit trail; plain data, no words of a case."""
        with sql.troubles(damaged), self._db.atomic():
            self._trail.add(kind, detail)


def _refuse_existing(folder: Path) -> None:
    if Vault.exists(folder):
        raise VaultExists("There is a vault in this folder already.")


def _still(folder: Path, by: Unlocked) -> Unlocked:
    """The key, if it still is that of the vault: another program may have been in since it was derived."""
    if KeyFile.read(folder).slots != by.file.slots:
        by.forget()
        raise AlreadyOpen("The vault was changed by another program just now.", "Unlock it once more.")
    return by
