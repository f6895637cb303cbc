# SPDX-License-Identifier: AGPL-3.0-or-later
"""A narrative as the symbols that a text field holds: characters, and anchors that count as one."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from imr_desktop.models.narrative import Anchor, Narrative, plain

Symbol = str | Anchor
OBJECT = "\ufffc"


def symbols(narrative: Narrative) -> list[Symbol]:
    """One symbol a character, one an anchor; any kind of line break is a paragraph's end."""
    found: list[Symbol] = []
    for piece in narrative.pieces():
        if isinstance(piece, Anchor):
            found.append(piece)
        else:
            found.extend(_one_break(piece))
    return found


def narrative(parts: Iterable[Symbol]) -> Narrative:
    """The narrative that symbols make; typed text that merely looks like an anchor is made safe."""
    written: list[str] = []
    for is_text, run in groupby(parts, key=lambda symbol: isinstance(symbol, str)):
        if is_text:
            text = "".join(str(symbol) for symbol in run)
            written.append(plain(text) if Narrative(text).anchors() else text)
        else:
            written.extend(symbol.token() for symbol in run if isinstance(symbol, Anchor))
    return Narrative("".join(written))


def units(symbol: Symbol) -> int:
    """How many positions a symbol takes in a text field, which counts in UTF-16."""
    return 2 if isinstance(symbol, str) and ord(symbol) > 0xFFFF else 1


def offset_at(parts: Sequence[Symbol], position: int) -> int:
    """The position in the narrative's text that a field's position means."""
    return len(narrative(parts[: index_at(parts, position)]).text)


def position_at(parts: Sequence[Symbol], offset: int) -> int:
    """The field's position that a position in the narrative's text means; within an anchor, the end of it."""
    passed = field = 0
    for symbol in parts:
        if passed >= offset:
            break
        passed += len(symbol.token()) if isinstance(symbol, Anchor) else 1
        field += units(symbol)
    return field


def index_at(parts: Sequence[Symbol], position: int) -> int:
    """How many symbols stand before a field's position."""
    passed = 0
    for index, symbol in enumerate(parts):
        if passed >= position:
            return index
        passed += units(symbol)
    return len(parts)


def changed(before: Sequence[Symbol], after: Sequence[Symbol]) -> tuple[int, int, int]:
    """Where two texts differ: the symbols that agree at the start, and the ends of what differs in each."""
    limit = min(len(before), len(after))
    start = 0
    while start < limit and before[start] == after[start]:
        start += 1
    same = 0
    while same < limit - start and before[-1 - same] == after[-1 - same]:
        same += 1
    return start, len(before) - same, len(after) - same


def _one_break(text: str) -> str:
    return text.replace("\r\n", "\n").translate(_BREAKS)


_BREAKS = str.maketrans({"\r": "\n", "\u2028": "\n", "\u2029": "\n"})
