# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is drawn on a page besides the page: kept evidence, and the target of a jump."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from imr_desktop.models.evidence import Passage
from imr_desktop.models.records import Box, PageRef


class MarkRole(StrEnum):
    """What a piece of evidence serves; told by colour and by the line under it, never by colour alone."""

    SUMMARY = "summary"
    ITEM = "item"
    UNUSED = "unused"


@dataclass(frozen=True, slots=True)
class EvidenceMark:
    """One piece of kept evidence as pages show it; ``label`` says in words what it serves.

    ``item`` is the number of the disputed item that it serves, by which items differ in colour; 0 for none.
    """

    evidence: str
    passage: Passage
    role: MarkRole = MarkRole.UNUSED
    label: str = ""
    item: int = 0


@dataclass(frozen=True, slots=True)
class Landing:
    """The target of the last jump, outlined until the next action; without boxes it is the page itself."""

    ref: PageRef
    boxes: tuple[Box, ...] = ()


class Marks:
    """Evidence marks by page."""

    def __init__(self, marks: Iterable[EvidenceMark] = ()) -> None:
        self._by_page: dict[PageRef, list[tuple[EvidenceMark, tuple[Box, ...]]]] = {}
        for mark in marks:
            for part in mark.passage.parts:
                self._by_page.setdefault(part.page, []).append((mark, part.boxes))

    def on(self, ref: PageRef) -> list[tuple[EvidenceMark, tuple[Box, ...]]]:
        """The marks of one page with their boxes in points of the upright page."""
        return self._by_page.get(ref, [])

    def at(self, ref: PageRef, x: float, y: float) -> EvidenceMark | None:
        """The smallest mark that holds this point of the upright page, so that one within another can be had."""
        held = [
            ((box.x1 - box.x0) * (box.y1 - box.y0), mark)
            for mark, boxes in self.on(ref)
            for box in boxes
            if box.x0 <= x <= box.x1 and box.y0 <= y <= box.y1
        ]
        return min(held, key=lambda pair: pair[0])[1] if held else None
