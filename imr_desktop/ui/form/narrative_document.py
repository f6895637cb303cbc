# SPDX-License-Identifier: AGPL-3.0-or-later
"""A narrative in Qt's text document: its symbols read out of it and written into it."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from PySide6.QtGui import QTextCharFormat, QTextCursor, QTextDocument

from imr_desktop.models.narrative import Anchor
from imr_desktop.ui.form import narrative_text
from imr_desktop.ui.form.chip import chip_format, evidence_of
from imr_desktop.ui.form.narrative_text import OBJECT, Symbol

_BREAK_CHARACTERS = "\u2028\u2029"
_SENTENCE_END = re.compile(r"[.!?]\s+")


def read(document: QTextDocument) -> list[Symbol]:
    """What stands in a document; blocks are paragraphs."""
    found: list[Symbol] = []
    block = document.begin()
    while block.isValid():
        if block.blockNumber():
            found.append("\n")
        runs = block.begin()
        while not runs.atEnd():
            fragment = runs.fragment()
            evidence = evidence_of(fragment.charFormat())
            for mark in fragment.text():
                if mark == OBJECT and evidence is not None:
                    found.append(Anchor(evidence))
                else:
                    found.append("\n" if mark in _BREAK_CHARACTERS else mark)
            runs += 1
        block = block.next()
    return found


def insert(cursor: QTextCursor, parts: Sequence[Symbol]) -> None:
    """Write symbols in at a cursor, as plain text and chips."""
    run: list[str] = []
    for symbol in parts:
        if isinstance(symbol, Anchor):
            cursor.insertText("".join(run), QTextCharFormat())
            cursor.insertText(OBJECT, chip_format(symbol.evidence))
            run = []
        else:
            run.append(symbol)
    cursor.insertText("".join(run), QTextCharFormat())


def replace(document: QTextDocument, before: Sequence[Symbol], after: Sequence[Symbol]) -> None:
    """Make ``after`` of a document that holds ``before``, touching only what differs."""
    start, old_end, new_end = narrative_text.changed(before, after)
    cursor = QTextCursor(document)
    cursor.setPosition(width(before[:start]))
    cursor.setPosition(width(before[:old_end]), QTextCursor.MoveMode.KeepAnchor)
    cursor.removeSelectedText()
    insert(cursor, after[start:new_end])


def chip_at(document: QTextDocument, position: int) -> str | None:
    """The evidence of the chip that stands at a position; None where there is none."""
    if position < 0 or document.characterAt(position) != OBJECT:
        return None
    return evidence_of(format_at(document, position))


def chips_of_sentence(document: QTextDocument, at: int) -> tuple[int, ...]:
    """Where the chips of the sentence at the caret stand, the nearest before the caret first, then in turn."""
    block = document.findBlock(at)
    chips = [place for place in range(block.position(), block.position() + block.length()) if chip_at(document, place)]
    if not chips:
        return ()
    nearest = max((place for place in chips if place < at), default=chips[0])
    ends = [block.position() + found.end() for found in _SENTENCE_END.finditer(block.text())]
    mine = [place for place in chips if bisect_right(ends, place) == bisect_right(ends, nearest)]
    first = mine.index(nearest)
    return (*mine[first:], *mine[:first])


def format_at(document: QTextDocument, position: int) -> QTextCharFormat:
    """The format of the character at a position."""
    cursor = QTextCursor(document)
    cursor.setPosition(position + 1)
    return cursor.charFormat()


def width(parts: Sequence[Symbol]) -> int:
    """How many positions symbols take in a document."""
    return sum(map(narrative_text.units, parts))
