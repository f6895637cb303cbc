# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letters of deleted cases: the case is gone, what was issued stays, and copies of it can be saved."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.casework.files import replace_whole
from imr_desktop.errors import Trouble
from imr_desktop.storage import Kind
from imr_desktop.ui.parts import button, name_it, roomy, words
from imr_desktop.ui.trouble import FaultLine

if TYPE_CHECKING:
    from imr_desktop.storage import Vault

_CASE = Qt.ItemDataRole.UserRole


class LettersLeft(QDialog):
    """A list of them, the file that was signed being the original; nothing here can be changed."""

    def __init__(self, vault: "Vault", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Letters of deleted cases")
        self._vault = vault
        self.tree = QTreeWidget()
        name_it(self.tree, "Letters of deleted cases")
        self.tree.setRootIsDecorated(False)
        self.tree.setHeaderLabels(["Letter", "Issued", "Size", "SHA-256"])
        for number, wide in enumerate((320, 150, 80)):
            self.tree.setColumnWidth(number, wide)
        for case_id, letters in vault.letters_of_deleted().items():
            for each in letters:
                issued = f"{each.filed.astimezone():%m/%d/%Y %H:%M}"
                row = QTreeWidgetItem([each.name, issued, f"{-(-each.byte_count // 1024)} KB", each.sha256])
                row.setData(0, _CASE, case_id)
                self.tree.addTopLevelItem(row)
        first = self.tree.topLevelItem(0)
        if first is not None:
            self.tree.setCurrentItem(first)
        self.save = button("Save a &copy…", self._choose, "main")
        self.said = words("", "step")
        self.fault = FaultLine()
        acts = QHBoxLayout()
        acts.addWidget(self.save)
        acts.addStretch(1)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(words("Letters of deleted cases", "heading"))
        column.addWidget(words("The cases are gone for good; what was issued in them stays as it was signed.", "muted"))
        column.addWidget(self.tree, 1)
        column.addLayout(acts)
        column.addWidget(self.said)
        column.addWidget(self.fault)
        column.addWidget(buttons)
        roomy(self, 820, 420)

    def save_copy(self, path: Path) -> None:
        """Write the chosen letter as it was signed, byte for byte; nothing is overwritten."""
        row = self.tree.currentItem()
        if row is None:
            return
        self.fault.clear()
        self.said.setText("")
        try:
            if path.exists():
                raise Trouble(f"There is a file {path.name} already.", "Choose another name.")
            data = self._vault.letter_of_deleted(row.data(0, _CASE), row.text(0))
            replace_whole(path, data)
            told = {"what": "letter", "name": row.text(0), "sha256": hashlib.sha256(data).hexdigest()}
            self._vault.record(Kind.EXPORTED, told)
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self.said.setText(f"The signed original is in {path.name}.")

    def _choose(self) -> None:
        row = self.tree.currentItem()
        if row is not None:
            name, _ = QFileDialog.getSaveFileName(self, "Save a copy", row.text(0), "PDF files (*.pdf)")
            if name:
                self.save_copy(Path(name))
