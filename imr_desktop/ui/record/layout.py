# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where every page of the record stands on the screen: one under the other, one at a time, or two side by side."""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate, pairwise

from imr_desktop.models.records import Box, PageSize
from imr_desktop.ui.record.turning import turned_size

GAP = 14.0
"""Logical pixels between two pages, and around the run."""

PIXELS_PER_POINT = 96 / 72
"""Logical pixels of one page point at actual size."""

FOLD = 30.0
"""Logical pixels of the strip that stands for pages folded away."""

LETTER = PageSize(612.0, 792.0)
_SMALLEST_POINTS = 18.0
_SMALLEST_SCALE, _LARGEST_SCALE = 0.05, 12.0
_FOLD_WIDTH = 520.0


class Fit(StrEnum):
    """What the size of the pages follows."""

    PAGE = "page"
    WIDTH = "width"
    ACTUAL = "actual"
    UNIFORM = "uniform"


class Flow(StrEnum):
    """How pages follow each other: a long run, one page at a time, or spreads of two that never join two files."""

    CONTINUOUS = "continuous"
    ONE = "one"
    TWO = "two"


@dataclass(frozen=True, slots=True)
class Zoom:
    """How large pages are shown.

    ``value`` is the factor for ACTUAL (1.0 = actual size) and the width of every page in logical pixels for UNIFORM,
    so that pages of unlike size keep one width while the reviewer zooms; the two fits follow the window.
    """

    fit: Fit = Fit.WIDTH
    value: float = 1.0


def sound_size(size: PageSize) -> PageSize:
    """A size that can be laid out: a page without extent is shown as a Letter sheet, a sliver as a narrow strip."""
    if not (size.width > 0 and size.height > 0):
        return LETTER
    return PageSize(max(size.width, _SMALLEST_POINTS), max(size.height, _SMALLEST_POINTS))


