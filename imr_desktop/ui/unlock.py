# SPDX-License-Identifier: AGPL-3.0-or-later
"""Unlocking: the passphrase is asked for, or another way in; a wrong one is told without losing what was typed."""

from collections.abc import Collection
from math import ceil
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from imr_desktop.errors import Trouble
from imr_desktop.ui.flow import Flow
from imr_desktop.ui.icons import icon
from imr_desktop.ui.parts import button, card, enlarged, line_field, lines_field, words
from imr_desktop.ui.trouble import FaultLine

_A_MOMENT_MS = 120
_RECOVERIES = frozenset({"sheet", "organisation"})
_NO_RECOVERY = (
    "This vault has neither a recovery sheet nor an organisation's key. Only the passphrase opens it; there is no "
    "limit to how often you may try."
)


class Unlock(QWidget):
    """The page that asks for the passphrase, or for a recovery key, once it knows which ``offer`` the vault has.

    ``wanted`` carries the passphrase or another opener; the window above opens the vault and answers. Where the vault
    is damaged, ``salvage_wanted`` carries the same once more, and ``restore_wanted`` asks for a backup in its place.
    """

    wanted = Signal(object)
    salvage_wanted = Signal(object)
    restore_wanted = Signal()
    elsewhere = Signal()
    demo = Signal()

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._ways: frozenset[str] = frozenset()
        self._wait_over = QTimer(self, interval=1000, timerType=Qt.TimerType.PreciseTimer)
        self._wait_over.timeout.connect(self._count_down)
        self._left = 0
        self._salvaging = self._saves = False
        self.passphrase = line_field(secret=True)
        self.passphrase.setAccessibleName("Passphrase")
        self.passphrase.returnPressed.connect(self._unlock)
        self.shown = QCheckBox("&Show the passphrase")
        self.shown.toggled.connect(self._show)
        self.open = button("&Unlock", self._unlock, "main")
        self.key = lines_field(rows=3)
        self.key.setAccessibleName("Recovery code or organisation's key")
        self.keyring = button("Unlock with the &keyring", self._with_keyring)
        self.keyring.hide()
        self.salvage = button("&Save what can be read…", self._salvage)
        self.restore = button("&Restore a backup…", self.restore_wanted.emit)
        self._key: object = None
        self.plain = button("&Open it as it is", self._open_only, "link")
        self.plain.hide()
        self.forgot = button("&Forgot the passphrase…", self._turn, "link")
        self.forgot.setEnabled(False)
        self.fault = FaultLine()
        self._busy = QProgressBar(maximum=0, textVisible=False)
        self._busy.setAccessibleName("Opening the vault")
        self._said = words("Opening the vault…", "muted")
        # What is over in a moment need not be announced: to lay the page out for it would take as long again.
        self._waits = False
        self._slow = QTimer(self, singleShot=True, interval=_A_MOMENT_MS)
        self._slow.timeout.connect(lambda: self._announce(True))
        self._folder = words("", "muted")
        self._other = button("Open &another vault…", self.elsewhere.emit, "link")
        self._demo = button("Try the &demo case", self.demo.emit, "link")
        self._lay_out()
        self.ask_for(folder)

    def ask_for(self, folder: Path) -> None:
        """Ask for the passphrase of the vault in this folder."""
        self._folder.setText(str(folder))
        self.passphrase.clear()
        self.shown.setChecked(False)
        self.fault.clear()
        self._recover(False)
        self._offer()
        self._wait(False)
        self.passphrase.setFocus(Qt.FocusReason.OtherFocusReason)

    def offer(self, ways: Collection[str]) -> None:
        """Offer these kinds of ways into the vault beside the passphrase."""
        self._ways = frozenset(ways)
        self.keyring.setVisible("keyring" in self._ways)
        self.forgot.setEnabled(True)

    def ask_to_save(self, trouble: Trouble | None = None) -> None:
        """Ask for the passphrase in order to save what can be read of a damaged vault, not to open it.

        ``trouble`` is what closed it, if it did not close for this; a backup is offered then too.
        """
        self._saves = True
        self._title.setText("Save what can be read")
        self.open.setText("&Save what can be read")
        self.plain.show()
        self._offer(restore=trouble is not None)
        why = "" if trouble is None else f"{trouble.happened} "
        self.fault.tell(
            f"{why}The vault is closed. With its passphrase, all that can be read of vault.db is brought into a new "
            "file; the damaged file is kept."
        )

    def _open_only(self) -> None:
        self._saves = False
        self.open.setText("&Unlock")
        self.plain.hide()
        self.fault.clear()
        self._recover(self.recovering)

    def tell(self, trouble: Trouble) -> None:
        """The vault could not be opened: say why, and let the passphrase be typed again."""
        from imr_desktop.storage import DamagedVault, TooSoon

        self._wait(False)
        self._offer(
            salvage=isinstance(trouble, DamagedVault) and trouble.place == "vault.db" and not self._salvaging,
            restore=isinstance(trouble, DamagedVault),
        )
        self.fault.tell(trouble)
        if isinstance(trouble, TooSoon):
            self._left = max(1, ceil(trouble.seconds))
            self._wait_over.start()
            self._tell_wait()
        field = self.key if self.recovering else self.passphrase
        field.selectAll()
        field.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """The passphrase was taken; it stays in no field."""
        self.passphrase.clear()
        self.key.clear()
        self._key = None
        self._wait_over.stop()
        self._wait(False)

    def rest(self) -> None:
        """The vault could not be opened for a reason that is told elsewhere."""
        self._wait(False)

    @property
    def recovering(self) -> bool:
        """Whether a recovery key is asked for in place of the passphrase."""
        return not self._recovery.isHidden()

    @property
    def waiting(self) -> int:
        """How many seconds are left before the next passphrase may be tried."""
        return self._left

    @property
    def busy(self) -> bool:
        """Whether the vault is being opened."""
        return self._waits

    def _unlock(self) -> None:
        if self.busy or (self._left and not self.recovering):
            return
        self.fault.clear()
        if self.recovering:
            self._with_recovery_key()
        elif not self.passphrase.text():
            self.fault.tell("The passphrase is empty. Type the passphrase of this vault.")
        else:
            self._want(self.passphrase.text())

    def _with_recovery_key(self) -> None:
        from imr_desktop.storage import OrganisationKey, RecoveryCode

        text = self.key.toPlainText().strip()
        if not text:
            self.fault.tell("No key is given. Type the code of the recovery sheet, or paste the organisation's key.")
        elif "AGE-SECRET-KEY-" in text.upper():
            self._want(OrganisationKey(text))
        else:
            self._want(RecoveryCode(text))

    def _with_keyring(self) -> None:
        from imr_desktop.storage import FromKeyring

        if not self.busy:
            self.fault.clear()
            self._want(FromKeyring())

    def _want(self, key: object) -> None:
        self._key, self._salvaging = key, False
        if self._saves:
            self._salvage()
            return
        self._said.setText("Opening the vault…")
        self._offer()
        self._wait(True)
        self.wanted.emit(key)

    def _salvage(self) -> None:
        self._salvaging = True
        self._said.setText("Saving what can be read; the damaged file is kept…")
        self.fault.clear()
        self._offer()
        self._wait(True)
        self.salvage_wanted.emit(self._key)

    def _offer(self, *, salvage: bool = False, restore: bool = False) -> None:
        self.salvage.setVisible(salvage)
        self.restore.setVisible(restore)

    def _turn(self) -> None:
        self.fault.clear()
        if not self.recovering and not self._ways & _RECOVERIES:
            self.fault.tell(_NO_RECOVERY)
            return
        self._recover(not self.recovering)

    def _recover(self, recovering: bool) -> None:
        self._recovery.setVisible(recovering)
        self._usual.setVisible(not recovering)
        self._title.setText("Unlock without the passphrase" if recovering else "Unlock the vault")
        self.forgot.setText("Use the &passphrase" if recovering else "&Forgot the passphrase…")
        self.forgot.setAccessibleName("Use the passphrase" if recovering else "Forgot the passphrase")
        if not recovering:
            self.key.clear()
        (self.key if recovering else self.passphrase).setFocus(Qt.FocusReason.OtherFocusReason)
        self._wait(False)

    def _count_down(self) -> None:
        self._left -= 1
        if self._left > 0:
            self._tell_wait()
            return
        self._left = 0
        self._wait_over.stop()
        self.fault.clear()
        self._wait(False)

    def _tell_wait(self) -> None:
        seconds = "1 second" if self._left == 1 else f"{self._left} seconds"
        self.fault.tell(
            f"Several wrong passphrases were typed, so the next can be tried in {seconds}. "
            "Nothing is lost, and no try is the last one."
        )
        self._wait(False)

    def _wait(self, waiting: bool) -> None:
        self._waits = waiting
        if waiting:
            self._slow.start()
        else:
            self._slow.stop()
            self._announce(False)
        self.passphrase.setReadOnly(waiting)
        self.key.setReadOnly(waiting)
        self.keyring.setEnabled(not waiting)
        self.open.setEnabled(not waiting and (self.recovering or not self._left))

    def _announce(self, waiting: bool) -> None:
        self._busy.setVisible(waiting)
        self._said.setVisible(waiting)

    def _show(self, shown: bool) -> None:
        self.passphrase.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)

    def _lay_out(self) -> None:
        emblem = QLabel()
        emblem.setPixmap(icon("imr-desktop").pixmap(56, 56))
        ask = QLabel("&Passphrase")
        ask.setBuddy(self.passphrase)
        frame, column = card(margin=28)
        frame.setFixedWidth(enlarged(460))
        column.setSpacing(10)
        column.addWidget(emblem)
        self._title = words("Unlock the vault", "title")
        column.addWidget(self._title)
        column.addWidget(self._folder)
        column.addSpacing(8)
        self._usual, self._recovery = QWidget(), QWidget()
        usual, recovery = QVBoxLayout(self._usual), QVBoxLayout(self._recovery)
        for each in (usual, recovery):
            each.setContentsMargins(0, 0, 0, 0)
        for widget in (ask, self.passphrase, self.shown):
            usual.addWidget(widget)
        code = QLabel("&Recovery code, or the organisation's age key", wordWrap=True)
        code.setBuddy(self.key)
        recovery.addWidget(code)
        recovery.addWidget(self.key)
        recovery.addWidget(words("Capital or small letters and blanks do not matter.", "muted"))
        self._recovery.hide()
        column.addWidget(self._usual)
        column.addWidget(self._recovery)
        column.addWidget(self.fault)
        for offer in (self.salvage, self.restore):
            column.addWidget(offer)
        column.addWidget(self._said)
        column.addWidget(self._busy)
        column.addSpacing(4)
        column.addWidget(self.open)
        column.addWidget(self.plain)
        column.addWidget(self.keyring)
        column.addWidget(self.forgot)
        column.addLayout(Flow(self._other, self._demo, spacing=24))
        middle = QHBoxLayout()
        middle.addStretch(1)
        middle.addWidget(frame)
        middle.addStretch(1)
        whole = QVBoxLayout(self)
        whole.addStretch(2)
        whole.addLayout(middle)
        whole.addStretch(3)
