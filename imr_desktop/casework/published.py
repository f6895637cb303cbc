# SPDX-License-Identifier: AGPL-3.0-or-later
"""Published determinations read back into data: a PDF's lines, or the text of one, become a Determination."""

import hashlib
from pathlib import Path

from imr_desktop.casework.identities import CannotReadFile
from imr_desktop.letter import published
from imr_desktop.models.determination import Determination
from imr_desktop.models.records import PageRef, TextLine
from imr_desktop.records import LinesRead, Measure, Measured, Reader, ReadLines


def read_file(path: Path) -> Determination:
    """The determination in a published letter (PDF, or .txt as text); CannotReadFile, CannotReadPdf, NotALetter."""
    try:
        data = path.read_bytes()
    except OSError as why:
        raise CannotReadFile(f"{path} could not be read ({why.strerror}).", place=str(path)) from why
    if path.suffix.lower() == ".txt":
        return published.from_text(data.decode("utf-8", errors="replace"))
    return read(data)


def read(data: bytes) -> Determination:
    """The determination in a published letter's PDF bytes; CannotReadPdf, NotALetter."""
    return published.read(lines_of(data))


def lines_of(data: bytes) -> tuple[tuple[TextLine, ...], ...]:
    """The printed lines of a PDF, page by page; CannotReadPdf."""
    digest = hashlib.sha256(data).hexdigest()
    reader = Reader(lambda _: data)
    try:
        measured = reader.ask(Measure(digest))
        if not isinstance(measured, Measured):
            raise TypeError(f"the reader answered Measure with {type(measured).__name__}")
        answers = [reader.ask(ReadLines(PageRef(digest, page))) for page in range(len(measured.sizes))]
    finally:
        reader.close()
    return tuple(answer.lines for answer in answers if isinstance(answer, LinesRead))
