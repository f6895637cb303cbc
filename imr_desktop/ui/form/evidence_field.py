# SPDX-License-Identifier: AGPL-3.0-or-later
"""A field that holds pieces of evidence: chosen from the case's evidence, each leading to its page."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from imr_desktop.ui.form.fields import Field
from imr_desktop.ui.form.layout import menu_button
from imr_desktop.ui.form.naming import EvidenceNames
from imr_desktop.ui.parts import button, words


class EvidenceField(Field):
    """The ids of the evidence on which something rests, in the order in which they were chosen."""

    anchor_activated = Signal(str)

    def __init__(self, name: str, names: Callable[[], EvidenceNames]) -> None:
        self._choose, self._menu = menu_button("Choose evidence")
        super().__init__(name, self._choose)
        self._names = names
        self._menu.aboutToShow.connect(self._offer)
        self._chosen = QWidget()
        self._rows = QVBoxLayout(self._chosen)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(0)
        self.column.addWidget(self._chosen)
        self._value = ()
        self._drawn: tuple[tuple[str, str], ...] | None = None
        self.show_value(())

    def show_value(self, value: Any) -> None:
        """Show the evidence that the case holds."""
        self._value = value
        drawn = tuple((each, self._names().label(each)) for each in value)
        if drawn == self._drawn:
            return
        self._drawn = drawn
        while self._rows.count():
            item = self._rows.takeAt(0)
            gone = None if item is None else item.widget()
            if gone is not None:
                gone.setParent(None)
                gone.deleteLater()
        if not drawn:
            self._rows.addWidget(words("None chosen.", "muted"))
        for evidence, label in drawn:
            self._rows.addWidget(self._line(evidence, label))

    def _line(self, evidence: str, label: str) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        leads = button(label, lambda: self.anchor_activated.emit(evidence), "link", tip=self._names().quote(evidence))
        leads.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        row.addWidget(leads, 1)
        gone = button("Take out", lambda: self._toggle(evidence), "quiet")
        gone.setAccessibleName(f"Take out {label}")
        row.addWidget(gone)
        return line

    def _offer(self) -> None:
        self._menu.clear()
        offered = self._names().all()
        for evidence, label in offered:
            action = QAction(label, self._menu, checkable=True, checked=evidence in self._value)
            action.triggered.connect(lambda _=False, each=evidence: self._toggle(each))
            self._menu.addAction(action)
        if not offered:
            self._menu.addAction("No evidence is kept yet").setEnabled(False)

    def _toggle(self, evidence: str) -> None:
        chosen = tuple(each for each in self._value if each != evidence)
        if evidence not in self._value:
            chosen = (*self._value, evidence)
        self.keep(chosen)
        self.show_value(chosen)
