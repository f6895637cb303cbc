# SPDX-License-Identifier: AGPL-3.0-or-later
"""Brings what the machine found into the form: documents, facts and treatments, proposed above their own fields."""

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from imr_desktop.casework import case_facts, sorting
from imr_desktop.models.records import PageRef
from imr_desktop.records.facts import ItemFact
from imr_desktop.records.sorting import Proposal
from imr_desktop.storage import Change, Table
from imr_desktop.ui.form.labels import type_name
from imr_desktop.ui.form.proposals import Proposed
from imr_desktop.ui.reading import BackgroundReading

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk
    from imr_desktop.ui.form.form import CaseForm

_NAMES = {
    "case_number": "Case number",
    "claim_number": "Claim number",
    "adj_number": "ADJ number",
    "date_of_injury": "Date of injury",
    "ur_decision_date": "UR denial date",
    "employee.name": "Injured worker",
    "employee.birth_date": "Birth date",
    "employer.name": "Employer",
    "requesting_physician.name": "Requesting physician",
    "claims_administrator.company": "Claims administrator",
}
_LOOKS_AT = frozenset({Table.HEADER, Table.ITEM, Table.DOCUMENT, Table.SOURCE})


class Proposing(QObject):
    """Shows the proposals of one open case in its form, and makes what is accepted part of the case.

    ``documents_proposed`` has them as documents, for the rail.
    """

    documents_proposed = Signal(object)

    def __init__(
        self, desk: "Desk", form: "CaseForm", work: BackgroundReading, show_page: Callable[[PageRef], object]
    ) -> None:
        super().__init__(form)
        self._desk, self._form = desk, form
        self.documents = form.documents_panel.proposed
        self.facts = form.case_panel.proposed
        self.items = form.items_panel.proposed
        for box, accept in (
            (self.documents, self._accept_documents),
            (self.facts, self._accept_facts),
            (self.items, self._accept_items),
        ):
            box.accepted.connect(accept)
            box.page_wanted.connect(show_page)
        self.documents.changed.connect(self._tell_of_documents)
        self._later = QTimer(self, singleShot=True, interval=0)
        self._later.timeout.connect(self.refresh)
        work.changed.connect(self._later.start)
        self._stop = desk.listen(self._stepped)

    def close(self) -> None:
        """The case is being closed."""
        self._later.stop()
        self._stop()

    def refresh(self) -> None:
        """Look up what is proposed now."""
        case, store = self._desk.case, self._desk.store
        pages = {page.ref: page.case_page for source in case.sources for page in source.pages()}
        proposed = case_facts.unsettled(case, case_facts.propose(store))
        self.documents.show_rows([self._document(one, pages) for one in sorting.proposals(store, case)])
        self.facts.show_rows([_fact(fact, pages, case) for fact in proposed.facts])
        self.items.show_rows(
            [
                Proposed((item.wording, str(pages[item.page])), _said_of(item), item.page, item)
                for item in proposed.items
            ]
        )

    def _tell_of_documents(self) -> None:
        case = self._desk.case
        here = {source.sha256 for source in case.sources}
        # A file that was taken off the case this moment has its proposals still standing.
        proposed = [row.thing for row in self.documents.rows if row.thing.source in here]
        self.documents_proposed.emit(
            tuple(sorting.as_document(one, case, f"proposed {one.source} {one.first}") for one in proposed)
        )

    def _document(self, one: Proposal, pages: dict[PageRef, int]) -> Proposed:
        first, last = pages[PageRef(one.source, one.first)], pages[PageRef(one.source, one.last)]
        named = one.title or type_name(one.type)
        title = f"{named}, {one.author}" if one.author else named
        day = f"{one.date:%m/%d/%Y}" if one.date else "no date"
        why = f"{type_name(one.type)}, {round(100 * one.confidence)} % sure: {one.reason}."
        return Proposed(
            (day, title, str(first) if first == last else f"{first}-{last}"), why, PageRef(one.source, one.first), one
        )

    def _accept_documents(self, things: list[Any]) -> None:
        self._form.flush()
        sorting.accept(self._desk, things)

    def _accept_facts(self, things: list[Any]) -> None:
        self._form.flush()
        case_facts.accept_facts(self._desk, things)

    def _accept_items(self, things: list[Any]) -> None:
        self._form.flush()
        for item in things:
            case_facts.accept_item(self._desk, item)

    def _stepped(self, change: Change) -> None:
        if change.touched & _LOOKS_AT:
            # Once for a row of steps, and after the panels have drawn themselves.
            self._later.start()


def _fact(fact: case_facts.ProposedFact, pages: dict[PageRef, int], case: Any) -> Proposed:
    present = case_facts.present(case.header, fact.field)
    numbers = ", ".join(dict.fromkeys(str(pages[ref]) for ref in fact.pages))
    why = f"“{fact.lines[0].strip()}”."
    if fact.otherwise:
        why += f" Another document says {', '.join(map(_shown, fact.otherwise))}."
    if present:
        why += f" The case says {_shown(present)}."
    shown = _NAMES.get(fact.field, fact.field), _shown(fact.value), numbers
    return Proposed(shown, why, fact.pages[0], fact, differs=bool(present))


def _said_of(item: ItemFact) -> str:
    said = [f"Named by the {type_name(item.type)}."]
    said += [f"Quantity {item.quantity}."] if item.quantity else []
    said += [f"UR: {item.verdict}."] if item.verdict else []
    return " ".join(said)


def _shown(value: str) -> str:
    try:
        return f"{date.fromisoformat(value):%m/%d/%Y}"
    except ValueError:
        return value
