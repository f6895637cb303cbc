# SPDX-License-Identifier: AGPL-3.0-or-later
"""Unlocking: the vault's passphrase is asked for, and a wrong one is told without losing what was typed."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from imr_desktop.errors import Trouble
from imr_desktop.ui.icons import icon
from imr_desktop.ui.parts import button, card, line_field, words
from imr_desktop.ui.trouble import FaultLine


class Unlock(QWidget):
    """The page that asks for the passphrase. ``wanted`` carries it; the window above opens the vault and answers."""

    wanted = Signal(str)
    elsewhere = Signal()
    demo = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.passphrase = line_field(secret=True)
        self.passphrase.setAccessibleName("Passphrase")
        self.passphrase.returnPressed.connect(self._unlock)
        self.shown = QCheckBox("&Show the passphrase")
        self.shown.toggled.connect(self._show)
        self.open = button("&Unlock", self._unlock, "main")
        self.fault = FaultLine()
        self._busy = QProgressBar(maximum=0, textVisible=False)
        self._busy.setAccessibleName("Opening the vault")
        self._said = words("Opening the vault…", "muted")
        self._folder = words("", "muted")
        self._other = button("Open &another vault…", self.elsewhere.emit, "link")
        self._demo = button("Try the &demo case", self.demo.emit, "link")
        self._lay_out()
        self.ask_for(folder)

    def ask_for(self, folder: Path) -> None:
        """Ask for the passphrase of the vault in this folder."""
        self._folder.setText(str(folder))
        self.passphrase.clear()
        self.shown.setChecked(False)
        self.fault.clear()
        self._wait(False)
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def tell(self, trouble: Trouble) -> None:
        """The vault could not be opened: say why, and let the passphrase be typed again."""
        self._wait(False)
        self.fault.tell(trouble)
        self.passphrase.selectAll()
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """The passphrase was taken; it stays in no field."""
        self.passphrase.clear()
        self._wait(False)

    @property
    def busy(self) -> bool:
        """Whether the vault is being opened."""
        return not self._busy.isHidden()

    def _unlock(self) -> None:
        if self.busy:
            return
        self.fault.clear()
        if not self.passphrase.text():
            self.fault.tell("The passphrase is empty. Type the passphrase of this vault.")
            return
        self._wait(True)
        self.wanted.emit(self.passphrase.text())

    def _wait(self, waiting: bool) -> None:
        self._busy.setVisible(waiting)
        self._said.setVisible(waiting)
        self.passphrase.setReadOnly(waiting)
        self.open.setEnabled(not waiting)

    def _show(self, shown: bool) -> None:
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def _lay_out(self) -> None:
        emblem = QLabel()
        emblem.setPixmap(icon("imr-desktop").pixmap(56, 56))
        ask = QLabel("&Passphrase")
        ask.setBuddy(self.passphrase)
        frame, column = card(margin=28)
        frame.setFixedWidth(460)
        column.setSpacing(10)
        column.addWidget(emblem)
        column.addWidget(words("Unlock the vault", "title"))
        column.addWidget(self._folder)
        column.addSpacing(8)
        column.addWidget(ask)
        column.addWidget(self.passphrase)
        column.addWidget(self.shown)
        column.addWidget(self.fault)
        column.addWidget(self._said)
        column.addWidget(self._busy)
        column.addSpacing(4)
        column.addWidget(self.open)
        links = QHBoxLayout()
        links.addWidget(self._other)
        links.addStretch(1)
        links.addWidget(self._demo)
        column.addLayout(links)
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(frame)
        middle.addStretch(1)
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        whole.addLayout(middle)
        whole.addStretch(3)
