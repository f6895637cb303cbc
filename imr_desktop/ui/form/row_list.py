# SPDX-License-Identifier: AGPL-3.0-or-later
"""A short list inside a form, with buttons to add, remove and order its rows."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QVBoxLayout, QWidget

from imr_desktop.ui.flow import Flow
from imr_desktop.ui.parts import button


class _List(QListWidget):
    """The rows; Alt+Up and Alt+Down ask for a move, Delete for a removal."""

    shifted = Signal(int)
    deleted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that change the list rather than walk in it."""
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.shifted.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Delete:
            self.deleted.emit()
        else:
            super().keyPressEvent(event)

    def minimumSizeHint(self) -> QSize:
        """No wider than it must be."""
        return QSize(80, super().minimumSizeHint().height())


class RowList(QWidget):
    """Rows of text. It changes nothing itself: it says what is wanted and shows what it is told."""

    added = Signal()
    removed = Signal(int)
    moved = Signal(int, int)
    chosen = Signal(int)

    def __init__(self, name: str, what: str, *, rows: int = 3, ordered: bool = True) -> None:
        super().__init__()
        self.list = _List()
        self.list.setAccessibleName(name)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(max(70, (self.list.fontMetrics().lineSpacing() + 8) * rows + 8))
        self.add = button(f"Add {what}", self.added.emit)
        self.remove = button("Remove", self._remove, "quiet", tip="Remove the chosen row (Delete); undo brings it back")
        self.up = button("Up", lambda: self._shift(-1), "quiet", tip="Move the chosen row up (Alt+Up)")
        self.down = button("Down", lambda: self._shift(1), "quiet", tip="Move the chosen row down (Alt+Down)")
        self.remove.setAccessibleName(f"Remove {what}")
        self.up.setAccessibleName(f"Move {what} up")
        self.down.setAccessibleName(f"Move {what} down")
        if not ordered:
            self.up.hide()
            self.down.hide()
        buttons = Flow(self.add, self.remove, self.up, self.down, spacing=4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.list)
        column.addLayout(buttons)
        self.list.currentRowChanged.connect(self._turned)
        self.list.shifted.connect(self._shift)
        self.list.deleted.connect(self._remove)

    @property
    def row(self) -> int:
        """The chosen row, from 0; -1 for none."""
        return self.list.currentRow()

    def show_rows(self, texts: Sequence[str]) -> None:
        """Show these rows; the chosen row stays as far as it can."""
        self.list.blockSignals(True)
        row = self.list.currentRow()
        while self.list.count() > len(texts):
            self.list.takeItem(self.list.count() - 1)
        for index, text in enumerate(texts):
            if index == self.list.count():
                self.list.addItem(text)
            self.list.item(index).setText(text)
            self.list.item(index).setToolTip(text)
        self.list.setCurrentRow(min(max(row, 0), len(texts) - 1))
        self.list.blockSignals(False)
        self._allow()

    def choose(self, row: int) -> None:
        """Choose a row."""
        self.list.setCurrentRow(row)

    def _turned(self, row: int) -> None:
        self._allow()
        self.chosen.emit(row)

    def _remove(self) -> None:
        if self.row >= 0:
            self.removed.emit(self.row)

    def _shift(self, by: int) -> None:
        to = self.row + by
        if self.row >= 0 and 0 <= to < self.list.count() and self.up.isVisibleTo(self):
            self.moved.emit(self.row, to)

    def _allow(self) -> None:
        self.remove.setEnabled(self.row >= 0)
        self.up.setEnabled(self.row > 0)
        self.down.setEnabled(0 <= self.row < self.list.count() - 1)