@dataclass(frozen=True, slots=True)
class View:
    """The space that pages are shown in, in logical pixels."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Shape:
    """All that the run is laid out by, besides the sizes of its pages.

    ``rotations`` are clockwise degrees by place; ``starts`` the places where a file begins; ``crops`` what is shown
    of a page (points of the page as shown) by place; ``folded`` the places that are put away behind a strip.
    """

    view: View
    zoom: Zoom = Zoom()
    flow: Flow = Flow.CONTINUOUS
    rotations: Mapping[int, int] | None = None
    starts: Collection[int] = frozenset()
    crops: Mapping[int, Box] | None = None
    folded: Collection[int] = frozenset()


class Layout:
    """Where every page stands, in logical pixels from the top left of the run; exact before anything is drawn.

    ``sizes`` are page points of the upright pages. ``tops``, ``widths`` and ``heights`` are of what is shown of a page.
    """

    def __init__(self, sizes: Sequence[PageSize], shape: Shape) -> None:
        self.shape, self.view = shape, shape.view
        self.upright = [sound_size(size) for size in sizes]
        self.rotations = shape.rotations or {}
        self._crops = shape.crops or {}
        shown = [self._shown(place) for place in range(len(sizes))]
        known: dict[PageSize, float] = {}
        self.scales = [known.get(size) or known.setdefault(size, self._scale(size)) for size in shown]
        folded = shape.folded
        self.widths = [size.width * scale for size, scale in zip(shown, self.scales, strict=True)]
        self.heights = [size.height * scale for size, scale in zip(shown, self.scales, strict=True)]
        for place in folded:
            self.widths[place] = self.heights[place] = 0.0
        self.rows = list(_rows(len(sizes), shape))
        self._firsts = [row.start for row in self.rows]
        self._stack()

    def __len__(self) -> int:
        return len(self.upright)

    def _shown(self, place: int) -> PageSize:
        crop = self._crops.get(place)
        if crop is not None:
            return PageSize(crop.x1 - crop.x0, crop.y1 - crop.y0)
        return turned_size(self.upright[place], self.rotations.get(place, 0))

    def _scale(self, size: PageSize) -> float:
        columns = 2 if self.shape.flow is Flow.TWO else 1
        across = max((self.view.width - (columns + 1) * GAP) / columns, 40.0) / size.width
        down = max(self.view.height - 2 * GAP, 40.0) / size.height
        match self.shape.zoom.fit:
            case Fit.WIDTH:
                scale = across
            case Fit.PAGE:
                scale = min(across, down)
            case Fit.ACTUAL:
                scale = max(self.shape.zoom.value * PIXELS_PER_POINT, _SMALLEST_SCALE)
            case Fit.UNIFORM:
                scale = self.shape.zoom.value / size.width
        # A poster may become as small as it must: wider than the others, it would push them all aside.
        return min(scale, _LARGEST_SCALE)

    def _stack(self) -> None:
        """Put the rows under each other; a page shown alone takes at least the height of the window."""
        if self.shape.flow is Flow.ONE:
            slots = [max(self._row_height(row) + 2 * GAP, self.view.height) for row in self.rows]
            self.row_tops = list(accumulate(slots, initial=0.0))
            lead = [(slot - self._row_height(row)) / 2 for slot, row in zip(slots, self.rows, strict=True)]
            first = [top + before for top, before in zip(self.row_tops, lead, strict=False)]
        else:
            self.row_tops = list(accumulate((self._row_height(row) + GAP for row in self.rows), initial=GAP))
            first = self.row_tops
        self.tops = [0.0] * len(self)
        for row, top in zip(self.rows, first, strict=False):
            for place in row:
                self.tops[place] = top
        self.total_height = self.row_tops[-1]
        self.total_width = self._widest() + 2 * GAP

    def _widest(self) -> float:
        if self.shape.flow is not Flow.TWO:
            return max(self.widths, default=0.0)
        return max(self.widths, default=0.0) * 2 + GAP

    def _row_height(self, row: range) -> float:
        return FOLD if self.is_folded(row.start) else max(self.heights[place] for place in row)

    def is_folded(self, place: int) -> bool:
        """Whether the page is put away behind a strip."""
        return place in self.shape.folded

    def fold_at(self, place: int) -> range:
        """The places that the strip at this place stands for."""
        return self.rows[self.row(place)]

    def fold_rect(self, row: range) -> Box:
        """Where the strip of a folded row stands."""
        wide = min(max(self.view.width - 2 * GAP, 40.0), _FOLD_WIDTH)
        left = (max(self.view.width, self.total_width) - wide) / 2
        return Box(left, self.tops[row.start], left + wide, self.tops[row.start] + FOLD)

    def row(self, place: int) -> int:
        """The number of the row that a page stands in."""
        return bisect_right(self._firsts, place) - 1

    def left(self, place: int) -> float:
        """The left edge of a page: centred, or beside the middle where two stand side by side."""
        middle = max(self.view.width, self.total_width) / 2
        if self.shape.flow is not Flow.TWO:
            return middle - self.widths[place] / 2
        return middle + GAP / 2 if place != self.rows[self.row(place)].start else middle - GAP / 2 - self.widths[place]

    def at(self, y: float, x: float | None = None) -> int:
        """The place of the page at this height (and nearest to ``x`` in its row); in a gap the page above it."""
        if not self.rows:
            return 0
        row = self.rows[min(max(bisect_right(self.row_tops, y) - 1, 0), len(self.rows) - 1)]
        if x is None or len(row) == 1 or self.is_folded(row.start):
            return row.start
        return row.start if x < self.left(row.stop - 1) - GAP / 2 else row.stop - 1

    def visible(self, top: float) -> range:
        """The places of the pages of which something is on screen when the run is scrolled down to ``top``."""
        if not self.rows:
            return range(0)
        last = len(self.rows) - 1
        first = min(max(bisect_right(self.row_tops, top) - 1, 0), last)
        if self.shape.flow is Flow.ONE:
            return self.rows[first]
        if self.tops[self.rows[first].start] + self._row_height(self.rows[first]) <= top and first < last:
            first += 1
        end = min(max(bisect_right(self.row_tops, top + self.view.height - 0.001) - 1, first), last)
        return range(self.rows[first].start, self.rows[end].stop)

    def settled(self, wanted: float, now: float) -> float:
        """Where scrolling to ``wanted`` from ``now`` ends: a page shown alone is left only from its own edge."""
        if self.shape.flow is not Flow.ONE or not self.rows:
            return wanted
        here = min(max(bisect_right(self.row_tops, now + 0.5) - 1, 0), len(self.rows) - 1)
        top, end = self.row_tops[here], self.row_tops[here + 1] - self.view.height
        there = min(max(bisect_right(self.row_tops, wanted + 0.5) - 1, 0), len(self.rows) - 1)
        if abs(there - here) > 1:
            return self.row_tops[there]
        if wanted > end + 0.5:
            return min(self.row_tops[here + 1], self._last_top()) if now >= end - 1 else end
        if wanted < top - 0.5:
            return max(top - self.view.height, 0.0) if now <= top + 1 else top
        return wanted

    def _last_top(self) -> float:
        return max(self.row_tops[-1] - self.view.height, 0.0)

    def shown_share(self, place: int, left: float, top: float) -> float:
        """How much of the page's area (0 to 1) is on screen when scrolled to (``left``, ``top``)."""
        box = self.on_screen(place, left, top)
        if box is None:
            return 0.0
        return (box.x1 - box.x0) * (box.y1 - box.y0)

    def on_screen(self, place: int, left: float, top: float) -> Box | None:
        """The part of the page that is on screen, as shares (0 to 1) of its width and height as shown."""
        x, y, wide, high = self.left(place), self.tops[place], self.widths[place], self.heights[place]
        x0, x1 = max(x, left), min(x + wide, left + self.view.width)
        y0, y1 = max(y, top), min(y + high, top + self.view.height)
        if x1 <= x0 or y1 <= y0:
            return None
        return Box((x0 - x) / wide, (y0 - y) / high, (x1 - x) / wide, (y1 - y) / high)

    def origin(self, place: int) -> tuple[float, float]:
        """The point of the page as shown at the upper left of what is shown of it; (0, 0) where nothing is cut off."""
        crop = self._crops.get(place)
        return (0.0, 0.0) if crop is None else (crop.x0, crop.y0)

    def to_points(self, place: int, x: float, y: float) -> tuple[float, float]:
        """A position in the run as page points of the page as shown (turned, if it is)."""
        scale, (across, down) = self.scales[place], self.origin(place)
        return (x - self.left(place)) / scale + across, (y - self.tops[place]) / scale + down

    def from_points(self, place: int, x: float, y: float) -> tuple[float, float]:
        """Page points of the page as shown as a position in the run."""
        scale, (across, down) = self.scales[place], self.origin(place)
        return self.left(place) + (x - across) * scale, self.tops[place] + (y - down) * scale

    def carry(self, other: "Layout", place: int, there: int, x: float, y: float) -> tuple[float, float]:
        """Where a position of this run lies in another layout: the same share of the page, the same pixels beside it.

        ``place`` is the page here that the position is reckoned from, ``there`` the same page's place in ``other``.
        """
        across = _carried(x - self.left(place), self.widths[place], other.widths[there])
        down = _carried(y - self.tops[place], self.heights[place], other.heights[there])
        return other.left(there) + across, other.tops[there] + down


def _carried(offset: float, extent: float, new_extent: float) -> float:
    if offset <= 0 or extent <= 0:
        return offset
    if offset > extent:
        return new_extent + offset - extent
    return offset / extent * new_extent


def _rows(pages: int, shape: Shape) -> list[range]:
    """The pages that stand side by side, row by row; folded neighbours share one row."""
    if shape.flow is not Flow.TWO and not shape.folded:
        return [range(place, place + 1) for place in range(pages)]
    starts, place = [], 0
    while place < pages:
        starts.append(place)
        place += 1
        if starts[-1] in shape.folded:
            while place < pages and place in shape.folded:
                place += 1
        elif shape.flow is Flow.TWO and place < pages and place not in shape.starts and place not in shape.folded:
            place += 1
    return [range(first, after) for first, after in pairwise([*starts, pages])]
