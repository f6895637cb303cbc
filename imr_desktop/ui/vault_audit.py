# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit trail in the window: who did what when, and whether it still stands as it was recorded."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.errors import Trouble
from imr_desktop.storage import AuditReport, Event
from imr_desktop.ui.parts import button, name_it, voice, words
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.vault_check import FaultList

if TYPE_CHECKING:
    from imr_desktop.ui.session import Session

_COLUMNS = ("When", "Who", "What", "#")


def did(event: Event) -> str:
    """What an event was, in one line."""
    label = next((str(event.detail[name]) for name in ("label", "name", "says", "kind") if event.detail.get(name)), "")
    kind = event.kind[:1].upper() + event.kind[1:]
    return f"{kind}: {label}" if label else kind


class AuditPage(QWidget):
    """The events of the vault or of one case, the newest first, below what is wrong with them."""

    def __init__(self, session: "Session", case_id: str | None = None) -> None:
        super().__init__()
        self._session = session
        self.scope = QComboBox()
        name_it(self.scope, "Audit trail of")
        self.scope.addItem("The vault as a whole", None)
        for each, name in session.case_names().items():
            self.scope.addItem(name, each)
        self.scope.setCurrentIndex(max(0, self.scope.findData(case_id)))
        self.scope.currentIndexChanged.connect(lambda _: self.read())
        self.again = button("Read &again", self.read, picture="refresh")
        self.said = words("", "step")
        self.faults = FaultList()
        self.faults.setMaximumHeight(150)
        self.fault = FaultLine()
        self.events = QTreeWidget()
        self.events.setAccessibleName("Events, the newest first")
        self.events.setRootIsDecorated(False)
        self.events.setUniformRowHeights(True)
        self.events.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.events.setHeaderLabels(list(_COLUMNS))
        header = self.events.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(_COLUMNS.index("What"), QHeaderView.ResizeMode.Stretch)
        self._lay_out()

    def read(self) -> None:
        """Audit what is chosen and show it."""
        case_id = self.scope.currentData()
        self.fault.clear()
        self.events.clear()
        self.faults.hide()
        try:
            vault = self._session.vault
            report = vault.audit() if case_id is None else vault.case(case_id).audit()
        except Trouble as trouble:
            self.said.setText("")
            self.fault.tell(trouble)
            return
        self._show(report)

    def _show(self, report: AuditReport) -> None:
        number = len(report.faults)
        holds = f"{number} fault{'s' * (number > 1)}" if number else "all of it stands as it was recorded"
        count = len(report.events)
        self.said.setText(f"{count} event{'s' * (count != 1)}; {holds}. Head: {report.head.link[:16]}…")
        self.said.setToolTip(report.head.link)
        voice(self.said, "says", "danger" if number else "good")
        self.faults.show_faults(report.faults, self._session.case_names())
        rows = []
        for event in reversed(report.events):
            when = f"{event.at.astimezone():%m/%d/%Y %H:%M:%S}"
            row = QTreeWidgetItem([when, event.who, did(event), str(event.number)])
            row.setTextAlignment(3, Qt.AlignmentFlag.AlignRight)
            rows.append(row)
        self.events.addTopLevelItems(rows)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(self.scope, 1)
        top.addWidget(self.again)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(10)
        column.addWidget(words("Who did what, and when", "heading"))
        column.addLayout(top)
        column.addWidget(self.said)
        column.addWidget(self.faults)
        column.addWidget(self.fault)
        column.addWidget(self.events, 1)
