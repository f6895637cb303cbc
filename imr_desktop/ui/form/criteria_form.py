# SPDX-License-Identifier: AGPL-3.0-or-later
"""The criteria of a guideline: each with what the record says about it and the evidence for that."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from imr_desktop.models.items import Criterion
from imr_desktop.ui.form.evidence_field import EvidenceField
from imr_desktop.ui.form.fields import ChoiceField, LinesField
from imr_desktop.ui.form.labels import CRITERION_MET
from imr_desktop.ui.form.layout import Grid, Wrapped
from imr_desktop.ui.form.naming import EvidenceNames
from imr_desktop.ui.form.rows_form import RowsForm
from imr_desktop.ui.parts import button, line_field

_MET_NAMES = dict(CRITERION_MET)


class CriteriaForm(RowsForm):
    """Guideline criteria mapped to the facts of this worker (reference 3.6)."""

    anchor_activated = Signal(str)
    search_wanted = Signal(str, str)

    def __init__(self, names: Callable[[], EvidenceNames]) -> None:
        super().__init__("Criteria", "a criterion", rows=3)
        text, met = LinesField("Criterion", rows=2), ChoiceField("The record says", CRITERION_MET)
        evidence = EvidenceField("Evidence for it", names)
        evidence.anchor_activated.connect(self.anchor_activated)
        self.binder.bind("text", text)
        self.binder.bind("met", met)
        self.binder.bind("evidence", evidence)
        grid = Grid()
        grid.add(text)
        grid.add(met, 3)
        grid.add(evidence, 3)
        self.sought: Callable[[str], str] = lambda _: ""
        self.searches = Wrapped("muted")
        self.searches.setAccessibleName("Searches made for this criterion")
        self.words = line_field(shown="Words that would document it")
        self.words.setAccessibleName("Words to search the record for")
        self.words.returnPressed.connect(self._search)
        search = QHBoxLayout()
        search.addWidget(self.words, 1)
        search.addWidget(button("Search the record", self._search, tip="The search is kept with the item"))
        box = QWidget()
        box.setLayout(search)
        search.setContentsMargins(0, 0, 0, 0)
        grid.add(box)
        grid.add(self.searches)
        self.detail.setLayout(grid)

    def drawn(self) -> None:
        """Say what was sought for the chosen criterion."""
        row = self.value[self.rows.row] if 0 <= self.rows.row < len(self.value) else None
        self.searches.say("" if row is None else self.sought(row.text))

    def _search(self) -> None:
        self.commit()
        row = self.value[self.rows.row] if 0 <= self.rows.row < len(self.value) else None
        if row is not None and (words := self.words.text().strip() or row.text.strip()):
            self.search_wanted.emit(row.text, words)
            self.words.clear()

    def blank(self) -> Criterion:
        """A criterion not worded yet."""
        return Criterion("")

    def says(self, row: Criterion) -> str:
        """``Met: the criterion``."""
        return f"{_MET_NAMES[row.met]}: {' '.join(row.text.split()) or 'not worded yet'}"
