# SPDX-License-Identifier: AGPL-3.0-or-later
"""The guideline registry: its editions with their days in force, edited, brought in from a file, or put back."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from imr_desktop.casework import guideline_registry
from imr_desktop.casework.guideline_registry import Chapter
from imr_desktop.errors import Trouble
from imr_desktop.ui.form.entries import DATE, LINES, YEAR
from imr_desktop.ui.form.fields import LineField, LinesField
from imr_desktop.ui.form.layout import Grid, Wrapped, scrolling
from imr_desktop.ui.form.rows_form import RowsForm
from imr_desktop.ui.parts import button, roomy, words
from imr_desktop.ui.trouble import FaultLine

_HELP = (
    "Each row is one edition of a chapter. What is offered in a citation, and what counts as in force, comes from here."
)


class ChaptersForm(RowsForm):
    """The editions as rows, each with its form."""

    def __init__(self) -> None:
        super().__init__("Editions", "an edition", rows=8)
        self.unsure = Wrapped("muted")
        grid = Grid()
        for path, field, columns in (
            ("title", LineField("Chapter, as it is cited"), 4),
            ("year", LineField("Year", YEAR), 2),
            ("publisher_date", LineField("Publisher's own date"), 2),
            ("effective_from", LineField("In force from", DATE), 2),
            ("effective_to", LineField("In force until", DATE), 2),
            ("sections", LinesField("Sections, one on a line", LINES, rows=5), 6),
        ):
            self.binder.bind(path, field)
            grid.add(field, columns)
        grid.add(self.unsure)
        self.detail.setLayout(grid)

    def blank(self) -> Chapter:
        """An edition with nothing in it yet."""
        return Chapter("")

    def says(self, row: Chapter) -> str:
        """``Chronic Pain 2016, in force 07/28/2016 - 11/30/2017``."""
        since = f"{row.effective_from:%m/%d/%Y}" if row.effective_from else "unknown"
        until = f"{row.effective_to:%m/%d/%Y}" if row.effective_to else "today"
        return f"{row.name() or 'No title yet'}, in force {since} - {until}"

    def drawn(self) -> None:
        """Say what of the chosen row is not confirmed."""
        row = self.value[self.rows.row] if 0 <= self.rows.row < len(self.value) else None
        self.unsure.say("" if row is None or not row.unsure else f"Not confirmed in a source: {', '.join(row.unsure)}.")


class RegistryDialog(QDialog):
    """Edits the registry; ``kept`` is called once another is in force."""

    def __init__(self, today: date, kept: Callable[[str], object], parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Guideline registry")
        self._today, self._kept = today, kept
        self.form = ChaptersForm()
        self.form.keep = self.form.show_value
        self.form.show_value(guideline_registry.chapters())
        self.fault = FaultLine()
        self.keep = button("&Keep", self._keep, "main")
        self.keep.setAutoDefault(False)  # Enter in a field keeps the field, not more.
        self.bring = button("&Import…", self._import, tip="Editions from a TOML file; those known are replaced")
        self.back = button("&Put back ours", self._restore, tip="The registry that came with the program")
        buttons = QHBoxLayout()
        for each in (self.bring, self.back):
            buttons.addWidget(each)
        buttons.addStretch(1)
        buttons.addWidget(self.keep)
        buttons.addWidget(button("Leave unchanged", self.reject, "quiet"))
        column = QVBoxLayout(self)
        column.addWidget(words(_HELP, "muted"))
        column.addWidget(scrolling(self.form), 1)
        column.addWidget(self.fault)
        column.addLayout(buttons)
        roomy(self, 700, 660)

    def bring_in(self, path: Path) -> None:
        """Take the editions of a file in; nothing is in force until Keep is pressed."""
        self.fault.clear()
        self.form.commit()
        try:
            found = guideline_registry.read(path)
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self.form.show_value(guideline_registry.merged(self.form.value, found))

    def _keep(self) -> None:
        self.fault.clear()
        self.form.commit()
        try:
            guideline_registry.keep(self.form.value, self._today)
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self._kept(f"The registry has {len(self.form.value)} editions; they are offered from now on.")
        self.accept()

    def _import(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Editions to take in", "", "Tables (*.toml)")
        if chosen:
            self.bring_in(Path(chosen))

    def _restore(self) -> None:
        guideline_registry.restore()
        self.form.show_value(guideline_registry.chapters())
        self._kept("The registry that came with the program is in force.")
