# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of one disputed item: its wording, what UR said, the guidelines, the decision and the rationale."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from imr_desktop.models.citations import Guideline
from imr_desktop.models.items import DisputedItem, ItemKind
from imr_desktop.models.places import Place
from imr_desktop.models.wording import guideline_sentence
from imr_desktop.ui.form import citing, registry
from imr_desktop.ui.form.binder import Binder, Editor
from imr_desktop.ui.form.citation_editor import CitationEditor
from imr_desktop.ui.form.criteria_form import CriteriaForm
from imr_desktop.ui.form.entries import DATES
from imr_desktop.ui.form.evidence_field import EvidenceField
from imr_desktop.ui.form.fields import ChoiceField, Field, LineField, LinesField, SuggestField
from imr_desktop.ui.form.labels import ITEM_KINDS, STANDARD_RANKS, UR_OUTCOMES
from imr_desktop.ui.form.layout import Grid, Section, Wrapped, preview, scrolling, show_inside
from imr_desktop.ui.form.narrative_edit import NarrativeEdit
from imr_desktop.ui.form.outcome_choice import OutcomeChoice
from imr_desktop.ui.form.quantity_form import quantity_grid
from imr_desktop.ui.form.weighing import ScalesView
from imr_desktop.ui.form.writing_words import readability
from imr_desktop.ui.parts import button, text_is_large, words
from imr_desktop.ui.vault_history import show_history

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk
    from imr_desktop.ui.form.panel import Panel

_MODIFIED = (ItemKind.UR_MODIFIED_REMAINDER, ItemKind.UR_MODIFIED_SUBSTITUTION)


