# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rail beside the pages: documents, pages, bookmarks, hits, evidence, term sets, and a map of what was seen."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QListView, QScrollArea, QTabWidget, QVBoxLayout, QWidget

from imr_desktop.models.records import Document, PageRef
from imr_desktop.ui.parts import text_is_large
from imr_desktop.ui.record.addresses import documents_by_page
from imr_desktop.ui.record.coverage import Coverage
from imr_desktop.ui.record.finding import Finding
from imr_desktop.ui.record.glyphs import glyph
from imr_desktop.ui.record.pages import PageRun
from imr_desktop.ui.record.rail_filter import FilterBar, RailFilter
from imr_desktop.ui.record.rail_hits import HitDelegate, HitModel
from imr_desktop.ui.record.rail_map import CoverageMap
from imr_desktop.ui.record.rail_pages import PageDelegate, PageModel
from imr_desktop.ui.record.rail_rows import Row, RowModel, document_rows
from imr_desktop.ui.record.term_panel import TermPanel

TABS = ("documents", "pages", "bookmarks", "hits", "evidence", "terms", "map")
_NAMES = ("Documents", "Pages", "Bookmarks", "Hits", "Evidence", "Term sets", "Map of the record")
# The lists scroll; with large text on a low screen they have to do with this.
_LOWEST = 120


