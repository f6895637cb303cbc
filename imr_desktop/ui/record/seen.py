# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which pages count as seen: at least half of the page readable on screen for at least a second.

A page too large for the window is seen in pieces: every piece must have stood still in view for the whole time, and
the pieces together must make half of the page. A page that flies by is not seen.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from imr_desktop.models.records import Box, PageRef

_ROWS, _COLUMNS = 16, 4
_HAIR = 0.005


@dataclass(frozen=True, slots=True)
class SeenRule:
    """When a page counts as seen: for how many seconds, at how many logical pixels a point, how much of it."""

    seconds: float = 1.0
    scale: float = 0.5
    share: float = 0.5

    def is_readable(self, scale: float) -> bool:
        """Whether a page shown at this scale can count as seen; a pixel more or less of the window decides nothing."""
        return scale >= self.scale - _HAIR


@dataclass(frozen=True, slots=True)
class Glimpse:
    """One page on screen: the part in view as shares (0 to 1) of the upright page; its scale in pixels a point."""

    ref: PageRef
    part: Box
    scale: float


@dataclass
class _Pieces:
    """One page's pieces: since when each is in view without a break, and which have been read."""

    since: dict[int, float] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)


class SeenTracker:
    """Follows what is on screen and tells, once, when a page has been seen.

    ``now`` gives seconds that only grow. Pages in ``known`` were seen before and are not told again.
    """

    def __init__(self, now: Callable[[], float], rule: SeenRule | None = None, known: Sequence[PageRef] = ()) -> None:
        self._now = now
        self.rule = rule or SeenRule()
        self._seen: set[PageRef] = set(known)
        self._pages: dict[PageRef, _Pieces] = {}

    def know(self, refs: Sequence[PageRef]) -> None:
        """These pages have been seen before."""
        self._seen.update(refs)

    def look(self, glimpses: Sequence[Glimpse]) -> tuple[PageRef, ...]:
        """What is on screen from now on; gives back the pages that have just become seen."""
        now = self._now()
        fresh = self._ripen(now)
        in_view = {
            glimpse.ref: _pieces_in(glimpse.part)
            for glimpse in glimpses
            if self.rule.is_readable(glimpse.scale) and glimpse.ref not in self._seen
        }
        for ref, pieces in self._pages.items():
            shown = in_view.get(ref, frozenset())
            pieces.since = {piece: since for piece, since in pieces.since.items() if piece in shown}
        # What went by without leaving a trace is forgotten, or every page that ever flew by would be looked at again.
        self._pages = {ref: pieces for ref, pieces in self._pages.items() if pieces.since or pieces.done}
        for ref, shown in in_view.items():
            kept = self._pages.setdefault(ref, _Pieces())
            for piece in shown - kept.done:
                kept.since.setdefault(piece, now)
        return fresh

    def seconds_left(self) -> float | None:
        """In how many seconds something in view may become seen; None while nothing can."""
        since = [moment for pieces in self._pages.values() for moment in pieces.since.values()]
        return max(min(since) + self.rule.seconds - self._now(), 0.0) if since else None

    def _ripen(self, now: float) -> tuple[PageRef, ...]:
        fresh = []
        for ref, pieces in list(self._pages.items()):
            ripe = {piece for piece, since in pieces.since.items() if now - since >= self.rule.seconds - 1e-6}
            pieces.done |= ripe
            pieces.since = {piece: since for piece, since in pieces.since.items() if piece not in ripe}
            if len(pieces.done) >= self.rule.share * _ROWS * _COLUMNS:
                fresh.append(ref)
                self._seen.add(ref)
                del self._pages[ref]
        return tuple(fresh)


def _pieces_in(part: Box) -> frozenset[int]:
    """The pieces whose middle is in view."""
    return frozenset(
        row * _COLUMNS + column
        for row in range(_ROWS)
        for column in range(_COLUMNS)
        if part.y0 <= (row + 0.5) / _ROWS <= part.y1 and part.x0 <= (column + 0.5) / _COLUMNS <= part.x1
    )
