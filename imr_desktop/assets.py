# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one way to what ships beside the code: fonts, letter wording, tables, schemas, the demo case."""

import functools
import tomllib
from pathlib import Path
from typing import Any

_INSTALLED = Path(__file__).parent / "_resources"
_CHECKOUT = Path(__file__).parent.parent / "resources"


def path(name: str) -> Path:
    """The file or folder ``name`` (relative, with forward slashes) under ``resources/``."""
    root = _INSTALLED if _INSTALLED.is_dir() else _CHECKOUT
    return root.joinpath(*name.split("/"))


@functools.cache
def table(name: str) -> dict[str, Any]:
    """The TOML table ``name`` as plain values; the caller must not change what it gets."""
    return tomllib.loads(path(name).read_text(encoding="utf-8"))
