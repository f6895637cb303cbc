# SPDX-License-Identifier: AGPL-3.0-or-later
"""Opening a token (smart card or USB key): its driver, which key on it, and the PIN, which is kept nowhere."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from imr_desktop.errors import Trouble
from imr_desktop.ui.parts import Fields, button, fit, line_field, words
from imr_desktop.ui.pin_field import PinField
from imr_desktop.ui.session import Session
from imr_desktop.ui.trouble import FaultLine
from imr_desktop.ui.work import Aside

if TYPE_CHECKING:
    from imr_desktop.signing.tokens import OpenToken, Present

_KEPT = "token"
_DRIVERS = "Drivers (*.so *.dll *.dylib);;All files (*)"
_CERTIFICATES = "Certificates (*.pem *.crt *.cer *.der);;All files (*)"


class TokenDialog(QDialog):
    """Asks which token signs. ``opened`` carries the open token, which belongs to who hears it."""

    opened = Signal(object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Use a token")
        self._session = session
        kept = session.setting(_KEPT)
        self._kept: dict[str, str] = kept if isinstance(kept, dict) else {}
        self.driver = line_field(self._kept.get("driver", ""), shown="opensc-pkcs11.so")
        self.label, self.key = QComboBox(editable=True), QComboBox(editable=True)
        self.certificate = line_field(self._kept.get("certificate", ""), shown="Only if it is not on the token")
        self.pin = PinField()
        self.fault = FaultLine()
        self.go = button("&Open the token", self._open, "main")
        self._found: tuple[Present, ...] = ()
        self._looking, self._opening = Aside(self), Aside(self)
        self._looking.done.connect(self._show_found)
        self._looking.troubled.connect(self._told)
        self._opening.done.connect(self._came)
        self._opening.troubled.connect(self._told)
        self.driver.editingFinished.connect(self.look)
        self.label.currentTextChanged.connect(self._show_keys)
        self.pin.textChanged.connect(lambda _: self._allow())
        self._lay_out()
        fit(self, 560)
        self._allow()
        self._looked = ""
        if self.driver.text():
            QTimer.singleShot(0, self, self.look)

    def look(self) -> None:
        """Ask the driver which tokens are in."""
        module = self._module()
        if not self.driver.text().strip() or str(module) == self._looked:
            return
        self._looked = str(module)
        self.fault.clear()
        if not module.is_file():
            self.fault.tell("There is no such driver. Choose the file that came with the token (PKCS#11 module).")
            return
        self._looking.start(lambda: _present(module))

    def done(self, result: int) -> None:
        """The dialog closes: nothing of the PIN stays, and an answer that still comes is let go of."""
        self.pin.forget()
        self._looking.forget()
        self._opening.forget()
        super().done(result)

    def _open(self) -> None:
        if not self.go.isEnabled():
            return
        from imr_desktop.signing import tokens

        certificate = self.certificate.text().strip()
        path = Path(certificate).expanduser() if certificate else None
        if path is not None and not path.is_file():
            self.fault.tell("There is no such certificate. Choose its file, or leave the field empty.")
            return
        token = tokens.Token(self._module(), self.label.currentText().strip(), self.key.currentText().strip(), path)
        self._kept = {
            "driver": str(token.module), "label": token.label, "key": token.key, "certificate": certificate,
        }  # fmt: skip
        self.fault.clear()
        pin = self.pin.take()
        self._opening.start(lambda: tokens.opened(token, pin), lambda late: late.close())
        self._allow()

    def _came(self, token: "OpenToken") -> None:
        self._session.keep_setting(_KEPT, self._kept)
        self.opened.emit(token)
        self.accept()

    def _told(self, trouble: Trouble) -> None:
        self.fault.tell(trouble)
        self._allow()
        self.pin.setFocus()

    def _show_found(self, found: "tuple[Present, ...]") -> None:
        self._found = found
        _fill(self.label, [each.label for each in found], self._kept.get("label", ""))
        self._show_keys()
        if not found:
            self.fault.tell("The driver finds no token. Put the token in, then choose the driver again.")
            self._looked = ""
        self._allow()

    def _show_keys(self) -> None:
        here = next((each for each in self._found if each.label == self.label.currentText()), None)
        _fill(self.key, () if here is None else here.certificates, self._kept.get("key", ""))
        self._allow()

    def _allow(self) -> None:
        told = self.label.currentText().strip() and self.key.currentText().strip() and self.pin.text()
        self.go.setEnabled(bool(self.driver.text().strip() and told) and not self._opening.busy)

    def _module(self) -> Path:
        return Path(self.driver.text().strip()).expanduser()

    def _choose_driver(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "The token's driver", self.driver.text(), _DRIVERS)
        if name:
            self.driver.setText(name)
            self.look()

    def _choose_certificate(self) -> None:
        name, _ = QFileDialog.getOpenFileName(self, "The token's certificate", "", _CERTIFICATES)
        if name:
            self.certificate.setText(name)

    def _lay_out(self) -> None:
        for choice in (self.label, self.key):
            choice.currentTextChanged.connect(lambda _: self._allow())
        rows = Fields()
        rows.add(
            "&Driver", self.driver, "The PKCS#11 module that came with the token.",
            beside=button("C&hoose…", self._choose_driver),
        )  # fmt: skip
        rows.add("&Token", self.label)
        rows.add("&Key", self.key)
        rows.add("&Certificate", self.certificate, beside=button("Choo&se…", self._choose_certificate))
        rows.add("&PIN", self.pin, "It goes to the token and is kept nowhere. After a few wrong ones it locks itself.")
        column = QVBoxLayout(self)
        column.addWidget(words("Use a token", "title"))
        column.addWidget(words("A smart card or USB key signs without giving its key away.", "muted"))
        column.addLayout(rows)
        column.addWidget(self.fault)
        acts = QHBoxLayout()
        acts.addStretch(1)
        acts.addWidget(button("Cancel", self.reject))
        acts.addWidget(self.go)
        column.addLayout(acts)


def _present(module: Path) -> "tuple[Present, ...]":
    from imr_desktop.signing import tokens

    return tokens.present(module)


def _fill(choice: QComboBox, offered: "list[str] | tuple[str, ...]", kept: str) -> None:
    typed = choice.currentText()
    choice.blockSignals(True)
    choice.clear()
    choice.addItems(list(offered))
    likely = kept if kept in offered or not offered else offered[0]
    choice.setCurrentText(typed if typed and (typed in offered or not offered) else likely)
    choice.blockSignals(False)
