# SPDX-License-Identifier: AGPL-3.0-or-later
"""Asking for the password of a protected PDF; it is kept in the vault, so it is asked for once."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QVBoxLayout, QWidget


class PdfPassword(QDialog):
    """``given(str)`` carries the password; ``shut`` says that the file is to come in unopened."""

    given = Signal(str)
    shut = Signal()

    def __init__(self, said: str, parent: QWidget | None = None, *, may_stay_shut: bool = True) -> None:
        super().__init__(parent)
        self.setWindowTitle("Protected PDF")
        self.words = words = QLabel(
            f"{said} Give the password with which it came; it is kept in the vault.", wordWrap=True
        )
        self.field = QLineEdit(echoMode=QLineEdit.EchoMode.Password)
        self.field.setAccessibleName("Password of the PDF")
        self.field.setPlaceholderText("Password of the PDF")
        words.setBuddy(self.field)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.open_it = self.buttons.addButton("&Open it", QDialogButtonBox.ButtonRole.AcceptRole)
        self.open_it.setDefault(True)
        self.open_it.setEnabled(False)
        if may_stay_shut:
            self.leave = self.buttons.addButton("&Leave it shut for now", QDialogButtonBox.ButtonRole.ActionRole)
            self.leave.setToolTip("It comes into the case unopened; Case, Open a protected file, opens it later.")
            self.leave.clicked.connect(self._leave)
        column = QVBoxLayout(self)
        for widget in (words, self.field, self.buttons):
            column.addWidget(widget)
        self.setMinimumWidth(420)
        self.field.textChanged.connect(lambda text: self.open_it.setEnabled(bool(text)))
        self.buttons.accepted.connect(self._give)
        self.buttons.rejected.connect(self.reject)

    def _give(self) -> None:
        password = self.field.text()
        self.field.clear()
        self.accept()
        self.given.emit(password)

    def _leave(self) -> None:
        self.done(QDialog.DialogCode.Accepted)
        self.shut.emit()
