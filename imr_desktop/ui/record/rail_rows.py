# SPDX-License-Identifier: AGPL-3.0-or-later
"""Lists of places in the record: the documents by file, bookmarks, evidence; each row leads to its page."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from imr_desktop.models.records import Box, Document, PageRef, SourceFile
from imr_desktop.ui.record.addresses import document_label, first_page, printed_day
from imr_desktop.ui.record.marks import EvidenceMark
from imr_desktop.ui.record.pages import PageRun

Index = QModelIndex | QPersistentModelIndex
NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class Row:
    """One row: what it says, what is said of it below, which page it leads to, and whether it heads those after it.

    ``boxes`` (upright page points) are lit when it is gone to; ``key`` is the id of what the row stands for, empty for
    what is only proposed.
    """

    title: str
    detail: str
    ref: PageRef | None
    heads: bool = False
    tip: str = ""
    boxes: tuple[Box, ...] = ()
    key: str = ""
    proposed: bool = False


def document_rows(
    run: PageRun,
    documents: Sequence[Document],
    about: Callable[[Document], str] = lambda _: "",
    proposed: Collection[str] = (),
) -> tuple[Row, ...]:
    """Each file with the documents that begin in it, by page; last the documents whose pages are not here.

    ``about`` says more of a document, such as how many of its pages have not been seen; ``proposed`` has the ids of
    those that the reviewer has not taken yet.
    """

    def row(document: Document) -> Row:
        made = _document_row(document, starts[document.id], run, about(document))
        return (
            replace(made, detail=f"{made.detail} · proposed", key="", proposed=True)
            if document.id in proposed
            else made
        )

    starts = {document.id: first_page(document, run) for document in documents}
    rows: list[Row] = []
    for source in sorted(run.sources, key=lambda source: source.first_case_page):
        rows.append(_file_row(source))
        begin = [document for document in documents if (ref := starts[document.id]) and ref.source == source.sha256]
        begin.sort(key=lambda document: run.place(starts[document.id] or PageRef("", 0)) or 0)
        rows.extend(map(row, begin))
    absent = [document for document in documents if starts[document.id] is None]
    if absent:
        rows.append(Row("Without pages", "listed, but no file holds them", None, heads=True))
        rows.extend(map(row, absent))
    return tuple(rows)


def _file_row(source: SourceFile) -> Row:
    if not source.page_count:
        return Row(source.name, "cannot be opened", None, heads=True, tip=source.broken)
    last = source.first_case_page + source.page_count - 1
    pages = _pages(source.first_case_page, last)
    return Row(source.name, pages, PageRef(source.sha256, 0), heads=True, tip=f"{source.name}, {pages}")


def _document_row(document: Document, start: PageRef | None, run: PageRun, about: str) -> Row:
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
    detail = " · ".join(part for part in (day, pages or "no pages here", document.author, about) if part)
    return Row(title, detail, start, tip=f"{title}\n{detail}", key=document.id)


def _pages(first: int, last: int) -> str:
    return f"page {first}" if first == last else f"pages {first}\u2013{last}"


def evidence_rows(marks: Sequence[EvidenceMark], address: Callable[[PageRef], str]) -> tuple[Row, ...]:
    """Each piece of kept evidence with its words, what it serves, and where it stands."""
    return tuple(
        Row(
            " ".join(mark.passage.text.split()) or "A region",
            " · ".join(part for part in (mark.label, address(mark.passage.start)) if part),
            mark.passage.start,
            tip=mark.passage.text,
            boxes=mark.passage.parts[0].boxes,
            key=mark.evidence,
        )
        for mark in marks
    )


class RowModel(QAbstractListModel):
    """Rows for a list."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: tuple[Row, ...] = ()

    def show(self, rows: tuple[Row, ...]) -> None:
        """Show these rows from now on."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def same(self, index: Index) -> object:
        """What stays the same of a row when the list is filled anew; None for no row."""
        return _same(self.rows[index.row()]) if index.isValid() else None

    def row_like(self, same: object) -> int | None:
        """The row of which this stayed the same; None if it has gone."""
        return next((number for number, row in enumerate(self.rows) if _same(row) == same), None)

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many rows there are."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
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
            case Qt.ItemDataRole.FontRole if row.proposed:
                slanted = QFont()
                slanted.setItalic(True)
                return slanted
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Rows without a page can be read but not chosen."""
        able = super().flags(index)
        return able if self.rows[index.row()].ref is not None else able & ~Qt.ItemFlag.ItemIsSelectable


def _same(row: Row) -> object:
    return row.key or (row.title, row.ref)
