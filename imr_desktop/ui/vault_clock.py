# SPDX-License-Identifier: AGPL-3.0-or-later
"""The clock of the backups: makes one when it is due, little by little beside the work, and tells when none succeed."""

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from imr_desktop.errors import Trouble
from imr_desktop.ui.work import Pump

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from imr_desktop.casework.backups import Status
    from imr_desktop.ui.session import Session

_LOOK_EVERY = 60_000


class BackupClock(QObject):
    """Runs the backups of the open vault, one at a time.

    ``moved`` carries what is being done, how far and of how much; ``ended`` what went wrong, empty if nothing did.
    ``may`` says whether the vault is free just now; no backup begins by itself while it is not.
    """

    moved = Signal(str, int, int)
    ended = Signal(str)

    def __init__(self, parent: QObject, now: "Callable[[], datetime]", may: "Callable[[], bool]") -> None:
        super().__init__(parent)
        self._now, self._may = now, may
        self._session: Session | None = None
        self._timer = QTimer(self, interval=_LOOK_EVERY)
        self._timer.timeout.connect(self.look)
        self._pump = Pump(self)
        self._pump.progressed.connect(self._progressed)
        self._pump.finished.connect(self._finished)
        self._pump.troubled.connect(self._troubled)
        self._pump.stopped.connect(lambda: self.ended.emit(""))

    @property
    def running(self) -> bool:
        """Whether a backup is being made."""
        return self._pump.running

    def watch(self, session: "Session") -> None:
        """Begin to look after the backups of this vault."""
        self._session = session
        self._timer.start()

    def rest(self) -> None:
        """The vault closes: stop what is under way; no half-made backup stays."""
        self._timer.stop()
        self._pump.stop()
        self._session = None

    def stop(self) -> None:
        """Stop the backup that is being made; the older ones stay."""
        self._pump.stop()

    def status(self) -> "Status | None":
        """How it stands with the backups; None without a vault."""
        from imr_desktop.casework import backups

        return None if self._session is None else backups.status(self._session.vault, self._now())

    def look(self) -> None:
        """Make a backup if one is due and the vault is free."""
        status = self.status()
        if status is not None and status.due and not self.running and self._may():
            self.start()
        elif not self.running:
            self.ended.emit("")

    def start(self) -> None:
        """Make a backup now."""
        from imr_desktop.casework import backups

        if self._session is not None and not self.running:
            self._pump.start(backups.run(self._session.vault, self._now()))

    def _progressed(self, said: Any) -> None:
        from imr_desktop.casework.progress import Progress

        if isinstance(said, Progress):
            self.moved.emit(said.what, said.done, said.total)

    def _finished(self, done: Any) -> None:
        self.ended.emit(" ".join(f"{fault.says} {fault.advice}" for fault in done.faults))

    def _troubled(self, trouble: Trouble) -> None:
        self.ended.emit(f"{trouble.happened} {trouble.advice}")
