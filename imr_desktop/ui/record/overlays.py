# SPDX-License-Identifier: AGPL-3.0-or-later
"""What lies on the pages of one view: kept evidence, the reviewer's own marks, lit terms, and the hits of a search."""

from collections.abc import Callable, Iterable, Sequence

from imr_desktop.models.care import OwnMark, OwnMarkKind
from imr_desktop.models.records import Box, PageRef
from imr_desktop.ui.record.marks import Marks
from imr_desktop.ui.record.searching import Hit

_NOTE_SIZE = 16.0


class OwnMarks:
    """The reviewer's own marks by page."""

    def __init__(self, marks: Iterable[OwnMark] = ()) -> None:
        self.by_id = {mark.id: mark for mark in marks}
        self._by_page: dict[PageRef, list[tuple[OwnMark, tuple[Box, ...]]]] = {}
        for mark in self.by_id.values():
            for part in mark.parts:
                self._by_page.setdefault(part.page, []).append((mark, part.boxes))

    def on(self, ref: PageRef) -> list[tuple[OwnMark, tuple[Box, ...]]]:
        """The marks of one page with their boxes in points of the upright page."""
        return self._by_page.get(ref, [])

    def at(self, ref: PageRef, x: float, y: float) -> OwnMark | None:
        """The mark that holds this point of the upright page; the one made last, where they overlap."""
        for mark, boxes in reversed(self.on(ref)):
            for box in boxes:
                held = note_box(box) if mark.kind is OwnMarkKind.NOTE else box
                if held.x0 <= x <= held.x1 and held.y0 <= y <= held.y1:
                    return mark
        return None


def note_box(box: Box) -> Box:
    """Where the sign of a note stands, whose place is a point."""
    return Box(box.x0, box.y0, max(box.x1, box.x0 + _NOTE_SIZE), max(box.y1, box.y0 + _NOTE_SIZE))


class Overlays:
    """All that is painted on pages besides the pages."""

    def __init__(self) -> None:
        self.marks = Marks()
        self.own = OwnMarks()
        self.hits: dict[PageRef, list[Hit]] = {}
        self.current: Hit | None = None
        self.lit: Callable[[PageRef], Sequence[tuple[int, Hit]]] = lambda _: ()

    def show_hits(self, hits: Iterable[Hit], current: Hit | None) -> None:
        """Light these hits, the current one more strongly."""
        self.hits = {}
        for hit in hits:
            self.hits.setdefault(hit.page, []).append(hit)
        self.current = current
