# SPDX-License-Identifier: AGPL-3.0-or-later
"""The case panel: identifiers, dates, parties, the request, and the organisation as the letter names it."""

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from imr_desktop.models.case import Party
from imr_desktop.models.places import Place
from imr_desktop.storage import Table
from imr_desktop.ui.form import progress
from imr_desktop.ui.form.binder import Binder
from imr_desktop.ui.form.entries import DATE, INJURY, LINES, LISTED
from imr_desktop.ui.form.fields import ChoiceField, Field, LineField, LinesField
from imr_desktop.ui.form.labels import DISPUTE_KINDS, PRIORITIES
from imr_desktop.ui.form.layout import Grid, Section, Wrapped, scrolling
from imr_desktop.ui.form.panel import Panel
from imr_desktop.ui.form.proposals import Proposals
from imr_desktop.ui.form.rows_form import RowsForm

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk


class CopiesForm(RowsForm):
    """Who receives a copy of the letter."""

    def __init__(self) -> None:
        super().__init__("Copies of the letter go to", "a copy", rows=2)
        grid = Grid()
        name, organisation = LineField("Name"), LineField("Organisation")
        address, phone = LinesField("Address", LINES), LineField("Telephone")
        for path, field in (("name", name), ("organisation", organisation), ("address", address), ("phone", phone)):
            self.binder.bind(path, field)
        grid.add_all(name, organisation, columns=3)
        grid.add(address, 4)
        grid.add(phone, 2)
        self.detail.setLayout(grid)

    def blank(self) -> Party:
        """A copy for nobody yet."""
        return Party()

    def says(self, row: Party) -> str:
        """Who receives it."""
        return ", ".join(part for part in (row.name, row.organisation) if part) or "Nobody named yet"


