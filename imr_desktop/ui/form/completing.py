# SPDX-License-Identifier: AGPL-3.0-or-later
"""While a narrative is typed: ``@`` offers evidence and documents, abbreviations expand, Tab walks the blanks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from imr_desktop.casework.snippets import BLANK
from imr_desktop.ui.form.narrative_edit import NarrativeEdit

_SHOWN = 12
_ID = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Offer:
    """One thing that ``@`` offers: its name, what it says, and what gives the id of the evidence to cite."""

    name: str
    says: str
    evidence: Callable[[], str]


class Completing(QObject):
    """Hears the keys of one narrative field before the field does.

    ``offers`` gives what can be cited; ``expansion`` what an abbreviation stands for, or None.
    """

    def __init__(
        self,
        field: NarrativeEdit,
        offers: Callable[[], Sequence[Offer]],
        expansion: Callable[[str], str | None],
    ) -> None:
        super().__init__(field)
        self._field, self._offers, self._expansion = field, offers, expansion
        self._from: int | None = None
        self._now: list[Offer] = []
        self.list = QListWidget(field.viewport())
        self.list.setAccessibleName("Evidence and documents to cite")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.itemClicked.connect(lambda _: self._take())
        self.list.hide()
        field.installEventFilter(self)
        field.textChanged.connect(self._follow)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the keys that belong to the list or to a blank; leave all others to the field."""
        if event.type() is QEvent.Type.FocusOut:
            self.close()
        if not isinstance(event, QKeyEvent) or event.type() is not QEvent.Type.KeyPress:
            return super().eventFilter(watched, event)
        if self._from is not None and self._list_key(Qt.Key(event.key())):
            return True
        if event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            return self.find_blank(backward=shifted or event.key() == Qt.Key.Key_Backtab)
        if event.text() == "@" and self._begins_word():
            self._from = self._field.textCursor().position()
        elif event.text() in (" ", ".", ",", ";", "\r") and event.text():
            self._expand()
        return False

    def find_blank(self, *, backward: bool = False) -> bool:
        """Select the next blank of a snippet; False where none is left in that direction."""
        text, cursor = self._field.toPlainText(), self._field.textCursor()
        spans = [found.span() for found in BLANK.finditer(text)]
        if backward:
            spans = [span for span in reversed(spans) if span[1] <= cursor.selectionStart()]
        else:
            spans = [span for span in spans if span[0] >= cursor.selectionEnd()]
        if not spans:
            return False
        cursor.setPosition(spans[0][0])
        cursor.setPosition(spans[0][1], QTextCursor.MoveMode.KeepAnchor)
        self._field.setTextCursor(cursor)
        self._field.ensureCursorVisible()
        return True

    def close(self) -> None:
        """Offer nothing any more."""
        self._from = None
        self.list.hide()

    def _list_key(self, key: Qt.Key) -> bool:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(key)
        if step is not None and self._now:
            self.list.setCurrentRow(max(0, min(self.list.currentRow() + step, self.list.count() - 1)))
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab) and self._now:
            self._take()
            return True
        if key == Qt.Key.Key_Escape:
            self.close()
            return True
        return False

    def _begins_word(self) -> bool:
        at = self._field.textCursor().position()
        before = self._field.document().characterAt(at - 1) if at else " "
        # Qt gives its paragraph mark for a line's end; an @ within a word is an address.
        return not before.isalnum()

    def _follow(self) -> None:
        if self._from is None:
            return
        typed = self._typed()
        if typed is None or not typed.startswith("@") or "\n" in typed or len(typed) > 40:
            self.close()
            return
        terms = typed[1:].casefold().split()
        every = self._offers()
        self._now = [each for each in every if all(term in f"{each.name} {each.says}".casefold() for term in terms)]
        self._now = self._now[:_SHOWN]
        if not self._now and (terms or not every):
            self.list.hide()
            if typed.endswith(" "):
                self.close()
            return
        self._show()

    def _typed(self) -> str | None:
        end = self._field.textCursor().position()
        if self._from is None or end < self._from:
            return None
        cursor = QTextCursor(self._field.document())
        cursor.setPosition(self._from)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor.selectedText().replace("\u2029", "\n")

    def _show(self) -> None:
        self.list.clear()
        for each in self._now:
            row = QListWidgetItem(f"{each.name}: {each.says}" if each.says else each.name)
            row.setToolTip(each.says)
            self.list.addItem(row)
        self.list.setCurrentRow(0)
        view = self._field.viewport()
        height = self.list.sizeHintForRow(0) * len(self._now) + 8
        at = self._field.cursorRect()
        below = at.bottom() + height <= view.height() or at.top() < height
        top = at.bottom() + 2 if below else at.top() - height - 2
        self.list.setGeometry(4, top, max(200, view.width() - 8), min(height, max(60, view.height())))
        self.list.show()
        self.list.raise_()

    def _take(self) -> None:
        row = self.list.currentRow()
        if self._from is None or not 0 <= row < len(self._now):
            return
        chosen, start = self._now[row], self._from
        end = self._field.textCursor().position()
        self.close()
        cursor = self._field.textCursor()
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        self._field.setTextCursor(cursor)
        self._field.insert_anchor(chosen.evidence())
        self._field.commit()

    def _expand(self) -> None:
        cursor = self._field.textCursor()
        if cursor.hasSelection():
            return
        before = cursor.block().text()[: cursor.positionInBlock()]
        word = before.split()[-1] if before and not before[-1].isspace() else ""
        stands_for = self._expansion(word) if word else None
        if stands_for is not None:
            cursor.movePosition(QTextCursor.MoveOperation.Left, QTextCursor.MoveMode.KeepAnchor, len(word))
            cursor.insertText(stands_for)
            self._field.setTextCursor(cursor)
