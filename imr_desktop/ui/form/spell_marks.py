# SPDX-License-Identifier: AGPL-3.0-or-later
"""Misspelled words underlined in a narrative, with what may have been meant in its menu."""

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QMenu, QTextEdit

from imr_desktop.casework.spelling import Speller
from imr_desktop.ui.form.narrative_edit import NarrativeEdit

_REST_MS = 400
_COLOUR = QColor(196, 43, 28)


class SpellMarks(QObject):
    """The spelling of one narrative field. ``added`` gives a word that the reviewer took into the own words."""

    added = Signal(str)

    def __init__(self, field: NarrativeEdit, speller: Speller) -> None:
        super().__init__(field)
        self.field, self._speller = field, speller
        self._wrong: list[tuple[int, int]] = []
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.look)
        field.textChanged.connect(self._rest.start)
        field.menu_asked.connect(self._add_to_menu)

    @property
    def wrong(self) -> tuple[str, ...]:
        """The words that are underlined."""
        return tuple(self._cursor(start, end).selectedText() for start, end in self._wrong)

    def look(self) -> None:
        """Look at the text as it stands; the word that is just being typed is left alone."""
        text = self.field.toPlainText()
        at = self.field.textCursor().position() if self.field.hasFocus() else -1
        # The field counts in UTF-16: positions after a character outside the first plane are shifted.
        units = _positions(text)
        self._wrong = [
            (units[start], units[end]) for start, end in self._speller.wrong(text) if units[end] != at or at < 0
        ]
        self.field.show_marks("spelling", [self._mark(start, end) for start, end in self._wrong])

    def next_wrong(self) -> bool:
        """Select the next misspelled word after the caret, from the top again after the last; False if none is."""
        self.look()
        if not self._wrong:
            return False
        at = self.field.textCursor().position()
        start, end = next((span for span in self._wrong if span[0] >= at), self._wrong[0])
        self.field.setTextCursor(self._cursor(start, end))
        self.field.ensureCursorVisible()
        return True

    def replace(self, start: int, end: int, by: str) -> None:
        """Put another word in a misspelled one's place, as one edit."""
        self._cursor(start, end).insertText(by)
        self.look()

    def _add_to_menu(self, menu: QMenu, position: int) -> None:
        here = next(((start, end) for start, end in self._wrong if start <= position <= end), None)
        if here is None:
            return
        word = self._cursor(*here).selectedText()
        first = menu.actions()[0]
        acts = [(each, partial(self.replace, *here, each)) for each in self._speller.suggest(word)]
        acts += [(f"Ignore “{word}” in this case", partial(self._ignore, word))]
        acts += [(f"Add “{word}” to my words", partial(self._add, word))]
        for name, act in acts:
            action = menu.addAction(name)
            action.triggered.connect(lambda _=False, do=act: do())
            menu.insertAction(first, action)
        menu.insertSeparator(first)

    def _ignore(self, word: str) -> None:
        self._speller.ignore(word)
        self.look()

    def _add(self, word: str) -> None:
        self._speller.add(word)
        self.added.emit(word)
        self.look()

    def _cursor(self, start: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self.field.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _mark(self, start: int, end: int) -> QTextEdit.ExtraSelection:
        mark = QTextEdit.ExtraSelection()
        shape = QTextCharFormat()
        shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.SpellCheckUnderline)
        shape.setUnderlineColor(_COLOUR)
        mark.cursor, mark.format = self._cursor(start, end), shape
        return mark


def _positions(text: str) -> list[int]:
    found, at = [], 0
    for mark in text:
        found.append(at)
        at += 2 if ord(mark) > 0xFFFF else 1
    return [*found, at]
