# SPDX-License-Identifier: AGPL-3.0-or-later
"""The items that were removed from a case: looked at as they last stood, and any of them brought back."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPlainTextEdit, QVBoxLayout, QWidget

from imr_desktop.errors import Trouble
from imr_desktop.ui.form.naming import EvidenceNames
from imr_desktop.ui.parts import button, name_it, roomy, words
from imr_desktop.ui.trouble import FaultLine

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk
    from imr_desktop.models.items import DisputedItem

_ITEM = Qt.ItemDataRole.UserRole


class RemovedItemsDialog(QDialog):
    """Every item that the case once had and has no more, the last removed first; bringing one back can be undone."""

    def __init__(self, desk: "Desk", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Removed items")
        roomy(self, 760, 460)
        self._desk = desk
        self._names = EvidenceNames(desk.case)
        self.list = QListWidget()
        name_it(self.list, "Removed items, the last removed first")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.text = QPlainTextEdit(readOnly=True)
        self.text.setTabChangesFocus(True)
        name_it(self.text, "The item as it last stood")
        self.back = button("&Bring it back", self._back, "main")
        self.fault = FaultLine()
        self._lay_out()
        self.list.currentItemChanged.connect(lambda *_: self._show())
        for each in desk.removed_items():
            said = f"{each.value.heading or 'Without a heading'}\n{each.label}, {each.when.astimezone():%m/%d/%Y %H:%M}"
            row = QListWidgetItem(said)
            row.setData(_ITEM, each.value)
            self.list.addItem(row)
        self.list.setCurrentRow(0)
        self._show()
        self.list.setFocus()

    def _chosen(self) -> "DisputedItem | None":
        row = self.list.currentItem()
        item: DisputedItem | None = None if row is None else row.data(_ITEM)
        return item

    def _show(self) -> None:
        item = self._chosen()
        self.back.setEnabled(item is not None)
        if item is None:
            self.text.setPlainText("No item was ever removed from this case.")
            return
        rationale = "".join(
            each if isinstance(each, str) else f"[{self._names.label(each.evidence)}]"
            for each in item.rationale.pieces()
        )
        outcome = item.outcome.value if item.outcome else "Not decided"
        self.text.setPlainText(f"{item.heading}\n{outcome}\n\n{rationale}")

    def _back(self) -> None:
        item = self._chosen()
        if item is None:
            return
        try:
            self._desk.bring_back_item(item)
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self.accept()

    def _lay_out(self) -> None:
        sides = QHBoxLayout()
        self.list.setFixedWidth(280)
        sides.addWidget(self.list)
        sides.addWidget(self.text, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(button("Close", self.reject))
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(words("Removed items", "heading"))
        column.addLayout(sides, 1)
        column.addWidget(self.fault)
        column.addLayout(buttons)
