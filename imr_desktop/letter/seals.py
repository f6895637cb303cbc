# SPDX-License-Identifier: AGPL-3.0-or-later
"""Places for digital signatures on the page, each with its lock, and what a seal shows there."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from imr_desktop.letter import fonts
from imr_desktop.letter.blocks import Origin, SignHere
from imr_desktop.letter.breaking import Stretch, set_lines
from imr_desktop.letter.characters import clean
from imr_desktop.letter.fonts import Style
from imr_desktop.letter.sheet import Node
from imr_desktop.models.places import Part, Place

_PRINTED_AND_LOCKED = 4 | 128
_SIZE, _LEADING = 8.0, 10.0
_FACE = (200.0, 42.0)
_ORIGIN = Origin("the seal", Place(Part.LETTER))
"""How large what a seal shows is drawn, in points; every place for a seal is at least as large."""


@dataclass(frozen=True, slots=True)
class Field:
    """A place for a signature: page (from 0), its corners in page points from the lower left, and what it is for."""

    page: int
    corners: tuple[float, float, float, float]
    sign: SignHere


def add_fields(whole: Pdf, fields: Mapping[Node, Field]) -> dict[Node, Object]:
    """Empty signature fields in the file, by the part of the letter that each is."""
    made: dict[Node, Object] = {}
    for node, field in fields.items():
        page = whole.pages[field.page].obj
        left, low, right, high = field.corners
        # PDF/A wants every field to show something, be it nothing.
        empty = Stream(whole, b"")
        empty.Type, empty.Subtype, empty.Resources = Name.XObject, Name.Form, Dictionary()
        empty.BBox = Array([0, 0, right - left, high - low])
        made[node] = whole.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=String(field.sign.field),
                TU=String(field.sign.says),
                F=_PRINTED_AND_LOCKED,
                Rect=Array([left, low, right, high]),
                P=page,
                AP=Dictionary(N=whole.make_indirect(empty)),
                Lock=_lock(field.sign),
            )
        )
        page.Annots = Array([*page.get("/Annots", ()), made[node]])
    if made:
        whole.Root.AcroForm = whole.make_indirect(Dictionary(Fields=Array(list(made.values())), SigFlags=1))
    return made


def _lock(sign: SignHere) -> Dictionary:
    if sign.closes:
        return Dictionary(Type=Name.SigFieldLock, Action=Name.All, P=1)
    return Dictionary(Type=Name.SigFieldLock, Action=Name.Include, Fields=Array([String(sign.field)]))


@dataclass(frozen=True, slots=True)
class Face:
    """What a seal shows: a PDF of one small page with its fonts embedded, and the lines of text on it."""

    pdf: bytes
    lines: tuple[str, ...]


def face(lines: Sequence[str]) -> Face:
    """What a seal shows of these lines, each cut to the width; MissingGlyph for a character that has no shape."""
    from reportlab.pdfgen.canvas import Canvas

    made, shown = io.BytesIO(), []
    with fonts.ONE_AT_A_TIME:
        drawing = Canvas(made, pagesize=_FACE, invariant=1, pageCompression=0, initialFontName=fonts.known(Style.SANS))
        for number, line in enumerate(lines[: int(_FACE[1] // _LEADING)]):
            fonts.require(Style.SANS, clean(line), _ORIGIN)
            row = drawing.beginText(1, _FACE[1] - _SIZE - number * _LEADING)
            text = "".join(
                each.text for each in set_lines([Stretch(Style.SANS, clean(line))], _SIZE, _FACE[0])[0].stretches
            )
            for font, piece in fonts.runs(Style.SANS, text.strip()):
                row.setFont(font, _SIZE)
                row.textOut(piece)
            drawing.drawText(row)
            shown.append(text.strip())
        drawing.showPage()
        drawing.save()
    return Face(made.getvalue(), tuple(shown))
