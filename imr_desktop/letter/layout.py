# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letter on paper: blocks and page furniture become the bytes of a PDF, the same for the same letter."""

import io
from collections.abc import Iterator, Sequence
from itertools import groupby

from reportlab.pdfgen.canvas import Canvas

from imr_desktop.letter import fonts, structure
from imr_desktop.letter.blocks import Block, Origin
from imr_desktop.letter.breaking import SetLine, Stretch, set_lines
from imr_desktop.letter.fonts import Style
from imr_desktop.letter.furniture import Furniture
from imr_desktop.letter.placing import place
from imr_desktop.letter.seals import Field
from imr_desktop.letter.sheet import HEIGHT, MARGIN, MEASURE, WIDTH, Frame, Ink, Node, Page, Placed, Strip, paginate
from imr_desktop.models.places import Part, Place, PrintedAt

_HAIRLINE, _RULE_GREY = 0.6, 0.35
_FOOT = 9.0
_FOOT_BASELINE = 44.0
_NOTE_BASELINE = 31.0
_FOOT_ORIGIN = Origin("the foot of the page", Place(Part.LETTER))


def typeset(blocks: Sequence[Block], furniture: Furniture, data: bytes = b"") -> tuple[bytes, tuple[PrintedAt, ...]]:
    """The PDF of a letter, US Letter size, and every line of it with the place in the case that it comes from; of cells
    side by side, each. MissingGlyph for a character that no font of ours can print.

    ``data`` is attached to the file. Equal blocks, furniture and data give equal bytes, in every process and on every
    day.
    """
    with fonts.ONE_AT_A_TIME:
        strips, root = place(blocks)
        pages = paginate(strips)
        sheets = _Sheets()
        for number, page in enumerate(pages, 1):
            sheets.draw(page, _foot(furniture, number, len(pages)))
        drawn = sheets.finished()
    return structure.finish(drawn, root, sheets.marks, furniture, data, _fields(pages)), _lines(pages)


def _lines(pages: Sequence[Page]) -> tuple[PrintedAt, ...]:
    return tuple(
        PrintedAt(
            number, placed.top, placed.top + placed.strip.height, origin.place, left, right, _text(placed, left, right)
        )
        for number, page in enumerate(pages)
        for placed in page
        for left, right, origin in _origins(placed.strip)
    )


def _text(placed: Placed, left: float, right: float) -> str:
    within = (ink for ink in placed.strip.inks if left <= ink.x < right)
    return " ".join("".join(stretch.text for stretch in ink.line.stretches) for ink in within)


def _fields(pages: Sequence[Page]) -> dict[Node, Field]:
    found = {}
    for number, page in enumerate(pages):
        for top, seat in [(placed.top, seat) for placed in page for seat in placed.strip.seats]:
            upper = HEIGHT - top - seat.drop
            found[seat.node] = Field(number, (seat.x, upper - seat.height, seat.x + seat.width, upper), seat.sign)
    return found


def _origins(strip: Strip) -> Iterator[tuple[float, float, Origin]]:
    yield from strip.beside
    if strip.origin is not None and not strip.beside:
        yield 0.0, WIDTH, strip.origin


def _foot(furniture: Furniture, number: int, count: int) -> list[tuple[float, float, SetLine]]:
    """The lines at the foot of a page: each with its left end and its baseline above the lower edge (points)."""
    made = []
    for text, side, baseline in (
        (furniture.case, 0.0, _FOOT_BASELINE),
        (furniture.page_of(number, count), 1.0, _FOOT_BASELINE),
        (furniture.note, 0.5, _NOTE_BASELINE),
    ):
        fonts.require(Style.SANS, text, _FOOT_ORIGIN)
        for line in set_lines([Stretch(Style.SANS, text)], _FOOT, MEASURE)[:1]:
            made.append((MARGIN + side * (MEASURE - line.width), baseline, line))
    return made


class _Sheets:
    """Sheets being drawn: what is of the letter is marked as its part, what is of the page as an artifact."""

    def __init__(self) -> None:
        self.marks: dict[Node, list[tuple[int, int]]] = {}
        self._file = io.BytesIO()
        self._page = 0
        self._canvas = Canvas(
            self._file,
            pagesize=(WIDTH, HEIGHT),
            invariant=1,
            pageCompression=0,
            pdfVersion=(1, 7),
            initialFontName=fonts.known(Style.REGULAR),
        )

    def draw(self, page: Page, foot: list[tuple[float, float, SetLine]]) -> None:
        """One sheet: frames beneath, then the letter's text, then its foot."""
        self._canvas.setLineWidth(_HAIRLINE)
        self._canvas.setStrokeGray(_RULE_GREY)
        frames = [(placed.top, frame) for placed in page for frame in placed.strip.frames]
        if frames:
            self._canvas.addLiteral("/Artifact <</Type /Layout>> BDC")
            for top, frame in frames:
                self._frame(top, frame)
            self._canvas.addLiteral("EMC")
        inks = [(placed.top, ink) for placed in page for ink in placed.strip.inks]
        for number, (node, marked) in enumerate(groupby(inks, key=lambda each: each[1].node)):
            self._canvas.addLiteral(f"/{node.tag} <</MCID {number}>> BDC")
            for top, ink in marked:
                self._ink(top, ink)
            self._canvas.addLiteral("EMC")
            self.marks.setdefault(node, []).append((self._page, number))
        self._canvas.addLiteral("/Artifact <</Type /Pagination /Subtype /Footer>> BDC")
        for x, baseline, line in foot:
            self._line(x, baseline, line, _FOOT)
        self._canvas.addLiteral("EMC")
        self._canvas.showPage()
        self._page += 1

    def finished(self) -> bytes:
        """The file as drawn, still without structure and properties."""
        self._canvas.save()
        return self._file.getvalue()

    def _frame(self, top: float, frame: Frame) -> None:
        y = HEIGHT - top - frame.drop
        if frame.height == 0:
            self._canvas.line(frame.x, y, frame.x + frame.width, y)
            return
        if frame.grey is not None:
            self._canvas.setFillGray(frame.grey)
        self._canvas.rect(frame.x, y - frame.height, frame.width, frame.height, fill=int(frame.grey is not None))
        self._canvas.setFillGray(0)

    def _ink(self, top: float, ink: Ink) -> None:
        self._line(ink.x, HEIGHT - top - ink.drop, ink.line, ink.size)

    def _line(self, x: float, y: float, line: SetLine, size: float) -> None:
        text = self._canvas.beginText(x, y)
        for stretch in line.stretches:
            for font, piece in fonts.runs(stretch.style, stretch.text):
                text.setFont(font, size)
                # What ``textOut`` does but for measuring the text once more: where it ends was known when it was set.
                text._textOut(piece)
        self._canvas.drawText(text)
