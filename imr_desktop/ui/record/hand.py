# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pointer on the pages: turns mouse events into a selection, and scrolls when a drag leaves the window."""

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QToolTip

from imr_desktop.models.care import OwnMark
from imr_desktop.ui.record.gesture import Gesture, PointOn
from imr_desktop.ui.record.marks import EvidenceMark
from imr_desktop.ui.record.selection import Selected, Unit

if TYPE_CHECKING:
    from imr_desktop.ui.record.view import RecordView

_SCROLL_EVERY_MS = 30


class Hand(QObject):
    """Selection by mouse in a record view."""

    def __init__(self, view: "RecordView") -> None:
        super().__init__(view)
        self._view = view
        self._gesture = Gesture(view.words_at)
        self._pressed_at: QPointF | None = None
        self._pointer = QPointF()
        self._moved = False
        self._clicks: tuple[int, int, QPointF] | None = None
        self.region_mode = False
        self._scroller = QTimer(self, interval=_SCROLL_EVERY_MS)
        self._scroller.timeout.connect(self._scroll_on)

    @property
    def chosen(self) -> Selected | None:
        """The selection as it stands."""
        return self._gesture.chosen

    @property
    def busy(self) -> bool:
        """Whether a drag is under way."""
        return self._gesture.dragging

    def clear(self) -> None:
        """Nothing is selected any more."""
        had = self._gesture.chosen is not None
        self._scroller.stop()
        self._gesture.clear()
        if had:
            self._changed()
            self._view.selection_settled.emit()

    def choose(self, chosen: Selected) -> None:
        """Select this, as if the mouse had."""
        self._gesture.chosen = chosen
        self._changed()
        self._view.selection_settled.emit()

    def set_region_mode(self, on: bool) -> None:
        """The next drag draws a region, whatever is under it."""
        self.region_mode = on
        self.show_cursor()

    def show_cursor(self) -> None:
        """The pointer's shape for what a press would do."""
        shape = Qt.CursorShape.CrossCursor if self.region_mode else Qt.CursorShape.IBeamCursor
        self._view.viewport().setCursor(shape)

    def catch_up(self) -> None:
        """Words have been read that a drag may have waited for."""
        if self._gesture.catch_up():
            self._changed()

    def press(self, event: QMouseEvent) -> bool:
        """The left button begins a selection; further clicks take the line, then the block.

        With Alt a drag draws a region, with Ctrl it takes the words of a column. False on pages folded away.
        """
        at = self._point(event.position())
        if event.button() is not Qt.MouseButton.LeftButton or at is None:
            return True
        if self._view.stage.layout.is_folded(at.place):
            return False
        self._pressed_at, self._moved = event.position(), False
        unit = self._clicked_again(event)
        if unit is not None:
            self._gesture.choose(at, unit)
            self._moved = True
        else:
            keys = event.modifiers()
            region = self.region_mode or bool(keys & Qt.KeyboardModifier.AltModifier)
            column = not region and bool(keys & Qt.KeyboardModifier.ControlModifier)
            if region or column:
                at = self._view.stage.point_on(at.place, *self._in_run(event.position()), within=True)
            extend = bool(keys & Qt.KeyboardModifier.ShiftModifier)
            self._gesture.press(at, region=region, column=column, extend=extend)
        self._changed()
        return True

    def double(self, event: QMouseEvent) -> None:
        """A double click takes the word."""
        at = self._point(event.position())
        if event.button() is Qt.MouseButton.LeftButton and at is not None:
            self._clicks = (2, event.timestamp(), event.position())
            self._pressed_at, self._moved = event.position(), True
            self._gesture.choose(at, Unit.WORD)
            self._changed()

    def move(self, event: QMouseEvent) -> None:
        """A drag draws the selection on; without one, evidence under the pointer says what it serves."""
        self._pointer = event.position()
        if not self._gesture.dragging:
            self._hover(event)
            return
        if not self._moved and self._pressed_at is not None:
            far = (event.position() - self._pressed_at).manhattanLength()
            if far < QApplication.startDragDistance() / 2:
                return
        self._moved = True
        self._drag()
        outside = not self._view.viewport().rect().contains(event.position().toPoint())
        if outside and not self._scroller.isActive():
            self._scroller.start()
        elif not outside:
            self._scroller.stop()

    def release(self, event: QMouseEvent) -> None:
        """The drag ends; a click without a drag chooses the evidence under it."""
        if event.button() is not Qt.MouseButton.LeftButton or not self._gesture.dragging:
            return
        self._scroller.stop()
        self._gesture.release()
        if self.region_mode and self._moved:
            self.set_region_mode(False)
        mark = self.mark_at(event.position())
        own = self.own_mark_at(event.position())
        if not self._moved and self.chosen is None and own is not None:
            self._view.own_mark_chosen.emit(own.id)
        elif not self._moved and self.chosen is None and mark is not None:
            self._view.evidence_chosen.emit(mark.evidence)
        self._changed()
        self._view.selection_settled.emit()
        if self._clicks is not None and self._clicks[0] == 2:
            self._view.word_chosen.emit()

    def mark_at(self, position: QPointF) -> EvidenceMark | None:
        """The kept evidence at a position of the viewport."""
        at = self._point(position)
        return None if at is None else self._view.marks.at(self._view.stage.page(at.place).ref, at.x, at.y)

    def own_mark_at(self, position: QPointF) -> OwnMark | None:
        """The reviewer's own mark at a position of the viewport."""
        at = self._point(position)
        return None if at is None else self._view.overlays.own.at(self._view.stage.page(at.place).ref, at.x, at.y)

    def _drag(self) -> None:
        held = self._gesture.held_page
        if held is None:
            at = self._point(self._pointer)
        else:
            at = self._view.stage.point_on(held, *self._in_run(self._pointer), within=True)
        if at is not None and self._gesture.drag(at):
            self._changed()

    def _hover(self, event: QMouseEvent) -> None:
        mark, own = self.mark_at(event.position()), self.own_mark_at(event.position())
        if not self.region_mode:
            plain = mark is None and own is None
            shape = Qt.CursorShape.IBeamCursor if plain else Qt.CursorShape.PointingHandCursor
            if self._view.viewport().cursor().shape() is not shape:
                self._view.viewport().setCursor(shape)
        says = own.note if own is not None and own.note else "" if mark is None else mark.label
        if says:
            QToolTip.showText(event.globalPosition().toPoint(), says, self._view.viewport())

    def _scroll_on(self) -> None:
        """The farther outside, the faster."""
        viewport, y = self._view.viewport(), self._pointer.y()
        beyond = y if y < 0 else max(y - viewport.height(), 0)
        self._view.scroll_by(0, math.copysign(min(abs(beyond) / 2 + 4, 60), beyond) if beyond else 0)
        self._drag()

    def _clicked_again(self, event: QMouseEvent) -> Unit | None:
        """What a third or fourth click in one place takes; None for a first."""
        if self._clicks is None:
            return None
        count, when, where = self._clicks
        self._clicks = None
        near = (event.position() - where).manhattanLength() <= QApplication.startDragDistance()
        if not near or event.timestamp() - when > QApplication.doubleClickInterval():
            return None
        self._clicks = (count + 1, event.timestamp(), event.position()) if count < 3 else None
        return Unit.LINE if count == 2 else Unit.BLOCK

    def _point(self, position: QPointF) -> PointOn | None:
        return self._view.stage.point_at(*self._in_run(position))

    def _in_run(self, position: QPointF) -> tuple[float, float]:
        left, top = self._view.scrolled()
        return position.x() + left, position.y() + top

    def _changed(self) -> None:
        self._view.ask()
        self._view.viewport().update()
        self._view.selection_changed.emit()
