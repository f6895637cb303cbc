# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record: pages drawn and words read from PDFs, always in a child process that a bad file may kill."""

from imr_desktop.records.protocol import (
    Answer,
    CannotReadPdf,
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
from imr_desktop.records.reader import Reader

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
    "WordsRead",
]
