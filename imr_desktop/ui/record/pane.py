# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record pane: the pages of the case with their buttons, their rail, and what can be done with selected words."""

import time
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from imr_desktop.models.evidence import Passage
from imr_desktop.models.records import Box, Document, Page, PageRef, SourceFile
from imr_desktop.ui.record.acts import CiteTarget, acts_of, offers_of
from imr_desktop.ui.record.addresses import NoSuchPage, document_step, find_page, page_label
from imr_desktop.ui.record.bars import ElidedLabel, Notice, ToolBar
from imr_desktop.ui.record.bridge import RecordReader
from imr_desktop.ui.record.content import content_zoom
from imr_desktop.ui.record.history import Spot
from imr_desktop.ui.record.keys import act_of
from imr_desktop.ui.record.loader import PageLoader
from imr_desktop.ui.record.marks import EvidenceMark
from imr_desktop.ui.record.menu import context_menu
from imr_desktop.ui.record.pages import Fit, PageRun, Zoom
from imr_desktop.ui.record.picture import PictureCache
from imr_desktop.ui.record.prose import known_words, prose
from imr_desktop.ui.record.rail import Rail
from imr_desktop.ui.record.selection import Region
from imr_desktop.ui.record.selection_bar import SelectionBar
from imr_desktop.ui.record.view import RecordView

_RAIL_WIDTH = 230
_ROOM_FOR_RAIL = 860


