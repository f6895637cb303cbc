# SPDX-License-Identifier: AGPL-3.0-or-later
"""The main window: first run or unlocking, then the worklist, then a case; one notice bar, one table of commands."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from imr_desktop.casework.vault_place import elsewhere, note_elsewhere
from imr_desktop.errors import Trouble
from imr_desktop.ui.case_strip import SavedLabel
from imr_desktop.ui.commands import COMMANDS, Commander, Scope
from imr_desktop.ui.first_run import FirstRun
from imr_desktop.ui.guard import Guard
from imr_desktop.ui.importing import Importing
from imr_desktop.ui.means import Means, Session
from imr_desktop.ui.palette import Entry, Palette
from imr_desktop.ui.parts import words
from imr_desktop.ui.style import sheet
from imr_desktop.ui.theme import Scheme, Theme
from imr_desktop.ui.trouble import Hook, NoticeBar
from imr_desktop.ui.unlock import Unlock
from imr_desktop.ui.vault_keeper import Keeper
from imr_desktop.ui.worklist import Worklist

if TYPE_CHECKING:
    from imr_desktop.storage import Opener
    from imr_desktop.ui.case_window import CaseWindow

_WINDOW = "window"
_TITLE = "IMR Desktop"


class Shell(QMainWindow):
    """The window itself. It holds the open vault and the open case, and hands both to the pages that show them."""

    def __init__(self, means: Means, theme: Theme, hook: Hook, folder: Path) -> None:
        super().__init__()
        self._means, self._theme = means, theme
        self._folder = folder
        self.session: Session | None = None
        self.case: CaseWindow | None = None
        self.closing = False
        self.notice = NoticeBar()
        self.pages = QStackedWidget()
        self.pages.setObjectName("pages")
        self.first_run: FirstRun | None = None
        self.unlock: Unlock | None = None
        self.worklist = Worklist(theme)
        self.commander = Commander(self)
        self.importing = Importing(self)
        self.guard = Guard(self, self.lock)
        self.keeper = Keeper(self, means)
        self._saved = SavedLabel()
        self._where = words("", wrap=False)
        self._lay_out()
        self._connect(hook)
        # The sheet belongs to this window and not to the application: widgets that are built apart and then put in
        # are polished once instead of at every step of being put together, which opens a case eight times as fast.
        theme.listen(lambda colours: self.setStyleSheet(sheet(colours)))
        self.setWindowTitle(_TITLE)
        self.resize(1280, 800)

    # -- opening ----------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask for the vault: unlock the one that is there, or make the first."""
        folder = elsewhere(self._folder)
        if self._means.vault_exists(folder):
            self._ask_passphrase(folder)
        else:
            self._ask_first(folder)

    def begin_demo(self) -> None:
        """Open the demo case in a throw-away vault."""
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            session = self._means.open_demo()
        except Trouble as trouble:
            if self.session is None and self.unlock is None and self.first_run is None:
                self.begin()
            self.notice.trouble(trouble)
            return
        finally:
            QApplication.restoreOverrideCursor()
        self._leave_vault()
        self._enter(session)
        rows = session.rows()
        if rows:
            self.open_case(rows[0].case_id)

    def _ask_passphrase(self, folder: Path) -> None:
        self._drop_doors()
        self.unlock = Unlock(folder, self._means.ways_in(folder))
        self.unlock.wanted.connect(lambda key: self._soon(lambda: self._unlock(folder, key)))
        self.unlock.elsewhere.connect(self._choose_vault)
        self.unlock.demo.connect(self.begin_demo)
        self._show_page(self.unlock)
        self.unlock.passphrase.setFocus()

    def _ask_first(self, folder: Path) -> None:
        self._drop_doors()
        self.first_run = FirstRun(self._means, folder)
        self.first_run.vault_wanted.connect(lambda where, secret: self._soon(lambda: self._create(where, secret)))
        self.first_run.elsewhere.connect(self._choose_vault)
        self.first_run.demo.connect(self.begin_demo)
        self.first_run.finished.connect(self._first_run_done)
        self._show_page(self.first_run)
        self.first_run.take_focus()

    def _soon(self, act: Callable[[], None]) -> None:
        # The busy bar is painted before the key is derived, which keeps this thread for half a second.
        QTimer.singleShot(60, self, act)

    def _unlock(self, folder: Path, key: "str | Opener") -> None:
        try:
            session = self._means.open_vault(folder, key)
        except Trouble as trouble:
            if self.unlock is not None:
                self.unlock.tell(trouble)
            return
        if self.unlock is not None:
            self.unlock.forget()
        self._remember(folder)
        self._enter(session)

    def _create(self, folder: Path, passphrase: str) -> None:
        if self.first_run is None:
            return
        try:
            session = self._means.create_vault(folder, passphrase)
        except Trouble as trouble:
            self.first_run.tell(trouble)
            return
        self._remember(folder)
        self.session = session
        self.first_run.enter(session)

    def _first_run_done(self) -> None:
        if self.session is not None:
            self._enter(self.session)

    def _choose_vault(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "The folder of the vault", str(self._folder))
        if name and self._means.vault_exists(Path(name)):
            self._ask_passphrase(Path(name))
        elif name:
            self.notice.say("There is no vault in that folder. Choose the folder that holds vault.json.")

    def _remember(self, folder: Path) -> None:
        if self._means.remember:
            note_elsewhere(self._folder, folder)

    def _enter(self, session: Session) -> None:
        self.session = session
        self._drop_doors()
        self.notice.hide()
        self.guard.watch(session)
        self._theme.use(Scheme(session.setting("theme") or Scheme.SYSTEM))
        kept = session.setting(_WINDOW) or {}
        if isinstance(kept.get("geometry"), str) and not session.is_demo:
            self.restoreGeometry(QByteArray.fromBase64(kept["geometry"].encode()))
        self._bind_vault()
        self.show_worklist()
        last = kept.get("case")
        if last and any(row.case_id == last for row in session.rows()):
            self.open_case(last)
        self.keeper.enter(session)

    # -- worklist and case ------------------------------------------------------------------------------------

    def show_worklist(self) -> None:
        """Leave the case, if one is open, and show the worklist."""
        if self.session is None:
            return
        left = self._leave_case()
        self.worklist.show_rows(self.session.rows())
        if left is not None:
            self.worklist.choose(left)
        self._show_page(self.worklist)
        self.commander.release(Scope.CASE, Scope.PAGE)
        self.commander.bind({"find": self.worklist.seek_case})
        self.setWindowTitle(f"{_TITLE}, demo" if self.session.is_demo else _TITLE)
        (self.worklist.table if self.worklist.model.rowCount() else self.worklist.import_files).setFocus()

    def open_case(self, case_id: str) -> None:
        """Open a case beside its form."""
        from imr_desktop.ui.case_window import CaseWindow

        if self.session is None:
            return
        self._leave_case()
        try:
            case = CaseWindow(self._means, self.session, self.session.desk(case_id), self._theme)
        except Trouble as trouble:
            self.notice.trouble(trouble)
            return
        self.case = case
        case.told.connect(self.notice.say)
        case.saved.connect(self._saved.show_saved)
        case.where.connect(self._where.setText)
        case.left.connect(self.show_worklist)
        case.dropped.connect(lambda paths: self.importing.take_in(paths, into=case_id))
        self._show_page(case)
        self.commander.release(Scope.WORKLIST)
        self.commander.bind(case.acts(), case.record.view)
        add_files = partial(self.importing.choose_late, case_id)
        self.commander.bind({"add_files": add_files, "close_case": self.show_worklist})
        self.setWindowTitle(f"{case.name} – {_TITLE}")
        self.activateWindow()
        case.begin()

    def lock(self) -> None:
        """Close the vault, leave nothing of it on the screen, and ask for the passphrase."""
        if self.session is None:
            return
        folder = self.session.vault.folder
        demo = self.session.is_demo
        self._leave_vault()
        self.notice.hide()
        if demo:
            self.begin()
        else:
            self._ask_passphrase(folder)

    def _leave_case(self) -> str | None:
        case, self.case = self.case, None
        if case is None:
            return None
        case.close_case()
        self.pages.removeWidget(case)
        case.deleteLater()
        self._where.clear()
        return case.case_id

    def _leave_vault(self) -> None:
        self.guard.rest()
        self.keeper.leave()
        for dialog in self.findChildren(QDialog):
            dialog.reject()
        self.closing = True
        self.importing.stop()
        self.closing = False
        session = self.session
        if session is not None:
            self._keep_window(session)
            self._leave_case()
            self.session = None
            session.close()
        self.worklist.show_rows(())
        self.worklist.search.clear()
        self.commander.release(Scope.VAULT, Scope.WORKLIST, Scope.CASE, Scope.PAGE)
        self.setWindowTitle(_TITLE)

    def _keep_window(self, session: Session) -> None:
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        case = None if self.case is None else self.case.case_id
        session.keep_setting(_WINDOW, {"geometry": geometry, "case": case})

    # -- dialogs and small acts -------------------------------------------------------------------------------

    def _new_case(self) -> None:
        if self.session is not None:
            self.open_case(self.session.new_case())

    def show_dialog(self, dialog: QDialog) -> None:
        """Show a dialog over this window; it is let go when it closes."""
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setModal(True)
        dialog.open()

    def _identities(self) -> None:
        from imr_desktop.ui.identities import IdentitiesDialog

        if self.session is not None:
            self.show_dialog(IdentitiesDialog(self._means, self.session, self))

    def _settings(self) -> None:
        from imr_desktop.ui.settings import Settings

        if self.session is not None:
            dialog = Settings(self.session, self._theme, self)
            dialog.accepted.connect(self._profile_changed)
            self.show_dialog(dialog)

    def _profile_changed(self) -> None:
        if self.session is not None:
            self.guard.watch(self.session)
        if self.case is not None:
            self.case.profile_changed()

    def _about(self) -> None:
        from imr_desktop.ui.key_sheet import About

        self.show_dialog(About(self))

    def _keys(self) -> None:
        from imr_desktop.ui.key_sheet import KeySheet

        self.show_dialog(KeySheet(self))

    def _palette(self) -> None:
        entries = [
            Entry(each.name, each.tip, partial(self.commander.run, each.id), each.shown_keys(), each.also)
            for each in COMMANDS
            if self.commander.can(each.id) and each.id != "palette"
        ]
        case = self.case
        for shown in self.findChildren(Palette):
            shown.leave()
        Palette(entries, (lambda _: ()) if case is None else case.found, self)

    # -- the window -------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window closes: everything is kept already; the vault is closed."""
        self._leave_vault()
        super().closeEvent(event)

    def _show_page(self, page: QWidget) -> None:
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        in_vault = page not in (self.unlock, self.first_run)
        self.menuBar().setVisible(in_vault)
        self.statusBar().setVisible(in_vault)

    def _drop_doors(self) -> None:
        for door in (self.unlock, self.first_run):
            if door is not None:
                self.pages.removeWidget(door)
                door.deleteLater()
        self.unlock = self.first_run = None

    def _full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def set_busy(self, busy: bool) -> None:
        """While files come in, no other case may be edited: the vault is in the middle of one step."""
        self.worklist.set_busy(busy)
        if busy:
            self.keeper.pause()
            self.commander.release(Scope.VAULT, Scope.WORKLIST)
            self.commander.bind({"lock": self.lock})
        elif self.session is not None:
            self._bind_vault()
            self.commander.bind({"find": self.worklist.seek_case})

    def _bind_vault(self) -> None:
        self.commander.bind(
            {
                "new_case": self._new_case,
                "import_files": self.worklist.choose_files,
                "import_folder": self.worklist.choose_folder,
                "identities": self._identities,
                "settings": self._settings,
                "lock": self.lock,
            }
        )
        self.keeper.bind()

    def _connect(self, hook: Hook) -> None:
        hook.troubled.connect(self.notice.trouble)
        hook.bugged.connect(self.notice.bug)
        self.worklist.opened.connect(self.open_case)
        self.worklist.new_wanted.connect(self._new_case)
        self.worklist.dropped.connect(self.importing.take_in)
        self.worklist.demo.connect(self.begin_demo)
        self.worklist.cancelled.connect(self.importing.stop)
        self.commander.bind(
            {
                "quit": self.close,
                "full_screen": self._full_screen,
                "palette": self._palette,
                "keys": self._keys,
                "about": self._about,
            }
        )

    def _lay_out(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.pages, 1)
        self.setCentralWidget(middle)
        self.pages.addWidget(self.worklist)
        self.pages.insertWidget(0, QWidget())
        self.pages.setCurrentIndex(0)
        self.commander.fill(self.menuBar())
        self.statusBar().addWidget(self._where)
        self.statusBar().addPermanentWidget(self.keeper.sign)
        self.statusBar().addPermanentWidget(self._saved)
        self.menuBar().hide()
        self.statusBar().hide()
