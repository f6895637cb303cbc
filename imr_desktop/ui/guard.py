# SPDX-License-Identifier: AGPL-3.0-or-later
"""What guards an unattended window: it locks when nobody works or the laptop slept, and forgets what was copied."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QClipboard, QGuiApplication

from imr_desktop.ui.sleep_watch import SleepWatch

if TYPE_CHECKING:
    from imr_desktop.ui.session import Session

LOCK_AFTER = "lock_after_minutes"
MINUTES = 10
_LOOK_EVERY = 5.0
_AT_REST = 300  # milliseconds
# A timer of five seconds that comes a minute late means that the laptop was suspended meanwhile.
_SLEPT = 60.0
_FORGET_AFTER = 90.0
_WORK = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.InputMethod,
    }
)


class IdleGuard(QObject):
    """Says ``wanted`` when nobody has worked for so many minutes (0: never for that), or after the laptop slept.

    ``now`` gives wall-clock seconds, which go on while the laptop sleeps. It looks every few seconds whether somebody
    worked in between; once that is so, it need not hear of any more until then: to be told of every event costs time.
    """

    wanted = Signal()

    def __init__(self, parent: QObject, now: Callable[[], float] = time.time) -> None:
        super().__init__(parent)
        self._now = now
        self._minutes = 0
        self._worked = self._looked = now()
        self._heard = False
        self._timer = QTimer(self, interval=round(_LOOK_EVERY * 1000))
        self._timer.timeout.connect(self.look)
        self.soon = QTimer(self, singleShot=True, interval=_AT_REST)
        self.soon.timeout.connect(lambda: self._listen(True))

    def watch(self, minutes: int) -> None:
        """Begin to watch."""
        self._minutes = minutes
        self._worked = self._looked = self._now()
        # The first pictures of an opened vault are not held up for it.
        self.soon.start()
        self._timer.start()

    def rest(self) -> None:
        """Watch no more."""
        self._timer.stop()
        self.soon.stop()
        self._listen(False)
        self._heard = False

    def look(self) -> None:
        """See whether it is time to lock."""
        now = self._now()
        slept = now - self._looked > _LOOK_EVERY + _SLEPT
        self._looked = now
        if self._heard:
            self._worked, self._heard = now, False
        self._listen(True)
        if slept or (self._minutes and now - self._worked >= self._minutes * 60):
            self.rest()
            self.wanted.emit()

    def eventFilter(self, _: QObject, event: QEvent) -> bool:
        """Somebody works."""
        if event.type() in _WORK:
            self._heard = True
            self._listen(False)
        return False

    def _listen(self, listens: bool) -> None:
        running = QGuiApplication.instance()
        if running is None:
            return
        if listens:
            running.installEventFilter(self)
        else:
            running.removeEventFilter(self)


class ClipboardGuard(QObject):
    """Empties the clipboard some time after something of ours was put there, if it still is ours.

    Where the system keeps what was last selected too (the middle button pastes it), that is emptied as well.
    """

    def __init__(self, parent: QObject, seconds: float = _FORGET_AFTER, clipboard: QClipboard | None = None) -> None:
        super().__init__(parent)
        self._timer = QTimer(self, singleShot=True, interval=round(seconds * 1000))
        self._timer.timeout.connect(self.forget)
        self._clipboard: QClipboard = clipboard or QGuiApplication.clipboard()
        self._clipboard.dataChanged.connect(self._copied)
        self._clipboard.selectionChanged.connect(self._selected)
        self._ours: dict[QClipboard.Mode, str] = {}

    def forget(self) -> None:
        """Empty what holds something of ours."""
        self._timer.stop()
        ours, self._ours = self._ours, {}
        for mode, text in ours.items():
            if self._clipboard.text(mode) == text:
                self._clipboard.clear(mode)

    def _copied(self) -> None:
        self._changed(QClipboard.Mode.Clipboard, self._clipboard.ownsClipboard())

    def _selected(self) -> None:
        self._changed(QClipboard.Mode.Selection, self._clipboard.ownsSelection())

    def _changed(self, mode: QClipboard.Mode, owned: bool) -> None:
        # Not every platform tells who owns the clipboard; what changes it while our window is worked in is ours.
        owned = (
            self._clipboard.ownsSelection() if mode is QClipboard.Mode.Selection else self._clipboard.ownsClipboard()
        )
        active = QGuiApplication.applicationState() is Qt.ApplicationState.ApplicationActive
        text = self._clipboard.text(mode) if owned or active else ""
        if text:
            self._ours[mode] = text
            self._timer.start()
            return
        self._ours.pop(mode, None)
        if not self._ours:
            self._timer.stop()


class Guard:
    """The guards of one window: ``lock`` is called when it is time. The demo is never locked by itself."""

    def __init__(self, window: QObject, lock: Callable[[], None]) -> None:
        self.idle, self.clipboard, self.sleep = IdleGuard(window), ClipboardGuard(window), SleepWatch(window)
        self._lock = lock
        self._watching = False
        self.idle.wanted.connect(lock)
        self.sleep.leaving.connect(self._left)

    def watch(self, session: "Session") -> None:
        """Begin to watch, after as many minutes as the vault's setting says; the demo is never locked."""
        minutes = session.setting(LOCK_AFTER)
        self._watching = not session.is_demo
        if self._watching:
            self.idle.watch(MINUTES if minutes is None else int(minutes))
        else:
            self.idle.rest()

    def rest(self) -> None:
        """The vault closes: watch no more, and leave nothing on the clipboard."""
        self.idle.rest()
        self.clipboard.forget()
        self._watching = False

    def _left(self) -> None:
        if self._watching:
            self._lock()
