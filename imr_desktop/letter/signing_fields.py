# SPDX-License-Identifier: AGPL-3.0-or-later
"""The fields in which a letter is signed: where they stand, what they lock, and how a signature looks in them."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from imr_desktop.letter.blocks import Origin
from imr_desktop.letter.sheet import HEIGHT, MARGIN, MEASURE, Page
from imr_desktop.models.places import Part, Place

ROOM_HEIGHT, ROOM_WIDTH = 46.0, 250.0
"""The room above the line on which the first one signs, in points."""

_GAP = 8.0
_ABOVE_LINE = 4.0
_LARGEST = 9.0
_PRINTED, _LOCKED = 4, 128
_SIGNATURES_ONLY_GROW = 3
_SHOWN_ORIGIN = Origin("the signature as it is shown", Place(Part.LETTER))


@dataclass(frozen=True, slots=True)
class SigningField:
    """A field to sign in: its name, what a screen reader says of it, and whether its signature locks the letter."""

    name: str
    says: str
    locks_all: bool = False


REVIEWER = SigningField("Reviewer", "Signature of the reviewer")
DIRECTOR = SigningField("Director", "Signature of the medical director", locks_all=True)


@dataclass(frozen=True, slots=True)
class Standing:
    """A field on a page (from 0): its left, lower, right and upper edge, in points from the lower left corner."""

    field: SigningField
    page: int
    box: tuple[float, float, float, float]


def standing(pages: Sequence[Page], wanted: Sequence[SigningField]) -> tuple[Standing, ...]:
    """Where the fields stand: side by side in the room to sign in; none in a letter that has no such room."""
    for number, page in enumerate(pages):
        for placed in page:
            if placed.strip.signs:
                low = HEIGHT - placed.top - placed.strip.height
                return tuple(Standing(each, number, _box(order, low)) for order, each in enumerate(wanted))
    return ()


def _box(order: int, low: float) -> tuple[float, float, float, float]:
    left = MARGIN + order * (ROOM_WIDTH + _GAP)
    right = min(left + ROOM_WIDTH, MARGIN + MEASURE)
    return (left, low + _ABOVE_LINE, right, low + ROOM_HEIGHT)


def add(whole: Pdf, fields: Sequence[Standing], document: Object, numbers: list[Object | int]) -> None:
    """Put empty fields on their pages, each a form of the letter's structure; ``numbers`` is the parent tree's list."""
    if not fields:
        return
    made = [_field(whole, each, document, numbers) for each in fields]
    whole.Root.AcroForm = Dictionary(Fields=Array(made), SigFlags=_SIGNATURES_ONLY_GROW)


def _field(whole: Pdf, each: Standing, document: Object, numbers: list[Object | int]) -> Object:
    page = whole.pages[each.page].obj
    key = len(numbers) // 2
    left, low, right, high = each.box
    empty = whole.make_stream(b"", Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, right - left, high - low]))
    lock = Dictionary(Type=Name.SigFieldLock, Action=Name.Include, Fields=Array([String(each.field.name)]))
    if each.field.locks_all:
        lock = Dictionary(Type=Name.SigFieldLock, Action=Name.All, P=1)
    field = whole.make_indirect(
        Dictionary(
            Type=Name.Annot, Subtype=Name.Widget, FT=Name.Sig, T=String(each.field.name), TU=String(each.field.says),
            Rect=Array([left, low, right, high]), F=_PRINTED + _LOCKED, P=page, StructParent=key,
            AP=Dictionary(N=empty), Lock=whole.make_indirect(lock),
        )
    )  # fmt: skip
    form = whole.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Form, P=document, Pg=page))
    # Not within an array: verifiers (pyHanko 0.38) take a signed field for a change unless it stands right here.
    form.K = Dictionary(Type=Name.OBJR, Obj=field, Pg=page)
    document.K.append(form)
    numbers += [key, form]
    page.Annots = Array([*page.get("/Annots", ()), field])
    return field


def appearance(lines: Sequence[str], width: float = ROOM_WIDTH, height: float = ROOM_HEIGHT - _ABOVE_LINE) -> bytes:
    """How a signature looks: a PDF of one page with these lines, its fonts embedded; MissingGlyph."""
    from reportlab.pdfgen.canvas import Canvas

    from imr_desktop.letter import fonts
    from imr_desktop.letter.fonts import Style

    style, file = Style.SANS, io.BytesIO()
    widest = max((fonts.width(style, line) for line in lines), default=1.0)
    size = min(_LARGEST, (width - 4) / max(widest, 1.0), (height - 2) / (1.2 * max(1, len(lines))))
    drawing = Canvas(file, pagesize=(width, height), invariant=1, initialFontName=fonts.known(style))
    for number, line in enumerate(lines, 1):
        fonts.require(style, line, _SHOWN_ORIGIN)
        text = drawing.beginText(2, height - number * 1.2 * size)
        for font, piece in fonts.runs(style, line):
            text.setFont(font, size)
            text.textOut(piece)
        drawing.drawText(text)
    drawing.showPage()
    drawing.save()
    return file.getvalue()
