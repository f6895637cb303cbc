# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long a case took and how long it will: active time by part and day, pages read, and the pace of reading.

All of it stays in the vault. Time in which nothing moved for longer than ``IDLE`` seconds is nobody's work.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

IDLE = 90.0
_PACE_PAGES = 200
_ENOUGH_PAGES = 10
RECORD = "Record"


@dataclass
class WorkClock:
    """The clock of one case. ``touch`` says that the reviewer is at work, ``seen`` that a page was read."""

    spent: dict[tuple[str, str], float] = field(default_factory=dict)
    pages: int = 0
    paces: list[float] = field(default_factory=list)
    _last: datetime | None = None
    _part: str = ""
    _since_page: float = 0.0

    def touch(self, at: datetime, part: str) -> None:
        """The reviewer does something in a part of the case; what passed since the last time counts unless idle."""
        if self._last is not None:
            passed = (at - self._last).total_seconds()
            if 0 < passed <= IDLE:
                key = (at.date().isoformat(), self._part)
                self.spent[key] = self.spent.get(key, 0.0) + passed
                if self._part == RECORD:
                    self._since_page += passed
        self._last, self._part = at, part

    def seen(self, at: datetime, count: int = 1) -> None:
        """Pages have become seen: the active time in the record since the last ones was theirs."""
        self.touch(at, RECORD)
        self.pages += count
        self.paces = [*self.paces, *[self._since_page / count] * count][-_PACE_PAGES:]
        self._since_page = 0.0

    def seconds(self) -> float:
        """The active time so far."""
        return sum(self.spent.values(), 0.0)

    def left(self, unseen: int) -> float | None:
        """The seconds that the pages not seen yet will take at the pace of the last ones; None before there is one."""
        if len(self.paces) < _ENOUGH_PAGES:
            return None
        return unseen * sum(self.paces) / len(self.paces)

    def told(self, unseen: int) -> str:
        """``0:42 worked, about 1:10 of reading left``; nothing in the first minute."""
        if self.seconds() < 60:
            return ""
        left = self.left(unseen)
        rest = "" if left is None or not unseen else f", about {_clock(left)} of reading left"
        return f"{_clock(self.seconds())} worked{rest}"

    def to_setting(self) -> dict[str, Any]:
        """The clock as plain data."""
        spent = [[day, part, round(seconds, 1)] for (day, part), seconds in sorted(self.spent.items())]
        return {"spent": spent, "pages": self.pages, "paces": [round(each, 1) for each in self.paces]}

    @classmethod
    def from_setting(cls, kept: Any) -> "WorkClock":
        """The clock that was kept; a fresh one where nothing sensible was."""
        if not isinstance(kept, Mapping):
            return cls()
        spent = {(str(day), str(part)): float(seconds) for day, part, seconds in kept.get("spent", ())}
        return cls(spent, int(kept.get("pages", 0)), [float(each) for each in kept.get("paces", ())])


def setting_name(case_id: str) -> str:
    """Under which name the clock of a case is kept."""
    return f"worked {case_id}"


def as_csv(clocks: Iterable[tuple[str, WorkClock]]) -> str:
    """Minutes by case, day and part, and the case's pages seen, as CSV for billing."""
    made = io.StringIO()
    rows = csv.writer(made, lineterminator="\n")
    rows.writerow(("case", "day", "part", "minutes", "pages seen"))
    for name, clock in clocks:
        for (day, part), seconds in sorted(clock.spent.items()):
            # What a spreadsheet would take for a formula stays a word.
            safe = f"'{name}" if name[:1] in "=+-@" else name
            rows.writerow((safe, day, part, f"{seconds / 60:.1f}", clock.pages))
    return made.getvalue()


def _clock(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"
