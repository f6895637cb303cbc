# SPDX-License-Identifier: AGPL-3.0-or-later
"""The doors of the window: first run, unlocking, restoring and saving a damaged vault; keys are derived aside."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from imr_desktop.casework.vault_place import elsewhere, note_elsewhere, surely_there
from imr_desktop.errors import Trouble
from imr_desktop.ui.unlock import Unlock
from imr_desktop.ui.work import Aside

if TYPE_CHECKING:
    from imr_desktop.storage import Opener, Placed, Salvaged, Unlocked
    from imr_desktop.ui.first_run import FirstRun
    from imr_desktop.ui.means import Means
    from imr_desktop.ui.shell import Shell


class Doors(QObject):
    """What stands between the start and the open vault; it shows its pages in the shell and hands it the session."""

    def __init__(self, shell: "Shell", means: "Means", folder: Path) -> None:
        super().__init__(shell)
        self._shell, self._means, self._folder = shell, means, folder
        self.first_run: FirstRun | None = None
        self.unlock: Unlock | None = None
        self._asked_for: Path | None = None
        self._looking = Aside(self)
        self._looking.done.connect(self._looked_through)

    @property
    def shut(self) -> bool:
        """Whether one of them is shown."""
        return self.unlock is not None or self.first_run is not None

    def begin(self) -> None:
        """Ask for the vault: unlock the one that is there, or make the first."""
        folder = elsewhere(self._folder)
        if surely_there(folder) or self._means.vault_exists(folder):
            self.ask(folder)
        else:
            self._ask_first(folder)

    def ask(self, folder: Path) -> Unlock:
        """Ask for the passphrase of the vault in this folder."""
        self.drop()
        self._looking.forget()
        page = self.unlock = Unlock(folder)
        page.wanted.connect(partial(self._unlock, folder))
        page.salvage_wanted.connect(partial(self._salvage, folder))
        page.restore_wanted.connect(partial(self.restore, folder))
        page.elsewhere.connect(self._choose_vault)
        page.demo.connect(self._shell.begin_demo)
        self._shell.show_page(page)
        page.passphrase.setFocus()
        self._asked_for = folder
        if self._shell.is_drawn:
            self.learn_ways()
        return page

    def learn_ways(self) -> None:
        """Find out by what else the vault that is asked for can be opened; not before its passphrase can be typed."""
        if self.unlock is not None and self._asked_for is not None:
            aside = Aside(self.unlock)
            aside.done.connect(self.unlock.offer)
            aside.start(partial(self._means.ways_in, self._asked_for))

    def drop(self) -> None:
        """Take the doors away; the answer of a key that is still being derived is let go."""
        for door in (self.unlock, self.first_run):
            if door is not None:
                self._shell.pages.removeWidget(door)
                door.deleteLater()
        self.unlock = self.first_run = None

    def remember(self, folder: Path) -> None:
        """Find the vault in this folder at the next start."""
        if self._means.remember:
            note_elsewhere(self._folder, folder)

    def restore(self, folder: Path, begin_at: Path | None = None) -> None:
        """Put a backup in the place of the vault in this folder, which is closed; then ask for its passphrase."""
        self._means.warm_up()
        from imr_desktop.ui.vault_restore import RestoreDialog

        dialog = RestoreDialog(folder, begin_at, self._shell)
        dialog.restored.connect(lambda: self.ask(folder))
        self._shell.show_dialog(dialog)

    def rekey(self, folder: Path) -> None:
        """Give the vault in this folder, which is closed, a new data key; then open it with the same passphrase."""
        from imr_desktop.ui.vault_rekey import RekeyDialog

        dialog = RekeyDialog(folder, self._means, self._shell)
        dialog.rekeyed.connect(partial(self._unlock, folder))
        self._shell.show_dialog(dialog)

    def move(self, folder: Path) -> None:
        """Move the vault in this folder, which is closed, to another; then ask for its passphrase there."""
        from imr_desktop.ui.vault_move import MoveDialog

        dialog = MoveDialog(folder, self._means.place_risk, self._folder, self._shell)
        dialog.placed.connect(self._placed)
        self._shell.show_dialog(dialog)

    def _placed(self, placed: "Placed") -> None:
        from imr_desktop.storage import remove_old

        # The note comes first: a crash between the two leaves the old place, which nothing opens any more.
        self.remember(placed.folder)
        emptied = remove_old(placed)
        self.ask(placed.folder)
        left = "" if emptied else f" Something could not be removed from {placed.old}: empty that folder yourself."
        self._shell.notice.say(f"The vault is in {placed.folder} now.{left}", seconds=60)

    # -- unlocking --------------------------------------------------------------------------------------------

    def _aside(self, page: "Unlock | FirstRun") -> Aside:
        """A thread of this page: when the page goes, its answer goes with it."""
        aside = Aside(page)
        aside.troubled.connect(page.tell)
        aside.failed.connect(page.rest)
        return aside

    def _unlock(self, folder: Path, key: "str | Opener") -> None:
        page = self.unlock
        if page is not None:
            aside = self._aside(page)
            aside.done.connect(partial(self._unlocked, folder, key))
            aside.start(partial(self._means.unlock, folder, key), _forget)

    def _unlocked(self, folder: Path, key: "str | Opener", by: "Unlocked") -> None:
        page = self.unlock
        if page is None:
            by.forget()
            return
        try:
            session = self._means.open_vault(folder, by)
        except Trouble as trouble:
            by.forget()
            page.tell(trouble)
            return
        page.forget()
        self.remember(folder)
        # Read through beside the first look at the worklist; no page that is damaged is ever shown in the meantime.
        self._looking.start(session.vault.reading_through())
        self._shell.enter(session)
        if self._means.is_recovery(key):
            self._shell.keeper.set_passphrase()

    def _looked_through(self, sound: bool) -> None:
        session = self._shell.session
        if sound or session is None:
            return
        try:
            session.vault.refuse_damage()
        except Trouble as trouble:
            self._shell.lock()
            if self.unlock is not None:
                self.unlock.ask_to_save(trouble)

    def _choose_vault(self) -> None:
        name = QFileDialog.getExistingDirectory(self._shell, "The folder of the vault", str(self._folder))
        if name and self._means.vault_exists(Path(name)):
            self.ask(Path(name))
        elif name:
            self._shell.notice.say("There is no vault in that folder. Choose the folder that holds vault.json.")

    # -- first run --------------------------------------------------------------------------------------------

    def _ask_first(self, folder: Path) -> None:
        self.drop()
        from imr_desktop.ui.first_run import FirstRun

        page = self.first_run = FirstRun(self._means, folder)
        page.vault_wanted.connect(self._create)
        page.restore_wanted.connect(lambda: self.restore(page.chosen_folder()))
        page.elsewhere.connect(self._choose_vault)
        page.demo.connect(self._shell.begin_demo)
        page.finished.connect(self._shell.first_run_done)
        self._shell.show_page(page)
        page.take_focus()

    def _create(self, folder: Path, passphrase: str) -> None:
        page = self.first_run
        if page is not None:
            aside = self._aside(page)
            aside.done.connect(partial(self._created, folder))
            aside.start(partial(self._means.prepare_vault, passphrase), _forget)

    def _created(self, folder: Path, made: "Unlocked") -> None:
        page = self.first_run
        if page is None:
            made.forget()
            return
        try:
            session = self._means.create_vault(folder, made)
        except Trouble as trouble:
            page.tell(trouble)
            return
        self.remember(folder)
        self._shell.session = session
        page.enter(session)

    # -- a damaged vault --------------------------------------------------------------------------------------

    def _salvage(self, folder: Path, key: "str | Opener") -> None:
        page = self.unlock
        if page is not None:
            aside = self._aside(page)
            aside.done.connect(partial(self._salvaged, folder, key))
            aside.start(partial(self._means.salvage, folder, key))

    def _salvaged(self, folder: Path, key: "str | Opener", came: "Salvaged") -> None:
        from imr_desktop.ui.vault_restore import SalvagedDialog

        # It opens as always now, with what was given already.
        self._unlock(folder, key)
        self._shell.show_dialog(SalvagedDialog(came, self._shell))


def _forget(by: "Unlocked") -> None:
    by.forget()
