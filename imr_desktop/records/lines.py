# SPDX-License-Identifier: AGPL-3.0-or-later
"""The printed lines of a page, put together from its letters: what stands on one baseline and close by is one line."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from imr_desktop.models.records import Box, TextLine

# In heights of the letters. Inside a run the file itself put the words on one line, so only a column's gap parts it;
# between runs the file has already parted them, and only what nearly touches belongs together (a raised "st").
_PARTS_A_RUN = 1.8
_JOINS_RUNS = 0.9
_IS_A_SPACE = 0.15
_SAME_ROW = 0.5


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter with its box, its nominal height in page points, and whether it is bold."""

    text: str
    box: Box
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class Run:
    """The letters that the file sets as one line, in order; ``level`` if they run left to right on the page."""

    letters: tuple[Letter, ...]
    level: bool = True


@dataclass(frozen=True, slots=True)
class _Piece:
    """Part of a run between two wide gaps; begins and ends with a letter that prints."""

    letters: tuple[Letter, ...]
    box: Box
    level: bool


def text_lines(runs: Iterable[Run]) -> tuple[TextLine, ...]:
    """The lines of a page, top to bottom and then left to right; lines that print nothing fall away."""
    pieces = sorted((piece for run in runs for piece in _pieces(run)), key=lambda piece: piece.box.y0)
    return tuple(_line(piece) for row in _rows(pieces) for piece in _joined(row))


def _pieces(run: Run) -> Iterator[_Piece]:
    part: list[Letter] = []
    last: Letter | None = None
    for letter in run.letters:
        printing = bool(letter.text.strip())
        if printing and last is not None and run.level:
            height = max(last.size, letter.size)
            if letter.box.x0 - last.box.x1 > _PARTS_A_RUN * height:
                yield from _piece(part, run.level)
                part = []
        part.append(letter)
        last = letter if printing else last
    yield from _piece(part, run.level)


def _piece(letters: Sequence[Letter], level: bool) -> Iterator[_Piece]:
    printing = [index for index, letter in enumerate(letters) if letter.text.strip()]
    if printing:
        kept = tuple(letters[printing[0] : printing[-1] + 1])
        yield _Piece(kept, _around(kept), level)


def _around(letters: Sequence[Letter]) -> Box:
    box = letters[0].box
    for letter in letters:
        if letter.text.strip():
            box = box.union(letter.box)
    return box


def _rows(pieces: Sequence[_Piece]) -> Iterator[list[_Piece]]:
    """Pieces that share a baseline, each row from left to right; ``pieces`` come by their upper edge."""
    rows: list[tuple[Box, list[_Piece]]] = []
    for piece in pieces:
        # Only rows that reach down to this piece can take it, and those are among the last few.
        home = next((at for at in range(len(rows) - 1, max(-1, len(rows) - 12), -1) if _shared(rows[at], piece)), None)
        if home is None:
            rows.append((piece.box, [piece]))
            continue
        tallest, row = rows[home]
        row.append(piece)
        if _height(piece.box) > _height(tallest):
            rows[home] = (piece.box, row)
    rows.sort(key=lambda row: (row[0].y0 + row[0].y1) / 2)
    for _, row in rows:
        yield sorted(row, key=lambda piece: piece.box.x0)


def _shared(row: tuple[Box, list[_Piece]], piece: _Piece) -> bool:
    box, members = row
    overlap = min(box.y1, piece.box.y1) - max(box.y0, piece.box.y0)
    level = piece.level and members[0].level
    return level and overlap > _SAME_ROW * min(_height(box), _height(piece.box))


def _joined(row: list[_Piece]) -> Iterator[_Piece]:
    held = row[0]
    for piece in row[1:]:
        left, right = held.letters[-1], piece.letters[0]
        gap = right.box.x0 - held.box.x1
        height = max(left.size, right.size)
        if gap > _JOINS_RUNS * height or not held.level:
            yield held
            held = piece
            continue
        between = () if gap < _IS_A_SPACE * height else (Letter(" ", left.box, left.size, left.bold),)
        held = _Piece((*held.letters, *between, *piece.letters), held.box.union(piece.box), True)
    yield held


def _line(piece: _Piece) -> TextLine:
    """The piece as text with single spaces, and how much of it from the left is bold."""
    text, bold, leading = "", "", True
    for letter in piece.letters:
        if not letter.text.strip():
            text += "" if text.endswith(" ") else " "
            continue
        text += letter.text
        leading = leading and letter.bold
        if leading:
            bold = text
    return TextLine(text, piece.box, bold)


def _height(box: Box) -> float:
    return max(box.y1 - box.y0, 0.1)
