# SPDX-License-Identifier: AGPL-3.0-or-later
"""Take a picture of every window, at two sizes and in three themes, to be opened and looked at.

    python tests/pictures/grab.py FOLDER [NAME...]
    python tests/pictures/grab.py --theme "high contrast" --size 1280x720 FOLDER [NAME...]

The windows show the demo case in a throw-away vault; nothing of a real case is touched.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from imr_desktop.storage import KdfCost, Vault
from imr_desktop.ui.app import application, build
from imr_desktop.ui.means import Means
from imr_desktop.ui.palette import Palette
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.theme import Scheme
from imr_desktop.ui.trouble import Hook

SIZES = ((1440, 900), (1280, 720))
SCHEMES = (Scheme.LIGHT, Scheme.DARK, Scheme.CONTRAST)
NOW = datetime(2024, 8, 26, 18, tzinfo=UTC)
PASSPHRASE = "seven calm rivers under one bridge"
BLOCKED = ("checks-findings", "issue-blocked")
# Every dialog that a command opens over the demo case; "find" shows a bar, and "tour" a card, in the window itself.
DIALOGS = (
    *("palette", "keys", "about", "settings", "identities", "issue", "precedents", "attest", "statistics", "verify"),
    *("vault", "audit", "search_all", "help", "support", "tables", "registry", "snippets", "own_words", "replace"),
    *("term_sets", "record_map", "go_to_page", "find_in_record", "removed_items", "print_letter", "filed_letters"),
    *("annex", "sent_again", "missing", "where", "terms", "split_request", "reconcile", "variance", "come_back"),
    *("decisions", "dismiss_page", "reuse_rationale", "copy_rationale", "same_citation", "snippet", "scaffold"),
)
PANELS = ("case", "documents", "chronology", "summary", "items", "checks", "letter", "evidence")


def wait(until: Callable[[], bool], seconds: float = 20) -> None:
    """Let the window work until this is so, or the time is up."""
    loop, end = QEventLoop(), time.monotonic() + seconds
    timer = QTimer(interval=15)
    timer.timeout.connect(lambda: loop.quit() if until() or time.monotonic() > end else None)
    timer.start()
    loop.exec()


def rest(milliseconds: int = 250) -> None:
    """Let the window come to rest."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


