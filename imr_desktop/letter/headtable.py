# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table at the top of a letter: grey labels, their values beside them, one or two to a row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from imr_desktop.letter import fonts
from imr_desktop.letter.blocks import Cell, HeaderTable
from imr_desktop.letter.breaking import SetLine, Stretch, set_lines
from imr_desktop.letter.fonts import Style
from imr_desktop.letter.sheet import MARGIN, MEASURE, Frame, Hold, Ink, Node, Strip

_SIZE = 9.5
_LEADING = 12.0
_BASELINE = 9.3
_PAD = 5.0
_EDGE = 2.5
_ABOVE, _BELOW = 12.0, 3.0
_GREY = 0.88
_HALF = MEASURE / 2
_WIDEST_LABEL = 0.6 * _HALF
_MOST_LINES = 40


@dataclass(frozen=True, slots=True)
class _Column:
    """The left edge and the width of a label or value on the sheet, in points."""

    x: float
    width: float


def strips(table: HeaderTable, root: Node) -> list[Strip]:
    """One strip a row, the rows held together; two cells share a row only where each needs but one line."""
    node = root.add("Table")
    label = _label_width(table)
    made: list[Strip] = []
    for row in table.rows:
        if len(row) > 1 and all(_fits(cell, label) for cell in row):
            made.append(_shared(row, label, node))
        else:
            for cell in row:
                whole = ((MARGIN, MARGIN + MEASURE, cell.origin),)
                made += [replace(strip, beside=whole) for strip in _alone(cell, label, node)]
    held = [replace(strip, hold=Hold.WISH) for strip in made[:-1]]
    return [Strip(0.0, above=_ABOVE, hold=Hold.MUST), *held, *made[-1:], Strip(_BELOW)]


def _label_width(table: HeaderTable) -> float:
    labels = [cell.label for row in table.rows for cell in row]
    widest = max((fonts.width(Style.SANS_BOLD, label) * _SIZE for label in labels), default=0.0)
    return min(widest + 2 * _PAD + 1, _WIDEST_LABEL)


def _fits(cell: Cell, label: float) -> bool:
    value = _HALF - label - 2 * _PAD
    one = len(cell.lines) == 1 and fonts.width(Style.SANS, cell.lines[0]) * _SIZE <= value
    return one and fonts.width(Style.SANS_BOLD, cell.label) * _SIZE <= label - 2 * _PAD


def _shared(row: Sequence[Cell], label: float, node: Node) -> Strip:
    """Cells side by side, each on one line."""
    tr = node.add("TR")
    inks: list[Ink] = []
    frames: list[Frame] = []
    beside = []
    for number, cell in enumerate(row):
        left = MARGIN + number * MEASURE / len(row)
        beside.append((left, left + MEASURE / len(row), cell.origin))
        columns = (_Column(left, label), _Column(left + label, MEASURE / len(row) - label))
        inks += _inks(_set([cell.label], cell, Style.SANS_BOLD, label), columns[0], tr.add("TH"))
        inks += _inks(_set(cell.lines, cell, Style.SANS, columns[1].width), columns[1], tr.add("TD"))
        frames += _frames(columns, 1)
    return Strip(_height(1), 0.0, tuple(inks), tuple(frames), Hold.FREE, beside=tuple(beside))


def _alone(cell: Cell, label: float, node: Node) -> list[Strip]:
    """One cell across the table; a label too wide for its column stands in a row above its value."""
    tr = node.add("TR")
    th, td = tr.add("TH"), tr.add("TD")
    if fonts.width(Style.SANS_BOLD, cell.label) * _SIZE > label - 2 * _PAD:
        across = _Column(MARGIN, MEASURE)
        heads = _set([cell.label], cell, Style.SANS_BOLD, MEASURE)
        head = Strip(_height(len(heads)), 0.0, tuple(_inks(heads, across, th)), (_frame(across, len(heads), _GREY),))
        lines = _set(cell.lines, cell, Style.SANS, MEASURE)
        return [head, *(_piece([], part, (across,), th, td) for part in _parts(lines))]
    columns = (_Column(MARGIN, label), _Column(MARGIN + label, MEASURE - label))
    heads = _set([cell.label], cell, Style.SANS_BOLD, label)
    lines = _set(cell.lines, cell, Style.SANS, columns[1].width)
    first, *rest = _parts(lines)
    return [_piece(heads, first, columns, th, td), *(_piece([], part, columns, th, td) for part in rest)]


def _piece(heads: list[SetLine], lines: list[SetLine], columns: Sequence[_Column], th: Node, td: Node) -> Strip:
    inks = [*_inks(heads, columns[0], th), *_inks(lines, columns[-1], td)]
    count = max(len(heads), len(lines))
    frames = _frames(columns, count) if len(columns) > 1 else [_frame(columns[0], count, None)]
    return Strip(_height(count), 0.0, tuple(inks), tuple(frames))


def _parts(lines: list[SetLine]) -> list[list[SetLine]]:
    """A value longer than a page is cut where it must be."""
    return [lines[start : start + _MOST_LINES] for start in range(0, len(lines), _MOST_LINES)]


def _set(texts: Sequence[str], cell: Cell, style: Style, width: float) -> list[SetLine]:
    made: list[SetLine] = []
    for text in texts:
        fonts.require(style, text, cell.origin)
        made += set_lines([Stretch(style, text)], _SIZE, width - 2 * _PAD)
    return made


def _inks(lines: Sequence[SetLine], column: _Column, node: Node) -> list[Ink]:
    return [
        Ink(column.x + _PAD, _EDGE + _BASELINE + number * _LEADING, line, _SIZE, node)
        for number, line in enumerate(lines)
    ]


def _frames(columns: Sequence[_Column], lines: int) -> list[Frame]:
    return [_frame(columns[0], lines, _GREY), *(_frame(column, lines, None) for column in columns[1:])]


def _frame(column: _Column, lines: int, grey: float | None) -> Frame:
    return Frame(column.x, 0.0, column.width, _height(lines), grey)


def _height(lines: int) -> float:
    return lines * _LEADING + 2 * _EDGE
