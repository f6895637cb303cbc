# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the page into the case: what becomes of a passage by the key that was pressed, and of kept evidence."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QMimeData, QObject, QPoint, Signal
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QMenu

from imr_desktop.models.evidence import Passage, Weight
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.narrative import Anchor, plain
from imr_desktop.models.places import Part, Place
from imr_desktop.ui.form.narrative_edit import NARRATIVE_TYPE
from imr_desktop.ui.record import CiteTarget

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk
    from imr_desktop.ui.form.form import CaseForm

_NO_ITEM = "There is no disputed item to cite into. Add one with Ctrl+Shift+N, then cite again."


class Gathering(QObject):
    """Keeps passages where their key says. ``told`` is worth a notice; ``noted`` passes below the page."""

    told = Signal(str)
    noted = Signal(str)

    def __init__(self, desk: "Desk", form: "CaseForm") -> None:
        super().__init__(form)
        self._desk, self._form = desk, form
        form.evidence_panel.cite_wanted.connect(self.cite_kept)
        form.evidence_panel.weigh_wanted.connect(self.weigh)

    def take(self, passage: Passage, target: str) -> None:
        """Keep a passage as the target says."""
        acts: dict[str, Callable[[Passage], None]] = {
            CiteTarget.SUMMARY: lambda taken: self._cite(taken, "summary"),
            CiteTarget.ITEM: lambda taken: self._cite(taken, "item"),
            CiteTarget.CHRONOLOGY: self._to_chronology,
            CiteTarget.NEW_ITEM: self._new_item,
            CiteTarget.CHOSEN_ITEM: self._offer_items,
            CiteTarget.COPY: self._copy,
        }
        acts[target](passage)

    def cite_kept(self, evidence_id: str, target: str) -> None:
        """Put the chip of kept evidence at the caret of the summary or of the current item's rationale."""
        item = self._form.current_item()
        if target == "item" and item is None:
            self.told.emit(_NO_ITEM)
            return
        place = Place(Part.SUMMARY) if target == "summary" else Place(Part.ITEMS, item, "rationale")
        self._form.show_place(place)
        self._form.narrative_field(target).insert_anchor(evidence_id)
        self._form.flush()

    def weigh(self, evidence_id: str, weight: Weight | None) -> None:
        """Weigh kept evidence for the current item."""
        item = self._form.current_item()
        if item is None:
            self.told.emit("There is no disputed item to weigh this for. Add one with Ctrl+Shift+N first.")
            return
        self._desk.weigh(evidence_id, item, weight)
        ordinal = self._desk.case.ordinal(item)
        said = {None: "Not weighed for", Weight.FOR: "Speaks for", Weight.AGAINST: "Speaks against"}[weight]
        self.noted.emit(f"{said} item {ordinal}.")

    def _cite(self, passage: Passage, into: Literal["summary", "item"]) -> None:
        evidence = self._form.insert_citation(passage, into)
        if evidence is None:
            self.told.emit(_NO_ITEM)
            return
        said = f"Cited in the {'summary' if into == 'summary' else 'rationale of the item'}."
        self._noted_region(passage, said)

    def _to_chronology(self, passage: Passage) -> None:
        self._form.flush()
        evidence = self._desk.add_evidence(passage)
        self._form.show_place(Place(Part.CHRONOLOGY, evidence, "fact_date"))
        self._noted_region(passage, "Kept for the chronology. Type the day of the fact.")

    def _new_item(self, passage: Passage) -> None:
        self._form.flush()
        wording = " ".join(passage.text.split()).strip(" .;,")
        item = self._desk.item_from_passage(passage, DisputedItem("", heading=wording))
        self._form.show_place(Place(Part.ITEMS, item, "heading"))
        self.noted.emit(f"Item {self._desk.case.ordinal(item)} begins with these words.")

    def _offer_items(self, passage: Passage) -> None:
        items = self._desk.case.items
        if not items:
            self.told.emit(_NO_ITEM)
            return
        menu = QMenu(self._form)
        menu.setAccessibleName("Cite into which item")
        menu.aboutToHide.connect(menu.deleteLater)
        for number, item in enumerate(items, 1):
            key = f"&{number} " if number < 10 else f"{number} "
            action = menu.addAction(f"{key} {item.heading or 'no wording yet'}")
            action.triggered.connect(lambda _=False, each=item.id: self._cite_into(passage, each))
        menu.setActiveAction(menu.actions()[0])
        menu.popup(QCursor.pos() if QCursor.pos() != QPoint() else self._form.mapToGlobal(QPoint(0, 0)))

    def _cite_into(self, passage: Passage, item_id: str) -> None:
        self._form.items_panel.choose(item_id)
        self._cite(passage, "item")

    def _copy(self, passage: Passage) -> None:
        self._form.flush()
        evidence = self._desk.add_evidence(passage)
        words = " ".join(passage.text.split())
        quoted = f"“{words}”" if words else ""
        label = self._form.evidence_panel.names().passage(passage)
        data = QMimeData()
        data.setText(f"{quoted} ({label})".strip())
        data.setData(NARRATIVE_TYPE, f"{plain(quoted)} {Anchor(evidence).token()}".strip().encode())
        QGuiApplication.clipboard().setMimeData(data)
        self.noted.emit(f"Copied with its citation, {label}.")

    def _noted_region(self, passage: Passage, said: str) -> None:
        if not passage.text:
            said += " The region has no words; type them in Evidence (Alt+8)."
        self.noted.emit(said)
