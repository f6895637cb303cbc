# SPDX-License-Identifier: AGPL-3.0-or-later
"""A field for a PIN that never holds it: characters go into a Pin as they are typed, and the field shows dots."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from imr_desktop.signing.pins import Pin

_DOT = "•"
_COMMANDS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class PinField(QLineEdit):
    """Typed at the end and taken back from there; Qt's own field would keep every beginning for its undo."""

    def __init__(self) -> None:
        super().__init__()
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self.setAcceptDrops(False)
        self.setInputMethodHints(Qt.InputMethodHint.ImhHiddenText | Qt.InputMethodHint.ImhNoPredictiveText)
        self._pin = Pin()

    def take(self) -> Pin:
        """The PIN, which now belongs to who takes it; the field is empty again."""
        pin, self._pin = self._pin, Pin()
        self._show()
        return pin

    def forget(self) -> None:
        """Write zeros over what was typed."""
        self._pin.wipe()
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key: a character more, or one back; keys that lead elsewhere are left to who waits for them."""
        if event.matches(QKeySequence.StandardKey.Paste):
            self._pin.add(QGuiApplication.clipboard().text().strip())
        elif event.key() == Qt.Key.Key_Backspace:
            self._pin.take_back()
        elif event.key() == Qt.Key.Key_Delete:
            self._pin.wipe()
        elif _is_typing(event):
            self._pin.add(event.text())
        else:
            event.ignore()
            return
        event.accept()
        self._show()

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Characters from an input method count once they are settled."""
        self._pin.add(event.commitString())
        self._show()

    def event(self, event: QEvent) -> bool:
        """A shortcut that is a plain character belongs to the field."""
        asks = event.type() is QEvent.Type.ShortcutOverride
        if asks and isinstance(event, QKeyEvent) and _is_typing(event):
            event.accept()
            return True
        return super().event(event)

    def _show(self) -> None:
        self.setText(_DOT * len(self._pin))


def _is_typing(event: QKeyEvent) -> bool:
    return bool(event.text()) and event.text().isprintable() and not event.modifiers() & _COMMANDS
