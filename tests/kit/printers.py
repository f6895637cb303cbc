# SPDX-License-Identifier: AGPL-3.0-or-later
"""A printer that prints into a file."""

from pathlib import Path

from PySide6.QtPrintSupport import QPrinter


def pdf_printer(path: Path) -> QPrinter:
    """A printer whose paper is a PDF."""
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(path))
    return printer
