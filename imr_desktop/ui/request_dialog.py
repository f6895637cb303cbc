# SPDX-License-Identifier: AGPL-3.0-or-later
"""Items from a request: the words of an application, RFA or denial cut into treatments; the reviewer confirms each."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QTreeWidgetItem, QVBoxLayout, QWidget

from imr_desktop.casework.request_wording import RequestPart, quantity_of, split_request
from imr_desktop.ui.form.layout import tree
from imr_desktop.ui.parts import button, roomy, words

_HELP = "Paste or type the request. Untick what is no treatment in dispute; a wording can be changed with F2."


class RequestDialog(QDialog):
    """Modeless; nothing becomes an item until ``Add the ticked items`` is pressed."""

    def __init__(self, text: str, add: Callable[[Sequence[RequestPart]], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Items from a request")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add = add
        self.text = QPlainTextEdit(text)
        self.text.setAccessibleName("Request, as the file words it")
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(self.text.fontMetrics().lineSpacing() * 5 + 18)
        self.list = tree("Treatment", "Read from the words", rows=7, wide=0)
        self.list.setAccessibleName("Treatments proposed")
        self.accept_ticked = button("&Add the ticked items", self._done, "main")
        self.text.textChanged.connect(self.look)
        self.list.itemChanged.connect(lambda _item, _column: self._count())
        buttons = QHBoxLayout()
        buttons.addWidget(self.accept_ticked)
        buttons.addStretch(1)
        buttons.addWidget(button("Close", self.reject, "quiet"))
        column = QVBoxLayout(self)
        column.addWidget(words(_HELP, "muted"))
        column.addWidget(self.text)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        roomy(self, 680, 480)
        self.look()

    def look(self) -> None:
        """Propose the treatments of the text as it stands."""
        self.list.blockSignals(True)
        self.list.clear()
        for part in split_request(self.text.toPlainText()):
            row = QTreeWidgetItem([part.wording, part.told()])
            row.setFlags(row.flags() | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEditable)
            row.setCheckState(0, Qt.CheckState.Checked)
            row.setToolTip(0, part.wording)
            self.list.addTopLevelItem(row)
        self.list.blockSignals(False)
        self._count()

    def ticked(self) -> tuple[RequestPart, ...]:
        """The treatments that are ticked, worded as they stand in the list."""
        rows = (self.list.topLevelItem(index) for index in range(self.list.topLevelItemCount()))
        worded = [row.text(0) for row in rows if row is not None and row.checkState(0) is Qt.CheckState.Checked]
        return tuple(RequestPart(text, quantity_of(text)) for text in worded if text.strip())

    def _count(self) -> None:
        number = len(self.ticked())
        self.accept_ticked.setEnabled(number > 0)
        self.accept_ticked.setText(f"&Add {number} item{'s' if number != 1 else ''}")

    def _done(self) -> None:
        parts = self.ticked()
        self.accept()
        self._add(parts)
