# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of hits: each with its line, its page and document, and a sign where it was found in spite of a slip."""

import html
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QAbstractListModel, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QTextDocument, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from imr_desktop.models.records import PageRef
from imr_desktop.ui.record.finding import Finding
from imr_desktop.ui.record.rail_rows import NOWHERE, Index
from imr_desktop.ui.record.searching import Hit

_BEFORE, _AFTER = 20, 40
_LINES = 3


class HitModel(QAbstractListModel):
    """The hits of the search in page order; ``address`` names a page in a few words."""

    def __init__(self, finding: Finding, address: Callable[[PageRef], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._finding, self._address = finding, address
        self._hits: list[Hit] = []
        finding.changed.connect(self._refresh)

    def _refresh(self) -> None:
        if len(self._hits) != len(self._finding.hits) or self._hits[:1] != self._finding.hits[:1]:
            self.beginResetModel()
            self._hits = list(self._finding.hits)
            self.endResetModel()

    def hit(self, row: int) -> Hit:
        """The hit of a row."""
        return self._hits[row]

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many hits there are."""
        return 0 if parent.isValid() else len(self._hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A hit's line and page."""
        hit = self._hits[index.row()]
        before, words, after = snippet(hit)
        sure = "" if hit.exact else "≈ "
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{before}{words}{after}\n{sure}{self._address(hit.page)}"
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            misread = "" if hit.exact else ", perhaps misread"
            return f"{words}{misread}, page {self._address(hit.page)}: {hit.line}"
        return None


def snippet(hit: Hit) -> tuple[str, str, str]:
    """The words before, the hit itself, and the words after, short enough for a row."""
    before, words, after = hit.line[: hit.start], hit.line[hit.start : hit.end], hit.line[hit.end :]
    if len(before) > _BEFORE:
        before = f"…{before[-_BEFORE:]}"
    if len(after) > _AFTER:
        after = f"{after[:_AFTER]}…"
    return before, words, after


class HitDelegate(QStyledItemDelegate):
    """Paints a hit with its words bold."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Room for three lines, the same for all."""
        return QSize(150, option.fontMetrics.height() * _LINES + 12)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The line around the hit, and below it where it stands."""
        self.initStyleOption(option, index)
        widget = option.widget
        shown = QStyleOptionViewItem(option)
        shown.text = ""
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, widget)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        colour = option.palette.color(role).name()
        model = index.model()
        if not isinstance(model, HitModel):
            return
        before, words, after = (html.escape(part) for part in snippet(model.hit(index.row())))
        rect = option.rect.adjusted(8, 4, -6, -4)
        text = QTextDocument()
        text.setDefaultFont(option.font)
        text.setDocumentMargin(0)
        wrap = QTextOption()
        wrap.setWrapMode(QTextOption.WrapMode.WordWrap)
        text.setDefaultTextOption(wrap)
        text.setTextWidth(rect.width())
        text.setHtml(f'<span style="color:{colour}">{before}<b>{words}</b>{after}</span>')
        line = option.fontMetrics.height()
        painter.save()
        painter.translate(rect.topLeft())
        text.drawContents(painter, QRectF(0, 0, rect.width(), 2 * line + 1))
        painter.setPen(QColor(colour))
        where = str(index.data()).rsplit("\n", 1)[-1]
        shown_where = option.fontMetrics.elidedText(f"p. {where}", Qt.TextElideMode.ElideRight, rect.width())
        painter.drawText(QRectF(0, 2 * line + 2, rect.width(), line), Qt.AlignmentFlag.AlignLeft, shown_where)
        painter.restore()
