# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the window can do besides the open case: precedents, statistics, help, settings, reports; each in its dialog."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from imr_desktop.casework import attesting
from imr_desktop.errors import Trouble
from imr_desktop.ui.commands import COMMANDS
from imr_desktop.ui.palette import Entry, Palette

if TYPE_CHECKING:
    from imr_desktop.ui.means import Session
    from imr_desktop.ui.shell import Shell


class DeskActs:
    """The acts of the window that belong to no case; each opens what it needs at its first use."""

    def __init__(self, shell: "Shell") -> None:
        self._shell = shell

    def enter(self, session: "Session") -> None:
        """A vault was opened: its reviewer's keys and stillness hold from now on."""
        from imr_desktop.ui.key_editor import apply_kept

        apply_kept(self._shell.commander, session)
        for effect in (
            Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_AnimateCombo, Qt.UIEffect.UI_AnimateTooltip,
            Qt.UIEffect.UI_FadeMenu, Qt.UIEffect.UI_FadeTooltip,
        ):  # fmt: skip
            QApplication.setEffectEnabled(effect, session.setting("motion") is not False)

        said = attesting.warning(session.vault, self._shell.means.today())
        if said and not session.is_demo:
            self._shell.notice.say(said)

    def door_opens(self, case_id: str) -> bool:
        """Whether the record may open now; if the reviewer's word is wanted first, it is asked for and then opens."""
        shell = self._shell
        if shell.session is None or shell.session.is_demo:
            return shell.session is not None
        case = shell.session.vault.case(case_id).read()
        lacking = attesting.to_attest(shell.session.vault, case)
        if lacking is None:
            return True
        from imr_desktop.ui.standing import ConflictDoor

        door = ConflictDoor(shell.session, case, lacking, shell)
        door.accepted.connect(partial(shell.open_case, case_id))
        self._show(door)
        return False

    def attest(self) -> None:
        """Attest freedom from conflicts for the open case as it stands, or for the one chosen in the worklist."""
        from imr_desktop.ui.standing import ConflictDoor

        shell = self._shell
        case_id = shell.worklist.chosen() if shell.case is None else shell.case.case_id
        if shell.session is None or case_id is None:
            return
        case = shell.session.vault.case(case_id).read()
        door = ConflictDoor(shell.session, case, attesting.involved(case), shell)
        door.open_record.setText("&Keep my word")
        door.shut.setText("&Cancel")
        door.accepted.connect(shell.profile_changed)
        self._show(door)

    def always(self) -> dict[str, Callable[[], object]]:
        """The acts that need no vault."""
        return {"palette": self.palette, "keys": self.keys, "about": self.about}

    def in_vault(self) -> dict[str, Callable[[], object]]:
        """The acts that need an open vault."""
        return {
            "identities": self.identities,
            "settings": self.settings,
            "verify": self.verify,
            "precedents": self.precedents,
            "statistics": self.statistics,
            "attest": self.attest,
        }

    def palette(self) -> None:
        """Any command, item, document or page by a few letters."""
        shell = self._shell
        entries = [
            Entry(
                each.name,
                each.tip,
                partial(shell.commander.run, each.id),
                shell.commander.shown_keys(each.id),
                each.also,
            )
            for each in COMMANDS
            if shell.commander.can(each.id) and each.id != "palette"
        ]
        for shown in shell.findChildren(Palette):
            shown.leave()
        Palette(entries, (lambda _: ()) if shell.case is None else shell.case.found, shell)

    def keys(self) -> None:
        """Show every command with its keys."""
        shell = self._shell
        if shell.session is None:
            from imr_desktop.ui.key_sheet import KeySheet

            self._show(KeySheet(shell))
        else:
            from imr_desktop.ui.key_editor import KeyEditor

            self._show(KeyEditor(shell.commander, shell.session, shell))

    def about(self) -> None:
        """Say what this program is, under which licence, and with whose parts."""
        from imr_desktop.ui.key_sheet import About

        self._show(About(self._shell))

    def identities(self) -> None:
        """Show the signing identities."""
        from imr_desktop.ui.identities import IdentitiesDialog

        if self._shell.session is not None:
            self._show(IdentitiesDialog(self._shell.means, self._shell.session, self._shell))

    def verify(self) -> None:
        """Say of any PDF who signed it and whether it is intact."""
        from imr_desktop.ui.verify_dialog import VerifyDialog

        if self._shell.session is not None:
            self._show(VerifyDialog(self._shell.session, self._shell))

    def settings(self) -> None:
        """Show the settings; what was changed takes effect at once."""
        from imr_desktop.ui.settings import Settings

        if self._shell.session is not None:
            dialog = Settings(self._shell.session, self._shell.theme, self._shell)
            dialog.accepted.connect(self._shell.profile_changed)
            self._show(dialog)

    def precedents(self) -> None:
        """Search the library of published determinations."""
        from imr_desktop.ui.precedents import PrecedentsDialog

        shell = self._shell
        if shell.session is None:
            return
        try:
            dialog = PrecedentsDialog(shell.session, None if shell.case is None else shell.case.desk, shell)
        except Trouble as trouble:
            shell.notice.trouble(trouble)
            return
        self._show(dialog)

    def statistics(self) -> None:
        """Show the reviewer's own work in figures."""
        from imr_desktop.ui.statistics import StatisticsDialog

        if self._shell.session is not None:
            rows = self._shell.session.rows(archived=True)
            self._show(StatisticsDialog(rows, self._shell.theme, self._shell))

    def _show(self, dialog: QDialog) -> None:
        self._shell.show_dialog(dialog)
