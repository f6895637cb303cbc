# SPDX-License-Identifier: AGPL-3.0-or-later
"""The binder: joins fields to the parts of one frozen value, so that a field typed in becomes one step of the desk."""

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtWidgets import QWidget

from imr_desktop.ui.form import lens


class Editor(Protocol):
    """What can be bound: shows a value, keeps what was changed, and remembers what could not be understood."""

    keep: Callable[[Any], None]

    def show_value(self, value: Any) -> None:
        """Show the value that the case holds."""

    def commit(self) -> None:
        """Keep what was typed."""

    def draft(self) -> str | None:
        """Text that could not be understood."""

    def show_draft(self, text: str) -> None:
        """Show such text again."""

    def forget(self) -> None:
        """Let go of what was typed."""


class Binder:
    """Fields by their path in a root value, which ``read`` gives (None while there is none) and ``keep`` replaces.

    ``read`` gets the name of the row that the fields show, see ``turn_to``; wrong text is remembered with its row.
    """

    def __init__(self, read: Callable[[str], Any], keep: Callable[[Any], None]) -> None:
        self._read_row = read
        self._keep = keep
        self.row = ""
        self._drafts: dict[tuple[str, str], tuple[str, str]] = {}
        self.editors: dict[str, Editor] = {}

    def bind(self, path: str, editor: Editor) -> Editor:
        """Join an editor to a path; gives the editor."""
        self.editors[path] = editor
        editor.keep = lambda value: self._replace(path, value)
        return editor

    def turn_to(self, row: str) -> None:
        """The root is another row from now on: keep what was typed for the one before, then show the new one."""
        if row == self.row:
            self.redraw()
            return
        self._remember()
        self.row = row
        for editor in self.editors.values():
            editor.forget()
        self.redraw()
        self._recall()

    def redraw(self) -> None:
        """Show the present; fields that are typed in are left alone."""
        root = self._read()
        if root is None:
            return
        for path, editor in self.editors.items():
            editor.show_value(lens.get(root, path))

    def flush(self) -> None:
        """Keep whatever was typed and not kept yet."""
        for editor in self.editors.values():
            editor.commit()

    def drafts(self) -> list[list[str]]:
        """Wrong text, as plain data to be kept over a lock: row, path, text, and the value that it stands over."""
        root = self._read()
        found = {key: draft for key, draft in self._drafts.items() if key[0] != self.row}
        for path, editor in self.editors.items():
            text = editor.draft()
            if root is not None and text is not None:
                found[self.row, path] = text, repr(lens.get(root, path))
        return [[*key, *draft] for key, draft in found.items()]

    def take_drafts(self, kept: list[list[str]]) -> None:
        """Show wrong text again where the value that it stood over is still the same."""
        self._drafts |= {(row, path): (text, over) for row, path, text, over in kept}
        self._recall()

    def drop_drafts(self) -> None:
        """Forget wrong text: the rows are no longer the ones that it was typed for."""
        self._drafts.clear()

    def find(self, field: str) -> QWidget | None:
        """The editor of a path, or the first one within it."""
        for path, editor in self.editors.items():
            if (path == field or path.startswith(f"{field}.")) and isinstance(editor, QWidget):
                return editor
        return None

    def first(self) -> QWidget | None:
        """The editor that was bound first."""
        return next((editor for editor in self.editors.values() if isinstance(editor, QWidget)), None)

    def path_of(self, widget: QWidget | None) -> str | None:
        """The path of the editor that a widget is part of."""
        for path, editor in self.editors.items():
            if isinstance(editor, QWidget) and widget is not None and (editor is widget or editor.isAncestorOf(widget)):
                return path
        return None

    def _read(self) -> Any:
        return self._read_row(self.row)

    def _replace(self, path: str, value: Any) -> None:
        root = self._read()
        if root is not None and lens.get(root, path) != value:
            self._keep(lens.put(root, path, value))

    def _remember(self) -> None:
        root = self._read()
        if root is None:
            return
        for path, editor in self.editors.items():
            editor.commit()
            text = editor.draft()
            if text is None:
                self._drafts.pop((self.row, path), None)
            else:
                self._drafts[self.row, path] = text, repr(lens.get(self._read(), path))

    def _recall(self) -> None:
        root = self._read()
        for path, editor in self.editors.items():
            text, over = self._drafts.get((self.row, path), (None, None))
            if root is not None and text is not None and repr(lens.get(root, path)) == over:
                editor.show_draft(text)


class Compound(QWidget):
    """The base of editors made of several fields, in which nothing stands that could be wrong as a whole."""

    def __init__(self) -> None:
        super().__init__()
        self.keep: Callable[[Any], None] = lambda _: None

    def commit(self) -> None:
        """Keep what was typed."""

    def draft(self) -> str | None:
        """Wrong text stays with its field."""
        return None

    def show_draft(self, text: str) -> None:
        """Wrong text stays with its field."""

    def forget(self) -> None:
        """Let go of what was typed."""
