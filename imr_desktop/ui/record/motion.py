# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moving over the pages with the hand: grab and drag, fling that runs out, pinch, and knowing when it goes fast."""

import math
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QGestureEvent, QPinchGesture

if TYPE_CHECKING:
    from imr_desktop.ui.record.view import RecordView

_FRAME_MS = 16
_SLOWING = 0.9
_SLOWEST = 30.0
_FASTEST = 40_000.0
_FAST_STEP = 150
_REST_MS = 60
_LANDED_MS = 120
_REMEMBERED = 0.08


class Motion(QObject):
    """Grabbing, flinging and zooming of one view. ``rested`` tells that a fast movement has come to rest."""

    rested = Signal()

    def __init__(self, view: "RecordView", now: Callable[[], float] = time.perf_counter) -> None:
        super().__init__(view)
        self._view, self._now = view, now
        self._grabbed: QPointF | None = None
        self._trail: list[tuple[float, QPointF]] = []
        self._speed = QPointF()
        self._last = 0.0
        self._exact = QPointF()
        self._fling = QTimer(self, interval=_FRAME_MS, timerType=Qt.TimerType.PreciseTimer)
        self._fling.timeout.connect(self._run_on)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._at_rest)
        self._landed = QTimer(self, singleShot=True, interval=_LANDED_MS)
        self._landed.timeout.connect(self._at_rest)
        self.hurried = False
        self.space_held = False
        self._space_used = False

    @property
    def grabbing(self) -> bool:
        """Whether the page is held by the hand."""
        return self._grabbed is not None

    @property
    def flinging(self) -> bool:
        """Whether the pages run on by themselves."""
        return self._fling.isActive()

    def moved(self, by: float) -> None:
        """The pages have moved by so many pixels at once."""
        if abs(by) > _FAST_STEP:
            self.hurried = True
        if self.hurried:
            self._rest.start()

    def jumped(self) -> None:
        """A jump has landed: another may follow at once, so that what comes next is not worth having for a moment."""
        self._landed.start()

    @property
    def looks_ahead(self) -> bool:
        """Whether what comes next is worth having."""
        return not self._landed.isActive()

    def _at_rest(self) -> None:
        self.hurried = False
        self.rested.emit()

    # The hand

    def takes(self, event: QMouseEvent) -> bool:
        """Whether this press takes hold of the page: the middle button, or the left one with Space held."""
        left = event.button() is Qt.MouseButton.LeftButton and self.space_held
        return left or event.button() is Qt.MouseButton.MiddleButton

    def grab(self, at: QPointF) -> None:
        """Take hold of the page."""
        self.stop()
        self._space_used = True
        self._grabbed = at
        self._trail = [(self._now(), at)]
        self._view.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def drag(self, at: QPointF) -> None:
        """Pull the page along."""
        if self._grabbed is None:
            return
        self._view.scroll_by(self._grabbed.x() - at.x(), self._grabbed.y() - at.y())
        self._grabbed = at
        now = self._now()
        self._trail = [(when, where) for when, where in self._trail if now - when < _REMEMBERED]
        self._trail.append((now, at))

    def let_go(self) -> None:
        """Let go of the page; it runs on if it was thrown."""
        self._grabbed = None
        self._view.hand.show_cursor()
        (first, start), (last, end) = self._trail[0], self._trail[-1]
        if last - first > 0.01:
            self.fling((start.x() - end.x()) / (last - first), (start.y() - end.y()) / (last - first))

    def fling(self, across: float, down: float) -> None:
        """Let the pages run on at this speed (pixels a second), ever slower."""
        if math.hypot(across, down) < 4 * _SLOWEST:
            return
        self._speed = QPointF(_capped(across), _capped(down))
        self._exact = QPointF(*self._view.scrolled())
        self._last = self._now()
        self._fling.start()

    def stop(self) -> None:
        """Stand still."""
        self._fling.stop()

    def _run_on(self) -> None:
        now = self._now()
        passed, self._last = min(now - self._last, 0.1), now
        self._exact += self._speed * passed
        before = self._view.scrolled()
        self._view.scroll_to(self._exact.x(), self._exact.y())
        self._speed *= math.exp(-passed / _SLOWING)
        stuck = self._view.scrolled() == before and passed > 0.001
        slow = math.hypot(self._speed.x(), self._speed.y()) < _SLOWEST
        if slow or (stuck and math.hypot(self._speed.x(), self._speed.y()) * passed >= 1.0):
            self.stop()

    # Keys and wheels

    def space(self, event: QEvent.Type, *, repeats: bool) -> bool:
        """Space pressed or let go; tells whether it asks for the next screen. Space held is for grabbing."""
        if event is QEvent.Type.KeyPress:
            if not repeats:
                self.space_held, self._space_used = True, False
            return repeats and not self._space_used
        if repeats:
            return False
        asked = self.space_held and not self._space_used
        self.space_held = False
        return asked

    def wheel(self, event: QWheelEvent) -> bool:
        """Ctrl and the wheel zoom about the pointer; tells whether the event is dealt with."""
        self.stop()
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if event.angleDelta().y():
            self.zoom(1.0015 ** event.angleDelta().y(), event.position())
        return True

    def gesture(self, event: QEvent) -> bool:
        """Two fingers on a pad or a screen zoom about the point between them; tells whether it was such."""
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() is Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom(1.0 + event.value(), event.position())
                return True
            if event.gestureType() is Qt.NativeGestureType.SmartZoomNativeGesture:
                self._view.fit_or_fill(event.position())
                return True
        if isinstance(event, QGestureEvent):
            pinch = event.gesture(Qt.GestureType.PinchGesture)
            if isinstance(pinch, QPinchGesture):
                middle = self._view.viewport().mapFromGlobal(pinch.hotSpot())
                self.zoom(pinch.scaleFactor(), middle)
                return True
        return False

    def zoom(self, factor: float, about: QPointF) -> None:
        """Show pages larger by this factor, with what lies at ``about`` in the viewport kept there."""
        place = self._view.current_place()
        if place is not None and factor > 0:
            self._view.set_zoom(self._view.stage.scaled(place, factor), about)


def _capped(speed: float) -> float:
    return min(max(speed, -_FASTEST), _FASTEST)
