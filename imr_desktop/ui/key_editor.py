# SPDX-License-Identifier: AGPL-3.0-or-later
"""Changing keys: any command may have others; what another command has already is named and not taken from it."""

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QKeySequenceEdit, QLineEdit, QVBoxLayout, QWidget

from imr_desktop.ui.commands import Commander, command
from imr_desktop.ui.key_sheet import ID, KeySheet
from imr_desktop.ui.parts import button, name_it, words
from imr_desktop.ui.trouble import FaultLine

if TYPE_CHECKING:
    from imr_desktop.ui.session import Session

KEYS = "keys"
SINGLE_KEYS = "single keys"


def apply_kept(commander: Commander, session: "Session") -> None:
    """Give the commands the keys that this reviewer chose."""
    single = session.setting(SINGLE_KEYS)
    commander.use_keys(session.setting(KEYS) or {}, single_keys=single is not False)


class KeyEditor(KeySheet):
    """The key sheet of an open vault: choose a command, press the new keys, and they are its keys from now on."""

    def __init__(self, commander: Commander, session: "Session", parent: QWidget | None = None) -> None:
        super().__init__(parent, commander)
        self._commander, self._session = commander, session
        self.keys = QKeySequenceEdit()
        self.keys.setMaximumSequenceLength(1)
        name_it(self.keys, "New keys")
        for inner in self.keys.findChildren(QLineEdit):
            inner.setAccessibleName("New keys")
        self.change = button("&Change", self._change)
        self.shipped = button("As &shipped", self._as_shipped)
        self.single = QCheckBox("S&ingle keys work while a page has the focus (E, S, R and the like)")
        self.single.setAccessibleName("Single keys work while a page has the focus")
        self.single.setChecked(session.setting(SINGLE_KEYS) is not False)
        self.single.toggled.connect(self._single)
        self.fault = FaultLine()
        row = QHBoxLayout()
        row.addWidget(words("New keys for the chosen command", wrap=False))
        row.addWidget(self.keys, 1)
        row.addWidget(self.change)
        row.addWidget(self.shipped)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            at = column.count() - 1
            column.insertLayout(at, row)
            column.insertWidget(at + 1, self.single)
            column.insertWidget(at + 2, self.fault)
        self.tree.currentItemChanged.connect(lambda *_: self._chosen())
        self._chosen()

    def _id(self) -> str:
        row = self.tree.currentItem()
        return "" if row is None else str(row.data(0, ID) or "")

    def _chosen(self) -> None:
        chosen = self._id()
        for each in (self.keys, self.change, self.shipped):
            each.setEnabled(bool(chosen))
        keys = self._commander.keys(chosen) if chosen else ()
        self.keys.setKeySequence(QKeySequence(keys[0]) if keys else QKeySequence())

    def _change(self) -> None:
        chosen = self._id()
        wanted = self.keys.keySequence()
        text = wanted.toString(QKeySequence.SequenceFormat.PortableText)
        taken = self._commander.who_has(text)
        if taken not in (None, chosen):
            name = command(str(taken)).name
            self.fault.tell(f"{text} belongs to “{name}” already. Press other keys, or give that command others first.")
            return
        kept = dict(self._session.setting(KEYS) or {})
        kept[chosen] = [text] if text else []
        self._keep(kept)

    def _as_shipped(self) -> None:
        kept = dict(self._session.setting(KEYS) or {})
        shipped = command(self._id()).keys
        for each in shipped:
            taken = self._commander.who_has(each)
            if taken not in (None, self._id()):
                name = command(str(taken)).name
                self.fault.tell(f"{each} belongs to “{name}” now. Give that command other keys first.")
                return
        kept.pop(self._id(), None)
        self._keep(kept)

    def _single(self, on: bool) -> None:
        self._session.keep_setting(SINGLE_KEYS, on)
        apply_kept(self._commander, self._session)

    def _keep(self, kept: dict[str, list[str]]) -> None:
        self.fault.clear()
        self._session.keep_setting(KEYS, kept)
        apply_kept(self._commander, self._session)
        self.show_keys()
        self._chosen()
