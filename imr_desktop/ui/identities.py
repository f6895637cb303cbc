# SPDX-License-Identifier: AGPL-3.0-or-later
"""Signing identities: the ones in the vault with their state, a trial one made here, or one brought as a .p12 file."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QGroupBox,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.errors import Trouble
from imr_desktop.ui.means import Means
from imr_desktop.ui.parts import Fields, button, fit, focused_button, is_return, line_field, words
from imr_desktop.ui.session import IdentityLine, Session
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.work import Aside

_WHOSE = (
    ("Me and the organisation, one each", "both"),
    ("The organisation (party letter, public copy)", "office"),
    ("Me, the reviewer (submission)", "reviewer"),
)


class IdentityMaker(QWidget):
    """Two ways to an identity: made here for trial use, or imported with its passphrase."""

    kept = Signal(str)

    def __init__(self, means: Means, session: Session) -> None:
        super().__init__()
        self._session = session
        self.whose = QComboBox()
        for said, whose in _WHOSE:
            self.whose.addItem(said, whose)
        self.make = button("&Create", self._make)
        self.file = line_field(shown="identity.p12")
        self.choose = button("C&hoose…", self._choose)
        self.secret = line_field(secret=True)
        self.bring = button("&Import the identity", self._bring)
        self.fault = FaultLine()
        self._warming = Aside(self)
        self._warming.start(means.warm_up_signing)
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return does what stands beside the field: it creates, or imports; on a button it presses that."""
        if is_return(event):
            main = self.make if self.whose.hasFocus() else self.bring
            (focused_button(self) or main).click()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        made = QGroupBox("Make trial identities here")
        rows = Fields()
        rows.add("&For", self.whose, beside=self.make)
        made_column = QVBoxLayout(made)
        made_column.addWidget(
            words("A trial identity signs for practice and tests. Nobody else has reason to trust it.", "muted")
        )
        made_column.addLayout(rows)
        brought = QGroupBox("Bring one as a .p12 or .pfx file")
        rows = Fields()
        rows.add("Fi&le", self.file, beside=self.choose)
        rows.add("&Passphrase of the file", self.secret, "It is used once and not kept.")
        rows.addWidget(self.bring, rows.rowCount(), 1, Qt.AlignmentFlag.AlignLeft)
        brought.setLayout(rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for widget in (made, brought, self.fault):
            column.addWidget(widget)

    def _choose(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, "Import an identity", "", "Identities (*.p12 *.pfx)")
        if chosen:
            self.file.setText(chosen)
            self.secret.setFocus()

    def _make(self) -> None:
        organisation = self._session.imro().name
        wanted = str(self.whose.currentData())
        names = {
            "both": (self._session.reviewer().name, organisation),
            "office": (organisation,),
            "reviewer": (self._session.reviewer().name,),
        }[wanted]
        if not all(names):
            missing = "organisation" if not organisation else "reviewer"
            self.fault.tell(f"The {missing} has no name yet. Fill it in first, under File, Settings.")
            return
        self._do(lambda: [self._session.create_identity(name, organisation) for name in names])

    def _bring(self) -> None:
        path, secret = Path(self.file.text().strip()).expanduser(), self.secret.text()
        if not path.is_file():
            self.fault.tell("There is no such file. Choose the .p12 or .pfx file of the identity.")
            return
        self._do(lambda: [self._session.bring_identity(path, secret)])

    def _do(self, act: Callable[[], list[str]]) -> None:
        self.fault.clear()
        try:
            names = act()
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self.secret.clear()
        self.kept.emit(" and ".join(f"“{name}”" for name in names))


class IdentitiesDialog(QDialog):
    """The identities in the vault, and the two ways to another one."""

    def __init__(self, means: Means, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Signing identities")
        self._session = session
        self.list = QListWidget()
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName("Identities in the vault")
        self.list.setMinimumHeight(80)
        self.maker = IdentityMaker(means, session)
        self.maker.kept.connect(self._kept)
        self._said = words("", "good")
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(words("Identities in the vault", "heading"))
        column.addWidget(self.list)
        column.addWidget(self._said)
        column.addWidget(self.maker)
        column.addWidget(buttons)
        self._fill()
        fit(self, 640)

    def _kept(self, name: str) -> None:
        self._fill()
        self._said.setText(f"In the vault now: {name}.")

    def _fill(self) -> None:
        self.list.clear()
        lines = self._session.identity_lines()
        for line in lines:
            row = QListWidgetItem(identity_words(line))
            self.list.addItem(row)
        if not lines:
            row = QListWidgetItem("None yet. Letters cannot be issued without one.")
            row.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(row)


def identity_words(line: IdentityLine) -> str:
    """One identity in words: name, kind, until when, and why it cannot be used if it cannot."""
    kind = "trial identity" if line.trial else "imported identity"
    state = (line.warning or f"valid until {line.not_after:%m/%d/%Y}") if line.usable else line.why_not
    return f"{line.name}\n{line.subject} · {kind} · {state}"
