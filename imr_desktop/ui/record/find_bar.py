# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bar in which words to be found are typed; it says how many were found, and how much could not be searched."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QSizePolicy, QToolButton, QVBoxLayout

from imr_desktop.ui.record.bars import button
from imr_desktop.ui.record.finding import Finding
from imr_desktop.ui.record.searching import Query


class FindField(QLineEdit):
    """Where the words are typed: Enter goes on, Shift+Enter goes back, Escape leaves."""

    stepped = Signal(int)
    left = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of a find field."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.stepped.emit(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


class FindBar(QFrame):
    """Find while typing. ``asked`` gives the query and whether to find at once; ``entered`` says that Enter was hit."""

    asked = Signal(object, bool)
    entered = Signal()
    stepped = Signal(int)
    left = Signal()
    unsearched_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("box", "bar")
        self.field = FindField(clearButtonEnabled=True)
        self.field.setPlaceholderText('Find words, "a phrase", begin*, 7/1/2014')
        self.field.setAccessibleName("Find in the record")
        self.field.setToolTip(_HELP)
        self.field.setMinimumWidth(140)
        self.count = QLabel()
        self.case = _toggle("Aa", "Capitals matter")
        self.whole = _toggle("|ab|", "Whole words only")
        self.slips = _toggle("≈", "Also find what was misread when the page was scanned")
        self.slips.setChecked(True)
        self.unsearched = QPushButton()
        self.unsearched.setProperty("kind", "link")
        self.unsearched.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.unsearched.setAccessibleName("Pages that could not be searched")
        self.unsearched.hide()
        self.trouble = QLabel(wordWrap=True)
        self.trouble.setProperty("says", "warn")
        self.trouble.hide()
        row = QHBoxLayout()
        row.setSpacing(3)
        row.addWidget(self.field, 1)
        for widget in (
            self.count,
            button("up", "Previous hit (Shift+F3)", lambda: self.stepped.emit(-1)),
            button("down", "Next hit (F3)", lambda: self.stepped.emit(1)),
            self.case,
            self.whole,
            self.slips,
            button("close", "Stop finding (Esc)", self.left.emit),
        ):
            row.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 3, 6, 3)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self.unsearched)
        column.addWidget(self.trouble)
        self.field.textEdited.connect(self._type)
        self.field.stepped.connect(self._enter)
        self.field.left.connect(self.left)
        self.unsearched.clicked.connect(self.unsearched_wanted)
        for toggle in (self.case, self.whole, self.slips):
            toggle.toggled.connect(lambda: self.asked.emit(self.query(), True))
        self._entered = ""
        self._typed = False
        self.hide()

    def query(self) -> Query:
        """What is asked for now."""
        strictly = self.case.isChecked(), self.whole.isChecked(), self.slips.isChecked()
        return Query(self.field.text(), *strictly, begun=self._typed)

    def open(self, words: str | None = None) -> None:
        """Come up, with the old words selected, or with these."""
        if self.isHidden():
            self._entered = ""
        self.show()
        if words is not None:
            self.field.setText(words)
            self._typed = False
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def show_state(self, finding: Finding, pages: int) -> None:
        """Show how the search stands."""
        said = finding.says()
        self.count.setText(said)
        self.count.setAccessibleName(f"Hits: {said}" if said else "No search")
        self.trouble.setText(finding.trouble)
        self.trouble.setVisible(bool(finding.trouble))
        words = self.unsearched_words(finding, pages) if finding.query.words.strip() else ""
        self.unsearched.setText(words)
        self.unsearched.setAccessibleName(words)
        self.unsearched.setVisible(bool(words))

    @staticmethod
    def unsearched_words(finding: Finding, pages: int) -> str:
        """How many of the pages could not be searched, and why; empty where all could be."""
        unread, unreadable = finding.not_searched()
        count = len(unread) + len(unreadable)
        if not count:
            return ""
        why = [f"{len(unreadable):,} without readable text"] if unreadable else []
        why += [f"{len(unread):,} not read yet"] if unread else []
        return f"{count:,} of {pages:,} pages could not be searched: {', '.join(why)}"

    def _type(self) -> None:
        self._typed = True
        self.asked.emit(self.query(), False)

    def _enter(self, by: int) -> None:
        text = self.field.text()
        if text != self._entered:
            self._entered = text
            self.asked.emit(self.query(), True)
            self.entered.emit()
        else:
            self.stepped.emit(by)


_HELP = (
    'Words in a row, "exactly this phrase", begin* for beginnings, left NEAR/5 knee, AND, OR, NOT. '
    "A day is found in any writing: 7/1/14 finds July 1st, 2014."
)


def _toggle(text: str, tip: str) -> QToolButton:
    made = QToolButton(autoRaise=True)
    made.setText(text)
    made.setCheckable(True)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    return made
