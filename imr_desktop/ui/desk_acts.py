# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the window can do besides the open case: precedents, statistics, help, settings, reports; each in its dialog."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from imr_desktop.errors import Trouble
from imr_desktop.ui.commands import COMMANDS
from imr_desktop.ui.theme import Scheme

if TYPE_CHECKING:
    from imr_desktop.ui.session import Session
    from imr_desktop.ui.shell import Shell


_PAGES = {
    "Case": "deciding", "Documents": "reading", "Chronology": "evidence", "Summary": "evidence", "Items": "deciding",
    "Checks": "checking", "Letter": "issuing",
}  # fmt: skip


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

        from imr_desktop.casework import attesting

        said = attesting.warning(session.vault, self._shell.means.today())
        if said and not session.is_demo:
            self._shell.notice.say(said)

    def door_opens(self, case_id: str) -> bool:
        """Whether the record may open now; if the reviewer's word is wanted first, it is asked for and then opens."""
        shell = self._shell
        if shell.session is None or shell.session.is_demo:
            return shell.session is not None
        case = shell.session.vault.case(case_id).read()
        from imr_desktop.casework import attesting

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
        from imr_desktop.casework import attesting

        door = ConflictDoor(shell.session, case, attesting.involved(case), shell)
        door.open_record.setText("&Keep my word")
        door.shut.setText("&Cancel")
        door.accepted.connect(shell.profile_changed)
        self._show(door)

    def always(self) -> dict[str, Callable[[], object]]:
        """The acts that need no vault."""
        return {
            "palette": self.palette,
            "keys": self.keys,
            "about": self.about,
            "help": self.help,
            "tour": self.tour,
        }

    def in_vault(self) -> dict[str, Callable[[], object]]:
        """The acts that need an open vault."""
        return {
            "identities": self.identities,
            "settings": self.settings,
            "verify": self.verify,
            "sign": self.sign,
            "precedents": self.precedents,
            "statistics": self.statistics,
            "tables": self.tables,
            "attest": self.attest,
            "support": self.support,
            "pack": self.pack,
            "unpack": self.unpack,
        }

    def palette(self) -> None:
        """Any command, item, document or page by a few letters."""
        from imr_desktop.ui.palette import Entry, Palette

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

    def sign(self) -> None:
        """Countersign a sealed letter in the Medical Director's place, or have its time stamped."""
        from imr_desktop.ui.sign_dialog import SignDialog

        if self._shell.session is not None:
            dialog = SignDialog(self._shell.means, self._shell.session, self._shell)
            dialog.signed.connect(lambda signed: self._shell.notice.say(f"Signed: {signed.path.name}."))
            self._show(dialog)

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

    def tables(self) -> None:
        """Edit the dated tables; the worklist's days and the open case's findings follow."""
        from imr_desktop.ui.tables_dialog import TablesDialog

        self._show(TablesDialog(self._shell.means.today(), self._tables_kept, self._shell))

    def _tables_kept(self, said: str) -> None:
        shell = self._shell
        shell.profile_changed()
        if shell.case is None:
            shell.show_worklist()
        else:
            shell.case.form.redraw()
        shell.notice.say(said)

    def statistics(self) -> None:
        """Show the reviewer's own work in figures."""
        from imr_desktop.ui.statistics import StatisticsDialog

        if self._shell.session is not None:
            rows = self._shell.session.rows(archived=True)
            self._show(StatisticsDialog(rows, self._shell.theme, self._shell))

    def help(self) -> None:
        """The manual at the page of what is on the screen; on a finding, the page of its check."""
        from imr_desktop.ui.help import CHECKS, Help

        shell = self._shell
        page, check_id = "first-day" if shell.session is None else "worklist", ""
        if shell.case is not None:
            panel = shell.case.form.shown()
            page = _PAGES.get(panel, "reading")
            if panel == "Checks":
                check_id = shell.case.checks.chosen_check()
                page = CHECKS if check_id else page
        for shown in shell.findChildren(Help):
            shown.close()
        dialog = Help(page, check_id, shell)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        # Beside the work and not before it: one reads, and does.
        dialog.show()

    def tour(self) -> None:
        """Lead through the demo case; it is opened first if it is not open."""
        from imr_desktop.ui.tour import Tour

        shell = self._shell
        if shell.session is None or not shell.session.is_demo:
            shell.begin_demo()
        elif shell.case is None:
            rows = shell.session.rows()
            if rows:
                shell.open_case(rows[0].case_id)
        for shown in shell.findChildren(Tour):
            shown.leave()
        if shell.session is not None and shell.session.is_demo:
            Tour(shell)

    def support(self) -> None:
        """Show the support report, to be read before it is given to anybody."""
        from imr_desktop.casework import support
        from imr_desktop.ui.text_sheet import TextSheet

        shell = self._shell
        if shell.session is not None:
            text = support.report(shell.session.vault, shell.session.now(), support.coded_errors(shell.hook.log))
            said = "Read it before you give it to anybody. It holds versions and figures, and no word of a case."
            self._show(TextSheet("Support report", said, text, "imr-desktop-report.txt", shell))

    def pack(self) -> None:
        """Write keys, holidays and looks into one file for another laptop."""
        from imr_desktop.casework import support

        shell = self._shell
        name, _ = QFileDialog.getSaveFileName(shell, "Write a settings pack", "imr-desktop-settings.json")
        if name and shell.session is not None:
            try:
                support.pack(shell.session.vault, Path(name))
            except Trouble as trouble:
                shell.notice.trouble(trouble)
                return
            shell.notice.say(f"The settings are in {Path(name).name}. It holds nothing of any case.")

    def unpack(self) -> None:
        """Take over keys, holidays and looks from a file."""
        from imr_desktop.casework import support

        shell = self._shell
        name, _ = QFileDialog.getOpenFileName(shell, "Read a settings pack", "", "Settings packs (*.json)")
        if not name or shell.session is None:
            return
        try:
            came = support.unpack(shell.session.vault, Path(name))
        except Trouble as trouble:
            shell.notice.trouble(trouble)
            return
        self.enter(shell.session)
        shell.theme.use(Scheme(shell.session.setting("theme") or Scheme.SYSTEM), shell.session.setting("text size"))
        shell.profile_changed()
        shell.notice.say(f"Taken over: {', '.join(came) or 'nothing'}.")

    def missing(self) -> None:
        """Draft a request for the records that the file names and does not hold."""
        from imr_desktop.casework import missing
        from imr_desktop.ui.text_sheet import TextSheet

        shell = self._shell
        if shell.case is None or shell.session is None:
            return
        desk = shell.case.desk
        found = missing.gaps(desk.case, desk.store.pages.index.texts())
        said = (
            "Strike out what you do not need. The organisation sends it to all parties; the day of the request is kept "
            "when you save or copy it."
            if found
            else "No report that the read pages name by its day is lacking. Pages not read yet were not looked at."
        )
        name = f"{desk.case.header.case_number or 'case'}-missing-records.txt"
        sheet = TextSheet(
            "Request for missing records", said, missing.draft(desk.case, found, shell.means.today()), name, shell
        )
        session, case_id = shell.session, desk.case.id

        def taken() -> None:
            missing.log(session.vault, case_id, session.now(), len(found))
            shell.notice.say("The day of this request is kept with the case.")

        sheet.taken.connect(taken)
        self._show(sheet)

    def _show(self, dialog: QDialog) -> None:
        self._shell.show_dialog(dialog)
