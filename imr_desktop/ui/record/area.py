# SPDX-License-Identifier: AGPL-3.0-or-later
"""The space in which pages stand: laying them out, scrolling, jumping, and keeping in place what is being read."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from imr_desktop.models.records import Box, Page, PageRef, Word
from imr_desktop.ui.record import painting
from imr_desktop.ui.record.history import History, Spot
from imr_desktop.ui.record.layout import GAP, Fit, Flow, Zoom
from imr_desktop.ui.record.loader import PageLoader
from imr_desktop.ui.record.marks import Landing
from imr_desktop.ui.record.pages import PageRun
from imr_desktop.ui.record.scroll_marks import MarkedScrollBar
from imr_desktop.ui.record.stage import Stage
from imr_desktop.ui.record.turning import turned_size

LINE = 60


class PageArea(QAbstractScrollArea):
    """Pages laid out and scrolled; what is painted on them and done with them is for those built on this."""

    page_changed = Signal(object)
    zoom_changed = Signal()
    spot_left = Signal()
    scrolled_to = Signal()
    acted_on = Signal()
    turned = Signal()

    def __init__(self, loader: PageLoader, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loader = loader
        self.stage = Stage()
        self.history = History()
        self.landing: Landing | None = None
        self._current: PageRef | None = None
        self.bar = MarkedScrollBar()
        self.setVerticalScrollBar(self.bar)

    # What is shown

    def show_run(self, run: PageRun) -> None:
        """Show these pages; the reading position stays on its page."""
        self.rearranged(lambda: self.stage.arrange(run=run))

    @property
    def current(self) -> Page | None:
        """The page being looked at: the target of the last jump, or the one of which most is on screen."""
        place = self.current_place()
        return None if place is None else self.stage.page(place)

    def current_place(self) -> int | None:
        """The place of the current page in the run; None in a record without pages."""
        if not len(self.stage):
            return None
        if self.landing is not None and (place := self.stage.run.place(self.landing.ref)) is not None:
            return place
        left, top = self.scrolled()
        return max(
            self.stage.layout.visible(top),
            key=lambda place: (round(self.stage.layout.shown_share(place, left, top), 3), -place),
        )

    def words_at(self, place: int) -> Sequence[Word] | None:
        """The words of the page at a place; None while they have not been read."""
        return self.loader.words(self.stage.page(place).ref)

    # Moving

    def scrolled(self) -> tuple[float, float]:
        """How far the run is scrolled: logical pixels from its left and top."""
        return float(self.horizontalScrollBar().value()), float(self.verticalScrollBar().value())

    def spot(self) -> Spot | None:
        """Where the window stands now."""
        return self.stage.spot(*self.scrolled())

    def show_spot(self, spot: Spot) -> bool:
        """Stand where the spot says, with its zoom; tells whether its page is here."""
        self.landing = None
        if self.stage.run.place(spot.ref) is None:
            return False
        if spot.zoom != self.stage.zoom:
            self.stage.arrange(zoom=spot.zoom)
            self._set_ranges()
            self.zoom_changed.emit()
        position = self.stage.position(spot)
        if position is not None:
            self.scroll_to(*position, settle=False)
        return True

    def leave(self) -> None:
        """A jump starts: keep this spot to go back to."""
        here = self.spot()
        if here is not None:
            self.history.leave(here)
            self.spot_left.emit()

    def land(self, ref: PageRef, boxes: Sequence[Box] = ()) -> bool:
        """Jump to a page, or to boxes on it, and mark the target until the next action; False if it is not here."""
        if self.stage.run.place(ref) is None:
            return False
        self.leave()
        self.landing = Landing(ref, tuple(boxes))
        if ref in self.stage.folded:
            self.open_fold(ref)
        self._centre_landing()
        return True

    def acted(self, *_: object) -> None:
        """The reviewer did something: the target of the last jump is no longer marked."""
        self.acted_on.emit()
        if self.landing is not None:
            self.landing = None
            self.viewport().update()

    def scroll_by(self, across: float, down: float) -> None:
        """Scroll by logical pixels."""
        left, top = self.scrolled()
        self.scroll_to(left + across, top + down)

    def scroll_to(self, left: float, top: float, *, settle: bool = True) -> None:
        """Scroll to a position of the run; where pages are shown singly, no farther than the page allows."""
        before = self.scrolled()
        if settle:
            top = self.stage.layout.settled(top, before[1])
        self.horizontalScrollBar().setValue(round(left))
        self.verticalScrollBar().setValue(round(top))
        if self.scrolled() == before:
            self._moved()

    def _centre_landing(self) -> None:
        landing = self.landing
        place = None if landing is None else self.stage.run.place(landing.ref)
        if landing is None or place is None:
            return
        area = self.stage.area(place, landing.boxes)
        wide, high = self.viewport().width(), self.viewport().height()
        middle = (area.x0 + area.x1 - wide) / 2
        fits = area.y1 - area.y0 <= high - 2 * GAP
        top = (area.y0 + area.y1 - high) / 2 if landing.boxes and fits else area.y0 - GAP + 1
        if self.stage.flow is Flow.ONE:
            row = self.stage.layout.row(place)
            first, after = self.stage.layout.row_tops[row], self.stage.layout.row_tops[row + 1]
            top = min(max(top, first), max(after - high, first))
        self.scroll_to(middle, top, settle=False)

    # Laying out

    def set_zoom(self, zoom: Zoom, about: QPointF | None = None) -> None:
        """Show pages at this zoom, keeping in place what lies at ``about`` in the viewport (else its upper middle)."""
        if zoom != self.stage.zoom:
            self.rearranged(lambda: self.stage.arrange(zoom=zoom), about or self._upper_middle())
            self.zoom_changed.emit()

    def set_flow(self, flow: Flow) -> None:
        """Let pages follow each other like this; the page being read stays in view."""
        if flow is not self.stage.flow:
            place = self.current_place()
            self.rearranged(lambda: self.stage.arrange(flow=flow), self._upper_middle())
            if place is not None and flow is not Flow.CONTINUOUS:
                top = self.stage.layout.row_tops[self.stage.layout.row(place)]
                self.scroll_to(self.scrolled()[0], top - (GAP - 1 if flow is Flow.TWO else 0), settle=False)
            self.zoom_changed.emit()

    def set_crops(self, crops: Mapping[PageRef, Box]) -> None:
        """Show no more of these pages than these boxes (upright page points)."""
        if crops != self.stage.crops:
            self.rearranged(lambda: self.stage.arrange(crops=dict(crops)))
            self.zoom_changed.emit()

    def set_folded(self, refs: frozenset[PageRef]) -> None:
        """Put these pages away behind strips that say how many they are."""
        if refs != self.stage.folded:
            self.rearranged(lambda: self.stage.arrange(folded=refs))

    def open_fold(self, ref: PageRef) -> None:
        """Show again the pages that were put away together with this one."""
        place = self.stage.run.place(ref)
        if place is not None and self.stage.layout.is_folded(place):
            row = self.stage.layout.fold_at(place)
            self.set_folded(self.stage.folded - {self.stage.page(each).ref for each in row})

    def fit_or_fill(self, about: QPointF) -> None:
        """Two fingers tapped twice: from whole width to twice as large, and back."""
        wide = self.stage.zoom.fit is Fit.WIDTH
        self.set_zoom(Zoom(Fit.UNIFORM, 2.0 * self.viewport().width()) if wide else Zoom(Fit.WIDTH), about)

    def turn(self, refs: Sequence[PageRef], by: int) -> None:
        """Turn pages by quarter turns (clockwise degrees); boxes and words turn with them."""
        turned = dict(self.stage.rotations)
        for ref in refs:
            turned[ref] = (turned.get(ref, 0) + by) % 360
            self.loader.cache.turn(ref, turned[ref])
        self.set_rotations(turned)
        self.turned.emit()

    def set_rotations(self, rotations: Mapping[PageRef, int]) -> None:
        """Have exactly these pages turned (clockwise degrees)."""
        kept = {ref: turn for ref, turn in rotations.items() if turn}
        self.rearranged(lambda: self.stage.arrange(rotations=kept))

    def _upper_middle(self) -> QPointF:
        return QPointF(self.viewport().width() / 2, self.viewport().height() / 3)

    def rearranged(self, change: Callable[[], None], held: QPointF | None = None) -> None:
        """Lay out anew, with the same part of the same page at the held position of the viewport."""
        held = held or QPointF(0, 0)
        left, top = self.scrolled()
        old, at_top = self.stage.layout, top <= 0 and held.isNull()
        place = old.at(top + held.y(), left + held.x())
        ref = self.stage.page(place).ref if len(self.stage) else None
        change()
        self._set_ranges()
        there = None if ref is None else self.stage.run.place(ref)
        if there is not None and not at_top:
            x, y = old.carry(self.stage.layout, place, there, left + held.x(), top + held.y())
            self.scroll_to(x - held.x(), y - held.y(), settle=False)
        if self.landing is not None:
            self._centre_landing()
        self._moved()

    def _set_ranges(self) -> None:
        layout, size = self.stage.layout, self.viewport().size()
        for bar, whole, shown in (
            (self.verticalScrollBar(), layout.total_height, size.height()),
            (self.horizontalScrollBar(), layout.total_width, size.width()),
        ):
            bar.setRange(0, max(round(whole - shown), 0))
            bar.setPageStep(shown)
            bar.setSingleStep(LINE)

    def sheet(self, place: int) -> painting.Sheet:
        """The page at a place as it stands in the viewport, on whole device pixels so that it is sharp."""
        layout, ratio = self.stage.layout, self.devicePixelRatioF()
        left, top = self.scrolled()
        scale, (across, down) = layout.scales[place], layout.origin(place)
        size = turned_size(self.stage.upright(place), self.stage.rotation(place))
        x0, y0 = layout.left(place) - left, layout.tops[place] - top
        clip = _whole(QRectF(x0, y0, layout.widths[place], layout.heights[place]), ratio)
        rect = QRectF(x0 - across * scale, y0 - down * scale, size.width * scale, size.height * scale)
        return painting.Sheet(
            _whole(rect, ratio), scale, self.stage.upright(place), self.stage.rotation(place), ratio, clip
        )

    def _moved(self) -> None:
        """Something of what is on screen is another: the page, what to draw, what is looked at."""
        page = self.current
        if page is not None and page.ref != self._current:
            self._current = page.ref
            self.page_changed.emit(page)
        self.viewport().update()
        self.scrolled_to.emit()


def _whole(rect: QRectF, ratio: float) -> QRectF:
    return QRectF(*(round(value * ratio) / ratio for value in (rect.x(), rect.y(), rect.width(), rect.height())))
