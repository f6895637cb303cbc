# SPDX-License-Identifier: AGPL-3.0-or-later
"""The criteria of a guideline: each with what the record says about it and the evidence for that."""

from collections.abc import Callable

from PySide6.QtCore import Signal

from imr_desktop.models.items import Criterion
from imr_desktop.ui.form.evidence_field import EvidenceField
from imr_desktop.ui.form.fields import ChoiceField, LinesField
from imr_desktop.ui.form.labels import CRITERION_MET
from imr_desktop.ui.form.layout import Grid
from imr_desktop.ui.form.naming import EvidenceNames
from imr_desktop.ui.form.rows_form import RowsForm

_MET_NAMES = dict(CRITERION_MET)


class CriteriaForm(RowsForm):
    """Guideline criteria mapped to the facts of this worker (reference 3.6)."""

    anchor_activated = Signal(str)

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
        self.detail.setLayout(grid)

    def blank(self) -> Criterion:
        """A criterion not worded yet."""
        return Criterion("")

    def says(self, row: Criterion) -> str:
        """``Met: the criterion``."""
        return f"{_MET_NAMES[row.met]}: {' '.join(row.text.split()) or 'not worded yet'}"
