# SPDX-License-Identifier: AGPL-3.0-or-later
"""The ways into the vault: listed, added and removed, and the passphrase changed."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QGroupBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.errors import Trouble
from imr_desktop.storage import SlotKind
from imr_desktop.ui.flow import Flow
from imr_desktop.ui.parts import Fields, button, fit, line_field, words
from imr_desktop.ui.passphrase import PassphraseForm
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.vault_sheet import SheetDialog
from imr_desktop.ui.work import Aside

if TYPE_CHECKING:
    from collections.abc import Callable

    from imr_desktop.storage import SlotFacts
    from imr_desktop.storage.keyfile import KeyFile
    from imr_desktop.ui.session import Session

_SLOT = Qt.ItemDataRole.UserRole
_CALLED = {
    SlotKind.PASSPHRASE: "Passphrase",
    SlotKind.KEYRING: "This computer's keyring",
    SlotKind.ORGANISATION: "The organisation's recovery key",
    SlotKind.SHEET: "Recovery sheet",
}


def called(slot: "SlotFacts") -> str:
    """A way in as lists show it: what it is, whose, and since when."""
    label = f" ({slot.label})" if slot.label else ""
    return f"{_CALLED[slot.kind]}{label}" + (f", since {slot.made.astimezone():%m/%d/%Y}" if slot.made else "")


class WaysInPage(QWidget):
    """What opens the vault. The passphrase always stays; everything else is beside it.

    ``rekey_wanted`` asks for a new data key, for which the vault has to be closed.
    """

    rekey_wanted = Signal()

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self._session = session
        self._ways = session.vault.ways_in
        self.list = QListWidget()
        self.list.setAccessibleName("Ways into the vault")
        self.list.setFixedHeight((self.list.fontMetrics().lineSpacing() + 10) * 4)
        self.list.currentRowChanged.connect(lambda _: self._allow())
        self.change = button(
            "Set a new &passphrase…" if self._ways.recovered else "Change the &passphrase…", self._change
        )
        self.sheet = button("Make a recovery &sheet…", self._sheet)
        self.keyring = button("Let the &keyring open it", self._keyring)
        self.remove = button("&Remove…", self._remove)
        self.rekey = button(
            "New &data key…", self.rekey_wanted.emit, tip="Ends what old copies of the key file and the passphrase open"
        )
        self.rekey.setEnabled(not session.is_demo)
        self.recipient = line_field(shown="age1…")
        self.label = line_field(shown="Whose key it is")
        self.add = button("&Add the key", self._organisation)
        self.fault = FaultLine()
        self.said = words("", "good")
        self._lay_out()
        self.redraw()

    def redraw(self) -> None:
        """Show the ways in as they are."""
        self.list.clear()
        for slot in self._ways.list():
            row = QListWidgetItem(called(slot))
            row.setData(_SLOT, slot)
            self.list.addItem(row)
        self.list.setCurrentRow(0)
        made = any(self._ways.has(kind) for kind in (SlotKind.SHEET, SlotKind.ORGANISATION))
        self._lone.setVisible(not made)
        self._allow()

    def _allow(self) -> None:
        chosen = self._chosen()
        self.remove.setEnabled(chosen is not None and chosen.kind is not SlotKind.PASSPHRASE)
        there = self._ways.keyring_there()
        self.keyring.setEnabled(there and not self._ways.has(SlotKind.KEYRING))
        self.keyring.setToolTip("" if there else "This computer has no keyring that is open")

    def _chosen(self) -> "SlotFacts | None":
        row = self.list.currentItem()
        slot: SlotFacts | None = None if row is None else row.data(_SLOT)
        return slot

    # -- acts -------------------------------------------------------------------------------------------------

    def _done(self, said: str) -> None:
        self.fault.clear()
        self.redraw()
        self.said.setText(said)

    def _change(self) -> None:
        dialog = ChangePassphrase(self._session, self)
        dialog.accepted.connect(
            lambda: self._done("The passphrase is changed. Backups made before still open with the old one.")
        )
        _show(dialog)

    def _sheet(self) -> None:
        if self._ways.has(SlotKind.SHEET):
            _show(Sure(
                "Make a new recovery sheet?", "The sheet that was made before will open the vault no longer.",
                "&Make a new sheet", self._make_sheet, self,
            ))  # fmt: skip
        else:
            self._make_sheet()

    def _make_sheet(self) -> None:
        from imr_desktop.casework import recovery

        try:
            sheet = recovery.make_sheet(self._session.vault, datetime.now(UTC).astimezone().date())
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self._done("The recovery sheet opens the vault from now on.")
        _show(SheetDialog(sheet, self))

    def _keyring(self) -> None:
        try:
            self._ways.add_keyring()
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self._done("The keyring opens the vault from now on. The passphrase always does too.")

    def _organisation(self) -> None:
        if not self.recipient.text().strip():
            self.fault.tell("No key is given. Paste the organisation's age recipient, which begins with age1.")
            return
        try:
            self._ways.add_organisation(self.recipient.text(), self.label.text().strip())
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self.recipient.clear()
        self.label.clear()
        self._done("The holder of that key can open the vault from now on.")

    def _remove(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            says = f"“{called(chosen)}” will open the vault no longer. Backups made before still open with it."
            _show(Sure("Remove this way in?", says, "&Remove it", lambda: self._gone(chosen.id), self))

    def _gone(self, slot_id: str) -> None:
        try:
            self._ways.remove(slot_id)
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self._done("That way in is gone.")

    def _lay_out(self) -> None:
        self._lone = words(
            "Only the passphrase opens the vault. Without a recovery sheet or the organisation's key, a forgotten "
            "passphrase means that the vault stays closed for ever.",
            "warn",
        )
        acts = Flow(self.change, self.sheet, self.keyring, self.remove)
        group = QGroupBox("The organisation's recovery key")
        rows = Fields()
        rows.add("Age re&cipient", self.recipient)
        rows.add("&Label", self.label, beside=self.add)
        group.setLayout(rows)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.setSpacing(10)
        column.addWidget(words("What opens the vault", "heading"))
        column.addWidget(self._lone)
        column.addWidget(self.list)
        column.addLayout(acts)
        anew = QHBoxLayout()
        anew.addWidget(words(
            "If somebody may have copied the vault while knowing an old passphrase, a new data key shuts them out of "
            "what is written from then on.", "muted",
        ), 1)  # fmt: skip
        anew.addWidget(self.rekey)
        column.addWidget(group)
        column.addLayout(anew)
        column.addWidget(self.said)
        column.addWidget(self.fault)
        column.addStretch(1)


class ChangePassphrase(QDialog):
    """The old passphrase once, the new one twice; after recovery only the new one. The key is derived aside."""

    def __init__(self, session: "Session", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._recovered = session, session.vault.ways_in.recovered
        title = "Set a new passphrase" if self._recovered else "Change the passphrase"
        self.setWindowTitle(title)
        self.old = line_field(secret=True)
        self.form = PassphraseForm()
        self.fault = FaultLine()
        self.go = button("&Set it" if self._recovered else "&Change it", self._go, "main")
        self.leave = button("&Later" if self._recovered else "Cancel", self.reject)
        self._busy = QProgressBar(maximum=0, textVisible=False)
        self._busy.setAccessibleName("Deriving the key")
        self._busy.hide()
        self._aside = Aside(self)
        self._aside.done.connect(self._derived)
        self._aside.troubled.connect(self._troubled)
        self._aside.failed.connect(lambda: self._wait(False))
        self._lay_out(title)

    @property
    def busy(self) -> bool:
        """Whether the key is being derived."""
        return self._aside.busy

    def done(self, result: int) -> None:
        """Leave no passphrase in the fields, and take no answer any more."""
        self._aside.forget()
        self.old.clear()
        self.form.forget()
        super().done(result)

    def _go(self) -> None:
        fault = self.form.fault()
        if fault:
            self.fault.tell(fault)
            return
        self.fault.clear()
        self._wait(True)
        old = None if self._recovered else self.old.text()
        self._aside.start(self._session.passphrase_derivation(old, self.form.passphrase))

    def _derived(self, derived: "KeyFile") -> None:
        self._wait(False)
        try:
            self._session.vault.ways_in.take_passphrase(derived)
        except Trouble as trouble:
            self._troubled(trouble)
            return
        self.accept()

    def _troubled(self, trouble: Trouble) -> None:
        self._wait(False)
        self.fault.tell(trouble)
        field = self.form.first if self._recovered else self.old
        field.selectAll()
        field.setFocus()

    def _wait(self, waiting: bool) -> None:
        self._busy.setVisible(waiting)
        for each in (self.go, self.old, self.form):
            each.setEnabled(not waiting)

    def _lay_out(self, title: str) -> None:
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.go)
        buttons.addWidget(self.leave)
        column = QVBoxLayout(self)
        column.addWidget(words(title, "heading"))
        if self._recovered:
            column.addWidget(words(
                "The vault was opened without its passphrase. The old passphrase, if somebody knows it, stops opening "
                "the vault once a new one is set; what opened it now stays good."
            ))  # fmt: skip
        else:
            rows = Fields()
            rows.add("P&resent one", self.old)
            column.addLayout(rows)
            column.addWidget(words("The new passphrase", "step"))
        column.addWidget(self.form)
        column.addWidget(self.fault)
        column.addWidget(self._busy)
        column.addLayout(buttons)
        fit(self, 520)


class Sure(QDialog):
    """One question before something that cannot be taken back."""

    def __init__(
        self, asks: str, says: str, yes: str, doing: "Callable[[], object]", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(asks.rstrip("?"))
        buttons = QDialogButtonBox()
        self.yes = buttons.addButton(yes, QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.addButton(QDialogButtonBox.StandardButton.Cancel).setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.accepted.connect(lambda: doing())
        column = QVBoxLayout(self)
        column.setSpacing(12)
        column.addWidget(words(asks, "heading"))
        column.addWidget(words(says))
        column.addWidget(buttons)
        fit(self, 440)


def _show(dialog: QDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
