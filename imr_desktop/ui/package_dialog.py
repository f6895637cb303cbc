# SPDX-License-Identifier: AGPL-3.0-or-later
"""Exporting a package: where it goes, for whom it is encrypted, and with the records or without them."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from imr_desktop.casework.desk import Desk
from imr_desktop.errors import Trouble
from imr_desktop.ui.means import Session
from imr_desktop.ui.parts import Fields, button, card, fit, line_field, words
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.work import Pump

if TYPE_CHECKING:
    from imr_desktop.casework.package import Packed
    from imr_desktop.casework.progress import Progress

_RECIPIENT = "package_recipient"
_CLEAR = (
    "Without a recipient the package is not encrypted: it holds medical records and names the reviewer, and whoever "
    "gets the file can read it."
)


class PackageDialog(QDialog):
    """The case as one file. ``packed`` tells what was written."""

    packed = Signal(object)

    def __init__(self, session: Session, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export a package")
        self._session, self._desk = session, desk
        number = desk.case.header.case_number or "case"
        self.file = line_field(str(Path.home() / f"{number}.imrcase"))
        self.recipient = line_field(str(session.setting(_RECIPIENT) or ""), shown="age1…")
        self.sources = QCheckBox("Pack the &records too; without them another laptop cannot go on")
        self.sources.setChecked(True)
        self.clear, inside = card(box="warns", margin=10)
        inside.addWidget(words(_CLEAR))
        self.fault = FaultLine()
        self._bar = QProgressBar(textVisible=False)
        self._bar.setAccessibleName("Progress of packing")
        self._said = words("", "muted")
        self.go = button("&Export", self._export, "main")
        self.leave = button("Cancel", self.reject)
        self._pump = Pump(self)
        self._pump.progressed.connect(self._progressed)
        self._pump.finished.connect(self._finished)
        self._pump.troubled.connect(self._troubled)
        self._pump.stopped.connect(lambda: self._wait(False))
        self.recipient.textChanged.connect(lambda text: self.clear.setVisible(not text.strip()))
        self._lay_out()
        self.clear.setVisible(not self.recipient.text().strip())
        self._wait(False)
        fit(self, 640)

    def _export(self) -> None:
        from imr_desktop.casework.package import pack

        self.fault.clear()
        path = Path(self.file.text().strip()).expanduser()
        if path.exists() or not path.parent.is_dir():
            what = f"There is a file {path.name} already." if path.exists() else "There is no such folder."
            self.fault.tell(f"{what} Choose another name; nothing is overwritten.")
            return
        recipient = self.recipient.text().strip()
        self._session.keep_setting(_RECIPIENT, recipient)
        self._wait(True)
        self._pump.start(
            pack(
                self._desk,
                self._session.reviewer(),
                path,
                self._session.now(),
                recipients=(recipient,) if recipient else (),
                with_sources=self.sources.isChecked(),
            )
        )

    def reject(self) -> None:
        """Leave; what is under way is stopped, and then no file was written."""
        if self._pump.running:
            self._pump.stop()
            return
        super().reject()

    def _progressed(self, progress: "Progress | Packed") -> None:
        from imr_desktop.casework.progress import Progress

        if isinstance(progress, Progress):
            self._said.setText(progress.what)
            self._bar.setMaximum(progress.total)
            self._bar.setValue(progress.done)

    def _finished(self, packed: "Packed") -> None:
        self._wait(False)
        self.packed.emit(packed)
        self.accept()

    def _troubled(self, trouble: Trouble) -> None:
        self._wait(False)
        self.fault.tell(trouble)

    def _wait(self, waiting: bool) -> None:
        for widget in (self._bar, self._said):
            widget.setVisible(waiting)
        for field in (self.file, self.recipient, self.sources, self.go):
            field.setEnabled(not waiting)
        self.leave.setText("&Stop" if waiting else "Cancel")

    def _choose(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Export a package", self.file.text(), "Packages (*.imrcase)")
        if name:
            self.file.setText(name)

    def _lay_out(self) -> None:
        rows = Fields()
        rows.add("&File", self.file, beside=button("C&hoose…", self._choose))
        rows.add("&Encrypt to", self.recipient, "The recipient's age key, as the organisation gives it out.")
        rows.add_wide(self.sources)
        acts = QHBoxLayout()
        acts.addStretch(1)
        acts.addWidget(self.leave)
        acts.addWidget(self.go)
        column = QVBoxLayout(self)
        column.addWidget(words("Export a package", "title"))
        column.addWidget(
            words("The case's data, records and issued letters in one file, with a manifest of digests.", "muted")
        )
        column.addLayout(rows)
        for widget in (self.clear, self.fault, self._said, self._bar):
            column.addWidget(widget)
        column.addLayout(acts)
