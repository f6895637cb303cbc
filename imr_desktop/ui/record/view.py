# SPDX-License-Identifier: AGPL-3.0-or-later
"""The scroll area in which the pages of the record are read, one under the other."""

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
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from imr_desktop.models.evidence import Passage
from imr_desktop.models.records import Box, Page, PageRef, Word
from imr_desktop.ui.record import painting
from imr_desktop.ui.record.composing import paint_page
from imr_desktop.ui.record.hand import Hand
from imr_desktop.ui.record.history import History, Spot
from imr_desktop.ui.record.keys import scroll_of
from imr_desktop.ui.record.loader import PageLoader
from imr_desktop.ui.record.looking import Looking
from imr_desktop.ui.record.marks import EvidenceMark, Landing, Marks
from imr_desktop.ui.record.pages import GAP, PageRun, View, Zoom
from imr_desktop.ui.record.seen import SeenTracker
from imr_desktop.ui.record.selection import boxes_on, missing, passage
from imr_desktop.ui.record.stage import Stage
from imr_desktop.ui.record.wanting import wants

_OVERLAP = 48
_LINE = 60


class RecordView(QAbstractScrollArea):
    """Continuous pages with selection, evidence marks and the target of jumps; knows nothing of the case but these."""

    page_changed = Signal(object)
    seen = Signal(object)
    selection_changed = Signal()
    selection_settled = Signal()
    zoom_changed = Signal()
    spot_left = Signal()
    scrolled_to = Signal()
    acted_on = Signal()
    evidence_chosen = Signal(str)
    menu_asked = Signal(QPointF)

    def __init__(
        self, loader: PageLoader, *, now: Callable[[], float] = time.monotonic, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.loader = loader
        self.stage = Stage()
        self.history = History()
        self.tracker = SeenTracker(now)
        self._looking = Looking(self)
        self.marks = Marks()
        self.hand = Hand(self)
        self.landing: Landing | None = None
        self._down = True
        self._current: PageRef | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Pages of the record")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.viewport().setMouseTracking(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        for bar in (self.verticalScrollBar(), self.horizontalScrollBar()):
            bar.actionTriggered.connect(self.acted)
        loader.arrived.connect(self._arrived)

    # What is shown

    def show_run(self, run: PageRun) -> None:
        """Show these pages; the reading position stays on its page."""
        self.hand.clear()
        self._rearranged(lambda: self.stage.arrange(run=run))

    def show_marks(self, marks: Sequence[EvidenceMark]) -> None:
        """Show this kept evidence on its pages."""
        self.marks = Marks(marks)
        self.viewport().update()

    @property
    def current(self) -> Page | None:
        """The page being looked at: the target of the last jump, or the one of which most is on screen."""
        place = self.current_place()
        return None if place is None else self.stage.page(place)

    def current_place(self) -> int | None:
        """The place of the current page in the run; None in a record without pages."""
        if not len(self.stage):
            return None
        if self.landing is not None and (place := self.stage.run.place(self.landing.ref)) is not None:
            return place
        left, top = self.scrolled()
        return max(
            self.stage.layout.visible(top),
            key=lambda place: (round(self.stage.layout.shown_share(place, left, top), 3), -place),
        )

    def words_at(self, place: int) -> Sequence[Word] | None:
        """The words of the page at a place; None while they have not been read."""
        return self.loader.words(self.stage.page(place).ref)

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

    # Moving

    def scrolled(self) -> tuple[float, float]:
        """How far the run is scrolled: logical pixels from its left and top."""
        return float(self.horizontalScrollBar().value()), float(self.verticalScrollBar().value())

    def spot(self) -> Spot | None:
        """Where the window stands now."""
        return self.stage.spot(*self.scrolled())

    def show_spot(self, spot: Spot) -> bool:
        """Stand where the spot says, with its zoom; tells whether its page is here."""
        self.landing = None
        if self.stage.run.place(spot.ref) is None:
            return False
        if spot.zoom != self.stage.zoom:
            self.stage.arrange(zoom=spot.zoom)
            self._set_ranges()
            self.zoom_changed.emit()
        position = self.stage.position(spot)
        if position is not None:
            self._scroll_to(*position)
        return True

    def leave(self) -> None:
        """A jump starts: keep this spot to go back to."""
        here = self.spot()
        if here is not None:
            self.history.leave(here)
            self.spot_left.emit()

    def land(self, ref: PageRef, boxes: Sequence[Box] = ()) -> bool:
        """Jump to a page, or to boxes on it, and mark the target until the next action; False if it is not here."""
        if self.stage.run.place(ref) is None:
            return False
        self.leave()
        self.landing = Landing(ref, tuple(boxes))
        self._centre_landing()
        return True

    def set_zoom(self, zoom: Zoom, about: QPointF | None = None) -> None:
        """Show pages at this zoom, keeping in place what lies at ``about`` in the viewport (else its upper middle)."""
        if zoom != self.stage.zoom:
            held = about or QPointF(self.viewport().width() / 2, self.viewport().height() / 3)
            self._rearranged(lambda: self.stage.arrange(zoom=zoom), held)
            self.zoom_changed.emit()

    def turn(self, refs: Sequence[PageRef], by: int) -> None:
        """Turn pages by quarter turns (clockwise degrees); boxes and words turn with them."""
        turned = dict(self.stage.rotations)
        for ref in refs:
            turned[ref] = (turned.get(ref, 0) + by) % 360
            self.loader.cache.turn(ref, turned[ref])
        self.set_rotations(turned)

    def set_rotations(self, rotations: dict[PageRef, int]) -> None:
        """Have exactly these pages turned (clockwise degrees)."""
        kept = {ref: turn for ref, turn in rotations.items() if turn}
        self._rearranged(lambda: self.stage.arrange(rotations=kept))

    def acted(self, *_: object) -> None:
        """The reviewer did something: the target of the last jump is no longer marked."""
        self.acted_on.emit()
        if self.landing is not None:
            self.landing = None
            self.viewport().update()

    def scroll_by(self, across: float, down: float) -> None:
        """Scroll by logical pixels."""
        left, top = self.scrolled()
        self._scroll_to(left + across, top + down)

    def _scroll_to(self, left: float, top: float) -> None:
        self.horizontalScrollBar().setValue(round(left))
        self.verticalScrollBar().setValue(round(top))
        self._moved()

    def _centre_landing(self) -> None:
        landing = self.landing
        place = None if landing is None else self.stage.run.place(landing.ref)
        if landing is None or place is None:
            return
        area = self.stage.area(place, landing.boxes)
        wide, high = self.viewport().width(), self.viewport().height()
        middle = (area.x0 + area.x1 - wide) / 2
        fits = area.y1 - area.y0 <= high - 2 * GAP
        self._scroll_to(middle, (area.y0 + area.y1 - high) / 2 if landing.boxes and fits else area.y0 - GAP + 1)

    # Laying out

    def _rearranged(self, change: Callable[[], None], held: QPointF | None = None) -> None:
        """Lay out anew, with the same part of the same page at the held position of the viewport."""
        held = held or QPointF(0, 0)
        left, top = self.scrolled()
        old, at_top = self.stage.layout, top <= 0 and held.isNull()
        place = old.at(top + held.y())
        ref = self.stage.page(place).ref if len(self.stage) else None
        change()
        self._set_ranges()
        there = None if ref is None else self.stage.run.place(ref)
        if there is not None and not at_top:
            x, y = old.carry(self.stage.layout, place, there, left + held.x(), top + held.y())
            self._scroll_to(x - held.x(), y - held.y())
        if self.landing is not None:
            self._centre_landing()
        self._moved()

    def _set_ranges(self) -> None:
        layout, size = self.stage.layout, self.viewport().size()
        for bar, whole, shown in (
            (self.verticalScrollBar(), layout.total_height, size.height()),
            (self.horizontalScrollBar(), layout.total_width, size.width()),
        ):
            bar.setRange(0, max(round(whole - shown), 0))
            bar.setPageStep(shown)
            bar.setSingleStep(_LINE)

    def sheet(self, place: int) -> painting.Sheet:
        """The page at a place as it stands in the viewport, on whole device pixels so that it is sharp."""
        layout, ratio = self.stage.layout, self.devicePixelRatioF()
        left, top = self.scrolled()
        x, y, wide, high = (
            round(value * ratio) / ratio
            for value in (
                layout.left(place) - left,
                layout.tops[place] - top,
                layout.widths[place],
                layout.heights[place],
            )
        )
        return painting.Sheet(
            QRectF(x, y, wide, high), layout.scales[place], self.stage.upright(place), self.stage.rotation(place), ratio
        )

    # Wanting and looking

    def _moved(self) -> None:
        page = self.current
        if page is not None and page.ref != self._current:
            self._current = page.ref
            self.page_changed.emit(page)
        self.ask()
        self._looking.look()
        self.viewport().update()
        self.scrolled_to.emit()

    def ask(self) -> None:
        """Want what the screen and the selection need now."""
        if self.isVisible() and len(self.stage):
            visible = self.stage.layout.visible(self.scrolled()[1])
            needed = () if self.hand.chosen is None else missing(self.hand.chosen, self.words_at)
            self.loader.want(wants(self.stage, visible, self._down, self.devicePixelRatioF(), needed))
        else:
            self.loader.want(())

    def _arrived(self, _ref: PageRef) -> None:
        self.hand.catch_up()
        self.ask()
        self._looking.look()
        self.viewport().update()

    # Events

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pages that are on screen."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), painting.desk_colour(QGuiApplication.palette()))
        for place in self.stage.layout.visible(self.scrolled()[1]):
            paint_page(painter, self, place)
        if self.hasFocus():
            painting.paint_focus(painter, QRectF(self.viewport().rect()), QGuiApplication.palette())
        painter.end()

    def scrollContentsBy(self, _dx: int, dy: int) -> None:  # noqa: N802 (the name is Qt's)
        """The run was scrolled."""
        if dy:
            self._down = dy < 0
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
        self._rearranged(lambda: self.stage.arrange(view=View(size.width(), size.height())))
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
        return super().viewportEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls; with Ctrl it zooms about the pointer."""
        self.acted()
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            place = self.current_place()
            if place is not None and event.angleDelta().y():
                factor = 1.0015 ** event.angleDelta().y()
                self.set_zoom(self.stage.scaled(place, factor), event.position())
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move by keys; all other keys are the pane's."""
        move = scroll_of(event, self.viewport().height() - _OVERLAP, _LINE)
        if move is None:
            event.ignore()
            return
        self.acted()
        self.scroll_by(*move)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a selection; the side buttons are the pane's."""
        if event.button() in (Qt.MouseButton.BackButton, Qt.MouseButton.ForwardButton):
            event.ignore()
            return
        self.acted()
        self.hand.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw the selection on."""
        self.hand.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The selection stands."""
        self.hand.release(event)

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
