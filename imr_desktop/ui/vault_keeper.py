# SPDX-License-Identifier: AGPL-3.0-or-later
"""What keeps the vault while the window is open: backups by the clock, a quiet word when they fail, and its dialogs."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication

from imr_desktop.errors import Trouble
from imr_desktop.ui.parts import button
from imr_desktop.ui.vault_clock import BackupClock

if TYPE_CHECKING:
    from pathlib import Path

    from imr_desktop.storage import Vault
    from imr_desktop.ui.means import Means
    from imr_desktop.ui.session import Session
    from imr_desktop.ui.shell import Shell

_WIDEST = 420
_AT_REST = 500


class Keeper(QObject):
    """Looks after the open vault of a window; ``sign`` is the quiet word in its status bar."""

    def __init__(self, shell: "Shell", means: "Means") -> None:
        super().__init__(shell)
        self._shell, self._means = shell, means
        self.clock = BackupClock(self, means.now, self._free)
        self.clock.ended.connect(self._ended)
        self.sign = button("", lambda: self.show_vault("Backup"), "link", tip="Open the vault's backups")
        self.sign.setAccessibleName("Backups")
        self.sign.hide()
        self._told = self._untold = ""

    def enter(self, session: "Session") -> None:
        """The vault is open: tell what was found wrong on opening, and begin to look after its backups."""
        standing = session.vault.standing()
        kept = {fault.says for fault in standing}
        told = [*(each for each in session.vault.notices if each.says not in kept), *standing]
        if told:
            first = told[0]
            others = f" {len(told) - 1} more." if len(told) > 1 else ""
            known = " It is told until you say that you know of it." if standing else ""
            says = f"{first.says} {first.advice}{others}{known}"
            self._shell.notice.warn(says, act="Open the check…", doing=lambda: self.show_vault("Check"))
        elif not session.is_demo:
            # Which disk the folder lies on is asked of the system once the worklist is drawn and at rest.
            QTimer.singleShot(_AT_REST, self, lambda: self._warn_of_place(session.vault))
        self._told = self._untold = ""
        if not session.is_demo:
            self.clock.watch(session)
            self.clock.look()

    def leave(self) -> None:
        """The vault closes."""
        self.clock.rest()
        self.sign.hide()

    def pause(self) -> None:
        """Files come in, as one long step: the backup that is being made gives way, and begins anew later."""
        self.clock.stop()

    def bind(self) -> None:
        """Make the commands of the vault work."""
        self._shell.commander.bind({"vault": self.show_vault, "audit": self.show_audit, "archive_case": self.archive})

    def show_vault(self, tab: str = "Ways in") -> None:
        """Open the vault's dialog."""
        from imr_desktop.ui.vault_dialog import VaultDialog

        shell = self._shell
        if shell.session is None:
            return
        case_id = None if shell.case is None else shell.case.case_id
        dialog = VaultDialog(self._means, shell.session, self.clock, case_id=case_id, parent=shell)
        dialog.changed.connect(self._shell.refresh_worklist)
        dialog.ways_in.rekey_wanted.connect(self.rekey, Qt.ConnectionType.QueuedConnection)
        dialog.check.salvage_wanted.connect(self.salvage, Qt.ConnectionType.QueuedConnection)
        dialog.backup.move_wanted.connect(self.move, Qt.ConnectionType.QueuedConnection)
        dialog.backup.restore_wanted.connect(self.restore, Qt.ConnectionType.QueuedConnection)
        shell.show_dialog(dialog)
        dialog.show_tab(tab)

    def set_passphrase(self) -> None:
        """The vault was opened by a recovery key: ask for a new passphrase, which may be set later too."""
        from imr_desktop.ui.vault_ways_in import ChangePassphrase

        if self._shell.session is not None:
            dialog = ChangePassphrase(self._shell.session, self._shell)
            dialog.accepted.connect(lambda: self._shell.notice.say("The new passphrase opens the vault from now on."))
            self._shell.show_dialog(dialog)

    def restore(self, begin_at: "Path | None" = None) -> None:
        """Close the vault and put a backup in its place; the one that is there is set aside."""
        shell = self._shell
        if shell.session is not None and not shell.session.is_demo:
            folder = shell.session.vault.folder
            shell.lock()
            shell.doors.restore(folder, begin_at)

    def salvage(self) -> None:
        """Close the vault and save what can be read of it, once its passphrase is typed again."""
        shell = self._shell
        if shell.session is not None and not shell.session.is_demo:
            shell.lock()
            if shell.doors.unlock is not None:
                shell.doors.unlock.ask_to_save()

    def move(self) -> None:
        """Close the vault and move it to another folder."""
        shell = self._shell
        if shell.session is not None and not shell.session.is_demo:
            folder = shell.session.vault.folder
            shell.lock()
            shell.doors.move(folder)

    def rekey(self) -> None:
        """Close the vault, give it a new data key, and open it again."""
        shell = self._shell
        if shell.session is not None and not shell.session.is_demo:
            folder = shell.session.vault.folder
            shell.lock()
            shell.doors.rekey(folder)

    def _warn_of_place(self, vault: "Vault") -> None:
        if vault.closed:
            return
        risk = self._means.place_risk(vault.folder)
        if risk is not None:
            says = f"{risk} Move the vault to a folder on this computer's own disk; backups may go elsewhere."
            self._shell.notice.warn(says, act="Move the vault…", doing=self.move)

    def show_audit(self) -> None:
        """Open the audit trail of the open case, or of the vault."""
        self.show_vault("Audit trail")

    def archive(self) -> None:
        """Put the chosen case, or the open one, into the archive; it can be taken back at once."""
        shell = self._shell
        if shell.session is None:
            return
        case_id = shell.worklist.chosen() if shell.case is None else shell.case.case_id
        if case_id is None:
            return
        vault = shell.session.vault
        name = shell.session.case_names()[case_id].removesuffix(" (archived)")

        def back() -> None:
            vault.unarchive_case(case_id)
            shell.refresh_worklist()

        if vault.stamps().by_case()[case_id].archived:
            shell.notice.say(f"{name} is in the archive already.", act="Take it back", doing=back)
            return
        if shell.case is not None:
            shell.show_worklist()
        vault.archive_case(case_id)
        shell.refresh_worklist()
        shell.notice.say(f"{name} is in the archive (File, Vault).", act="Undo", doing=back)

    def _free(self) -> bool:
        return not self._shell.importing.running and QApplication.activeModalWidget() is None

    def _ended(self, fault: str) -> None:
        status = self.clock.status()
        says = "" if status is None else status.says
        # A long sentence would make the window wider than the screen.
        self.sign.setText(self.sign.fontMetrics().elidedText(says, Qt.TextElideMode.ElideRight, _WIDEST))
        self.sign.setToolTip(says)
        self.sign.setAccessibleName(says or "Backups")
        self.sign.setVisible(bool(says) and not self.clock.running)
        # Told once, as soon as no dialog hides the notice; the sign in the status bar stays.
        self._untold = fault or self._untold
        if self._untold and QApplication.activeModalWidget() is None:
            if self._untold != self._told:
                self._shell.notice.trouble(Trouble("The automatic backup did not go well.", self._untold))
            self._told, self._untold = self._untold, ""
        elif not says:
            self._told = ""
