# SPDX-License-Identifier: AGPL-3.0-or-later
"""Verifying any PDF in the window: what is signed, by whom, trusted by what; and the certificates that are trusted."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGroupBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.errors import Trouble
from imr_desktop.ui.parts import button, card, fit, line_field, name_it, voice, words
from imr_desktop.ui.session import Session
from imr_desktop.ui.trouble import FaultLine, announce
from imr_desktop.ui.work import Aside

if TYPE_CHECKING:
    from imr_desktop.signing.verifying import Verdict

_DER = Qt.ItemDataRole.UserRole
_LOOKS = {"intact, signer confirmed": "good", "intact, signer not confirmed": "warns"}


class VerifyDialog(QDialog):
    """A file, the verdict on it in sentences, and below it whom the reviewer trusts. Unknown is never shown as good."""

    def __init__(self, session: Session, parent: QWidget | None = None, file: Path | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Verify a PDF")
        self.setAcceptDrops(True)
        self._session = session
        self._judged: Path | None = None
        self.file = line_field(shown="Drop a PDF here, or choose one")
        name_it(self.file, "File to verify")
        self.file.returnPressed.connect(self._verify_typed)
        self.choose = button("C&hoose…", self._choose)
        self.status = words("", "title")
        self.sentences = words("")
        self.sentences.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.frame, inside = card(margin=12)
        inside.addWidget(self.status)
        inside.addWidget(self.sentences)
        self.frame.hide()
        self.fault = FaultLine()
        self.roots = QListWidget()
        self.roots.setWordWrap(True)
        self.roots.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.roots.setAccessibleName("Certificates that you trust")
        self.roots.setMinimumHeight(120)
        self.add = button("&Trust a certificate…", self._choose_root)
        self.drop = button("&Remove", self._drop)
        self.roots.itemSelectionChanged.connect(lambda: self.drop.setEnabled(bool(self.roots.selectedItems())))
        self._aside = Aside(self)
        self._aside.done.connect(self._told)
        self._aside.troubled.connect(self.fault.tell)
        self._lay_out()
        self._fill()
        fit(self, 720)
        if file is not None:
            self.verify(file)

    def verify(self, file: Path) -> None:
        """Judge this file, aside."""
        from imr_desktop.casework import identities

        self.fault.clear()
        self.frame.hide()
        self._judged = file
        self.file.setText(str(file))
        roots = self._session.vault.trust_roots()
        self._aside.start(lambda: identities.verify_file(file, roots))

    def trust(self, file: Path) -> None:
        """Trust the certificates in a file from now on, and judge the shown PDF anew."""
        from imr_desktop.casework import identities

        self.fault.clear()
        try:
            identities.trust(self._session.vault, file)
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self._fill()
        self._again()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """A file over the window: show that it may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Judge what was dropped."""
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.verify(files[0])

    def _told(self, verdict: "Verdict") -> None:
        look = _LOOKS.get(verdict.status.value, "blocks")
        self.frame.setProperty("box", look)
        self.frame.style().unpolish(self.frame)
        self.frame.style().polish(self.frame)
        said = verdict.status.value
        self.status.setText(said[0].upper() + said[1:])
        voice(self.status, "says", {"good": "good", "warns": "warn"}.get(look, "danger"))
        self.sentences.setText("\n".join((*verdict.sentences, f"SHA-256 of the file: {verdict.sha256}")))
        self.frame.show()
        # Room for the verdict, so that nothing below it is covered.
        fit(self, max(720, self.width()))
        announce(self, f"{said}. {verdict.sentences[0]}")

    def _verify_typed(self) -> None:
        if self.file.text().strip():
            self.verify(Path(self.file.text().strip()).expanduser())

    def _again(self) -> None:
        if self._judged is not None:
            self.verify(self._judged)

    def _choose(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "Verify a PDF", "", "PDF files (*.pdf);;All files (*)")
        if name:
            self.verify(Path(name))

    def _choose_root(self) -> None:
        kinds = "Certificates (*.pem *.crt *.cer *.der);;All files (*)"
        name, _ = QFileDialog.getOpenFileName(self, "Trust a certificate", "", kinds)
        if name:
            self.trust(Path(name))

    def _drop(self) -> None:
        for row in self.roots.selectedItems():
            self._session.vault.drop_trust_root(bytes(row.data(_DER)))
        self._fill()
        self._again()

    def _fill(self) -> None:
        from imr_desktop.casework import identities

        self.roots.clear()
        for each in identities.trusted(self._session.vault):
            facts = each.facts
            mark = " ".join(facts.sha256[at : at + 8] for at in range(0, 64, 8))
            row = QListWidgetItem(f"{facts.subject}\nuntil {facts.not_after:%m/%d/%Y} · SHA-256 {mark}")
            row.setData(_DER, each.der)
            self.roots.addItem(row)
        if not self.roots.count():
            row = QListWidgetItem("None. Without one, no signer can be confirmed.")
            row.setFlags(Qt.ItemFlag.NoItemFlags)
            self.roots.addItem(row)
        self.drop.setEnabled(False)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self.file, 1)
        row.addWidget(self.choose)
        trusted = QGroupBox("Certificates that you trust")
        below = QVBoxLayout(trusted)
        below.addWidget(
            words(
                "Compare a certificate's SHA-256 with its owner, by telephone for example, before you trust it.",
                "muted",
            )
        )
        below.addWidget(self.roots)
        acts = QHBoxLayout()
        acts.addWidget(self.add)
        acts.addWidget(self.drop)
        acts.addStretch(1)
        below.addLayout(acts)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(row)
        for widget in (self.fault, self.frame, trusted, buttons):
            column.addWidget(widget)
