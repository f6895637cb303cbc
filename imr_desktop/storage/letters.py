# SPDX-License-Identifier: AGPL-3.0-or-later
"""Issued letters: kept for ever as they left, each with its digest and a note, and never overwritten."""

import hashlib
import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from imr_desktop.errors import Trouble
from imr_desktop.storage import files, sealed
from imr_desktop.storage.rows import dumps
from imr_desktop.storage.sql import Database
from imr_desktop.storage.troubles import DamagedLetter, LetterAlreadyFiled, NoSuchLetter


@dataclass(frozen=True, slots=True)
class FiledLetter:
    """A letter as it was issued: name, the digest it was filed with, note (plain data), when (UTC), size, SHA-256."""

    name: str
    digest: str
    note: dict[str, Any]
    filed: datetime
    byte_count: int
    sha256: str


class Letters:
    """The letters of all cases. Their key is none of the cases' keys: a case that is destroyed leaves its letters.

    Their files have random names, because a letter's name tells whose it is.
    """

    def __init__(self, db: Database, folder: Path, key: bytes) -> None:
        self._db = db
        self._folder = folder
        self._key = key

    def file(self, case_id: str, name: str, data: bytes, digest: str, note: dict[str, Any]) -> FiledLetter:
        """Keep a letter: first the file, whole, then the row. LetterAlreadyFiled, DiskFull, CannotWrite."""
        if self._find(case_id, name) is not None:
            raise LetterAlreadyFiled(f"A letter named {name} was already issued for this case.")
        letter_id = os.urandom(16).hex()
        letter = FiledLetter(name, digest, note, datetime.now(UTC), len(data), hashlib.sha256(data).hexdigest())
        files.make_private(self._folder)
        path = self._path(letter_id)
        try:
            files.write_whole(path, sealed.seal([data], len(data), self._key, letter_id))
            with self._db.atomic():
                self._add(letter_id, case_id, letter)
        except BaseException:
            files.remove(path)
            raise
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

    def read(self, case_id: str, name: str) -> bytes:
        """The bytes of a letter, proven to be those that were filed; NoSuchLetter, DamagedLetter."""
        found = self._find(case_id, name)
        if found is None:
            raise NoSuchLetter(f"No letter named {name} was issued for this case.")
        letter_id, sha256 = found
        with sealed.SealedFile(self._path(letter_id), self._key, letter_id, _broken) as file:
            data = file.read_at(0, file.length)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise _broken("is not the one that was issued")
        return data

    def _add(self, letter_id: str, case_id: str, letter: FiledLetter) -> None:
        self._db.execute(
            "insert into letter (id, case_id, name, digest, sha256, byte_count, note, filed)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                letter_id,
                case_id,
                letter.name,
                letter.digest,
                letter.sha256,
                letter.byte_count,
                dumps(letter.note),
                letter.filed.isoformat(),
            ),
        )

    def _find(self, case_id: str, name: str) -> tuple[str, str] | None:
        found = self._db.execute(
            "select id, sha256 from letter where case_id = ? and name = ?", (case_id, name)
        ).fetchone()
        return None if found is None else (found[0], found[1])

    def _path(self, letter_id: str) -> Path:
        return self._folder / f"{letter_id}.enc"


def _broken(what: str) -> Trouble:
    return DamagedLetter(f"The kept copy of an issued letter {what}.")
