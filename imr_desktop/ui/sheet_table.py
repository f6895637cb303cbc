# SPDX-License-Identifier: AGPL-3.0-or-later
"""One sheet of a dated table on the screen: cells that are typed into, rows that are added and removed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QTableWidget, QTableWidgetItem

from imr_desktop.casework.table_sheets import Sheet
from imr_desktop.ui.parts import name_it

_WIDEST = 320


class SheetTable(QTableWidget):
    """Shows a sheet and gives it back as it was edited."""

    edited = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._sheet = Sheet("", (), (), "list")
        self._filling = False
        name_it(self, "Rows of the table")
        self.setAccessibleDescription("Type into a cell or press F2; Enter keeps the cell. Tab leaves the table.")
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setAlternatingRowColors(True)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.itemChanged.connect(self._item_changed)

    def show_sheet(self, sheet: Sheet) -> None:
        """Show this sheet from its first row."""
        self._filling = True
        self._sheet = sheet
        self.clear()
        self.setColumnCount(len(sheet.columns))
        self.setHorizontalHeaderLabels([column.name for column in sheet.columns])
        self.setRowCount(len(sheet.rows))
        for number, row in enumerate(sheet.rows):
            self._fill(number, row)
        self._filling = False
        self._widen()
        if sheet.rows:
            self.setCurrentCell(0, 1 if sheet.columns[0].fixed else 0)
        self.scrollToTop()

    def sheet(self) -> Sheet:
        """The sheet as it is written here."""
        columns = range(self.columnCount())
        return self._sheet.with_rows([self._text(row, column) for column in columns] for row in range(self.rowCount()))

    def finish(self) -> None:
        """Keep what is being typed into a cell: a key of the window may be pressed before Enter."""
        writing = self.indexWidget(self.currentIndex())
        if writing is not None:
            self.commitData(writing)
            self.closeEditor(writing, QAbstractItemDelegate.EndEditHint.NoHint)

    def only(self, letters: str) -> None:
        """Show only the rows that hold these letters, case aside."""
        wanted, columns = letters.strip().casefold(), range(self.columnCount())
        for row in range(self.rowCount()):
            there = any(wanted in self._text(row, column).casefold() for column in columns)
            self.setRowHidden(row, not there)

    def add_row(self) -> None:
        """Begin a row at the end, in its first cell."""
        row = self.rowCount()
        self._filling = True
        self.insertRow(row)
        self._fill(row, tuple("" for _ in self._sheet.columns))
        self._filling = False
        self.setCurrentCell(row, 0)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.edit(self.currentIndex())

    def remove_rows(self) -> None:
        """Take the rows out in which something is selected."""
        for row in sorted({index.row() for index in self.selectedIndexes()}, reverse=True):
            self.removeRow(row)
        self.edited.emit()

    def _fill(self, number: int, row: tuple[str, ...]) -> None:
        for column, said in enumerate(row):
            kind = self._sheet.columns[column]
            item = QTableWidgetItem(kind.shown(said))
            item.setToolTip(said)
            if kind.fixed:
                item.setData(Qt.ItemDataRole.UserRole, said)
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEditable)
            self.setItem(number, column, item)

    def _text(self, row: int, column: int) -> str:
        item = self.item(row, column)
        if item is None:
            return ""
        return str(item.data(Qt.ItemDataRole.UserRole) or item.text())

    def _item_changed(self, item: QTableWidgetItem) -> None:
        if not self._filling:
            item.setToolTip(item.text())
            self.edited.emit()

    def _widen(self) -> None:
        """Columns as wide as what they hold, up to a third of the table; the last takes what is left."""
        self.resizeColumnsToContents()
        header = self.horizontalHeader()
        for column in range(self.columnCount()):
            self.setColumnWidth(column, min(self.columnWidth(column) + 8, _WIDEST))
        header.setStretchLastSection(True)
