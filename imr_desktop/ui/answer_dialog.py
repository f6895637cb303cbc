# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answer a finding: what it says, what the record shows beside it, and the reason that lets it pass."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from imr_desktop.checks import Finding, Shown
from imr_desktop.ui.parts import button, fit, grow, lines_field, words

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk

_SHOWN = Qt.ItemDataRole.UserRole
_LAPSES = "The reason is kept with the case and filed with the letters. It lapses when the sentence changes."


class AnswerDialog(QDialog):
    """Modeless. ``page_wanted`` leads to the page of what the record shows; a reason is needed to keep an answer."""

    page_wanted = Signal(object)

    def __init__(self, desk: "Desk", finding: Finding, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Answer {finding.id}")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._desk, self._finding = desk, finding
        self.shown = _shown_list(finding.shows)
        self.shown.itemActivated.connect(self._lead)
        self.shown.itemClicked.connect(self._lead)
        self.reason = lines_field("" if finding.answer is None else finding.answer.reason, rows=4)
        self.reason.setAccessibleName("Why it may pass")
        self.reason.setTabChangesFocus(True)
        self.keep = button("&Keep answer", self._keep, "main")
        self.take_back = button("&Take back", self._take_back, tip="Have the finding asked again")
        self.take_back.setVisible(finding.answer is not None)
        self.reason.textChanged.connect(self._allow)
        self._lay_out()
        self._allow()
        self.reason.setFocus()

    def _keep(self) -> None:
        self._desk.answer(self._finding, self.reason.toPlainText())
        self.accept()

    def _take_back(self) -> None:
        self._desk.take_back_answer(self._finding)
        self.accept()

    def _allow(self) -> None:
        self.keep.setEnabled(bool(self.reason.toPlainText().strip()))

    def _lead(self, row: QListWidgetItem) -> None:
        shown = row.data(_SHOWN)
        if shown is not None:
            self.page_wanted.emit(shown)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.addWidget(words(self._finding.says, "lead"))
        if self._finding.about and self._finding.about != self._finding.says:
            column.addWidget(words(self._finding.about, "muted"))
        if self._finding.shows:
            column.addWidget(words("The record shows; choose one to see its page:", "heading"))
            column.addWidget(self.shown)
        if unsearched := len(self._finding.unsearched):
            pages = "1 page" if unsearched == 1 else f"{unsearched} pages"
            column.addWidget(words(f"{pages} could not be searched: their silence means nothing.", "warn"))
        column.addWidget(words("Why it may pass", "heading"))
        column.addWidget(self.reason)
        column.addWidget(words(_LAPSES, "muted"))
        row = QHBoxLayout()
        row.addWidget(self.take_back)
        row.addStretch(1)
        row.addWidget(button("Cancel", self.reject))
        row.addWidget(self.keep)
        column.addLayout(row)
        fit(self, 560)

    def showEvent(self, event: QShowEvent) -> None:
        """Quoted sentences stand whole: how high they are is known when the dialog has its looks."""
        super().showEvent(event)
        grow(self)


def _shown_list(shows: tuple[Shown, ...]) -> QListWidget:
    made = QListWidget()
    made.setWordWrap(True)
    made.setAccessibleName("What the record shows")
    for shown in shows:
        row = QListWidgetItem(f"Page {shown.case_page}: {shown.text}")
        row.setData(_SHOWN, shown.page)
        made.addItem(row)
    return made
