# SPDX-License-Identifier: AGPL-3.0-or-later
"""A map of the whole record: one small square a page, with how much of it has been looked at."""

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from imr_desktop.models.records import PageRef
from imr_desktop.ui.record.coverage import Cover, Coverage

_CELL, _STEP, _EDGE = 9, 12, 8
_HEAD = 18


class CoverageMap(QWidget):
    """Squares by page, files apart. Filled: seen; empty: not seen; struck: dismissed; crossed: cannot be shown."""

    chosen = Signal(object)

    def __init__(self, coverage: Coverage) -> None:
        super().__init__()
        self._coverage = coverage
        self._current: int = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Map of the record")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        self.setMouseTracking(True)
        coverage.changed.connect(self._refresh)

    def follow(self, ref: PageRef | None) -> None:
        """Frame the page being looked at."""
        place = None if ref is None else self._coverage.run.place(ref)
        if place is not None and place != self._current:
            self._current = place
            self.update()

    def _refresh(self) -> None:
        self.updateGeometry()
        self.setMinimumHeight(self.heightForWidth(self.width()))
        self.setAccessibleDescription(self._coverage.summary())
        self.update()

    def _head(self) -> int:
        """The height of a file's name, which grows with the text."""
        return max(_HEAD, self.fontMetrics().lineSpacing() + 2)

    def _columns(self, wide: int) -> int:
        return max((wide - 2 * _EDGE) // _STEP, 1)

    def _blocks(self, wide: int) -> list[tuple[int, int, int]]:
        """For each file: the place of its first page, how many pages, and the height at which it begins."""
        columns, top, found = self._columns(wide), _EDGE, []
        starts = sorted(self._coverage.run.starts) or [0]
        for start, end in zip(starts, [*starts[1:], len(self._coverage.run.pages)], strict=True):
            found.append((start, end - start, top))
            top += self._head() + ((end - start + columns - 1) // columns) * _STEP + 6
        return found

    def hasHeightForWidth(self) -> bool:  # noqa: N802 (the name is Qt's)
        """As many rows as it takes."""
        return True

    def heightForWidth(self, wide: int) -> int:  # noqa: N802 (the name is Qt's)
        """The height of all rows."""
        _, count, top = self._blocks(wide)[-1]
        columns = self._columns(wide)
        return top + self._head() + ((count + columns - 1) // columns) * _STEP + _EDGE

    def sizeHint(self) -> QSize:
        """As wide as the rail."""
        return QSize(200, self.heightForWidth(200))

    def rect_of(self, place: int) -> QRect:
        """The square of the page at a place."""
        columns = self._columns(self.width())
        start, _, top = next(block for block in reversed(self._blocks(self.width())) if block[0] <= place)
        row, column = divmod(place - start, columns)
        return QRect(_EDGE + column * _STEP, top + self._head() + row * _STEP, _CELL, _CELL)

    def place_at(self, point: QPoint) -> int | None:
        """The place of the page whose square lies there."""
        columns = self._columns(self.width())
        for start, count, top in self._blocks(self.width()):
            column, row = (point.x() - _EDGE) // _STEP, (point.y() - top - self._head()) // _STEP
            number = row * columns + column
            if 0 <= column < columns and row >= 0 and 0 <= number < count:
                return start + number
        return None

    def paintEvent(self, event: QPaintEvent) -> None:
        """The squares that need painting."""
        painter = QPainter(self)
        run, columns = self._coverage.run, self._columns(self.width())
        ink = self.palette().windowText().color()
        for start, count, top in self._blocks(self.width()):
            if not run.pages or not event.rect().intersects(QRect(0, top, self.width(), self._head() + count * _STEP)):
                continue
            painter.setPen(ink)
            name = run.name(run.pages[start].ref)
            room = QRect(_EDGE, top, self.width() - 2 * _EDGE, self._head() - 2)
            shown = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideMiddle, room.width())
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
            for number in range(count):
                row, column = divmod(number, columns)
                rect = QRectF(_EDGE + column * _STEP, top + self._head() + row * _STEP, _CELL, _CELL)
                if event.rect().intersects(rect.toRect()):
                    self._paint_cell(painter, rect, start + number, ink)
        painter.end()

    def _paint_cell(self, painter: QPainter, rect: QRectF, place: int, ink: QColor) -> None:
        cover = self._coverage.cover(self._coverage.run.pages[place].ref)
        dark = self.palette().window().color().lightness() < 128
        good, bad = QColor("#7fc79a" if dark else "#1c6438"), QColor("#ff9b8f" if dark else "#a3241b")
        painter.setBrush(good if cover is Cover.SEEN else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(good if cover is Cover.SEEN else bad if cover is Cover.UNREADABLE else ink, 1))
        painter.drawRect(rect)
        if cover in (Cover.DISMISSED, Cover.UNREADABLE):
            painter.drawLine(rect.topLeft(), rect.bottomRight())
        if cover is Cover.UNREADABLE:
            painter.drawLine(rect.topRight(), rect.bottomLeft())
        if place == self._current:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self.palette().highlight().color(), 2))
            painter.drawRect(rect.adjusted(-2, -2, 2, 2))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click goes to the page."""
        place = self.place_at(event.position().toPoint())
        if place is not None:
            self.chosen.emit(self._coverage.run.pages[place].ref)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move over the squares and take the pages along."""
        columns = self._columns(self.width())
        by = {
            Qt.Key.Key_Left: -1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_Up: -columns,
            Qt.Key.Key_Down: columns,
        }.get(Qt.Key(event.key()))
        pages = self._coverage.run.pages
        if by is None or not pages:
            super().keyPressEvent(event)
            return
        self.chosen.emit(pages[min(max(self._current + by, 0), len(pages) - 1)].ref)

    def event(self, event: QEvent) -> bool:
        """The tool tip of a square names its page."""
        if isinstance(event, QHelpEvent):
            place = self.place_at(event.pos())
            if place is not None:
                page = self._coverage.run.pages[place]
                words = ", ".join(self._coverage.state(page.ref).words())
                QToolTip.showText(event.globalPos(), f"Page {page.case_page}: {words}", self)
                return True
        return super().event(event)

    def middle_of(self, place: int) -> QPointF:
        """The middle of a page's square."""
        return QRectF(self.rect_of(place)).center()
