# SPDX-License-Identifier: AGPL-3.0-or-later
"""The main window: first run or unlocking, then the worklist, then a case; one notice bar, one table of commands."""

import contextlib
from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from imr_desktop.errors import Trouble
from imr_desktop.ui.command_scope import Scope
from imr_desktop.ui.doors import Doors
from imr_desktop.ui.errand import Errands
from imr_desktop.ui.frame import TITLE, Frame
from imr_desktop.ui.means import Means
from imr_desktop.ui.parts import SavedLabel, words
from imr_desktop.ui.theme import Scheme, Theme
from imr_desktop.ui.trouble import Hook
from imr_desktop.ui.work import Aside, Pump

if TYPE_CHECKING:
    from imr_desktop.ui.case_window import CaseWindow
    from imr_desktop.ui.commands import Commander
    from imr_desktop.ui.desk_acts import DeskActs
    from imr_desktop.ui.first_run import FirstRun
    from imr_desktop.ui.guard import Guard
    from imr_desktop.ui.importing import Importing
    from imr_desktop.ui.session import Session
    from imr_desktop.ui.unlock import Unlock
    from imr_desktop.ui.vault_keeper import Keeper
    from imr_desktop.ui.worklist import Worklist

_WINDOW = "window"
# The reader of pages gets ready once the worklist has been drawn, and not against it (milliseconds).
_AT_REST = 300


