# SPDX-License-Identifier: AGPL-3.0-or-later
"""Published determinations read back into data: a PDF's lines, or the text of one, become a Determination."""

import hashlib
import json
import multiprocessing.util
from functools import cache
from pathlib import Path

from imr_desktop.casework import exchange
from imr_desktop.casework.identities import CannotReadFile
from imr_desktop.letter import published
from imr_desktop.models.determination import Determination
from imr_desktop.models.records import PageRef, TextLine
from imr_desktop.records import LinesRead, Measure, Measured, Reader, ReadLines


def read_file(path: Path) -> Determination:
    """The determination in a published letter (PDF, or .txt as text); CannotReadFile, CannotReadPdf, NotALetter."""
    data = bytes_of(path)
    if path.suffix.lower() == ".txt":
        return published.from_text(data.decode("utf-8", errors="replace"))
    return read(data)


def bytes_of(path: Path) -> bytes:
    """What is in a file; CannotReadFile."""
    try:
        return path.read_bytes()
    except OSError as why:
        raise CannotReadFile(f"{path} could not be read ({why.strerror}).", place=str(path)) from why


def read(data: bytes) -> Determination:
    """The determination in a published letter's PDF bytes; CannotReadPdf, NotALetter."""
    return published.read(lines_of(data))


def lines_of(data: bytes) -> tuple[tuple[TextLine, ...], ...]:
    """The printed lines of a PDF, page by page; CannotReadPdf."""
    with Library() as library:
        return library.lines_of(data)


class Library:
    """One reading process for many published letters, started at the first PDF."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}
        self._reader: Reader | None = None

    def __enter__(self) -> "Library":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the reading process."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def read(self, data: bytes, *, text: bool = False) -> Determination:
        """The determination in a letter's bytes, PDF or text; CannotReadPdf, NotALetter."""
        if text:
            return published.from_text(data.decode("utf-8", errors="replace"))
        return published.read(self.lines_of(data))

    def lines_of(self, data: bytes) -> tuple[tuple[TextLine, ...], ...]:
        """The printed lines of a PDF, page by page; CannotReadPdf."""
        digest = hashlib.sha256(data).hexdigest()
        self._held[digest] = data
        reader = self._reader = self._reader or Reader(self._held.__getitem__)
        try:
            measured = reader.ask(Measure(digest))
            if not isinstance(measured, Measured):
                raise TypeError(f"the reader answered Measure with {type(measured).__name__}")
            answers = [reader.ask(ReadLines(PageRef(digest, page))) for page in range(len(measured.sizes))]
        finally:
            del self._held[digest]
        return tuple(answer.lines for answer in answers if isinstance(answer, LinesRead))


@cache
def of_this_process() -> Library:
    """The library of a worker process, ended with it."""
    library = Library()
    # A worker leaves without Python's own farewell, and would wait for the reading process for ever.
    multiprocessing.util.Finalize(library, library.close, exitpriority=100)
    return library


def as_json_line(path: Path) -> str:
    """A published letter (PDF or .txt) as one line of ``imr-case/1``; CannotReadFile, CannotReadPdf, NotALetter."""
    data, text = bytes_of(path), path.suffix.lower() == ".txt"
    return json.dumps(exchange.to_json(of_this_process().read(data, text=text)), ensure_ascii=False)
