# SPDX-License-Identifier: AGPL-3.0-or-later
"""What stands on a sheet: strips of set lines and the frames around them, each text of some part of the letter."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from imr_desktop.letter.blocks import Origin, SignHere
from imr_desktop.letter.breaking import SetLine

WIDTH, HEIGHT = 612.0, 792.0
"""US Letter, in page points."""
MARGIN = 72.0
"""One inch on every side; the foot of the page stands in the lower one."""
MEASURE = WIDTH - 2 * MARGIN
"""How wide the text is set, in points."""


class Hold(IntEnum):
    """Whether a strip stays on one page with the next: not at all, where a page has the room, or in any case."""

    FREE = 0
    WISH = 1
    MUST = 2


@dataclass(eq=False, slots=True)
class Node:
    """A part of the letter as programs and screen readers know it: a heading, a paragraph, a table and its cells."""

    tag: str
    children: list["Node"] = field(default_factory=list)

    def add(self, tag: str) -> "Node":
        """A new part within this one."""
        child = Node(tag)
        self.children.append(child)
        return child

    def walk(self) -> Iterator["Node"]:
        """This part and all within it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Ink:
    """A set line: ``x`` from the left edge of the sheet, ``drop`` its baseline below the strip's top (points)."""

    x: float
    drop: float
    line: SetLine
    size: float
    node: Node


@dataclass(frozen=True, slots=True)
class Frame:
    """A box with a hairline around it, or a bare line where it has no height; ``grey`` fills it (1 is white)."""

    x: float
    drop: float
    width: float
    height: float
    grey: float | None = None


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a digital signature stands: ``x`` from the left edge of the sheet, ``drop`` its top below the strip's."""

    x: float
    drop: float
    width: float
    height: float
    sign: SignHere
    node: Node


@dataclass(frozen=True, slots=True)
class Strip:
    """What no page break may cut: usually one line. ``above``: space over it, but not at the head of a page.

    ``origin`` is where in the case it comes from; ``beside`` says it of its parts where several stand side by side,
    each by its left and right edge in points. ``not_above``: how far down the first sheet its top stands at least.
    """

    height: float
    above: float = 0.0
    inks: tuple[Ink, ...] = ()
    frames: tuple[Frame, ...] = ()
    hold: Hold = Hold.FREE
    origin: Origin | None = None
    seats: tuple[Seat, ...] = ()
    beside: tuple[tuple[float, float, Origin], ...] = ()
    not_above: float = 0.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A strip and where its top stands, in points from the upper edge of the sheet."""

    top: float
    strip: Strip


Page = tuple[Placed, ...]


def paginate(strips: list[Strip]) -> tuple[Page, ...]:
    """The strips on pages; what holds together stays together as far as a page has the room."""
    pages: list[list[Placed]] = [[]]
    for chain in _chains(strips, Hold.WISH):
        _put(chain, pages, Hold.WISH)
    return tuple(tuple(page) for page in pages)


def _chains(strips: list[Strip], hold: Hold) -> Iterator[list[Strip]]:
    chain: list[Strip] = []
    for strip in strips:
        chain.append(strip)
        if strip.hold < hold:
            yield chain
            chain = []
    if chain:
        yield chain


def _put(chain: list[Strip], pages: list[list[Placed]], hold: Hold) -> None:
    room = HEIGHT - 2 * MARGIN
    if _end(pages[-1]) + _height(chain, at_head=not pages[-1]) <= HEIGHT - MARGIN:
        _append(chain, pages[-1])
    elif len(chain) == 1 or _height(chain, at_head=True) <= room:
        pages.append([])
        _append(chain, pages[-1])
    else:
        for part in _chains(chain, Hold.MUST) if hold is Hold.WISH else ([strip] for strip in chain):
            _put(part, pages, Hold.MUST)


def _end(page: list[Placed]) -> float:
    return page[-1].top + page[-1].strip.height if page else MARGIN


def _height(chain: list[Strip], *, at_head: bool) -> float:
    whole = sum(strip.above + strip.height for strip in chain)
    return whole - chain[0].above if at_head else whole


def _append(chain: list[Strip], page: list[Placed]) -> None:
    for strip in chain:
        top = _end(page) + (strip.above if page else 0.0)
        page.append(Placed(max(top, strip.not_above), strip))
