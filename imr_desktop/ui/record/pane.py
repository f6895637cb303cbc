# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record pane: the pages of the case with their buttons, their rail, and what can be done with selected words."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from imr_desktop.models.evidence import Passage
from imr_desktop.models.records import Box, Document, Page, PageRef, SourceFile
from imr_desktop.ui.parts import ElidedLabel
from imr_desktop.ui.record.acts import acts_of, offers_of
from imr_desktop.ui.record.addresses import page_label
from imr_desktop.ui.record.bars import Notice, ToolBar
from imr_desktop.ui.record.bridge import RecordReader
from imr_desktop.ui.record.going import Going
from imr_desktop.ui.record.history import Spot
from imr_desktop.ui.record.keys import act_of
from imr_desktop.ui.record.looks import Looks
from imr_desktop.ui.record.marking import Marking
from imr_desktop.ui.record.marks import EvidenceMark
from imr_desktop.ui.record.memory import PageFact, RecordMemory
from imr_desktop.ui.record.menu import context_menu
from imr_desktop.ui.record.pages import PageRun
from imr_desktop.ui.record.peek import Peek
from imr_desktop.ui.record.picture import PictureCache
from imr_desktop.ui.record.rail import TABS, Rail
from imr_desktop.ui.record.rail_rows import evidence_rows
from imr_desktop.ui.record.reading_aloud import speak_for_pages, tell_screen_readers
from imr_desktop.ui.record.scroll_marks import BarMarks
from imr_desktop.ui.record.searching import Finder
from imr_desktop.ui.record.seeking import Seeking
from imr_desktop.ui.record.selection_bar import SelectionBar
from imr_desktop.ui.record.shared import Shared
from imr_desktop.ui.record.smallness import Smallness
from imr_desktop.ui.record.taking import Taking
from imr_desktop.ui.record.terming import Terming
from imr_desktop.ui.record.view import RecordView

_RAIL_WIDTH = 230
_ROOM_FOR_RAIL = 860
_FINE_MARKS = 400


