# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields: small editors of one value each, named for eye and screen reader, that keep what is typed without a button.

A field hands its value to ``keep`` when it is left or after 0.9 s of rest. Text that cannot be understood stays, marked
wrong with a sentence. ``show_value`` never disturbs what is being typed.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QLabel,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.ui.form.entries import LINE, TEXT, Reading, Unreadable
from imr_desktop.ui.form.layout import Wrapped
from imr_desktop.ui.form.lines import Line, Lines
from imr_desktop.ui.parts import voice

REST_MS = 900
"""How long a field rests before its text is kept: within the second that may be lost at most."""
LONGEST_MS = 10_000
"""How long one may type without a rest before what stands is kept."""

Keep = Callable[[Any], None]


def _ignore(_: Any) -> None:
    """A field that is not bound yet keeps nothing."""


class Choices(QComboBox):
    """A choice that the mouse wheel does not change while the form is scrolled past it."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(4)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the form."""
        event.ignore()


class Field(QWidget):
    """A name, an editor, and room for a sentence when something is wrong; the base of all fields."""

    def __init__(self, name: str, editor: QWidget) -> None:
        super().__init__()
        self.name = name
        self.editor = editor
        self.keep: Keep = _ignore
        self._value: Any = None
        self.label = QLabel(name)
        self.label.setBuddy(editor)
        self.notice = Wrapped("danger")
        self.notice.hide()
        editor.setAccessibleName(name)
        self.setFocusProxy(editor)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(2)
        self.column.addWidget(self.label)
        self.column.addWidget(editor)
        self.column.addWidget(self.notice)

    def sizeHint(self) -> QSize:
        """As wide as it must be: how wide it is, the form decides."""
        return QSize(self.minimumSizeHint().width(), super().sizeHint().height())

    @property
    def value(self) -> Any:
        """The value last shown or kept."""
        return self._value

    def show_value(self, value: Any) -> None:
        """Show the value that the case holds."""
        raise NotImplementedError

    def commit(self) -> None:
        """Keep what was typed, if anything was."""

    def draft(self) -> str | None:
        """Text that could not be understood and is still in the field."""
        return None

    def show_draft(self, text: str) -> None:
        """Show text again that could not be understood."""

    def forget(self) -> None:
        """Let go of what was typed: the field turns to another row."""

    def rename(self, name: str) -> None:
        """Give the field another name."""
        self.name = name
        self.label.setText(name)
        self.editor.setAccessibleName(name)

    def _hand_over(self, value: Any) -> None:
        self.keep(value)
        self._value = value


