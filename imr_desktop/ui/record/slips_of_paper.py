# SPDX-License-Identifier: AGPL-3.0-or-later
"""Small sheets that come up over the pages to write a note, name a bookmark or give a reason; never a dialog."""

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from imr_desktop.models.care import Dismissal, Reason
from imr_desktop.ui.parts import enlarged

_WIDTH = 300


class Slip(QFrame):
    """A sheet with a title, what is to be filled in, and buttons to keep or leave it; Ctrl+Enter keeps, Esc leaves."""

    def __init__(self, over: QWidget, title: str) -> None:
        super().__init__(over)
        self.setProperty("box", "palette")
        self.setAutoFillBackground(True)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName(title)
        self.setFixedWidth(min(enlarged(_WIDTH), max(_WIDTH, over.width() - 12)))
        self._keep: Callable[[], None] = lambda: None
        self._back = over
        heading = QLabel(title, wordWrap=True)
        heading.setProperty("says", "step")
        self.reason = QComboBox()
        self.reason.setAccessibleName("Reason")
        self.reason.view().setAccessibleName("Reason")
        for reason in Reason:
            self.reason.addItem(reason.words, reason)
        self.text = QPlainTextEdit(tabChangesFocus=True)
        self.text.setAccessibleName("Note")
        self.text.setFixedHeight(74)
        self.done = QPushButton("Keep")
        self.leave = QPushButton("Leave")
        self.done.clicked.connect(self._finish)
        self.leave.clicked.connect(self.put_away)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.leave)
        row.addWidget(self.done)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        for widget in (heading, self.reason, self.text):
            column.addWidget(widget)
        column.addLayout(row)

    def ask_text(self, text: str, keep: Callable[[str], None], at: QPoint, hint: str = "") -> None:
        """Have a text written or changed."""
        self.reason.hide()
        self.text.setPlainText(text)
        self.text.setPlaceholderText(hint)
        self._keep = lambda: keep(self.text.toPlainText().strip())
        self._come_up(at, self.text)

    def ask_reason(self, keep: Callable[[Dismissal], None], at: QPoint) -> None:
        """Have a reason given, with a note if need be."""
        self.text.setPlaceholderText("A word on it, if the reason needs one")
        self.done.setText("Dismiss")
        self._keep = lambda: keep(Dismissal(Reason(self.reason.currentData()), self.text.toPlainText().strip()))
        self._come_up(at, self.reason)

    def _come_up(self, at: QPoint, first: QWidget) -> None:
        room, layout = self._back.rect(), self.layout()
        # The heading wraps, and adjustSize would not give it the lines that it takes.
        self.setFixedHeight(
            layout.totalHeightForWidth(self.width()) if layout is not None else self.sizeHint().height()
        )
        x = min(max(at.x(), 6), max(room.width() - self.width() - 6, 6))
        y = min(max(at.y(), 6), max(room.height() - self.height() - 6, 6))
        self.move(x, y)
        self.show()
        self.raise_()
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _finish(self) -> None:
        self._keep()
        self.put_away()

    def put_away(self) -> None:
        """Go, and give the keys back to the pages."""
        self.hide()
        self._back.setFocus(Qt.FocusReason.OtherFocusReason)
        self.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape leaves, Ctrl+Enter keeps."""
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self.put_away()
        elif enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._finish()
        else:
            super().keyPressEvent(event)