class RecordPane(QWidget):
    """One complete view of the record; several may stand side by side, with one ``Shared`` between them.

    Signals: ``passage_selected(Passage)`` when a selection has settled; ``cite_requested(Passage, str)`` with a
    ``CiteTarget``; ``page_changed(Page)``; ``seen(PageRef)`` once for each page that has been readable on screen long
    enough; ``evidence_chosen(str)`` with the id of kept evidence that was clicked; ``memory_changed()`` when something
    the memory keeps was changed here. ``now`` gives seconds that only grow.
    """

    passage_selected = Signal(object)
    cite_requested = Signal(object, str)
    page_changed = Signal(object)
    seen = Signal(object)
    evidence_chosen = Signal(str)
    memory_changed = Signal()
    split_wanted = Signal()
    window_wanted = Signal()

    def __init__(
        self,
        reader: RecordReader,
        parent: QWidget | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
        cache: PictureCache | None = None,
        memory: RecordMemory | None = None,
        shared: Shared | None = None,
        finder: Finder | None = None,
    ) -> None:
        super().__init__(parent)
        self.shared = shared or Shared(reader, memory, cache, self, finder)
        self.loader, self.coverage = self.shared.loader, self.shared.coverage
        self.documents: tuple[Document, ...] = ()
        self._rail_wished: bool | None = None
        self._pending: Spot | None = None
        self._evidence: tuple[EvidenceMark, ...] = ()
        self._turned: dict[PageRef, int] = {}
        self.single_keys = True
        speak_for_pages()
        self.view = RecordView(self.loader, now=now)
        self.view.note_on, self.view.fold_words = self.coverage.note, self._fold_words
        self.seeking, self.going, self.taking = Seeking(self, finder), Going(self), Taking(self)
        self.terming = Terming(self)
        self.rail = Rail(self.coverage, self.seeking.finding, self._thumbnail, self._address, self.terming.panel)
        self.looks, self.marking = Looks(self), Marking(self)
        self.acts = acts_of(self)
        self.tools = ToolBar(self.acts)
        self.header, self.notice = ElidedLabel(), Notice(self.view.viewport())
        self.smallness = Smallness(self.view, self.coverage)
        self.bar = SelectionBar(offers_of(self.acts), self.view.viewport())
        self.peeking = Peek(self)
        self._lay_out()
        self._connect()
        tell_screen_readers(self.view)
        self.looks.restore(dict(self.shared.memory.looks()))
        self.view.set_rotations(self.shared.memory.turns())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The focus belongs to the pages. (Made a focus proxy, Qt takes them and the tools out of the Tab order.)"""
        self.view.setFocus(event.reason())

    def _lay_out(self) -> None:
        self.header.setContentsMargins(12, 2, 12, 4)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self.splitter.addWidget(self.rail)
        self.splitter.addWidget(self.view)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([_RAIL_WIDTH, 4 * _RAIL_WIDTH])
        self.rail.setMinimumWidth(250)
        self.rail.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        names = QHBoxLayout()
        names.addWidget(self.header, 1)
        names.addWidget(self.smallness)
        column.addWidget(self.tools)
        column.addLayout(names)
        column.addWidget(self.seeking.bar)
        column.addWidget(self.splitter, 1)

    def _connect(self) -> None:
        view = self.view
        view.page_changed.connect(self._show_page)
        view.page_changed.connect(self.page_changed)
        view.seen.connect(self._seen)
        view.zoom_changed.connect(self._show_state)
        view.zoom_changed.connect(self.show_bar_marks)
        view.spot_left.connect(self._show_state)
        view.turned.connect(self._keep_turns)
        view.evidence_chosen.connect(self.evidence_chosen)
        view.own_mark_chosen.connect(self.marking.choose)
        view.word_chosen.connect(self.seeking.word_chosen)
        view.menu_asked.connect(lambda at: context_menu(self, at))
        view.selection_changed.connect(self.bar.withdraw)
        view.selection_settled.connect(self.taking.settled)
        view.scrolled_to.connect(self.bar.follow)
        view.scrolled_to.connect(self.shared.busy)
        view.acted_on.connect(self.notice.pass_away)
        self.loader.arrived.connect(self._arrived)
        self.coverage.changed.connect(self.show_bar_marks)
        self.rail.chosen.connect(self.go_to)
        self.rail.row_chosen.connect(lambda row: self.go_to(row.ref, row.boxes))
        self.tools.field.returnPressed.connect(self.going.go_to_typed)
        self.tools.field.left.connect(lambda: self.view.setFocus())
        self.tools.percent.asked.connect(self.going.zoom_to)
        self.tools.percent.left.connect(lambda: self.view.setFocus())
        menu = self.tools.looks.menu()
        menu.aboutToShow.connect(lambda: self.looks.fill(menu))
        self.seeking.connect_parts()

    # What the case window tells

    def show_record(self, sources: Sequence[SourceFile], documents: Sequence[Document]) -> None:
        """Show these files as one run of pages, and these documents in the rail; the reading position is kept."""
        run = PageRun(tuple(sources))
        self.documents = tuple(documents)
        if run != self.view.stage.run:
            self.shared.show_run(run)
            self.view.show_run(run)
            self.tools.count.setText(f"of {run.pages[-1].case_page}" if run.pages else "no pages")
            self._tell_unopened(run)
            self.seeking.show_run(run)
            self.looks.fold()
        if self._pending is not None and self.view.show_spot(self._pending):
            self._pending = None
        self.rail.show_record(run, self.documents)
        self.marking.refresh()
        self.terming.refresh()
        self._show_page(self.view.current)

    def show_page_facts(self, facts: Mapping[PageRef, PageFact]) -> None:
        """What reading machines found out: blank pages, copies, pages without readable text."""
        self.coverage.know_facts(facts)
        self._turned = {ref: fact.turn for ref, fact in facts.items() if fact.turn}
        self._turn()
        self.looks.fold()

    def words_changed(self) -> None:
        """The machine has read more pages: a search under way finds in them as well."""
        self.seeking.finding.refresh()
        self.view.ask()

    def _turn(self) -> None:
        """Turn pages as the reviewer left them, the others as the machine found them to stand upright."""
        wanted = {**self._turned, **self.shared.memory.turns()}
        if {ref: turn for ref, turn in wanted.items() if turn} != self.view.stage.rotations:
            self.view.set_rotations(wanted)

    def _keep_turns(self) -> None:
        """What the reviewer turned is kept; what stands as the machine turned it is not."""
        shown = self.view.stage.rotations
        mine = {ref: shown.get(ref, 0) for ref in {*shown, *self._turned, *self.shared.memory.turns()}}
        self.shared.memory.keep_turns({ref: turn for ref, turn in mine.items() if turn != self._turned.get(ref, 0)})
        self.memory_changed.emit()

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
        self._evidence = tuple(marks)
        self.view.show_marks(marks)
        self.coverage.count_evidence(Counter(part.page for mark in marks for part in mark.passage.parts))
        self.rail.show_evidence(evidence_rows(marks, self._address))

    def know_seen(self, refs: Sequence[PageRef]) -> None:
        """These pages were seen before; ``seen`` is not told for them again."""
        self.view.tracker.know(refs)
        self.coverage.mark_seen(refs)
        self._show_page(self.view.current)

    def recall(self) -> None:
        """The memory has been changed from outside (a step was taken back): show what it holds now."""
        self.coverage.refresh()
        self._turn()
        self.marking.refresh()
        self.terming.refresh()

    def selection(self) -> Passage | None:
        """The selected passage; None if nothing is selected, or while words of it are still being read."""
        return self.view.selection()

    def clear_selection(self) -> None:
        """Select nothing."""
        self.view.hand.clear()

    def peek(self, passage: Passage, near: QWidget | None = None) -> None:
        """Show a passage in a small window beside ``near``, without leaving what is being read; Escape closes it."""
        self.peeking.show_passage(passage, near)

    def state(self) -> dict[str, Any]:
        """Page, position, zoom, turns, looks and rail as plain data that JSON can hold."""
        spot = self._pending or self.view.spot()
        data: dict[str, Any] = {
            "rail": self._rail_wished,
            "rail_tab": TABS[self.rail.tabs.currentIndex()],
            "filter": self.rail.filter.filter().to_plain(),
            "splitter": self.splitter.sizes(),
            "looks": self.looks.to_plain(),
        }
        return data if spot is None else {**data, "spot": spot.to_plain()}

    def restore(self, state: dict[str, Any]) -> None:
        """Stand as the state says, as far as it can be understood; before ``show_record`` it is kept for then."""
        try:
            spot = Spot.from_plain(state["spot"]) if "spot" in state else None
        except (KeyError, TypeError, ValueError, AttributeError):
            return
        self.going.restore_looks(state)
        self._turn()
        if state.get("rail") is not None:
            self._show_rail(bool(state["rail"]))
        if spot is not None and not self.view.show_spot(spot):
            self._pending = spot

    # What the pane shows

    def stops(self) -> tuple[QWidget, ...]:
        """Where F6 stops in this pane: the pages, and the list of the rail if it is shown."""
        return (self.view,) if self.rail.isHidden() else (self.view, self.rail.focus_list())

    def open_rail(self, tab: str) -> None:
        """Show a list of the rail, where there is room for it or the reviewer wants it."""
        self.rail.open(tab)
        if self.width() >= _ROOM_FOR_RAIL / 1.6:
            self._show_rail(True)

    def list_pages(self, refs: Sequence[PageRef], what: str) -> None:
        """List just these pages in the rail."""
        self._show_rail(True)
        self.rail.list_pages(refs, what)

    def show_bar_marks(self) -> None:
        """Mark hits, bookmarks and unseen pages in the scroll bar."""
        view, layout = self.view, self.view.stage.layout
        finding, run = self.seeking.finding, self.view.stage.run
        # In a long record a page is less than a pixel of the bar, and looking up where words stand is not worth it.
        fine = len(run.pages) <= _FINE_MARKS
        hits = [view.stage.area(place, hit.boxes if fine else ()).y0 for hit in finding.hits
                if (place := run.place(hit.page)) is not None]  # fmt: skip
        now = finding.current_hit
        here = None if now is None else run.place(now.page)
        current = None if now is None or here is None else view.stage.area(here, now.boxes).y0
        places = (run.place(each.ref) for each in self.shared.memory.bookmarks())
        marked = [layout.tops[place] for place in places if place is not None]
        unseen: list[tuple[float, float]] = []
        for place, page in enumerate(run.pages):
            if self.coverage.is_open(page.ref) and not layout.is_folded(place):
                top, bottom = layout.tops[place], layout.tops[place] + layout.heights[place]
                if unseen and top - unseen[-1][1] < 40:
                    unseen[-1] = unseen[-1][0], bottom
                else:
                    unseen.append((top, bottom))
        view.bar.show_marks(BarMarks(hits, current, marked, unseen), layout.total_height)

    def _thumbnail(self, ref: PageRef) -> Any:
        return self.going.thumbnail(ref)

    def _address(self, ref: PageRef) -> str:
        place = self.view.stage.run.place(ref)
        run = self.view.stage.run
        return "" if place is None else page_label(run.pages[place], run, self.documents)

    def _fold_words(self, row: range) -> str:
        return self.coverage.fold_words([self.view.stage.page(place).ref for place in row])

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
            label = page_label(page, run, self.documents)
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
        self.coverage.mark_seen([ref])
        self.seen.emit(ref)

    def _arrived(self, ref: PageRef) -> None:
        self.taking.words_came()
        self.looks.trim()
        self.going.thumbnail_came(ref)

    def toggle_rail(self) -> None:
        """Show or hide the rail."""
        self._show_rail(self.rail.isHidden())

    def refresh_tools(self) -> None:
        """Buttons and fields say how the view stands."""
        self._show_state()

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
            self.going.back()
        elif event.button() is Qt.MouseButton.ForwardButton:
            self.going.forward()
        else:
            super().mousePressEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        """Where there is room, the rail is shown until the reviewer decides."""
        super().showEvent(event)
        if self._rail_wished is None:
            self.rail.setVisible(self.width() >= _ROOM_FOR_RAIL)
            self._show_state()

    def menu_at(self, position: QPointF) -> None:
        """Open the menu at a position of the viewport."""
        context_menu(self, position)
