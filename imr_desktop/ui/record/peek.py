# SPDX-License-Identifier: AGPL-3.0-or-later
"""A look at a passage in a small window, without leaving what is being read or written."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QCursor, QGuiApplication, QHideEvent, QImage, QKeyEvent, QPainter, QPixmap, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QVBoxLayout, QWidget

from imr_desktop.models.evidence import Passage
from imr_desktop.models.records import Box, PageRef, PageSize
from imr_desktop.records.protocol import Draw
from imr_desktop.ui.record.painting import Sheet, paint_landing
from imr_desktop.ui.record.picture import PictureKey
from imr_desktop.ui.record.turning import turn_box, turned_size

if TYPE_CHECKING:
    from imr_desktop.ui.record.pane import RecordPane

_SCALE = 1.4
_AROUND = 46.0
_LEAST = 120.0
_AWAY = 120
_LARGEST = QSize(640, 380)


class Peek(QFrame):
    """Shows the part of a page around a passage; Escape or a click elsewhere closes it."""

    def __init__(self, pane: "RecordPane") -> None:
        super().__init__(pane, Qt.WindowType.ToolTip)
        self._pane = pane
        self._ref: PageRef | None = None
        self._boxes: tuple[Box, ...] = ()
        self.setProperty("box", "palette")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Peek at a passage")
        self.where, self.part = QLabel(), QLabel()
        self.where.setProperty("says", "step")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 8)
        column.addWidget(self.where)
        column.addWidget(self.part)
        pane.loader.arrived.connect(self._arrived)
        self.hide()

    def show_passage(self, passage: Passage, near: QWidget | None = None) -> None:
        """Show where a passage begins, beside a widget of the window."""
        run = self._pane.view.stage.run
        if run.place(passage.start) is None:
            return
        self._ref, self._boxes = passage.start, passage.parts[0].boxes
        words = self._pane.taking.citation(passage)
        self.where.setText(words)
        self.setAccessibleName(f"Peek: {words}")
        self.setAccessibleDescription(passage.text)
        self._draw()
        self.adjustSize()
        self.move(self._place(near or self._pane))
        self.show()
        self._pane.loader.want((Draw(self._ref, self._scale(), self._turn()),), self)

    def showEvent(self, event: QShowEvent) -> None:
        """While it is there, the next key, click or move of the pointer elsewhere closes it."""
        super().showEvent(event)
        self._from = QCursor.pos()
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close when the reviewer goes on; Escape does nothing but that."""
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self.hide()
            return event.key() == Qt.Key.Key_Escape
        if kind == QEvent.Type.MouseButtonPress and watched is not self and watched is not self.part:
            self.hide()
        elif kind == QEvent.Type.MouseMove:
            at = QCursor.pos()
            if (at - self._from).manhattanLength() > _AWAY and not self.frameGeometry().contains(at):
                self.hide()
        return False

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is wanted for it any more."""
        super().hideEvent(event)
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        self._pane.loader.leave(self)

    def _scale(self) -> float:
        return round(_SCALE * self._pane.devicePixelRatioF(), 5)

    def _turn(self) -> int:
        return 0 if self._ref is None else self._pane.view.stage.rotations.get(self._ref, 0)

    def _arrived(self, ref: PageRef) -> None:
        if self.isVisible() and ref == self._ref:
            self._draw()

    def _place(self, near: QWidget) -> QPoint:
        corner = near.mapToGlobal(QPoint(0, near.height() + 4))
        screen = near.screen() or QGuiApplication.primaryScreen()
        room: QRect = screen.availableGeometry()
        x = min(max(corner.x(), room.left()), max(room.right() - self.width(), room.left()))
        above = near.mapToGlobal(QPoint(0, 0)).y() - self.height() - 4
        y = corner.y() if corner.y() + self.height() <= room.bottom() else max(above, room.top())
        return QPoint(x, y)

    def _draw(self) -> None:
        ref = self._ref
        place = None if ref is None else self._pane.view.stage.run.place(ref)
        if ref is None or place is None:
            return
        turn, size = self._turn(), self._pane.view.stage.upright(place)
        area = self._area(size, turn)
        shown = turned_size(size, turn)
        ratio = self.devicePixelRatioF()
        wide, high = (area.x1 - area.x0) * _SCALE, (area.y1 - area.y0) * _SCALE
        made = QPixmap(round(wide * ratio), round(high * ratio))
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.white)
        painter = QPainter(made)
        rect = QRectF(-area.x0 * _SCALE, -area.y0 * _SCALE, shown.width * _SCALE, shown.height * _SCALE)
        picture = self._picture(ref, turn)
        if picture is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
            painter.drawImage(rect, picture)
        if self._boxes:
            paint_landing(painter, Sheet(rect, _SCALE, size, turn, ratio, rect), self._boxes, self.palette())
        painter.end()
        self.part.setPixmap(made)

    def _area(self, size: PageSize, turn: int) -> Box:
        """The part of the page as shown (in its points) that is to be seen."""
        shown = turned_size(size, turn)
        whole = self._boxes[0] if self._boxes else Box(0, 0, size.width, size.height)
        for box in self._boxes[1:]:
            whole = whole.union(box)
        part = turn_box(whole, size, turn)
        wide, high = _LARGEST.width() / _SCALE, _LARGEST.height() / _SCALE
        x0 = max(min(part.x0 - _AROUND, shown.width - wide), 0.0)
        y0 = max(min(part.y0 - _AROUND, shown.height - high), 0.0)
        bottom = min(max(part.y1 + _AROUND, y0 + _LEAST), y0 + high, shown.height)
        return Box(x0, y0, min(x0 + wide, shown.width), bottom)

    def _picture(self, ref: PageRef, turn: int) -> QImage | None:
        key = PictureKey(ref, self._scale(), turn)
        return self._pane.loader.picture(key) or self._pane.loader.stand_in(key)
