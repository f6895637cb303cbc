# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the correction of an issued letter says of itself: shown once a letter has left, above the next one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from imr_desktop.casework.desk import Desk
from imr_desktop.ui.parts import Fields, button, line_field, words


class CorrectionCard(QFrame):
    """Two fields, what is corrected and why, kept when they are left; and the way to see both letters side by side."""

    compare_wanted = Signal()
    filed_wanted = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setProperty("box", "warns")
        self._desk = desk
        self.says = words("", "lead")
        self.what = line_field(shown="The dose in item 2 is 10 mg, not 100 mg")
        self.why = line_field(shown="A mistake in writing")
        self.what.editingFinished.connect(self._keep)
        self.why.editingFinished.connect(self._keep)
        self.compare = button("Co&mpare with what was issued…", self.compare_wanted.emit)
        self.filed = button("&Letters issued…", self.filed_wanted.emit)
        rows = Fields()
        rows.add("W&hat is corrected", self.what)
        rows.add("Wh&y", self.why, "Both stand in the corrected letter; the public copy does not say why.")
        acts = QHBoxLayout()
        acts.addWidget(self.compare)
        acts.addWidget(self.filed)
        acts.addStretch(1)
        column = QVBoxLayout(self)
        column.addWidget(self.says)
        column.addLayout(rows)
        column.addLayout(acts)
        self.hide()

    def refresh(self) -> None:
        """Show how it stands; nothing while no letter of the case has been issued."""
        if not self._desk.store.letters():
            self.hide()
            return
        from imr_desktop.casework import versions

        due = versions.correction_due(self._desk)
        if due is None:
            return
        self.says.setText(
            f"This determination was issued on {due.issued:%m/%d/%Y} and does not change. "
            f"What is issued next is correction {due.number}."
        )
        for field, said in ((self.what, due.what), (self.why, due.why)):
            if not field.hasFocus() and field.text() != said:
                field.setText(said)
        self.show()

    def keep(self) -> None:
        """Keep what is being typed."""
        self._keep()

    def _keep(self) -> None:
        from imr_desktop.casework import versions

        if self.isVisible() and (self.what.text().strip() or self.why.text().strip()):
            versions.keep_correction(self._desk, self.what.text(), self.why.text())
