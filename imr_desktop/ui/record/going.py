# SPDX-License-Identifier: AGPL-3.0-or-later
"""Going about in the record: zoom, jumps, back and forward, turning pages, and the small pictures of the rail."""

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage

from imr_desktop.models.records import PageRef
from imr_desktop.ui.record.addresses import NoSuchPage, document_step, find_page
from imr_desktop.ui.record.content import content_zoom
from imr_desktop.ui.record.history import Spot
from imr_desktop.ui.record.layout import Fit, Zoom
from imr_desktop.ui.record.loader import preview_of
from imr_desktop.ui.record.rail import TABS
from imr_desktop.ui.record.rail_filter import RailFilter

if TYPE_CHECKING:
    from imr_desktop.ui.record.pane import RecordPane

_WANTED = 24


class Going:
    """The moves of one pane."""

    def __init__(self, pane: "RecordPane") -> None:
        self._pane = pane
        self._thumbnails: OrderedDict[PageRef, None] = OrderedDict()
        self._asking = QTimer(pane, singleShot=True, interval=0)
        self._asking.timeout.connect(self._ask_thumbnails)

    # Zoom

    def zoom_in(self) -> None:
        """Show pages one step larger."""
        self._zoom_step(up=True)

    def zoom_out(self) -> None:
        """Show pages one step smaller."""
        self._zoom_step(up=False)

    def fit_width(self) -> None:
        """Show every page as wide as the pane."""
        self._pane.view.set_zoom(Zoom(Fit.WIDTH))

    def fit_page(self) -> None:
        """Show whole pages."""
        self._pane.view.set_zoom(Zoom(Fit.PAGE))

    def actual_size(self) -> None:
        """Show pages at 100 %."""
        self._pane.view.set_zoom(Zoom(Fit.ACTUAL, 1.0))

    def fit_content(self) -> None:
        """Make what is written on the current page as wide as the pane, its margins out of view."""
        content_zoom(self._pane.view)

    def zoom_to(self, percent: float) -> None:
        """Show the current page at so many percent of actual size, unlike pages at one width."""
        view = self._pane.view
        place = view.current_place()
        if place is not None and percent > 0:
            view.set_zoom(view.stage.scaled(place, percent / view.stage.percent(place)))
            self._pane.refresh_tools()

    def _zoom_step(self, *, up: bool) -> None:
        view = self._pane.view
        place = view.current_place()
        if place is not None:
            view.set_zoom(view.stage.stepped(place, up))

    # Jumps

    def ask_for_page(self) -> None:
        """Put the cursor into the page field."""
        self._pane.tools.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._pane.tools.field.selectAll()

    def go_to_typed(self) -> None:
        """Jump to what was typed in the page field."""
        pane = self._pane
        try:
            ref = find_page(pane.tools.field.text(), pane.view.stage.run, pane.documents)
        except NoSuchPage as trouble:
            pane.notice.say(f"{trouble.happened} {trouble.advice}")
            pane.tools.field.selectAll()
            return
        pane.view.setFocus()
        pane.go_to(ref)

    def back(self) -> None:
        """Return to where the last jump started."""
        self._retrace(self._pane.view.history.back)

    def forward(self) -> None:
        """Go again to where was gone back from."""
        self._retrace(self._pane.view.history.forward)

    def _retrace(self, step: Callable[[Spot], Spot | None]) -> None:
        here = self._pane.view.spot()
        spot = None if here is None else step(here)
        if spot is not None:
            self._pane.view.show_spot(spot)
            self._pane.refresh_tools()

    def go_to_place(self, place: int) -> None:
        """Jump to the page at a place of the run, from 0; -1 is the last."""
        pages = self._pane.view.stage.run.pages
        if pages:
            self._pane.go_to(pages[place].ref)

    def step_document(self, by: int) -> None:
        """Jump to where the next (1) or previous (-1) document or file begins."""
        view = self._pane.view
        place = view.current_place()
        ref = None if place is None else document_step(place, by, view.stage.run, self._pane.documents)
        if ref is not None:
            self._pane.go_to(ref)

    def next_unseen(self) -> None:
        """Jump to the next page that has been neither seen nor dismissed, from the top again after the last one."""
        view, coverage = self._pane.view, self._pane.coverage
        place, pages = view.current_place(), view.stage.run.pages
        if place is None:
            return
        after = [*pages[place + 1 :], *pages[: place + 1]]
        unseen = next((page for page in after if coverage.is_open(page.ref)), None)
        if unseen is None:
            self._pane.notice.say("Every page of the record has been seen or dismissed with a reason.")
        else:
            self._pane.go_to(unseen.ref)

    def turn(self, by: int) -> None:
        """Turn the current page by ``by`` clockwise degrees, for as long as the case is kept."""
        page = self._pane.view.current
        if page is not None:
            self._pane.view.turn([page.ref], by)
            self._pane.refresh_tools()

    def turn_document(self, by: int) -> None:
        """Turn every page of the current document."""
        view = self._pane.view
        page = view.current
        if page is None:
            return
        held = [each for each in self._pane.documents if each.holds(page.ref)]
        refs = [each.ref for each in view.stage.run.pages if held and held[0].holds(each.ref)]
        view.turn(refs or [page.ref], by)
        self._pane.refresh_tools()

    def toggle_caret(self) -> None:
        """Move a caret over the words by keys, or stop."""
        view = self._pane.view
        if view.caret.on:
            view.caret.leave()
        elif view.caret.enter():
            self._pane.notice.say("Arrow keys move from word to word; with Shift they select. F7 ends it.")
        else:
            self._pane.notice.say("The machine can read no words on this page.")

    def restore_looks(self, state: dict[str, Any]) -> None:
        """Looks, filter and sizes as the state has them."""
        pane = self._pane
        if isinstance(state.get("looks"), dict):
            pane.looks.restore(state["looks"])
        tab = state.get("rail_tab")
        pane.rail.tabs.setCurrentIndex(TABS.index(tab) if tab in TABS else 0)
        sizes = state.get("splitter")
        if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(size, int) and size > 0 for size in sizes):
            pane.splitter.setSizes(sizes)
        try:
            pane.rail.filter.set_filter(RailFilter.from_plain(state["filter"]))
        except (KeyError, TypeError, ValueError):
            return

    # Small pictures

    def thumbnail(self, ref: PageRef) -> QImage | None:
        """The small picture of a page; it is asked for if it is not there."""
        view = self._pane.view
        picture = self._pane.loader.previews.image(ref, view.stage.rotations.get(ref, 0))
        if picture is None and self._pane.loader.failure(ref) is None:
            self._thumbnails[ref] = None
            self._thumbnails.move_to_end(ref)
            while len(self._thumbnails) > _WANTED:
                self._thumbnails.popitem(last=False)
            self._asking.start()
        return picture

    def thumbnail_came(self, ref: PageRef) -> None:
        """A page has been drawn: its row may show it."""
        if ref in self._thumbnails and self._pane.loader.previews.has(ref):
            del self._thumbnails[ref]
            self._pane.rail.pages.refresh((ref,))

    def _ask_thumbnails(self) -> None:
        wanted = [preview_of(ref) for ref in reversed(self._thumbnails)]
        self._pane.loader.want(wanted, self, urgent=False)
