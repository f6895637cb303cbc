# SPDX-License-Identifier: AGPL-3.0-or-later
"""Editors of a line and of a few lines, which leave undo to the case once they have nothing to take back themselves."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit


def leave_to_the_case(event: QEvent, undo: bool, redo: bool) -> bool:
    """Whether an undo or redo key belongs to the case, because the text under the cursor has nothing to take back.

    Qt's text fields claim these keys even then; ignoring the override lets the window's command have them.
    """
    if event.type() is not QEvent.Type.ShortcutOverride:
        return False
    wants = getattr(event, "matches", None)
    if wants is None:
        return False
    standard = QKeySequence.StandardKey
    if (wants(standard.Undo) and not undo) or (wants(standard.Redo) and not redo):
        event.ignore()
        return True
    return False


class Line(QLineEdit):
    """A line of text that leaves undo to the case once it has nothing to take back itself."""

    def event(self, event: QEvent) -> bool:
        """Give up the undo keys when there is nothing to undo here."""
        if leave_to_the_case(event, self.isUndoAvailable(), self.isRedoAvailable()):
            return True
        return super().event(event)

    def settle(self) -> None:
        """Forget the text's own history: what was typed is now a step of the case."""
        at, start, length = self.cursorPosition(), self.selectionStart(), len(self.selectedText())
        self.setText(self.text())
        if start >= 0:
            self.setSelection(start, length)
        else:
            self.setCursorPosition(at)


class Lines(QPlainTextEdit):
    """A few lines of text that leave undo to the case once they have nothing to take back themselves."""

    def event(self, event: QEvent) -> bool:
        """Give up the undo keys when there is nothing to undo here."""
        document = self.document()
        if leave_to_the_case(event, document.isUndoAvailable(), document.isRedoAvailable()):
            return True
        return super().event(event)

    def settle(self) -> None:
        """Forget the text's own history: what was typed is now a step of the case."""
        self.document().clearUndoRedoStacks()

    def minimumSizeHint(self) -> QSize:
        """No wider than it must be."""
        return QSize(60, super().minimumSizeHint().height())
