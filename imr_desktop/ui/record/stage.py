# SPDX-License-Identifier: AGPL-3.0-or-later
"""The run of pages as it is laid out now: zoom, flow, turns, and the way between positions in the window and a page."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from imr_desktop.models.records import Box, Page, PageRef, PageSize
from imr_desktop.ui.record.gesture import PointOn
from imr_desktop.ui.record.history import Spot
from imr_desktop.ui.record.layout import PIXELS_PER_POINT, Fit, Flow, Layout, Shape, View, Zoom
from imr_desktop.ui.record.pages import PageRun
from imr_desktop.ui.record.turning import turn_box, unturn_box, unturn_point

STEPS = (0.1, 0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 6.0, 8.0)
_UNIT = PageSize(1.0, 1.0)


class Stage:
    """Pages, zoom and turns; positions are logical pixels from the top left of the run."""

    def __init__(self) -> None:
        self.run = PageRun()
        self.zoom = Zoom()
        self.flow = Flow.CONTINUOUS
        self.rotations: dict[PageRef, int] = {}
        self.crops: Mapping[PageRef, Box] = {}
        self.folded: frozenset[PageRef] = frozenset()
        self.view = View(600.0, 800.0)
        self.layout = self._laid_out()

    def __len__(self) -> int:
        return len(self.run.pages)

    def arrange(
        self,
        *,
        run: PageRun | None = None,
        zoom: Zoom | None = None,
        view: View | None = None,
        rotations: dict[PageRef, int] | None = None,
        flow: Flow | None = None,
        crops: Mapping[PageRef, Box] | None = None,
        folded: Collection[PageRef] | None = None,
    ) -> None:
        """Lay the pages out anew with whatever is given."""
        self.run = self.run if run is None else run
        self.zoom = self.zoom if zoom is None else zoom
        self.view = self.view if view is None else view
        self.rotations = self.rotations if rotations is None else rotations
        self.flow = self.flow if flow is None else flow
        self.crops = self.crops if crops is None else crops
        self.folded = self.folded if folded is None else frozenset(folded)
        self.layout = self._laid_out()

    def _laid_out(self) -> Layout:
        pages = self.run.pages
        turns = {place: turn for ref, turn in self.rotations.items() if (place := self.run.place(ref)) is not None}
        crops = {
            place: turn_box(box, pages[place].size, turns.get(place, 0))
            for ref, box in self.crops.items()
            if (place := self.run.place(ref)) is not None
        }
        folded = {place for ref in self.folded if (place := self.run.place(ref)) is not None}
        shape = Shape(self.view, self.zoom, self.flow, turns, self.run.starts, crops, folded)
        return Layout([page.size for page in pages], shape)

    def page(self, place: int) -> Page:
        """The page at a place of the run."""
        return self.run.pages[place]

    def rotation(self, place: int) -> int:
        """How far the page is turned, in clockwise degrees."""
        return self.rotations.get(self.page(place).ref, 0)

    def upright(self, place: int) -> PageSize:
        """The page's size before any turn, in page points."""
        return self.layout.upright[place]

    def point_at(self, x: float, y: float) -> PointOn | None:
        """The point of the nearest page; it may lie beside the page. None in a record without pages."""
        return self.point_on(self.layout.at(y, x), x, y) if len(self) else None

    def point_on(self, place: int, x: float, y: float, *, within: bool = False) -> PointOn:
        """The position as a point of this page, on its edge at the farthest if it is to be ``within``."""
        size = self.upright(place)
        across, down = unturn_point(*self.layout.to_points(place, x, y), size, self.rotation(place))
        if within:
            across, down = min(max(across, 0.0), size.width), min(max(down, 0.0), size.height)
        return PointOn(place, across, down)

    def is_on_page(self, at: PointOn) -> bool:
        """Whether the point lies on its page and not beside it."""
        size = self.upright(at.place)
        return 0 <= at.x <= size.width and 0 <= at.y <= size.height

    def area(self, place: int, boxes: Sequence[Box]) -> Box:
        """The area of the run that the boxes (upright page points) take up; without boxes the whole page."""
        if not boxes:
            left, top = self.layout.left(place), self.layout.tops[place]
            return Box(left, top, left + self.layout.widths[place], top + self.layout.heights[place])
        whole = boxes[0]
        for box in boxes[1:]:
            whole = whole.union(box)
        shown = turn_box(whole, self.upright(place), self.rotation(place))
        return Box(
            *self.layout.from_points(place, shown.x0, shown.y0), *self.layout.from_points(place, shown.x1, shown.y1)
        )

    def spot(self, left: float, top: float) -> Spot | None:
        """Where the window stands when scrolled to (``left``, ``top``); None in a record without pages."""
        if not len(self):
            return None
        place = self.layout.visible(top).start
        x, y = self.layout.to_points(place, left, top)
        return Spot(self.page(place).ref, x, y, self.zoom)

    def position(self, spot: Spot) -> tuple[float, float] | None:
        """Where to scroll to for a spot (at its zoom); None if its page is not here."""
        place = self.run.place(spot.ref)
        return None if place is None else self.layout.from_points(place, spot.x, spot.y)

    def in_view(self, left: float, top: float) -> Iterator[tuple[int, Box]]:
        """The pages on screen with the part of each that is, as shares (0 to 1) of the upright page."""
        for place in self.layout.visible(top):
            part = self.layout.on_screen(place, left, top)
            if part is not None:
                yield place, unturn_box(part, _UNIT, self.rotation(place))

    def percent(self, place: int) -> float:
        """How large the page is shown: 100 is actual size."""
        return self.layout.scales[place] / PIXELS_PER_POINT * 100

    def stepped(self, place: int, up: bool) -> Zoom:
        """The next zoom step from how the page at ``place`` is shown; every page keeps its share of the width."""
        now = self.percent(place) / 100
        steps = [step for step in STEPS if (step > now * 1.005 if up else step < now * 0.995)]
        if not steps:
            return self.zoom
        return self.scaled(place, (steps[0] if up else steps[-1]) / now)

    def scaled(self, place: int, factor: float) -> Zoom:
        """The zoom that shows the page at ``place`` larger by ``factor``, within the smallest and largest step."""
        now = self.percent(place) / 100
        wanted = min(max(now * factor, STEPS[0]), STEPS[-1])
        if self.zoom.fit is Fit.ACTUAL:
            return Zoom(Fit.ACTUAL, wanted)
        wide = self.layout.widths[place] or self.upright(place).width * self.layout.scales[place]
        return Zoom(Fit.UNIFORM, wide * wanted / now)
