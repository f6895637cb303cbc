# SPDX-License-Identifier: AGPL-3.0-or-later
"""The key sheet and the words about the program."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

import imr_desktop
from imr_desktop.ui.commands import Commander, Scope, Section, in_section
from imr_desktop.ui.commands import command as command_of
from imr_desktop.ui.icons import icon
from imr_desktop.ui.parts import fit, roomy, words

ID = Qt.ItemDataRole.UserRole
_LICENCE = (
    "IMR Desktop is free software: you may use, study, share and change it under the terms of the "
    "GNU Affero General Public License, version 3 or later. It comes without any warranty.\n\n"
    "It draws pages with MuPDF (AGPL), shows its window with Qt for Python (LGPL), prints with ReportLab (BSD), "
    "signs with pyHanko (MIT) and keeps its vault with SQLCipher (BSD). It opens no network connection."
)


class KeySheet(QDialog):
    """Every command with its keys, as the table of commands says."""

    def __init__(self, parent: QWidget | None = None, commander: Commander | None = None) -> None:
        super().__init__(parent)
        self._table = commander
        self.setWindowTitle("Keys")
        roomy(self, 840, 620)
        self.tree = QTreeWidget()
        self.tree.setAccessibleName("Commands and their keys")
        self.tree.setColumnCount(3)
        self.tree.setHeaderLabels(["Command", "Keys", "What it does"])
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        for section in Section:
            top = QTreeWidgetItem([section.value.replace("&", "")])
            font = top.font(0)
            font.setBold(True)
            top.setFont(0, font)
            for column in (1, 2):
                top.setData(column, Qt.ItemDataRole.AccessibleTextRole, top.text(0))
            self.tree.addTopLevelItem(top)
            for command in in_section(section):
                where = " (while a page has the focus)" if command.scope is Scope.PAGE else ""
                row = QTreeWidgetItem([command.name, "", f"{command.tip}{where}"])
                row.setData(0, ID, command.id)
                top.addChild(row)
        self.show_keys()
        self.tree.expandAll()
        for column in (0, 1):
            self.tree.header().setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column_layout = QVBoxLayout(self)
        column_layout.addWidget(words("Keys", "heading"))
        column_layout.addWidget(words("Ctrl+K finds every command by name as well.", "muted"))
        column_layout.addWidget(self.tree, 1)
        column_layout.addWidget(buttons)

    def show_keys(self) -> None:
        """Write beside each command the keys that it has now."""
        for at in range(self.tree.topLevelItemCount()):
            top = self.tree.topLevelItem(at)
            for number in range(top.childCount() if top is not None else 0):
                row = top.child(number) if top is not None else None
                if row is None:
                    continue
                name = str(row.data(0, ID))
                keys = command_of(name).keys if self._table is None else self._table.keys(name)
                native = QKeySequence.SequenceFormat.NativeText
                row.setText(1, " or ".join(QKeySequence(each).toString(native) for each in keys))


class About(QDialog):
    """What this program is, its version and its licence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("About IMR Desktop")
        emblem = QLabel()
        emblem.setPixmap(icon("imr-desktop").pixmap(64, 64))
        head = QHBoxLayout()
        head.addWidget(emblem)
        title = QVBoxLayout()
        title.addWidget(words("IMR Desktop", "title", wrap=False))
        title.addWidget(words(f"Version {imr_desktop.__version__}", "muted"))
        head.addSpacing(12)
        head.addLayout(title, 1)
        licence = words(_LICENCE)
        licence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setSpacing(14)
        column.addLayout(head)
        column.addWidget(words("Where an expert reviewer reads a case, decides it and issues the Final Determination."))
        column.addWidget(licence)
        column.addWidget(buttons)
        fit(self, 540)