class CasePanel(Panel):
    """Every field of the header, the parties, the copies and the organisation (reference 3.1)."""

    looks_at = frozenset({Table.HEADER, Table.IMRO})

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self.proposed = Proposals("fact", "Field", "Value", "Page", wide=1)
        self._header = Binder(lambda _: desk.case.header, desk.keep_header)
        self._imro = Binder(lambda _: desk.case.imro, desk.keep_imro)
        self._missing = Wrapped("warn")
        self._due = Wrapped("muted")
        self._missing.setAccessibleName("Facts still needed")
        self._due.setAccessibleName("Deadline")
        parts: list[QWidget] = [
            Section("Case", self._identifiers()),
            Section("Dates", self._dates()),
            Section("Injured worker", self._worker()),
            Section("Requesting physician", self._party("requesting_physician", "name", "organisation", "address")),
            Section("Employer", self._party("employer", "name", "address")),
            Section(
                "Claims administrator", self._party("claims_administrator", "company", "examiner", "address", "phone")
            ),
            Section("Request", self._request()),
            Section("Copies", self._copies()),
            Section("Review organization", self._organisation(), opened=False),
        ]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.proposed)
        facts = QVBoxLayout()
        facts.setContentsMargins(12, 8, 12, 4)
        facts.setSpacing(2)
        facts.addWidget(self._missing)
        facts.addWidget(self._due)
        column.addLayout(facts)
        column.addWidget(scrolling(*parts))
        self.proposed.then = self._header.first()
        self.redraw()

    def binders(self) -> tuple[Binder, ...]:
        """The header's fields, then the organisation's."""
        return self._header, self._imro

    def show_place(self, place: Place) -> bool:
        """Fields of the organisation are named ``imro.…``."""
        name = (place.field or "").removeprefix("imro.")
        editor = self._imro.find(name) if name != place.field and name else None
        if editor is None:
            return super().show_place(place)
        self.focus_on(editor)
        return True

    def redraw(self) -> None:
        """Show the present facts, what is missing, and the day on which the determination is due."""
        self._header.redraw()
        self._imro.redraw()
        lacking = progress.of_case(self.desk.case)
        self._missing.say("" if lacking.done else lacking.sentence)
        due = self.desk.due()
        rough = " (estimated: it is not known when the documents were complete)" if due and due.estimated else ""
        self._due.say("" if due is None else f"Due {due.due:%m/%d/%Y}{rough}. {due.rule}.")

    def _identifiers(self) -> Grid:
        grid = Grid()
        grid.add(self._bound("case_number", LineField("Case number")), 2)
        grid.add(self._bound("claim_number", LineField("Claim number")), 2)
        grid.add(self._bound("adj_number", LineField("ADJ number")), 2)
        injury = LineField("Date of injury", INJURY)
        injury.editor.setToolTip("A day, or for a cumulative trauma its first and last day: 01/01/2004 - 01/18/2005")
        grid.add(self._bound("date_of_injury", injury), 2)
        grid.add(self._bound("priority", ChoiceField("Priority", PRIORITIES)), 2)
        grid.add(self._bound("dispute_kind", ChoiceField("Kind of dispute", DISPUTE_KINDS)), 2)
        return grid

    def _dates(self) -> Grid:
        grid = Grid()
        for path, name in (
            ("ur_decision_date", "UR denial date"),
            ("application_received", "Application received"),
            ("date_assigned", "Date assigned"),
            ("documents_complete", "Documents complete"),
            ("decision_date", "Decision date"),
            ("letter_date", "Letter date"),
        ):
            grid.add(self._bound(path, LineField(name, DATE)), 2)
        return grid

    def _worker(self) -> Grid:
        grid = Grid()
        grid.add(self._bound("employee.name", LineField("Name")), 4)
        grid.add(self._bound("employee.birth_date", LineField("Birth date", DATE)), 2)
        grid.add(self._bound("employee.address", LinesField("Address", LINES)))
        grid.add(self._bound("employee.representative.name", LineField("Representative")), 3)
        grid.add(self._bound("employee.representative.organisation", LineField("Representative's organisation")), 3)
        grid.add(self._bound("employee.representative.address", LinesField("Representative's address", LINES)), 4)
        grid.add(self._bound("employee.representative.phone", LineField("Representative's telephone")), 2)
        return grid

    def _party(self, party: str, *parts: str) -> Grid:
        names = {
            "name": "Name",
            "organisation": "Organisation",
            "company": "Company",
            "examiner": "Claims examiner",
            "address": "Address",
            "phone": "Telephone",
        }
        grid = Grid()
        for part in parts:
            field: Field = LinesField(names[part], LINES) if part == "address" else LineField(names[part])
            columns = {"address": 4 if "phone" in parts else 6, "phone": 2}.get(part, 3 if len(parts) > 2 else 6)
            grid.add(self._bound(f"{party}.{part}", field), columns)
        return grid

    def _request(self) -> Grid:
        grid = Grid()
        grid.add(self._bound("treatments_in_dispute_raw", LinesField("Treatments in dispute, as on the application")))
        grid.add(self._bound("consolidated_applications", LineField("Consolidated applications", LISTED)), 3)
        grid.add(self._bound("re_review_of.case_number", LineField("New review of case")), 3)
        grid.add(self._bound("re_review_of.finding", LinesField("What was found plainly wrong in it", rows=2)))
        return grid

    def _copies(self) -> QVBoxLayout:
        self._cc = CopiesForm()
        self._header.bind("cc", self._cc)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._cc)
        return column

    def _organisation(self) -> Grid:
        grid = Grid()
        grid.add(self._bound_imro("name", LineField("Organization")), 3)
        grid.add(self._bound_imro("guideline_label", LineField("Label of its guideline line")), 3)
        grid.add(self._bound_imro("address", LinesField("Address", LINES)))
        grid.add(self._bound_imro("phone", LineField("Telephone")), 3)
        grid.add(self._bound_imro("fax", LineField("Fax")), 3)
        grid.add(self._bound_imro("signatory.name", LineField("Medical director who signs")), 3)
        grid.add(self._bound_imro("signatory.title", LineField("Title")), 3)
        grid.add(self._bound_imro("case_number_pattern", LineField("Form of its case numbers (regular expression)")))
        return grid

    def _bound(self, path: str, field: Field) -> Field:
        self._header.bind(path, field)
        return field

    def _bound_imro(self, path: str, field: Field) -> Field:
        self._imro.bind(path, field)
        return field
