# SPDX-License-Identifier: AGPL-3.0-or-later
"""Putting a backup back, or only trying it out; and what came of a damaged vault that was saved."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.casework import backups
from imr_desktop.errors import Trouble
from imr_desktop.storage import (
    Moved,
    Opener,
    OrganisationKey,
    Passphrase,
    RecoveryCode,
    Rehearsed,
    Restored,
    rehearse,
    restore,
)
from imr_desktop.ui.parts import Fields, button, fit, line_field, name_it, voice, words
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.vault_backup import told_when
from imr_desktop.ui.vault_check import FaultList
from imr_desktop.ui.work import Aside, last_of

if TYPE_CHECKING:
    from imr_desktop.storage import Salvaged

_PATH = Qt.ItemDataRole.UserRole
_WAYS: tuple[tuple[str, Callable[[str], Opener]], ...] = (
    ("The passphrase of that time", Passphrase),
    ("The code of the recovery sheet", RecoveryCode),
    ("The organisation's key", OrganisationKey),
)


class RestoreDialog(QDialog):
    """A backup is chosen, tried out or put in the vault's place; ``restored`` says that the vault is another now.

    The vault in ``folder`` is closed. Both are done on a thread of their own and can be stopped until the swap.
    """

    restored = Signal()

    def __init__(self, folder: Path, begin_at: Path | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Restore a backup")
        self._folder, self._stop = folder, threading.Event()
        self.file = line_field(shown="A file that ends with .imrbackup")
        self.choose = button("C&hoose…", self._choose)
        self.list = QListWidget()
        name_it(self.list, "Backups in this folder, the newest first")
        self.list.setFixedHeight((self.list.fontMetrics().lineSpacing() + 8) * 5)
        self.list.currentItemChanged.connect(lambda row, _: self._take(row))
        self.way = QComboBox()
        for said, _ in _WAYS:
            self.way.addItem(said)
        self.way.activated.connect(lambda _: self._turned())
        self.secret = line_field(secret=True)
        self.secret.returnPressed.connect(self._rehearse)
        self.rehearse = button("&Try it out", self._rehearse)
        self.go = button("&Restore it", self._restore, "main")
        self.stop = button("&Stop", self._stop.set)
        self.leave = button("Cancel", self.reject)
        self.said = words("", "step")
        self.faults = FaultList()
        self.fault = FaultLine()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Progress of the restore")
        self._aside = Aside(self)
        self._aside.progressed.connect(self._show_progress)
        self._aside.done.connect(self._done)
        self._aside.troubled.connect(self._troubled)
        self._aside.failed.connect(lambda: self._wait(False))
        self._lay_out()
        self._wait(False)
        self.list.hide()
        if begin_at is not None:
            self.look_into(begin_at)
        (self.secret if self.file.text() else self.choose).setFocus()

    @property
    def busy(self) -> bool:
        """Whether a backup is being read."""
        return self._aside.busy

    def look_into(self, folder: Path) -> None:
        """List the backups in a folder, and choose the newest."""
        self.list.clear()
        for each in backups.kept(folder):
            row = QListWidgetItem(f"{told_when(each.made)}   ({each.path.name})")
            row.setData(_PATH, str(each.path))
            self.list.addItem(row)
        self.list.setVisible(self.list.count() > 0)
        self.list.setCurrentRow(0)

    def reject(self) -> None:
        """Leave; what is under way is stopped, and nothing of it stays."""
        self._stop.set()
        super().reject()

    def done(self, result: int) -> None:
        """Leave no passphrase in the field."""
        self.secret.clear()
        super().done(result)

    # -- acts -------------------------------------------------------------------------------------------------

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "A backup", self.file.text(), f"Backups (*{backups.SUFFIX});;All files (*)"
        )
        if name:
            self.look_into(Path(name).parent)
            self.file.setText(name)

    def _take(self, row: QListWidgetItem | None) -> None:
        if row is not None:
            self.file.setText(row.data(_PATH))

    def _turned(self) -> None:
        hidden = self.way.currentIndex() == 0
        self.secret.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)
        self.secret.clear()
        self.secret.setFocus()

    def _rehearse(self) -> None:
        self._start("Trying the backup out", lambda path, opener: rehearse(path, self._folder, opener))

    def _restore(self) -> None:
        self._start("Restoring the backup", lambda path, opener: restore(path, self._folder, opener))

    def _start(self, what: str, work: Callable[[Path, Opener], Iterator[Any]]) -> None:
        if self.busy:
            return
        text, secret = self.file.text().strip(), self.secret.text()
        if not text:
            self.fault.tell("No backup is chosen. Choose a file that ends with .imrbackup.")
            return
        if not secret:
            self.fault.tell("Nothing is given to open the backup with. Type the passphrase that it was made under.")
            return
        opener = _WAYS[self.way.currentIndex()][1](secret)
        self._stop.clear()
        self._wait(True)
        self.said.setText(f"{what}…")
        voice(self.said, "says", "step")
        steps = work(Path(text).expanduser(), opener)
        self._aside.start(partial(last_of, steps, Restored | Rehearsed, self._stop, self._aside.tell))

    def _show_progress(self, said: Moved) -> None:
        self._bar.setMaximum(1000)
        self._bar.setValue(1000 * said.done // max(1, said.total))

    def _done(self, came: Restored | Rehearsed | None) -> None:
        self._wait(False)
        if came is None:
            self.said.setText("It was stopped; nothing has changed.")
        elif isinstance(came, Rehearsed):
            report = came.report
            self._tell(
                f"The backup of {told_when(came.made)} opens: {_many(report.cases, 'case')}, "
                f"{_many(report.sources, 'source file')} and {_many(report.letters, 'letter')} were read. "
                "Nothing was changed.",
                report.faults,
            )
            self.go.setFocus()
        else:
            self._restored(came)

    def _restored(self, came: Restored) -> None:
        aside = "" if came.set_aside is None else f" What was there before is in {came.set_aside}."
        self._tell(f"The vault of {told_when(came.made)} is in {came.folder}.{aside}", came.faults)
        self.secret.clear()
        for each in (self._asked, self.rehearse, self.go):
            each.hide()
        self.leave.setText("&Unlock it")
        self.leave.setAccessibleName("Unlock it")
        self.leave.setFocus()
        self.restored.emit()

    def _tell(self, said: str, faults: Any) -> None:
        self.said.setText(said)
        voice(self.said, "says", "warn" if faults else "good")
        self.faults.show_faults(faults, {})

    def _troubled(self, trouble: Trouble) -> None:
        self._wait(False)
        self.said.setText("")
        self.fault.tell(trouble)
        self.secret.selectAll()
        self.secret.setFocus()

    def _wait(self, waiting: bool) -> None:
        if waiting:
            self.fault.clear()
            self.faults.hide()
            self._bar.setRange(0, 0)
        self.said.setVisible(waiting or bool(self.said.text()))
        for each in (self._bar, self.stop):
            each.setVisible(waiting)
        for field in (self.file, self.choose, self.list, self.way, self.secret, self.rehearse, self.go):
            field.setEnabled(not waiting)

    def _lay_out(self) -> None:
        self._asked = QWidget()
        rows = Fields()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.add("&Backup", self.file, beside=self.choose)
        rows.addWidget(self.list, rows.rowCount(), 1, 1, 2)
        rows.add("&Opens with", self.way)
        rows.add("&Secret", self.secret)
        self._asked.setLayout(rows)
        buttons = QHBoxLayout()
        buttons.addWidget(self.stop)
        buttons.addStretch(1)
        for each in (self.rehearse, self.go, self.leave):
            buttons.addWidget(each)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(words("Restore a backup", "heading"))
        column.addWidget(words(
            "The backup is unpacked and checked in a new place first, and only then takes its place in "
            f"{self._folder}. What is there now is set aside, never removed. “Try it out” changes nothing.", "muted",
        ))  # fmt: skip
        column.addWidget(self._asked)
        column.addWidget(self.said)
        column.addWidget(self._bar)
        column.addWidget(self.faults)
        column.addWidget(self.fault)
        column.addStretch(1)
        column.addLayout(buttons)
        fit(self, 640)


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


class SalvagedDialog(QDialog):
    """What was saved of a damaged vault, and what is lost or doubtful, case by case."""

    def __init__(self, came: "Salvaged", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("What was saved")
        self.faults = FaultList()
        self.faults.show_faults(came.faults, {})
        self.said = words(
            f"{_many(came.cases, 'case')} can be read again. The damaged file is kept as {came.wreck.name}."
        )
        leave = button("&Go on", self.accept, "main")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(leave)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addWidget(words("What was saved", "heading"))
        column.addWidget(self.said)
        column.addWidget(words(
            "Everything that was there is there again." if not came.faults else
            "This is lost or doubtful. Look these cases over, or restore your newest backup instead (File, Vault).",
            "warn" if came.faults else "good",
        ))  # fmt: skip
        column.addWidget(self.faults, 1)
        column.addLayout(buttons)
        fit(self, 600)
