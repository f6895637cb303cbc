# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rail beside the pages: the documents of the case by file, and every page with whether it has been seen."""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QListView, QTabWidget, QVBoxLayout, QWidget

from imr_desktop.models.records import Document, PageRef, SourceFile
from imr_desktop.ui.record.addresses import document_label, documents_by_page, first_page, printed_day
from imr_desktop.ui.record.pages import PageRun

_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_FIGURE_SPACE = "\u2007"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it says, what is said of it below, which page it leads to, and whether it heads those after it."""

    title: str
    detail: str
    ref: PageRef | None
    heads: bool = False
    tip: str = ""


def document_rows(run: PageRun, documents: Sequence[Document]) -> tuple[Row, ...]:
    """Each file with the documents that begin in it, by page; last the documents whose pages are not here."""
    starts = {document.id: first_page(document, run) for document in documents}
    rows: list[Row] = []
    for source in sorted(run.sources, key=lambda source: source.first_case_page):
        rows.append(_file_row(source))
        begin = [document for document in documents if (ref := starts[document.id]) and ref.source == source.sha256]
        begin.sort(key=lambda document: run.place(starts[document.id] or PageRef("", 0)) or 0)
        rows.extend(_document_row(document, starts[document.id], run) for document in begin)
    absent = [document for document in documents if starts[document.id] is None]
    if absent:
        rows.append(Row("Without pages", "listed, but no file holds them", None, heads=True))
        rows.extend(_document_row(document, None, run) for document in absent)
    return tuple(rows)


def _file_row(source: SourceFile) -> Row:
    if not source.page_count:
        return Row(source.name, "cannot be opened", None, heads=True, tip=source.broken)
    last = source.first_case_page + source.page_count - 1
    pages = _pages(source.first_case_page, last)
    return Row(source.name, pages, PageRef(source.sha256, 0), heads=True, tip=f"{source.name}, {pages}")


def _document_row(document: Document, start: PageRef | None, run: PageRun) -> Row:
    title = document.title or document_label(document)
    places = [
        place
        for span in document.pages
        for ref in (PageRef(span.source, span.first), PageRef(span.source, span.last))
        if (place := run.place(ref)) is not None
    ]
    pages = ""
    if places:
        pages = _pages(run.pages[min(places)].case_page, run.pages[max(places)].case_page)
    day = "" if document_label(document) == title or document.date is None else printed_day(document.date)
    detail = " · ".join(part for part in (day, pages or "no pages here", document.author) if part)
    return Row(title, detail, start, tip=f"{title}\n{detail}")


def _pages(first: int, last: int) -> str:
    return f"page {first}" if first == last else f"pages {first}\u2013{last}"


class DocumentModel(QAbstractListModel):
    """Rows for the list of documents."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()

    def show(self, rows: tuple[Row, ...]) -> None:
        """Show these rows from now on."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a row says, and how."""
        row = self.rows[index.row()]
        indent = "" if row.heads else "   "
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return f"{indent}{row.title}\n{indent}{row.detail}"
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{row.title}, {row.detail}"
            case Qt.ItemDataRole.ToolTipRole:
                return row.tip
            case Qt.ItemDataRole.FontRole if row.heads:
                bold = QFont()
                bold.setBold(True)
                return bold
        return None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """Rows without a page can be read but not chosen."""
        able = super().flags(index)
        return able if self.rows[index.row()].ref is not None else able & ~Qt.ItemFlag.ItemIsSelectable


class PageModel(QAbstractListModel):
    """Every page of the run with its names and whether it has been seen."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run = PageRun()
        self._documents: dict[PageRef, Document] = {}
        self._seen: set[PageRef] = set()

    def show(self, run: PageRun, documents: Sequence[Document]) -> None:
        """Show the pages of this run."""
        self.beginResetModel()
        self.run, self._documents = run, documents_by_page(documents)
        self.endResetModel()

    def mark_seen(self, refs: Collection[PageRef]) -> None:
        """These pages have been seen."""
        self._seen.update(refs)
        for ref in refs:
            place = self.run.place(ref)
            if place is not None:
                self.dataChanged.emit(self.index(place), self.index(place))

    def is_seen(self, ref: PageRef) -> bool:
        """Whether the page has been seen."""
        return ref in self._seen

    def unseen_count(self) -> int:
        """How many pages have not been seen yet."""
        return sum(page.ref not in self._seen for page in self.run.pages)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        """How many pages there are."""
        return 0 if parent.isValid() else len(self.run.pages)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A page's names; a tick before those that have been seen."""
        page = self.run.pages[index.row()]
        seen = page.ref in self._seen
        if role == Qt.ItemDataRole.DisplayRole:
            digits = len(str(self.run.pages[-1].case_page))
            number = str(page.case_page).rjust(digits, _FIGURE_SPACE)
            return f"{'✓' if seen else '○'} {number}\u2002{self._about(page.ref)}"
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            file = f"{self.run.name(page.ref)} {page.ref.page + 1}"
            return f"Page {page.case_page}, {file}, {self._about(page.ref)}, {'seen' if seen else 'not seen yet'}"
        return None

    def _about(self, ref: PageRef) -> str:
        document = self._documents.get(ref)
        return document_label(document) if document is not None else f"{self.run.name(ref)} {ref.page + 1}"


class Rail(QWidget):
    """Two lists under two tabs: documents, and pages. ``chosen`` tells which page to go to."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.documents, self.pages = DocumentModel(self), PageModel(self)
        self._current: PageRef | None = None
        self._starts: list[tuple[int, int]] = []
        self.document_list = self._list(self.documents, "Documents of the case", Qt.TextElideMode.ElideRight)
        self.page_list = self._list(self.pages, "Pages of the case", Qt.TextElideMode.ElideMiddle)
        self.tabs = QTabWidget(documentMode=True)
        self.tabs.setAccessibleName("Rail")
        self.tabs.tabBar().setAccessibleName("What the rail shows")
        self.tabs.addTab(self.document_list, "Documents")
        self.tabs.addTab(self.page_list, "Pages")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.tabs)

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
        self.documents.show(document_rows(run, documents))
        self.pages.show(run, documents)
        places = ((run.place(row.ref), number) for number, row in enumerate(self.documents.rows) if row.ref is not None)
        self._starts = sorted((place, number) for place, number in places if place is not None)
        self.follow(self._current)

    def follow(self, ref: PageRef | None) -> None:
        """Keep the rows of the page being looked at chosen and in view."""
        self._current = ref
        place = None if ref is None else self.pages.run.place(ref)
        if place is None:
            return
        self.page_list.setCurrentIndex(self.pages.index(place))
        before = bisect_right(self._starts, (place, len(self.documents.rows)))
        if before:
            self.document_list.setCurrentIndex(self.documents.index(self._starts[before - 1][1]))

    def _choose(self, index: QModelIndex) -> None:
        if index.model() is self.pages:
            self.chosen.emit(self.pages.run.pages[index.row()].ref)
        elif (ref := self.documents.rows[index.row()].ref) is not None:
            self.chosen.emit(ref)
