# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a page says: MuPDF's plain lists turned into words in reading order and runs of letters."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from imr_desktop.models.records import Box, Word, WordsOrigin
from imr_desktop.records.lines import Letter, Run
from imr_desktop.records.order import Region, reading_order

# MuPDF's mark for a letter of which only the shape is known, and what no program should ever be handed.
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
_UNWANTED = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufeff]")
# Bold by its font's own word for it where the font's flags do not say so.
_BOLD_FONT = re.compile(r"bold|heavy|demi|[-,]black", re.IGNORECASE)
_BOLD_FLAG = 16  # pymupdf.TEXT_FONT_BOLD
_DRAWN_BOLD = 8  # FZ_STEXT_BOLD: made bold by drawing twice or with an outline
_SAME_SPOT = 1.0  # page points
_PROSE_LINES, _PROSE_WORDS, _PROSE_WIDTH = 3, 4.0, 90.0


def page_words(rows: Sequence[tuple[Any, ...]]) -> tuple[Word, ...]:
    """Words from rows of (x0, y0, x1, y1, text, block, line, ...), blocks put in reading order and counted from 0."""
    blocks = [list(group) for _, group in groupby(_once(rows), key=lambda row: row[5])]
    words: list[Word] = []
    for number, at in enumerate(reading_order([_region(block) for block in blocks])):
        lines = groupby(blocks[at], key=lambda row: row[6])
        for line, (_, group) in enumerate(lines):
            words.extend(_word(row, number, line) for row in group if _clean(row[4]))
    return tuple(words)


def words_origin(words: Sequence[Word], content: dict[str, Any], visible: int) -> WordsOrigin:
    """Where the words come from: text that is there but not drawn was put under a scan by somebody's OCR.

    ``none`` also for a page whose letters are mostly of unknown meaning: the machine cannot read it.
    """
    known = sum(not set(word.text) <= {_UNKNOWN} for word in words)
    if 2 * known <= len(words):
        return WordsOrigin.NONE
    hidden = shown = 0
    for span in _spans(content):
        if span.get("char_flags", visible) & visible:
            shown += len(span["text"])
        else:
            hidden += len(span["text"])
    return WordsOrigin.OCR if hidden > shown else WordsOrigin.DIGITAL


def runs(content: dict[str, Any]) -> Iterator[Run]:
    """The runs of letters of MuPDF's raw dictionary of a page."""
    for block in content["blocks"]:
        for line in block.get("lines", ()):
            letters = tuple(
                Letter(_clean(char["c"]) or " ", Box(*char["bbox"]), span["size"], _bold(span))
                for span in line["spans"]
                for char in span["chars"]
            )
            if letters:
                yield Run(letters, level=line["dir"][0] > 0.9)


def _once(rows: Sequence[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The rows without words drawn a second time on the same spot, as some printers make bold."""
    drawn: set[tuple[str, int, int]] = set()
    for row in rows:
        x, y = round(row[0] / _SAME_SPOT), round(row[1] / _SAME_SPOT)
        near = [(row[4], x + across, y + down) for across in (-1, 0, 1) for down in (-1, 0, 1)]
        if drawn.isdisjoint(near):
            yield row
        drawn.add(near[4])


def _word(row: tuple[Any, ...], block: int, line: int) -> Word:
    return Word(_clean(row[4]), Box(*row[:4]), block, line)


def _region(block: Sequence[tuple[Any, ...]]) -> Region:
    box = Box(*block[0][:4])
    for row in block:
        box = box.union(Box(*row[:4]))
    lines = len({row[6] for row in block})
    long = len(block) / lines >= _PROSE_WORDS and box.x1 - box.x0 >= _PROSE_WIDTH
    # A letter's box reaches into its neighbours' lines; a quarter less shows where the white space is.
    inset = 0.25 * (block[0][3] - block[0][1])
    return Region(Box(box.x0, box.y0 + inset, box.x1, box.y1 - inset), long and lines >= _PROSE_LINES)


def _spans(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for block in content["blocks"]:
        for line in block.get("lines", ()):
            yield from line["spans"]


def _bold(span: dict[str, Any]) -> bool:
    marked = span["flags"] & _BOLD_FLAG or span.get("char_flags", 0) & _DRAWN_BOLD
    return bool(marked or _BOLD_FONT.search(span["font"]))


def _clean(text: str) -> str:
    return _UNWANTED.sub("", text)
