# SPDX-License-Identifier: AGPL-3.0-or-later
"""What tells a damaged page, of which nothing is left to see, from one that was always blank."""

from imr_desktop.records.blanks import BLANK

_PAPER = 255
_DARKER = 36
# MuPDF's words for content that is lost; of fonts, colours and the order of pages it complains without any loss.
_LOST = (
    "content stream is not a stream",
    "premature end",
    "read error",
    "syntax error",
    "cannot find object",
    "object is not a stream",
    "image only stream",
)


def tells_of_loss(complaints: str) -> bool:
    """Whether MuPDF complained, while it took a page apart, that something of the page is lost."""
    told = complaints.lower()
    return any(words in told for words in _LOST)


def shows_nothing(levels: bytes) -> bool:
    """Whether a picture (one byte a pixel, 255 is paper) has almost no ink, its margins counted as well."""
    dark = bytes(level < _PAPER - _DARKER for level in range(256))
    return levels.translate(dark).count(1) < BLANK * max(1, len(levels))
