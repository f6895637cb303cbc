# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is printed: a determination's three renditions as PDF; and published letters read back into data."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from imr_desktop.letter import content, furniture, renditions
from imr_desktop.letter.characters import MissingGlyph
from imr_desktop.letter.furniture import is_furniture
from imr_desktop.letter.renditions import Rendition
from imr_desktop.letter.wording import UnknownFormat
from imr_desktop.models.determination import Determination
from imr_desktop.models.places import PrintedAt

if TYPE_CHECKING:
    from imr_desktop.letter.seals import Face

__all__ = [
    "MissingGlyph",
    "Rendition",
    "UnknownFormat",
    "is_furniture",
    "printed_parts",
    "printed_words",
    "render",
    "render_with_places",
    "seal_face",
]


def render(determination: Determination, rendition: Rendition, data: bytes = b"") -> bytes:
    """The letter as PDF bytes, the same for the same determination; MissingGlyph names a character it cannot print.

    ``data``, the determination as ``imr-case/1``, is attached to the file.
    """
    return render_with_places(determination, rendition, data)[0]


def render_with_places(
    determination: Determination, rendition: Rendition, data: bytes = b""
) -> tuple[bytes, tuple[PrintedAt, ...]]:
    """As ``render``, with where each printed line, and each cell of the header table, comes from."""
    # Only here, so that a window which prints nothing yet does not wait for ReportLab.
    from imr_desktop.letter import layout

    composed = content.compose(renditions.of(determination, rendition))
    return layout.typeset(composed, furniture.of(determination, rendition), data)


def seal_face(lines: Sequence[str]) -> "Face":
    """What a seal shows on the page, as a PDF of one small page with embedded fonts; MissingGlyph."""
    from imr_desktop.letter import seals

    return seals.face(lines)


def printed_words(determination: Determination, rendition: Rendition) -> tuple[str, ...]:
    """The words of the letter's body in reading order, without page furniture.

    In the finished PDF a word wider than a line stands on several lines, broken without added characters.
    """
    return content.words(content.compose(renditions.of(determination, rendition)))


def printed_parts(determination: Determination, rendition: Rendition) -> tuple[tuple[str, str], ...]:
    """Every text of the letter's body in reading order, with where in the case it comes from, in words."""
    composed = content.compose(renditions.of(determination, rendition))
    return tuple((origin.says, text) for text, origin in content.texts(composed))
