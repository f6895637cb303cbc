# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of disputed items: ordinal, wording and decision; ordered by dragging a row or with Alt+Up and Alt+Down."""

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QTreeWidget, QTreeWidgetItem

from imr_desktop.ui.form.layout import choose_row, tree

_ID = Qt.ItemDataRole.UserRole


class ItemList(QTreeWidget):
    """Rows by item id. It orders nothing itself: ``moved`` says which item should stand where (from 0)."""

    moved = Signal(str, int)
    removed = Signal()
    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        tree("#", "Disputed item", "Decision", rows=3, wide=1, made=self)
        self.setAccessibleName("Disputed items")
        self.setMouseTracking(False)
        self._pressed: QPoint | None = None
        self._taken: str | None = None
        self._line: int | None = None
        self.currentItemChanged.connect(lambda now, _before: self.chosen.emit(now.data(0, _ID) if now else ""))

    def ids(self) -> list[str]:
        """The items in the order shown."""
        return [self._id(index) for index in range(self.topLevelItemCount())]

    def current(self) -> str:
        """The chosen item; empty if there is none."""
        row = self.currentItem()
        return str(row.data(0, _ID)) if row else ""

    def show_rows(self, rows: list[tuple[str, str, str]], chosen: str) -> None:
        """Show items as (id, wording, decision) with one chosen."""
        self.blockSignals(True)
        while self.topLevelItemCount() > len(rows):
            self.takeTopLevelItem(self.topLevelItemCount() - 1)
        for index, (item_id, heading, decision) in enumerate(rows):
            row = self.topLevelItem(index)
            if row is None:
                row = QTreeWidgetItem()
                self.addTopLevelItem(row)
            row.setData(0, _ID, item_id)
            for column, text in enumerate((str(index + 1), heading, decision)):
                row.setText(column, text)
                row.setToolTip(column, text)
        choose_row(self, self.ids().index(chosen) if chosen else -1)
        self.blockSignals(False)

    def choose(self, item_id: str) -> None:
        """Choose an item."""
        if item_id in self.ids():
            choose_row(self, self.ids().index(item_id))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Alt+Up and Alt+Down order, Delete removes."""
        alt = bool(event.modifiers() & Qt.KeyboardModifier.AltModifier)
        if alt and event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.shift(-1 if event.key() == Qt.Key.Key_Up else 1)
        elif event.key() == Qt.Key.Key_Delete and self.current():
            self.removed.emit()
        else:
            super().keyPressEvent(event)

    def shift(self, by: int) -> None:
        """Ask for the chosen item to stand higher or lower."""
        if not self.current():
            return
        to = self.ids().index(self.current()) + by
        if 0 <= to < self.topLevelItemCount():
            self.moved.emit(self.current(), to)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press may begin a drag."""
        super().mousePressEvent(event)
        row = self.itemAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and row is not None:
            self._pressed, self._taken = event.position().toPoint(), row.data(0, _ID)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """While a row is dragged, a line shows where it would go; nothing else is selected on the way."""
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            super().mouseMoveEvent(event)
            return
        here = event.position().toPoint()
        if self._line is None and (here - self._pressed).manhattanLength() < QApplication.startDragDistance():
            return
        self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        self._line = self._gap(here)
        self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The end of a drag asks for the move."""
        line, taken = self._line, self._taken
        self._pressed = self._taken = self._line = None
        self.viewport().unsetCursor()
        self.viewport().update()
        super().mouseReleaseEvent(event)
        if line is None or taken is None or taken not in self.ids():
            return
        at = self.ids().index(taken)
        to = line - 1 if line > at else line
        if to != at:
            self.moved.emit(taken, to)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The rows, and the line where a dragged row would go."""
        super().paintEvent(event)
        if self._line is None:
            return
        last = self._line >= self.topLevelItemCount()
        row = self.topLevelItem(self.topLevelItemCount() - 1 if last else self._line)
        if row is None:
            return
        box = self.visualItemRect(row)
        height = box.bottom() if last else box.top()
        painter = QPainter(self.viewport())
        painter.setPen(QPen(self.palette().highlight().color(), 3))
        painter.drawLine(0, height, self.viewport().width(), height)
        painter.end()

    def _gap(self, point: QPoint) -> int:
        for index in range(self.topLevelItemCount()):
            row = self.topLevelItem(index)
            if row is not None and point.y() < self.visualItemRect(row).center().y():
                return index
        return self.topLevelItemCount()

    def _id(self, index: int) -> str:
        row = self.topLevelItem(index)
        return str(row.data(0, _ID)) if row else ""
