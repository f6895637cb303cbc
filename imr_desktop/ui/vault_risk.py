# SPDX-License-Identifier: AGPL-3.0-or-later
"""A warning beside a folder for a vault: why it is a risky place, and one button to choose another."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit

from imr_desktop.ui.parts import button, words
from imr_desktop.ui.trouble import announce

_REST_MS = 250


class PlaceWarning(QFrame):
    """Looks at the folder that a field names, a moment after it was typed; hidden while nothing speaks against it."""

    def __init__(self, folder: QLineEdit, risk: Callable[[Path], str | None], choose: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("box", "warns")
        self._folder, self._risk = folder, risk
        self.said = words("")
        self.other = button("Choose another &folder…", choose)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self.look)
        folder.textChanged.connect(lambda _: self._rest.start())
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 10, 8)
        row.addWidget(self.said, 1)
        row.addWidget(self.other)
        self.hide()
        self.look()

    def look(self) -> None:
        """Look at the folder now."""
        text = self._folder.text().strip()
        risk = self._risk(Path(text).expanduser()) if text else None
        self.setVisible(risk is not None)
        if risk is not None:
            self.said.setText(f"{risk} Choose a folder on this computer's own disk; backups may go elsewhere.")
            announce(self, self.said.text())
