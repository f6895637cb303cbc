# SPDX-License-Identifier: AGPL-3.0-or-later
"""A report for support without a word of any case, and a pack of settings for another laptop."""

import json
import platform
import re
import sys
import time
from datetime import date, datetime
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import imr_desktop
from imr_desktop.casework import holidays
from imr_desktop.casework.files import replace_whole
from imr_desktop.casework.snippets import SNIPPETS
from imr_desktop.casework.spelling import OWN_WORDS
from imr_desktop.casework.term_sets import TERM_SETS
from imr_desktop.casework.worklist import Board
from imr_desktop.errors import Trouble
from imr_desktop.models.deadlines import state_holidays
from imr_desktop.storage import Table, Vault

FORMAT: Final = "imr-settings/1"
# What moves between machines; everything that could name a person or a case stays.
PACKED: Final = (
    "keys",
    "single keys",
    "theme",
    "text size",
    "motion",
    "lock after",
    "holidays",
    SNIPPETS,
    OWN_WORDS,
    TERM_SETS,
)
_PARTS: Final = (
    "PySide6-Essentials", "pymupdf", "pypdfium2", "reportlab", "pikepdf", "pyhanko", "sqlcipher3", "sqlite-utils",
    "cattrs", "tesserocr", "rapidocr", "onnxruntime",
)  # fmt: skip

_CODED = re.compile(r"\d{4}-\d\d-\d\d [\d:]{8}Z imr-desktop [\w.+]+ \w+|  [\w.-]+\.py:\d+ [\w<>]+")


class NotASettingsPack(Trouble):
    """The file is no pack of settings, or one of a newer program."""

    default_advice = "Choose a file that IMR Desktop wrote as a settings pack; nothing was changed."


def report(vault: Vault, at: datetime, last_errors: tuple[str, ...] = ()) -> str:
    """Versions, sizes, timings and the last coded errors; counts only, no words of a case, no names, no paths."""
    counted: dict[str, int] = {}
    for kinds in vault.counts().values():
        for kind, count in kinds.items():
            name = kind.value if isinstance(kind, Table) else str(kind)
            counted[name] = counted.get(name, 0) + count
    began = time.perf_counter()
    rows = Board(vault).rows(at.date(), archived=True)
    took = time.perf_counter() - began
    lines = [
        "IMR Desktop support report",
        f"made {at:%Y-%m-%d %H:%M} UTC",
        f"version {imr_desktop.__version__}, Python {platform.python_version()}",
        f"system {platform.system()} {platform.release()}",
        f"machine {platform.machine()}, {sys.maxsize.bit_length() + 1} bit",
        "",
        "Parts",
        *(f"  {name} {_version(name)}" for name in _PARTS),
        "",
        "Vault",
        f"  cases {len(rows)}, pages {sum(row.pages for row in rows)}, letters {sum(row.letters for row in rows)}",
        *(f"  rows of kind {name}: {count}" for name, count in sorted(counted.items())),
        f"  worklist made in {took * 1000:.0f} ms",
        "",
        "Settings that were changed",
        *(f"  {name}" for name in PACKED if vault.setting(name) is not None),
        "",
        "Last errors",
        *(f"  {line}" for line in last_errors or ("none",)),
    ]
    return "\n".join(lines) + "\n"


def coded_errors(log: Path, most: int = 20) -> tuple[str, ...]:
    """The last lines of the program's own log that name a fault by kind and place in the code; nothing else of it."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    # Only what our own log writes as code: a time with a kind, a file with a line; whatever else got there stays there.
    return tuple([line.rstrip() for line in lines if _CODED.fullmatch(line.rstrip())][-most:])


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not there"


def pack(vault: Vault, path: Path) -> None:
    """Write the settings that may move to another machine into one file."""
    held = {name: vault.setting(name) for name in PACKED}
    data = {"format": FORMAT, "settings": {name: value for name, value in held.items() if value is not None}}
    replace_whole(path, (json.dumps(data, ensure_ascii=False, indent=2) + "\n").encode())


def unpack(vault: Vault, path: Path) -> tuple[str, ...]:
    """Take over a pack: keys, holidays and lists are merged with what is here, the rest replaced; gives what came."""
    try:
        data: Any = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as why:
        raise NotASettingsPack(f"{path.name} could not be read as a settings pack.", place=str(path)) from why
    if not isinstance(data, dict) or data.get("format") != FORMAT or not isinstance(data.get("settings"), dict):
        raise NotASettingsPack(f"{path.name} is no settings pack.", place=str(path))
    came = []
    with vault.at_once():
        for name, value in data["settings"].items():
            if name not in PACKED:
                continue
            if name == "holidays":
                _merge_holidays(vault, value)
            else:
                here = vault.setting(name)
                vault.keep_setting(name, _merged(here, value))
            came.append(name)
    return tuple(came)


def _merged(here: Any, there: Any) -> Any:
    if isinstance(here, dict) and isinstance(there, dict):
        return {**here, **there}
    if isinstance(here, list) and isinstance(there, list):
        return [*here, *(each for each in there if each not in here)]
    return there


def _merge_holidays(vault: Vault, value: Any) -> None:
    try:
        added = {date.fromisoformat(day) for day in value["added"]}
        removed = {date.fromisoformat(day) for day in value["removed"]}
    except (TypeError, KeyError, ValueError) as why:
        raise NotASettingsPack("The holidays in the settings pack cannot be read.") from why
    holidays.keep(vault, (holidays.holidays(vault) | (added - state_holidays()) | added) - removed)
