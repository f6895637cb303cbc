# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way into the search over all cases, and from one of its hits to the page or the text."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from imr_desktop.casework.own_words import OwnHit
    from imr_desktop.casework.search import Hit
    from imr_desktop.ui.search_everywhere import SearchEverywhere
    from imr_desktop.ui.shell import Shell


class Everywhere(QObject):
    """Puts the search over all cases into the window: its command, and the way from a hit to its page."""

    def __init__(self, shell: "Shell") -> None:
        super().__init__(shell)
        self._shell = shell
        self._sought = ""
        shell.commander.bind({"search_all": self.show})

    def show(self) -> "SearchEverywhere | None":
        """Open the search, with what was sought before; nothing happens while the vault is shut or busy."""
        from imr_desktop.ui.search_everywhere import SearchEverywhere

        shell = self._shell
        if shell.session is None or shell.importing.running:
            return None
        if shell.case is not None:
            shell.case.form.flush()
        dialog = SearchEverywhere(shell.session, shell, self._sought)
        dialog.hit_wanted.connect(partial(self._go, dialog))
        dialog.field.returnPressed.connect(dialog.search)
        shell.show_dialog(dialog)
        return dialog

    def _go(self, dialog: "SearchEverywhere", hit: "Hit | OwnHit") -> None:
        from imr_desktop.casework.search import Hit, boxes

        self._sought = dialog.field.text()
        dialog.accept()
        shell = self._shell
        if shell.case is None or shell.case.case_id != hit.case_id:
            shell.open_case(hit.case_id)
        case = shell.case
        if case is None or shell.session is None:
            return
        if isinstance(hit, Hit):
            case.record.go_to(hit.ref, boxes(shell.session.vault.case(hit.case_id), hit))
        else:
            case.show_place(hit.place)
