# SPDX-License-Identifier: AGPL-3.0-or-later
"""Blocks set into rows, and rows into pages: where each line stands, and which lines may not be parted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from imr_desktop.letter.blocks import (
    Block,
    Cell,
    Entry,
    HeaderTable,
    ItemHeading,
    Letterhead,
    Lines,
    Paragraph,
    SectionTitle,
    Signature,
    Title,
)
from imr_desktop.letter.breaking import SetLine, Stretch, set_lines
from imr_desktop.letter.fonts import Style, width

# Page points. Letter paper with margins of one inch.
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 612.0, 792.0, 72.0
MEASURE = PAGE_WIDTH - 2 * MARGIN
DEPTH = PAGE_HEIGHT - 2 * MARGIN

_SIZE, _LEADING, _RISE = 12.0, 14.2, 0.78
_CELL_SIZE, _CELL_LEADING, _CELL_PAD = 10.0, 12.4, 4.0
_COLUMNS = (118.0, 116.0, 118.0, 116.0)
_PAIRS = {1: ((0.0, _COLUMNS[0], MEASURE),), 2: ((0.0, _COLUMNS[0], 234.0), (234.0, 352.0, MEASURE))}
_INDENT = 24.0
_LONGEST_KEPT = 12
_TALLEST_CELL = 36
_SIGN_ROOM, _SIGN_WIDTH = 34.0, 234.0
_PLAIN_ROOM = 48.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A line of text in a row: its left end and baseline from the row's upper left corner, its size and grey."""

    line: SetLine
    x: float
    y: float
    size: float
    grey: float = 0.0


@dataclass(frozen=True, slots=True)
class Shape:
    """A rectangle or, without height, a rule in a row; ``fill``: its grey, None for the outline alone."""

    x: float
    y: float
    width: float
    height: float
    fill: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What is never cut by a page's end. ``gap`` stands above it except at the top of a page.

    ``keeps``: the next row must be on the same page. ``room``: what the line leaves free at its right.
    """

    block: int
    height: float
    gap: float
    texts: tuple[Placed, ...]
    shapes: tuple[Shape, ...] = ()
    keeps: bool = False
    room: float = 0.0


def rows(blocks: Sequence[Block]) -> list[Row]:
    """All rows of the letter in order."""
    made: list[Row] = []
    for number, block in enumerate(blocks):
        set_block = [replace(row, block=number) for row in _rows_of(block)]
        if made and set_block and (isinstance(block, Signature) or _needs_a_mark(made[-1], blocks[number - 1], block)):
            made[-1] = replace(made[-1], keeps=True)
        made += set_block
    return made


def _needs_a_mark(last: Row, before: Block, block: Block) -> bool:
    """Whether a page's end here could be taken for one within a paragraph, the line before it being full."""
    if not (isinstance(before, Paragraph) and isinstance(block, Paragraph) and not block.lead):
        return False
    first = block.text.split(" ", 1)[0]
    return last.room < width(Style.REGULAR, first) * _SIZE + _PLAIN_ROOM


def pages(all_rows: Sequence[Row], depth: float = DEPTH) -> list[list[Row]]:
    """The rows dealt out to pages; only where what is to be kept together fills a page is it parted."""
    made: list[list[Row]] = []
    start = 0
    while start < len(all_rows):
        end = _full_at(all_rows, start, depth)
        if end < len(all_rows):
            end = next((at for at in range(end, start, -1) if not all_rows[at - 1].keeps), end)
        made.append(list(all_rows[start:end]))
        start = end
    return made or [[]]


def _full_at(all_rows: Sequence[Row], start: int, depth: float) -> int:
    """The first row from ``start`` on that no longer fits on the page; at least one row always does."""
    used = all_rows[start].height
    for at in range(start + 1, len(all_rows)):
        used += all_rows[at].gap + all_rows[at].height
        if used > depth:
            return at
    return len(all_rows)


def _rows_of(block: Block) -> list[Row]:
    match block:
        case Letterhead():
            return _letterhead(block)
        case Title(text):
            return _centred(text, 13.0, 18.0)
        case SectionTitle(text):
            return _centred(text, _SIZE, 16.0)
        case Paragraph(text, _, lead, leads_on):
            return _running([(Style.BOLD, lead), (Style.REGULAR, text)], 8.0, leads_on=leads_on)
        case ItemHeading(heading, outcome):
            return _running([(Style.BOLD, heading), (Style.REGULAR, outcome)], 15.0, leads_on=True)
        case Lines(lines):
            return _listed_lines(lines)
        case Entry():
            return _entry(block)
        case HeaderTable(table_rows):
            return _table(table_rows)
        case Signature():
            return _signature(block)


def _text_rows(
    lines: Sequence[SetLine],
    gap: float,
    *,
    size: float = _SIZE,
    leading: float = _LEADING,
    grey: float = 0.0,
    x: float = 0.0,
) -> list[Row]:
    return [
        Row(
            0,
            leading,
            0.0 if at else gap,
            (Placed(line, x, _RISE * leading, size, grey),),
            room=MEASURE - x - line.width,
        )
        for at, line in enumerate(lines)
    ]


def _kept(made: list[Row], *, last: bool) -> list[Row]:
    """The rows all kept together; ``last``: and with what follows."""
    return [replace(row, keeps=last or at < len(made) - 1) for at, row in enumerate(made)]