class Grabber:
    """Walks through the windows of one size and one theme, and keeps their pictures."""

    def __init__(self, folder: Path, wanted: set[str], size: tuple[int, int], scheme: Scheme) -> None:
        self._folder, self._wanted, self._scheme = folder, wanted, scheme
        self._suffix = f"{size[0]}x{size[1]}-{scheme.value.replace(' ', '-')}"
        self._size = size
        self._scratch = Path(tempfile.mkdtemp(prefix="imr-pictures-"))

    def wants(self, *names: str) -> bool:
        """Whether one of these pictures is wanted."""
        return not self._wanted or bool(self._wanted & set(names))

    def keep(self, name: str, widget: QWidget) -> None:
        """Keep a picture of a window."""
        if self.wants(name):
            rest()
            widget.grab().save(str(self._folder / f"{name}-{self._suffix}.png"))

    @contextmanager
    def window(self, vault: Path) -> Iterator[Shell]:
        """The window over a vault's folder."""
        hook = Hook(self._scratch / "bugs.log")
        hook.install()
        means = Means(now=lambda: NOW, cost=KdfCost(8192, 1, 1), remember=False)
        shell = build(vault, means, hook)
        shell.theme.use(self._scheme)
        shell.resize(*self._size)
        shell.show()
        try:
            yield shell
        finally:
            shell.close()
            shell.deleteLater()
            rest(10)

    def run(self) -> None:
        """Take all pictures that are wanted."""
        try:
            self.doors()
            if self.wants("worklist", *DIALOGS, *PANELS, *BLOCKED):
                self.case()
        finally:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def doors(self) -> None:
        """First run, unlocking, and the worklist that is still empty."""
        with self.window(self._scratch / "none") as shell:
            shell.begin()
            first = shell.first_run
            assert first is not None
            first.passphrase.first.setText("seven calm rivers")
            self.keep("first-run", shell)
            if self.wants("first-run-profile", "first-run-organisation", "first-run-identity", "worklist-empty"):
                first.passphrase.first.setText(PASSPHRASE)
                first.passphrase.second.setText(PASSPHRASE)
                first.next.click()
                wait(lambda: first.step == 1)
                self.keep("first-run-profile", shell)
                first.profile.name.setText("Expert Reviewer E")
                assert shell.session is not None
                shell.session.keep_setting("theme", self._scheme.value)
                first.next.click()
                self.keep("first-run-organisation", shell)
                first.next.click()
                self.keep("first-run-identity", shell)
                first.next.click()
                self.keep("worklist-empty", shell)
        if self.wants("unlock", "unlock-wrong"):
            Vault.create(self._scratch / "some", PASSPHRASE, cost=KdfCost(8192, 1, 1)).close()
            with self.window(self._scratch / "some") as shell:
                shell.begin()
                self.keep("unlock", shell)
                assert shell.unlock is not None
                shell.unlock.passphrase.setText("wrong")
                shell.unlock.open.click()
                wait(lambda: shell.unlock is not None and not shell.unlock.busy)
                self.keep("unlock-wrong", shell)

    def case(self) -> None:
        """The worklist, the demo case part by part, and the dialogs over it."""
        with self.window(self._scratch / "demo") as shell:
            shell.begin_demo()
            shell.theme.use(self._scheme)
            assert shell.session is not None, shell.notice.text
            assert shell.case is not None
            case_id = shell.case.case_id
            shell.session.new_case()
            shell.show_worklist()
            self.keep("worklist", shell)
            shell.open_case(case_id)
            case = shell.case
            rest(1500)
            for number, name in enumerate(PANELS, 1):
                if not self.wants(name):
                    continue
                shell.commander.run(f"panel_{number}")
                if name == "letter":
                    wait(lambda: 0 < case.letter.pages.page_count == case.letter.pages.drawn)
                self.keep(name, shell)
            for name in DIALOGS:
                if self.wants(name) and shell.commander.can(name):
                    stuck = QTimer(shell, singleShot=True, interval=1200)
                    stuck.timeout.connect(partial(self._keep_modal, name))
                    stuck.start()
                    shell.commander.run(name)
                    stuck.stop()
                    rest()
                    self._keep_dialogs(name, shell)
            if self.wants("checks-findings", "issue-blocked"):
                shell.commander.run("new_case")
                shell.commander.run("add_item")
                shell.commander.run("check")
                self.keep("checks-findings", shell)
                shell.commander.run("issue")
                rest()
                self._keep_dialogs("issue-blocked", shell)

    def _keep_modal(self, name: str) -> None:
        """What stops everything until it is answered, such as a choice of files, is kept and left."""
        modal = QApplication.activeModalWidget()
        if modal is not None:
            self.keep(name, modal)
            modal.close()

    def _keep_dialogs(self, name: str, shell: Shell) -> None:
        shown = [each for each in shell.findChildren(QDialog) if each.isVisible()]
        if not shown:
            self.keep(name, shell)
        for palette in shell.findChildren(Palette):
            palette.leave()
        for dialog in shell.findChildren(QDialog):
            if dialog.isVisible():
                self.keep(name, dialog)
                dialog.close()
        rest(20)


def main(arguments: list[str]) -> int:
    """Take the pictures that the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--theme", action="append", choices=[scheme.value for scheme in SCHEMES])
    parser.add_argument("--size", action="append", choices=[f"{wide}x{high}" for wide, high in SIZES])
    asked = parser.parse_args(arguments)
    asked.folder.mkdir(parents=True, exist_ok=True)
    application()
    for size in SIZES:
        for scheme in SCHEMES:
            if asked.theme and scheme.value not in asked.theme:
                continue
            if asked.size and f"{size[0]}x{size[1]}" not in asked.size:
                continue
            Grabber(asked.folder, set(asked.names), size, scheme).run()
    QApplication.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
