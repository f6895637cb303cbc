# SPDX-License-Identifier: AGPL-3.0-or-later
"""A window for another screen that holds a part of the case; closing it gives the part back."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from imr_desktop.ui.parts import resize_on_screen


class SecondWindow(QWidget):
    """Holds ``part`` until it is closed; every command of the main window can be given in it as well.

    ``closed`` comes before the window goes, so that the part can be taken back.
    """

    closed = Signal()

    def __init__(self, parent: QWidget, part: QWidget, title: str) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(part)
        self.addActions(parent.window().actions())
        resize_on_screen(self, 900, 1000)
        part.show()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The part goes back."""
        self.closed.emit()
        super().closeEvent(event)