class Rail(QWidget):
    """Lists under tabs. ``chosen`` tells which page to go to, ``row_chosen`` which row with its boxes."""

    chosen = Signal(object)
    row_chosen = Signal(object)
    hit_chosen = Signal(int)
    removed = Signal(str)

    def __init__(
        self,
        coverage: Coverage,
        finding: Finding,
        thumbnail: Callable[[PageRef], QImage | None],
        address: Callable[[PageRef], str],
        terms: TermPanel,
    ) -> None:
        super().__init__()
        self._coverage = coverage
        self.documents, self.pages = RowModel(self), PageModel(coverage, self)
        self.bookmarks, self.evidence = RowModel(self), RowModel(self)
        self.hits = HitModel(finding, address, self)
        self.terms = terms
        self._current: PageRef | None = None
        self._followed: tuple[object, ...] = ()
        self._run, self._documents = PageRun(), tuple[Document, ...]()
        self._proposed: tuple[Document, ...] = ()
        self._just: tuple[tuple[PageRef, ...], str] | None = None
        self._starts: list[tuple[int, int]] = []
        self.filter = FilterBar()
        self.document_list = self._list(self.documents, "Documents of the case", Qt.TextElideMode.ElideRight)
        self.page_list = self._list(self.pages, "Pages of the case", Qt.TextElideMode.ElideMiddle)
        self.page_list.setItemDelegate(PageDelegate(self.pages, thumbnail, self.page_list))
        self.bookmark_list = self._list(self.bookmarks, "Bookmarks", Qt.TextElideMode.ElideRight)
        self.hit_list = self._list(self.hits, "Hits of the search", Qt.TextElideMode.ElideRight)
        self.hit_list.setItemDelegate(HitDelegate(self.hit_list))
        self.evidence_list = self._list(self.evidence, "Evidence on the pages", Qt.TextElideMode.ElideRight)
        self.map = CoverageMap(coverage)
        self.map.chosen.connect(self.chosen)
        self._lay_out()
        coverage.changed.connect(self._cover_changed)
        finding.changed.connect(lambda: self._show_hit(finding.current))

    def _lay_out(self) -> None:
        scroller = QScrollArea(widgetResizable=True)
        scroller.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroller.setWidget(self.map)
        scroller.setFocusProxy(self.map)
        self.heading, self.nothing = QLabel(), QLabel(wordWrap=True)
        self.heading.setProperty("says", "step")
        self.heading.setContentsMargins(8, 6, 8, 2)
        self.nothing.setProperty("says", "muted")
        self.nothing.setContentsMargins(8, 4, 8, 4)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.setAccessibleName("Rail")
        self.tabs.setMinimumHeight(_LOWEST)
        self.tabs.tabBar().setAccessibleName("What the rail shows")
        self.tabs.setIconSize(QSize(16, 16))
        self.tabs.tabBar().setExpanding(True)
        self.tabs.tabBar().setUsesScrollButtons(False)
        self.tabs.tabBar().setStyleSheet("QTabBar::tab { padding: 5px 0; width: 24px; border-width: 1px; }")
        lists: Sequence[QWidget] = (
            self.document_list,
            self.page_list,
            self.bookmark_list,
            self.hit_list,
            self.evidence_list,
            self.terms,
            scroller,
        )
        for number, (key, name, shown) in enumerate(zip(TABS, _NAMES, lists, strict=True)):
            self.tabs.addTab(shown, glyph(f"tab-{key}"), "")
            self.tabs.setTabToolTip(number, name)
            self.tabs.tabBar().setAccessibleTabName(number, name)
        self.tabs.currentChanged.connect(self.show_heading)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.filter, self.heading, self.nothing):
            column.addWidget(widget)
        column.addWidget(self.tabs, 1)
        self.filter.changed.connect(self._filtered)
        self.show_heading()

    def _list(self, model: QAbstractListModel, name: str, elide: Qt.TextElideMode) -> QListView:
        view = QListView(uniformItemSizes=True)
        view.setModel(model)
        view.setAccessibleName(name)
        view.setTextElideMode(elide)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        view.clicked.connect(self._choose)
        view.activated.connect(self._choose)
        return view

    def show_record(self, run: PageRun, documents: Sequence[Document]) -> None:
        """Show these files, documents and pages."""
        self._run, self._documents = run, tuple(documents)
        self.filter.offer_types(self._listed)
        with self._in_place():
            self._fill()

    def show_proposed(self, documents: Sequence[Document]) -> None:
        """List these as well, as documents that the machine proposes and the reviewer has not taken yet."""
        if tuple(documents) == self._proposed:
            return
        self._proposed = tuple(documents)
        self.filter.offer_types(self._listed)
        with self._in_place():
            wanted = self.filter.filter()
            places = self._taken(wanted)
            if places is not None and self._just is None:
                self._fill_pages(places)
            self._fill_documents(wanted, places)

    @contextmanager
    def _in_place(self) -> Iterator[None]:
        """What is listed changes while the reviewer looks at it: what stood at the top and was chosen stays there."""
        lists = ((self.document_list, self.documents), (self.page_list, self.pages))
        before = [
            (view, model, model.same(view.indexAt(QPoint(1, 1))), model.same(view.currentIndex()))
            for view, model in lists
        ]
        followed = self._followed
        yield
        for view, model, top, current in before:
            # Where the keys stood on the page in view, they follow it to its document as that is now.
            if current not in followed and (row := model.row_like(current)) is not None:
                view.setCurrentIndex(model.index(row))
            if (row := model.row_like(top)) is not None:
                view.doItemsLayout()
                view.scrollTo(model.index(row), QListView.ScrollHint.PositionAtTop)

    def show_bookmarks(self, rows: tuple[Row, ...]) -> None:
        """Show these bookmarks."""
        self.bookmarks.show(rows)
        self.show_heading()

    def show_evidence(self, rows: tuple[Row, ...]) -> None:
        """Show this evidence."""
        self.evidence.show(rows)
        self.show_heading()

    def open(self, tab: str) -> None:
        """Show a list: one of TABS."""
        self.tabs.setCurrentIndex(TABS.index(tab))

    def list_pages(self, refs: Sequence[PageRef], what: str) -> None:
        """List just these pages, until the filter is set anew."""
        self._just = tuple(refs), what
        self.filter.list_just(f"Pages that {what}")
        self._fill()
        self.open("pages")
        self.show_heading()

    def follow(self, ref: PageRef | None) -> None:
        """Keep the rows of the page being looked at chosen and in view."""
        if ref != self._current:
            self._current = ref
            self._mark()

    def _mark(self) -> None:
        ref = self._current
        place = None if ref is None else self.pages.run.place(ref)
        if place is None:
            return
        row = self.pages.row_of(place)
        if row is not None and self.page_list.currentIndex().row() != row:
            self.page_list.setCurrentIndex(self.pages.index(row))
        before = bisect_right(self._starts, (place, len(self.documents.rows)))
        if before:
            self.document_list.setCurrentIndex(self.documents.index(self._starts[before - 1][1]))
        self._followed = (ref, self.documents.same(self.document_list.currentIndex()))
        self.map.follow(ref)

    def focus_list(self) -> QWidget:
        """The list that is shown, for the keys that go round the window."""
        shown = self.tabs.currentWidget()
        return self.map if isinstance(shown, QScrollArea) else shown

    def _filtered(self) -> None:
        if self._just is not None:
            self._just = None
            self.filter.list_just("")
        self._fill()

    def _fill(self) -> None:
        wanted = self.filter.filter()
        places = self._taken(wanted)
        self._fill_pages(places)
        self._fill_documents(wanted, places)

    def _taken(self, wanted: RailFilter) -> list[int] | None:
        """The places of the pages that a filter takes; None where it leaves nothing out."""
        if not wanted.is_set:
            return None
        of_page = documents_by_page(self._listed)
        return [
            place
            for place, page in enumerate(self._run.pages)
            if wanted.takes_document(of_page.get(page.ref)) and wanted.takes_page(page.ref, self._coverage)
        ]

    def _fill_pages(self, places: Sequence[int] | None) -> None:
        if self._just is not None:
            places = sorted(place for ref in self._just[0] if (place := self._run.place(ref)) is not None)
        self.pages.show(self._run, self._documents, places)

    def _fill_documents(self, wanted: RailFilter, places: Sequence[int] | None) -> None:
        documents = [document for document in self._listed if wanted.takes_document(document)]
        if places is not None and wanted.shown != "all":
            shown = {self._run.pages[place].ref for place in places}
            documents = [each for each in documents if any(each.holds(ref) for ref in shown)]
        proposed = {document.id for document in self._proposed}
        self.documents.show(document_rows(self._run, documents, self._unseen_of, proposed))
        found = ((self._run.place(row.ref), number) for number, row in enumerate(self.documents.rows) if row.ref)
        self._starts = sorted((place, number) for place, number in found if place is not None)
        self._say(len(documents), places)
        self._mark()
        self.show_heading()

    @property
    def _listed(self) -> tuple[Document, ...]:
        return (*self._documents, *self._proposed)

    def _say(self, documents: int, places: Sequence[int] | None) -> None:
        if self._just is not None:
            count = len(self.pages.places)
            self.filter.say(f"Listed: {count:,} {'page' if count == 1 else 'pages'} that {self._just[1]}")
        elif places is None:
            self.filter.say(self._coverage.summary())
        else:
            whole = f"{len(self._listed):,} documents"
            self.filter.say(f"Listed: {documents:,} of {whole}, {len(places):,} of {len(self._run.pages):,} pages")

    def _unseen_of(self, document: Document) -> str:
        refs = [PageRef(span.source, page) for span in document.pages for page in range(span.first, span.last + 1)]
        left = sum(self._coverage.is_open(ref) for ref in refs if self._run.place(ref) is not None)
        return f"{left} unseen" if left else ""

    def _cover_changed(self, refs: tuple[PageRef, ...]) -> None:
        self.pages.refresh(refs)
        if self._just is None and not self.filter.filter().is_set:
            self.filter.say(self._coverage.summary())

    def _show_hit(self, current: int | None) -> None:
        if current is not None and current < self.hits.rowCount():
            self.hit_list.setCurrentIndex(self.hits.index(current))
        self.show_heading()

    def show_heading(self) -> None:
        """Say what the list shown is, and how much it holds."""
        number = self.tabs.currentIndex()
        counts = (
            sum(not row.heads for row in self.documents.rows),
            len(self.pages.places),
            len(self.bookmarks.rows),
            self.hits.rowCount(),
            len(self.evidence.rows),
            self.terms.list.topLevelItemCount(),
        )
        empty = (
            "No documents are listed.",
            "No pages are listed.",
            "No bookmarks yet. Ctrl+B sets one here.",
            "No hits. Ctrl+F finds words in the whole record.",
            "No evidence yet. Select words on a page and press E or S.",
            "No term sets yet. New… makes one that stays lit on the pages.",
        )
        has = number >= len(counts) or counts[number] > 0
        said = f" ({counts[number]:,})" if number < len(counts) else ""
        if not number and (proposed := sum(row.proposed for row in self.documents.rows)):
            said = f" ({counts[0]:,}, {'all' if proposed == counts[0] else f'{proposed:,}'} proposed)"
        self.heading.setText(_NAMES[number] + said)
        self.nothing.setText("" if has else empty[number])
        self.nothing.setVisible(not has)
        if number == len(_NAMES) - 1:
            self.nothing.setText("Filled: seen. Empty: not seen. Struck: dismissed. Crossed: cannot be shown.")
            self.nothing.setVisible(not text_is_large())  # the map's tool tips say it as well

    def _choose(self, index: QModelIndex) -> None:
        model = index.model()
        if model is self.pages:
            self.chosen.emit(self.pages.ref(index.row()))
        elif model is self.hits:
            self.hit_chosen.emit(index.row())
        elif isinstance(model, RowModel) and model.rows[index.row()].ref is not None:
            self.row_chosen.emit(model.rows[index.row()])
