# SPDX-License-Identifier: AGPL-3.0-or-later
"""The one place in which the window and all that it needs are built and handed to one another."""

import gc
import os
import sys
from functools import partial
from pathlib import Path

import platformdirs
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

import imr_desktop
from imr_desktop.casework.vault_place import elsewhere, surely_there
from imr_desktop.ui.errand import Errand
from imr_desktop.ui.icons import icon
from imr_desktop.ui.means import Means
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.single import Single
from imr_desktop.ui.theme import Theme
from imr_desktop.ui.trouble import Hook
from imr_desktop.ui.work import give_way

_NAME = "imr-desktop"


def application() -> QApplication:
    """The Qt application, made once."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    _keep_nothing_in_clear()
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    made = QApplication(sys.argv[:1])
    made.setApplicationName(_NAME)
    made.setApplicationDisplayName("IMR Desktop")
    made.setApplicationVersion(imr_desktop.__version__)
    made.setDesktopFileName(_NAME)
    made.setWindowIcon(icon("imr-desktop"))
    return made


def _keep_nothing_in_clear() -> None:
    """What Qt and the system would write down by themselves: folders that were chosen, and memory after a crash."""
    # Qt's own file dialog notes the folders it was in, which people name after patients; where it may note nothing, it
    # goes on without.
    QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, str(Path(os.devnull) / "nowhere"))
    if sys.platform != "win32":
        import resource

        _, hardest = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (0, hardest))


def build(vault_folder: Path, means: Means, hook: Hook) -> Shell:
    """The window over the vault in this folder, with everything it works with; not shown yet."""
    give_way()
    return Shell(means, Theme(application()), hook, vault_folder)


def _has_no_screen() -> bool:
    """Whether Qt would find no screen, and end the whole program for it without a word that helps."""
    told = ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET")
    if not sys.platform.startswith("linux") or any(os.environ.get(name) for name in told):
        return False
    # Where a Wayland desktop names no screen, its programs look for this one.
    on_wayland = os.environ.get("XDG_SESSION_TYPE") == "wayland"
    return not (on_wayland and (Path(os.environ.get("XDG_RUNTIME_DIR", os.devnull)) / "wayland-0").exists())


def _settle(window: Shell, single: Single, _: object) -> None:
    # What nobody waits for: it comes once the window is there and has what an open vault needs.
    single.listen()
    window.guard.sleep.listen()
    # What stands by now stays to the end; Python's collector need not look through it again and again.
    gc.freeze()


def run(vault_folder: Path, demo: bool = False, errand: Errand | None = None) -> int:
    """Show the window and stay until it is closed; gives the program's exit status.

    ``errand`` is what is wanted besides, once the vault is open: a page of a case, or a package taken in.
    A second start over the same vault raises the window of the first, hands its errand over and ends at once.
    """
    if _has_no_screen():
        sys.stderr.write(
            "There is no screen here that a window could be shown on. "
            "Start the program from a desktop, or use its commands: imr-desktop --help.\n"
        )
        return 2
    running = application()
    single = Single(elsewhere(vault_folder), running)
    errand = errand or Errand()
    if not demo and not single.first(errand):
        sys.stderr.write("The vault's window is open already; it was brought to the front.\n")
        return 0
    hook = Hook(platformdirs.user_log_path(_NAME) / "bugs.log", running)
    hook.install()
    window = build(vault_folder, Means(), hook)
    single.raised.connect(window.come_forward)
    single.asked.connect(window.errands.take)
    if sys.platform == "darwin":
        from imr_desktop.ui.file_opened import FileOpened

        running.installEventFilter(FileOpened(window.errands.take, running))
    window.errands.take(errand)
    window.furnishing.finished.connect(partial(_settle, window, single))
    if not demo and surely_there(elsewhere(vault_folder)):
        # What the window shows first is the question for the passphrase.
        window.begin()
    else:
        window.drawn.connect(window.begin_demo if demo else window.begin, Qt.ConnectionType.QueuedConnection)
    window.show()
    status = running.exec()
    single.close()
    return status
