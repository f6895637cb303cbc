# SPDX-License-Identifier: AGPL-3.0-or-later
"""The chronology panel: every dated document and fact in the order of the days; a line leads to its page."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from imr_desktop.models.evidence import Evidence
from imr_desktop.models.places import Place
from imr_desktop.storage import Change, Table
from imr_desktop.ui.form.binder import Binder
from imr_desktop.ui.form.dated import Happening, chronology, without_day
from imr_desktop.ui.form.entries import DATE, show_date
from imr_desktop.ui.form.fields import LineField
from imr_desktop.ui.form.layout import Grid, UndoBar, Wrapped, choose_row, speak_empty, tree
from imr_desktop.ui.form.panel import Panel
from imr_desktop.ui.parts import button, words

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk

_WHAT = Qt.ItemDataRole.UserRole


class ChronologyPanel(Panel):
    """The time line, the evidence whose fact has no day yet, and the day and note of the chosen evidence."""

    looks_at = frozenset({Table.HEADER, Table.DOCUMENT, Table.EVIDENCE, Table.SOURCE})

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._chosen = ""
        self._binder = Binder(self._evidence, desk.keep_evidence)
        self.list = tree("Date", "What", "Page", rows=8, wide=1)
        self.list.setAccessibleName("Chronology")
        self.undated = tree("Evidence without a day", "Page", rows=3, wide=0)
        self.undated.setAccessibleName("Evidence without a day")
        self._undo = UndoBar(desk.undo)
        self._quote = Wrapped()
        self._quote.setAccessibleName("Words of the evidence")
        self.day = LineField("Day of the fact", DATE)
        self.note = LineField("Note")
        self._binder.bind("fact_date", self.day)
        self._binder.bind("note", self.note)
        self.go = button("Show the page", self._go)
        self.remove = button("Remove evidence", self._remove, "quiet")
        self._editor = self._evidence_form()
        self._lay_out()
        for shown, other in ((self.list, self.undated), (self.undated, self.list)):
            shown.currentItemChanged.connect(lambda now, _, other=other: self._picked(now, other))
            shown.itemActivated.connect(lambda _item, _column: self._go())
        self.redraw()

    def binders(self) -> tuple[Binder, ...]:
        """The fields of the chosen evidence."""
        return (self._binder,)

    def show_place(self, place: Place) -> bool:
        """A piece of evidence is a row."""
        if place.row is not None:
            self._choose_evidence(place.row)
        if place.field and super().show_place(place):
            return True
        self.list.setFocus()
        return place.field is None

    def redraw(self) -> None:
        """Show the present time line."""
        case, names = self.desk.case, self.names()
        happenings = chronology(case, names, self.desk.due())
        undated = without_day(case)
        for shown in (self.list, self.undated):
            shown.blockSignals(True)
        self._fill(happenings)
        self.undated.clear()
        for evidence in undated:
            spot = names.spot(evidence)
            page = None if spot is None else names.case_page(spot.page)
            row = QTreeWidgetItem([names.quote(evidence).split("\n")[0], "" if page is None else str(page)])
            row.setData(0, _WHAT, evidence)
            speak_empty(row, "Words", "Page")
            row.setToolTip(0, names.quote(evidence))
            self.undated.addTopLevelItem(row)
        self.undated.setVisible(bool(undated))
        for shown in (self.list, self.undated):
            shown.blockSignals(False)
        self._turn(self._chosen)

    def _fill(self, happenings: tuple[Happening, ...]) -> None:
        current = self.list.currentItem()
        kept = current.data(0, _WHAT) if current else None
        self.list.clear()
        for each in happenings:
            page = "" if each.case_page is None else str(each.case_page)
            row = QTreeWidgetItem([show_date(each.day), f"{each.kind}: {each.says}", page])
            row.setData(0, _WHAT, each)
            speak_empty(row, "Day", "Words", "Page")
            row.setToolTip(1, each.says)
            self.list.addTopLevelItem(row)
            if isinstance(kept, Happening) and _same(each, kept):
                self.list.setCurrentItem(row)

    def _heard(self, change: Change) -> None:
        self._undo.hide()
        super()._heard(change)

    def _evidence(self, row: str) -> Evidence | None:
        return next((evidence for evidence in self.desk.case.evidence if evidence.id == row), None)

    def _picked(self, item: QTreeWidgetItem | None, other: QTreeWidget) -> None:
        what = item.data(0, _WHAT) if item else None
        if what is None:
            return
        other.blockSignals(True)
        choose_row(other, -1)
        other.blockSignals(False)
        self._turn(what.evidence or "" if isinstance(what, Happening) else what)

    def _choose_evidence(self, evidence: str) -> None:
        for shown in (self.list, self.undated):
            for index in range(shown.topLevelItemCount()):
                row = shown.topLevelItem(index)
                what = row.data(0, _WHAT) if row else None
                if row and evidence == (what.evidence if isinstance(what, Happening) else what):
                    shown.setCurrentItem(row)

    def _turn(self, evidence: str) -> None:
        self._binder.turn_to(evidence)
        there = self._evidence(evidence) is not None
        self._chosen = evidence if there else ""
        self._editor.setVisible(there)
        self._quote.say(self.names().quote(evidence) if there else "")

    def _go(self) -> None:
        item = self.list.currentItem()
        what = item.data(0, _WHAT) if item else None
        spot = self.names().spot(self._chosen) if self._chosen else None
        if spot is None and isinstance(what, Happening):
            spot = what.spot
        if spot is not None:
            self.go_to_page.emit(spot.page, spot.boxes)

    def _remove(self) -> None:
        evidence = self._chosen
        if evidence:
            self.flush()
            label = self.names().label(evidence)
            self.desk.remove_evidence(evidence)
            self._undo.offer(f"The evidence {label} was removed; texts that cite it keep its place.")

    def _evidence_form(self) -> QWidget:
        grid = Grid()
        grid.add(self._quote)
        grid.add(self.day, 2)
        grid.add(self.note, 4)
        buttons = QHBoxLayout()
        buttons.addWidget(self.go)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addLayout(buttons)
        return inside

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addWidget(words("Enter shows the page of the chosen line.", "muted"))
        column.addWidget(self.list, 3)
        column.addWidget(self.undated, 1)
        column.addWidget(self._undo)
        column.addWidget(self._editor)


def _same(one: Happening, other: Happening) -> bool:
    if one.evidence or one.document:
        return (one.evidence, one.document) == (other.evidence, other.document)
    return (one.kind, one.says) == (other.kind, other.says)
