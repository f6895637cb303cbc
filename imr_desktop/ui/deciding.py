# SPDX-License-Identifier: AGPL-3.0-or-later
"""What helps while deciding: items three ways, marks to come back, changed decisions, evidence levels, the registry."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from imr_desktop.casework import evidence_levels, item_work
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.query import CannotSearch
from imr_desktop.casework.whereabouts import where
from imr_desktop.models.items import DisputedItem, Outcome
from imr_desktop.models.places import Part, Place
from imr_desktop.ui.form.form import CaseForm
from imr_desktop.ui.item_dialogs import NoteDialog, TermsDialog
from imr_desktop.ui.means import Means
from imr_desktop.ui.picker import Choice, PickAct, Picker
from imr_desktop.ui.reconcile_dialog import ReconcileDialog
from imr_desktop.ui.registry_dialog import RegistryDialog
from imr_desktop.ui.removed_items import RemovedItemsDialog
from imr_desktop.ui.sent_again_dialog import SentAgainDialog
from imr_desktop.ui.session import Session
from imr_desktop.ui.variance_dialog import VarianceDialog
from imr_desktop.ui.work import Pump

Shown = TypeVar("Shown", bound=QDialog)

_NO_ITEM = "There is no disputed item yet. Add one first."


class Deciding(QObject):
    """The commands about the items of one open case. ``find_wanted`` carries a query for the record's find bar."""

    told = Signal(str)
    noted = Signal(str)
    page_wanted = Signal(object)
    passage_wanted = Signal(object)
    place_wanted = Signal(object)
    find_wanted = Signal(str)

    def __init__(self, means: Means, session: Session, desk: Desk, form: CaseForm, letter: QWidget) -> None:
        super().__init__(form)
        self._means, self._session, self._desk, self._form = means, session, desk, form
        self._previewed = f"previewed {desk.case.id}"
        form.items_panel.form.outcome.keep = self.decide
        criteria = form.items_panel.form.criteria
        criteria.search_wanted.connect(self.seek)
        criteria.sought = self._sought
        letter.installEventFilter(self)
        self._letter = letter
        self._pump = Pump(self)
        self._pump.finished.connect(lambda pages: self.told.emit(_annex_told(pages)))
        self._pump.troubled.connect(lambda trouble: self.told.emit(f"{trouble.happened} {trouble.advice}"))

    def close(self) -> None:
        """The case is being closed."""
        self._letter.removeEventFilter(self)
        self._pump.stop()

    def acts(self) -> dict[str, Callable[[], object]]:
        """What the commands do here."""
        return {
            "reconcile": self.reconcile,
            "come_back": self.come_back,
            "decisions": self.decisions,
            "variance": self.variance,
            "registry": self.registry,
            "terms": self.terms,
            "removed_items": self.removed_items,
            "annex": self.choose_annex,
            "sent_again": self.sent_again,
        }

    def reconcile(self) -> ReconcileDialog:
        """Lay application, request and denial side by side."""
        self._form.flush()
        dialog = ReconcileDialog(self._desk, self._session.reviewer, self._form.window())
        dialog.page_wanted.connect(self.page_wanted)
        dialog.show()
        return dialog

    def come_back(self) -> NoteDialog | None:
        """Mark the current item to come back to, with a note to oneself, or clear the mark."""
        item = self._item()
        if item is None:
            return None
        work = item_work.work_of(self._desk, item.id)
        told = f"{self._named(item)} stays listed under Checks until the mark is cleared. The note is never printed."
        dialog = NoteDialog(
            "Come back to this item", told, work.note, partial(self._mark, item.id), self._form.window(), keeps="&Mark"
        )
        if work.come_back:
            dialog.add_way("C&lear the mark", partial(item_work.come_back, self._desk, item.id, False))
        return self._shown(dialog)

    def decide(self, outcome: Outcome | None) -> None:
        """Keep a decision; one that changes after the letter was looked at says why."""
        item_id = self._form.items_panel.current()
        if item_id is None:
            return
        item = self._desk.case.item(item_id)
        if item.outcome in (None, outcome) or not self._session.setting(self._previewed):
            self._desk.decide(item.id, outcome)
            return
        told = f"{self._named(item)} was {item.outcome} when you looked at the letter. Why is it another now?"
        dialog = NoteDialog(
            "Why the decision changes",
            told,
            "",
            lambda reason: self._desk.decide(item.id, outcome, reason),
            self._form.window(),
            keeps="&Change the decision",
            needed=True,
        )
        dialog.rejected.connect(self._form.items_panel.redraw)
        self._shown(dialog)

    def decisions(self) -> Picker | None:
        """Show how each decision came to be."""
        made = item_work.decisions(self._desk)
        if not made:
            self.told.emit("Nothing is decided yet.")
            return None
        choices = []
        for each in reversed(made):
            line = f"{each.at.astimezone():%m/%d/%Y %H:%M}  Item {each.ordinal}: {each.says}"
            choices.append(Choice(line, line, each.ordinal))
        act = PickAct("Show the item", self._show_item, "Enter")
        return self._shown(
            Picker("How the decisions came to be", "The last one first.", choices, [act], self._parent())
        )

    def variance(self) -> VarianceDialog | None:
        """Weigh recommendations that are at variance, and write the comparison into the rationale."""
        item = self._item()
        if item is None:
            return None
        write = partial(self._write, item.id)
        return self._shown(VarianceDialog(self._named(item), evidence_levels.sources(item), write, self._parent()))

    def registry(self) -> RegistryDialog:
        """Edit the registry of guideline chapters."""
        return self._shown(RegistryDialog(self._means.today(), self._registry_kept, self._parent()))

    def terms(self) -> TermsDialog | None:
        """Edit the search terms of the current item, and light them in the record."""
        item = self._item()
        if item is None:
            return None
        terms = item_work.terms(self._desk, item.id)
        keep = partial(self._keep_terms, item.id)
        return self._shown(TermsDialog(self._named(item), terms, self._hits, keep, self._light, self._parent()))

    def removed_items(self) -> RemovedItemsDialog:
        """Look at items that were removed, to bring one back."""
        self._form.flush()
        dialog = RemovedItemsDialog(self._desk, self._parent())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        return dialog

    def sent_again(self) -> SentAgainDialog:
        """Compare a file that was sent again with the one before it, and move the evidence that matches."""
        self._form.flush()
        dialog = SentAgainDialog(self._desk, self._parent())
        dialog.passage_wanted.connect(self.passage_wanted)
        return self._shown(dialog)

    def choose_annex(self) -> None:
        """Ask where the annex of cited pages goes, and write it there."""
        name = f"{self._desk.case.header.case_number or 'case'}-annex.pdf"
        chosen, _ = QFileDialog.getSaveFileName(self._parent(), "Annex of cited pages", name, "PDF files (*.pdf)")
        if chosen:
            self.write_annex(Path(chosen))

    def write_annex(self, path: Path) -> None:
        """Write the cited pages, a little at a time."""
        from imr_desktop.casework import annex

        self._form.flush()
        if not self._pump.running:
            self._pump.start(annex.write(self._desk, path))

    def seek(self, criterion: str, words: str) -> None:
        """Search the record for what would document a criterion; the search is kept with the item."""
        item = self._item()
        if item is None:
            return
        try:
            made = item_work.seek(self._desk, item.id, criterion, words, self._means.now())
        except CannotSearch as trouble:
            self.told.emit(f"{trouble.happened} {trouble.advice}")
            return
        self.told.emit(f"{made.told()}. The search is kept with the item.")
        if made.hits:
            self.find_wanted.emit(f'"{made.words}"')

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """From the first look at the letter on, a changed decision is asked why."""
        if event.type() is QEvent.Type.Show and self._all_decided() and not self._session.setting(self._previewed):
            self._session.keep_setting(self._previewed, True)
        return super().eventFilter(watched, event)

    # -- inside -----------------------------------------------------------------------------------------------

    def _all_decided(self) -> bool:
        items = self._desk.case.items
        return bool(items) and all(item.outcome is not None for item in items)

    def _item(self) -> DisputedItem | None:
        self._form.flush()
        current = self._form.items_panel.current()
        if current is None:
            self.told.emit(_NO_ITEM)
            return None
        return self._desk.case.item(current)

    def _sought(self, criterion: str) -> str:
        current = self._form.items_panel.current()
        made = () if current is None else item_work.work_of(self._desk, current).sought
        return "; ".join(each.told() for each in made if each.criterion == criterion)

    def _named(self, item: DisputedItem) -> str:
        return f"Item {self._desk.case.ordinal(item.id)}: {item.heading or item.requested.wording or 'no wording yet'}"

    def _mark(self, item_id: str, note: str) -> None:
        item_work.come_back(self._desk, item_id, True, note)
        self.noted.emit("The item is marked. Checks lists it until the mark is cleared.")

    def _write(self, item_id: str, text: str) -> None:
        self._form.show_place(Place(Part.ITEMS, item_id, "rationale"))
        field = self._form.items_panel.form.rationale
        field.insert_text(text)
        field.commit()

    def _registry_kept(self, said: str) -> None:
        self._form.items_panel.redraw()
        self.told.emit(said)

    def _keep_terms(self, item_id: str, terms: Sequence[str] | None) -> Sequence[str]:
        item_work.keep_terms(self._desk, item_id, terms)
        return item_work.terms(self._desk, item_id)

    def _hits(self, term: str) -> str:
        try:
            return where(self._desk.store, term).told()
        except CannotSearch as trouble:
            return trouble.happened

    def _light(self, terms: Sequence[str]) -> None:
        plain = (" ".join(term.replace('"', " ").split()) for term in terms)
        query = " OR ".join(f'"{term}"' for term in plain if term)
        if query:
            self.find_wanted.emit(query)

    def _show_item(self, ordinal: int) -> None:
        items = self._desk.case.items
        if ordinal <= len(items):
            self.place_wanted.emit(Place(Part.ITEMS, items[ordinal - 1].id))

    def _parent(self) -> QWidget:
        return self._form.window()

    def _shown(self, dialog: Shown) -> Shown:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show()
        return dialog


def _annex_told(pages: int) -> str:
    counted = "1 cited page" if pages == 1 else f"{pages} cited pages"
    return f"The annex has {counted}. It names the worker: it is for the work file only."
