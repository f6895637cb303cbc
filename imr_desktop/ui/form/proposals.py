# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the machine proposes for a part of the form: each with its page, nothing entered until it is accepted."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QSizePolicy,
    QToolButton,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.models.records import PageRef
from imr_desktop.ui.form.layout import choose_row, tree
from imr_desktop.ui.parts import button, words
from imr_desktop.ui.trouble import announce

_AT = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Proposed:
    """One proposal: what its row says, why it is proposed, the page that says so, and the thing itself.

    One that ``differs`` from what the case says already is accepted singly, and never with all others.
    """

    texts: tuple[str, ...]
    why: str
    page: PageRef
    thing: Any
    differs: bool = False


class Proposals(QFrame):
    """A folded list of proposals above the fields they are for; without proposals it takes no room.

    ``accepted`` carries the things that were accepted, ``page_wanted`` the PageRef of the chosen one. Space or Enter
    accepts the chosen proposal, G shows its page, Delete puts it aside until the case is opened again. ``then`` takes
    the focus when nothing is proposed any more.
    """

    accepted = Signal(list)
    changed = Signal()
    page_wanted = Signal(object)

    def __init__(self, what: str, *headings: str, wide: int) -> None:
        super().__init__()
        self.setProperty("box", "informs")
        self._what = what
        self._rows: tuple[Proposed, ...] = ()
        self._aside: list[Any] = []
        self.then: QWidget | None = None
        self.head = QToolButton()
        self.head.setAccessibleName(f"Proposed {what}s, none yet")
        self.head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.head.setCheckable(True)
        self.head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.head.setStyleSheet("QToolButton { font-weight: 600; background: transparent; text-align: left; }")
        self.list = tree(*headings, rows=3, wide=wide)
        self.list.setAccessibleName(f"Proposed {what}s")
        self.list.setMaximumHeight(self.list.minimumHeight() + 50)
        self.why = words("", "muted", wrap=False)
        self.why.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.accept = button("Accept", self._accept, "main", tip="Accept the chosen one (Enter)")
        self.accept_all = button(
            "Accept all",
            self._accept_all,
            tip="Accept all that the case does not say yet; undo takes them back",
        )
        self.show_page = button("Show its page", self._show, tip="Show the page that says so (G)")
        self.put_aside = button("Put aside", self._put_aside, tip="Do not propose the chosen one (Delete)")
        buttons = QHBoxLayout()
        buttons.setSpacing(6)
        for each in (self.accept, self.accept_all, self.show_page, self.put_aside):
            buttons.addWidget(each)
        buttons.addStretch(1)
        self._body = QFrame()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(4)
        body.addWidget(self.list)
        body.addWidget(self.why)
        body.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 2, 8, 4)
        column.setSpacing(2)
        column.addWidget(self.head)
        column.addWidget(self._body)
        self.head.toggled.connect(self._open)
        self.list.itemActivated.connect(lambda _item, _column: self._accept())
        self.list.currentItemChanged.connect(lambda _now, _before: self._turned())
        for keys, act in (("Space", self._accept), ("G", self._show), ("Delete", self._put_aside)):
            shortcut = QShortcut(QKeySequence(keys), self.list, act)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._open(False)
        self.hide()

    @property
    def rows(self) -> tuple[Proposed, ...]:
        """What is proposed now, without what was put aside."""
        return self._rows

    def show_rows(self, rows: Sequence[Proposed]) -> None:
        """Propose these; the place in the list stays."""
        at = max(0, self.list.currentIndex().row())
        rows = tuple(row for row in rows if row.thing not in self._aside)
        if rows != self._rows:
            self._rows = rows
            self.list.blockSignals(True)
            self.list.clear()
            for number, row in enumerate(rows):
                item = QTreeWidgetItem(list(row.texts))
                item.setData(0, _AT, number)
                for column, text in enumerate(row.texts):
                    item.setToolTip(column, f"{text}\n{row.why}" if row.why else text)
                self.list.addTopLevelItem(item)
            self.list.blockSignals(False)
            choose_row(self.list, min(at, len(rows) - 1))
            self._turned()
            self.changed.emit()
        many = f"{len(rows)} {self._what}s" if len(rows) != 1 else f"1 {self._what}"
        self.head.setText(f"The machine proposes {many}")
        self.head.setAccessibleName(self.head.text())
        focus = QApplication.focusWidget()
        held = not rows and focus is not None and self.isAncestorOf(focus)
        self.setVisible(bool(rows))
        if held and self.then is not None:
            self.then.setFocus()  # Qt would hand it to the other side of the window.

    def chosen(self) -> Proposed | None:
        """The proposal that is chosen in the list."""
        item = self.list.currentItem()
        return None if item is None else self._rows[item.data(0, _AT)]

    def _open(self, opened: bool) -> None:
        self.head.setChecked(opened)
        self.head.setArrowType(Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow)
        self.head.setAccessibleDescription("open" if opened else "folded")
        self._body.setVisible(opened)

    def _turned(self) -> None:
        row = self.chosen()
        self.why.setText("" if row is None else row.why)
        self.why.setToolTip("" if row is None else row.why)
        for each in (self.accept, self.show_page, self.put_aside):
            each.setEnabled(row is not None)

    def _accept(self) -> None:
        row = self.chosen()
        if row is not None:
            self.accepted.emit([row.thing])

    def _accept_all(self) -> None:
        agreed = [row.thing for row in self._rows if not row.differs]
        if len(agreed) < len(self._rows):
            self.why.setText("What differs from what the case says already is accepted one by one.")
            announce(self, self.why.text())
        if agreed:
            self.accepted.emit(agreed)

    def _show(self) -> None:
        row = self.chosen()
        if row is not None:
            self.page_wanted.emit(row.page)

    def _put_aside(self) -> None:
        row = self.chosen()
        if row is not None:
            self._aside.append(row.thing)
            self.show_rows(self._rows)
