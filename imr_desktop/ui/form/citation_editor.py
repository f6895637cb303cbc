# SPDX-License-Identifier: AGPL-3.0-or-later
"""A guideline line as it is built: citations that generate the exact sentence, or a sentence kept word for word."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtWidgets import QVBoxLayout

from imr_desktop.models.citations import Citation, Guideline, MtusCitation
from imr_desktop.ui.form import citing
from imr_desktop.ui.form.binder import Compound
from imr_desktop.ui.form.citation_form import CitationForm
from imr_desktop.ui.form.citing import Stated
from imr_desktop.ui.form.entries import TEXT
from imr_desktop.ui.form.fields import ChoiceField, LinesField
from imr_desktop.ui.form.layout import preview
from imr_desktop.ui.form.rows_form import RowsForm


class CitationsForm(RowsForm):
    """The citations of one line, the primary source first."""

    def __init__(self, name: str, decided_on: Callable[[], date | None]) -> None:
        super().__init__(name, "a citation", rows=2)
        self.form = CitationForm(decided_on)
        self.binder.bind("", self.form)
        column = QVBoxLayout(self.detail)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.form)

    def blank(self) -> Citation:
        """The MTUS comes first in the search for evidence."""
        return MtusCitation("")

    def says(self, row: Citation) -> str:
        """The class and the citation as printed."""
        return citing.short(row)


class CitationEditor(Compound):
    """What one side relied on. ``sentence`` gives what the letter will print for a guideline."""

    def __init__(
        self, name: str, sentence: Callable[[Guideline | None], str], decided_on: Callable[[], date | None]
    ) -> None:
        super().__init__()
        self.name = name
        self.value: Guideline | None = None
        self._sentence = sentence
        self.stated = ChoiceField(f"{name}: what is stated", citing.STATED)
        self.stated.keep = self._restate
        self.citations = CitationsForm(f"{name}: citations", decided_on)
        self.citations.keep = self._keep_citations
        self.text = LinesField(f"{name}: sentence, word for word", TEXT, rows=4)
        self.text.keep = self._keep_text
        frame, self.preview = preview("The letter will say")
        self.preview.setAccessibleName(f"{name}: the letter will say")
        self.setFocusProxy(self.stated)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for each in (self.stated, self.citations, self.text, frame):
            column.addWidget(each)
        self.show_value(None)

    def show_value(self, value: Any) -> None:
        """Show the guideline that the case holds and the sentence that follows from it."""
        self.value = value
        state = citing.stated(value)
        self.stated.show_value(state)
        self.citations.setVisible(state is Stated.CITATIONS)
        self.text.setVisible(state is Stated.WORDS)
        self.citations.show_value(() if value is None else value.citations)
        self.text.show_value("" if value is None or value.text is None else value.text)
        self.preview.say(self._sentence(value))

    def commit(self) -> None:
        """Keep what was typed."""
        self.citations.commit()
        self.text.commit()

    def forget(self) -> None:
        """Let go of what was typed: another item is coming."""
        self.citations.forget()
        self.text.forget()

    def _restate(self, to: Stated) -> None:
        self.commit()
        self._hand_over(citing.restated(self.value, to, self._sentence(self.value)))

    def _keep_citations(self, citations: tuple[Citation, ...]) -> None:
        kept = Guideline() if self.value is None else self.value
        self._hand_over(replace(kept, citations=citations))

    def _keep_text(self, text: str) -> None:
        kept = Guideline() if self.value is None else self.value
        self._hand_over(replace(kept, text=text))

    def _hand_over(self, value: Guideline | None) -> None:
        self.value = value
        self.keep(value)
        self.show_value(value)
