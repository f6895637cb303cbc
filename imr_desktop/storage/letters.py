# SPDX-License-Identifier: AGPL-3.0-or-later
"""Issued letters: kept for ever as they left, each with its digest and a note, and never overwritten."""

import contextlib
import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from imr_desktop.errors import Trouble
from imr_desktop.storage import files, keys, sealed
from imr_desktop.storage.rows import dumps
from imr_desktop.storage.sql import Database
from imr_desktop.storage.trail import Head, Kind, Trail
from imr_desktop.storage.troubles import DamagedLetter, LetterAlreadyFiled, NoSuchLetter

SLIP: Final = ".slip"


@dataclass(frozen=True, slots=True)
class FiledLetter:
    """A letter as it was issued: name, the digest it was filed with, note (plain data), when (UTC), size, SHA-256."""

    name: str
    digest: str
    note: dict[str, Any]
    filed: datetime
    byte_count: int
    sha256: str


@dataclass(frozen=True, slots=True)
class LetterToFile:
    """A letter that is to be kept: its name, its bytes, the determination's digest, and a note as plain data."""

    name: str
    data: bytes = field(repr=False)
    digest: str = ""
    note: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Left:
    """What is known of a letter beside ``vault.db`` or in it: its id, case, name, SHA-256, the case's head with it."""

    letter_id: str
    case_id: str
    name: str
    sha256: str
    head: Head | None


