# SPDX-License-Identifier: AGPL-3.0-or-later
"""A small window to choose one thing from a list by a few letters, see what it says, and do something with it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPlainTextEdit, QVBoxLayout, QWidget

from imr_desktop.ui.parts import button, line_field, roomy, words

_THING = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Choice:
    """One line: its name, what it says in full, and the thing itself."""

    name: str
    says: str
    thing: Any


@dataclass(frozen=True, slots=True)
class PickAct:
    """What can be done with the chosen thing: a button, its key (the first has Enter), and whether it closes."""

    text: str
    run: Callable[[Any], object]
    key: str = ""
    closes: bool = True


class Picker(QDialog):
    """Modeless; Escape leaves it. ``told`` is a sentence above the list."""

    def __init__(
        self, title: str, told: str, choices: Sequence[Choice], acts: Sequence[PickAct], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._acts, self._choices = tuple(acts), tuple(choices)
        self.field = line_field(shown="Type a few letters")
        self.field.setAccessibleName(f"Find in {title}")
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(title)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentItemChanged.connect(lambda now, _: self._turned(now))
        self.list.itemActivated.connect(lambda _: self.act(0))
        self.says = QPlainTextEdit(readOnly=True)
        self.says.setAccessibleName("What it says")
        self.says.setTabChangesFocus(True)
        self.says.setFixedHeight(self.says.fontMetrics().lineSpacing() * 6 + 18)
        buttons = QHBoxLayout()
        self.buttons = []
        for number, each in enumerate(self._acts):
            key = f" ({each.key})" if each.key else ""
            made = button(f"{each.text}{key}", self._doer(number), "main" if number == 0 else "")
            self.buttons.append(made)
            buttons.addWidget(made)
            if each.key and each.key != "Enter":
                QShortcut(QKeySequence(each.key), self, self._doer(number))
        buttons.addStretch(1)
        buttons.addWidget(button("Close", self.reject, "quiet"))
        column = QVBoxLayout(self)
        if told:
            column.addWidget(words(told, "muted"))
        for widget in (self.field, self.list, self.says):
            column.addWidget(widget)
        column.addLayout(buttons)
        roomy(self, 620, 460)
        self._fill("")
        self.field.setFocus()

    def chosen(self) -> Any:
        """The thing that is chosen; None for none."""
        row = self.list.currentItem()
        return None if row is None else row.data(_THING).thing

    def act(self, number: int) -> None:
        """Do one of the acts with the chosen thing."""
        thing = self.chosen()
        if thing is None:
            return
        if self._acts[number].closes:
            self.accept()
        self._acts[number].run(thing)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows move in the list while the field keeps the focus; Enter does the first act."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            by = step.get(Qt.Key(event.key()))
            if by is not None and self.list.count():
                self.list.setCurrentRow(max(0, min(self.list.currentRow() + by, self.list.count() - 1)))
                return True
            plain = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and plain:
                self.act(0)
                return True
        return super().eventFilter(watched, event)

    def _doer(self, number: int) -> Callable[[], None]:
        return lambda: self.act(number)

    def _fill(self, sought: str) -> None:
        terms = sought.casefold().split()
        self.list.clear()
        for each in self._choices:
            if all(term in f"{each.name} {each.says}".casefold() for term in terms):
                row = QListWidgetItem(each.name)
                row.setData(_THING, each)
                row.setToolTip(each.says)
                self.list.addItem(row)
        self.list.setCurrentRow(0)
        for each_button in self.buttons:
            each_button.setEnabled(self.list.count() > 0)

    def _turned(self, row: QListWidgetItem | None) -> None:
        self.says.setPlainText("" if row is None else row.data(_THING).says)
