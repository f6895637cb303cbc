# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening a source file: whether it is a PDF at all, mended as far as it can be, or why it stays shut."""

from typing import Any

import pymupdf

from imr_desktop.records.troubles import Why

# A PDF may carry up to a kilobyte of anything before its header (ISO 32000-1, annex H); scanners' mail gateways
# have been seen to add more.
_HEAD = 1 << 16
_MARKS = (b"%PDF-", b"%!PS-Adobe-")
# What stands at the end of a whole PDF, and of each object in it.
_EOF, _TAIL = b"%%EOF", 1 << 11
_ENDS, _LOOKED_AT = b"endobj", 1 << 20


class Refused(Exception):
    """The file or page is such that nothing can be answered but why."""

    def __init__(self, why: Why, count: int = 0) -> None:
        self.why = why
        self.count = count
        super().__init__(why)


def opened(data: memoryview, password: str) -> Any:
    """MuPDF's document of these bytes, with pages that can be asked for; Refused says why there is none."""
    if not data:
        raise Refused(Why.NO_BYTES)
    # Looked for first, because MuPDF would gladly take a web page, a picture or a book for a document.
    if not any(mark in bytes(data[:_HEAD]) for mark in _MARKS):
        raise Refused(Why.NOT_PDF)
    try:
        document = _document(data)
        locked = document.is_pdf and document.needs_pass and not (password and document.authenticate(password))
        count = 0 if locked else document.page_count
    except Exception as error:  # MuPDF raises what it likes for a broken file
        if out_of_memory(error):
            raise Refused(Why.FILE_MEMORY) from error
        raise Refused(Why.LOCKED if _names(error, "encrypt") else Why.BROKEN) from error
    if not document.is_pdf:
        raise Refused(Why.NOT_PDF)
    if locked:
        raise Refused(Why.LOCKED)
    if not count:
        raise Refused(Why.NO_PAGES if document.pdf_catalog() else Why.BROKEN)
    return document


def _document(data: memoryview) -> Any:
    try:
        return pymupdf.open(stream=data, filetype="pdf")
    except Exception as error:
        # A file that was cut short in the middle of an object: MuPDF mends it once the stump is off.
        if out_of_memory(error) or _EOF in bytes(data[-_TAIL:]):
            raise
        document = pymupdf.open(stream=data[: max(0, _last_whole_object(data))], filetype="pdf")
        if not document.page_count or document.xref_get_key(document.page_xref(0), "Type")[1] != "/Page":
            raise
        return document


def _last_whole_object(data: memoryview) -> int:
    """Where the last object ends that is there to its end; -1 if there is none."""
    overlap = len(_ENDS)
    for end in range(len(data), 0, -_LOOKED_AT):
        start = max(0, end - _LOOKED_AT - overlap)
        found = bytes(data[start:end]).rfind(_ENDS)
        if found >= 0:
            return start + found + overlap
    return -1


def out_of_memory(error: BaseException) -> bool:
    """Whether MuPDF gave up for want of memory."""
    return isinstance(error, MemoryError) or _names(error, "alloc")


def _names(error: BaseException | None, word: str) -> bool:
    """Whether an error or what it came from speaks of this."""
    while error is not None:
        if word in str(error).lower():
            return True
        error = error.__cause__ or error.__context__
    return False
