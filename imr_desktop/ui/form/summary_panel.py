# SPDX-License-Identifier: AGPL-3.0-or-later
"""The summary panel: the clinical case summary, how long it is, and the evidence that nothing cites yet."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout

from imr_desktop.casework.evidence_use import not_cited
from imr_desktop.models.places import Place
from imr_desktop.storage import Table
from imr_desktop.ui.form.layout import Wrapped
from imr_desktop.ui.form.narrative_edit import NarrativeEdit
from imr_desktop.ui.form.panel import Panel
from imr_desktop.ui.form.writing_words import readability
from imr_desktop.ui.parts import button, words
from imr_desktop.ui.vault_history import show_history

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk

_ID = Qt.ItemDataRole.UserRole
_USUAL_ORDER = (
    "Usual order: age, sex, date and mechanism of injury; diagnoses; treatment to date with its result; last visit; "
    "what was requested; what UR decided and when."
)


class SummaryPanel(Panel):
    """Where the clinical case summary is written (reference 3.5)."""

    looks_at = frozenset({Table.SUMMARY, Table.EVIDENCE, Table.DOCUMENT, Table.SOURCE, Table.ITEM})

    def __init__(self, desk: "Desk") -> None:
        super().__init__(desk)
        self.text = NarrativeEdit("Clinical case summary", self.names)
        self._order = Wrapped("muted")
        self.text.keep = desk.write_summary
        self.text.anchor_activated.connect(self.anchor_activated)
        label = QLabel("Clinical case summary")
        label.setProperty("says", "heading")
        label.setBuddy(self.text)
        self._count = words("", "muted")
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._left = Wrapped("muted")
        self.waiting = QListWidget()
        self.waiting.setAccessibleName("Evidence not cited yet")
        self.waiting.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.waiting.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.waiting.setFixedHeight((self.waiting.fontMetrics().lineSpacing() + 8) * 4)
        self.waiting.itemActivated.connect(lambda row: self.anchor_activated.emit(row.data(_ID)))
        self.cite = button("Cite in the summary", self._cite, tip="Put the chosen evidence in at the caret")
        self.go = button("Show the page", self._go)
        self.history = button("Hi&story…", self._history, "quiet", tip="Look at earlier texts and bring one back")
        top = QHBoxLayout()
        label.setWordWrap(True)
        top.addWidget(label, 1)
        top.addWidget(self._count)
        top.addWidget(self.history)
        buttons = QHBoxLayout()
        buttons.addWidget(self.cite)
        buttons.addWidget(self.go)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 8)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self._order)
        column.addWidget(self.text, 1)
        column.addWidget(self._left)
        column.addWidget(self.waiting)
        column.addLayout(buttons)
        self.redraw()

    def redraw(self) -> None:
        """Show the present summary and what waits to be cited."""
        case, names = self.desk.case, self.names()
        self.text.show_value(case.clinical_summary)
        self.text.refresh_chips()
        self._order.say("" if case.clinical_summary else _USUAL_ORDER)
        reads = readability(case.clinical_summary)
        self._count.setText(reads.told())
        self._count.setToolTip(reads.offered() and f"Abbreviations not opened yet. {reads.offered()}")
        waiting = not_cited(case)
        row = self.waiting.currentRow()
        self.waiting.clear()
        for evidence in waiting:
            quote = names.quote(evidence).split("\n")[0]
            item = QListWidgetItem(f"{names.label(evidence)}: {quote}")
            item.setData(_ID, evidence)
            item.setToolTip(quote)
            self.waiting.addItem(item)
        self.waiting.setCurrentRow(min(max(row, 0), len(waiting) - 1))
        kept = len(case.evidence)
        self._left.say(
            f"{kept} kept as evidence, {len(waiting)} not cited yet." if kept else "No evidence is kept yet."
        )
        for widget in (self.waiting, self.cite, self.go):
            widget.setVisible(bool(waiting))

    def flush(self) -> None:
        """Keep what was typed."""
        self.text.commit()

    def show_place(self, place: Place) -> bool:
        """Focus the text, with the words of the place selected."""
        if place.span is not None:
            self.text.select_span(*place.span)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)
        return True

    def field_in_focus(self) -> str | None:
        """The summary is one field."""
        return None

    def _history(self) -> None:
        self.text.commit()
        show_history(self.desk, None, self)

    def _cite(self) -> None:
        item = self.waiting.currentItem()
        if item is not None:
            self.text.insert_anchor(item.data(_ID))
            self.text.commit()
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go(self) -> None:
        item = self.waiting.currentItem()
        if item is not None:
            self.anchor_activated.emit(item.data(_ID))
