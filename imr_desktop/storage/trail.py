# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit trail: who did what when, each event chained to the one before it by a hash."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from imr_desktop.storage.rows import dumps
from imr_desktop.storage.sql import Database

VAULT_SCOPE: Final = ""
"""The chain of what concerns the vault as a whole; every other chain is a case's and goes by its id."""
START: Final = hashlib.sha256(b"imr-desktop audit trail").hexdigest()

_COLUMNS = "scope, number, at, who, kind, detail, subject, link"


class Kind(StrEnum):
    """What happened, beside the deeds of the journal (made, edit, undo, redo)."""

    ADOPTED = "adopted"
    SOURCE = "source added"
    COVERAGE = "coverage"
    ISSUED = "letter issued"
    EXPORTED = "exported"
    PACKAGE = "package taken in"
    ARCHIVED = "archived"
    UNARCHIVED = "taken back from the archive"
    CREATED = "vault made"
    REMOVED = "case deleted"
    SLOT_ADDED = "way in added"
    SLOT_REMOVED = "way in removed"
    PASSPHRASE = "passphrase changed"  # noqa: S105
    REKEYED = "data key changed"
    BACKUP = "backup written"
    RESTORED = "restored from a backup"
    SALVAGED = "salvaged from a damaged file"
    NOTICED = "found wrong on opening"
    ANSWERED = "what was found wrong is known"


@dataclass(frozen=True, slots=True)
class Head:
    """Where a chain stands: how many events it has and the hash that vouches for all of them."""

    number: int
    link: str


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its number in the chain (from 1), when (UTC), who, what, and details as plain data."""

    number: int
    at: datetime
    who: str
    kind: str
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Chained:
    """An event as it stands in the database, with what chains it; only for checking."""

    scope: str
    number: int
    at: str
    who: str
    kind: str
    detail: str
    subject: str
    link: str

    def expected(self, before: str) -> str:
        """The hash that this event must carry after one with the hash ``before``."""
        told = [self.scope, self.number, self.at, self.who, self.kind, self.detail, self.subject]
        return hashlib.sha256((before + dumps(told)).encode()).hexdigest()

    def event(self) -> Event:
        """As the reviewer sees it."""
        try:
            detail = json.loads(self.detail)
            at = datetime.fromisoformat(self.at)
        except ValueError:
            # Somebody changed it; that is told by its hash, and the rest is still to be seen.
            detail, at = {}, datetime.min.replace(tzinfo=UTC)
        return Event(self.number, at, self.who, self.kind, detail if isinstance(detail, dict) else {})


class Trail:
    """One chain of events. Adding belongs in the transaction of what is recorded."""

    def __init__(self, db: Database, scope: str, who: Callable[[], str]) -> None:
        self._db = db
        self._scope = scope
        self._who = who

    def add(self, kind: str, detail: Mapping[str, Any], subject: str = "", at: datetime | None = None) -> Head:
        """Add an event; gives the new head."""
        last = self.head()
        told = Chained(
            self._scope,
            last.number + 1,
            (at or datetime.now(UTC)).isoformat(),
            self._who(),
            str(kind),
            dumps(dict(detail)),
            subject,
            "",
        )
        link = told.expected(last.link)
        self._db.execute(
            f"insert into event ({_COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
            (told.scope, told.number, told.at, told.who, told.kind, told.detail, told.subject, link),
        )
        return Head(told.number, link)

    def head(self) -> Head:
        """Where the chain stands."""
        found = self._db.execute(
            "select number, link from event where scope = ? order by number desc limit 1", (self._scope,)
        ).fetchone()
        return Head(0, START) if found is None else Head(*found)

    def last(self, kind: str) -> dict[str, Any] | None:
        """The details of the latest event of a kind; None if there is none."""
        found = self._db.execute(
            "select detail from event where scope = ? and kind = ? order by number desc limit 1",
            (self._scope, str(kind)),
        ).fetchone()
        return None if found is None else dict(json.loads(found[0]))

    def chained(self) -> tuple[Chained, ...]:
        """All events as they stand, for checking."""
        found = self._db.execute(f"select {_COLUMNS} from event where scope = ? order by number", (self._scope,))  # noqa: S608
        return tuple(Chained(*row) for row in found.fetchall())


def unfinished(db: Database) -> tuple[str, ...]:
    """The cases whose first event a migration began and the program has to complete."""
    return tuple(scope for (scope,) in db.execute("select scope from event where link = '' order by seq").fetchall())


def complete(db: Database, case_id: str, subject: str, steps: int) -> None:
    """Complete a case's first event, which takes in what was done before there was a trail."""
    found = db.execute(
        f"select {_COLUMNS} from event where scope = ? and link = ''",  # noqa: S608
        (case_id,),
    ).fetchone()
    begun = Chained(*found)
    told = Chained(case_id, 1, begun.at, "this vault", Kind.ADOPTED, dumps({"steps": steps}), subject, "")
    db.execute(
        "update event set who = ?, detail = ?, subject = ?, link = ? where scope = ? and number = 1",
        (told.who, told.detail, told.subject, told.expected(START), case_id),
    )
