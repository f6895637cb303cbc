# SPDX-License-Identifier: AGPL-3.0-or-later
"""The evidence panel: everything that was kept, filtered and ordered, each leading to its page and to its use."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QTreeWidgetItem, QVBoxLayout, QWidget

from imr_desktop.casework.evidence_use import counted, told
from imr_desktop.models.evidence import Evidence, Weight
from imr_desktop.models.places import Place
from imr_desktop.storage import Change, Table
from imr_desktop.ui.flow import Flow
from imr_desktop.ui.form.binder import Binder
from imr_desktop.ui.form.entries import DATE, show_date
from imr_desktop.ui.form.evidence_rows import ORDERS, SHOWN, Order, Row, Shown, shown_rows
from imr_desktop.ui.form.fields import ChoiceField, LineField, LinesField
from imr_desktop.ui.form.layout import Grid, Section, UndoBar, Wrapped, choose_row, scrolling, speak_empty, tree
from imr_desktop.ui.form.panel import Panel
from imr_desktop.ui.form.weighing import WeightFields
from imr_desktop.ui.parts import button, line_field, words

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk

_ID = Qt.ItemDataRole.UserRole
_HINT = "Enter shows the page, U where it is used, S and E cite it, F and A weigh it for the current item."


class EvidencePanel(Panel):
    """The evidence of the case (reference 3.4). ``cite_wanted`` gives evidence and ``summary`` or ``item``."""

    looks_at = frozenset({Table.EVIDENCE, Table.SUMMARY, Table.ITEM, Table.DOCUMENT, Table.SOURCE})
    cite_wanted = Signal(str, str)
    weigh_wanted = Signal(str, object)
    use_wanted = Signal(str)

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self._chosen = ""
        self._binder = Binder(self._evidence, desk.keep_evidence)
        self.list = tree("Page", "Words", "Day", "Serves", rows=6, wide=1)
        self.list.setAccessibleName("Evidence")
        self.sought = line_field(shown="Words, document or note")
        self.sought.setAccessibleName("Find in the evidence")
        self.sought.textChanged.connect(self.redraw)
        self.shown = ChoiceField("Show", SHOWN)
        self.order = ChoiceField("Order", ORDERS)
        self.shown.show_value(Shown.ALL)
        self.order.show_value(Order.PAGE)
        self.shown.keep = self.order.keep = lambda _: self._refilter()
        self._says = words("", "muted", wrap=False)
        self._undo = UndoBar(desk.undo)
        self._quote = Wrapped()
        self._quote.setAccessibleName("Words of the evidence")
        self.typed = LinesField("Words on the region, typed by you", rows=2)
        self.typed.keep = self._type_words
        self.note, self.day = LineField("Note"), LineField("Day of the fact", DATE)
        self._binder.bind("note", self.note)
        self._binder.bind("fact_date", self.day)
        self.weights = WeightFields(desk)
        self._editor = self._evidence_form()
        self._lay_out()
        self._keys()
        self.list.currentItemChanged.connect(lambda now, _: self._turn(now.data(0, _ID) if now else ""))
        self.list.itemActivated.connect(lambda _item, _column: self._go())
        self.redraw()

    def binders(self) -> tuple[Binder, ...]:
        """The fields of the chosen evidence."""
        return (self._binder,)

    def flush(self) -> None:
        """Keep whatever was typed and not kept yet."""
        super().flush()
        self.typed.commit()

    def show_place(self, place: Place) -> bool:
        """A piece of evidence is a row; where the filter hides it, everything is shown."""
        if place.row is not None:
            if place.row not in self.ids():
                self.shown.show_value(Shown.ALL)
                self.sought.clear()
                self.redraw()
            if place.row in self.ids():
                choose_row(self.list, self.ids().index(place.row))
        if place.field == "typed":
            self.focus_on(self.typed)
            return True
        if place.field and super().show_place(place):
            return True
        self.list.setFocus()
        return place.field is None

    def ids(self) -> list[str]:
        """The evidence listed now, in the order shown."""
        rows = (self.list.topLevelItem(index) for index in range(self.list.topLevelItemCount()))
        return [str(row.data(0, _ID)) for row in rows if row is not None]

    def counted(self) -> str:
        """``12 kept, 4 not cited``."""
        return counted(self.desk.case)

    def redraw(self) -> None:
        """Show the present evidence; the chosen one stays chosen where the filter lets it."""
        case = self.desk.case
        items = [
            (item.id, f"Item {number}: {item.heading or 'no wording yet'}") for number, item in enumerate(case.items, 1)
        ]
        self.shown.offer([*SHOWN, *items])
        rows = shown_rows(case, self.names(), self.shown.value, self.order.value, self.sought.text())
        self.list.blockSignals(True)
        self.list.clear()
        for row in rows:
            self.list.addTopLevelItem(self._line(row))
        ids = self.ids()
        wanted = self._chosen if self._chosen in ids else (ids[0] if ids else "")
        choose_row(self.list, ids.index(wanted) if wanted else -1)
        self.list.blockSignals(False)
        hidden = len(case.evidence) - len(rows)
        self._says.setText(self.counted() + (f"; {hidden} not shown" if hidden else ""))
        self._turn(wanted)

    def _heard(self, change: Change) -> None:
        self._undo.hide()
        super()._heard(change)

    def _refilter(self) -> None:
        # The field still holds the value before; the list is drawn once it has the new one.
        for field in (self.shown, self.order):
            field.show_value(field._values[field._choices.currentIndex()])
        self.redraw()

    def _line(self, row: Row) -> QTreeWidgetItem:
        names, evidence = self.names(), row.evidence
        quote = names.quote(evidence.id)
        texts = (
            "" if row.page is None else str(row.page),
            quote.split("\n")[0],
            show_date(evidence.fact_date),
            told(self.desk.case, row.serves),
        )
        made = QTreeWidgetItem(list(texts))
        made.setData(0, _ID, evidence.id)
        made.setToolTip(1, f"{names.label(evidence.id)}\n{quote}")
        made.setToolTip(3, texts[3])
        speak_empty(made, "Page", "Words", "Day", "Use")
        return made

    def _evidence(self, row: str) -> Evidence | None:
        return next((evidence for evidence in self.desk.case.evidence if evidence.id == row), None)

    def _turn(self, evidence_id: str) -> None:
        if evidence_id != self._chosen:
            self.typed.commit()
            self.typed.forget()
        self._binder.turn_to(evidence_id)
        self._chosen = evidence_id
        evidence = self._evidence(evidence_id)
        self._editor.setVisible(evidence is not None)
        for each in self._buttons:
            each.setEnabled(evidence is not None)
        self.weights.show_evidence(evidence)
        if evidence is not None:
            wordless = evidence.typed or not evidence.passage.text
            self.typed.setVisible(wordless)
            self.typed.show_value(evidence.passage.text if wordless else "")
            self._quote.say(f"{self.names().label(evidence_id)}: {self.names().quote(evidence_id)}")

    def _type_words(self, text: str) -> None:
        evidence = self._evidence(self._chosen)
        if evidence is not None:
            self.desk.keep_evidence(evidence.with_typed_words(text))

    def _go(self) -> None:
        if self._chosen:
            self.anchor_activated.emit(self._chosen)

    def _use(self) -> None:
        if self._chosen:
            self.use_wanted.emit(self._chosen)

    def _cite(self, target: str) -> None:
        if self._chosen:
            self.flush()
            self.cite_wanted.emit(self._chosen, target)

    def _weigh(self, weight: Weight | None) -> None:
        if self._chosen:
            self.flush()
            self.weigh_wanted.emit(self._chosen, weight)

    def _remove(self) -> None:
        if self._chosen:
            self.flush()
            label = self.names().label(self._chosen)
            self.desk.remove_evidence(self._chosen)
            self._undo.offer(f"The evidence {label} was removed; texts that cite it keep its place.")

    def _keys(self) -> None:
        acts = (
            ("U", self._use),
            ("S", lambda: self._cite("summary")),
            ("E", lambda: self._cite("item")),
            ("F", lambda: self._weigh(Weight.FOR)),
            ("A", lambda: self._weigh(Weight.AGAINST)),
            ("0", lambda: self._weigh(None)),
            (QKeySequence.StandardKey.Delete, self._remove),
        )
        for keys, act in acts:
            shortcut = QShortcut(QKeySequence(keys), self.list, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)

    def _evidence_form(self) -> QWidget:
        grid = Grid()
        grid.add(self._quote)
        grid.add(self.typed)
        grid.add(self.day, 2)
        grid.add(self.note, 4)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        column.addWidget(Section("Which way it speaks", self.weights))
        return inside

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for field, letters in ((self.shown, 14), (self.order, 10)):
            field.stand_alone(letters)
            top.addWidget(field)
        top.addWidget(self.sought, 1)
        self._buttons = (
            button("Show", self._go, tip="Show the page (Enter)"),
            button("Cite in summary", lambda: self._cite("summary")),
            button("Cite in item", lambda: self._cite("item")),
            button("Its use", self._use, tip="Show where it is used (U)"),
            button("Remove", self._remove, "quiet", tip="Remove the evidence (Delete); undo brings it back"),
        )
        buttons = Flow(*self._buttons)
        head = QVBoxLayout()
        head.setContentsMargins(12, 8, 12, 4)
        head.setSpacing(6)
        head.addLayout(top)
        head.addWidget(self._says)
        head.addWidget(self.list, 1)
        head.addLayout(buttons)
        hint = Wrapped("muted")
        hint.say(_HINT)
        head.addWidget(self._undo)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head, 3)
        column.addWidget(scrolling(hint, self._editor), 2)
