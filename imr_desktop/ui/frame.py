# SPDX-License-Identifier: AGPL-3.0-or-later
"""The frame of the main window: its pages under a notice bar, its looks, and how it comes forward."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QDialog, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from imr_desktop.ui.parts import resize_on_screen
from imr_desktop.ui.style import sheet
from imr_desktop.ui.theme import Theme
from imr_desktop.ui.trouble import NoticeBar

TITLE = "IMR Desktop"


class Frame(QMainWindow):
    """A window with pages and a notice bar. ``drawn`` tells, once, that it is on the screen for the first time."""

    drawn = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.is_drawn = False
        self.notice = NoticeBar()
        self.pages = QStackedWidget()
        self.pages.setObjectName("pages")
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.pages, 1)
        self.setCentralWidget(middle)
        self.pages.addWidget(QWidget())
        # The sheet belongs to this window and not to the application: widgets that are built apart and then put in
        # are polished once instead of at every step of being put together, which opens a case eight times as fast.
        theme.listen(lambda colours: self.setStyleSheet(sheet(colours, theme.size)))
        self.setWindowTitle(TITLE)
        resize_on_screen(self, 1280, 800)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The window is drawn; the first time, that is told."""
        super().paintEvent(event)
        if not self.is_drawn:
            self.is_drawn = True
            self.drawn.emit()

    def come_forward(self) -> None:
        """Somebody started the program again: show this window in front of all others."""
        bring_forward(self)

    def full_screen(self) -> None:
        """Fill the whole screen, or no longer."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_bars(self, shown: bool) -> None:
        """Show or hide menus and status bar; one that was never asked for is not made in order to be hidden."""
        if shown or self.menuWidget() is not None:
            self.menuBar().setVisible(shown)
            self.statusBar().setVisible(shown)

    def show_dialog(self, dialog: QDialog) -> None:
        """Show a dialog over this window; it is let go when it closes."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(True)
        dialog.open()


def bring_forward(window: QWidget) -> None:
    """Show a window in front of all others, also if it was minimised."""
    window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized | Qt.WindowState.WindowActive)
    window.show()
    window.raise_()
    window.activateWindow()
