# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of the record on screen: painted with what is on them, and worked on by mouse and keys."""

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QWidget

from imr_desktop.models.evidence import Passage
from imr_desktop.models.records import Box, PageRef
from imr_desktop.records.protocol import Draw
from imr_desktop.ui.record import painting
from imr_desktop.ui.record.area import LINE, PageArea
from imr_desktop.ui.record.caret import Caret
from imr_desktop.ui.record.colours import CleanPictures, PageColours
from imr_desktop.ui.record.composing import paint_fold, paint_page
from imr_desktop.ui.record.hand import Hand
from imr_desktop.ui.record.keys import scroll_of
from imr_desktop.ui.record.layout import View
from imr_desktop.ui.record.loader import PageLoader
from imr_desktop.ui.record.looking import Looking
from imr_desktop.ui.record.marks import EvidenceMark, Marks
from imr_desktop.ui.record.motion import Motion
from imr_desktop.ui.record.overlays import Overlays
from imr_desktop.ui.record.pages import PageRun
from imr_desktop.ui.record.photos import Photos
from imr_desktop.ui.record.seen import SeenTracker
from imr_desktop.ui.record.selection import boxes_on, missing, passage
from imr_desktop.ui.record.wanting import tiles_of, wants

_OVERLAP = 48


class RecordView(PageArea):
    """Pages with selection, evidence, hits and own marks on them; knows nothing of the case but these."""

    seen = Signal(object)
    selection_changed = Signal()
    selection_settled = Signal()
    evidence_chosen = Signal(str)
    own_mark_chosen = Signal(str)
    word_chosen = Signal()
    menu_asked = Signal(QPointF)
    caret_moved = Signal(str)

    def __init__(
        self, loader: PageLoader, *, now: Callable[[], float] = time.monotonic, parent: QWidget | None = None
    ) -> None:
        super().__init__(loader, parent)
        self.tracker = SeenTracker(now)
        self._looking = Looking(self)
        self.overlays = Overlays()
        self.hand = Hand(self)
        self.motion = Motion(self)
        self.caret = Caret(self)
        self.colours = PageColours()
        self.clean, self.photos = CleanPictures(), Photos()
        self.note_on: Callable[[PageRef], str] = lambda _: ""
        self.fold_words: Callable[[range], str] = lambda _: ""
        self._down = True
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Pages of the record")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.actionTriggered.connect(self.acted)
        loader.arrived.connect(self._arrived)
        self.motion.rested.connect(self._rested)

    # What is shown

    def show_run(self, run: PageRun) -> None:
        """Show these pages; the reading position stays on its page."""
        self.hand.clear()
        self.caret.leave()
        super().show_run(run)

    @property
    def marks(self) -> Marks:
        """The kept evidence on the pages."""
        return self.overlays.marks

    def land(self, ref: PageRef, boxes: Sequence[Box] = ()) -> bool:
        """Jump to a page, or to boxes on it."""
        self.motion.stop()
        self.motion.jumped()
        return super().land(ref, boxes)

    def show_marks(self, marks: Sequence[EvidenceMark]) -> None:
        """Show this kept evidence on its pages."""
        self.overlays.marks = Marks(marks)
        self.viewport().update()

    def set_colours(self, colours: PageColours) -> None:
        """Colour pages like this."""
        self.colours = colours
        self.viewport().update()

    # Selection

    def selection(self) -> Passage | None:
        """What is selected, as a passage; None if nothing is, or while words of it are still being read."""
        chosen = self.hand.chosen
        if chosen is None:
            return None
        return passage(chosen, [page.ref for page in self.stage.run.pages], self.words_at)

    def selection_is_waiting(self) -> bool:
        """Whether words of the selection are still being read."""
        return self.hand.chosen is not None and bool(missing(self.hand.chosen, self.words_at))

    def selection_area(self) -> QRectF:
        """Where the visible part of the selection stands in the viewport; empty if none of it is on screen."""
        area = QRectF()
        if self.hand.chosen is not None:
            for place in self.stage.layout.visible(self.scrolled()[1]):
                sheet = self.sheet(place)
                for box in boxes_on(place, self.hand.chosen, self.words_at):
                    area = area.united(sheet.rect_of(box))
        return area.intersected(QRectF(self.viewport().rect()))

    # Wanting and looking

    def _moved(self) -> None:
        super()._moved()
        self.ask()
        self._looking.look()

    def _rested(self) -> None:
        self.ask()
        self.viewport().update()

    @property
    def draw_ratio(self) -> float:
        """Device pixels a logical one at which pages are drawn now: half on a dense screen while they fly by."""
        ratio = self.devicePixelRatioF()
        return ratio / 2 if self.motion.hurried and ratio > 1.25 else ratio

    def ask(self) -> None:
        """Want what the screen and the selection need now."""
        if self.isVisible() and len(self.stage):
            visible = self.stage.layout.visible(self.scrolled()[1])
            needed = () if self.hand.chosen is None else missing(self.hand.chosen, self.words_at)
            wanted = wants(
                self.stage,
                visible,
                self._down,
                self.draw_ratio,
                needed,
                self.pieces(visible),
                looks_ahead=self.motion.looks_ahead,
            )
            self.loader.want(wanted, self)
        else:
            self.loader.want((), self)

    def pieces(self, visible: range) -> list[Draw]:
        """What asks for pieces of much enlarged pages; none while they fly by."""
        if self.motion.hurried:
            return []
        left, top = self.scrolled()
        return [piece for place in visible for piece in tiles_of(self.stage, place, left, top, self.draw_ratio)]

    def _arrived(self, ref: PageRef) -> None:
        self.hand.catch_up()
        self.ask()
        place = self.stage.run.place(ref)
        if place is not None and place in self.stage.layout.visible(self.scrolled()[1]):
            self._looking.look()
            self.viewport().update()

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pages that are on screen."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), painting.desk_colour(QGuiApplication.palette()))
        layout = self.stage.layout
        for place in layout.visible(self.scrolled()[1]):
            if not layout.is_folded(place):
                paint_page(painter, self, place)
            elif place == layout.fold_at(place).start:
                paint_fold(painter, self, layout.fold_at(place))
        if self.hasFocus():
            painting.paint_focus(painter, QRectF(self.viewport().rect()), QGuiApplication.palette())
        painter.end()

    def scrollContentsBy(self, _dx: int, dy: int) -> None:  # noqa: N802 (the name is Qt's)
        """The run was scrolled."""
        if dy:
            self._down = dy < 0
            self.motion.moved(dy)
        self._moved()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show that keys come here."""
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Keys no longer come here."""
        super().focusOutEvent(event)
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The window has another size: pages that fit it follow."""
        super().resizeEvent(event)
        size = self.viewport().size()
        self.rearranged(lambda: self.stage.arrange(view=View(size.width(), size.height())))
        self.zoom_changed.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Pages are wanted from now on."""
        super().showEvent(event)
        self._moved()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is wanted or looked at any more."""
        super().hideEvent(event)
        self._moved()

    def viewportEvent(self, event: QEvent) -> bool:
        """A screen of another scale needs other pictures."""
        if event.type() in (QEvent.Type.DevicePixelRatioChange, QEvent.Type.PaletteChange):
            self._moved()
        if event.type() in (QEvent.Type.NativeGesture, QEvent.Type.Gesture) and self.motion.gesture(event):
            return True
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls; with Ctrl it zooms about the pointer."""
        self.acted()
        if self.motion.wheel(event):
            event.accept()
            return
        top = self.scrolled()[1]
        pixels = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() * (3 * LINE / 120)
        self.scroll_by(-pixels.x(), -pixels.y())
        event.setAccepted(self.scrolled()[1] != top or bool(pixels.x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by keys; all other keys are the pane's."""
        if self.caret.on and self.caret.key(event):
            return
        if event.key() == Qt.Key.Key_Space and not self.motion.space(event.type(), repeats=event.isAutoRepeat()):
            return
        self._scroll_by_key(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Space acts when it is let go, because held it is for grabbing the page."""
        if event.key() == Qt.Key.Key_Space and self.motion.space(event.type(), repeats=event.isAutoRepeat()):
            self._scroll_by_key(event)

    def _scroll_by_key(self, event: QKeyEvent) -> None:
        move = scroll_of(event, self.viewport().height() - _OVERLAP, LINE)
        if move is None:
            event.ignore()
            return
        self.motion.stop()
        self.acted()
        self.scroll_by(*move)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection; the side buttons are the pane's."""
        if event.button() in (Qt.MouseButton.BackButton, Qt.MouseButton.ForwardButton):
            event.ignore()
            return
        self.acted()
        self.motion.stop()
        if self.motion.takes(event):
            self.motion.grab(event.position())
        elif not self.hand.press(event):
            self._open_fold_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the selection on, or pull the page along."""
        if self.motion.grabbing:
            self.motion.drag(event.position())
        else:
            self.hand.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The selection stands; a page that was thrown runs on."""
        if self.motion.grabbing:
            self.motion.let_go()
        else:
            self.hand.release(event)

    def _open_fold_at(self, position: QPointF) -> None:
        place = self.stage.layout.at(position.y() + self.scrolled()[1])
        if len(self.stage) and self.stage.layout.is_folded(place):
            self.open_fold(self.stage.page(place).ref)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Choose a word."""
        self.acted()
        self.hand.double(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done here."""
        self.menu_asked.emit(QPointF(event.pos()))

    def sizeHint(self) -> QSize:
        """Room for a page at a readable size."""
        return QSize(720, 800)
