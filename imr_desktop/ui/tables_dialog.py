# SPDX-License-Identifier: AGPL-3.0-or-later
"""The dated tables: law in figures, holidays, word lists; edited row by row, brought in from a file, or put back."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from imr_desktop import assets
from imr_desktop.casework import table_sheets, tables
from imr_desktop.casework.table_about import ABOUT
from imr_desktop.casework.table_sheets import Sheet
from imr_desktop.casework.tables import TableInForce
from imr_desktop.errors import Trouble
from imr_desktop.ui.flow import Flow
from imr_desktop.ui.parts import Fields, button, enlarged, line_field, name_it, roomy, words
from imr_desktop.ui.sheet_table import SheetTable
from imr_desktop.ui.trouble import FaultLine

_HELP = (
    "What the program knows of law, words and wording. A change counts from when it is kept; letters that were issued "
    "say which tables they were made with, and stay as they are."
)


@dataclass(slots=True)
class _Draft:
    """A table as it stands in the dialog: its sheets, its source, and whether it is to be the one that ships again."""

    sheets: list[Sheet]
    source: str
    restored: bool = False
    changed: bool = False


class TablesDialog(QDialog):
    """Edits the dated tables; ``kept`` is called with a sentence once others are in force."""

    def __init__(self, today: date, kept: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Tables")
        self._today, self._kept = today, kept
        self._drafts: dict[str, _Draft] = {}
        self._in_force = {each.name: each for each in tables.in_force()}
        self._names = sorted(self._in_force, key=lambda name: ABOUT[name].title)
        self.list = QListWidget()
        name_it(self.list, "Tables")
        self.list.addItems([""] * len(self._names))
        self.head = words("", "heading")
        self.state = words("", "muted")
        self.affects = words("")
        self.part = QComboBox()
        name_it(self.part, "Part of the table")
        self.part.setAccessibleDescription("Part of the table")
        self.seek = line_field(shown="Show only rows with these letters")
        name_it(self.seek, "Find in the table")
        self.rows = SheetTable()
        self.add = button("&Add a row", self._add)
        self.remove = button("&Remove rows", self._remove, tip="The rows that are selected")
        self.source = line_field()
        self.fault = FaultLine()
        self.bring = button("&Import…", self._import, tip="The table from a TOML file; in force once it is kept")
        self.back = button("&Put back ours", self._restore, tip="The table that came with the program")
        self.keep = button("&Keep", self._keep, "main")
        self.keep.setAutoDefault(False)  # Enter in a cell keeps the cell, not more.
        self.leave = button("Leave unchanged", self.reject, "quiet")
        self._lay_out()
        self._mark()
        self.list.currentRowChanged.connect(lambda _: self._show())
        self.part.activated.connect(lambda _: self._show_part())
        self.seek.textChanged.connect(self.rows.only)
        self.rows.edited.connect(self._edited)
        self.source.textEdited.connect(lambda _: self._edited())
        self.list.setCurrentRow(0)

    @property
    def name(self) -> str:
        """The table that is shown."""
        return self._names[max(0, self.list.currentRow())]

    def show_table(self, name: str) -> None:
        """Show the table of this name."""
        self.rows.finish()
        self.list.setCurrentRow(self._names.index(name))

    def bring_in(self, path: Path) -> None:
        """Take a file's rows into the table that is shown; nothing is in force until Keep is pressed."""
        self.fault.clear()
        try:
            text = tables.read(path, self.name)
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        read = tomllib.loads(text)
        ours = assets.shipped(f"tables/{self.name}.toml")
        self._put(_Draft(list(table_sheets.sheets(read, ours)), str(read["source"]), changed=True))

    # -- what is shown ------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(8, 0, 0, 0)
        for each in (self.head, self.state, self.affects):
            column.addWidget(each)
        over = QHBoxLayout()
        over.addWidget(self.part)
        over.addWidget(self.seek, 1)
        column.addLayout(over)
        column.addWidget(self.rows, 1)
        column.addLayout(Flow(self.add, self.remove, self.bring, self.back))
        fields = Fields()
        fields.add("&Source", self.source)
        column.addLayout(fields)
        beside = QSplitter(Qt.Orientation.Horizontal)
        beside.addWidget(self.list)
        beside.addWidget(right)
        beside.setStretchFactor(1, 1)
        beside.setChildrenCollapsible(False)
        beside.setSizes([enlarged(250), enlarged(650)])
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.keep)
        buttons.addWidget(self.leave)
        whole = QVBoxLayout(self)
        whole.addWidget(words(_HELP, "muted"))
        whole.addWidget(beside, 1)
        whole.addWidget(self.fault)
        whole.addLayout(buttons)
        roomy(self, 960, 660)

    def _mark(self) -> None:
        """Say in the list which tables are the reviewer's own, and which are changed and not kept yet."""
        for row, name in enumerate(self._names):
            draft = self._drafts.get(name)
            note = ", not kept yet" if draft and draft.changed else ", yours" if self._in_force[name].own else ""
            item = self.list.item(row)
            if item is not None:
                item.setText(f"{ABOUT[name].title}{note}")
        self.keep.setEnabled(any(draft.changed for draft in self._drafts.values()))

    def _show(self) -> None:
        self.fault.clear()
        table, about = self._in_force[self.name], ABOUT[self.name]
        self.head.setText(about.title)
        self.state.setText(_told(table))
        self.affects.setText(f"A change affects: {about.affects}")
        draft = self._draft()
        self.source.setText(draft.source)
        self.part.clear()
        self.part.addItems([each.name for each in draft.sheets])
        self.part.setVisible(len(draft.sheets) > 1)
        self.seek.clear()
        self._show_part()

    def _show_part(self) -> None:
        sheet = self._draft().sheets[max(0, self.part.currentIndex())]
        self.rows.show_sheet(sheet)
        self.rows.only(self.seek.text())
        self.add.setEnabled(sheet.grows)
        self.remove.setEnabled(sheet.grows)

    def _draft(self) -> _Draft:
        name = self.name
        if name not in self._drafts:
            self._drafts[name] = _Draft(list(table_sheets.of(name)), tables.source_of(name))
        return self._drafts[name]

    def _put(self, draft: _Draft) -> None:
        self._drafts[self.name] = draft
        self._show()
        self._mark()

    # -- what is done -------------------------------------------------------------------------------------------

    def _edited(self) -> None:
        draft = self._draft()
        draft.sheets[max(0, self.part.currentIndex())] = self.rows.sheet()
        draft.source = self.source.text()
        draft.changed, draft.restored = True, False
        self._mark()

    def _add(self) -> None:
        self.rows.finish()
        self.seek.clear()
        self.rows.add_row()

    def _remove(self) -> None:
        self.rows.finish()
        self.rows.remove_rows()

    def _import(self) -> None:
        self.rows.finish()
        chosen, _ = QFileDialog.getOpenFileName(self, "A table to take in", "", "Tables (*.toml)")
        if chosen:
            self.bring_in(Path(chosen))

    def _restore(self) -> None:
        self.rows.finish()
        ours = assets.shipped(f"tables/{self.name}.toml")
        differs = self._in_force[self.name].own or self._draft().changed
        self._put(_Draft(list(table_sheets.sheets(ours, ours)), str(ours["source"]), True, differs))

    def _keep(self) -> None:
        self.rows.finish()
        self.fault.clear()
        said = []
        for name, draft in self._drafts.items():
            if not draft.changed:
                continue
            try:
                if draft.restored:
                    table = tables.restore(name)
                else:
                    table = table_sheets.keep(name, draft.sheets, draft.source, self._today)
            except Trouble as trouble:
                self.show_table(name)
                self.fault.tell(trouble)
                return
            draft.changed = False
            said.append(f"{ABOUT[name].title} ({'yours' if table.own else 'ours'}, {_day(table.date)})")
        self._kept(f"In force: {', '.join(said)}. Findings and due dates follow; issued letters stay as they are.")
        self.accept()


def _told(table: TableInForce) -> str:
    whose = "Yours" if table.own else "As it came with the program"
    passed = f" Yours is not used: it is {table.passed_over}." if table.passed_over else ""
    return f"{whose}, of {_day(table.date)}.{passed}"


def _day(day: str) -> str:
    return f"{date.fromisoformat(day):%m/%d/%Y}"
