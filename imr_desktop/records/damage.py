# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that are damaged and would pass for blank paper: MuPDF mends what it can and shows the rest as white."""

from typing import Any

import pymupdf

# What MuPDF says where it left something out: a stream that is gone or does not unpack, words that are no commands.
_COMPLAINTS = ("error", "is not a stream", "premature end", "cannot find object", "ignoring", "truncated", "Can't open")
_COARSE = pymupdf.Matrix(0.25, 0.25)


def is_gone(document: Any, index: int) -> bool:
    """Whether there is nothing where the page should be; MuPDF takes that for an empty sheet."""
    return str(document.xref_object(document.page_xref(index), compressed=True)) in ("null", "<<>>")


def complained() -> bool:
    """Whether MuPDF left something out since its warnings were last emptied, beyond what it says of other pages."""
    lines = pymupdf.TOOLS.mupdf_warnings().splitlines()
    said = (line for line in lines if "page tree" not in line.lower())
    return any(complaint in line for line in said for complaint in _COMPLAINTS)


def is_white(page: Any) -> bool:
    """Whether nothing at all can be seen or read of a page."""
    if not pymupdf.TextPage(page.get_textpage()).extractWORDS():
        return bool(page.get_pixmap(matrix=_COARSE, alpha=False).is_unicolor)
    return False
