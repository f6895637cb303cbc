# SPDX-License-Identifier: AGPL-3.0-or-later
"""Blocks set in type: each becomes strips of lines in its size and place, and a part of the letter's structure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from imr_desktop.letter import fonts, headtable
from imr_desktop.letter.blocks import (
    Block,
    Entry,
    HeaderTable,
    ItemHeading,
    Letterhead,
    Lines,
    Origin,
    Paragraph,
    SectionTitle,
    Signature,
    Title,
)
from imr_desktop.letter.breaking import Stretch, set_lines
from imr_desktop.letter.fonts import Style
from imr_desktop.letter.sheet import MARGIN, MEASURE, Frame, Hold, Ink, Node, Seat, Strip

_BODY = 11.5
_LEADING = 14.2
_ASCENT = 0.78
_ENDS_SENTENCE = re.compile(r"[.!?:;][\"'”’)\]]*$")
_CLEAR = 45.0
_LIST_INDENT = 22.0
_SIGNING_ROOM = 46.0
_SIGNING_WIDTH = 250.0
_SEATS_APART = 18.0
# The window is 2.5 to 3.625 inches below the envelope's upper edge, and the folded sheet has 0.45 inch to slip.
_WINDOW_BEGINS, _WINDOW_ENDS = 2.52 * 72, 3.47 * 72


@dataclass(frozen=True, slots=True)
class _Look:
    """How a kind of text is set: size, distance of its lines, space above, where it stands."""

    size: float = _BODY
    leading: float = _LEADING
    above: float = 7.5
    centred: bool = False
    indent: float = 0.0
    hold: Hold = Hold.FREE


_TITLE = _Look(size=13.5, leading=17, above=12, centred=True, hold=Hold.MUST)
_SECTION = _Look(size=12, leading=15, above=17, centred=True, hold=Hold.MUST)
_ITEM = _Look(above=15, hold=Hold.MUST)
_PARAGRAPH = _Look()
_LINES = _Look()
_ENTRY = _Look(above=2.5, indent=_LIST_INDENT)
_ORGANISATION = _Look(size=16, leading=19, above=0, hold=Hold.MUST)
_REACHED = _Look(size=9.5, leading=12, above=1, hold=Hold.MUST)
_NOTE = _Look(size=9.5, leading=12, above=4)


def place(blocks: Sequence[Block]) -> tuple[list[Strip], Node]:
    """The strips of a letter in order, and its structure; MissingGlyph for a character that cannot be printed."""
    root = Node("Document")
    top = 0 if any(isinstance(block, Title) for block in blocks) else -1
    strips: list[Strip] = []
    for number, block in enumerate(blocks):
        following = blocks[number + 1] if number + 1 < len(blocks) else None
        signs = isinstance(block, SectionTitle) and isinstance(following, Signature)
        if strips and (signs or isinstance(block, Signature)):
            strips[-1] = replace(strips[-1], hold=max(strips[-1].hold, Hold.WISH))
        strips += [replace(strip, origin=block.origin) for strip in _strips(block, following, root, top)]
    return strips, root


def _strips(block: Block, following: Block | None, root: Node, top: int) -> list[Strip]:
    match block:
        case Letterhead():
            return _letterhead(block, root)
        case Title(text, origin):
            return _text([_stretch(Style.BOLD, text, origin)], _TITLE, root.add("H1"))
        case SectionTitle(text, origin):
            return _text([_stretch(Style.BOLD, text, origin)], _SECTION, root.add(f"H{2 + top}"))
        case ItemHeading(heading, outcome, origin):
            both = [_stretch(Style.BOLD, heading, origin), _stretch(Style.REGULAR, outcome, origin)]
            return _text(both, _ITEM, root.add(f"H{3 + top}"))
        case Paragraph():
            return _paragraph(block, following, root)
        case Lines(lines, origin, window):
            made = _several(lines, origin, _LINES, root.add("P"))
            return _in_window(made) if window else made
        case HeaderTable():
            return headtable.strips(block, root)
        case Entry():
            return _entry(block, root)
        case Signature():
            return _signature(block, root)


def _letterhead(block: Letterhead, root: Node) -> list[Strip]:
    node = root.add("P")
    made = _text([_stretch(Style.BOLD, block.name, block.origin)], _ORGANISATION, node)
    made += _several(block.lines, block.origin, _REACHED, node)
    return [*made, Strip(6, frames=(Frame(MARGIN, 5, MEASURE, 0),))]


def _paragraph(block: Paragraph, following: Block | None, root: Node) -> list[Strip]:
    text = [
        _stretch(style, each, block.origin) for style, each in ((Style.BOLD, block.lead), (Style.REGULAR, block.text))
    ]
    made = _text(text, _PARAGRAPH, root.add("P"))
    if block.leads_on:
        return [replace(strip, hold=max(strip.hold, Hold.WISH)) for strip in made]
    return made if _end_shows(block, made, following) else [*made[:-1], replace(made[-1], hold=Hold.WISH)]


def _end_shows(block: Paragraph, made: Sequence[Strip], following: Block | None) -> bool:
    """Whether a page may end here: a reader must see that the next page's paragraph is not this one going on."""
    if not isinstance(following, Paragraph) or following.lead or not following.text or not made:
        return True
    first = fonts.width(Style.REGULAR, following.text.split(" ", 1)[0]) * _BODY
    room = MEASURE - made[-1].inks[-1].line.width
    ends = _ENDS_SENTENCE.search(block.text) is not None and not following.text[0].islower()
    return ends and room > first + _CLEAR


