# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the reviewer stands, kept as it changes and not only on leaving, so that a crash brings it back too."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from imr_desktop.errors import Trouble

_LOOK_EVERY_MS = 2000


class PlaceKeeper(QObject):
    """Looks every two seconds where the reviewer stands (``state``, plain data) and keeps it if it is another place."""

    def __init__(self, state: Callable[[], Any], keep: Callable[[Any], object], parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._keep = state, keep
        self._kept: Any = None
        self._timer = QTimer(self, interval=_LOOK_EVERY_MS)
        self._timer.timeout.connect(self.look)

    def start(self) -> None:
        """Begin; where the reviewer stands now is known already."""
        self._kept = self._state()
        self._timer.start()

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def look(self) -> None:
        """Keep the place now if it changed."""
        state = self._state()
        if state == self._kept:
            return
        self._kept = state
        try:
            self._keep(state)
        except Trouble:
            # No work hangs on it; the reviewer is told of a full disk when an edit finds it.
            return


def caret_of(field: QWidget | None) -> int | None:
    """Where the caret stands in a text field; None for anything else."""
    if isinstance(field, QLineEdit):
        return field.cursorPosition()
    if isinstance(field, QTextEdit | QPlainTextEdit):
        return field.textCursor().position()
    return None


def put_caret(field: QWidget | None, at: object) -> None:
    """Put the caret where it stood, as far as the text reaches."""
    if not isinstance(at, int) or at < 0:
        return
    if isinstance(field, QLineEdit):
        field.setCursorPosition(at)
    elif isinstance(field, QTextEdit | QPlainTextEdit):
        cursor = field.textCursor()
        cursor.setPosition(min(at, max(0, field.document().characterCount() - 1)))
        field.setTextCursor(cursor)
        field.ensureCursorVisible()
