# SPDX-License-Identifier: AGPL-3.0-or-later
"""What can be wrong with a PDF, each in two sentences that a reviewer can act on."""

from enum import StrEnum
from typing import ClassVar

from imr_desktop.errors import Trouble


class Why(StrEnum):
    """The reason why a file or a page could not be read."""

    NOT_PDF = "not_pdf"
    LOCKED = "locked"
    NO_BYTES = "no_bytes"
    NO_PAGES = "no_pages"
    BROKEN = "broken"
    TOO_MANY_PAGES = "too_many_pages"
    FILE_SLOW = "file_slow"
    FILE_KILLED = "file_killed"
    FILE_MEMORY = "file_memory"
    NO_SUCH_PAGE = "no_such_page"
    PAGE_BROKEN = "page_broken"
    PAGE_SLOW = "page_slow"
    PAGE_KILLED = "page_killed"
    PAGE_MEMORY = "page_memory"
    PAGE_CROWDED = "page_crowded"
    NO_SOURCE = "no_source"
    NOT_STARTED = "not_started"
    STARTING = "starting"
    NO_ANSWER = "no_answer"
    CLOSED = "closed"


_ANOTHER_COPY = "Open it in another reader; if it opens there, print it to PDF and add that copy."
_OTHER_PAGES = (
    "The other pages can be read; to read this one, open the file in another reader, print the page to PDF and add it."
)
_SEND_AGAIN = "Ask for the file to be sent again."
_START_AGAIN = "Close the program and start it again; nothing in the case has changed."

_SENTENCES: dict[Why, tuple[str, str]] = {
    Why.NOT_PDF: (
        "The file is not a PDF.",
        "Ask the sender for a PDF, or print the file to PDF and add that copy.",
    ),
    Why.LOCKED: (
        "The PDF is encrypted and asks for a password.",
        "Give the password with which it came; it is kept in the vault.",
    ),
    Why.NO_BYTES: ("The file is empty (0 bytes).", _SEND_AGAIN),
    Why.NO_PAGES: ("The PDF has no pages.", _SEND_AGAIN),
    Why.BROKEN: ("The PDF is broken beyond repair.", _ANOTHER_COPY),
    Why.TOO_MANY_PAGES: (
        "The PDF has {count:,} pages, more than the {pages:,} that one file may have.",
        "Split it into smaller files and add those.",
    ),
    Why.FILE_SLOW: (
        "The PDF takes too long to open: it was given up after {file_seconds:g} seconds.",
        _ANOTHER_COPY,
    ),
    Why.FILE_KILLED: ("The program that reads PDFs stopped in the middle of opening this one.", _ANOTHER_COPY),
    Why.FILE_MEMORY: ("The PDF needs more memory to open than a file may take.", _ANOTHER_COPY),
    Why.NO_SUCH_PAGE: ("The file has no page {page}.", "Look at the pages it has."),
    Why.PAGE_BROKEN: ("Page {page} of the file is damaged and cannot be read.", _OTHER_PAGES),
    Why.PAGE_SLOW: (
        "Page {page} of the file takes too long to read: it was given up after {seconds:g} seconds.",
        _OTHER_PAGES,
    ),
    Why.PAGE_KILLED: ("The program that reads PDFs stopped in the middle of page {page} of the file.", _OTHER_PAGES),
    Why.PAGE_MEMORY: ("Page {page} of the file needs more memory than a page may take.", _OTHER_PAGES),
    Why.PAGE_CROWDED: ("Page {page} of the file carries {count:,} words, more than a page can hold.", _OTHER_PAGES),
    Why.NO_SOURCE: ("The file could not be fetched for reading.", "Check that the vault can be read, then try again."),
    Why.NOT_STARTED: ("The program that reads PDFs could not be started.", _START_AGAIN),
    Why.STARTING: (
        "The program that reads PDFs has not started yet.",
        "Wait a moment and try again; if it still does not start, close the program and start it again.",
    ),
    Why.NO_ANSWER: ("The program that reads PDFs is still busy with other pages.", "Wait a moment and try again."),
    Why.CLOSED: ("The reader was closed before it could answer.", "Open the case again."),
}


class CannotReadPdf(Trouble):
    """A PDF, or one page of it, cannot be read; ``why`` tells which of the known reasons it is."""

    default_advice: ClassVar[str] = _ANOTHER_COPY

    def __init__(
        self, happened: str, advice: str | None = None, *, place: str | None = None, why: Why = Why.PAGE_BROKEN
    ) -> None:
        self.why = why
        super().__init__(happened, advice, place=place)


def sentences(why: Why, **facts: float) -> tuple[str, str]:
    """What happened and what to do; ``facts`` fill in the page (from 1), counts and caps that the sentence names."""
    happened, advice = _SENTENCES[why]
    return happened.format(**facts), advice