class RecordPane(QWidget):
    """One complete view of the record; several may stand side by side.

    Signals: ``passage_selected(Passage)`` when a selection has settled; ``cite_requested(Passage, str)`` with a
    ``CiteTarget``; ``page_changed(Page)``; ``seen(PageRef)`` once for each page that has been readable on screen long
    enough; ``evidence_chosen(str)`` with the id of kept evidence that was clicked.
    ``now`` gives seconds that only grow.
    """

    passage_selected = Signal(object)
    cite_requested = Signal(object, str)
    page_changed = Signal(object)
    seen = Signal(object)
    evidence_chosen = Signal(str)

    def __init__(
        self,
        reader: RecordReader,
        parent: QWidget | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
        cache: PictureCache | None = None,
    ) -> None:
        super().__init__(parent)
        self._documents: tuple[Document, ...] = ()
        self._announced: Passage | None = None
        self._rail_wished: bool | None = None
        self._pending: Spot | None = None
        self.single_keys = True
        self.loader = PageLoader(reader, cache, self)
        self.view = RecordView(self.loader, now=now)
        self.rail = Rail()
        self.acts = acts_of(self)
        self.tools = ToolBar(self.acts)
        self.header, self.notice = ElidedLabel(), Notice(self.view.viewport())
        self.bar = SelectionBar(offers_of(self.acts), self.view.viewport())
        self._lay_out()
        self._connect()
        self.setFocusProxy(self.view)

    def _lay_out(self) -> None:
        self.header.setContentsMargins(12, 2, 12, 4)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self.splitter.addWidget(self.rail)
        self.splitter.addWidget(self.view)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([_RAIL_WIDTH, 4 * _RAIL_WIDTH])
        self.rail.setMinimumWidth(150)
        self.rail.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.tools, self.header):
            column.addWidget(widget)
        column.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        view = self.view
        view.page_changed.connect(self._show_page)
        view.page_changed.connect(self.page_changed)
        view.seen.connect(self._seen)
        view.zoom_changed.connect(self._show_state)
        view.spot_left.connect(self._show_state)
        view.evidence_chosen.connect(self.evidence_chosen)
        view.menu_asked.connect(self._show_menu)
        view.selection_changed.connect(self.bar.withdraw)
        view.selection_settled.connect(self._settled)
        view.scrolled_to.connect(self.bar.follow)
        view.acted_on.connect(self.notice.pass_away)
        self.loader.arrived.connect(self._arrived)
        self.rail.chosen.connect(self.go_to)
        self.tools.field.returnPressed.connect(self._go_to_typed)
        self.tools.field.left.connect(lambda: self.view.setFocus())

    # What the case window tells

    def show_record(self, sources: Sequence[SourceFile], documents: Sequence[Document]) -> None:
        """Show these files as one run of pages, and these documents in the rail; the reading position is kept."""
        run = PageRun(tuple(sources))
        self._documents = tuple(documents)
        if run != self.view.stage.run:
            self.view.show_run(run)
            self.tools.count.setText(f"of {run.pages[-1].case_page}" if run.pages else "no pages")
            self._tell_unopened(run)
        if self._pending is not None and self.view.show_spot(self._pending):
            self._pending = None
        self.rail.show_record(run, self._documents)
        self._show_page(self.view.current)

    def show_documents(self, documents: Sequence[Document]) -> None:
        """The documents have changed, the files have not."""
        self.show_record(self.view.stage.run.sources, documents)

    def go_to(self, ref: PageRef, boxes: Sequence[Box] = ()) -> None:
        """Jump to a page, or to boxes (upright page points) on it: centred, lit, outlined until the next action."""
        if self.view.land(ref, boxes):
            self.notice.pass_away()
            self._show_state()
        else:
            self.notice.say("That page is in none of this case's files. Add the file it came in, then try again.")

    def go_to_passage(self, passage: Passage) -> None:
        """Jump to where a passage begins, with its words lit."""
        self.go_to(passage.start, passage.parts[0].boxes)

    def show_evidence(self, marks: Sequence[EvidenceMark]) -> None:
        """Show this kept evidence on its pages, in place of what was shown."""
        self.view.show_marks(marks)

    def know_seen(self, refs: Sequence[PageRef]) -> None:
        """These pages were seen before; ``seen`` is not told for them again."""
        self.view.tracker.know(refs)
        self.rail.pages.mark_seen(refs)
        self._show_page(self.view.current)

    def selection(self) -> Passage | None:
        """The selected passage; None if nothing is selected, or while words of it are still being read."""
        return self.view.selection()

    def clear_selection(self) -> None:
        """Select nothing."""
        self.view.hand.clear()

    def state(self) -> dict[str, Any]:
        """Page, position, zoom, turns and rail as plain data that JSON can hold."""
        spot = self._pending or self.view.spot()
        turns = [[ref.source, ref.page, turn] for ref, turn in self.view.stage.rotations.items()]
        data: dict[str, Any] = {"rail": self._rail_wished, "rail_tab": self.rail.tabs.currentIndex(), "turns": turns}
        return data if spot is None else {**data, "spot": spot.to_plain()}

    def restore(self, state: dict[str, Any]) -> None:
        """Stand as the state says, as far as it can be understood; before ``show_record`` it is kept for then."""
        try:
            turns = {PageRef(str(source), int(page)): int(turn) % 360 for source, page, turn in state.get("turns", [])}
            spot = Spot.from_plain(state["spot"]) if "spot" in state else None
        except (KeyError, TypeError, ValueError, AttributeError):
            return
        self.view.set_rotations(turns)
        if state.get("rail") is not None:
            self._show_rail(bool(state["rail"]))
        self.rail.tabs.setCurrentIndex(1 if state.get("rail_tab") == 1 else 0)
        if spot is not None and not self.view.show_spot(spot):
            self._pending = spot

    # Commands: named as the window's command table names them

    def zoom_in(self) -> None:
        """Show pages one step larger."""
        self._zoom_step(up=True)

    def zoom_out(self) -> None:
        """Show pages one step smaller."""
        self._zoom_step(up=False)

    def fit_width(self) -> None:
        """Show every page as wide as the pane."""
        self.view.set_zoom(Zoom(Fit.WIDTH))

    def fit_page(self) -> None:
        """Show whole pages."""
        self.view.set_zoom(Zoom(Fit.PAGE))

    def actual_size(self) -> None:
        """Show pages at 100 %."""
        self.view.set_zoom(Zoom(Fit.ACTUAL, 1.0))

    def fit_content(self) -> None:
        """Make what is written on the current page as wide as the pane, its margins out of view."""
        content_zoom(self.view)

    def _zoom_step(self, *, up: bool) -> None:
        place = self.view.current_place()
        if place is not None:
            self.view.set_zoom(self.view.stage.stepped(place, up))

    def ask_for_page(self) -> None:
        """Put the cursor into the page field."""
        self.tools.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.tools.field.selectAll()

    def back(self) -> None:
        """Return to where the last jump started."""
        self._retrace(self.view.history.back)

    def forward(self) -> None:
        """Go again to where was gone back from."""
        self._retrace(self.view.history.forward)

    def _retrace(self, step: Callable[[Spot], Spot | None]) -> None:
        here = self.view.spot()
        spot = None if here is None else step(here)
        if spot is not None:
            self.view.show_spot(spot)
            self._show_state()

    def next_unseen(self) -> None:
        """Jump to the next page that has not been seen, from the top again after the last one."""
        place, pages = self.view.current_place(), self.view.stage.run.pages
        if place is None:
            return
        after = [*pages[place + 1 :], *pages[: place + 1]]
        unseen = next((page for page in after if not self.rail.pages.is_seen(page.ref)), None)
        if unseen is None:
            self.notice.say("Every page of the record has been seen.")
        else:
            self.go_to(unseen.ref)

    def turn(self, by: int) -> None:
        """Turn the current page by ``by`` clockwise degrees, for as long as the case is kept."""
        page = self.view.current
        if page is not None:
            self.view.turn([page.ref], by)
            self._show_state()

    def toggle_rail(self) -> None:
        """Show or hide documents and pages."""
        self._show_rail(self.rail.isHidden())

    def toggle_region(self) -> None:
        """The next drag selects a region; or no longer does."""
        self.view.hand.set_region_mode(not self.view.hand.region_mode)
        self._show_state()

    def cite(self, target: CiteTarget) -> None:
        """Ask that the selected passage be cited there; says so where nothing can be cited yet."""
        passage = self.selection()
        if passage is not None:
            self.clear_selection()
            self.cite_requested.emit(passage, target.value)
        elif self.view.selection_is_waiting():
            self.notice.say("A page of the selection is still being read. Wait a moment, then press the key again.")
        else:
            self.notice.say("Nothing is selected. Drag over the words to cite, or hold Alt and drag a region.")

    def copy(self) -> None:
        """Put the selected words on the clipboard as prose: no line breaks, hyphens mended."""
        passage = self.selection()
        if passage is None or not passage.text:
            self.notice.say("There are no selected words to copy. Drag over words that the machine can read.")
            return
        places = [place for part in passage.parts if (place := self.view.stage.run.place(part.page)) is not None]
        texts = tuple(word.text for place in places for word in self.view.words_at(place) or ())
        QGuiApplication.clipboard().setText(prose(passage.text, known_words(texts)))

    def go_to_place(self, place: int) -> None:
        """Jump to the page at a place of the run, from 0; -1 is the last."""
        if self.view.stage.run.pages:
            self.go_to(self.view.stage.run.pages[place].ref)

    def step_document(self, by: int) -> None:
        """Jump to where the next (1) or previous (-1) document or file begins."""
        place = self.view.current_place()
        ref = None if place is None else document_step(place, by, self.view.stage.run, self._documents)
        if ref is not None:
            self.go_to(ref)

    def give_up(self) -> None:
        """Leave what was begun: region, selection, the mark of the last jump, the notice."""
        self.view.hand.set_region_mode(False)
        self.clear_selection()
        self.view.acted()
        self.notice.hide()
        self._show_state()

    # Within

    def _go_to_typed(self) -> None:
        try:
            ref = find_page(self.tools.field.text(), self.view.stage.run, self._documents)
        except NoSuchPage as trouble:
            self.notice.say(f"{trouble.happened} {trouble.advice}")
            self.tools.field.selectAll()
            return
        self.view.setFocus()
        self.go_to(ref)

    def _tell_unopened(self, run: PageRun) -> None:
        names = ", ".join(source.name for source in run.unopened)
        reasons = " ".join(dict.fromkeys(source.broken for source in run.unopened if source.broken))
        self.notice.say(f"No page of {names} can be shown. {reasons}".strip() if names else "", stays=True)

    def _show_page(self, page: Page | None) -> None:
        run = self.view.stage.run
        if page is None:
            self.header.say("No pages yet: add the record's PDF files to the case.")
            self.tools.field.show_page("")
        else:
            label = page_label(page, run, self._documents)
            self.header.say(label)
            self.view.setAccessibleDescription(f"Page {label}")
            self.tools.field.show_page(str(page.case_page))
            self.rail.follow(page.ref)
        self._show_state()

    def _show_state(self) -> None:
        view, place = self.view, self.view.current_place()
        self.tools.back.setEnabled(view.history.can_go_back)
        self.tools.forward.setEnabled(view.history.can_go_forward)
        self.tools.region.setChecked(view.hand.region_mode)
        self.tools.rail.setChecked(not self.rail.isHidden())
        self.tools.show_percent(100.0 if place is None else view.stage.percent(place))

    def _show_rail(self, shown: bool) -> None:
        self._rail_wished = shown
        self.rail.setVisible(shown)
        self._show_state()

    def _seen(self, ref: PageRef) -> None:
        self.rail.pages.mark_seen([ref])
        self.seen.emit(ref)

    def _settled(self) -> None:
        self._show_state()
        chosen = self.view.hand.chosen
        if chosen is None:
            self._announced = None
            self.bar.withdraw()
            return
        self.bar.offer(self.view.selection_area)
        if isinstance(chosen, Region) and self.view.words_at(chosen.place) == ():
            self.notice.say("The machine cannot read words on this page, so a region was selected.")
        self._announce()

    def _announce(self) -> None:
        passage = self.selection()
        if passage is not None and passage != self._announced and not self.view.hand.busy:
            self._announced = passage
            self.passage_selected.emit(passage)

    def _arrived(self, _ref: PageRef) -> None:
        if self.view.hand.chosen is not None:
            self._announce()

    def _show_menu(self, position: QPointF) -> None:
        menu = context_menu(self, position)
        menu.popup(self.view.viewport().mapToGlobal(QPoint(round(position.x()), round(position.y()))))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that nobody nearer to the focus has taken: section 3 of the features, unless the window has them."""
        name = act_of(event, single=self.single_keys and self.view.hasFocus())
        if name is None:
            super().keyPressEvent(event)
            return
        self.acts[name]()
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """The side buttons of the mouse go back and forward."""
        if event.button() is Qt.MouseButton.BackButton:
            self.back()
        elif event.button() is Qt.MouseButton.ForwardButton:
            self.forward()
        else:
            super().mousePressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Where there is room, the rail is shown until the reviewer decides."""
        super().showEvent(event)
        if self._rail_wished is None:
            self.rail.setVisible(self.width() >= _ROOM_FOR_RAIL)
            self._show_state()
