# SPDX-License-Identifier: AGPL-3.0-or-later
"""Who signs: an identity of the vault, or a token, which is opened by its PIN and let go of with the dialog."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QWidget

from imr_desktop.ui.parts import Fields, grow, line_field
from imr_desktop.ui.session import Session

if TYPE_CHECKING:
    from imr_desktop.signing.hands import Hand
    from imr_desktop.signing.stamping import Clock
    from imr_desktop.signing.tokens import OpenToken
    from imr_desktop.storage import KeptIdentity
    from imr_desktop.ui.token_dialog import TokenDialog

_SERVER = "time_stamp_server"


class Signers(QObject):
    """The choices of who signs in one dialog; a token that is opened in it is offered by all of them."""

    def __init__(self, session: Session, dialog: QDialog) -> None:
        super().__init__(dialog)
        self._session, self._dialog = session, dialog
        self.identities = session.identity_lines()
        self.choices: list[QComboBox] = []
        self._opened: dict[str, OpenToken] = {}
        dialog.finished.connect(lambda _: self.close())

    def choice(self, likely: int) -> QComboBox:
        """One more choice, which begins with the identity of this number."""
        choice = QComboBox()
        for line in self.identities:
            said = line.name if line.usable else f"{line.name} (cannot sign: {line.why_not})"
            if line.warning:
                said = f"{said} ({line.warning})"
            choice.addItem(f"{said} (trial)" if line.trial else said, line.name)
        choice.setCurrentIndex(likely)
        self.choices.append(choice)
        return choice

    @property
    def any(self) -> bool:
        """Whether there is anybody to choose."""
        return bool(self.identities or self._opened)

    def chosen(self, choice: QComboBox) -> "KeptIdentity | Hand":
        """Who is chosen there."""
        name = str(choice.currentData())
        return self._opened[name].hand if name in self._opened else self._session.vault.identity(name)

    def ask_token(self, into: QComboBox) -> "TokenDialog":
        """Ask for a token and its PIN; opened, it stands in every choice and is chosen in this one."""
        from imr_desktop.ui.token_dialog import TokenDialog

        dialog = TokenDialog(self._session, self._dialog)
        dialog.opened.connect(lambda token: self.take(token, into))
        dialog.open()
        return dialog

    def take(self, token: "OpenToken", into: QComboBox) -> None:
        """An open token is offered from now on."""
        name = f"token:{token.token.label}/{token.token.key}"
        before = self._opened.pop(name, None)
        if before is not None:
            before.close()
        self._opened[name] = token
        for choice in self.choices:
            if before is None:
                choice.addItem(f"{token.hand.subject} (token {token.token.label})", name)
        into.setCurrentIndex(into.findData(name))

    def close(self) -> None:
        """Let go of the tokens: each asks for its PIN again."""
        tokens, self._opened = self._opened, {}
        for token in tokens.values():
            token.close()


class ClockChoice:
    """Whether the time is stamped, and by whom; nobody is asked unless that is ticked here, each time anew."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.wanted = QCheckBox("Have the &time stamped by a server; this uses the network")
        self.server = line_field(str(session.setting(_SERVER) or ""), shown="http://timestamp.example.org")
        self._where = QWidget()
        rows = Fields()
        rows.setContentsMargins(0, 0, 0, 0)
        rows.add("Ser&ver", self.server, "An RFC 3161 server of an authority. It sees a digest, nothing of the letter.")
        self._where.setLayout(rows)
        self._where.hide()
        self.wanted.toggled.connect(self._toggled)

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """The fields that rest while something is under way."""
        return (self.wanted, self.server)

    def add_to(self, rows: Fields) -> None:
        """Put the tick there, and below it the server, which shows once it is wanted."""
        rows.add_wide(self.wanted)
        rows.add_wide(self._where)

    def fault(self) -> str:
        """Why no server can be asked, in two sentences; empty if one can, or none is wanted."""
        if not self.wanted.isChecked() or self.server.text().strip().startswith(("http://", "https://")):
            return ""
        return "The address of the time-stamp server is missing. Type it as http://… or https://…, or do without."

    def clock(self) -> "Clock | None":
        """Who is to be asked, now remembered; None if nobody is."""
        if not self.wanted.isChecked():
            return None
        from imr_desktop.signing.stamping import Clock

        self._session.keep_setting(_SERVER, self.server.text().strip())
        return Clock(self.server.text().strip(), tuple(self._session.vault.trust_roots()))

    def _toggled(self, wanted: bool) -> None:
        self._where.setVisible(wanted)
        window = self._where.window()
        if isinstance(window, QDialog):
            grow(window)
        if wanted and not self.server.text():
            self.server.setFocus()
