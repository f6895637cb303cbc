# SPDX-License-Identifier: AGPL-3.0-or-later
"""The case strip: whose case this is, when it is due and how far it is, in view on every part of the window."""

from collections.abc import Sequence
from datetime import date
from textwrap import shorten
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from imr_desktop.models.case import Case, CaseHeader, Priority
from imr_desktop.models.deadlines import Deadline, contradiction
from imr_desktop.ui.cases_model import urgency
from imr_desktop.ui.icons import icon
from imr_desktop.ui.parts import ElidedLabel, text_is_large, voice, words
from imr_desktop.ui.theme import Colours, Theme, case_colour

if TYPE_CHECKING:
    from imr_desktop.storage import FiledLetter

_BAND = 8
_LEAST = 240
_ITEMS_SAY = 40  # characters that all items' wordings may take together


class CaseStrip(QFrame):
    """Two lines of facts with a band in the case's own colour; two cases never look the same by chance alone."""

    checks_wanted = Signal()
    back_wanted = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("box", "strip")
        self._theme = theme
        self._case_id = ""
        self._band = QColor(theme.colours.accent)
        self.back = QToolButton()
        self.back.setIcon(icon("back"))
        self.back.setAccessibleName("Back to the worklist")
        self.back.setToolTip("Back to the worklist (Ctrl+W)")
        self.back.clicked.connect(self.back_wanted)
        self.number = words("", "heading", wrap=False)
        self.worker = ElidedLabel()
        self.due = words("", wrap=False)
        # Told again on the Items tab, so large text may shorten it.
        self.decided = ElidedLabel()
        self.decided.setProperty("says", "muted")
        self.decided.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.decided.setMinimumWidth(1)
        self.checks = QToolButton()
        self.checks.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.checks.setText("Checking…")
        self.checks.setToolTip("Show what the checks found (Alt+6)")
        self.checks.clicked.connect(self.checks_wanted)
        self.facts, self.items = ElidedLabel(), ElidedLabel()
        self.facts.setAccessibleName("Identifiers and dates")
        self.items.setAccessibleName("Disputed items and their decisions")
        below = QHBoxLayout()
        below.setContentsMargins(6, 0, 6, 0)
        below.setSpacing(24)
        for label in (self.facts, self.items):
            label.setProperty("says", "muted")
        # Identifiers and dates stand whole where there is room for them; the items share what is left.
        self.facts.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.facts.setMinimumWidth(_LEAST)
        below.addWidget(self.facts)
        below.addWidget(self.items, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_BAND + 6, 4, 10, 4)
        column.setSpacing(0)
        row, second = QHBoxLayout(), QHBoxLayout()
        second.setContentsMargins(6, 0, 6, 0)
        for each in (row, second):
            each.setSpacing(12)
            column.addLayout(each)
        column.addLayout(below)
        for widget in (self.back, self.number):
            row.addWidget(widget)
        row.addWidget(self.worker, 1)
        # Large text takes a row more, else nothing would be left of whose case this is.
        large = text_is_large()
        beside = second if large else row
        beside.addWidget(self.due)
        beside.addWidget(self.decided, 1 if large else 0)
        row.addWidget(self.checks)
        self._stop = theme.listen(self._coloured)

    def close_strip(self) -> None:
        """Hear no more of the colours."""
        self._stop()

    def show_case(self, case: Case, today: date, due: Deadline | None, letters: "Sequence[FiledLetter]" = ()) -> None:
        """Show the facts of the case as it stands, and when its determination is due or when its letters left."""
        header = case.header
        self._case_id = case.id
        self._coloured(self._theme.colours)
        self.number.setText(header.case_number or "No case number yet")
        self.worker.say(header.employee.name or "no name yet")
        self.worker.setToolTip(f"Injured worker: {header.employee.name or 'no name yet'}")
        said, tone, why = _issued(letters, due) if letters else _due(header, today, due)
        self.due.setText(said)
        self.due.setToolTip(why)
        voice(self.due, "says", tone)
        decided = sum(item.outcome is not None for item in case.items)
        self.decided.say(f"{decided} of {len(case.items)} decided" if case.items else "No items yet")
        self.facts.setText("  ·  ".join(_facts(header)))
        self.facts.setToolTip("\n".join(_facts(header)))
        self.items.setText("  ·  ".join(_items(case, max(14, _ITEMS_SAY // max(1, len(case.items))))))
        self.items.setToolTip("\n".join(_items(case, 400)))

    def show_findings(self, blocks: int, warns: int) -> None:
        """Show how many findings block and warn."""
        colours = self._theme.colours
        if blocks:
            name, colour, said = "blocks", colours.danger, f"{blocks} blocking"
        elif warns:
            name, colour, said = "warns", colours.warn, f"{warns} warnings" if warns > 1 else "1 warning"
        else:
            name, colour, said = "good", colours.good, "Nothing blocks"
        self.checks.setIcon(icon(name, colour))
        self.checks.setText(said)
        self.checks.setAccessibleName(f"Checks: {said}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the band beside the facts."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(0, 0, _BAND, self.height(), self._band)
        painter.end()

    def _coloured(self, colours: Colours) -> None:
        self._band = QColor(case_colour(self._case_id, colours))
        self.update()


def _due(header: CaseHeader, today: date, due: Deadline | None) -> tuple[str, str, str]:
    """When the determination is due, in which voice that is said, and why then."""
    if due is None:
        said, tone = "No due date yet", "muted"
        why = contradiction(header) or "Fill in when the application was received."
    else:
        left = due.days_left(today)
        said, tone, why = f"Due {_day(due.due)}, {_left(left)}", urgency(left), due.rule
        if due.estimated:
            said += " (estimated)"
            why += "." if due.latest is None else f". At the latest {_day(due.latest)}."
    return f"Expedited. {said}" if header.priority is Priority.EXPEDITED else said, tone, why


def _issued(letters: "Sequence[FiledLetter]", due: Deadline | None) -> tuple[str, str, str]:
    """When the last letters left; no day is counted any more, and the tool tip keeps when they were due."""
    # Few open cases have letters, and what reads them is slow to load.
    from imr_desktop.casework.versions import versions

    last = versions(letters)[-1]
    what = f"Correction {last.number} issued" if last.number else "Issued"
    return f"{what} {_day(last.issued.astimezone().date())}", "good", f"It was due {_day(due.due)}." if due else ""


def _facts(header: CaseHeader) -> list[str]:
    """What a sentence of the letter most often needs: the claim and the days."""
    injury = header.date_of_injury
    told = [
        ("Claim", header.claim_number),
        ("Injury", "" if injury is None else injury.printed()),
        ("UR", _day(header.ur_decision_date)),
        ("Applied", _day(header.application_received)),
        ("Decision", _day(header.decision_date)),
    ]
    return [f"{name} {value}" for name, value in told if value]


def _items(case: Case, longest: int) -> list[str]:
    """Each item's number, wording in at most so many characters, and decision."""
    said = []
    for number, item in enumerate(case.items, 1):
        wording = shorten(item.requested.wording or item.heading or "no wording yet", longest, placeholder="…")
        said.append(f"{number} {wording}" + (f" ({item.outcome.value})" if item.outcome else ""))
    return said


def _day(day: date | None) -> str:
    return "" if day is None else f"{day:%m/%d/%Y}"


def _left(days: int) -> str:
    if days < 0:
        return "1 day late" if days == -1 else f"{-days} days late"
    return {0: "today", 1: "tomorrow"}.get(days, f"{days} days left")
