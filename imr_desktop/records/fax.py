# SPDX-License-Identifier: AGPL-3.0-or-later
"""The line that a fax machine prints along the edge of every sheet: from whom, to whom, which page."""

import re
from collections.abc import Sequence

from imr_desktop.models.records import PageSize, Word

FAX_PAGE = re.compile(r"\bP(?:age|g)?[.:\s]{0,2}\s?(\d{1,3})\s?/\s?(\d{1,3})\b")
FAX_LINE = re.compile(r"\bFROM\b.*\bTO\b|\bfax\b.*\d{3}[-. ]\d{4}", re.IGNORECASE)
_EDGE = 0.04


def fax_words(words: Sequence[Word], size: PageSize) -> frozenset[Word]:
    """The words in the lines of fax machines at the upper and lower edge of the upright page."""
    edge = _EDGE * size.height
    outer = [word for word in words if word.box.y1 <= edge or word.box.y0 >= size.height - edge]
    return frozenset(word for row in _rows(outer) if _is_fax(row) for word in row)


def _is_fax(row: Sequence[Word]) -> bool:
    text = " ".join(word.text for word in row)
    return FAX_LINE.search(text) is not None or FAX_PAGE.search(text) is not None


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """The words row by row from left to right: a fax line with wide gaps is often read as several lines."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda each: each.box.y0 + each.box.y1):
        middle = (word.box.y0 + word.box.y1) / 2
        if rows and rows[-1][0].box.y0 <= middle <= rows[-1][0].box.y1:
            rows[-1].append(word)
        else:
            rows.append([word])
    return [sorted(row, key=lambda each: each.box.x0) for row in rows]
