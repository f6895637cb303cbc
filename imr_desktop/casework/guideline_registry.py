# SPDX-License-Identifier: AGPL-3.0-or-later
"""The registry of MTUS chapters: its editions, edited by hand or brought in from a file, kept as the reviewer's own."""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from imr_desktop import assets
from imr_desktop.casework import table_sheets, tables
from imr_desktop.casework.tables import TableRefused

_NAME = "guidelines"
_SOURCE = "8 CCR 9792.23 and 9792.24 and the publisher's chapter pages, edited by the reviewer; incomplete by nature."


@dataclass(frozen=True, slots=True)
class Chapter:
    """One edition of an MTUS chapter: as cited, and the calendar days on which it was in force, where known."""

    title: str
    year: int | None = None
    publisher_date: str = ""
    effective_from: date | None = None
    effective_to: date | None = None
    sections: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()

    def name(self) -> str:
        """``Chronic Pain Medical Treatment 2016``."""
        return self.title if self.year is None else f"{self.title} {self.year}"

    def in_force(self, day: date) -> bool | None:
        """Whether the edition was in force on a day; None where the table does not know."""
        if self.effective_to is not None and day > self.effective_to:
            return False
        if self.effective_from is None:
            return None
        return day >= self.effective_from


@assets.from_tables
def chapters() -> tuple[Chapter, ...]:
    """Every edition in the table, in its order."""
    return tuple(map(_chapter, assets.table(f"tables/{_NAME}.toml")["chapter"]))


def problems(rows: Sequence[Chapter]) -> tuple[str, ...]:
    """What keeps these editions from being the registry, in sentences; none if nothing does."""
    said, known = [], set[tuple[str, int | None]]()
    for number, row in enumerate(rows, 1):
        name = row.name() if row.title.strip() else f"Edition {number}"
        if not row.title.strip():
            said.append(f"Edition {number} has no title.")
        if row.effective_from and row.effective_to and row.effective_to < row.effective_from:
            said.append(f"{name} ends before it begins.")
        if row.year is not None and not 1990 <= row.year <= 2100:
            said.append(f"{name}: {row.year} is no year of an edition.")
        key = (row.title.strip().casefold(), row.year)
        if key in known:
            said.append(f"{name} is there twice.")
        known.add(key)
    return tuple(said)


def merged(ours: Sequence[Chapter], others: Iterable[Chapter]) -> tuple[Chapter, ...]:
    """Our editions with others taken in: one of the same title and year takes the place of ours, the rest is added."""
    made = {(row.title.casefold(), row.year): row for row in ours}
    made.update({(row.title.casefold(), row.year): row for row in others})
    return tuple(made.values())


def read(path: Path) -> tuple[Chapter, ...]:
    """The editions in a TOML file of the form of ours; TableRefused."""
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["chapter"]
        found = tuple(map(_chapter, rows))
    except (OSError, UnicodeDecodeError) as why:
        raise TableRefused(f"{path.name} cannot be read as text.", place=str(path)) from why
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, ValueError) as why:
        raise TableRefused(f"{path.name} holds no editions of chapters.", place=str(path)) from why
    wrong = problems(found)
    if wrong:
        raise TableRefused(f"{path.name}: {wrong[0]}", place=str(path))
    return found


def keep(rows: Sequence[Chapter], today: date) -> None:
    """Put these editions in place of the registry, from now on; TableRefused says what they lack."""
    wrong = problems(rows)
    if wrong:
        raise TableRefused(wrong[0], "Mend the edition, then keep the registry again.")
    shipped = assets.shipped(f"tables/{_NAME}.toml")["date"]
    tables.replace_text(_written(rows, max(today, shipped)), _NAME)


def restore() -> None:
    """Go back to the registry that came with the program."""
    tables.restore(_NAME)


def _chapter(row: dict[str, Any]) -> Chapter:
    made = Chapter(
        row["title"],
        row.get("year"),
        row.get("publisher_date", ""),
        row.get("effective_from"),
        row.get("effective_to"),
        tuple(row.get("sections", ())),
        tuple(row.get("unsure", ())),
    )
    texts = (made.title, made.publisher_date, *made.sections, *made.unsure)
    days = (made.effective_from, made.effective_to)
    if not all(isinstance(each, str) for each in texts) or not all(each is None or type(each) is date for each in days):
        raise TypeError("an edition is a row of texts and days")
    if made.year is not None and type(made.year) is not int:
        raise TypeError("a year is a number")
    return made


def _written(rows: Sequence[Chapter], day: date) -> str:
    """The registry as TOML."""
    made = []
    for row in rows:
        told: dict[str, Any] = {"title": row.title}
        told |= {} if row.year is None else {"year": row.year}
        told |= {"publisher_date": row.publisher_date} if row.publisher_date else {}
        told |= {"effective_from": row.effective_from} if row.effective_from else {}
        told |= {"effective_to": row.effective_to} if row.effective_to else {}
        made.append(told | {"sections": list(row.sections), "unsure": list(row.unsure)})
    return table_sheets.toml({"date": day, "source": _SOURCE, "chapter": made})
