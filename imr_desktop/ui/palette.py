# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command palette: any command, item, document or page by a few letters of its name."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from imr_desktop.ui.parts import line_field, words

_SHOWN = 40
_WHOLE_NAME = 20
_LITTLE = frozenset({"a", "an", "and", "for", "in", "my", "of", "on", "or", "the", "to"})
_ENTRY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that the palette can do: its name, what kind of thing it is, its keys, other names, and the act."""

    name: str
    kind: str
    run: Callable[[], object]
    keys: str = ""
    also: tuple[str, ...] = ()


def found(entries: Iterable[Entry], sought: str) -> list[Entry]:
    """The entries that carry every word sought in their name or other names, best first; all of them for no words.

    Letters scattered in a name count only where no entry carries the words: a drug's name is scattered in many. Where
    no entry has all words, those are given that have most of them.
    """
    terms, offered = sought.casefold().split(), tuple(entries)
    for scattered in (False, True):
        scored = [(_score(entry, terms, scattered), entry) for entry in offered]
        if best := _best_first([(score, entry) for score, entry in scored if score > 0]):
            return best
    weighty = [term for term in terms if term not in _LITTLE]
    worth = [([_worth(term, entry, scattered=False) for term in weighty], entry) for entry in offered]
    most = max((sum(each > 0 for each in found_worth) for found_worth, _ in worth), default=0)
    return _best_first([(sum(each), entry) for each, entry in worth if most and sum(one > 0 for one in each) == most])


def _best_first(scored: Sequence[tuple[float, Entry]]) -> list[Entry]:
    return [entry for _, entry in sorted(scored, key=lambda each: -each[0])]


def _score(entry: Entry, terms: Sequence[str], scattered: bool) -> float:
    """How well an entry carries all the words; 0 if it lacks one."""
    worth = [_worth(term, entry, scattered=scattered) for term in terms]
    whole = _WHOLE_NAME if entry.name.casefold() == " ".join(terms) else 0
    return 1 + sum(worth) + whole if all(worth) else 0


def _worth(term: str, entry: Entry, *, scattered: bool) -> float:
    name = entry.name.casefold()
    if name.startswith(term):
        return 8
    if f" {term}" in f" {name}":
        return 5
    if f" {term}" in f" {' '.join(entry.also).casefold()}":
        return 3
    if len(term) > 1 and term in name:
        return 2
    return 0.5 if scattered and len(term) > 2 and _scattered(term, name) else 0


def _scattered(letters: str, name: str) -> bool:
    place = iter(name)
    return all(letter in place for letter in letters)


class _Rows(QStyledItemDelegate):
    """Draws an entry: its name with the keys at the right, and below what it is."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one row."""
        entry = index.data(_ENTRY)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette
        box: QRect = option.rect
        painter.save()
        if chosen:
            painter.fillRect(box, palette.highlight())
        room = box.adjusted(10, 5, -10, -5)
        text = palette.highlightedText().color() if chosen else palette.text().color()
        painter.setPen(text)
        painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft, entry.name)
        painter.setPen(text if chosen else QApplication.palette().placeholderText().color())
        painter.drawText(room, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight, entry.keys)
        painter.drawText(room, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, entry.kind)
        painter.restore()


class Palette(QFrame):
    """A field over the window and the list of what it finds; Enter does it, Escape or a click elsewhere leaves."""

    def __init__(self, entries: Sequence[Entry], more: Callable[[str], Sequence[Entry]], parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("box", "palette")
        self.setAccessibleName("Commands")
        self._came_from = QApplication.focusWidget()
        self._entries = tuple(entries)
        self._more = more
        self._now: list[Entry] = []
        self._left = False
        self.field = line_field(shown="Type a command, an item, a document or a page number")
        self.field.setAccessibleName("Find a command")
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._seek)
        self.list = QListWidget()
        self.list.setAccessibleName("What was found")
        self.list.setItemDelegate(_Rows(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.itemClicked.connect(lambda _: self._do())
        self._none = words("Nothing of that name.", "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 10)
        for widget in (self.field, self._none, self.list):
            column.addWidget(widget)
        width = min(640, parent.width() - 40)
        self.setGeometry((parent.width() - width) // 2, 44, width, min(480, parent.height() - 80))
        self._seek("")
        self.show()
        self.raise_()
        self.field.setFocus()

    @property
    def shown(self) -> tuple[str, ...]:
        """The names that are listed now."""
        return tuple(entry.name for entry in self._now)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while the field keeps the focus."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._do()
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.leave()
                return True
            step = steps.get(Qt.Key(event.key()))
            if step is not None and self._now:
                self.list.setCurrentRow(max(0, min(self.list.currentRow() + step, self.list.count() - 1)))
                return True
        if watched is self.field and event.type() is QEvent.Type.FocusOut and not self._left:
            self._drop()
        return super().eventFilter(watched, event)

    def leave(self) -> None:
        """Go away, and give the focus back."""
        self._drop()
        if self._came_from is not None and isValid(self._came_from):
            self._came_from.setFocus()

    def _drop(self) -> None:
        self._left = True
        self.hide()
        self.deleteLater()

    def _seek(self, text: str) -> None:
        self._now = [*found([*self._entries, *self._more(text)], text)][:_SHOWN]
        self.list.clear()
        for entry in self._now:
            row = QListWidgetItem(entry.name)
            row.setData(Qt.ItemDataRole.AccessibleTextRole, f"{entry.name}, {entry.kind} {entry.keys}".strip())
            row.setData(_ENTRY, entry)
            row.setSizeHint(QSize(0, self.fontMetrics().lineSpacing() * 2 + 12))
            self.list.addItem(row)
        self.list.setCurrentRow(0)
        self._none.setVisible(not self._now)
        self.list.setVisible(bool(self._now))

    def _do(self) -> None:
        number = self.list.currentRow()
        if 0 <= number < len(self._now):
            run = self._now[number].run
            self.leave()
            run()