class Shell(Frame):
    """The window itself. It holds the open vault and the open case, and hands both to the pages that show them.

    It comes up with its doors alone. What an open vault needs besides is made while the passphrase is typed, from the
    moment at which the window is drawn, or else when it is first wanted.
    """

    def __init__(self, means: Means, theme: Theme, hook: Hook, folder: Path) -> None:
        super().__init__(theme)
        self.means, self.hook = means, hook
        self.session: Session | None = None
        self.case: CaseWindow | None = None
        self.closing = False
        self._laid_out_for = theme.size
        self.doors = Doors(self, means, folder)
        self.errands = Errands(self)
        self._saved, self._where = SavedLabel(), words("", wrap=False)
        self._warming = Aside(self)
        self.furnishing = Pump(self)
        self._furniture = self._furnish()
        hook.troubled.connect(self.notice.trouble)
        hook.bugged.connect(self.notice.bug)
        self.drawn.connect(self._get_ready, Qt.ConnectionType.QueuedConnection)

    # -- what an open vault needs -----------------------------------------------------------------------------

    @cached_property
    def commander(self) -> "Commander":
        """The commands, one action each."""
        from imr_desktop.ui.commands import Commander

        made = Commander(self)
        made.bind({"quit": self.close, "full_screen": self.full_screen, **self.desk_acts.always()})
        return made

    @cached_property
    def worklist(self) -> "Worklist":
        """The page with all cases."""
        from imr_desktop.ui.worklist import Worklist

        made = Worklist(self.theme)
        made.opened.connect(self.open_case)
        made.new_wanted.connect(self._new_case)
        made.dropped.connect(self.importing.take_in)
        made.demo.connect(self.begin_demo)
        made.rows_wanted.connect(self.refresh_worklist)
        made.cancelled.connect(self.importing.stop)
        self.pages.addWidget(made)
        return made

    @cached_property
    def importing(self) -> "Importing":
        """What takes files in."""
        from imr_desktop.ui.importing import Importing

        return Importing(self)

    @cached_property
    def guard(self) -> "Guard":
        """What locks the window when it is left."""
        from imr_desktop.ui.guard import Guard

        return Guard(self, self.lock)

    @cached_property
    def keeper(self) -> "Keeper":
        """What looks after the vault: its backups and its dialogs."""
        from imr_desktop.ui.vault_keeper import Keeper

        return Keeper(self, self.means)

    @cached_property
    def desk_acts(self) -> "DeskActs":
        """The acts that belong to no case."""
        from imr_desktop.ui.desk_acts import DeskActs

        return DeskActs(self)

    def _get_ready(self) -> None:
        self.doors.learn_ways()
        self._warming.start(self.means.warm_up)
        self.furnishing.start(self._furniture)

    def _furnish(self) -> Iterator[None]:
        # A piece at a time, because the passphrase is typed meanwhile.
        import imr_desktop.ui.key_editor  # noqa: F401  (asked for as soon as the vault is open)
        from imr_desktop.ui.everywhere import Everywhere

        yield
        # It hears every event; at the first of them Qt's classes are made known to Python, which would be felt later.
        self.guard.rest()
        yield
        self.menuBar().hide()
        yield
        self.commander.fill(self.menuBar())
        Everywhere(self)
        yield
        for each in (self.worklist, *self.worklist.findChildren(QWidget)):
            each.ensurePolished()
            yield
        bar = self.statusBar()
        bar.hide()
        bar.addWidget(self._where)
        bar.addPermanentWidget(self.keeper.sign)
        bar.addPermanentWidget(self._saved)

    # -- opening ----------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Ask for the vault: unlock the one that is there, or make the first."""
        self.doors.begin()

    def begin_demo(self) -> None:
        """Open the demo case in a throw-away vault."""
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            session = self.means.open_demo()
        except Trouble as trouble:
            if self.session is None and not self.doors.shut:
                self.begin()
            self.notice.trouble(trouble)
            return
        finally:
            QApplication.restoreOverrideCursor()
        self._leave_vault()
        self.enter(session)
        rows = session.rows()
        if rows:
            self.open_case(rows[0].case_id)

    def first_run_done(self) -> None:
        """The pages of the first run are through: show the worklist."""
        if self.session is not None:
            self.enter(self.session)

    def enter(self, session: "Session") -> None:
        """The vault is open: show the worklist, and the case that was left open."""
        for _ in self._furniture:
            pass
        self.session = session
        self.doors.drop()
        self.notice.hide()
        self.guard.watch(session)
        self.theme.use(Scheme(session.setting("theme") or Scheme.SYSTEM), session.setting("text size"))
        self.desk_acts.enter(session)
        kept = session.setting(_WINDOW) or {}
        if isinstance(kept.get("geometry"), str) and not session.is_demo:
            self.restoreGeometry(QByteArray.fromBase64(kept["geometry"].encode()))
        self._bind_vault()
        self.show_worklist()
        last = kept.get("case")
        if last and any(row.case_id == last for row in session.rows()):
            self.open_case(last)
        self.keeper.enter(session)
        self.errands.go_on()

    # -- worklist and case ------------------------------------------------------------------------------------

    def show_worklist(self) -> None:
        """Leave the case, if one is open, and show the worklist."""
        if self.session is None:
            return
        left = self._leave_case()
        if self.means.reads:
            QTimer.singleShot(_AT_REST, self, self._warm_up)
        if left is not None:
            self._keep_window(self.session)
        self.refresh_worklist()
        if left is not None:
            self.worklist.choose(left)
        self.show_page(self.worklist)
        self.commander.release(Scope.CASE, Scope.PAGE)
        self.commander.bind({"find": self.worklist.seek_case})
        self.setWindowTitle(f"{TITLE}, demo" if self.session.is_demo else TITLE)
        self.worklist.take_focus()

    def _warm_up(self) -> None:
        if self.session is not None:
            self._warming.start(self.means.warm_up_reader)

    def refresh_worklist(self) -> None:
        """Show the cases of the worklist as they stand now, the archived ones if its filter wants them."""
        if self.session is not None:
            self.worklist.show_rows(self.session.rows(archived=self.worklist.wants_archived))

    def open_case(self, case_id: str) -> None:
        """Open a case beside its form."""
        from imr_desktop.ui.case_window import CaseWindow

        if self.session is None or not self.desk_acts.door_opens(case_id):
            return
        self._leave_case()
        try:
            case = CaseWindow(self.means, self.session, self.session.desk(case_id), self.theme)
        except Trouble as trouble:
            self.notice.trouble(trouble)
            return
        self.case, self._laid_out_for = case, self.theme.size
        self.notice.hide()  # "Open the case" is done
        case.told.connect(self.notice.say)
        case.saved.connect(self._saved.show_saved)
        case.where.connect(self._where.setText)
        case.left.connect(self.show_worklist)
        case.dropped.connect(lambda paths: self.importing.take_in(paths, into=case_id))
        self.show_page(case)
        self.commander.release(Scope.WORKLIST)
        self.commander.bind(case.acts(), case.record.view)
        add_files = partial(self.importing.choose_late, case_id)
        self.commander.bind(
            {"add_files": add_files, "close_case": self.show_worklist, "missing": self.desk_acts.missing}
        )
        self.setWindowTitle(f"{case.name} – {TITLE}")
        self.activateWindow()
        case.begin()
        self._keep_window(self.session)

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
            self.doors.ask(folder)

    def _leave_case(self) -> str | None:
        case, self.case = self.case, None
        if case is None:
            return None
        case.close_case()
        self.notice.hide()  # what was told of one case is not left standing over another, or over the worklist
        self.statusBar().clearMessage()
        self.pages.removeWidget(case)
        case.deleteLater()
        self._where.clear()
        return case.case_id

    def _leave_vault(self) -> None:
        session = self.session
        if session is not None:
            self.guard.rest()
            self.keeper.leave()
        for dialog in self.findChildren(QDialog):
            dialog.reject()
        if session is None:
            return
        self.closing = True
        self.importing.stop()
        self.closing = False
        # Whatever a full disk says of the window's place: the case leaves the screen and the vault shuts.
        with contextlib.suppress(Trouble):
            self._keep_window(session)
        self._leave_case()
        self.session = None
        # Its rows are made from the vault when they are looked at.
        self.worklist.show_rows(())
        self.worklist.search.clear()
        session.close()
        self.commander.release(Scope.VAULT, Scope.WORKLIST, Scope.CASE, Scope.PAGE)
        self.setWindowTitle(TITLE)

    def _keep_window(self, session: "Session") -> None:
        geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        case = None if self.case is None else self.case.case_id
        session.keep_setting(_WINDOW, {"geometry": geometry, "case": case})

    # -- dialogs and small acts -------------------------------------------------------------------------------

    def _new_case(self) -> None:
        if self.session is not None:
            self.open_case(self.session.new_case())

    def profile_changed(self) -> None:
        """The settings are others: locking, the open case and the worklist follow."""
        if self.session is not None:
            self.guard.watch(self.session)
        if self.case is None:
            return
        if self.theme.size != self._laid_out_for:
            # Much of a case is laid out for the size of its text; it comes back where it was left.
            self.open_case(self.case.case_id)
        else:
            self.case.profile_changed()

    # -- the window -------------------------------------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window closes: everything is kept already; the vault is closed."""
        self._leave_vault()
        super().closeEvent(event)

    @property
    def unlock(self) -> "Unlock | None":
        """The page that asks for the passphrase, while it is shown."""
        return self.doors.unlock

    @property
    def first_run(self) -> "FirstRun | None":
        """The pages of the first run, while they are shown."""
        return self.doors.first_run

    def show_page(self, page: QWidget) -> None:
        """Show a page; menus and status bar belong to the open vault alone."""
        if self.pages.indexOf(page) < 0:
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(page)
        in_vault = page not in (self.unlock, self.first_run)
        self.show_bars(in_vault)

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
                "lock": self.lock,
            }
        )
        self.commander.bind(self.desk_acts.in_vault())
        self.keeper.bind()
