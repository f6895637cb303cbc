# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rows that a case is made of: one frozen value each, kept as JSON with its place among its like."""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from imr_desktop.models.answers import Answers
from imr_desktop.models.care import Bookmark, FilePassword, OwnMark, PageCare
from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.evidence import Evidence
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.plain import from_plain, to_plain
from imr_desktop.models.records import Document, SourceFile
from imr_desktop.models.terms import TermSet
from imr_desktop.models.work import ItemWork
from imr_desktop.storage.sql import Database
from imr_desktop.storage.troubles import DamagedVault


class Table(StrEnum):
    """The kinds of row of a case."""

    HEADER = "header"
    IMRO = "imro"
    LETTER = "letter"
    SUMMARY = "summary"
    ITEM = "item"
    DOCUMENT = "document"
    EVIDENCE = "evidence"
    SOURCE = "source"
    MARK = "mark"
    BOOKMARK = "bookmark"
    CARE = "care"
    PASSWORD = "password"  # noqa: S105 (the kind of a row, no secret)
    ANSWERS = "answers"
    WORK = "work"
    TERMS = "terms"


KINDS: Final[dict[Table, type]] = {
    Table.HEADER: CaseHeader,
    Table.IMRO: Imro,
    Table.LETTER: LetterText,
    Table.SUMMARY: Narrative,
    Table.ITEM: DisputedItem,
    Table.DOCUMENT: Document,
    Table.EVIDENCE: Evidence,
    Table.SOURCE: SourceFile,
    Table.MARK: OwnMark,
    Table.BOOKMARK: Bookmark,
    Table.CARE: PageCare,
    Table.PASSWORD: FilePassword,
    Table.ANSWERS: Answers,
    Table.WORK: ItemWork,
    Table.TERMS: TermSet,
}
SINGLE: Final = frozenset({Table.HEADER, Table.IMRO, Table.LETTER, Table.SUMMARY, Table.ANSWERS})


@dataclass(frozen=True, slots=True)
class Change:
    """What one step touched: its label, the kinds of row, and each row as (kind, row id)."""

    label: str
    touched: frozenset[Table]
    rows: frozenset[tuple[Table, str]]


@dataclass(frozen=True, slots=True)
class Kept:
    """A row's content as it stands in the vault: its place among its like, and its value as JSON."""

    position: float
    value: str


def row_id_of(table: Table, row_id: str) -> str:
    """The id under which a row is kept: a case has one header, IMRO, letter and summary, each known by its kind."""
    return table.value if table in SINGLE else row_id


def encode(table: Table, row_id: str, value: Any) -> str:
    """A row's value as JSON; TypeError or ValueError if it is no value for this row."""
    if type(value) is not KINDS[table]:
        raise TypeError(f"a row of {table.value} holds {KINDS[table].__name__}, not {type(value).__name__}")
    plain = to_plain(value)
    if table not in SINGLE and plain["sha256" if table is Table.SOURCE else "id"] != row_id:
        raise ValueError(f"a row of {table.value} is kept under its own id")
    return dumps(plain)


def decode(table: Table, value: str) -> Any:
    """The frozen value of a row; DamagedVault if it does not read as one."""
    try:
        return from_plain(json.loads(value), KINDS[table])
    except Exception:
        # The error is left behind on purpose: it would carry the words of the case into a log.
        raise DamagedVault(f"A row ({table.value}) of the case cannot be read.", place="vault.db") from None


def dumps(data: Any) -> str:
    """Plain data as JSON that any text survives, whatever a clipboard put into it."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False)


def find(db: Database, case_id: str, table: Table, row_id: str) -> Kept | None:
    """The row as it stands, or None."""
    found = db.execute(
        "select position, value from case_row where case_id = ? and kind = ? and id = ?", (case_id, table.value, row_id)
    ).fetchone()
    return None if found is None else Kept(*found)


def place(db: Database, case_id: str, table: Table, row_id: str, kept: Kept | None) -> None:
    """Make the row stand as given; None takes it away. Belongs in an open transaction."""
    if kept is None:
        db.execute(
            "delete from case_row where case_id = ? and kind = ? and id = ?",
            (case_id, table.value, row_id),
        )
        return
    db.execute(
        "insert into case_row (case_id, kind, id, position, value) values (?, ?, ?, ?, ?)"
        " on conflict (case_id, kind, id) do update set position = excluded.position, value = excluded.value",
        (case_id, table.value, row_id, kept.position, kept.value),
    )


def end_of(db: Database, case_id: str, table: Table) -> float:
    """The position behind the last row of its kind."""
    last = db.execute(
        "select max(position) from case_row where case_id = ? and kind = ?", (case_id, table.value)
    ).fetchone()[0]
    return 0.0 if last is None else float(last) + 1.0
