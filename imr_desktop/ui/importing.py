# SPDX-License-Identifier: AGPL-3.0-or-later
"""Taking files in through the window: pumped a step at a time, told while it goes on, and stoppable."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QFileDialog

from imr_desktop.errors import Trouble
from imr_desktop.ui.pdf_password import PdfPassword
from imr_desktop.ui.work import Pump

if TYPE_CHECKING:
    from imr_desktop.casework.progress import Progress
    from imr_desktop.ui.shell import Shell

_TOLD = 12


class Importing(QObject):
    """One import at a time, into a new case or an open one."""

    def __init__(self, shell: "Shell") -> None:
        super().__init__(shell)
        self._shell = shell
        self._into: str | None = None
        self._paths: list[Path] = []
        self._passwords: list[str] = []
        self.asking: PdfPassword | None = None
        self._pump = Pump(self)
        self._pump.progressed.connect(self._moved)
        self._pump.finished.connect(self._done)
        self._pump.troubled.connect(self._troubled)
        self._pump.stopped.connect(self._stopped)

    @property
    def running(self) -> bool:
        """Whether files are coming in."""
        return self._pump.running

    def take_in(self, paths: list[Path], into: str | None = None, keys: str | None = None) -> None:
        """Make a case of these files, or add them to the case ``into``."""
        if self.running:
            return
        self._passwords = []
        self._begin(paths, into, keys)

    def _begin(self, paths: list[Path], into: str | None, keys: str | None = None, *, locked_too: bool = False) -> None:
        session = self._shell.session
        if session is None:
            return
        self._into, self._paths = into, paths
        self._shell.show_worklist()
        self._shell.notice.hide()
        self._shell.worklist.progress.tell("Looking at the files…")
        self._shell.set_busy(True)
        self._pump.start(session.take_in(paths, into, keys, passwords=self._passwords, locked_too=locked_too))

    def choose_late(self, case_id: str) -> None:
        """Ask which late records to add to a case."""
        names, _ = QFileDialog.getOpenFileNames(
            self._shell, "Add late records to this case", "", "PDF files (*.pdf);;All files (*)"
        )
        if names:
            self.take_in([Path(name) for name in names], into=case_id)

    def _choose_key(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self._shell, "The age key file of the recipient")
        if name:
            self.take_in_with_key(Path(name))

    def take_in_with_key(self, file: Path) -> None:
        """Take the package in that was refused for want of a key."""
        try:
            keys = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            self._shell.notice.trouble(Trouble("The key file could not be read.", "Choose an age key file."))
            return
        self.take_in(self._paths, keys=keys)

    def stop(self) -> None:
        """Stop between two files; nothing of an unfinished import is kept."""
        self._pump.stop()

    def _moved(self, progress: "Progress") -> None:
        self._shell.worklist.progress.tell(progress.what, progress.done, progress.total)

    def _done(self, progress: "Progress") -> None:
        shell = self._shell
        self._ended()
        if shell.session is None:
            return
        case_id = progress.case_id
        if self._into is not None:
            shell.open_case(case_id)
            said = "The files are in the case. Their pages come after the last page."
            shell.notice.say(_with(said, progress), seconds=_seconds(progress))
            return
        shell.refresh_worklist()
        # The button that stopped the import has gone, and the focus with it.
        shell.worklist.bring_up(case_id)
        said = "The files are in the vault as one case."
        shell.notice.say(
            _with(said, progress),
            act="Open the case",
            doing=lambda: shell.open_case(case_id),
            seconds=_seconds(progress),
        )

    def _troubled(self, trouble: Trouble) -> None:
        self._ended()
        from imr_desktop.casework.measuring import NeedsPassword
        from imr_desktop.casework.unpack import KeyNeeded

        if isinstance(trouble, NeedsPassword):
            self._ask_password(trouble)
            return
        if isinstance(trouble, KeyNeeded):
            said = f"{trouble.happened} Only its recipient's age key file opens it."
            self._shell.notice.say(said, act="Choose the key file…", doing=self._choose_key, seconds=600)
            return
        self._shell.notice.trouble(trouble)
        self._back_to_case()

    def _ask_password(self, trouble: Trouble) -> None:
        """A file is protected: with its password, or without it, everything is taken in from the start."""
        dialog = self.asking = PdfPassword(trouble.happened, self._shell)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.given.connect(self._with_password)
        dialog.shut.connect(lambda: self._begin(self._paths, self._into, locked_too=True))
        dialog.rejected.connect(self._stopped)
        dialog.open()

    def _with_password(self, password: str) -> None:
        self._passwords.append(password)
        self._begin(self._paths, self._into)

    def _stopped(self) -> None:
        self._ended()
        self._shell.notice.say("The import was stopped. Nothing of it was kept.")
        self._back_to_case()

    def _ended(self) -> None:
        self._shell.worklist.progress.hide()
        self._shell.set_busy(False)
        QTimer.singleShot(0, self, self._shell.errands.go_on)

    def _back_to_case(self) -> None:
        # The case in which the late records were asked for; not when the vault is being closed under the import.
        if self._into is not None and self._shell.session is not None and not self._shell.closing:
            self._shell.open_case(self._into)


def _seconds(progress: "Progress") -> int:
    # What was left out or not understood is read in peace, and closed by hand.
    return 3600 if progress.troubles else 10


def _with(said: str, progress: "Progress") -> str:
    """What came of it, followed by what was left out or not understood."""
    troubles = progress.troubles
    shown = [f"{trouble.happened} {trouble.advice}" for trouble in troubles[:_TOLD]]
    more = [f"And {len(troubles) - _TOLD} more of the kind."] if len(troubles) > _TOLD else []
    return "\n".join([said, *shown, *more])
