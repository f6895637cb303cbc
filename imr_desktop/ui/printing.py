# SPDX-License-Identifier: AGPL-3.0-or-later
"""A letter on a printer: its texts as texts and its lines as lines, true to size, page by page and stoppable."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

from PySide6.QtCore import QLineF, QMarginsF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPageLayout, QPageSize, QPainter, QPen
from PySide6.QtPrintSupport import QPrinter

from imr_desktop import assets
from imr_desktop.casework.progress import Progress
from imr_desktop.errors import Trouble
from imr_desktop.letter.drawn import Box, Mark, Rule, Text

DRAFT = "DRAFT · NOT SIGNED"
POINTS = 72.0
_WIDTH, _HEIGHT = 612.0, 792.0


class CannotPrint(Trouble):
    """The printer does not take the letter."""

    default_advice = "See that the printer is switched on and has paper, or choose another, then print again."


class WrongRange(Trouble):
    """The pages to print are not told in a way that can be understood."""

    default_advice = "Write pages as 1-3, 5, or leave the field empty for all."


def pages_in(told: str, count: int, of: str = "The letter") -> tuple[int, ...]:
    """The pages (from 0) that “1-3, 5” names of so many; all for an empty text. WrongRange."""
    if not told.strip():
        return tuple(range(count))
    found: list[int] = []
    for piece in told.replace("–", "-").split(","):
        first, _, last = (part.strip() for part in piece.partition("-"))
        if not first.isdecimal() or (last and not last.isdecimal()):
            raise WrongRange(f"“{piece.strip()}” names no page.")
        start, end = int(first), int(last or first)
        if not 1 <= start <= end <= count:
            raise WrongRange(f"{of} has the pages 1 to {count}.")
        found += range(start - 1, end)
    return tuple(dict.fromkeys(found))


def prepare(printer: QPrinter, *, grey: bool) -> None:
    """Set a printer to US Letter, true size and the whole sheet; ``grey`` prints no colours and no tinted ground."""
    printer.setPageLayout(
        QPageLayout(QPageSize(QPageSize.PageSizeId.Letter), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0))
    )
    printer.setFullPage(True)
    if grey:
        printer.setColorMode(QPrinter.ColorMode.GrayScale)


def print_pages(
    printer: QPrinter, pages: Sequence[Sequence[Mark]], wanted: Sequence[int], *, draft: bool, fax: bool
) -> Iterator[Progress]:
    """Draw the pages wanted, one a step; stopped between two, the printer's job is called off. CannotPrint."""
    with begun(printer) as painter:
        for number, page in enumerate(wanted):
            yield Progress(number, len(wanted), f"Printing page {page + 1}")
            if number:
                turn_over(printer, f"page {page + 1}")
            paint(painter, pages[page], printer.resolution() / POINTS, draft=draft, fax=fax)
    yield Progress(len(wanted), len(wanted), "Printed")


def turn_over(printer: QPrinter, name: str) -> None:
    """Begin the next sheet, on which so named a page comes. CannotPrint."""
    if not printer.newPage():
        raise CannotPrint(f"The printer stopped before {name}.")


@contextmanager
def begun(printer: QPrinter) -> Iterator[QPainter]:
    """The printer's job, called off where it is left before its end. CannotPrint."""
    painter = QPainter()
    if not painter.begin(printer):
        raise CannotPrint("The printer did not begin.")
    try:
        yield painter
    except BaseException:
        printer.abort()
        raise
    finally:
        painter.end()


def paint(painter: QPainter, marks: Sequence[Mark], dots: float, *, draft: bool, fax: bool) -> None:
    """Draw one page; ``dots`` is how many dots of the device a page point has, ``fax`` prints black on white alone."""
    for mark in marks:
        match mark:
            case Text(x, y, size, font, text):
                painter.setFont(_font(font, size))
                painter.setPen(QColor(Qt.GlobalColor.black))
                painter.drawText(QPointF(x * dots, y * dots), text.rstrip())
            case Rule(x1, y1, x2, y2, width, grey):
                painter.setPen(_pen(width * dots, 0.0 if fax else grey))
                painter.drawLine(QLineF(x1 * dots, y1 * dots, x2 * dots, y2 * dots))
            case Box(x, y, width, height, line, grey, fill):
                painter.setPen(_pen(line * dots, 0.0 if fax else grey))
                # A tinted ground becomes specks in a fax, and the words on it with it.
                tinted = fill is not None and not fax
                painter.setBrush(_shade(fill or 0.0) if tinted else Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(x * dots, y * dots, width * dots, height * dots))
    if draft:
        _mark_as_draft(painter, dots)


def _mark_as_draft(painter: QPainter, dots: float) -> None:
    painter.save()
    painter.setPen(_shade(0.72))
    painter.setFont(_font("LiberationSans-Bold", 46))
    painter.translate(_WIDTH / 2 * dots, _HEIGHT / 2 * dots)
    painter.rotate(-52)
    wide = painter.fontMetrics().horizontalAdvance(DRAFT)
    painter.drawText(QPointF(-wide / 2, 0), DRAFT)
    painter.restore()


def _pen(width: float, grey: float) -> QPen:
    return QPen(_shade(grey), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap, Qt.PenJoinStyle.MiterJoin)


def _shade(grey: float) -> QColor:
    return QColor.fromRgbF(grey, grey, grey)


@cache
def _family(name: str) -> str:
    """The family of one of the letter's own fonts, known to the window's fonts from here on."""
    path = assets.path(f"fonts/{name}.ttf")
    if not path.exists():
        path = assets.path(f"fonts/{name}-Regular.ttf")
    number = QFontDatabase.addApplicationFont(str(path))
    families = QFontDatabase.applicationFontFamilies(number) if number >= 0 else []
    if not families:
        raise CannotPrint(f"The letter's font {name} cannot be used for printing.", "Install the program again.")
    return families[0]


def _font(name: str, size: float) -> QFont:
    font = QFont(_family(name))
    font.setPointSizeF(size)
    font.setBold("Bold" in name)
    font.setItalic("Italic" in name)
    # The letter was set without kerning, so that its lines are as wide here as there.
    font.setKerning(False)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
