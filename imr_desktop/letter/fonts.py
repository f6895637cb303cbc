# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letter's fonts, all shipped and embedded: for each style a chain, asked character by character for a shape."""

import threading
from enum import Enum
from functools import cache, lru_cache
from itertools import groupby

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from imr_desktop import assets
from imr_desktop.letter.blocks import Origin
from imr_desktop.letter.characters import MissingGlyph, is_private, runs_from_left

_FALLBACKS = ("DejaVuSans", "DroidSansFallbackFull", "NanumSquareR")
_LAST = 0xFFFF

ONE_AT_A_TIME = threading.Lock()
"""Held while anything is drawn: ReportLab's fonts keep a reading position, and two letters at once spoil each other."""


class Style(Enum):
    """A way of setting text: the fonts that are asked, in order; the first of them gives the look."""

    REGULAR = ("LiberationSerif-Regular", "DejaVuSerif", *_FALLBACKS)
    BOLD = ("LiberationSerif-Bold", "DejaVuSerif-Bold", *_FALLBACKS)
    ITALIC = ("LiberationSerif-Italic", "DejaVuSerif", *_FALLBACKS)
    SANS = ("LiberationSans-Regular", *_FALLBACKS)
    SANS_BOLD = ("LiberationSans-Bold", *_FALLBACKS)


@cache
def _font(name: str) -> TTFont:
    """The font, read from its file once and known to ReportLab by its name."""
    font = TTFont(name, str(assets.path(f"fonts/{name}.ttf")))
    pdfmetrics.registerFont(font)
    return font


@cache
def font_for(style: Style, mark: str) -> str | None:
    """The first font of the chain with a shape for the character; None if there is none, or none that reads right.

    Characters beyond the first 65,536 count as missing: ReportLab cannot tell a reader of the PDF what they are.
    """
    if is_private(mark) or not runs_from_left(mark) or ord(mark) > _LAST:
        return None
    return next((name for name in style.value if _font(name).face.charToGlyph.get(ord(mark))), None)


@cache
def _mark_width(style: Style, mark: str) -> float:
    """The character's advance in thousandths of the font's size."""
    name = font_for(style, mark) or style.value[0]
    face = _font(name).face
    return float(face.charWidths.get(ord(mark), face.defaultWidth))


@lru_cache(maxsize=50_000)
def width(style: Style, text: str) -> float:
    """How wide the text is at a size of one point."""
    return sum(_mark_width(style, mark) for mark in text) / 1000


def known(style: Style) -> str:
    """The name of the font that gives the style its look, known to ReportLab from here on."""
    return str(_font(style.value[0]).fontName)


def runs(style: Style, text: str) -> tuple[tuple[str, str], ...]:
    """The text cut where the font changes: pairs of font name and text."""
    first = style.value[0]
    if all(font_for(style, mark) == first for mark in set(text)):
        return ((first, text),)
    return tuple(
        (name or first, "".join(marks)) for name, marks in groupby(text, key=lambda mark: font_for(style, mark))
    )


def require(style: Style, text: str, origin: Origin) -> None:
    """Raise MissingGlyph for the first character of the text that no font of the style can print."""
    missing = {mark for mark in set(text) if font_for(style, mark) is None}
    if missing:
        raise MissingGlyph(next(mark for mark in text if mark in missing), origin.says)
