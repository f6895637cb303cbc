# SPDX-License-Identifier: AGPL-3.0-or-later
"""A finished letter's pages taken apart into texts and lines in their places, so that a printer gets them as such.

Only the few marks that our own layout makes are known. A file with any other is not taken apart: ``NotOurs``.
"""

import io
import re
from dataclasses import dataclass, field

import pikepdf
from pikepdf import Dictionary, Pdf

from imr_desktop.letter.sheet import HEIGHT, WIDTH

_CHAR = re.compile(r"<([0-9A-Fa-f]{2,4})>\s*<([0-9A-Fa-f]{4,})>")
_SUBSET = re.compile(r"^/?[A-Z]{6}\+")
_NOTHING = {"BDC", "EMC", "BT", "ET", "n", "TL", "BMC"}


class NotOurs(ValueError):
    """The page holds what our layout does not make."""


@dataclass(frozen=True, slots=True)
class Text:
    """A run of text: where it begins on its baseline (points from the upper left), size, PostScript font name."""

    x: float
    y: float
    size: float
    font: str
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight hairline between two points (points from the upper left), and its width."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float
    grey: float


@dataclass(frozen=True, slots=True)
class Box:
    """A box with a hairline around it: its upper left corner, size, line; ``fill`` is its grey (1 is white), if any."""

    x: float
    y: float
    width: float
    height: float
    line: float
    grey: float
    fill: float | None


Mark = Text | Rule | Box


@dataclass
class _Pen:
    x: float = 0.0
    y: float = 0.0
    font: str = ""
    known: dict[int, tuple[str, float]] = field(default_factory=dict)
    size: float = 0.0
    width: float = 1.0
    grey: float = 0.0
    fill: float = 0.0
    path: list[tuple[float, ...]] = field(default_factory=list)


def pages_of(pdf: bytes) -> tuple[tuple[Mark, ...], ...]:
    """The marks of each page in the order in which they are drawn; NotOurs."""
    with Pdf.open(io.BytesIO(pdf)) as whole:
        return tuple(_marks(page) for page in whole.pages)


def _marks(page: pikepdf.Page) -> tuple[Mark, ...]:
    box = [float(each) for each in page.mediabox]
    turned = "/Rotate" in page.obj and int(page.obj.Rotate) != 0
    if box != [0.0, 0.0, WIDTH, HEIGHT] or turned:
        raise NotOurs("a page of another size")
    marks = _drawn(page, page.obj.Resources)
    for note in page.obj.get("/Annots", ()):
        corners = [float(each) for each in note.get("/Rect", (0, 0, 0, 0))]
        # A seal without a place on the page has no extent; what is not a seal would be missing from a print.
        if any(corners):
            marks += _seal(note, corners)
    return tuple(marks)


def _drawn(stream: pikepdf.Page | pikepdf.Object, resources: pikepdf.Object) -> list[Mark]:
    fonts = {key: (_name(each), _letters(each)) for key, each in resources.get("/Font", Dictionary()).items()}
    pen, marks = _Pen(), []
    for step in pikepdf.parse_content_stream(stream):
        marks += _step(str(step.operator), list(step.operands), pen, fonts)
    return marks


def _seal(note: pikepdf.Object, corners: list[float]) -> list[Mark]:
    """What a seal shows in its place, which is the small page that ``seals.face`` draws, moved there."""
    if note.get("/FT") != "/Sig":
        raise NotOurs("something stands over the page")
    if "/V" not in note:
        return []
    shown = note.AP.N.Resources.get("/XObject", Dictionary())
    (sheet,) = [each for _, each in shown.items()]
    x, y, scale = _placed(note.AP.N)
    left, low = corners[0] + x, corners[1] + y
    if scale != 1.0:
        raise NotOurs("a seal that is not ours")
    up = HEIGHT - low
    return [
        Text(left + each.x, each.y - HEIGHT + up, each.size, each.font, each.text)
        for each in _drawn(sheet, sheet.Resources)
        if isinstance(each, Text)
    ]


def _placed(form: pikepdf.Object) -> tuple[float, float, float]:
    """Where a form draws its one sheet, and at what scale."""
    x = y = 0.0
    scale = 1.0
    for step in pikepdf.parse_content_stream(form):
        if str(step.operator) == "cm":
            a, _, _, d, e, f = (float(each) for each in step.operands)
            if a != d:
                raise NotOurs("a seal drawn askew")
            x, y, scale = x + e * scale, y + f * scale, scale * a
    return x, y, scale


def _step(
    operator: str, given: list[object], pen: _Pen, fonts: dict[str, tuple[str, dict[int, tuple[str, float]]]]
) -> list[Mark]:
    numbers = [float(each) for each in given] if operator not in {"BDC", "BMC", "Tf", "Tj"} else []  # type: ignore[arg-type]
    match operator:
        case "cm" if numbers == [1, 0, 0, 1, 0, 0]:
            pass
        case "w":
            pen.width = numbers[0]
        case "G":
            pen.grey = numbers[0]
        case "g":
            pen.fill = numbers[0]
        case "Tf":
            pen.font, pen.known = fonts[str(given[0])]
            pen.size = float(given[1])  # type: ignore[arg-type]
        case "Tm" if numbers[:4] == [1, 0, 0, 1]:
            pen.x, pen.y = numbers[4], numbers[5]
        case "Tj":
            return [_text(bytes(given[0]), pen)]  # type: ignore[call-overload]
        case "m" | "l" | "re":
            pen.path.append(tuple(numbers))
        case "S" | "B*":
            made, pen.path = _outlined(pen, filled=operator == "B*"), []
            return made
        case _ if operator not in _NOTHING:
            raise NotOurs(operator)
    return []


def _text(codes: bytes, pen: _Pen) -> Text:
    text = "".join(pen.known[code][0] for code in codes)
    made = Text(pen.x, HEIGHT - pen.y, pen.size, pen.font, text)
    pen.x += sum(pen.known[code][1] for code in codes) * pen.size / 1000
    return made


def _outlined(pen: _Pen, *, filled: bool) -> list[Mark]:
    match pen.path:
        case [(x, y, width, height)]:
            fill = pen.fill if filled else None
            return [Box(x, HEIGHT - y - height, width, height, pen.width, pen.grey, fill)]
        case [(x1, y1), (x2, y2)]:
            return [Rule(x1, HEIGHT - y1, x2, HEIGHT - y2, pen.width, pen.grey)]
    raise NotOurs("a path")


def _name(font: object) -> str:
    assert isinstance(font, Dictionary)  # noqa: S101  (an entry of the page's fonts)
    return _SUBSET.sub("", str(font.BaseFont)).lstrip("/")


def _letters(font: object) -> dict[int, tuple[str, float]]:
    """What each code of the font reads as, and its advance in thousandths of the size."""
    assert isinstance(font, Dictionary)  # noqa: S101  (an entry of the page's fonts)
    if "/ToUnicode" not in font:
        return {}
    told = font.ToUnicode.read_bytes().decode("latin-1")
    first, widths = int(font.FirstChar), [float(each) for each in font.Widths]
    known = {}
    for code, mark in _CHAR.findall(told):
        at = int(code, 16) - first
        advance = widths[at] if 0 <= at < len(widths) else 0.0
        known[int(code, 16)] = (bytes.fromhex(mark).decode("utf-16-be"), advance)
    return known
