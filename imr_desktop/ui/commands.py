# SPDX-License-Identifier: AGPL-3.0-or-later
"""The commands brought to life: one action each, in menus and under keys, bound to who can do it now."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

from imr_desktop.ui.command_scope import Scope
from imr_desktop.ui.command_table import COMMANDS, PANELS, Command, Section, command, in_section

__all__ = ["COMMANDS", "PANELS", "Command", "Commander", "Scope", "Section", "command", "in_section"]


class Commander(QObject):
    """The table brought to life: one action a command, bound to who can do it now."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._bound: dict[str, Callable[[], object]] = {}
        self._keys = {each.id: each.keys for each in COMMANDS}
        self._actions: dict[str, QAction] = {}
        for each in COMMANDS:
            action = QAction(each.text, window)
            action.setObjectName(each.id)
            action.setShortcuts([QKeySequence(keys) for keys in each.keys])
            action.setStatusTip(each.tip)
            action.setToolTip(f"{each.tip} ({each.shown_keys()})")
            action.setEnabled(False)
            action.triggered.connect(lambda _=False, name=each.id: self.run(name))
            if each.scope is Scope.PAGE:
                action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            else:
                window.addAction(action)
            self._actions[each.id] = action

    def keys(self, command_id: str) -> tuple[str, ...]:
        """The keys that a command has now, first the one that is shown."""
        return self._keys[command_id]

    def shown_keys(self, command_id: str) -> str:
        """The first keys as this platform writes them; empty if the command has none."""
        keys = self._keys[command_id]
        return QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""

    def who_has(self, keys: str) -> str | None:
        """The command that has these keys now; None if they are free."""
        wanted = QKeySequence(keys)
        if wanted.isEmpty():
            return None
        return next((name for name, all_of in self._keys.items() if wanted in map(QKeySequence, all_of)), None)

    def use_keys(self, chosen: dict[str, list[str]], *, single_keys: bool = True) -> None:
        """Give commands the keys that the reviewer chose; without ``single_keys`` no key works without Ctrl or Alt."""
        for each in COMMANDS:
            keys = tuple(chosen.get(each.id, each.keys))
            if not single_keys:
                keys = tuple(key for key in keys if "+" in key[:-1] or (key[:1] == "F" and key[1:].isdigit()))
            self._keys[each.id] = keys
            action = self._actions[each.id]
            action.setShortcuts([QKeySequence(key) for key in keys])
            shown = self.shown_keys(each.id)
            action.setToolTip(f"{each.tip} ({shown})" if shown else each.tip)

    def action(self, command_id: str) -> QAction:
        """The action of a command, for a button that gives it."""
        return self._actions[command_id]

    def bind(self, acts: dict[str, Callable[[], object]], page: QWidget | None = None) -> None:
        """From now on these commands do this; commands of a page are heard while ``page`` has the focus."""
        for name, act in acts.items():
            self._bound[name] = act
            self._actions[name].setEnabled(True)
            if page is not None and command(name).scope is Scope.PAGE:
                page.addAction(self._actions[name])

    def release(self, *scopes: Scope) -> None:
        """The commands of these scopes can no longer be given."""
        for each in COMMANDS:
            if each.scope in scopes:
                self._bound.pop(each.id, None)
                self._actions[each.id].setEnabled(False)

    def can(self, command_id: str) -> bool:
        """Whether the command can be given now."""
        return command_id in self._bound and self._actions[command_id].isEnabled()

    def run(self, command_id: str) -> None:
        """Give the command; nothing happens where it cannot be given."""
        act = self._bound.get(command_id)
        if act is not None and self._actions[command_id].isEnabled():
            act()

    def fill(self, bar: QMenuBar) -> None:
        """Build the menus."""
        for section in Section:
            menu = QMenu(section.value, bar)
            menu.setToolTipsVisible(True)
            for each in in_section(section):
                if each.divides:
                    menu.addSeparator()
                menu.addAction(self._actions[each.id])
            bar.addMenu(menu)
