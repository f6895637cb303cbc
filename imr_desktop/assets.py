# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one way to what ships beside the code: fonts, letter wording, tables, schemas, the demo case."""

import functools
import os
from datetime import date
from pathlib import Path
from typing import Any

import platformdirs

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


@functools.cache
def table(name: str) -> dict[str, Any]:
    """The TOML table ``name`` as plain values: the reviewer's own where that is no older than ours.

    The caller must not change what it gets. A table read once stays until the program is started again.
    """
    ours = shipped(name)
    if not name.startswith("tables/"):
        return ours
    own = own_table(name.removeprefix("tables/"))
    return ours if own is None or _day(own) < _day(ours) else own


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
