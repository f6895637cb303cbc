# SPDX-License-Identifier: AGPL-3.0-or-later
"""A new data key for the vault: the passphrase is asked for once, and the closed vault is written anew aside."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from imr_desktop.errors import Trouble
from imr_desktop.ui.means import Means
from imr_desktop.ui.parts import Fields, button, fit, line_field, words
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.work import Aside


class RekeyDialog(QDialog):
    """Gives the closed vault in ``folder`` a new key; ``rekeyed`` carries the passphrase, which still opens it."""

    rekeyed = Signal(str)

    def __init__(self, folder: Path, means: Means, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("New data key")
        self._folder, self._means = folder, means
        self.passphrase = line_field(secret=True)
        self.go = button("&Make a new key", self._go, "main")
        self.leave = button("Cancel", self.reject)
        self.fault = FaultLine()
        self._bar = QProgressBar(maximum=0, textVisible=False)
        self._bar.setAccessibleName("Writing the vault under the new key")
        self._aside = Aside(self)
        self._aside.done.connect(lambda _: self._done())
        self._aside.troubled.connect(self._troubled)
        self._aside.failed.connect(lambda: self._wait(False))
        self._lay_out()
        self._wait(False)

    def reject(self) -> None:
        """Leave, unless the key is being changed, which takes a moment and cannot be half done."""
        if not self._aside.busy:
            super().reject()

    def done(self, result: int) -> None:
        """Leave no passphrase in the field."""
        self.passphrase.clear()
        super().done(result)

    def _go(self) -> None:
        if not self._aside.busy:
            self.fault.clear()
            self._wait(True)
            self._aside.start(partial(self._means.rekey, self._folder, self.passphrase.text()))

    def _done(self) -> None:
        passphrase = self.passphrase.text()
        self._wait(False)
        self.accept()
        self.rekeyed.emit(passphrase)

    def _troubled(self, trouble: Trouble) -> None:
        self._wait(False)
        self.fault.tell(trouble)
        self.passphrase.selectAll()
        self.passphrase.setFocus()

    def _wait(self, waiting: bool) -> None:
        self._bar.setVisible(waiting)
        for each in (self.passphrase, self.go, self.leave):
            each.setEnabled(not waiting)

    def _lay_out(self) -> None:
        rows = Fields()
        rows.add("&Passphrase", self.passphrase)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.go)
        buttons.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(words("New data key", "heading"))
        column.addWidget(words(
            "The vault is written anew under a new key, whole or not at all. Passphrase, recovery sheet and the "
            "organisation's key stay good; backups made before open with the passphrase that they were made under."
        ))  # fmt: skip
        column.addLayout(rows)
        column.addWidget(self._bar)
        column.addWidget(self.fault)
        column.addLayout(buttons)
        fit(self, 520)
