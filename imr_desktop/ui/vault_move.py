# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moving the vault to another folder: copied, read back and compared before the old place is emptied."""

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from imr_desktop.errors import Trouble
from imr_desktop.storage import Placed, move
from imr_desktop.ui.parts import Fields, button, fit, line_field, words
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.vault_risk import PlaceWarning
from imr_desktop.ui.work import Aside, last_of


class MoveDialog(QDialog):
    """A new folder is chosen and the closed vault moved there; ``placed`` carries where it stands, the old place whole.

    ``risk`` tells why a folder is no good place, as ``Means.place_risk`` does.
    """

    placed = Signal(object)

    def __init__(
        self, folder: Path, risk: Callable[[Path], str | None], begin_at: Path, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Move the vault")
        self._old, self._stop = folder, threading.Event()
        self.folder = line_field(str(begin_at) if begin_at != folder and risk(begin_at) is None else "")
        self.folder.setPlaceholderText("An empty folder, or a new one")
        self.choose = button("C&hoose…", self._choose)
        self.place = PlaceWarning(self.folder, risk, self._choose)
        self.go = button("&Move it", self._go, "main")
        self.stop = button("&Stop", self._stop.set)
        self.fault = FaultLine()
        self._bar = QProgressBar(maximum=1000, textVisible=False)
        self._bar.setAccessibleName("Progress of the move")
        self._aside = Aside(self)
        self._aside.progressed.connect(lambda said: self._bar.setValue(1000 * said.done // max(1, said.total)))
        self._aside.done.connect(self._done)
        self._aside.troubled.connect(self._troubled)
        self._aside.failed.connect(lambda: self._wait(False))
        self._lay_out()
        self._wait(False)

    def reject(self) -> None:
        """Leave; a move that is under way is stopped, and the vault stays where it is."""
        self._stop.set()
        super().reject()

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "The new folder of the vault", self.folder.text())
        if name:
            chosen = Path(name)
            # An own folder in what was chosen: people choose "Documents", and mean a place in it.
            self.folder.setText(str(chosen / "IMR vault" if any(chosen.iterdir()) else chosen))

    def _go(self) -> None:
        text = self.folder.text().strip()
        if self._aside.busy:
            return
        if not text:
            self.fault.tell("No folder is given. Choose an empty folder, or name a new one.")
            return
        self.fault.clear()
        self._stop.clear()
        self._wait(True)
        steps = move(self._old, Path(text).expanduser())
        self._aside.start(partial(last_of, steps, Placed, self._stop, self._aside.tell))

    def _done(self, placed: Placed | None) -> None:
        self._wait(False)
        if placed is None:
            self.fault.tell("The move was stopped. The vault is where it was.")
            return
        self.accept()
        self.placed.emit(placed)

    def _troubled(self, trouble: Trouble) -> None:
        self._wait(False)
        self.fault.tell(trouble)
        self.folder.setFocus()

    def _wait(self, waiting: bool) -> None:
        for each in (self._bar, self.stop):
            each.setVisible(waiting)
        for field in (self.folder, self.choose, self.go):
            field.setEnabled(not waiting)

    def _lay_out(self) -> None:
        rows = Fields()
        rows.add("New &folder", self.folder, beside=self.choose)
        buttons = QHBoxLayout()
        buttons.addWidget(self.stop)
        buttons.addStretch(1)
        buttons.addWidget(self.go)
        buttons.addWidget(button("Cancel", self.reject))
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(words("Move the vault", "heading"))
        column.addWidget(words(
            f"Every file is copied from {self._old}, read back and compared; only then is the old place emptied.",
            "muted",
        ))  # fmt: skip
        column.addLayout(rows)
        column.addWidget(self.place)
        column.addWidget(self._bar)
        column.addWidget(self.fault)
        column.addStretch(1)
        column.addLayout(buttons)
        fit(self, 620)
