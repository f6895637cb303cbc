# SPDX-License-Identifier: AGPL-3.0-or-later
"""The dated tables that the checks read: which are in force, and a newer one put in place of ours."""

from dataclasses import dataclass
from pathlib import Path

from imr_desktop import assets
from imr_desktop.casework.files import replace_whole
from imr_desktop.checks import tables
from imr_desktop.errors import Trouble


class TableRefused(Trouble):
    """A table cannot take the place of ours."""

    default_advice = "Mend the file, or take the table that ships as a pattern: imr-desktop tables show NAME."


@dataclass(frozen=True, slots=True)
class TableInForce:
    """One table: its name, its day (ISO 8601) and source, and whether it is the reviewer's own.

    ``passed_over`` says why an own table that is there is not used; empty where none is, or it is used.
    """

    name: str
    date: str
    source: str
    own: bool = False
    passed_over: str = ""


def in_force() -> tuple[TableInForce, ...]:
    """Every table with its day and source, as this run of the program uses it."""
    found = []
    for name in tables.NAMES:
        day, source = tables.dated(name)
        own = assets.own_table(f"{name}.toml")
        is_own = own is not None and not assets.is_older(own, assets.shipped(f"tables/{name}.toml"))
        there = (assets.own_tables() / f"{name}.toml").exists()
        why = "" if is_own or not there else "cannot be read" if own is None else "older than the one that ships"
        found.append(TableInForce(name, day, source, is_own, why))
    return tuple(found)


def source_of(name: str) -> str:
    """Where the rows of a table come from, as it says."""
    return tables.dated(name)[1]


def text_of(name: str) -> str:
    """The table as it is in force, as TOML; TableRefused for a name that is none."""
    _known(name)
    own = assets.own_tables() / f"{name}.toml"
    used = next(each for each in in_force() if each.name == name)
    return (own if used.own else assets.path(f"tables/{name}.toml")).read_text(encoding="utf-8")


def replace(path: Path, name: str = "") -> TableInForce:
    """Put the table in a file in place of ours, from now on; TableRefused says what it lacks.

    Without a name the file's own is taken (``holidays.toml``). The file that ships stays as it is.
    """
    name = name or path.stem
    return replace_text(read(path, name), name)


def read(path: Path, name: str) -> str:
    """The text of a file that can take the place of a table; TableRefused says what it lacks."""
    _known(name)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise TableRefused(f"{path.name} cannot be read as text.", place=str(path)) from why
    wrong = tables.problems(name, text)
    if wrong:
        raise TableRefused(f"{path.name} cannot be the table {name}: {wrong[0]}", place=str(path))
    return text


def replace_text(text: str, name: str) -> TableInForce:
    """Put a table that was written here in place of ours; TableRefused says what it lacks."""
    _known(name)
    wrong = tables.problems(name, text)
    if wrong:
        raise TableRefused(f"This cannot be the table {name}: {wrong[0]}")
    folder = assets.own_tables()
    folder.mkdir(parents=True, exist_ok=True)
    replace_whole(folder / f"{name}.toml", text.encode("utf-8"))
    return next(each for each in _anew() if each.name == name)


def restore(name: str) -> TableInForce:
    """Go back to the table that ships."""
    _known(name)
    (assets.own_tables() / f"{name}.toml").unlink(missing_ok=True)
    return next(each for each in _anew() if each.name == name)


def _anew() -> tuple[TableInForce, ...]:
    assets.forget_tables()
    return in_force()


def _known(name: str) -> None:
    if name not in tables.NAMES:
        raise TableRefused(f"There is no table called {name}.", f"There are: {', '.join(tables.NAMES)}.")
