# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the window can do besides the open case: precedents, statistics, help, settings, reports; each in its dialog."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from imr_desktop.errors import Trouble
from imr_desktop.ui.commands import COMMANDS
from imr_desktop.ui.palette import Entry, Palette

if TYPE_CHECKING:
    from imr_desktop.ui.shell import Shell


class DeskActs:
    """The acts of the window that belong to no case; each opens what it needs at its first use."""

    def __init__(self, shell: "Shell") -> None:
        self._shell = shell

    def always(self) -> dict[str, Callable[[], object]]:
        """The acts that need no vault."""
        return {"palette": self.palette, "keys": self.keys, "about": self.about}

    def in_vault(self) -> dict[str, Callable[[], object]]:
        """The acts that need an open vault."""
        return {
            "identities": self.identities,
            "settings": self.settings,
            "precedents": self.precedents,
            "statistics": self.statistics,
        }

    def palette(self) -> None:
        """Any command, item, document or page by a few letters."""
        shell = self._shell
        entries = [
            Entry(each.name, each.tip, partial(shell.commander.run, each.id), each.shown_keys(), each.also)
            for each in COMMANDS
            if shell.commander.can(each.id) and each.id != "palette"
        ]
        for shown in shell.findChildren(Palette):
            shown.leave()
        Palette(entries, (lambda _: ()) if shell.case is None else shell.case.found, shell)

    def keys(self) -> None:
        """Show every command with its keys."""
        from imr_desktop.ui.key_sheet import KeySheet

        self._show(KeySheet(self._shell))

    def about(self) -> None:
        """Say what this program is, under which licence, and with whose parts."""
        from imr_desktop.ui.key_sheet import About

        self._show(About(self._shell))

    def identities(self) -> None:
        """Show the signing identities."""
        from imr_desktop.ui.identities import IdentitiesDialog

        if self._shell.session is not None:
            self._show(IdentitiesDialog(self._shell.means, self._shell.session, self._shell))

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
