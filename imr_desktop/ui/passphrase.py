# SPDX-License-Identifier: AGPL-3.0-or-later
"""Choosing a passphrase: typed twice, its strength told while it is typed, and what losing it would mean."""

import math

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from imr_desktop.ui.parts import Fields, line_field, voice, words

SHORTEST = 8
_STRONG_BITS = 70
_FAIR_BITS = 45
_KINDS = (str.islower, str.isupper, str.isdigit)


def bits(passphrase: str) -> float:
    """A rough and cautious estimate of a passphrase's strength: marks, their kinds, repeats counted less."""
    alphabet = sum(size for size, kind in zip((26, 26, 10), _KINDS, strict=True) if any(map(kind, passphrase)))
    if any(not mark.isalnum() for mark in passphrase):
        alphabet += 20
    distinct = len(set(passphrase.lower()))
    worth = min(len(passphrase), distinct * 2.5)
    lettered = passphrase.replace(" ", "").isalpha()
    return worth * math.log2(max(alphabet, 2)) * (0.6 if lettered else 0.8)


def strength(passphrase: str) -> tuple[str, str, int]:
    """What to say of a passphrase, in which voice, and a measure from 0 to 100."""
    if not passphrase:
        return "Several unrelated words are easy to keep in mind and hard to guess.", "muted", 0
    measure = min(100, round(bits(passphrase) / _STRONG_BITS * 100))
    if len(passphrase) < SHORTEST:
        return f"Too short: at least {SHORTEST} characters.", "danger", min(measure, 20)
    if bits(passphrase) < _FAIR_BITS:
        return "Weak: add a few unrelated words.", "warn", measure
    if bits(passphrase) < _STRONG_BITS:
        return "Fair: one more word makes it strong.", "muted", measure
    return "Strong.", "good", 100


class PassphraseForm(QWidget):
    """Two fields for the same passphrase, with a word on its strength."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.first = line_field(secret=True)
        self.second = line_field(secret=True)
        self._shown = QCheckBox("&Show the passphrase")
        self._shown.toggled.connect(self._show)
        self._meter = QProgressBar(maximum=100, textVisible=False)
        self._meter.setAccessibleName("Strength of the passphrase")
        self._said = words("", "muted")
        rows = Fields()
        rows.add("&Passphrase", self.first)
        rows.add("Once &more", self.second)
        for widget in (self._meter, self._said, self._shown):
            rows.addWidget(widget, rows.rowCount(), 1, 1, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(rows)
        for field in (self.first, self.second):
            field.textChanged.connect(self._typed)
        self._typed()

    @property
    def passphrase(self) -> str:
        """The passphrase as typed first."""
        return self.first.text()

    def fault(self) -> str:
        """Why it cannot be taken yet, in two sentences; empty if it can."""
        if len(self.first.text()) < SHORTEST:
            return f"The passphrase is too short. Type at least {SHORTEST} characters; several words are best."
        if self.first.text() != self.second.text():
            return "The two passphrases are not the same. Type the same one into both fields."
        return ""

    def forget(self) -> None:
        """Leave no passphrase in the fields."""
        self.first.clear()
        self.second.clear()

    def _typed(self) -> None:
        said, says, measure = strength(self.first.text())
        if self.second.text() and self.first.text() != self.second.text():
            said, says = "The two passphrases are not the same yet.", "warn"
        self._said.setText(said)
        voice(self._said, "says", says)
        self._meter.setValue(measure)
        self.changed.emit()

    def _show(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.first.setEchoMode(mode)
        self.second.setEchoMode(mode)
