# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups in the window: where they go and how often, one made now, and what is known of the last."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from imr_desktop.casework import backups
from imr_desktop.ui.parts import Fields, button, line_field, voice, words
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.vault_clock import BackupClock

if TYPE_CHECKING:
    from imr_desktop.ui.session import Session

_EVERY = ((15, "Every 15 minutes"), (60, "Every hour"), (240, "Every 4 hours"), (1440, "Every day"))


def told_when(when: datetime) -> str:
    """A moment as the reviewer's clock shows it."""
    return f"{when.astimezone():%m/%d/%Y %H:%M}"


class BackupPage(QWidget):
    """The plan of the automatic backups and the state of them; a backup goes on when the page is left.

    ``restore_wanted`` carries the folder of the plan, if there is one.
    """

    restore_wanted = Signal(object)
    move_wanted = Signal()

    def __init__(self, session: "Session", clock: BackupClock) -> None:
        super().__init__()
        self._session, self._clock = session, clock
        plan = backups.plan(session.vault)
        self.folder = line_field("" if plan.folder is None else str(plan.folder), shown="No folder is chosen")
        self.folder.editingFinished.connect(self._keep)
        self.choose = button("C&hoose…", self._choose)
        self.every = QComboBox()
        kept = [] if any(plan.every_minutes == minutes for minutes, _ in _EVERY) else [plan.every_minutes]
        for minutes, said in (*_EVERY, *((minutes, f"Every {minutes} minutes") for minutes in kept)):
            self.every.addItem(said, minutes)
        self.every.setCurrentIndex(self.every.findData(plan.every_minutes))
        self.every.activated.connect(lambda _: self._keep())
        self.now = button("&Back up now", self._now, "main")
        self.stop = button("&Stop", clock.stop)
        self.restore = button("&Restore a backup…", self._restore, tip="Closes the vault first; nothing of it is lost")
        self.move_it = button("&Move the vault…", self.move_wanted.emit, tip="To another folder")
        self.last = words("", "step")
        self.state = words("", "muted")
        self.fault = FaultLine()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Progress of the backup")
        self._doing = words("", "muted")
        self._lay_out()
        clock.moved.connect(self._moved)
        clock.ended.connect(self._ended)
        self.redraw()

    def redraw(self) -> None:
        """Show how it stands."""
        status = self._clock.status()
        if status is None:
            return
        self.last.setText(
            f"The last good backup was made on {told_when(status.last)}."
            if status.last
            else "There is no good backup yet."
        )
        well = status.last is not None and not status.says
        self.state.setText("It was read back after it was written." if well else status.says)
        voice(self.state, "says", "good" if well else "warn")
        running = self._clock.running
        self.now.setEnabled(not running)
        for widget in (self.stop, self._bar, self._doing):
            widget.setVisible(running)

    def _choose(self) -> None:
        name = QFileDialog.getExistingDirectory(self, "The folder for backups", self.folder.text())
        if name:
            self.folder.setText(name)
            self._keep()

    def _keep(self) -> bool:
        self.fault.clear()
        text = self.folder.text().strip()
        folder = Path(text).expanduser() if text else None
        wanted = backups.Plan(folder, int(self.every.currentData()))
        if wanted != backups.plan(self._session.vault):
            try:
                backups.keep_plan(self._session.vault, wanted)
            except backups.InsideVault as trouble:
                self.fault.tell(trouble)
                return False
        self.redraw()
        return True

    def _now(self) -> None:
        if not self._keep():
            return
        self._moved("Beginning", 0, 0)
        self._clock.start()
        self.redraw()

    def _restore(self) -> None:
        self.restore_wanted.emit(backups.plan(self._session.vault).folder)

    def _moved(self, what: str, done: int, total: int) -> None:
        self._doing.setText(what)
        self._bar.setMaximum(total)
        self._bar.setValue(done)
        if self.stop.isHidden():
            self.redraw()

    def _ended(self, fault: str) -> None:
        self.redraw()
        if fault:
            self.fault.tell(fault)
        else:
            self.fault.clear()

    def _lay_out(self) -> None:
        rows = Fields()
        rows.add(
            "&Folder",
            self.folder,
            "A folder on another disk, such as a USB disk that comes and goes. Backups are encrypted, and thinned "
            "with age: hourly for a day, daily for a month, weekly for a year.",
            beside=self.choose,
        )
        rows.add("How &often", self.every)
        acts = QHBoxLayout()
        acts.addWidget(self.now)
        acts.addWidget(self.stop)
        acts.addStretch(1)
        acts.addWidget(self.restore)
        acts.addWidget(self.move_it)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(10)
        column.addWidget(words("Backups", "heading"))
        column.addWidget(self.last)
        column.addWidget(self.state)
        column.addLayout(rows)
        column.addLayout(acts)
        column.addWidget(self._doing)
        column.addWidget(self._bar)
        column.addWidget(self.fault)
        column.addStretch(1)
