# SPDX-License-Identifier: AGPL-3.0-or-later
"""Conflicting recommendations: each with its study, whether that applies, its level; written into the rationale."""

from collections.abc import Callable, Sequence

from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from imr_desktop.casework import evidence_levels
from imr_desktop.casework.evidence_levels import Recommendation
from imr_desktop.ui.form.fields import ChoiceField, LineField, LinesField, SuggestField
from imr_desktop.ui.form.layout import Grid, Wrapped, scrolling
from imr_desktop.ui.form.rows_form import RowsForm
from imr_desktop.ui.parts import button, roomy, words

_HELP = (
    "8 CCR 9792.25.1: where guidelines or studies disagree, the study below each recommendation is judged, first "
    "whether it applies to this worker, then its level. Nothing here decides the item."
)
_APPLIES = ((None, "Not judged yet"), (True, "Applies to this worker"), (False, "Does not apply"))


class RecommendationsForm(RowsForm):
    """The recommendations at variance as rows, each with its form."""

    def __init__(self, sources: Sequence[str]) -> None:
        super().__init__("Recommendations at variance", "a recommendation", rows=3)
        source, self.level = SuggestField("Source", lambda _: None), ChoiceField("Level of evidence")
        source.offer([(each, each) for each in sources])
        grid = Grid()
        for path, field, columns in (
            ("source", source, 6),
            ("says", LinesField("What it recommends", rows=2), 6),
            ("study", LineField("The study that supports it"), 6),
            ("applies", ChoiceField("Applicability", _APPLIES), 3),
            ("level", self.level, 3),
        ):
            self.binder.bind(path, field)
            grid.add(field, columns)
        self.detail.setLayout(grid)

    def blank(self) -> Recommendation:
        """A recommendation with nothing in it yet."""
        return Recommendation("")

    def says(self, row: Recommendation) -> str:
        """``Source (level 1b)``."""
        level = "does not apply" if row.applies is False else f"level {row.level}" if row.level else "no level yet"
        return f"{row.source or 'No source yet'} ({level})"


class VarianceDialog(QDialog):
    """Modeless; ``write`` gets the paragraph for the rationale."""

    def __init__(self, title: str, sources: Sequence[str], write: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Conflicting recommendations")
        self._write = write
        self.question = ChoiceField("Clinical question", [(each, each) for each in evidence_levels.questions()])
        self.question.keep = self._ask
        self.form = RecommendationsForm(sources)
        self.form.keep = self._changed
        self.says = Wrapped("muted")
        self.says.setAccessibleName("What the comparison comes to")
        self.put = button("&Write into the rationale", self._put, "main")
        self.put.setAutoDefault(False)  # Enter in a field keeps the field, not more.
        self._asked = evidence_levels.questions()[0]
        buttons = QHBoxLayout()
        buttons.addWidget(self.put)
        buttons.addStretch(1)
        buttons.addWidget(button("Close", self.reject, "quiet"))
        column = QVBoxLayout(self)
        column.addWidget(words(title, "lead"))
        column.addWidget(words(_HELP, "muted"))
        column.addWidget(self.question)
        column.addWidget(scrolling(self.form), 1)
        column.addWidget(self.says)
        column.addLayout(buttons)
        roomy(self, 680, 620)
        self._ask(self._asked)
        self.form.show_value(tuple(Recommendation(each) for each in sources[:2]) or (Recommendation(""),))
        self._look()

    def _ask(self, question: str) -> None:
        self._asked = question
        self.question.show_value(question)
        offered = [("", "Not chosen yet"), *((each.name, each.told()) for each in evidence_levels.levels(question))]
        self.form.level.offer(offered)
        self._look()

    def _changed(self, rows: tuple[Recommendation, ...]) -> None:
        self.form.show_value(rows)
        self._look()

    def _look(self) -> None:
        lacking = evidence_levels.lacking(self.form.value)
        self.put.setEnabled(not lacking)
        self.says.say(lacking or evidence_levels.paragraph(self.form.value, self._asked))

    def _put(self) -> None:
        self.form.commit()
        if not evidence_levels.lacking(self.form.value):
            self._write(evidence_levels.paragraph(self.form.value, self._asked))
            self.accept()
