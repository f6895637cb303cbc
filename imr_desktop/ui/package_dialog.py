# SPDX-License-Identifier: AGPL-3.0-or-later
"""Exporting a package: where it goes, for whom it is encrypted, and with the records or without them."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFileDialog, QVBoxLayout, QWidget

from imr_desktop.casework.desk import Desk
from imr_desktop.ui.parts import Fields, button, card, fit, line_field, words
from imr_desktop.ui.pumped_dialog import PumpedDialog
from imr_desktop.ui.session import Session

if TYPE_CHECKING:
    from imr_desktop.casework.package import Packed

_RECIPIENT = "package_recipient"
_CLEAR = (
    "Without a recipient the package is not encrypted: it holds medical records and names the reviewer, and whoever "
    "gets the file can read it."
)


class PackageDialog(PumpedDialog):
    """The case as one file. ``packed`` tells what was written."""

    packed = Signal(object)

    def __init__(self, session: Session, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("Export a package", "packing", parent)
        self._session, self._desk = session, desk
        number = desk.case.header.case_number or "case"
        self.file = line_field(str(Path.home() / f"{number}.imrcase"))
        self.recipient = line_field(str(session.setting(_RECIPIENT) or ""), shown="age1…")
        self.sources = QCheckBox("Pack the &records too; without them another laptop cannot go on")
        self.sources.setChecked(True)
        self.clear, inside = card(box="warns", margin=10)
        inside.addWidget(words(_CLEAR))
        self.go = button("&Export", self._export, "main")
        self.recipient.textChanged.connect(lambda text: self.clear.setVisible(not text.strip()))
        self._lay_out()
        self.clear.setVisible(not self.recipient.text().strip())
        self.fields = (self.file, self.recipient, self.sources, self.go)
        self.rest(waiting=False)
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
        self.run(
            pack(
                self._desk,
                self._session.reviewer(),
                path,
                self._session.now(),
                recipients=(recipient,) if recipient else (),
                with_sources=self.sources.isChecked(),
            )
        )

    def came(self, result: "Packed", /) -> None:
        """The package is written."""
        self.packed.emit(result)

    def _choose(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, "Export a package", self.file.text(), "Packages (*.imrcase)")
        if name:
            self.file.setText(name)

    def _lay_out(self) -> None:
        rows = Fields()
        rows.add("&File", self.file, beside=button("C&hoose…", self._choose))
        rows.add("&Encrypt to", self.recipient, "The recipient's age key, as the organisation gives it out.")
        rows.add_wide(self.sources)
        column = QVBoxLayout(self)
        column.addWidget(words("Export a package", "title"))
        column.addWidget(
            words("The case's data, records and issued letters in one file, with a manifest of digests.", "muted")
        )
        column.addLayout(rows)
        column.addWidget(self.clear)
        self.end_of(column, self.go)
