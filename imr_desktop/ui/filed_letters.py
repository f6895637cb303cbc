# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was issued in a case: each version with its letters, to be copied, verified and compared, never changed."""

import hashlib
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.casework import versions
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.files import replace_whole
from imr_desktop.errors import Trouble
from imr_desktop.ui.compare_dialog import CompareDialog
from imr_desktop.ui.flow import Flow
from imr_desktop.ui.parts import button, roomy, words
from imr_desktop.ui.session import Session
from imr_desktop.ui.trouble import FaultLine

_NAME = Qt.ItemDataRole.UserRole
_VERSION = Qt.ItemDataRole.UserRole + 1


class FiledLetters(QDialog):
    """The versions in the order in which they were issued; the file that was signed is the original, for ever."""

    print_wanted = Signal(str)
    sign_wanted = Signal(str)

    def __init__(self, session: Session, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Letters issued")
        self._session, self._desk = session, desk
        self.known = versions.versions(desk.store.letters())
        self.tree = QTreeWidget()
        self.tree.setHeaderLabels(["Letter", "Issued", "Size", "SHA-256"])
        self.tree.setAccessibleName("Letters issued in this case")
        for column, wide in enumerate((300, 150, 80)):
            self.tree.setColumnWidth(column, wide)
        self.tree.itemSelectionChanged.connect(self._chosen)
        self.said = words("", "muted")
        self.copy = button("Save a &copy…", self._choose_copy)
        self.verify = button("&Verify", self._verify)
        self.print = button("&Print…", lambda: self.print_wanted.emit(self.chosen()))
        self.sign = button("Co&untersign or stamp…", lambda: self.sign_wanted.emit(self.chosen()))
        self.compare = button("Co&mpare with the case as it stands", self._compare)
        self.fault = FaultLine()
        self._lay_out()
        self._fill()
        self._chosen()
        roomy(self, 880, 480)

    def chosen(self) -> str:
        """The name of the letter that is chosen; empty if none is."""
        rows = self.tree.selectedItems()
        return str(rows[0].data(0, _NAME) or "") if rows else ""

    def save_copy(self, path: Path) -> None:
        """Write the chosen letter as it was signed, byte for byte; nothing is overwritten."""
        self.fault.clear()
        try:
            if path.exists():
                raise Trouble(f"There is a file {path.name} already.", "Choose another name.")
            data = self._desk.store.letter_bytes(self.chosen())
            replace_whole(path, data)
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self._desk.store.record("exported", {"what": "letter", "sha256": hashlib.sha256(data).hexdigest()})
        self.said.setText(f"The signed original is in {path.name}.")

    def _choose_copy(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Save a copy", self.chosen(), "PDF files (*.pdf)")
        if name:
            self.save_copy(Path(name))

    def _verify(self) -> None:
        from imr_desktop.signing import verifying

        self.fault.clear()
        try:
            data = self._desk.store.letter_bytes(self.chosen())
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        verdict = verifying.verify(data, self._session.vault.trust_roots())
        filed = next(each for each in self._desk.store.letters() if each.name == self.chosen())
        same = (
            "It is the file that was filed." if verdict.sha256 == filed.sha256 else "It is not the file that was filed."
        )
        self.said.setText(" ".join((*verdict.sentences, same)))

    def _compare(self) -> None:
        version = self._version()
        if version is None:
            return
        try:
            before = version.determination()
            changed = versions.changes(before, self._desk.determination(self._session.reviewer()))
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        dialog = CompareDialog(f"{version.name}, {version.issued:%m/%d/%Y}", "The case as it stands", changed, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _version(self) -> versions.Version | None:
        rows = self.tree.selectedItems()
        number = rows[0].data(0, _VERSION) if rows else None
        return next((each for each in self.known if each.number == number), None)

    def _chosen(self) -> None:
        for act in (self.copy, self.verify, self.print, self.sign):
            act.setEnabled(bool(self.chosen()))
        version = self._version()
        self.compare.setEnabled(version is not None and "case" in version.note)

    def _fill(self) -> None:
        for version in self.known:
            top = QTreeWidgetItem([version.name, f"{version.issued.astimezone():%m/%d/%Y %H:%M}", "", version.digest])
            top.setData(0, _VERSION, version.number)
            top.setToolTip(3, "The digest of the determination")
            for letter in version.letters:
                size = f"{letter.byte_count / 1024:.0f} KB"
                row = QTreeWidgetItem([letter.name, f"{letter.filed.astimezone():%m/%d/%Y %H:%M}", size, letter.sha256])
                row.setData(0, _NAME, letter.name)
                row.setData(0, _VERSION, version.number)
                top.addChild(row)
            self.tree.addTopLevelItem(top)
            top.setExpanded(True)
        if self.known:
            self.tree.setCurrentItem(top)
        else:
            self.said.setText("Nothing was issued in this case yet.")

    def _lay_out(self) -> None:
        acts = Flow(self.copy, self.verify, self.print, self.sign, self.compare)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(
            words("What was issued does not change. The signed file is the original; a print is not.", "muted")
        )
        column.addWidget(self.tree, 1)
        column.addWidget(self.said)
        column.addWidget(self.fault)
        column.addLayout(acts)
        column.addWidget(buttons)
