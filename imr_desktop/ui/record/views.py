# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record in one view or two: side by side, or the second in a window of its own for another screen."""

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from imr_desktop.models.evidence import Passage
from imr_desktop.models.records import Box, Document, PageRef, SourceFile
from imr_desktop.ui.record.acts import Act
from imr_desktop.ui.record.bridge import RecordReader
from imr_desktop.ui.record.coverage import Coverage
from imr_desktop.ui.record.marks import EvidenceMark
from imr_desktop.ui.record.memory import PageFact, RecordMemory
from imr_desktop.ui.record.pane import RecordPane
from imr_desktop.ui.record.picture import PictureCache
from imr_desktop.ui.record.searching import Finder
from imr_desktop.ui.record.second_window import SecondWindow
from imr_desktop.ui.record.shared import Shared
from imr_desktop.ui.record.view import RecordView

_ROOM_BESIDE_RAIL = 640


class RecordViews(QWidget):
    """A ``RecordPane`` that can be doubled; to the case window it is one pane, the one that was used last.

    It has the signals and the methods of ``RecordPane`` that a case window needs.
    """

    passage_selected = Signal(object)
    cite_requested = Signal(object, str)
    page_changed = Signal(object)
    seen = Signal(object)
    evidence_chosen = Signal(str)
    memory_changed = Signal()

    def __init__(
        self,
        reader: RecordReader,
        parent: QWidget | None = None,
        *,
        now: Callable[[], float] = time.monotonic,
        cache: PictureCache | None = None,
        memory: RecordMemory | None = None,
        finder: Finder | None = None,
    ) -> None:
        super().__init__(parent)
        self._reader, self._now, self._finder = reader, now, finder
        self.shared = Shared(reader, memory, cache, self, finder)
        self._sources: tuple[SourceFile, ...] = ()
        self._documents: tuple[Document, ...] = ()
        self._proposed: tuple[Document, ...] = ()
        self._evidence: tuple[EvidenceMark, ...] = ()
        self._facts: Mapping[PageRef, PageFact] = {}
        self._known: set[PageRef] = set()
        self._rail_was = False
        self._seen_after: float | None = None
        self.splitter = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        self.first = self._pane()
        self.second: RecordPane | None = None
        self.window_of_second: SecondWindow | None = None
        self._active = self.first
        self.splitter.addWidget(self.first)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.splitter)
        self.setFocusProxy(self.first)

    def _pane(self) -> RecordPane:
        made = RecordPane(self._reader, now=self._now, shared=self.shared, finder=self._finder)
        made.passage_selected.connect(self.passage_selected)
        made.cite_requested.connect(self.cite_requested)
        made.page_changed.connect(self.page_changed)
        made.seen.connect(self._seen)
        made.evidence_chosen.connect(self.evidence_chosen)
        made.memory_changed.connect(self._memory_changed)
        made.split_wanted.connect(self.toggle_split)
        made.window_wanted.connect(self.tear_off)
        made.view.installEventFilter(self)
        return made

    # One or two

    @property
    def panes(self) -> tuple[RecordPane, ...]:
        """The views there are."""
        return (self.first,) if self.second is None else (self.first, self.second)

    @property
    def active(self) -> RecordPane:
        """The view that was used last."""
        return self._active

    @property
    def coverage(self) -> Coverage:
        """What is known of every page."""
        return self.shared.coverage

    @property
    def view(self) -> RecordView:
        """The pages of the view that was used last."""
        return self._active.view

    @property
    def acts(self) -> dict[str, Act]:
        """Every act by its name, done in the view that was used last."""
        return {name: lambda name=name: self._active.acts[name]() for name in self.first.acts}  # type: ignore[misc]

    def toggle_split(self) -> None:
        """Show the record twice side by side, or once again."""
        if self.second is not None:
            self._drop_second()
        else:
            self._split().view.setFocus()

    def tear_off(self) -> None:
        """Move the second view (made if need be) into a window of its own, or back."""
        if self.window_of_second is not None:
            self.window_of_second.close()
            return
        second = self.second or self._second()
        window = SecondWindow(self, second, f"{self.window().windowTitle() or 'Record'} (second window)")
        window.closed.connect(self._take_back)
        self.window_of_second = window
        window.show()
        second.view.setFocus()

    def count_as_seen_after(self, seconds: float) -> None:
        """A page counts as seen when it was readable on screen for so long."""
        self._seen_after = seconds
        for pane in self.panes:
            pane.view.tracker.rule = replace(pane.view.tracker.rule, seconds=seconds)

    def close_second(self) -> None:
        """The case is being closed: a second window goes with it, without coming back."""
        if self.window_of_second is not None:
            self.window_of_second.closed.disconnect(self._take_back)
            self.window_of_second.close()
            self.window_of_second = None

    def stop_finding(self) -> None:
        """The case is being closed: nothing is looked for any more."""
        self.shared.lighting.stop()
        for pane in self.panes:
            pane.seeking.finding.stop()

    def _split(self) -> RecordPane:
        second = self._second()
        self.splitter.addWidget(second)
        second.show()
        half = max(self.splitter.width() // 2, 1)
        self.splitter.setSizes([half, half])
        # Two views side by side need the room; F9 brings the rail back in either.
        self._rail_was = not self.first.rail.isHidden()
        if self._rail_was and half < _ROOM_BESIDE_RAIL:
            self.first.toggle_rail()
        return second

    def _second(self) -> RecordPane:
        """A second view that stands as the first does; it is shown by whoever gives it its place."""
        second = self.second = self._pane()
        second.show_record(self._sources, self._documents)
        second.rail.show_proposed(self._proposed)
        second.show_evidence(self._evidence)
        second.show_page_facts(self._facts)
        second.know_seen(tuple(self._known))
        if self._seen_after is not None:
            self.count_as_seen_after(self._seen_after)
        state = self.first.state()
        second.restore({**state, "rail": False})
        return second

    def _take_back(self) -> None:
        """The second window closes: its view stands beside the first again."""
        self.window_of_second = None
        if self.second is not None:
            self.splitter.addWidget(self.second)
            self.second.show()

    def _drop_second(self) -> None:
        second, self.second = self.second, None
        if self._rail_was and self.first.rail.isHidden():
            self.first.toggle_rail()
        self._rail_was = False
        if self.window_of_second is not None:
            self.window_of_second.close()
        self._active = self.first
        if second is not None:
            second.view.removeEventFilter(self)
            self.shared.loader.leave(second.view)
            second.hide()
            second.setParent(None)
            second.deleteLater()
        self.first.view.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The view that gets the keys is the one that is used."""
        if event.type() == QEvent.Type.FocusIn:
            self._active = next((pane for pane in self.panes if pane.view is watched), self._active)
        return super().eventFilter(watched, event)

    # What the case window tells both

    def show_record(self, sources: Sequence[SourceFile], documents: Sequence[Document]) -> None:
        """Show these files and documents."""
        self._sources, self._documents = tuple(sources), tuple(documents)
        for pane in self.panes:
            pane.show_record(sources, documents)

    def show_proposed(self, documents: Sequence[Document]) -> None:
        """List these documents, which the machine proposes, beside those of the case."""
        self._proposed = tuple(documents)
        for pane in self.panes:
            pane.rail.show_proposed(documents)

    def show_evidence(self, marks: Sequence[EvidenceMark]) -> None:
        """Show this kept evidence."""
        self._evidence = tuple(marks)
        for pane in self.panes:
            pane.show_evidence(marks)

    def show_page_facts(self, facts: Mapping[PageRef, PageFact]) -> None:
        """What reading machines found out about pages."""
        self._facts = dict(facts)
        for pane in self.panes:
            pane.show_page_facts(facts)

    def words_changed(self, refs: Collection[PageRef]) -> None:
        """The machine has read these pages, or read them better."""
        self.shared.words_changed(refs)
        for pane in self.panes:
            pane.words_changed()

    def know_seen(self, refs: Sequence[PageRef]) -> None:
        """These pages were seen before."""
        self._known.update(refs)
        for pane in self.panes:
            pane.know_seen(refs)

    def recall(self) -> None:
        """The memory has been changed from outside."""
        for pane in self.panes:
            pane.recall()

    def show_terms(self) -> None:
        """The term sets have been changed from outside."""
        self.first.terming.refresh()

    # What it does in the view that was used last

    def go_to(self, ref: PageRef, boxes: Sequence[Box] = ()) -> None:
        """Jump to a page, or to boxes on it."""
        self._active.go_to(ref, boxes)

    def go_to_passage(self, passage: Passage) -> None:
        """Jump to where a passage begins."""
        self._active.go_to_passage(passage)

    def peek(self, passage: Passage, near: QWidget | None = None) -> None:
        """Show a passage in a small window beside ``near``."""
        self._active.peek(passage, near)

    def find_words(self, query: str) -> None:
        """Find a query everywhere, light its hits, and list them."""
        self.active.seeking.find_words(query)

    def selection(self) -> Passage | None:
        """The selected passage."""
        return self._active.selection()

    def clear_selection(self) -> None:
        """Select nothing."""
        self._active.clear_selection()

    def stops(self) -> tuple[QWidget, ...]:
        """Where F6 stops."""
        return tuple(stop for pane in self.panes for stop in pane.stops())

    def state(self) -> dict[str, Any]:
        """Both views, and how they stand, as plain data."""
        data = {**self.first.state(), "split": self.splitter.sizes() if self.second is not None else None}
        if self.second is not None:
            data["second"] = self.second.state()
            data["torn_off"] = self.window_of_second is not None
        return data

    def restore(self, state: dict[str, Any]) -> None:
        """Stand as the state says, as far as it can be understood."""
        self.first.restore(state)
        if isinstance(state.get("second"), dict):
            if self.second is None:
                self._split()
            if self.second is not None:
                self.second.restore(state["second"])
            sizes = state.get("split")
            if isinstance(sizes, list) and len(sizes) == 2 and all(isinstance(size, int) for size in sizes):
                self.splitter.setSizes(sizes)
            if state.get("torn_off"):
                self.tear_off()

    def _seen(self, ref: PageRef) -> None:
        """A page seen in one view is seen."""
        if ref in self._known:
            return
        self._known.add(ref)
        for pane in self.panes:
            pane.view.tracker.know((ref,))
        self.seen.emit(ref)

    def _memory_changed(self) -> None:
        for pane in self.panes:
            if pane is not self.sender():
                pane.recall()
        self.memory_changed.emit()
