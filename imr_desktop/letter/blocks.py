# SPDX-License-Identifier: AGPL-3.0-or-later
"""Blocks: what a letter says, piece by piece in reading order, before anything is known of pages and lines."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from imr_desktop.models.places import Place


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a printed text comes from: in words for a message, and as the place in the form to go to."""

    says: str
    place: Place


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The organisation at the head of its letter: its name, and lines of address and telephone."""

    name: str
    lines: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Title:
    """What the document as a whole is called."""

    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class SectionTitle:
    """The title of a section; never the last line of a page."""

    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, with a bold lead where it has one. ``leads_on``: kept on one page with what follows."""

    text: str
    origin: Origin
    lead: str = ""
    leads_on: bool = False


@dataclass(frozen=True, slots=True)
class Lines:
    """Short lines that belong together, such as an address or credentials; ``window``: seen through an envelope's."""

    lines: tuple[str, ...]
    origin: Origin
    window: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A label of the header table and what stands beside it."""

    label: str
    lines: tuple[str, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class HeaderTable:
    """The table at the top: rows of one cell across or two side by side."""

    rows: tuple[tuple[Cell, ...], ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class ItemHeading:
    """A disputed item's heading and its outcome."""

    heading: str
    outcome: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a list, with its number or bullet."""

    marker: str
    text: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class SignHere:
    """A place for a digital signature: the field's name, what a screen reader says of it.

    ``closes``: once it is signed, the file takes nothing but time stamps; else it closes itself alone (STACK 2.2).
    """

    field: str
    says: str
    closes: bool = True


@dataclass(frozen=True, slots=True)
class Signature:
    """Where somebody signs: a closing line, who it is, how the seal is verified, and the places for the seals."""

    closing: str
    lines: tuple[str, ...]
    note: str
    origin: Origin
    signs: tuple[SignHere, ...] = ()


Block = Letterhead | Title | SectionTitle | Paragraph | Lines | HeaderTable | ItemHeading | Entry | Signature


def texts(blocks: Iterable[Block]) -> Iterator[tuple[str, Origin]]:
    """Every text that is printed, in reading order, with where it comes from."""
    for block in blocks:
        if isinstance(block, HeaderTable):
            for cell in (cell for row in block.rows for cell in row):
                yield from ((each, cell.origin) for each in (cell.label, *cell.lines))
        else:
            yield from ((each, block.origin) for each in _texts_of(block) if each)


def _texts_of(block: Block) -> tuple[str, ...]:
    match block:
        case Letterhead(name, lines):
            return (name, *lines)
        case Paragraph(text, _, lead):
            return (lead, text)
        case Lines(lines):
            return lines
        case ItemHeading(heading, outcome):
            return (heading, outcome)
        case Entry(marker, text):
            return (marker, text)
        case Signature(closing, lines, note):
            return (closing, *lines, note)
        case Title(text) | SectionTitle(text):
            return (text,)
        case HeaderTable():
            raise TypeError("a table's texts stand in its cells")


def words(blocks: Iterable[Block]) -> tuple[str, ...]:
    """The words of the letter's body in reading order."""
    return tuple(word for text, _ in texts(blocks) for word in text.split())
