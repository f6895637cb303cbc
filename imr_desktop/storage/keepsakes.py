# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the vault keeps beside its cases: settings, the reviewer's profile, signing identities and trust roots."""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

from imr_desktop.models.plain import from_plain, to_plain
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import noticed, rows, sql
from imr_desktop.storage.case_store import damaged
from imr_desktop.storage.faults import Fault
from imr_desktop.storage.letters import FiledLetter
from imr_desktop.storage.shelf import Shelf
from imr_desktop.storage.sql import Database
from imr_desktop.storage.trail import Trail
from imr_desktop.storage.troubles import NoSuchIdentity

_RETENTION = "retention days"


@dataclass(frozen=True, slots=True)
class KeptIdentity:
    """A signing identity: a PKCS#12 file and the secret that opens it; ``trial`` marks a self-signed one."""

    name: str
    pkcs12: bytes = field(repr=False)
    secret: str = field(repr=False)
    trial: bool = False


class Keepsakes:
    """The part of a vault that keeps these; it knows nothing but the database."""

    _db: Database
    _shelf: Shelf
    _trail: Trail

    def refuse_damage(self) -> None:
        """DamagedVault if any page of the database is not as it was written; it says so for certain, and takes a while.

        What is read through aside may come upon a page that was just being written.
        """
        with sql.troubles(damaged):
            sql.refuse_damage(self._db, damaged)

    def setting(self, name: str) -> Any | None:
        """A setting as plain data, or None if it was never kept."""
        with sql.troubles(damaged):
            found = self._db.execute("select value from setting where name = ?", (name,)).fetchone()
        return None if found is None else json.loads(found[0])

    def keep_setting(self, name: str, value: Any) -> None:
        """Keep a setting: anything that JSON can hold."""
        self._write("insert or replace into setting (name, value) values (?, ?)", (name, rows.dumps(value)))

    @property
    def retention_days(self) -> int | None:
        """How many days a case stays in the archive before it is listed for removal; None: it is never listed."""
        days = self.setting(_RETENTION)
        return None if days is None else int(days)

    def keep_retention_days(self, days: int | None) -> None:
        """Set how long archived cases are kept."""
        if days is not None and days < 0:
            raise ValueError("a time cannot be negative")
        self.keep_setting(_RETENTION, days)

    def standing(self) -> tuple[Fault, ...]:
        """What was found wrong on opening, now or earlier, until ``answer_standing`` says that it is known."""
        with sql.troubles(damaged):
            return noticed.standing(self._db)

    def answer_standing(self) -> None:
        """The reviewer knows of what stands: it stays in the audit trail and is told no longer."""
        with sql.troubles(damaged):
            noticed.answer(self._db, self._trail)

    def reviewer(self) -> Reviewer:
        """The reviewer's profile; an empty one before the first was kept."""
        found = self.setting("reviewer")
        return Reviewer() if found is None else from_plain(found, Reviewer)

    def keep_reviewer(self, reviewer: Reviewer) -> None:
        """Keep the reviewer's profile."""
        self.keep_setting("reviewer", to_plain(reviewer))

    def letters_of_deleted(self) -> dict[str, tuple[FiledLetter, ...]]:
        """The letters of cases that were deleted, which stay for ever, by case id."""
        with sql.troubles(damaged):
            return self._shelf.letters.of_deleted()

    def letter_of_deleted(self, case_id: str, name: str) -> bytes:
        """The bytes of such a letter as it was signed: NoSuchLetter, DamagedLetter."""
        with sql.troubles(damaged):
            return self._shelf.letters.read(case_id, name)

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

    def drop_trust_root(self, der: bytes) -> None:
        """Trust a certificate no more; one that was not trusted stays so."""
        self._write("delete from trust_root where digest = ?", (hashlib.sha256(der).hexdigest(),))

    def _write(self, statement: str, values: tuple[Any, ...]) -> None:
        with sql.troubles(damaged), self._db.atomic():
            self._db.execute(statement, values)
