# SPDX-License-Identifier: AGPL-3.0-or-later
"""A text that was drafted for the reviewer: read, mended, copied or saved, and never sent by itself."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QFileDialog, QPlainTextEdit, QVBoxLayout, QWidget

from imr_desktop.casework.files import replace_whole
from imr_desktop.errors import Trouble
from imr_desktop.ui.parts import name_it, roomy, words
from imr_desktop.ui.trouble import FaultLine


class TextSheet(QDialog):
    """The text in a field of fixed width, what it is above it; ``taken`` tells, once, that it was saved or copied."""

    taken = Signal()

    def __init__(self, title: str, said: str, text: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        roomy(self, 760, 560)
        self._name = name
        self.text = QPlainTextEdit(text)
        self.text.setTabChangesFocus(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        name_it(self.text, title)
        self.fault = FaultLine()
        buttons = QDialogButtonBox()
        self.save = buttons.addButton("&Save…", QDialogButtonBox.ButtonRole.ActionRole)
        self.copy = buttons.addButton("&Copy", QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Close)
        self.save.clicked.connect(self._save)
        self.copy.clicked.connect(self._copy)
        self._was_taken = False
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(words(said))
        column.addWidget(self.text, 1)
        column.addWidget(self.fault)
        column.addWidget(buttons)

    def _save(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, f"Save the {self.windowTitle().lower()}", self._name)
        if name:
            self.save_to(Path(name))

    def save_to(self, path: Path) -> None:
        """Save the text as it stands into a file."""
        try:
            replace_whole(path, self.text.toPlainText().encode())
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self._tell()
        self.accept()

    def _copy(self) -> None:
        QApplication.clipboard().setText(self.text.toPlainText())
        self._tell()

    def _tell(self) -> None:
        if not self._was_taken:
            self._was_taken = True
            self.taken.emit()
