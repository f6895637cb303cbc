# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reviewer's snippets: named, worded with fields and blanks, with an abbreviation, and where each was used."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from imr_desktop.casework.snippets import BadSnippet, Snippet, checked
from imr_desktop.ui.form.entries import TEXT
from imr_desktop.ui.form.fields import LineField, LinesField
from imr_desktop.ui.form.layout import Grid, Wrapped
from imr_desktop.ui.form.rows_form import RowsForm
from imr_desktop.ui.parts import button, roomy, words

_HELP = (
    "Fields: {item}, {item.side}, {item.body_part}, {outcome}, {worker.age}, {worker.name}, {injury.date}, {ur.date}, "
    "{decision.date}, {physician}, {case.number}. {snippet NAME} puts another one in. ‹words› is a blank: Tab walks "
    "the blanks, and one that is left blocks issuing. Type an abbreviation and a blank to put its snippet in."
)


class SnippetsForm(RowsForm):
    """The snippets as rows, each with its form."""

    def __init__(self) -> None:
        super().__init__("Snippets", "a snippet", rows=7)
        self.uses = Wrapped("muted")
        grid = Grid()
        for path, field, columns in (
            ("name", LineField("Name"), 4),
            ("abbreviation", LineField("Abbreviation"), 2),
            ("text", LinesField("Text", TEXT, rows=6), 6),
        ):
            self.binder.bind(path, field)
            grid.add(field, columns)
        grid.add(self.uses)
        self.detail.setLayout(grid)

    def blank(self) -> Snippet:
        """A snippet with nothing in it yet."""
        taken = {each.name for each in self.value}
        number = next(number for number in range(1, len(taken) + 2) if f"Snippet {number}" not in taken)
        return Snippet(f"Snippet {number}", "")

    def says(self, row: Snippet) -> str:
        """``name (abbreviation)``."""
        return f"{row.name} ({row.abbreviation})" if row.abbreviation else row.name

    def drawn(self) -> None:
        """Say where the chosen one was used."""
        row = self.rows.row
        if 0 <= row < len(self.value):
            self.uses.say(self.value[row].told())


class SnippetsDialog(QDialog):
    """Edits the snippets; ``keep`` gets them when the window is closed with Keep."""

    def __init__(
        self, snippets: Sequence[Snippet], keep: Callable[[tuple[Snippet, ...]], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Snippets")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._keep = keep
        self.form = SnippetsForm()
        self.form.keep = self._changed
        self.form.show_value(tuple(snippets))
        self.trouble = Wrapped("danger")
        self.trouble.say("")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(button("Keep", self._done, "main"))
        buttons.addWidget(button("Leave unchanged", self.reject, "quiet"))
        column = QVBoxLayout(self)
        column.addWidget(words(_HELP, "muted"))
        column.addWidget(self.form, 1)
        column.addWidget(self.trouble)
        column.addLayout(buttons)
        roomy(self, 680, 620)

    def _changed(self, snippets: tuple[Snippet, ...]) -> None:
        self.form.show_value(snippets)

    def _done(self) -> None:
        self.form.commit()
        try:
            kept = checked([each for each in self.form.value if each.text.strip()])
        except BadSnippet as trouble:
            self.trouble.say(f"{trouble.happened} {trouble.advice}")
            return
        self._keep(kept)
        self.accept()
