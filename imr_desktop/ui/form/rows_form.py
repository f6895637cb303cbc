# SPDX-License-Identifier: AGPL-3.0-or-later
"""An editor of several values of one kind, such as the copies of a letter: the list, and the form of the chosen one."""

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from imr_desktop.ui.form.binder import Binder, Compound
from imr_desktop.ui.form.row_list import RowList


class RowsForm(Compound):
    """A tuple of frozen values as one editor: bind it like a field. Subclasses lay out the form of the chosen row."""

    def __init__(self, name: str, what: str, *, rows: int = 3) -> None:
        super().__init__()
        self.name = name
        self.value: tuple[Any, ...] = ()
        self.rows = RowList(name, what, rows=rows)
        self.binder = Binder(self._row, self._keep_row)
        self.detail = QWidget()
        self.setFocusProxy(self.rows.list)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.rows)
        column.addWidget(self.detail)
        self.rows.added.connect(self._add)
        self.rows.removed.connect(self._remove)
        self.rows.moved.connect(self._move)
        self.rows.chosen.connect(self._turn)
        self.detail.hide()

    def blank(self) -> Any:
        """A new row with nothing filled in."""
        raise NotImplementedError

    def says(self, row: Any) -> str:
        """A row in the list."""
        raise NotImplementedError

    def drawn(self) -> None:
        """The chosen row is shown; subclasses show what follows from it."""

    def show_value(self, value: tuple[Any, ...]) -> None:
        """Show the rows that the case holds."""
        self.value = value
        self.rows.show_rows([self.says(row) for row in value])
        self._turn(self.rows.row)

    def commit(self) -> None:
        """Keep what was typed in the chosen row."""
        self.binder.flush()

    def forget(self) -> None:
        """Let go of what was typed: the rows of another item are coming."""
        self.binder.turn_to("")
        self.binder.drop_drafts()

    def replace_all(self, rows: tuple[Any, ...], choose: Callable[[], int] | None = None) -> None:
        """Keep other rows, and choose one of them."""
        self.keep(rows)
        self.show_value(rows)
        if choose is not None:
            self.rows.choose(choose())

    def _row(self, row: str) -> Any:
        index = int(row) if row else -1
        return self.value[index] if 0 <= index < len(self.value) else None

    def _keep_row(self, changed: Any) -> None:
        index = int(self.binder.row)
        self.keep((*self.value[:index], changed, *self.value[index + 1 :]))

    def _turn(self, index: int) -> None:
        there = 0 <= index < len(self.value)
        self.binder.turn_to(str(index) if there else "")
        self.detail.setVisible(there)
        if there:
            self.drawn()

    def _add(self) -> None:
        self.commit()
        self.replace_all((*self.value, self.blank()), lambda: len(self.value) - 1)
        first = self.binder.first()
        if first is not None:
            first.setFocus()

    def _remove(self, index: int) -> None:
        self.commit()
        self.replace_all((*self.value[:index], *self.value[index + 1 :]))

    def _move(self, index: int, to: int) -> None:
        self.commit()
        rows = list(self.value)
        rows.insert(to, rows.pop(index))
        self.replace_all(tuple(rows), lambda: to)
