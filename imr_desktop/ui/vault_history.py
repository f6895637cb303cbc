# SPDX-License-Identifier: AGPL-3.0-or-later
"""The history of a text: what it said earlier beside what it says now, and any of it brought back."""

import difflib
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from imr_desktop.errors import Trouble
from imr_desktop.models.narrative import Narrative
from imr_desktop.ui.form.naming import EvidenceNames
from imr_desktop.ui.parts import button, name_it, roomy, words
from imr_desktop.ui.trouble import FaultLine

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk
    from imr_desktop.storage import Earlier

_EARLIER = Qt.ItemDataRole.UserRole
_WORD = re.compile(r"\s+|\w+|[^\w\s]")
_LONGEST = 20_000
"""Characters beyond which two texts are shown without their differences, which would take too long to find."""

Spans = list[tuple[int, int]]


def differences(before: str, after: str) -> tuple[Spans, Spans]:
    """Which words of the one text are not in the other: spans of characters in each; none for very long texts."""
    gone: Spans = []
    new: Spans = []
    if max(len(before), len(after)) > _LONGEST:
        return gone, new
    old, now = _WORD.findall(before), _WORD.findall(after)
    ends = _ends(old), _ends(now)
    for kind, i, j, k, m in difflib.SequenceMatcher(a=old, b=now, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        if j > i:
            gone.append((ends[0][i], ends[0][j]))
        if m > k:
            new.append((ends[1][k], ends[1][m]))
    return gone, new


def _ends(parts: Sequence[str]) -> list[int]:
    at = [0]
    for part in parts:
        at.append(at[-1] + len(part))
    return at


class HistoryDialog(QDialog):
    """Every text that the summary (``item_id`` None) or an item's rationale ever had, the newest first."""

    def __init__(self, desk: "Desk", item_id: str | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk, self._item = desk, item_id
        case = desk.case
        about = "the summary" if item_id is None else f"the rationale of item {case.ordinal(item_id)}"
        self.setWindowTitle(f"Earlier texts of {about}")
        roomy(self, 960, 560)
        self._names = EvidenceNames(case)
        self._now = case.clinical_summary if item_id is None else case.item(item_id).rationale
        self.list = QListWidget()
        name_it(self.list, "Earlier texts, the newest first")
        self.list.setMinimumWidth(250)
        self.then, self.now = _text("The text then"), _text("The text now")
        self.back = button("&Bring this text back", self._back, "main")
        self.fault = FaultLine()
        self._lay_out(about)
        self.list.currentItemChanged.connect(lambda *_: self._show())
        self._fill(desk.earlier_texts(item_id))

    def _fill(self, earlier: Sequence["Earlier"]) -> None:
        for each in reversed(earlier):
            count = len(each.narrative.text.split())
            said = f"{each.when.astimezone():%m/%d/%Y %H:%M:%S}, {count} word{'s' * (count != 1)}\n{each.label}"
            row = QListWidgetItem(said)
            row.setData(_EARLIER, each.narrative)
            self.list.addItem(row)
        # The newest is what the text says now; the one before it is what is most often looked for.
        self.list.setCurrentRow(min(1, self.list.count() - 1))
        self._show()
        self.list.setFocus()

    def _chosen(self) -> Narrative | None:
        row = self.list.currentItem()
        narrative: Narrative | None = None if row is None else row.data(_EARLIER)
        return narrative

    def _show(self) -> None:
        chosen = self._chosen()
        self.back.setEnabled(chosen is not None and chosen != self._now)
        then, now = self._read(chosen or Narrative()), self._read(self._now)
        self.then.setPlainText(then)
        self.now.setPlainText(now)
        gone, new = differences(then, now)
        _mark(self.then, gone)
        _mark(self.now, new)

    def _read(self, narrative: Narrative) -> str:
        parts = (
            each if isinstance(each, str) else f"[{self._names.label(each.evidence)}]" for each in narrative.pieces()
        )
        return "".join(parts)

    def _back(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            return
        try:
            self._desk.bring_back(self._item, chosen)
        except Trouble as trouble:
            self.fault.tell(trouble)
            return
        self.accept()

    def _lay_out(self, about: str) -> None:
        sides = QSplitter(Qt.Orientation.Horizontal, childrenCollapsible=False)
        sides.addWidget(self.list)
        for title, field in (("Then", self.then), ("Now", self.now)):
            side = QWidget()
            inside = QVBoxLayout(side)
            inside.setContentsMargins(6, 0, 0, 0)
            inside.addWidget(words(title, "step"))
            inside.addWidget(field, 1)
            sides.addWidget(side)
        sides.setSizes([260, 350, 350])
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.back)
        buttons.addWidget(button("Close", self.reject))
        column = QVBoxLayout(self)
        column.addWidget(words(f"Earlier texts of {about}", "heading"))
        column.addWidget(
            words("Words that differ are bold and underlined. Bringing a text back can be undone.", "muted")
        )
        column.addWidget(sides, 1)
        column.addWidget(self.fault)
        column.addLayout(buttons)


def show_history(desk: "Desk", item_id: str | None, parent: QWidget) -> None:
    """Show the history of the summary (None) or of an item's rationale over the window of ``parent``."""
    dialog = HistoryDialog(desk, item_id, parent.window())
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()


def _text(name: str) -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setReadOnly(True)
    field.setTabChangesFocus(True)
    field.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    field.setAccessibleName(name)
    return field


def _mark(field: QPlainTextEdit, spans: Spans) -> None:
    form = QTextCharFormat()
    form.setFontWeight(QFont.Weight.Bold)
    form.setFontUnderline(True)
    text = field.toPlainText()
    for start, end in spans:
        cursor = QTextCursor(field.document())
        # Qt counts in UTF-16 units.
        cursor.setPosition(_units(text[:start]))
        cursor.setPosition(_units(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(form)


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