def _in_window(made: list[Strip]) -> list[Strip]:
    """An address where the window of a No. 10 envelope shows it alone, the sheet folded in three."""
    below = Strip(0.0, not_above=_WINDOW_ENDS)
    return [replace(made[0], not_above=_WINDOW_BEGINS), *made[1:], below]


def _entry(block: Entry, root: Node) -> list[Strip]:
    around = root.children[-1] if root.children and root.children[-1].tag == "L" else root.add("L")
    item = around.add("LI")
    mark = _stretch(Style.REGULAR, block.marker, block.origin)
    label = set_lines([mark], _BODY, _LIST_INDENT)
    node = item.add("Lbl")
    made = _text([_stretch(Style.REGULAR, block.text, block.origin)], _ENTRY, item.add("LBody"))
    inks = tuple(Ink(MARGIN, _ENTRY.leading * _ASCENT, line, _BODY, node) for line in label)
    return [replace(made[0], inks=(*inks, *made[0].inks)), *made[1:]]


def _signature(block: Signature, root: Node) -> list[Strip]:
    held = replace(_LINES, hold=Hold.MUST)
    closing = _several((block.closing,), block.origin, replace(held, above=14), root.add("P")) if block.closing else []
    frames = (Frame(MARGIN, _SIGNING_ROOM - 2, _SIGNING_WIDTH, 0),)
    room = Strip(_SIGNING_ROOM, frames=frames, hold=Hold.MUST, seats=_seats(block, root))
    lines = _several(block.lines, block.origin, replace(held, above=2), root.add("P")) if block.lines else []
    note = [_stretch(Style.ITALIC, block.note, block.origin)]
    made = [*closing, room, *lines, *(_text(note, _NOTE, root.add("P")) if block.note else [])]
    return [*(replace(strip, hold=Hold.MUST) for strip in made[:-1]), replace(made[-1], hold=Hold.FREE)]


def _seats(block: Signature, root: Node) -> tuple[Seat, ...]:
    """Places for seals side by side over the line: the first where one signs by hand, the second beside it."""
    made, x = [], MARGIN
    for sign, width in zip(block.signs, (_SIGNING_WIDTH, MEASURE - _SIGNING_WIDTH - _SEATS_APART), strict=False):
        made.append(Seat(x, 1.0, width, _SIGNING_ROOM - 4, sign, root.add("Form")))
        x += width + _SEATS_APART
    return tuple(made)


def _stretch(style: Style, text: str, origin: Origin) -> Stretch:
    fonts.require(style, text, origin)
    return Stretch(style, text)


def _several(lines: Iterable[str], origin: Origin, look: _Look, node: Node) -> list[Strip]:
    """Short lines one under another as one part of the letter, kept on one page."""
    texts = list(lines)
    made: list[Strip] = []
    for number, line in enumerate(texts):
        last = number == len(texts) - 1
        below = replace(look, above=look.above if number == 0 else 0.0, hold=look.hold if last else Hold.MUST)
        made += _text([_stretch(Style.REGULAR, line, origin)], below, node)
    return made


def _text(text: Sequence[Stretch], look: _Look, node: Node) -> list[Strip]:
    """A text in strips of one line each."""
    measure = MEASURE - look.indent
    lines = set_lines(text, look.size, measure)
    made = []
    for number, line in enumerate(lines):
        x = MARGIN + look.indent + ((measure - line.width) / 2 if look.centred else 0.0)
        ink = Ink(x, look.leading * _ASCENT, line, look.size, node)
        above = look.above if number == 0 else 0.0
        made.append(Strip(look.leading, above, (ink,), hold=_hold(number, len(lines), look.hold)))
    return made


def _hold(number: int, count: int, after: Hold) -> Hold:
    """No paragraph leaves its first line alone at a foot, or its last alone at a head."""
    if number == count - 1:
        return after
    return Hold.MUST if number in (0, count - 2) else after
