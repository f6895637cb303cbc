# SPDX-License-Identifier: AGPL-3.0-or-later
"""The field in which a narrative is written: a standard text field whose anchors stand as chips among the words."""

from collections.abc import Callable
from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import QTextEdit, QToolTip

from imr_desktop.models.narrative import Anchor, Narrative
from imr_desktop.ui.form import narrative_document, narrative_text
from imr_desktop.ui.form.chip import CHIP, Chips
from imr_desktop.ui.form.entries import cleaned
from imr_desktop.ui.form.fields import LONGEST_MS, REST_MS, Keep
from imr_desktop.ui.form.hover import Hover
from imr_desktop.ui.form.lines import leave_to_the_case
from imr_desktop.ui.form.naming import EvidenceNames
from imr_desktop.ui.form.narrative_text import Symbol

NARRATIVE_TYPE = "application/x-imr-narrative"
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def _nothing(_: Any) -> None:
    """A field that is not bound yet keeps nothing."""


class NarrativeEdit(QTextEdit):
    """A narrative under the caret: ``keep`` gets it when the field is left, rests, or was typed in for ten seconds.

    What is kept is a step of the case, so the text's own undo covers only what is not kept yet.
    """

    anchor_activated = Signal(str)
    anchor_peeked = Signal(str)
    menu_asked = Signal(object, int)
    pasted = Signal(str)

    def __init__(self, name: str, names: Callable[[], EvidenceNames]) -> None:
        super().__init__()
        self.name = name
        self.keep: Keep = _nothing
        self._names = names
        self._value = Narrative()
        self._typed = self._showing = self._visited = False
        self._armed: int | None = None
        self._stepped = (-1, 0)
        self._pressed: int | None = None
        self._marks: dict[str, list[QTextEdit.ExtraSelection]] = {}
        self._hover = Hover(self, self._show_quote)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._longest = QTimer(self, singleShot=True, interval=LONGEST_MS)
        self.setAccessibleName(name)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setAutoFormatting(QTextEdit.AutoFormattingFlag.AutoNone)
        self.viewport().setMouseTracking(True)
        self._chips = Chips(self, lambda each: self._names().label(each), lambda: self._armed)
        self.document().documentLayout().registerHandler(CHIP, self._chips)
        self._longest.setTimerType(Qt.TimerType.PreciseTimer)
        self._rest.timeout.connect(self.commit)
        self._longest.timeout.connect(self.commit)
        self.textChanged.connect(self._edited)

    # -- the narrative ----------------------------------------------------------------------------------------

    def narrative(self) -> Narrative:
        """What stands in the field."""
        return narrative_text.narrative(self._symbols())

    def show_value(self, value: Narrative) -> None:
        """Show what the case holds; only what differs is replaced, so the caret stays where it is."""
        if self._typed:
            return
        self._value = value
        before, after = self._symbols(), narrative_text.symbols(value)
        if before == after:
            return
        self._showing = True
        narrative_document.replace(self.document(), before, after)
        self._showing = False
        self._settle()

    def commit(self) -> None:
        """Keep what was typed as one step of the case."""
        if not self._typed:
            return
        value = self.narrative()
        if value != self._value:
            self.keep(value)
            self._value = value
        if self.textCursor().block().layout().preeditAreaText():
            # A letter is being composed: the field itself is left alone until it is finished.
            self._rest.start()
            return
        self._rest.stop()
        self._longest.stop()
        self._typed = False
        self._settle()

    def draft(self) -> str | None:
        """Nothing typed here can be wrong."""
        return None

    def show_draft(self, text: str) -> None:
        """Nothing typed here can be wrong."""

    def forget(self) -> None:
        """Turn to another row: nothing typed, the caret not placed yet."""
        self._rest.stop()
        self._longest.stop()
        self._typed = self._visited = False
        self._armed = None

    def refresh_chips(self) -> None:
        """Draw the chips anew: what they are called may have changed."""
        if any(isinstance(symbol, Anchor) for symbol in self._symbols()):
            self._showing = True
            self.document().markContentsDirty(0, self.document().characterCount())
            self._showing = False
            self.viewport().update()

    def insert_anchor(self, evidence_id: str) -> None:
        """Put an anchor in at the caret, kept off the word before by a blank."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        before = cursor.position() > 0 and not self.document().characterAt(cursor.position() - 1).isspace()
        if before and not cursor.atBlockStart():
            cursor.insertText(" ", QTextCharFormat())
        narrative_document.insert(cursor, [Anchor(evidence_id)])
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self._visited = True

    def insert_text(self, text: str) -> None:
        """Put plain words in at the end of the text, as one edit that can be taken back."""
        cursor = self.textCursor()
        cursor.movePosition(QTextCursor.MoveOperation.End)
        gap = " " if not cursor.atBlockStart() and not self.narrative().text[-1:].isspace() else ""
        cursor.insertText(gap + text, QTextCharFormat())
        self.setTextCursor(cursor)
        self._visited = True

    def show_marks(self, kind: str, marks: list[QTextEdit.ExtraSelection]) -> None:
        """Draw marks of one kind over the text, such as underlines; other kinds stay. The text itself is untouched."""
        if marks or self._marks.get(kind):
            self._marks[kind] = marks
            self.setExtraSelections([mark for each in self._marks.values() for mark in each])

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The usual menu, to which whoever hears ``menu_asked`` adds what can be done at that position."""
        menu = self.createStandardContextMenu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        by_key = event.reason() is QContextMenuEvent.Reason.Keyboard
        at = self.textCursor() if by_key else self.cursorForPosition(event.pos())
        self.menu_asked.emit(menu, at.position())
        menu.popup(self.viewport().mapToGlobal(self.cursorRect().bottomLeft()) if by_key else event.globalPos())

    # -- the caret --------------------------------------------------------------------------------------------

    def caret_offset(self) -> int:
        """Where the caret stands in the narrative's text; at its end while nobody has placed it."""
        parts = self._symbols()
        if not self._visited:
            return len(narrative_text.narrative(parts).text)
        return narrative_text.offset_at(parts, self.textCursor().position())

    def select_span(self, start: int, end: int) -> None:
        """Select the words from one position in the narrative's text to another."""
        self._place(self.cursor_over(start, end))

    def cursor_over(self, start: int, end: int) -> QTextCursor:
        """A cursor over the words from one position in the narrative's text to another; it moves with them."""
        parts = self._symbols()
        cursor = QTextCursor(self.document())
        cursor.setPosition(narrative_text.position_at(parts, start))
        cursor.setPosition(narrative_text.position_at(parts, end), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def put_caret(self, offset: int) -> None:
        """Place the caret at a position in the narrative's text."""
        self._place(self.cursor_over(offset, offset))

    def put_caret_after(self, evidence_id: str) -> None:
        """Place the caret after the last chip that points at this evidence."""
        parts = self._symbols()
        places = [index for index, symbol in enumerate(parts) if symbol == Anchor(evidence_id)]
        if places:
            cursor = self.textCursor()
            cursor.setPosition(narrative_document.width(parts[: places[-1] + 1]))
            self._place(cursor)

    def _place(self, cursor: QTextCursor) -> None:
        self._visited = True
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    # -- keys and mouse ---------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """Give up the undo keys when there is nothing to undo here; say what a chip quotes."""
        document = self.document()
        if leave_to_the_case(event, document.isUndoAvailable(), document.isRedoAvailable()):
            return True
        return super().event(event)

    def viewportEvent(self, event: QEvent) -> bool:
        """The pointer that leaves is over no chip; what Qt would say after a while has been said by then."""
        if event.type() is QEvent.Type.Leave:
            self._hover.move(None, QPoint())
        return event.type() is QEvent.Type.ToolTip or super().viewportEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter goes to the page of the chip just passed; Ctrl+Enter to the sentence's chips in turn; else it types."""
        self._visited = True
        modifiers = event.modifiers()
        if event.key() in _ENTER:
            self._enter(event)
            return
        if event.key() == Qt.Key.Key_Escape and self._armed is not None:
            self._arm(None)
            return
        before = self.textCursor().position()
        self._arm(None)
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and not modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._arm_passed(before, self.textCursor().position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember the chip that is pressed on."""
        self._visited = True
        self._hover.stop()
        self._arm(None)
        left = event.button() is Qt.MouseButton.LeftButton
        self._pressed = self._chip_under(event.position().toPoint()) if left else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a chip leads to its page; a drag that began on it selects."""
        super().mouseReleaseEvent(event)
        pressed, self._pressed = self._pressed, None
        if pressed is None or self.textCursor().hasSelection():
            return
        if self._chip_under(event.position().toPoint()) == pressed:
            self._activate(pressed)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The pointer says that a chip can be clicked; staying over it shows the words it rests on."""
        super().mouseMoveEvent(event)
        over = self._chip_under(event.position().toPoint())
        self._hover.move(None if event.buttons() else over, event.globalPosition().toPoint())
        shape = Qt.CursorShape.IBeamCursor if over is None else Qt.CursorShape.PointingHandCursor
        self.viewport().setCursor(shape)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """From now on the caret stands where the reviewer put it."""
        if not self._visited:
            self._visited = True
            if event.reason() is not Qt.FocusReason.MouseFocusReason:
                self.moveCursor(QTextCursor.MoveOperation.End)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the field keeps its text."""
        super().focusOutEvent(event)
        self._arm(None)
        self.commit()

    def minimumSizeHint(self) -> QSize:
        """Never wider than a narrow form."""
        return QSize(120, 80)

    # -- copy and paste ---------------------------------------------------------------------------------------

    def createMimeDataFromSelection(self) -> QMimeData:
        """Copied words carry their anchors for other narratives, and plain words for everything else."""
        cursor = self.textCursor()
        parts = self._symbols()
        start = narrative_text.index_at(parts, cursor.selectionStart())
        copied = parts[start : narrative_text.index_at(parts, cursor.selectionEnd())]
        names = self._names()
        data = QMimeData()
        data.setData(NARRATIVE_TYPE, narrative_text.narrative(copied).text.encode("utf-8"))
        data.setText("".join(names.label(each.evidence) if isinstance(each, Anchor) else each for each in copied))
        return data

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        """Words can be put in; pictures and files cannot."""
        return source.hasFormat(NARRATIVE_TYPE) or source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Paste plain words without styles and invisible characters; anchors come along from another narrative."""
        if source.hasFormat(NARRATIVE_TYPE):
            copied = bytes(source.data(NARRATIVE_TYPE).data()).decode("utf-8", "replace")
            parts = narrative_text.symbols(Narrative(copied))
        else:
            parts = list(cleaned(source.text()))
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        narrative_document.insert(cursor, parts)
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        self.pasted.emit(source.text())

    # -- inside -----------------------------------------------------------------------------------------------

    def _enter(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            at = self.textCursor().position()
            chips = narrative_document.chips_of_sentence(self.document(), at)
            self._stepped = (at, self._stepped[1] + 1 if self._stepped[0] == at else 0)
            if chips:
                self._activate(chips[self._stepped[1] % len(chips)])
        elif self._armed is not None:
            self._activate(self._armed)
        else:
            cursor = self.textCursor()
            cursor.insertBlock()
            self.setTextCursor(cursor)
            self.ensureCursorVisible()

    def _symbols(self) -> list[Symbol]:
        return narrative_document.read(self.document())

    def _edited(self) -> None:
        if self._showing:
            return
        self._typed = True
        self._rest.start()
        if not self._longest.isActive():
            self._longest.start()

    def _settle(self) -> None:
        self.document().clearUndoRedoStacks(QTextDocument.Stacks.UndoAndRedoStacks)

    def _chip_at(self, position: int) -> str | None:
        return narrative_document.chip_at(self.document(), position)

    def _chip_under(self, point: QPoint) -> int | None:
        near = self.cursorForPosition(point).position()
        for position in (near - 1, near):
            if self._chip_at(position) is not None and self._chip_box(position).contains(point):
                return position
        return None

    def _chip_box(self, position: int) -> QRect:
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        left = self.cursorRect(cursor)
        size = self._chips.intrinsicSize(
            self.document(), position, narrative_document.format_at(self.document(), position)
        )
        cursor.setPosition(position + 1)
        right = self.cursorRect(cursor)
        if right.top() == left.top() and right.left() > left.left():
            return QRect(left.left(), left.top(), right.left() - left.left(), left.height())
        return QRect(right.left() - int(size.width()), right.top(), int(size.width()), right.height())

    def _arm_passed(self, before: int, after: int) -> None:
        if abs(after - before) == 1 and self._chip_at(min(before, after)) is not None:
            self._arm(min(before, after))
            self._show_quote(min(before, after), self.viewport().mapToGlobal(self.cursorRect().bottomRight()))

    def _arm(self, position: int | None) -> None:
        if position != self._armed:
            self._armed = position
            self.viewport().update()

    def _activate(self, position: int) -> None:
        evidence = self._chip_at(position)
        if evidence is not None:
            self.commit()
            self.anchor_activated.emit(evidence)

    def _show_quote(self, position: int, where: QPoint) -> None:
        names, evidence = self._names(), self._chip_at(position)
        if evidence is None:
            return
        self.anchor_peeked.emit(evidence)
        label, quote = escape(names.label(evidence)), escape(names.quote(evidence)).replace("\n", "<br>")
        QToolTip.showText(where, f"<b>{label}</b><br>{quote}", self.viewport())
