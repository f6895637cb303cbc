# SPDX-License-Identifier: AGPL-3.0-or-later
"""The items panel: the disputed items in the order of the letter, and the form of the chosen one."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from imr_desktop.models.items import DisputedItem
from imr_desktop.models.places import Part, Place
from imr_desktop.storage import Change, Table
from imr_desktop.ui.flow import Flow
from imr_desktop.ui.form.binder import Binder
from imr_desktop.ui.form.item_form import ItemForm
from imr_desktop.ui.form.item_list import ItemList
from imr_desktop.ui.form.layout import UndoBar, Wrapped
from imr_desktop.ui.form.panel import Panel
from imr_desktop.ui.form.proposals import Proposals
from imr_desktop.ui.parts import button

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk


class ItemsPanel(Panel):
    """Items are added, ordered and removed here, and decided in the form below the list."""

    looks_at = frozenset(
        {Table.WORK, Table.ITEM, Table.EVIDENCE, Table.DOCUMENT, Table.SOURCE, Table.HEADER, Table.LETTER}
    )

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self.proposed = Proposals("disputed item", "Treatment", "Page", wide=0)
        self._chosen = ""
        self._known: frozenset[str] = frozenset()
        self.list = ItemList()
        self.form = ItemForm(desk, self)
        self.form.anchor_activated.connect(self.anchor_activated)
        self._undo = UndoBar(desk.undo)
        self._none = Wrapped("muted")
        self.add = button("Add item", self._add, "main")
        self.remove = button("Remove", self._remove, tip="Remove the chosen item (Delete); undo brings it back")
        self.up = button("Up", lambda: self.list.shift(-1), tip="Move the chosen item up (Alt+Up)")
        self.down = button("Down", lambda: self.list.shift(1), tip="Move the chosen item down (Alt+Down)")
        self._lay_out()
        self.list.chosen.connect(self._turn)
        self.list.moved.connect(self._move)
        self.list.removed.connect(self._remove)
        self.proposed.then = self.list
        self.redraw()

    def binders(self) -> tuple[Binder, ...]:
        """The fields of the chosen item."""
        return (self.form.binder,)

    def current(self) -> str | None:
        """The id of the chosen item."""
        return self._chosen or None

    def choose(self, item_id: str) -> None:
        """Choose an item."""
        self.list.choose(item_id)

    def show_place(self, place: Place) -> bool:
        """An item is a row; its fields are in the form."""
        if place.row is not None:
            self.choose(place.row)
        if place.field is None or not self.form.show_place(place):
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            return place.field is None
        return True

    def redraw(self) -> None:
        """Show the present items; the chosen one stays chosen, one that comes back is chosen."""
        items = self.desk.case.items
        ids = [item.id for item in items]
        back = [item_id for item_id in ids if item_id not in self._known]
        chosen = self._chosen
        if self._known and len(back) == 1:
            chosen = back[0]
        elif chosen not in ids:
            at = self.list.ids().index(chosen) if chosen in self.list.ids() else 0
            chosen = ids[min(at, len(ids) - 1)] if ids else ""
        self._known = frozenset(ids)
        frozen = self.frozen()
        waiting = {each.id for each in self.desk.store.kept(Table.WORK) if each.come_back}
        rows = [
            (item.id, frozen.heading(item) or "(no wording yet)", _decision(item, item.id in waiting)) for item in items
        ]
        self.list.show_rows(rows, chosen)
        self._turn(chosen)
        self._none.say("" if items else "No disputed item yet. Add each treatment that UR denied or modified.")

    def _heard(self, change: Change) -> None:
        self._undo.hide()
        super()._heard(change)

    def _turn(self, item_id: str) -> None:
        self._chosen = item_id
        self.form.show_item(item_id)
        self.form.setVisible(bool(item_id))
        self.remove.setEnabled(bool(item_id))
        ids = self.list.ids()
        at = ids.index(item_id) if item_id in ids else -1
        self.up.setEnabled(at > 0)
        self.down.setEnabled(0 <= at < len(ids) - 1)

    def _add(self) -> None:
        self.flush()
        self.choose(self.desk.add_item())
        self.form.show_place(Place(Part.ITEMS, self._chosen, "heading"))

    def _move(self, item_id: str, to: int) -> None:
        self.flush()
        self.desk.move_item(item_id, to)

    def _remove(self) -> None:
        if self._chosen:
            self.flush()
            ordinal = self.desk.case.ordinal(self._chosen)
            self.desk.remove_item(self._chosen)
            self._undo.offer(f"Item {ordinal} was removed.")

    def _lay_out(self) -> None:
        buttons = Flow(self.add, self.remove, self.up, self.down)
        head = QVBoxLayout()
        head.setContentsMargins(12, 8, 12, 4)
        head.setSpacing(6)
        head.addWidget(self._none)
        head.addWidget(self.list)
        head.addLayout(buttons)
        head.addWidget(self._undo)
        self.list.setMaximumHeight(self.list.minimumHeight() + 60)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.proposed)
        column.addLayout(head)
        column.addWidget(self.form, 1000)
        column.addStretch(1)


def _decision(item: DisputedItem, waits: bool) -> str:
    if waits:
        return "↺ Come back"
    if item.outcome is None:
        return "Not decided"
    return f"✓ {item.outcome.value}" if item.rationale else f"{item.outcome.value}, no rationale"