def _not_stranded(made: list[Row], *, last: bool) -> list[Row]:
    """No first or last line alone on a page; ``last``: and the last line stays with what follows."""
    edges = (0, len(made) - 2) if len(made) > 1 else ()
    return [replace(row, keeps=at in edges or (last and at == len(made) - 1)) for at, row in enumerate(made)]


def _running(text: Sequence[tuple[Style, str]], gap: float, *, leads_on: bool) -> list[Row]:
    lines = set_lines([Stretch(style, words) for style, words in text], _SIZE, MEASURE)
    made = _text_rows(lines, gap)
    if leads_on and len(made) <= _LONGEST_KEPT:
        return _kept(made, last=True)
    return _not_stranded(made, last=leads_on)


def _centred(text: str, size: float, gap: float) -> list[Row]:
    lines = set_lines([Stretch(Style.BOLD, text)], size, MEASURE)
    made = []
    for at, line in enumerate(lines):
        placed = Placed(line, (MEASURE - line.width) / 2, _RISE * _LEADING, size)
        made.append(Row(0, _LEADING, 0.0 if at else gap, (placed,)))
    return _kept(made, last=True)


def _letterhead(block: Letterhead) -> list[Row]:
    name = _text_rows(set_lines([Stretch(Style.SANS_BOLD, block.name)], 15.0, MEASURE), 0.0, size=15.0, leading=19.0)
    small = [line for text in block.lines for line in set_lines([Stretch(Style.SANS, text)], 9.0, MEASURE)]
    lines = _text_rows(small, 0.0, size=9.0, leading=12.0, grey=0.25)
    rule = Row(0, 7.0, 0.0, (), (Shape(0.0, 5.0, MEASURE, 0.0),))
    return _kept([*name, *lines, rule], last=True)


def _listed_lines(texts: Sequence[str]) -> list[Row]:
    lines = [line for text in texts for line in set_lines([Stretch(Style.REGULAR, text)], _SIZE, MEASURE)]
    made = _text_rows(lines, 12.0)
    return _kept(made, last=False) if len(made) <= _LONGEST_KEPT else _not_stranded(made, last=False)


def _entry(block: Entry) -> list[Row]:
    lines = set_lines([Stretch(Style.REGULAR, block.text)], _SIZE, MEASURE - _INDENT)
    made = _not_stranded(_text_rows(lines, 3.0, x=_INDENT), last=False)
    marker = set_lines([Stretch(Style.REGULAR, block.marker)], _SIZE, MEASURE)
    x = _INDENT - 6.0 - marker[0].width
    beside = Placed(marker[0], max(0.0, x), _RISE * _LEADING, _SIZE)
    return [replace(made[0], texts=(beside, *made[0].texts)), *made[1:]]


def _table(table_rows: Sequence[Sequence[Cell]]) -> list[Row]:
    made = [row for cells in table_rows for row in _table_rows(cells)]
    return [replace(row, gap=0.0 if at else 12.0) for at, row in enumerate(made)]


def _table_rows(cells: Sequence[Cell]) -> Iterator[Row]:
    """One row of the table; a cell too tall for a page goes on in further rows."""
    columns = [(_cell_lines(cell, pair), pair) for cell, pair in zip(cells, _PAIRS[len(cells)], strict=True)]
    count = max(max(len(labels), len(values)) for (labels, values), _ in columns)
    for start in range(0, count, _TALLEST_CELL):
        chunk = slice(start, start + _TALLEST_CELL)
        height = min(count - start, _TALLEST_CELL) * _CELL_LEADING + 5.0
        texts: list[Placed] = []
        shapes: list[Shape] = []
        for (labels, values), (left, middle, right) in columns:
            shapes += [
                Shape(left, 0.0, middle - left, height, fill=0.88),
                Shape(middle, 0.0, right - middle, height),
            ]
            texts += _cell_texts(labels[chunk], left)
            texts += _cell_texts(values[chunk], middle)
        yield Row(0, height, 0.0, tuple(texts), tuple(shapes))


def _cell_lines(cell: Cell, pair: tuple[float, float, float]) -> tuple[list[SetLine], list[SetLine]]:
    left, middle, right = pair
    label = set_lines([Stretch(Style.SANS_BOLD, cell.label)], _CELL_SIZE, middle - left - 2 * _CELL_PAD)
    room = right - middle - 2 * _CELL_PAD
    values = [line for text in cell.lines for line in set_lines([Stretch(Style.SANS, text)], _CELL_SIZE, room)]
    return label, values


def _cell_texts(lines: Sequence[SetLine], left: float) -> list[Placed]:
    return [
        Placed(line, left + _CELL_PAD, 2.0 + _CELL_LEADING * (at + 0.78), _CELL_SIZE) for at, line in enumerate(lines)
    ]


def _signature(block: Signature) -> list[Row]:
    closing = _text_rows(set_lines([Stretch(Style.REGULAR, block.closing)], _SIZE, MEASURE), 20.0)
    rule = Row(0, _SIGN_ROOM, 0.0, (), (Shape(0.0, _SIGN_ROOM - 2.0, _SIGN_WIDTH, 0.0),))
    named = [line for text in block.lines for line in set_lines([Stretch(Style.REGULAR, text)], _SIZE, MEASURE)]
    note = set_lines([Stretch(Style.ITALIC, block.note)], 10.0, MEASURE)
    return _kept([*closing, rule, *_text_rows(named, 0.0), *_text_rows(note, 6.0, size=10.0, leading=12.5)], last=False)
