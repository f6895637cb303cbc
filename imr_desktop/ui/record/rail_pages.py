# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every page as a row: its small picture, its names, and what is known of it, told by signs and words."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QObject, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from imr_desktop.models.records import Document, PageRef
from imr_desktop.ui.record.addresses import document_label, documents_by_page
from imr_desktop.ui.record.coverage import Cover, Coverage
from imr_desktop.ui.record.pages import PageRun
from imr_desktop.ui.record.rail_rows import NOWHERE, Index

_FIGURE_SPACE = "\u2007"
_ROW, _THUMB = 84, 62
PLACE = Qt.ItemDataRole.UserRole


class PageModel(QAbstractListModel):
    """The pages of the run, or those of them that a filter lets through."""

    def __init__(self, coverage: Coverage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.run = PageRun()
        self.coverage = coverage
        self.places: Sequence[int] = ()
        self._rows: dict[int, int] = {}
        self._documents: dict[PageRef, Document] = {}

    def show(self, run: PageRun, documents: Sequence[Document], places: Sequence[int] | None = None) -> None:
        """Show the pages of this run that stand at these places, all if none are named."""
        self.beginResetModel()
        self.run, self._documents = run, documents_by_page(documents)
        self.places = range(len(run.pages)) if places is None else places
        self._rows = {} if places is None else {place: row for row, place in enumerate(places)}
        self.endResetModel()

    def row_of(self, place: int) -> int | None:
        """The row of the page at a place; None if it is filtered out."""
        return (
            (place if place < len(self.places) else None) if isinstance(self.places, range) else self._rows.get(place)
        )

    def same(self, index: Index) -> PageRef | None:
        """The page of a row, which stays the same when the list is filled anew; None for no row."""
        return self.ref(index.row()) if index.isValid() else None

    def row_like(self, ref: object) -> int | None:
        """The row of this page; None if it is not listed any more."""
        place = self.run.place(ref) if isinstance(ref, PageRef) else None
        return None if place is None else self.row_of(place)

    def refresh(self, refs: Collection[PageRef]) -> None:
        """Something became known of these pages; of all, if none are named."""
        if not refs and self.places:
            self.dataChanged.emit(self.index(0), self.index(len(self.places) - 1))
        for ref in refs:
            place = self.run.place(ref)
            row = None if place is None else self.row_of(place)
            if row is not None:
                self.dataChanged.emit(self.index(row), self.index(row))

    def is_seen(self, ref: PageRef) -> bool:
        """Whether the page has been seen."""
        return self.coverage.is_seen(ref)

    def unseen_count(self) -> int:
        """How many pages have not been seen yet."""
        return sum(not self.coverage.is_seen(page.ref) for page in self.run.pages)

    def ref(self, row: int) -> PageRef:
        """The page of a row."""
        return self.run.pages[self.places[row]].ref

    def rowCount(self, parent: Index = NOWHERE) -> int:
        """How many pages there are."""
        return 0 if parent.isValid() else len(self.places)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """A page's names, and what is known of it before them."""
        page = self.run.pages[self.places[index.row()]]
        if role == Qt.ItemDataRole.DisplayRole:
            digits = len(str(self.run.pages[-1].case_page))
            number = str(page.case_page).rjust(digits, _FIGURE_SPACE)
            return f"{self.coverage.cover(page.ref).sign} {number}\u2002{self.about(page.ref)}"
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            file = f"{self.run.name(page.ref)} {page.ref.page + 1}"
            state = ", ".join(self.coverage.state(page.ref).words())
            return f"Page {page.case_page}, {file}, {self.about(page.ref)}, {state}"
        return page.ref if role == PLACE else None

    def about(self, ref: PageRef) -> str:
        """What the page belongs to."""
        document = self._documents.get(ref)
        return document_label(document) if document is not None else f"{self.run.name(ref)} {ref.page + 1}"


class PageDelegate(QStyledItemDelegate):
    """Paints a row of a page; ``thumbnail`` gives the small picture, and asks for it if it is not there yet."""

    def __init__(self, model: PageModel, thumbnail: Callable[[PageRef], QImage | None], parent: QObject) -> None:
        super().__init__(parent)
        self._model, self._thumbnail = model, thumbnail

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """One size for all rows, so that thousands of them need not be measured."""
        return QSize(150, _ROW)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The picture at the left, the words at the right."""
        self.initStyleOption(option, index)
        shown = QStyleOptionViewItem(option)
        shown.text = ""
        widget = option.widget
        widget.style().drawControl(QStyle.ControlElement.CE_ItemViewItem, shown, painter, widget)
        ref = index.data(PLACE)
        rect: QRect = option.rect
        palette: QPalette = option.palette
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        painter.save()
        self._paint_thumbnail(painter, QRectF(rect.left() + 6, rect.top() + 4, _THUMB, _ROW - 8), ref)
        self._paint_words(painter, rect.adjusted(_THUMB + 14, 6, -6, -6), ref, palette.color(role), option.font)
        painter.restore()

    def _paint_thumbnail(self, painter: QPainter, room: QRectF, ref: PageRef) -> None:
        picture = self._thumbnail(ref)
        cover = self._model.coverage.cover(ref)
        sheet = QRectF(room)
        if picture is not None and not picture.isNull():
            size = picture.size().scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            sheet = QRectF(0, 0, size.width(), size.height())
            sheet.moveCenter(room.center())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.drawImage(sheet, picture)
        else:
            painter.fillRect(sheet, QColor("white"))
        painter.setPen(QPen(QColor(0, 0, 0, 110), 1))
        painter.drawRect(sheet)
        if cover in (Cover.DISMISSED, Cover.UNREADABLE):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
            painter.setPen(QPen(QColor("#a3241b") if cover is Cover.UNREADABLE else QColor("#51606e"), 2))
            painter.drawLine(sheet.topLeft(), sheet.bottomRight())
            if cover is Cover.UNREADABLE:
                painter.drawLine(sheet.topRight(), sheet.bottomLeft())

    def _paint_words(self, painter: QPainter, room: QRect, ref: PageRef, colour: QColor, font: QFont) -> None:
        state = self._model.coverage.state(ref)
        place = self._model.run.place(ref)
        number = self._model.run.pages[place].case_page if place is not None else 0
        bold = QFont(font)
        bold.setBold(state.cover is not Cover.SEEN)
        painter.setPen(colour)
        high = painter.fontMetrics().height() + 3
        lines = (
            (bold, f"{state.cover.sign} {number}"),
            (font, self._model.about(ref)),
            (font, state.badges() or state.cover.words),
        )
        for number_of_line, (face, text) in enumerate(lines):
            painter.setFont(face)
            line = QRect(room.left(), room.top() + number_of_line * high, room.width(), high)
            shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