class Letters:
    """The letters of all cases. Their key is none of the cases' keys: a case that is destroyed leaves its letters.

    Their files have random names, because a letter's name tells whose it is. Beside each stands an encrypted slip with
    its name and the head of its case's audit trail, which an older ``vault.db`` cannot explain away.
    """

    def __init__(self, db: Database, folder: Path, key: bytearray) -> None:
        self._db = db
        self._folder = folder
        self._key = key

    def file(self, case_id: str, letters: Sequence[LetterToFile], trail: Trail) -> tuple[FiledLetter, ...]:
        """Keep letters, all or none: files first, whole, then rows. LetterAlreadyFiled, DiskFull, CannotWrite."""
        files.make_private(self._folder)
        written: list[Path] = []
        try:
            with self._db.atomic():
                filed = tuple(self._file(case_id, each, trail, written) for each in letters)
        except BaseException:
            files.remove(*written)
            raise
        # A slip vouches for what was committed, so it comes last; what a crash keeps from being written is mended.
        if not self._db.conn.in_transaction:
            self.mend_slips()
        return filed

    def mend_slips(self) -> None:
        """Write the slips that are missing, as far as there is room for them."""
        for left in self.known():
            slip = self._slip(left.letter_id)
            if left.head is not None and not slip.exists() and slip.parent.exists():
                told = dumps([left.case_id, left.name, left.sha256, left.head.number, left.head.link]).encode()
                with contextlib.suppress(Trouble):
                    files.write_whole(slip, sealed.seal([told], len(told), self._key, slip.name))

    def _file(self, case_id: str, given: LetterToFile, trail: Trail, written: list[Path]) -> FiledLetter:
        if self._find(case_id, given.name) is not None:
            raise LetterAlreadyFiled(f"A letter named {given.name} was already issued for this case.")
        letter_id, sha256 = os.urandom(16).hex(), hashlib.sha256(given.data).hexdigest()
        letter = FiledLetter(given.name, given.digest, given.note, datetime.now(UTC), len(given.data), sha256)
        detail = {"name": letter.name, "sha256": sha256, "digest": letter.digest}
        head = trail.add(Kind.ISSUED, detail, sha256, letter.filed)
        path = self.path(letter_id)
        written.append(path)
        files.write_whole(path, sealed.seal([given.data], len(given.data), self._key, letter_id))
        self._add(letter_id, case_id, letter, head)
        return letter

    def of(self, case_id: str) -> tuple[FiledLetter, ...]:
        """The letters of a case in the order in which they were issued."""
        found = self._db.execute(
            "select name, digest, note, filed, byte_count, sha256 from letter where case_id = ? order by filed, rowid",
            (case_id,),
        ).fetchall()
        return tuple(
            FiledLetter(name, digest, json.loads(note), datetime.fromisoformat(filed), byte_count, sha256)
            for name, digest, note, filed, byte_count, sha256 in found
        )

    def of_deleted(self) -> dict[str, tuple[FiledLetter, ...]]:
        """The letters of cases that were deleted, by case id, those issued first at the front."""
        found = self._db.execute(
            "select distinct case_id from letter where case_id not in (select id from cases) order by filed, case_id"
        ).fetchall()
        return {case_id: self.of(case_id) for (case_id,) in found}

    def read(self, case_id: str, name: str) -> bytes:
        """The bytes of a letter, proven to be those that were filed; NoSuchLetter, DamagedLetter."""
        found = self._find(case_id, name)
        if found is None:
            raise NoSuchLetter(f"No letter named {name} was issued for this case.")
        return self._proven(*found)

    def _proven(self, letter_id: str, sha256: str) -> bytes:
        with sealed.SealedFile(self.path(letter_id), self._key, letter_id, _broken) as file:
            data = file.read_at(0, file.length)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise _broken("is not the one that was issued")
        return data

    def known(self, case_id: str | None = None) -> tuple[Left, ...]:
        """The letters of a case, or of all, as the database knows them."""
        where, values = ("", ()) if case_id is None else ("where case_id = ?", (case_id,))
        found = self._db.execute(
            f"select id, case_id, name, sha256, events, head from letter {where} order by filed, rowid",  # noqa: S608
            values,
        ).fetchall()
        return tuple(
            Left(letter_id, of, name, sha256, None if link is None else Head(number, link))
            for letter_id, of, name, sha256, number, link in found
        )

    def slips(self, case_id: str | None = None) -> tuple[Left, ...]:
        """What the slips beside the letters say, as far as they can be read."""
        told = []
        for path in sorted(self._folder.glob(f"*{SLIP}")):
            with contextlib.suppress(DamagedLetter, ValueError, TypeError):
                left = self._read_slip(path)
                if case_id in {None, left.case_id}:
                    told.append(left)
        return tuple(told)

    def stored(self) -> tuple[Path, ...]:
        """Every file in the folder of letters."""
        return tuple(sorted(path for path in self._folder.glob("*") if path.is_file()))

    def take_back(self, left: Left) -> None:
        """Enter a letter again of which only the slip is known, if its file is whole."""
        with contextlib.suppress(DamagedLetter):
            data = self._proven(left.letter_id, left.sha256)
            filed = datetime.fromtimestamp(self.path(left.letter_id).stat().st_mtime, UTC)
            letter = FiledLetter(left.name, "", {}, filed, len(data), left.sha256)
            self._add(left.letter_id, left.case_id, letter, left.head or Head(0, ""))

    def check(self, left: Left) -> None:
        """See that a letter's file is the one that was issued: DamagedLetter."""
        self._proven(left.letter_id, left.sha256)
        if left.head is not None:
            self._read_slip(self._slip(left.letter_id))

    def close(self) -> None:
        """Let the key go."""
        keys.wipe(self._key)

    def _read_slip(self, path: Path) -> Left:
        with sealed.SealedFile(path, self._key, path.name, _broken) as file:
            case_id, name, sha256, number, link = json.loads(file.read_at(0, file.length))
        return Left(path.stem, case_id, name, sha256, Head(number, link))

    def _add(self, letter_id: str, case_id: str, letter: FiledLetter, head: Head) -> None:
        self._db.execute(
            "insert into letter (id, case_id, name, digest, sha256, byte_count, note, filed, events, head)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                letter_id,
                case_id,
                letter.name,
                letter.digest,
                letter.sha256,
                letter.byte_count,
                dumps(letter.note),
                letter.filed.isoformat(),
                head.number,
                head.link,
            ),
        )

    def _find(self, case_id: str, name: str) -> tuple[str, str] | None:
        found = self._db.execute(
            "select id, sha256 from letter where case_id = ? and name = ?", (case_id, name)
        ).fetchone()
        return None if found is None else (found[0], found[1])

    def path(self, letter_id: str) -> Path:
        """Where a letter's file stands."""
        return self._folder / f"{letter_id}.enc"

    def _slip(self, letter_id: str) -> Path:
        return self._folder / f"{letter_id}{SLIP}"


def _broken(what: str) -> Trouble:
    return DamagedLetter(f"The kept copy of an issued letter {what}.")
