# SPDX-License-Identifier: AGPL-3.0-or-later
"""The holidays by which working days are counted: the shipped table with what the reviewer added or took out."""

from collections.abc import Collection
from datetime import date
from typing import Final

from imr_desktop.errors import Trouble
from imr_desktop.models.days import written_day
from imr_desktop.models.deadlines import state_holidays
from imr_desktop.storage import Vault

_SETTING: Final = "holidays"


class NoSuchDay(Trouble):
    """A line of the holiday table is no day."""

    default_advice = "Write one day a line, as 10/13/2025 or 2025-10-13."


def holidays(vault: Vault) -> frozenset[date]:
    """The holidays that count in this vault."""
    kept = vault.setting(_SETTING)
    if kept is None:
        return state_holidays()
    return (state_holidays() | _days(kept["added"])) - _days(kept["removed"])


def keep(vault: Vault, days: Collection[date]) -> None:
    """Let exactly these days be holidays; only what differs from the shipped table is kept."""
    table, wanted = state_holidays(), frozenset(days)
    added, removed = sorted(wanted - table), sorted(table - wanted)
    vault.keep_setting(
        _SETTING,
        None
        if not added and not removed
        else {"added": [day.isoformat() for day in added], "removed": [day.isoformat() for day in removed]},
    )


def read(text: str) -> frozenset[date]:
    """The days in a text, one a line, empty lines and what follows a # left out; NoSuchDay."""
    found = set()
    for number, line in enumerate(text.splitlines(), 1):
        said = line.partition("#")[0].strip()
        if not said:
            continue
        day = written_day(said)
        if day is None:
            raise NoSuchDay(f"Line {number} of the holidays is no day: {said[:40]}.")
        found.add(day)
    return frozenset(found)


def written(days: Collection[date]) -> str:
    """Days as a text that ``read`` reads, with the weekday said behind."""
    return "\n".join(f"{day:%m/%d/%Y}  # {day:%A}" for day in sorted(days))


def _days(texts: Collection[str]) -> frozenset[date]:
    return frozenset(date.fromisoformat(text) for text in texts)