class TextField(Field):
    """The base of fields in which text is typed: knows when it is being typed in, and when the text is wrong."""

    def __init__(self, name: str, editor: Line | Lines, reading: Reading) -> None:
        super().__init__(name, editor)
        self._reading = reading
        self._text_editor = editor
        self._typed = False
        self._wrong = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.commit)
        self._longest = QTimer(self, singleShot=True, interval=LONGEST_MS, timerType=Qt.TimerType.PreciseTimer)
        self._longest.timeout.connect(self._keep_meanwhile)
        editor.setPlaceholderText(reading.hint)
        editor.installEventFilter(self)

    def text(self) -> str:
        """What stands in the field."""
        editor = self._text_editor
        return editor.text() if isinstance(editor, Line) else editor.toPlainText()

    def use(self, reading: Reading) -> None:
        """Read and show the text differently from now on."""
        self._reading = reading

    def show_value(self, value: Any) -> None:
        """Show a value, unless text is being typed or wrong text stands over that same value."""
        if self._typed or (self._wrong and value == self._value):
            return
        was, self._value = self._value, value
        if not self._wrong and value == was and self._reads_as(value):
            return
        self._mark(None)
        self._write(self._reading.show(value))

    def commit(self) -> None:
        """Keep what was typed; text that cannot be understood stays and is marked."""
        if not self._typed:
            return
        self._rest.stop()
        self._longest.stop()
        try:
            value = self._reading.read(self.text())
        except Unreadable as why:
            self._typed = False
            self._mark(str(why))
            return
        self._mark(None)
        if value != self._value:
            self._hand_over(value)
        self._typed = False
        self._text_editor.settle()
        if not self._text_editor.hasFocus():
            self._write(self._reading.show(value))

    def draft(self) -> str | None:
        """Text that could not be understood and is still in the field."""
        return self.text() if self._wrong else None

    def show_draft(self, text: str) -> None:
        """Show text again that could not be understood, with its sentence."""
        self._write(text)
        self._typed = True
        self.commit()

    def forget(self) -> None:
        """Let go of what was typed and of a wrong mark: the field turns to another row."""
        self._rest.stop()
        self._longest.stop()
        self._typed = False
        self._mark(None)
        self._write(self._reading.show(self._value) if self._value is not None else "")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the text when the editor is left."""
        if event.type() is QEvent.Type.FocusOut:
            self.commit()
        return super().eventFilter(watched, event)

    def _edited(self) -> None:
        self._typed = True
        self._rest.start()
        if not self._longest.isActive():
            self._longest.start()

    def _keep_meanwhile(self) -> None:
        """Typing goes on without a rest: keep what stands, unless it cannot be understood yet."""
        try:
            value = self._reading.read(self.text())
        except Unreadable:
            return
        if self._typed and value != self._value:
            self._hand_over(value)

    def _reads_as(self, value: Any) -> bool:
        if not self._text_editor.hasFocus():
            return self.text() == self._reading.show(value)
        try:
            return bool(self._reading.read(self.text()) == value)
        except Unreadable:
            return False

    def _write(self, text: str) -> None:
        if text == self.text():
            return
        editor = self._text_editor
        editor.blockSignals(True)
        if isinstance(editor, Line):
            at = editor.cursorPosition()
            editor.setText(text)
            editor.setCursorPosition(min(at, len(text)) if editor.hasFocus() else 0)
        else:
            editor.setPlainText(text)
        editor.blockSignals(False)
        editor.update()

    def _mark(self, sentence: str | None) -> None:
        self._wrong = sentence is not None
        voice(self.editor, "wrong", "true" if self._wrong else "false")
        self.editor.setAccessibleDescription(sentence or "")
        self.notice.say(f"⚠ {sentence}" if sentence else "")


class LineField(TextField):
    """One line: plain text, or whatever its reading makes of it (a date, a number, a list)."""

    def __init__(self, name: str, reading: Reading = LINE) -> None:
        editor = Line()
        super().__init__(name, editor, reading)
        editor.textEdited.connect(lambda _: self._edited())
        editor.returnPressed.connect(self.commit)


class LinesField(TextField):
    """A few lines, ``rows`` of them in view; Tab leaves the field."""

    def __init__(self, name: str, reading: Reading = TEXT, *, rows: int = 3) -> None:
        editor = Lines()
        editor.setTabChangesFocus(True)
        editor.setFixedHeight(editor.fontMetrics().lineSpacing() * rows + 20)
        super().__init__(name, editor, reading)
        editor.textChanged.connect(self._edited)

    def _write(self, text: str) -> None:
        super()._write(text)
        self._text_editor.settle()


class ChoiceField(Field):
    """One of several values by their names; a value that is not among them is shown as it is."""

    def __init__(self, name: str, choices: Iterable[tuple[Any, str]] = ()) -> None:
        self._choices = Choices()
        super().__init__(name, self._choices)
        self._values: list[Any] = []
        self._choices.activated.connect(self._chosen)
        self.offer(choices)

    def offer(self, choices: Iterable[tuple[Any, str]]) -> None:
        """Replace what can be chosen; the value stays."""
        offered = list(choices)
        names = [self._choices.itemText(index) for index in range(self._choices.count())]
        if [name for _, name in offered] == names and [value for value, _ in offered] == self._values:
            return
        self._values = [value for value, _ in offered]
        self._choices.clear()
        self._choices.addItems([name for _, name in offered])
        self.show_value(self._value)

    def stand_alone(self, letters: int) -> None:
        """Without its name above it, beside others in a row: as wide as so many letters, whatever their size."""
        self.label.hide()
        self._choices.setMinimumContentsLength(letters)
        for each in (self, self._choices):
            each.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_value(self, value: Any) -> None:
        """Show the value that the case holds."""
        self._value = value
        if value not in self._values:
            if value is None:
                self._choices.setCurrentIndex(-1)
                return
            self._values.append(value)
            self._choices.addItem(str(value))
        self._choices.setCurrentIndex(self._values.index(value))

    def _chosen(self, index: int) -> None:
        value = self._values[index]
        if value != self._value:
            self._hand_over(value)


class SuggestField(TextField):
    """One line with suggestions that may be picked; ``picked`` gets what stands behind the one picked."""

    def __init__(self, name: str, picked: Callable[[Any], None] | None = None) -> None:
        self._box = Choices()
        editor = Line()
        self._box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        super().__init__(name, editor, LINE)
        self.column.insertWidget(1, self._box)
        self.label.setBuddy(self._box)
        self._box.setAccessibleName(name)
        self.setFocusProxy(self._box)
        self._box.installEventFilter(self)
        self._box.setEditable(True)
        self._box.setLineEdit(editor)
        editor.setStyleSheet("QLineEdit { border: none; padding: 0; min-height: 0; background: transparent; }")
        self._picked = picked
        self._behind: list[Any] = []
        completer = QCompleter(self._box.model(), self._box)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        completer.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._box.setCompleter(completer)
        editor.textEdited.connect(lambda _: self._edited())
        editor.returnPressed.connect(self.commit)
        self._box.activated.connect(self._choose)

    def offer(self, suggestions: Sequence[tuple[str, Any]]) -> None:
        """Replace the suggestions; the text stays."""
        names = [name for name, _ in suggestions]
        self._behind = [behind for _, behind in suggestions]
        if names == [self._box.itemText(index) for index in range(self._box.count())]:
            return
        text = self.text()
        self._box.blockSignals(True)
        self._box.clear()
        self._box.addItems(names)
        self._box.setCurrentIndex(-1)
        self._box.setEditText(text)
        self._box.blockSignals(False)

    def _choose(self, index: int) -> None:
        behind = self._behind[index]
        self._rest.stop()
        self._typed = False
        if self._picked is not None:
            self._picked(behind)
            self._write(self._reading.show(self._value or ""))
        elif behind != self._value:
            self._hand_over(behind)
            self._write(self._reading.show(behind))
