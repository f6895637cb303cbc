# SPDX-License-Identifier: AGPL-3.0-or-later
"""A dated table as sheets of rows and columns that a person can edit, and the sheets as a table again."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from imr_desktop import assets
from imr_desktop.casework import tables
from imr_desktop.casework.tables import TableInForce, TableRefused
from imr_desktop.models.days import written_day

VALUES = ""
_WORD = re.compile(r"""\s*(?:"((?:[^"]|"")*)"\s*|([^;]*))(?:;|$)""")
Row = tuple[str, ...]


class Kind(StrEnum):
    """What a cell holds: words, a whole number, a day, or several words with semicolons between them."""

    WORDS = "words"
    NUMBER = "number"
    DAY = "day"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key in the table, what its cells hold, and whether every row must fill it."""

    key: str
    kind: Kind = Kind.WORDS
    must: bool = True
    fixed: bool = False

    @property
    def name(self) -> str:
        """``records_days`` as ``Records days``, with a hint where several words go into one cell."""
        said = self.key.replace("_", " ").strip().capitalize()
        return f"{said} (with ; between)" if self.kind is Kind.LIST else said

    def shown(self, said: str) -> str:
        """A cell as it is shown: a name that cannot be edited in plain words."""
        return said.replace("_", " ").capitalize() if self.fixed else said


@dataclass(frozen=True, slots=True)
class Sheet:
    """One part of a table: its key (empty for its single values), its columns, its rows, and how they lie in TOML.

    ``numbers`` names the single values that are whole numbers.
    """

    key: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    shape: str
    numbers: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """``standard_days`` as ``Standard days``; the single values are called so."""
        return self.key.replace("_", " ").capitalize() if self.key else "Values"

    @property
    def grows(self) -> bool:
        """Whether rows can be added and removed."""
        return self.shape != "values"

    def with_rows(self, rows: Iterable[Sequence[str]]) -> "Sheet":
        """The same sheet with other rows; those that are empty altogether are left out."""
        return replace(self, rows=tuple(tuple(row) for row in rows if any(cell.strip() for cell in row)))


def sheets(table: Mapping[str, Any], ours: Mapping[str, Any]) -> tuple[Sheet, ...]:
    """The sheets of a table; ``ours`` is the one that ships and says what each column holds."""
    made = [_values(table, ours)]
    for key, value in ours.items():
        if key not in assets.TABLE_NOTES and isinstance(value, list | dict):
            made.append(_sheet(key, table.get(key, value), value))
    return tuple(each for each in made if each.columns)


def plain(parts: Iterable[Sheet], day: date, source: str) -> dict[str, Any]:
    """The table that the sheets are, with its day and source; TableRefused for a cell that cannot be read."""
    table: dict[str, Any] = {"date": day, "source": source}
    for part in parts:
        if part.shape == "values":
            table |= _read_values(part)
        else:
            table[part.key] = _READ[part.shape](part)
    return table


def toml(table: Mapping[str, Any]) -> str:
    """A table as TOML: single values first, then its parts."""
    said = [f"{_key(key)} = {_toml(value)}" for key, value in table.items() if not _is_part(value)]
    for key, value in table.items():
        if isinstance(value, Mapping):
            said += ["", f"[{_key(key)}]", *(f"{_key(each)} = {_toml(held)}" for each, held in value.items())]
        elif _is_part(value):
            for row in value:
                said += ["", f"[[{_key(key)}]]", *(f"{_key(each)} = {_toml(held)}" for each, held in row.items())]
    return "\n".join(said) + "\n"


def of(name: str) -> tuple[Sheet, ...]:
    """The sheets of the table of this name as it is in force."""
    return sheets(assets.table(f"tables/{name}.toml"), assets.shipped(f"tables/{name}.toml"))


def keep(name: str, parts: Iterable[Sheet], source: str, today: date) -> TableInForce:
    """Put the edited sheets in place of the table, dated today; TableRefused says what does not fit."""
    if not source.strip():
        raise TableRefused("The table does not state its source.", "Say where the changed rows come from.")
    day = max(today, assets.shipped(f"tables/{name}.toml")["date"])
    return tables.replace_text(toml(plain(parts, day, source.strip())), name)


# -- out of the table ---------------------------------------------------------------------------------------------


def _values(table: Mapping[str, Any], ours: Mapping[str, Any]) -> Sheet:
    """The single values, with what each rests on and whether that was confirmed, where the table says so."""
    unsure, rests = table.get("unsure", ()), table.get("rests_on", {})
    keys = [key for key, value in ours.items() if key not in assets.TABLE_NOTES and not isinstance(value, list | dict)]
    columns = [Column("name", fixed=True), Column("value")] if keys else []
    if keys and "unsure" in ours:
        columns += [Column("rests_on", must=False), Column("confirmed")]
    rows = []
    for key in keys:
        row = (key, _shown(table.get(key, ours[key])))
        rows.append((*row, rests.get(key, ""), "no" if key in unsure else "yes") if "unsure" in ours else row)
    numbers = frozenset(key for key in keys if isinstance(ours[key], int))
    return Sheet(VALUES, tuple(columns), tuple(rows), "values", numbers)


def _sheet(key: str, value: Any, ours: Any) -> Sheet:
    if isinstance(ours, dict):
        kind = _kind(next(iter(ours.values()), ""))
        pairs = tuple((str(each), _shown(held)) for each, held in value.items())
        return Sheet(key, (Column("name"), Column("value", kind)), pairs, "mapping")
    first = ours[0] if ours else ""
    if isinstance(first, dict):
        columns = _columns(ours)
        rows = tuple(tuple(_shown(row.get(column.key, "")) for column in columns) for row in value)
        return Sheet(key, columns, rows, "records")
    if isinstance(first, list):
        groups = [(str(row[0]) if row else "", _shown(list(row[1:]))) for row in value]
        return Sheet(key, (Column("name"), Column("other_words", Kind.LIST, must=False)), tuple(groups), "groups")
    return Sheet(key, (Column(key, _kind(first)),), tuple((_shown(each),) for each in value), "list")


def _columns(rows: Sequence[Mapping[str, Any]]) -> tuple[Column, ...]:
    keys = dict.fromkeys(key for row in rows for key in row)
    return tuple(
        Column(key, _kind(next(row[key] for row in rows if key in row)), must=all(key in row for row in rows))
        for key in keys
    )


def _kind(value: Any) -> Kind:
    if isinstance(value, list):
        return Kind.LIST
    if isinstance(value, date):
        return Kind.DAY
    return Kind.NUMBER if isinstance(value, int) else Kind.WORDS


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_quoted(str(each)) for each in value)
    return f"{value:%m/%d/%Y}" if isinstance(value, date) else str(value)


def _quoted(word: str) -> str:
    if ";" in word or '"' in word or word != word.strip():
        return '"' + word.replace('"', '""') + '"'
    return word


# -- back into a table --------------------------------------------------------------------------------------------


def _read_values(part: Sheet) -> dict[str, Any]:
    keys = [column.key for column in part.columns]
    found: dict[str, Any] = {}
    unsure, rests = [], {}
    for row in part.rows:
        cells = dict(zip(keys, row, strict=True))
        name, said = cells["name"], cells["value"].strip()
        found[name] = _number(said, name) if name in part.numbers else said
        if cells.get("rests_on", "").strip():
            rests[name] = cells["rests_on"].strip()
        if cells.get("confirmed", "yes").strip().casefold() not in ("yes", "y"):
            unsure.append(name)
    return found | {"unsure": unsure, "rests_on": rests} if "confirmed" in keys else found


def _read_mapping(part: Sheet) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for number, (name, value) in enumerate(part.rows, 1):
        if not name.strip():
            raise TableRefused(f"{part.name}, row {number}: it has no name.")
        if name.strip() in found:
            raise TableRefused(f"{part.name}, row {number}: {name.strip()} is there twice.")
        found[name.strip()] = _read(part, number, part.columns[1], value)
    return found


def _read_groups(part: Sheet) -> list[list[str]]:
    return [
        [name.strip(), *_read(part, number, part.columns[1], others)]
        for number, (name, others) in enumerate(part.rows, 1)
    ]


def _read_list(part: Sheet) -> list[Any]:
    return [_read(part, number, part.columns[0], said) for number, (said,) in enumerate(part.rows, 1)]


def _read_records(part: Sheet) -> list[dict[str, Any]]:
    found = []
    for number, row in enumerate(part.rows, 1):
        read = {
            column.key: _read(part, number, column, said)
            for column, said in zip(part.columns, row, strict=True)
            if said.strip() or column.must
        }
        found.append(read)
    return found


_READ: dict[str, Callable[[Sheet], Any]] = {
    "mapping": _read_mapping,
    "groups": _read_groups,
    "list": _read_list,
    "records": _read_records,
}


def _read(part: Sheet, number: int, column: Column, said: str) -> Any:
    place = f"{part.name}, row {number}"
    if column.kind is Kind.LIST:
        return words_in(said)
    if column.must and not said.strip():
        raise TableRefused(f"{place}: {column.name} is empty.", "Fill it, or take the row out.")
    if column.kind is Kind.NUMBER:
        return _number(said, place)
    if column.kind is Kind.DAY:
        day = written_day(said)
        if day is None:
            raise TableRefused(f"{place}: {said.strip()[:40]} is no day.", "Write it as 10/13/2025 or 2025-10-13.")
        return day
    return said.strip()


def words_in(said: str) -> list[str]:
    """The words in a cell, semicolons between them; a word that holds one stands between quotation marks."""
    found = []
    for quoted, bare in _WORD.findall(said):
        word = quoted.replace('""', '"') if quoted else bare.strip()
        if word.strip():
            found.append(word)
    return found


def _number(said: str, place: str) -> int:
    if not said.strip().isdecimal():
        raise TableRefused(f"{place}: {said.strip()[:40] or 'nothing'} is no whole number.", "Write digits only.")
    return int(said)


# -- as TOML ------------------------------------------------------------------------------------------------------


def _is_part(value: Any) -> bool:
    return isinstance(value, Mapping) or (isinstance(value, list) and bool(value) and isinstance(value[0], Mapping))


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").replace("-", "").isalnum() else _toml(key)


def _toml(value: Any) -> str:
    """One value; a basic string of TOML is written as JSON writes one, but for one sign that JSON leaves bare."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    if isinstance(value, list):
        return f"[{', '.join(map(_toml, value))}]"
    return value.isoformat() if isinstance(value, date) else str(value)
