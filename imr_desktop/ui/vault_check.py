# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checking the vault in the window: everything in it is read and compared with what was written."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QProgressBar, QVBoxLayout, QWidget

from imr_desktop.errors import Trouble
from imr_desktop.storage import Checked, CheckReport, Fault
from imr_desktop.ui.icons import icon
from imr_desktop.ui.parts import button, voice, words
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.work import Pump

if TYPE_CHECKING:
    from imr_desktop.ui.session import Session

_BESIDE, _ABOVE_AND_BELOW = 70, 14


def fault_text(fault: Fault, names: dict[str, str]) -> str:
    """A fault as lists show it: what, what to do, and where."""
    where = ", ".join(part for part in (names.get(fault.case_id, fault.case_id), fault.place) if part)
    return f"{fault.says} {fault.advice}" + (f"\nWhere: {where}" if where else "")


class FaultList(QListWidget):
    """Faults with what to do about each; hidden while there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Faults")
        self.setWordWrap(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.hide()

    def show_faults(self, faults: Iterable[Fault], names: dict[str, str]) -> None:
        """Show these."""
        self.clear()
        for fault in faults:
            self.addItem(QListWidgetItem(icon("blocks"), fault_text(fault, names)))
        self.setVisible(self.count() > 0)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """As high as each text needs at this width; the list's own guess cuts the last line of long ones."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        wide = self.viewport().width() - _BESIDE
        for row in range(self.count()):
            item = self.item(row)
            box = QRect(0, 0, max(100, wide), 1 << 16)
            high = self.fontMetrics().boundingRect(box, Qt.TextFlag.TextWordWrap, item.text()).height()
            item.setSizeHint(QSize(0, high + _ABOVE_AND_BELOW))


class CheckPage(QWidget):
    """The check of the whole vault, with its progress and what it found; it changes nothing.

    ``salvage_wanted`` says that what can be read of a damaged vault is to be saved.
    """

    salvage_wanted = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self._session = session
        self.go = button("&Check the vault", self._start, "main")
        self.stop = button("&Stop", self.halt)
        self.known = button("I &know of this", self._known, tip="It stays in the audit trail and is told no longer")
        self.salvage = button(
            "Save what can be &read…", self.salvage_wanted.emit, tip="Closes the vault first; the damaged file is kept"
        )
        self.said = words("", "step")
        self.faults = FaultList()
        self.fault = FaultLine()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Progress of the check")
        self._pump = Pump(self)
        self._pump.progressed.connect(self._moved)
        self._pump.finished.connect(self._done)
        self._pump.troubled.connect(self._troubled)
        self._pump.stopped.connect(lambda: self._wait(False))
        self._lay_out()
        self._wait(False)
        self.show_standing()

    def show_standing(self) -> None:
        """Show what was found wrong on opening and is not answered yet."""
        standing = self._session.vault.standing()
        if standing:
            number = len(standing)
            self.said.setText(f"On opening the vault {number} fault{'s were' if number > 1 else ' was'} found.")
            voice(self.said, "says", "danger")
            self.faults.show_faults(standing, self._session.case_names())
        self._offer(())

    def _known(self) -> None:
        self._session.vault.answer_standing()
        self.faults.hide()
        self.said.setText("It stays in the audit trail and is told no longer.")
        voice(self.said, "says", "step")
        self._offer(())

    def _offer(self, faults: Iterable[Fault]) -> None:
        told = {fault.says for fault in self._session.vault.standing()}
        self.known.setVisible(bool(told))
        # Saving helps a damaged database; an older one that was put back reads well.
        self.salvage.setVisible(any(fault.place == "vault.db" and fault.says not in told for fault in faults))

    def halt(self) -> None:
        """Stop checking."""
        if self._pump.running:
            self.said.setText("The check was stopped before it came to an end.")
        self._pump.stop()

    def _start(self) -> None:
        self.fault.clear()
        self.faults.hide()
        voice(self.said, "says", "step")
        self._wait(True)
        self._pump.start(self._session.vault.checking())

    def _moved(self, said: Checked | CheckReport) -> None:
        if isinstance(said, Checked):
            self.said.setText(f"{said.what}…")
            self._bar.setMaximum(said.total)
            self._bar.setValue(said.done)

    def _done(self, report: CheckReport) -> None:
        self._wait(False)
        number = len(report.faults)
        found = "Everything is as it was written" if not number else f"{number} fault{'s' * (number > 1)} found"
        cases, sources, letters = (
            f"{count} {noun}{'' if count == 1 else 's'}"
            for count, noun in ((report.cases, "case"), (report.sources, "source file"), (report.letters, "letter"))
        )
        self.said.setText(f"{found}: {cases}, {sources} and {letters} were read.")
        voice(self.said, "says", "danger" if number else "good")
        self.faults.show_faults(report.faults, self._session.case_names())
        self._offer(() if self._session.is_demo else report.faults)

    def _troubled(self, trouble: Trouble) -> None:
        self._wait(False)
        self.said.setText("")
        self.fault.tell(trouble)

    def _wait(self, waiting: bool) -> None:
        self._bar.setVisible(waiting)
        self.stop.setVisible(waiting)
        self.go.setEnabled(not waiting)

    def _lay_out(self) -> None:
        acts = QHBoxLayout()
        acts.addWidget(self.go)
        acts.addWidget(self.stop)
        acts.addStretch(1)
        acts.addWidget(self.known)
        acts.addWidget(self.salvage)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(10)
        column.addWidget(words("Check the vault", "heading"))
        column.addWidget(words(
            "Reads the database, every source file and every issued letter, and compares them with what was written. "
            "Nothing is changed.", "muted",
        ))  # fmt: skip
        column.addLayout(acts)
        column.addWidget(self.said)
        column.addWidget(self._bar)
        column.addWidget(self.faults, 1)
        column.addWidget(self.fault)
        column.addStretch(0)