class ItemForm(QWidget):
    """Every field of an item (reference 3.6); the decision stands above what scrolls, so it is always in reach."""

    anchor_activated = Signal(str)

    def __init__(self, desk: "Desk", panel: "Panel") -> None:
        super().__init__()
        self._desk = desk
        self._panel = panel
        self.binder = Binder(self._item, desk.keep_item)
        self.outcome = OutcomeChoice(self)
        self.rationale = NarrativeEdit("Decision rationale", panel.names)
        self.rationale.setMinimumHeight(220)
        self.rationale.anchor_activated.connect(self.anchor_activated)
        self._bind("outcome", self.outcome)
        self._bind("rationale", self.rationale)
        self.outcome.keep = lambda outcome: self._desk.decide(self.binder.row, outcome)
        self.rationale.keep = lambda text: self._desk.write_rationale(self.binder.row, text)
        self.scales = ScalesView(desk, panel.names)
        self.scales.anchor_activated.connect(self.anchor_activated)
        self._modified = Section("What UR made of the request", self._modification())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(
            scrolling(
                *self._decision(column),
                Section("Wording", self._wording()),
                self._modified,
                Section("Quantity", quantity_grid(self.binder, "quantity"), opened=False),
                Section("Evidence for and against", self.scales),
                Section("Utilization review", self._utilization_review()),
                Section("Reviewer's guideline", self._reviewer_guideline()),
                Section("Rationale", self._rationale()),
                Section("Criteria of the guideline", self._criteria(), opened=False),
            ),
            1,
        )

    def _decision(self, column: QVBoxLayout) -> Sequence[QWidget]:
        """The decision stays in view above the fields; large text leaves no room for that, and it scrolls with them."""
        if text_is_large():
            return (self.outcome,)
        decision = QVBoxLayout()
        decision.setContentsMargins(12, 4, 12, 6)
        decision.addWidget(self.outcome)
        column.addLayout(decision)
        return ()

    def show_item(self, item_id: str) -> None:
        """Show an item, or the present state of the one shown."""
        self.binder.turn_to(item_id)
        item = self._item(item_id)
        if item is not None:
            self._depends_on.offer(self._parents(item))
            self._subcategory.offer([(each, each) for each in registry.categories().get(item.category, ())])
            self._show_what_follows(item)
            self.scales.show_item(item_id)
        self.rationale.refresh_chips()

    def show_place(self, place: Place) -> bool:
        """Go to a field of the item; within the rationale, to the words."""
        editor = self.binder.find(place.field or "heading")
        if editor is None:
            return False
        show_inside(editor)
        if editor is self.rationale and place.span is not None:
            self.rationale.select_span(*place.span)
        editor.setFocus()
        return True

    def _item(self, row: str) -> DisputedItem | None:
        return next((item for item in self._desk.case.items if item.id == row), None)

    def _show_what_follows(self, item: DisputedItem) -> None:
        modified = item.kind in _MODIFIED
        self._modified.setVisible(modified)
        self._remaining.setVisible(item.kind is ItemKind.UR_MODIFIED_REMAINDER or bool(item.remaining.wording))
        self._depends_on.setVisible(item.kind is ItemKind.DEPENDENT or item.depends_on is not None)
        self._dos.setVisible(item.kind in (ItemKind.DEPENDENT, ItemKind.RETROSPECTIVE) or bool(item.dos))
        self._heading.rename("Wording of the item, if it is not generated" if modified else "Wording of the item")
        frozen = self._panel.frozen()
        outcome = f"outcome_{item.outcome.value.lower()}" if item.outcome else "outcome_undecided"
        heading = frozen.wording.fill("item_heading", heading=frozen.heading(item) or "(no wording yet)")
        self._heading_says.say(f"{heading} {frozen.wording.fill(outcome)}")
        self.outcome.name_item(self._desk.case.ordinal(item.id))
        self.outcome.say_wrong(citing.closing_disagrees(item.rationale, item.outcome))
        reads = readability(item.rationale)
        self._count.setText(reads.told())
        self._count.setToolTip(reads.offered() and f"Abbreviations not opened yet. {reads.offered()}")
        closing = registry.closing(item)
        there = bool(closing) and closing in item.rationale.text
        self._closing_says.say("" if there else closing or "A closing sentence is offered once the item is decided.")
        self.close_with.setVisible(bool(closing) and not there)

    def _parents(self, item: DisputedItem) -> list[tuple[str | None, str]]:
        case = self._desk.case
        parents = {each.id: each.depends_on for each in case.items}
        offered: list[tuple[str | None, str]] = [(None, "No other item")]
        for number, each in enumerate(case.items, 1):
            above: str | None = each.id
            seen: set[str] = set()
            while above is not None and above not in seen and above != item.id:
                seen.add(above)
                above = parents.get(above)
            if above != item.id:
                offered.append((each.id, f"{number}. {each.heading or 'no wording yet'}"))
        return offered

    def _wording(self) -> Grid:
        self._heading = LinesField("Wording of the item", rows=2)
        self._depends_on = ChoiceField("Depends on")
        self._dos = LineField("Dates of service", DATES)
        self._subcategory = SuggestField("Subcategory")
        categories = [("", "Not stated"), *((name, name) for name in registry.categories())]
        frame, self._heading_says = preview("The letter will say")
        self._heading_says.setAccessibleName("Heading: the letter will say")
        grid = Grid()
        grid.add(self._bound("heading", self._heading))
        grid.add(self._bound("kind", ChoiceField("Kind", ITEM_KINDS)))
        grid.add(self._bound("depends_on", self._depends_on))
        grid.add(self._bound("dos", self._dos))
        grid.add(frame)
        grid.add(self._bound("category", ChoiceField("Category", categories)), 3)
        grid.add(self._bound("subcategory", self._subcategory), 3)
        grid.add(self._bound("rfa_ref", self._evidence("Where the RFA words it")), 3)
        grid.add(self._bound("ur_ref", self._evidence("Where the UR decision words it")), 3)
        return grid

    def _modification(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        blocks = {}
        for part, name in (("requested", "Requested"), ("authorized", "Authorized"), ("remaining", "Remaining")):
            block = blocks[part] = QWidget()
            inside = QVBoxLayout(block)
            inside.setContentsMargins(0, 0, 0, 0)
            inside.addWidget(self._bound(f"{part}.wording", LineField(name)))
            quantity = quantity_grid(self.binder, f"{part}.quantity")
            inside.addWidget(Section(f"{name}: quantity", quantity, opened=False))
            column.addWidget(block)
        self._remaining = blocks["remaining"]
        return column

    def _utilization_review(self) -> Grid:
        self.ca_guideline = CitationEditor(
            "Claims administrator's guideline",
            lambda guideline: self._sentence(guideline, "subject_claims_administrator"),
            lambda: self._desk.case.header.ur_decision_date,
        )
        grid = Grid()
        grid.add(self._bound("ur_outcome", ChoiceField("UR decided", UR_OUTCOMES)), 2)
        grid.add(self._bound("ur_reason", LinesField("Reason that UR gave", rows=2)), 4)
        grid.add(self._bound("ca_guideline", self.ca_guideline))
        return grid

    def _reviewer_guideline(self) -> Grid:
        self.reviewer_guideline = CitationEditor(
            "Reviewer's guideline",
            lambda guideline: self._sentence(guideline, "subject_expert_reviewer"),
            lambda: self._desk.case.header.decision_date,
        )
        grid = Grid()
        grid.add(self._bound("reviewer_guideline", self.reviewer_guideline))
        grid.add(self._bound("standard_rank", ChoiceField("Standard of medical necessity", STANDARD_RANKS)))
        return grid

    def _rationale(self) -> QVBoxLayout:
        self._closing_says = Wrapped("muted")
        self._closing_says.setAccessibleName("Closing sentence offered")
        self._count = words("", "muted", wrap=False)
        self.close_with = button("Add this closing sentence", self._close, tip="Put it at the end of the rationale")
        self.history = button("Hi&story…", self._history, "quiet", tip="Look at earlier texts and bring one back")
        label = QLabel("Decision rationale")
        label.setBuddy(self.rationale)
        top = QHBoxLayout()
        top.addWidget(label)
        top.addStretch(1)
        top.addWidget(self._count)
        top.addWidget(self.history)
        bottom = QHBoxLayout()
        bottom.addWidget(self.close_with)
        bottom.addStretch(1)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.rationale)
        column.addWidget(self._closing_says)
        column.addLayout(bottom)
        return column

    def _criteria(self) -> QVBoxLayout:
        self.criteria = CriteriaForm(self._panel.names)
        self.criteria.anchor_activated.connect(self.anchor_activated)
        self._bind("criteria", self.criteria)
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.criteria)
        return column

    def _evidence(self, name: str) -> EvidenceField:
        field = EvidenceField(name, self._panel.names)
        field.anchor_activated.connect(self.anchor_activated)
        return field

    def _sentence(self, guideline: Guideline | None, subject: str) -> str:
        return guideline_sentence(guideline, subject, self._panel.frozen().wording)

    def _history(self) -> None:
        if self._item(self.binder.row) is not None:
            self.rationale.commit()
            show_history(self._desk, self.binder.row, self)

    def _close(self) -> None:
        item = self._item(self.binder.row)
        if item is not None:
            self.rationale.insert_text(registry.closing(item))
            self.rationale.commit()

    def _bind(self, path: str, editor: Editor) -> None:
        self.binder.bind(path, editor)

    def _bound(self, path: str, editor: Field | CitationEditor) -> QWidget:
        self.binder.bind(path, editor)
        return editor
