# SPDX-License-Identifier: AGPL-3.0-or-later
"""Which way evidence speaks: chosen item by item in the evidence list, and both columns of one item before deciding."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from imr_desktop.casework.evidence_use import scales
from imr_desktop.models.evidence import Evidence, Weight
from imr_desktop.ui.form.fields import ChoiceField
from imr_desktop.ui.form.layout import Wrapped
from imr_desktop.ui.form.naming import EvidenceNames
from imr_desktop.ui.parts import words

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk

_ID = Qt.ItemDataRole.UserRole
WEIGHTS = ((None, "Not weighed"), (Weight.FOR, "Speaks for it"), (Weight.AGAINST, "Speaks against it"))
_EMPTY = "No evidence is weighed for this item yet. Mark it in Evidence (Alt+8), or with F and A in that list."


class WeightFields(QWidget):
    """One choice an item: which way the chosen evidence speaks there."""

    def __init__(self, desk: "Desk") -> None:
        super().__init__()
        self._desk = desk
        self._evidence = ""
        self._fields: dict[str, ChoiceField] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def show_evidence(self, evidence: Evidence | None) -> None:
        """Show the choices of a piece of evidence, one for each item of the case."""
        items = self._desk.case.items
        if list(self._fields) != [item.id for item in items]:
            self._build([item.id for item in items])
        self._evidence = "" if evidence is None else evidence.id
        for number, item in enumerate(items, 1):
            field = self._fields[item.id]
            field.rename(f"Item {number}: {item.heading or 'no wording yet'}")
            field.show_value(None if evidence is None else evidence.weight_for(item.id))

    def _build(self, ids: Sequence[str]) -> None:
        for gone in self._fields.values():
            gone.setParent(None)
            gone.deleteLater()
        self._fields = {}
        for item_id in ids:
            field = ChoiceField("", WEIGHTS)
            field.label.setWordWrap(True)
            field.keep = self._keeper(item_id)
            self._column.addWidget(field)
            self._fields[item_id] = field

    def _keeper(self, item_id: str) -> Callable[[Weight | None], None]:
        def keep(weight: Weight | None) -> None:
            if self._evidence:
                self._desk.weigh(self._evidence, item_id, weight)

        return keep


class ScalesView(QWidget):
    """What speaks for an item and what against it, side by side; Enter on a line leads to its page."""

    anchor_activated = Signal(str)

    def __init__(self, desk: "Desk", names: Callable[[], EvidenceNames]) -> None:
        super().__init__()
        self._desk, self._names = desk, names
        self._says = Wrapped("muted")
        self._says.setAccessibleName("Evidence weighed for this item")
        self.speaks_for, self.against = self._list("Speaks for it"), self._list("Speaks against it")
        self._columns = QWidget()
        sides = QHBoxLayout(self._columns)
        sides.setContentsMargins(0, 0, 0, 0)
        for title, shown in (("Speaks for it", self.speaks_for), ("Speaks against it", self.against)):
            side = QVBoxLayout()
            side.addWidget(words(title, "muted"))
            side.addWidget(shown)
            sides.addLayout(side)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._says)
        column.addWidget(self._columns)

    def show_item(self, item_id: str) -> None:
        """Show both columns of an item."""
        found = scales(self._desk.case, item_id)
        self._fill(self.speaks_for, found.speaks_for)
        self._fill(self.against, found.against)
        weighed = bool(found.speaks_for or found.against)
        self._says.say(f"{found.told()}." if weighed or found.not_weighed else _EMPTY)
        self._columns.setVisible(weighed)

    def _fill(self, shown: QListWidget, kept: Sequence[Evidence]) -> None:
        shown.clear()
        for evidence in kept:
            quote = self._names().quote(evidence.id).split("\n")[0]
            row = QListWidgetItem(f"{self._names().label(evidence.id)}: {quote}")
            row.setData(_ID, evidence.id)
            row.setToolTip(quote)
            shown.addItem(row)

    def _list(self, name: str) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(f"Evidence: {name.lower()}")
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setTextElideMode(Qt.TextElideMode.ElideRight)
        made.setFixedHeight((made.fontMetrics().lineSpacing() + 8) * 4)
        made.itemActivated.connect(lambda row: self.anchor_activated.emit(row.data(_ID)))
        return made
