# SPDX-License-Identifier: AGPL-3.0-or-later
"""The documents panel: what the record is made of, each with type, author, dates, pages and what was done with it."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QTreeWidgetItem, QVBoxLayout, QWidget

from imr_desktop.casework.documents import CannotSplit
from imr_desktop.models.places import Place
from imr_desktop.models.records import Document, PageRef
from imr_desktop.storage import Change, Table
from imr_desktop.ui.flow import Flow
from imr_desktop.ui.form import case_pages, progress
from imr_desktop.ui.form.binder import Binder
from imr_desktop.ui.form.dated import documents_in_order, first_page, pages_within
from imr_desktop.ui.form.entries import DATE, Reading
from imr_desktop.ui.form.fields import ChoiceField, Field, LineField
from imr_desktop.ui.form.labels import DISPOSITIONS, DOCUMENT_TYPES, document_dates, document_name, type_name
from imr_desktop.ui.form.layout import Grid, UndoBar, Wrapped, choose_row, scrolling, tree
from imr_desktop.ui.form.panel import Panel
from imr_desktop.ui.form.proposals import Proposals
from imr_desktop.ui.parts import button

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk

_ID = Qt.ItemDataRole.UserRole
_DISPOSITION_NAMES = dict(DISPOSITIONS)


class DocumentsPanel(Panel):
    """The list of documents (reference 3.3) and the form of the chosen one."""

    looks_at = frozenset({Table.DOCUMENT, Table.SOURCE})

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self.proposed = Proposals("document", "Date", "Document", "Pages", wide=1)
        self._by_date = False
        self._seen: frozenset[PageRef] = frozenset()
        self._chosen = ""
        self._binder = Binder(self._document, desk.keep_document)
        self.list = tree("Date", "Document", "Pages", "Dealt with", rows=5, wide=1)
        self.list.setAccessibleName("Documents")
        self._says = Wrapped("muted")
        self._undo = UndoBar(desk.undo)
        self._order = ChoiceField("Order", ((False, "As added"), (True, "By date")))
        self._order.keep = self._use_order
        self._order.show_value(False)
        self._form = self._fields()
        self.add = button("Add", self._add, "main")
        self.remove = button("Remove", self._remove, tip="Remove the chosen document from the list; its pages stay")
        self.go = button("Show", self._go, tip="Show the first page of the chosen document")
        self.read = button("Mark read", self._mark_read, tip="The chosen document has been read")
        self.split = button("Split", self._split, tip="A new document begins with the page in view (Ctrl+Enter)")
        self.join = button("Join next", self._join, tip="The next document in the list is part of this one")
        self.page_in_view: Callable[[], PageRef | None] = lambda: None
        self._lay_out()
        self.list.currentItemChanged.connect(lambda now, _before: self._turn(now.data(0, _ID) if now else ""))
        self.list.itemActivated.connect(lambda _item, _column: self._go())
        delete = QShortcut(QKeySequence.StandardKey.Delete, self.list, self._remove)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        for keys, act in (("Ctrl+Return", self._split), ("J", self._join), ("M", self._mark_read)):
            QShortcut(QKeySequence(keys), self.list, act).setContext(Qt.ShortcutContext.WidgetShortcut)
        self.proposed.then = self.list
        self.redraw()

    def binders(self) -> tuple[Binder, ...]:
        """The fields of the chosen document."""
        return (self._binder,)

    def show_place(self, place: Place) -> bool:
        """A document is a row; without a field its title is focused."""
        if place.row is not None:
            self.choose(place.row)
        if place.field and super().show_place(place):
            return True
        self.list.setFocus()
        return place.field is None

    def choose(self, document_id: str) -> None:
        """Choose a document in the list."""
        for index in range(self.list.topLevelItemCount()):
            row = self.list.topLevelItem(index)
            if row is not None and row.data(0, _ID) == document_id:
                choose_row(self.list, index)

    def current(self) -> str | None:
        """The id of the chosen document."""
        return self._chosen or None

    def redraw(self) -> None:
        """Show the present documents; the chosen one stays chosen."""
        case = self.desk.case
        self._pages.use(Reading(self._read_pages, self._show_pages, "413-416"))
        self._seen = frozenset(self.desk.seen())
        shown = documents_in_order(case, by_date=self._by_date)
        self._copy_of.offer([(None, "Not a copy"), *((each.id, document_name(each)) for each in shown)])
        self.list.blockSignals(True)
        while self.list.topLevelItemCount() > len(shown):
            self.list.takeTopLevelItem(self.list.topLevelItemCount() - 1)
        ids = [document.id for document in shown]
        for index, document in enumerate(shown):
            row = self.list.topLevelItem(index)
            if row is None:
                row = QTreeWidgetItem()
                self.list.addTopLevelItem(row)
            self._show_row(row, document)
        if self._chosen not in ids:
            at = min(self._index(), len(ids) - 1)
            wanted = ids[at] if ids else ""
        else:
            wanted = self._chosen
        if wanted:
            choose_row(self.list, ids.index(wanted))
        self.list.blockSignals(False)
        self._turn(wanted)
        self._says.say(progress.of_documents(case).sentence)

    def _heard(self, change: Change) -> None:
        self._undo.hide()
        super()._heard(change)

    def _index(self) -> int:
        return max(0, self.list.currentIndex().row())

    def _document(self, row: str) -> Document | None:
        return next((document for document in self.desk.case.documents if document.id == row), None)

    def _show_row(self, row: QTreeWidgetItem, document: Document) -> None:
        title = document.title or type_name(document.type)
        opened = any(ref in self._seen for ref in pages_within(document))
        waiting = "Open" if opened or not document.pages else "Never opened"
        texts = (
            document_dates(document) or "no date",
            f"{title}, {document.author}" if document.author else title,
            self._show_pages(document.pages),
            _DISPOSITION_NAMES[document.disposition] if document.disposition else waiting,
        )
        row.setData(0, _ID, document.id)
        for column, text in enumerate(texts):
            row.setText(column, text)
            row.setToolTip(column, text)

    def _read_pages(self, text: str) -> object:
        return case_pages.read_pages(text, self.desk.case.sources)

    def _show_pages(self, spans: object) -> str:
        return case_pages.show_pages(spans, self.desk.case.sources)  # type: ignore[arg-type]

    def _turn(self, document_id: str) -> None:
        self._binder.turn_to(document_id)
        self._chosen = document_id
        document = self._document(document_id)
        self._form.setVisible(document is not None)
        self.remove.setEnabled(document is not None)
        for each in (self.split, self.join):
            each.setEnabled(document is not None)
        self.read.setEnabled(document is not None and document.disposition is None)
        self.go.setEnabled(document is not None and first_page(document) is not None)

    def _use_order(self, by_date: bool) -> None:
        self._by_date = by_date
        self.redraw()

    def _add(self) -> None:
        self.flush()
        self.choose(self.desk.add_document(Document("")))
        self._title.setFocus()

    def _remove(self) -> None:
        document = self._document(self._chosen)
        if document is not None:
            self.flush()
            self.desk.remove_document(document.id)
            self._undo.offer(f"{document_name(document)} was removed from the list.")

    def _mark_read(self) -> None:
        self._disposition.keep(DISPOSITIONS[1][0])

    def _split(self) -> None:
        page = self.page_in_view()
        if page is None or self._document(self._chosen) is None:
            return
        self.flush()
        try:
            self.choose(self.desk.split_document(self._chosen, page))
        except CannotSplit as trouble:
            self._says.say(f"{trouble.happened} {trouble.advice}")
            return
        self._title.setFocus()

    def _join(self) -> None:
        row = self.list.topLevelItem(self._index() + 1)
        if row is not None and self._chosen:
            self.flush()
            self.desk.join_documents(self._chosen, str(row.data(0, _ID)))
            self._undo.offer("Two documents were joined.")

    def _go(self) -> None:
        document = self._document(self._chosen)
        spot = None if document is None else first_page(document)
        if spot is not None:
            self.go_to_page.emit(spot.page, spot.boxes)

    def _fields(self) -> QWidget:
        self._title = LineField("Title, as the letter names it")
        self._pages = LineField("Case pages")
        self._disposition = ChoiceField("Dealt with", DISPOSITIONS)
        self._copy_of = ChoiceField("Copy of")
        layout: tuple[tuple[str, Field, int], ...] = (
            ("type", ChoiceField("Type", DOCUMENT_TYPES), 3),
            ("title", self._title, 3),
            ("author", LineField("Author"), 3),
            ("author_org", LineField("Author's organisation"), 3),
            ("date", LineField("Date", DATE), 2),
            ("date_to", LineField("Last date, if several", DATE), 2),
            ("pages", self._pages, 2),
            ("disposition", self._disposition, 3),
            ("duplicate_of", self._copy_of, 3),
            ("received_from", LineField("Received from"), 3),
            ("received_on", LineField("Received on", DATE), 3),
        )
        grid = Grid()
        for path, field, columns in layout:
            self._binder.bind(path, field)
            grid.add(field, columns)
        inside = QWidget()
        inside.setLayout(grid)
        return inside

    def _lay_out(self) -> None:
        buttons = Flow(self.add, self.read, self.go, self.split, self.join, self.remove)
        top = QHBoxLayout()
        top.addWidget(self._says, 1)
        self._order.stand_alone(10)
        top.addWidget(self._order)
        head = QVBoxLayout()
        head.setContentsMargins(12, 8, 12, 4)
        head.setSpacing(6)
        head.addLayout(top)
        head.addWidget(self.list, 1)
        head.addLayout(buttons)
        head.addWidget(self._undo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.proposed)
        column.addLayout(head, 1)
        column.addWidget(scrolling(self._form), 2)
