# SPDX-License-Identifier: AGPL-3.0-or-later
"""Printing a letter: its real pages, which of them and how; then the system's own dialog for the printer."""

import hashlib

from PySide6.QtCore import Signal
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QCheckBox, QDialog, QVBoxLayout, QWidget

from imr_desktop.errors import Trouble
from imr_desktop.letter import drawn
from imr_desktop.ui import printing
from imr_desktop.ui.letter_pages import LetterPages
from imr_desktop.ui.means import Means
from imr_desktop.ui.parts import Fields, button, card, line_field, words
from imr_desktop.ui.pumped_dialog import PumpedDialog

_FRAME = 90
_SIGNED = "A print is not the signed original: the sealed file is. Whoever wants to verify needs the file."
_UNSIGNED = "This letter is not signed. Every page is marked as a draft."


class PrintDialog(PumpedDialog):
    """The letter as it will come out of the printer. ``printed`` tells how many pages, and the digest of the letter."""

    printed = Signal(int, str)

    def __init__(self, means: Means, pdf: bytes, what: str, *, draft: bool, parent: QWidget | None = None) -> None:
        super().__init__("Print the letter", "printing", parent)
        self._digest, self._draft = hashlib.sha256(pdf).hexdigest(), draft
        self.pages = LetterPages(means)
        self.range = line_field(shown="All")
        self.fax = QCheckBox("&Fax-safe: black on white, no tinted ground")
        self.go = button("&Print…", self._choose_printer, "main")
        self._count = 0
        self._printer: QPrinter | None = None
        try:
            self.marks = drawn.pages_of(pdf)
        except drawn.NotOurs:
            self.marks = ()
            self.fault.tell("This PDF was not made by this program. Print it with your PDF reader.")
        self.pages.show_pdf(pdf)
        self._lay_out(what)
        self.fields = (self.range, self.fax)
        self.rest(waiting=False)
        # On a low screen the pages give way, and not the buttons below them.
        self.resize(760, min(760, self.screen().availableGeometry().height() - _FRAME))

    def print_to(self, printer: QPrinter) -> None:
        """Print what is chosen to this printer."""
        self.fault.clear()
        try:
            wanted = printing.pages_in(self.range.text(), len(self.marks))
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self._printer, self._count = printer, len(wanted)
        fax = self.fax.isChecked()
        printing.prepare(printer, grey=fax)
        self.run(printing.print_pages(printer, self.marks, wanted, draft=self._draft, fax=fax))

    def done(self, result: int) -> None:
        """The dialog closes: let the pages go."""
        self.pages.close_pages()
        super().done(result)

    def _choose_printer(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printing.prepare(printer, grey=self.fax.isChecked())
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            self.print_to(printer)

    def came(self, _: object, /) -> None:
        """The pages are with the printer."""
        self._printer = None
        self.printed.emit(self._count, self._digest)

    def allow(self, *, waiting: bool) -> None:
        """Only a letter of this program can be printed."""
        self.go.setEnabled(not waiting and bool(self.marks))

    def _lay_out(self, what: str) -> None:
        said, inside = card(box="warns" if self._draft else "card", margin=10)
        inside.addWidget(words(_UNSIGNED if self._draft else _SIGNED))
        rows = Fields()
        rows.add("Pa&ges", self.range, "For example 1-3, 5. Pages print at their true size on US Letter paper.")
        rows.add_wide(self.fax)
        column = QVBoxLayout(self)
        column.addWidget(words(what, "lead"))
        column.addWidget(self.pages, 1)
        column.addWidget(said)
        column.addLayout(rows)
        self.end_of(column, self.go)
