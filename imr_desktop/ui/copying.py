# SPDX-License-Identifier: AGPL-3.0-or-later
"""From one item to another, and from outside: the same citation, a rationale copied, and another case's text."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from imr_desktop.casework.snippets import BLANK, carried
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.places import Part, Place
from imr_desktop.ui.form.naming import EvidenceNames
from imr_desktop.ui.picker import Choice, PickAct, Picker

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk
    from imr_desktop.ui.form.form import CaseForm
    from imr_desktop.ui.session import Session

_CASE_NUMBER = re.compile(r"\bCM\d{2}-\d{5,9}\b")


class Copying(QObject):
    """What may be taken over from elsewhere, and what is told about it. ``told`` is worth a notice."""

    told = Signal(str)

    def __init__(self, desk: "Desk", form: "CaseForm", session: "Session") -> None:
        super().__init__(form)
        self._desk, self._form, self._session = desk, form, session
        for field in (form.summary_panel.text, form.items_panel.form.rationale):
            field.pasted.connect(self.guard)

    def acts(self) -> dict[str, Callable[[], object]]:
        """What the commands do here."""
        return {"copy_rationale": self.copy_rationale, "same_citation": self.same_citation}

    def guard(self, text: str) -> None:
        """Name the other case that a pasted text speaks of (row C7)."""
        own = self._desk.case.header
        numbers = sorted(set(_CASE_NUMBER.findall(text)) - {own.case_number})
        low = text.casefold()
        others = {row.worker for row in self._session.rows() if row.case_id != self._desk.case.id}
        names = sorted(name for name in others - {own.employee.name} if len(name) > 3 and name.casefold() in low)
        if numbers or names:
            whose = ", ".join((*numbers, *names))
            self.told.emit(f"The pasted text speaks of another case: {whose}. Undo takes it back; else mend it now.")

    def same_citation(self) -> Picker | None:
        """Choose an item whose guideline the current one takes."""
        here, others = self._here()
        choices = [
            Choice(self._name(item), self._desk_says(item), item)
            for item in others
            if item.reviewer_guideline is not None
        ]
        if here is None or not choices:
            self.told.emit("No other item has a guideline yet that could be taken.")
            return None

        def take(item: DisputedItem) -> None:
            now = self._desk.case.item(here.id)
            self._desk.keep_item(replace(now, reviewer_guideline=item.reviewer_guideline))
            self._form.show_place(Place(Part.ITEMS, here.id, "reviewer_guideline"))

        return self._pick("Same citation as", choices, PickAct("Take this citation", take, "Enter"))

    def copy_rationale(self) -> Picker | None:
        """Choose an item of this case whose rationale is copied to the end of the current one's."""
        here, others = self._here()
        read = EvidenceNames(self._desk.case).reading
        choices = [Choice(self._name(item), read(item.rationale), item) for item in others if item.rationale]
        if here is None or not choices:
            self.told.emit("No other item has a rationale yet that could be copied.")
            return None

        def take(item: DisputedItem) -> None:
            now = self._desk.case.item(here.id)
            text = carried(item.rationale.text, item, now)
            before = now.rationale.text.rstrip()
            self._desk.write_rationale(here.id, replace(now.rationale, text=f"{before}\n{text}" if before else text))
            self._form.show_place(Place(Part.ITEMS, here.id, "rationale"))
            count = len(BLANK.findall(text))
            if count:
                self.told.emit(f"{count} places of the copied rationale must differ here. Tab walks them.")

        return self._pick("Copy a rationale", choices, PickAct("Copy", take, "Enter"))

    def _here(self) -> tuple[DisputedItem | None, Sequence[DisputedItem]]:
        self._form.flush()
        current = self._form.current_item()
        items = self._desk.case.items
        return next((item for item in items if item.id == current), None), [
            each for each in items if each.id != current
        ]

    def _name(self, item: DisputedItem) -> str:
        outcome = item.outcome.value if item.outcome else "undecided"
        return f"Item {self._desk.case.ordinal(item.id)}: {item.heading or 'no wording yet'} ({outcome})"

    def _desk_says(self, item: DisputedItem) -> str:
        return self._form.items_panel.frozen().reviewer_sentence(item)

    def _pick(self, title: str, choices: Sequence[Choice], act: PickAct) -> Picker:
        picker = Picker(title, "", choices, [act], self._form.window())
        picker.show()
        return picker
