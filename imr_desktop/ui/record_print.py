# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of the record on paper, each with the line at its foot that says where it comes from; never with a letter."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from functools import partial

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QCheckBox, QDialog, QVBoxLayout, QWidget

from imr_desktop.casework.annex import source_line
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.progress import Progress, meanwhile
from imr_desktop.errors import Trouble
from imr_desktop.models.records import Page
from imr_desktop.records import Draw, Drawn
from imr_desktop.ui import printing
from imr_desktop.ui.means import Means
from imr_desktop.ui.parts import Fields, button, line_field, words
from imr_desktop.ui.pumped_dialog import PumpedDialog

_SCALE = 200 / 72
_MARGIN, _FOOT, _FOOT_SIZE = 18.0, 26.0, 8.0
_SAID = "Copies for your own work. They name the worker, and never go with a party letter or a public copy."


class RecordPrint(PumpedDialog):
    """Asks which case pages to print and prints them. ``printed`` tells their case pages."""

    printed = Signal(object)

    def __init__(self, means: Means, desk: Desk, first: str, parent: QWidget | None = None) -> None:
        super().__init__("Print pages of the record", "printing", parent)
        self._means, self._desk = means, desk
        self._pages = {page.case_page: page for source in desk.case.sources for page in source.pages()}
        self._wanted: Sequence[Page] = ()
        self.range = line_field(first, shown="All")
        self.fax = QCheckBox("&Grey: no colours")
        self.go = button("&Print…", self._choose_printer, "main")
        rows = Fields()
        rows.add("&Case pages", self.range, f"For example 1-3, 5. The case has {len(self._pages):,} pages.")
        rows.add_wide(self.fax)
        column = QVBoxLayout(self)
        column.addWidget(words("Each page at its true size where there is room, its source at the foot.", "lead"))
        column.addLayout(rows)
        column.addWidget(words(_SAID, "muted"))
        column.addStretch(1)
        self.end_of(column, self.go)
        self.fields = (self.range, self.fax)
        self.rest(waiting=False)
        self.resize(600, self.sizeHint().height())

    def print_to(self, printer: QPrinter) -> None:
        """Print what is chosen to this printer."""
        self.fault.clear()
        try:
            chosen = printing.pages_in(self.range.text(), max(self._pages, default=0), of="The case")
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self._wanted = [self._pages[number + 1] for number in chosen if number + 1 in self._pages]
        printing.prepare(printer, grey=self.fax.isChecked())
        self.run(self._printing(printer))

    def came(self, _: object, /) -> None:
        """The pages are with the printer."""
        self.printed.emit([page.case_page for page in self._wanted])

    def allow(self, *, waiting: bool) -> None:
        """A record without pages cannot be printed."""
        self.go.setEnabled(not waiting and bool(self._pages))

    def _choose_printer(self) -> None:
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printing.prepare(printer, grey=self.fax.isChecked())
        if QPrintDialog(printer, self).exec() == QDialog.DialogCode.Accepted:
            self.print_to(printer)

    def _printing(self, printer: QPrinter) -> Iterator[Progress]:
        count = len(self._wanted)
        reader = self._means.reader(self._desk.open_source, lambda *_: None, self._desk.store.passwords())
        with closing(reader), printing.begun(printer) as painter:
            for number, page in enumerate(self._wanted):
                name = f"page {page.case_page}"
                said = Progress(number, count, f"Printing {name}")
                drawn = yield from meanwhile(partial(reader.ask, Draw(page.ref, _SCALE)), said, abandon=True)
                if number:
                    printing.turn_over(printer, name)
                assert isinstance(drawn, Drawn)  # noqa: S101 - what is drawn, or else asking raises
                paint(painter, drawn, source_line(self._desk.case, page), printer.resolution() / printing.POINTS)
        yield Progress(count, count, "Printed")


def paint(painter: QPainter, drawn: Drawn, says: str, dots: float) -> None:
    """One page on a US Letter sheet, at its true size or as large as fits, its source at the foot."""
    image = QImage(drawn.pixels, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGB32)
    width, height = drawn.width / drawn.scale, drawn.height / drawn.scale
    room_wide, room_high = 612.0 - 2 * _MARGIN, 792.0 - _MARGIN - _FOOT - 10
    fits = min(1.0, room_wide / width, room_high / height)
    left = (612.0 - width * fits) / 2
    painter.drawImage(QRectF(left * dots, _MARGIN * dots, width * fits * dots, height * fits * dots), image)
    font = QFont("Liberation Sans")
    font.setPointSizeF(_FOOT_SIZE)
    painter.setFont(font)
    painter.setPen(QColor("black"))
    painter.drawText(QPointF(_MARGIN * dots, (792.0 - _FOOT) * dots), says)
