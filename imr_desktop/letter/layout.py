# SPDX-License-Identifier: AGPL-3.0-or-later
"""Blocks become a PDF: set into lines, dealt out to pages, drawn; the same blocks always give the same bytes."""

from collections.abc import Sequence

from imr_desktop.letter import blocks as content_blocks
from imr_desktop.letter import flow, sheet
from imr_desktop.letter.blocks import (
    Block,
    HeaderTable,
    ItemHeading,
    Letterhead,
    Origin,
    Paragraph,
    SectionTitle,
    Signature,
    Title,
)
from imr_desktop.letter.fonts import Style, require
from imr_desktop.letter.furniture import Furniture
from imr_desktop.models.places import Part, Place

_PAGE_FOOT = Origin("the foot of the page", Place(Part.LETTER))


def typeset(blocks: Sequence[Block], furniture: Furniture) -> bytes:
    """The letter as PDF bytes; MissingGlyph for a character that none of our fonts has."""
    for block in blocks:
        for style in _styles(block):
            require(style, content_blocks.texts([block]))
    require(Style.SANS, [(furniture.case + furniture.page + furniture.note, _PAGE_FOOT)])
    return sheet.drawn(flow.pages(flow.rows(blocks)), blocks, furniture)


def _styles(block: Block) -> tuple[Style, ...]:
    """The styles that a block is set in; each must have all of its characters."""
    match block:
        case Letterhead() | HeaderTable():
            return (Style.SANS, Style.SANS_BOLD)
        case Title() | SectionTitle():
            return (Style.BOLD,)
        case Paragraph() | ItemHeading():
            return (Style.REGULAR, Style.BOLD)
        case Signature():
            return (Style.REGULAR, Style.ITALIC)
        case _:
            return (Style.REGULAR,)
