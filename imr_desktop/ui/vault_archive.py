# SPDX-License-Identifier: AGPL-3.0-or-later
"""The archive: cases that left the worklist, how long they are kept, and how one is deleted for good."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.errors import Trouble
from imr_desktop.ui.parts import Fields, button, fit, line_field, name_it, words
from imr_desktop.ui.trouble import FaultLine

if TYPE_CHECKING:
    from datetime import date

    from imr_desktop.models.case import Case
    from imr_desktop.ui.session import Session

_CASE = Qt.ItemDataRole.UserRole
_YEARS = (None, 1, 3, 5, 7, 10)
_YEAR = 365


def case_name(case: "Case") -> str:
    """A case by its number; one without a number by the worker's name, or as unnumbered."""
    return case.header.case_number or case.header.employee.name or "Case without a number"


class ArchivePage(QWidget):
    """The archived cases, those due for removal marked; ``changed`` says that the worklist is another now."""

    changed = Signal()

    def __init__(self, session: "Session", today: "date") -> None:
        super().__init__()
        self._session, self._today = session, today
        self.keep = QComboBox()
        days = session.vault.retention_days
        for years in _YEARS:
            said = "Never listed for removal" if years is None else f"{years} year{'s' * (years > 1)}"
            self.keep.addItem(said, None if years is None else years * _YEAR)
        if self.keep.findData(days) < 0:
            self.keep.addItem(f"{days} days", days)
        self.keep.setCurrentIndex(self.keep.findData(days))
        self.keep.activated.connect(lambda _: self._retain())
        self.tree = QTreeWidget()
        name_it(self.tree, "Archived cases")
        self.tree.setRootIsDecorated(False)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.tree.setHeaderLabels(["Case", "Injured worker", "In the archive since", "May be deleted from"])
        self.tree.header().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.tree.currentItemChanged.connect(lambda *_: self._allow())
        self.back = button("&Back to the worklist", self._back)
        self.delete = button("&Delete for good…", self._delete)
        self.letters = button("&Letters of deleted cases…", self._show_letters)
        self.said = words("", "step")
        self.fault = FaultLine()
        self._lay_out()
        self.redraw()

    def redraw(self) -> None:
        """Show the archive as it is, what is due first."""
        self.fault.clear()
        kept = self._session.vault.archived()
        due = {each.case.id for each in self._session.vault.due_for_removal(self._today)}
        self.tree.clear()
        for each in sorted(kept, key=lambda one: one.case.id not in due):
            until = f"{each.due:%m/%d/%Y}" + (" (due)" if each.case.id in due else "") if each.due else "never"
            since = f"{each.since.astimezone():%m/%d/%Y}"
            row = QTreeWidgetItem([case_name(each.case), each.case.header.employee.name, since, until])
            row.setData(0, _CASE, each.case)
            self.tree.addTopLevelItem(row)
        top = self.tree.topLevelItem(0)
        if top is not None:
            self.tree.setCurrentItem(top)
        cases = f"{len(kept)} archived case{'s' * (len(kept) != 1)}"
        self.said.setText(f"{cases}, {len(due)} due for removal." if kept else "The archive is empty.")
        self.letters.setVisible(bool(self._session.vault.letters_of_deleted()))
        self._allow()

    def _show_letters(self) -> None:
        from imr_desktop.ui.vault_letters import LettersLeft

        dialog = LettersLeft(self._session.vault, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _chosen(self) -> "Case | None":
        row = self.tree.currentItem()
        return None if row is None else row.data(0, _CASE)

    def _allow(self) -> None:
        for each in (self.back, self.delete):
            each.setEnabled(self._chosen() is not None)

    def _retain(self) -> None:
        self._session.vault.keep_retention_days(self.keep.currentData())
        self.redraw()

    def _back(self) -> None:
        case = self._chosen()
        if case is None:
            return
        try:
            self._session.vault.unarchive_case(case.id)
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self.redraw()
        self.changed.emit()

    def _delete(self) -> None:
        case = self._chosen()
        if case is None:
            return
        dialog = DeleteCase(case, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._gone(case))
        dialog.open()

    def _gone(self, case: "Case") -> None:
        try:
            self._session.vault.remove_case(case.id)
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self.redraw()
        self.said.setText(f"{case_name(case)} is deleted: its key is destroyed. Its issued letters stay.")
        self.changed.emit()

    def _lay_out(self) -> None:
        rows = Fields()
        rows.add(
            "&Keep cases for", self.keep, "Counted from the day a case was archived. Nothing is deleted by itself."
        )
        acts = QHBoxLayout()
        acts.addWidget(self.back)
        acts.addWidget(self.delete)
        acts.addStretch(1)
        acts.addWidget(self.letters)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(10)
        column.addWidget(words("Archive", "heading"))
        column.addWidget(self.said)
        column.addWidget(self.tree, 1)
        column.addLayout(acts)
        column.addLayout(rows)
        column.addWidget(self.fault)


class DeleteCase(QDialog):
    """Deleting for good, in two steps: what it means is read, then the case's name is typed."""

    def __init__(self, case: "Case", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = case_name(case)
        self.setWindowTitle(f"Delete {self._name} for good")
        self.typed = line_field(shown=self._name)
        self.typed.textChanged.connect(self._allow)
        self.go = button("&Delete for good", self._go)
        self.leave = button("Cancel", self.reject)
        self.leave.setDefault(True)
        self._ask = words(f"To delete it, type {self._name} here:")
        rows = Fields()
        rows.add("&Case", self.typed)
        self._second = QWidget()
        second = QVBoxLayout(self._second)
        second.setContentsMargins(0, 0, 0, 0)
        second.addWidget(self._ask)
        second.addLayout(rows)
        self._second.hide()
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.go)
        buttons.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(words(f"Delete {self._name} for good?", "heading"))
        column.addWidget(words(
            "The case's own key is destroyed, so that nobody can read its record, its text or its history again, on "
            "this disk or from a picture of it. This cannot be undone."
        ))  # fmt: skip
        column.addWidget(words(
            "Its issued letters stay in the vault. Backups made before still hold the case until they are thinned "
            "out.", "muted",
        ))  # fmt: skip
        column.addWidget(self._second)
        column.addLayout(buttons)
        fit(self, 500)

    def _go(self) -> None:
        if self._second.isHidden():
            self._second.show()
            fit(self, 500)
            self.typed.setFocus()
            self._allow()
        elif self._same():
            self.accept()

    def _same(self) -> bool:
        return self.typed.text().strip() == self._name

    def _allow(self) -> None:
        self.go.setEnabled(self._same())
