# SPDX-License-Identifier: AGPL-3.0-or-later
"""The recovery sheet on the screen and on paper: shown once, drawn with its QR code, and then forgotten."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from imr_desktop.ui.parts import button, roomy, words

if TYPE_CHECKING:
    from imr_desktop.casework.recovery import RecoverySheet

_QUIET = 4
"""Light modules around the code, as scanners want them."""


def draw_code(painter: QPainter, dark: tuple[tuple[bool, ...], ...], box: QRectF) -> None:
    """Draw the QR code with its quiet border into a square of this box, dark on white whatever the colours are."""
    side = len(dark) + 2 * _QUIET
    module = min(box.width(), box.height()) / side
    painter.fillRect(QRectF(box.x(), box.y(), module * side, module * side), QColor("white"))
    for y, row in enumerate(dark):
        for x, is_dark in enumerate(row):
            if is_dark:
                left, top = box.x() + (x + _QUIET) * module, box.y() + (y + _QUIET) * module
                painter.fillRect(QRectF(left, top, module, module), QColor("black"))


class QrCode(QWidget):
    """The sheet's code as a picture to scan."""

    def __init__(self, dark: tuple[tuple[bool, ...], ...]) -> None:
        super().__init__()
        self._dark = dark
        self.setAccessibleName("QR code of the recovery code")
        # Whole pixels to a module, so that the code stays crisp.
        side = (len(dark) + 2 * _QUIET) * 5
        self.setFixedSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the code."""
        painter = QPainter(self)
        draw_code(painter, self._dark, QRectF(self.rect()))
        painter.end()


class SheetDialog(QDialog):
    """The recovery sheet, shown this once; the code is in no other place."""

    def __init__(self, sheet: "RecoverySheet", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Recovery sheet")
        self._sheet = sheet
        groups = sheet.code.split()
        half = (len(groups) + 1) // 2
        self.code = QLabel(" ".join(groups[:half]) + "\n" + " ".join(groups[half:]))
        self.code.setProperty("says", "mono")
        self.code.setAccessibleName("Recovery code")
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.print = button("&Print…", self._choose_printer, "main")
        self.leave = button("&I have it on paper", self.accept)
        side = QVBoxLayout()
        side.addWidget(words("Print this sheet now, or copy the code by hand", "heading"))
        side.addWidget(words("It is shown this once and kept nowhere. It opens the vault without the passphrase."))
        side.addSpacing(8)
        side.addWidget(self.code)
        side.addSpacing(8)
        side.addWidget(words(
            "Whoever has this sheet and the vault, or a backup of it, can read everything in it. Keep it in a safe "
            "place, away from the computer, and make no picture of it.", "warn",
        ))  # fmt: skip
        side.addStretch(1)
        top = QHBoxLayout()
        top.setSpacing(18)
        top.addWidget(QrCode(sheet.dark), 0, Qt.AlignmentFlag.AlignTop)
        top.addLayout(side, 1)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.print)
        buttons.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addLayout(buttons)
        roomy(self, 760, 340)

    def done(self, result: int) -> None:
        """Leave nothing of the code behind."""
        self.code.clear()
        super().done(result)

    def print_on(self, printer: QPrinter) -> None:
        """Print the sheet: its words, and the code below them at about two inches."""
        painter = QPainter(printer)
        try:
            page = QRectF(printer.pageLayout().paintRectPixels(printer.resolution()))
            page.moveTo(0, 0)
            inch = printer.resolution()
            painter.setFont(QFont("monospace", 10))
            flags = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
            taken = painter.drawText(page, flags, self._sheet.text)
            below = QRectF(0, taken.bottom() + inch / 4, inch * 2.4, inch * 2.4)
            draw_code(painter, self._sheet.dark, below)
        finally:
            painter.end()

    def _choose_printer(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        dialog = QPrintDialog(printer, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.print_on(printer))
        dialog.setModal(True)
        dialog.show()
