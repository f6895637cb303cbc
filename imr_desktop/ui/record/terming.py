# SPDX-License-Identifier: AGPL-3.0-or-later
"""Term sets as one pane shows them: lit on its pages, listed in its rail, gone through by keys."""

import uuid
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer

from imr_desktop.models.records import Document, PageRef
from imr_desktop.models.terms import TermSet
from imr_desktop.ui.record.addresses import document_label, documents_by_page, printed_day
from imr_desktop.ui.record.find_bar import FindBar
from imr_desktop.ui.record.lighting import counts_of
from imr_desktop.ui.record.searching import Hit
from imr_desktop.ui.record.term_panel import TermPanel, TermSetDialog

if TYPE_CHECKING:
    from imr_desktop.ui.record.pane import RecordPane

_SHOW_EVERY_MS = 150


class Terming(QObject):
    """What one pane does with the case's term sets."""

    def __init__(self, pane: "RecordPane") -> None:
        super().__init__(pane)
        self._pane, self._memory, self.lighting = pane, pane.shared.memory, pane.shared.lighting
        self.panel = TermPanel()
        self.dialog: TermSetDialog | None = None
        self._at: Hit | None = None
        self._documents: Sequence[Document] = ()
        self._by_page: dict[PageRef, Document] = {}
        self._late = QTimer(self, singleShot=True, interval=_SHOW_EVERY_MS)
        self._late.timeout.connect(self._show)
        pane.view.overlays.lit = self.lighting.on
        self.lighting.changed.connect(self._changed)
        panel = self.panel
        panel.lit_wished.connect(self._light)
        panel.document_wanted.connect(self._go_to_document)
        panel.stepped.connect(self.step)
        panel.new_wanted.connect(self.new)
        panel.edit_wanted.connect(self._edit)
        panel.remove_wanted.connect(self._remove)
        panel.unsearched_wanted.connect(self._list_unsearched)

    def refresh(self) -> None:
        """Show what the memory holds."""
        self.lighting.show(self._memory.term_sets())

    def new(self) -> TermSetDialog:
        """Ask for a new set and light it."""
        return self._ask(TermSet(uuid.uuid4().hex, ""), None)

    def step(self, set_id: str | None = None, by: int = 1) -> None:
        """The next or previous place of a set (of all lit sets), from the page being looked at."""
        pane, run = self._pane, self._pane.view.stage.run
        place = pane.view.current_place() or 0
        here = (place, -1 if by > 0 else 1 << 30)
        if self._at is not None and run.place(self._at.page) == place:
            here = (place, self._at.first)
        hit = self.lighting.step(set_id, by, here)
        if hit is None:
            pane.notice.say("No lit term stands on any page that could be searched. Ctrl+T lists the sets.")
        else:
            self._go_to(hit)

    # -- within -----------------------------------------------------------------------------------------------

    def _go_to(self, hit: Hit) -> None:
        self._at = hit
        self._pane.go_to(hit.page, hit.boxes)

    def _changed(self) -> None:
        if all(each.finding.done for each in self.lighting.sets):
            self._show()
        elif not self._late.isActive():
            self._late.start()

    def _show(self) -> None:
        pane = self._pane
        names = {each.id: each.title or document_label(each) for each in pane.documents}
        days = {each.id: printed_day(each.date) for each in pane.documents if each.date is not None}

        def name(document: str) -> str:
            if not document:
                return "In no document"
            return " · ".join(part for part in (names.get(document, ""), days.get(document, "")) if part)

        self.panel.show_sets(self.lighting.sets, lambda lit: counts_of(lit, self._document_of), name)
        count = sum(map(len, self.lighting.not_searched()))
        self.panel.say_unsearched(count, len(pane.view.stage.run.pages), self._unsearched())
        pane.rail.show_heading()
        pane.view.viewport().update()

    def _document_of(self, ref: PageRef) -> str:
        documents = self._pane.documents
        if documents is not self._documents:
            self._documents, self._by_page = documents, documents_by_page(documents)
        document = self._by_page.get(ref)
        return "" if document is None else document.id

    def _unsearched(self) -> str:
        lit = self.lighting.asked()
        return "" if lit is None else FindBar.unsearched_words(lit.finding, len(self._pane.view.stage.run.pages))

    def _list_unsearched(self) -> None:
        unread, unreadable = self.lighting.not_searched()
        self._pane.list_pages([*unreadable, *unread], "could not be searched")

    def _go_to_document(self, set_id: str, document: str) -> None:
        for each in self.lighting.sets:
            if each.terms.id == set_id:
                hit = next((hit for hit in each.finding.hits if self._document_of(hit.page) == document), None)
                if hit is not None:
                    self._go_to(hit)

    def _of(self, set_id: str) -> TermSet | None:
        return next((each.terms for each in self.lighting.sets if each.terms.id == set_id), None)

    def _light(self, set_id: str, lit: bool) -> None:
        terms = self._of(set_id)
        if terms is not None and terms.lit is not lit:
            self._keep(replace(terms, lit=lit))

    def _edit(self, set_id: str) -> None:
        terms = self._of(set_id)
        if terms is not None:
            self._ask(terms, terms)

    def _remove(self, set_id: str) -> None:
        terms = self._of(set_id)
        if terms is None:
            return
        if not terms.is_own:
            self._pane.notice.say("An item's set goes with its item. Clear its box to light it no more.")
            return
        self._memory.remove_term_set(set_id)
        self._tell(f"The set {terms.name} is removed.", terms)

    def _ask(self, terms: TermSet, shown: TermSet | None) -> TermSetDialog:
        dialog = self.dialog = TermSetDialog(shown, self._pane.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.kept.connect(
            lambda name, made, everywhere: self._keep(
                replace(terms, name=name, terms=made, lit=True, everywhere=everywhere)
            )
        )
        dialog.show()
        return dialog

    def _keep(self, terms: TermSet) -> None:
        self._memory.keep_term_set(terms)
        self._told()

    def _tell(self, said: str, removed: TermSet) -> None:
        def back() -> None:
            self._memory.keep_term_set(removed)
            self._told()

        self._told()
        self._pane.notice.say(said, undo=back)

    def _told(self) -> None:
        self.refresh()
        self._pane.memory_changed.emit()
