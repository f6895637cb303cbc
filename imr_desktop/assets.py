# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one way to what ships beside the code: fonts, letter wording, tables, schemas, the demo case."""

import functools
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import platformdirs

P = ParamSpec("P")
T = TypeVar("T")

TABLE_NOTES = ("date", "source", "unsure", "rests_on")
"""What a table says of itself, beside its rows."""

_INSTALLED = Path(__file__).parent / "_resources"
_CHECKOUT = Path(__file__).parent.parent / "resources"


def path(name: str) -> Path:
    """The file or folder ``name`` (relative, with forward slashes) under ``resources/``."""
    root = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return root.joinpath(*name.split("/"))


def own_tables() -> Path:
    """The folder of the tables that the reviewer put in place of ours: IMR_DESKTOP_TABLES, or beside the vault."""
    named = os.environ.get("IMR_DESKTOP_TABLES")
    return Path(named) if named else Path(platformdirs.user_data_dir("imr-desktop", appauthor=False)) / "tables"


def shipped(name: str) -> dict[str, Any]:
    """The TOML table ``name`` as it came with the program."""
    import tomllib

    return tomllib.loads(path(name).read_text(encoding="utf-8"))


def documents() -> Path:
    """The folder of the manual, its pictures and the page of the checks."""
    installed = _INSTALLED / "docs"
    return installed if installed.is_dir() else _CHECKOUT.parent / "docs"


class _Derived:
    """What was made of the tables and is kept: thrown away when a table is replaced."""

    def __init__(self) -> None:
        self.clears: list[Callable[[], None]] = []
        self.revision = 0


_derived = _Derived()


def from_tables(function: Callable[P, T]) -> Callable[P, T]:
    """A function of tables that keeps what it answered until one of them is replaced."""
    kept = functools.cache(function)
    _derived.clears.append(kept.cache_clear)

    @functools.wraps(function)
    def ask(*args: P.args, **kwargs: P.kwargs) -> T:
        return kept(*args, **kwargs)  # type: ignore[arg-type]

    return ask


def forget_tables() -> None:
    """A table was replaced: read them anew, and make anew what was made of them."""
    for clear in _derived.clears:
        clear()
    _derived.revision += 1


def tables_revision() -> int:
    """Another number after each table that was replaced while the program runs."""
    return _derived.revision


@from_tables
def table(name: str) -> dict[str, Any]:
    """The TOML table ``name`` as plain values: the reviewer's own where that is no older than ours.

    What an own table of an earlier release does not have yet is ours. The caller must not change what it gets.
    """
    ours = shipped(name)
    own = own_table(name.removeprefix("tables/")) if name.startswith("tables/") else None
    return ours if own is None or is_older(own, ours) else ours | own


def is_older(own: dict[str, Any], ours: dict[str, Any]) -> bool:
    """Whether an own table was written before the one that ships."""
    return _day(own) < _day(ours)


def own_table(file_name: str) -> dict[str, Any] | None:
    """The reviewer's own table of this file name; None where there is none, or it cannot be read."""
    import tomllib

    try:
        return tomllib.loads((own_tables() / file_name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return None


def _day(of: dict[str, Any]) -> date:
    day = of.get("date")
    return day if isinstance(day, date) else date.min
