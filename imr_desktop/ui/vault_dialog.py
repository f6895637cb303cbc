# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault in one dialog: ways in, backups, check, audit trail and archive."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTabWidget, QVBoxLayout, QWidget

from imr_desktop.ui.form.layout import Scroll
from imr_desktop.ui.parts import roomy
from imr_desktop.ui.vault_archive import ArchivePage
from imr_desktop.ui.vault_audit import AuditPage
from imr_desktop.ui.vault_backup import BackupPage
from imr_desktop.ui.vault_check import CheckPage
from imr_desktop.ui.vault_ways_in import WaysInPage

if TYPE_CHECKING:
    from imr_desktop.ui.means import Means
    from imr_desktop.ui.session import Session
    from imr_desktop.ui.vault_clock import BackupClock

TABS = ("Ways in", "Backup", "Check", "Audit trail", "Archive")


class VaultDialog(QDialog):
    """Everything that keeps the vault safe; a check stops when it is left, a backup goes on."""

    changed = Signal()

    def __init__(
        self,
        means: "Means",
        session: "Session",
        clock: "BackupClock",
        *,
        case_id: str | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("Vault")
        roomy(self, 820, 580)
        self.ways_in = WaysInPage(session)
        self.backup = BackupPage(session, clock)
        self.check = CheckPage(session)
        self.audit = AuditPage(session, case_id)
        self.archive = ArchivePage(session, means.today())
        self.archive.changed.connect(self.changed)
        self.tabs = QTabWidget()
        for each in (self.tabs, self.tabs.tabBar()):
            each.setAccessibleName("Parts of the vault")
        for name, page in zip(TABS, self._pages(), strict=True):
            self.tabs.addTab(Scroll(page), name)
        if session.is_demo:
            self.tabs.setTabEnabled(TABS.index("Backup"), False)
            self.tabs.setTabToolTip(TABS.index("Backup"), "The demo is thrown away when it is closed")
        self.tabs.currentChanged.connect(self._turned)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self.tabs, 1)
        column.addWidget(buttons)

    def show_tab(self, name: str) -> None:
        """Turn to a part: one of ``TABS``."""
        self.tabs.setCurrentIndex(TABS.index(name))

    def done(self, result: int) -> None:
        """Leave; a check that is under way is stopped."""
        self.check.halt()
        super().done(result)

    def _pages(self) -> tuple[QWidget, ...]:
        return (self.ways_in, self.backup, self.check, self.audit, self.archive)

    def _turned(self, _index: int) -> None:
        if self.tabs.currentIndex() == TABS.index("Audit trail"):
            self.audit.read()
