# SPDX-License-Identifier: AGPL-3.0-or-later
"""All source files as one run of pages: where each page stands on the screen, and which is to be drawn next."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import accumulate

from imr_desktop.models.records import Box, Page, PageRef, PageSize, SourceFile
from imr_desktop.ui.record.turning import turned_size

GAP = 14.0
"""Logical pixels between two pages, and around the run."""

PIXELS_PER_POINT = 96 / 72
"""Logical pixels of one page point at actual size."""

LETTER = PageSize(612.0, 792.0)
_SMALLEST_POINTS = 18.0
_SCALES = (0.05, 12.0)
_AHEAD, _BEHIND = 2, 1


@dataclass(frozen=True)
class PageRun:
    """The pages of the case in the order of their case pages, whatever file they came in."""

    sources: tuple[SourceFile, ...] = ()

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Every page that can be shown, by rising case page."""
        whole = [page for source in self.sources for page in source.pages()]
        return tuple(sorted(whole, key=lambda page: page.case_page))

    @cached_property
    def _places(self) -> dict[PageRef, int]:
        return {page.ref: place for place, page in enumerate(self.pages)}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {source.sha256: source.name for source in self.sources}

    @cached_property
    def unopened(self) -> tuple[SourceFile, ...]:
        """The files none of whose pages can be shown: never left out without a word."""
        return tuple(source for source in self.sources if not source.page_count)

    def place(self, ref: PageRef) -> int | None:
        """The place of a page in the run (from 0); None if it is not in it."""
        return self._places.get(ref)

    def name(self, ref: PageRef) -> str:
        """The name of the file that the page came in."""
        return self._names.get(ref.source, "")


class Fit(StrEnum):
    """What the size of the pages follows."""

    PAGE = "page"
    WIDTH = "width"
    ACTUAL = "actual"
    UNIFORM = "uniform"


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


class Layout:
    """Where every page stands, in logical pixels from the top left of the run; exact before anything is drawn.

    ``sizes`` are page points of the upright pages, ``rotations`` the turns (clockwise degrees) by place.
    """

    def __init__(self, sizes: Sequence[PageSize], rotations: dict[int, int], view: View, zoom: Zoom) -> None:
        self.view, self.zoom = view, zoom
        self.upright = [sound_size(size) for size in sizes]
        self.rotations = rotations
        shown = [turned_size(size, rotations.get(place, 0)) for place, size in enumerate(self.upright)]
        self.scales = [self._scale(size) for size in shown]
        self.widths = [size.width * scale for size, scale in zip(shown, self.scales, strict=True)]
        self.heights = [size.height * scale for size, scale in zip(shown, self.scales, strict=True)]
        self.tops = list(accumulate((height + GAP for height in self.heights), initial=GAP))
        self.total_height = self.tops[-1]
        self.total_width = max(self.widths, default=0.0) + 2 * GAP

    def __len__(self) -> int:
        return len(self.upright)

    def _scale(self, size: PageSize) -> float:
        across = max(self.view.width - 2 * GAP, 40.0) / size.width
        down = max(self.view.height - 2 * GAP, 40.0) / size.height
        match self.zoom.fit:
            case Fit.WIDTH:
                scale = across
            case Fit.PAGE:
                scale = min(across, down)
            case Fit.ACTUAL:
                scale = self.zoom.value * PIXELS_PER_POINT
            case Fit.UNIFORM:
                scale = self.zoom.value / size.width
        return min(max(scale, _SCALES[0]), _SCALES[1])

    def left(self, place: int) -> float:
        """The left edge of a page: centred in the wider of window and run."""
        return (max(self.view.width, self.total_width) - self.widths[place]) / 2

    def at(self, y: float) -> int:
        """The place of the page at this height; in a gap the page above it."""
        return min(max(bisect_right(self.tops, y) - 1, 0), max(len(self) - 1, 0))

    def visible(self, top: float) -> range:
        """The places of the pages of which something is on screen when the run is scrolled down to ``top``."""
        if not len(self):
            return range(0)
        first = self.at(top)
        if self.tops[first] + self.heights[first] <= top and first + 1 < len(self):
            first += 1
        return range(first, max(self.at(top + self.view.height - 0.001), first) + 1)

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

    def to_points(self, place: int, x: float, y: float) -> tuple[float, float]:
        """A position in the run as page points of the page as shown (turned, if it is)."""
        scale = self.scales[place]
        return (x - self.left(place)) / scale, (y - self.tops[place]) / scale

    def from_points(self, place: int, x: float, y: float) -> tuple[float, float]:
        """Page points of the page as shown as a position in the run."""
        scale = self.scales[place]
        return self.left(place) + x * scale, self.tops[place] + y * scale

    def carry(self, other: "Layout", place: int, there: int, x: float, y: float) -> tuple[float, float]:
        """Where a position of this run lies in another layout: the same share of the page, the same pixels beside it.

        ``place`` is the page here that the position is reckoned from, ``there`` the same page's place in ``other``.
        """
        across = _carried(x - self.left(place), self.widths[place], other.widths[there])
        down = _carried(y - self.tops[place], self.heights[place], other.heights[there])
        return other.left(there) + across, other.tops[there] + down


def _carried(offset: float, extent: float, new_extent: float) -> float:
    if offset < 0:
        return offset
    if offset > extent:
        return new_extent + offset - extent
    return offset / extent * new_extent


def order(visible: range, down: bool, pages: int) -> Iterator[int]:
    """The places whose pages are worth having, most urgent first: what is seen, then what comes next, then one back."""
    if down:
        ahead = [*range(visible.stop, visible.stop + _AHEAD), *range(visible.start - _BEHIND, visible.start)]
    else:
        ahead = [
            *range(visible.start - 1, visible.start - 1 - _AHEAD, -1),
            *range(visible.stop, visible.stop + _BEHIND),
        ]
    return (place for place in (*visible, *ahead) if 0 <= place < pages)


def next_page(visible: range, drawn: Collection[int], down: bool, pages: int) -> int | None:
    """The place of the page to be drawn next; None when all that is worth having is there."""
    return next((place for place in order(visible, down, pages) if place not in drawn), None)
