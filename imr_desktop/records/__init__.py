# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record room: source files measured, drawn and read, all of it in a child process that a bad PDF may kill."""

from imr_desktop.records.protocol import (
    Answer,
    Caps,
    Draw,
    Drawn,
    Failed,
    LinesRead,
    Measure,
    Measured,
    ReadLines,
    ReadWords,
    Request,
    WordsRead,
)
from imr_desktop.records.reader import Reader, Source
from imr_desktop.records.troubles import CannotReadPdf, Why

__all__ = [
    "Answer",
    "CannotReadPdf",
    "Caps",
    "Draw",
    "Drawn",
    "Failed",
    "LinesRead",
    "Measure",
    "Measured",
    "ReadLines",
    "ReadWords",
    "Reader",
    "Request",
    "Source",
    "Why",
    "WordsRead",
]
