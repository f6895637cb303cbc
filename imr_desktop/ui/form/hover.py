# SPDX-License-Identifier: AGPL-3.0-or-later
"""Waiting for the pointer to stay over a chip, for a shorter time than a tool tip of Qt waits."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QTimer
from PySide6.QtWidgets import QToolTip

HOVER_MS = 120


class Hover(QObject):
    """Shows a chip, by its position in the text, when the pointer has been over it for a moment; once a visit."""

    def __init__(self, parent: QObject, show: Callable[[int, QPoint], None]) -> None:
        super().__init__(parent)
        self._show = show
        self._over: int | None = None
        self._where = QPoint()
        self._wait = QTimer(self, singleShot=True, interval=HOVER_MS)
        self._wait.timeout.connect(self._stayed)

    def move(self, over: int | None, where: QPoint) -> None:
        """The pointer is over this chip, or over none, at this point of the screen."""
        self._where = where
        if over == self._over:
            return
        if self._over is not None:
            QToolTip.hideText()
        self._over = over
        self.stop() if over is None else self._wait.start()

    def stop(self) -> None:
        """Show nothing on this visit any more."""
        self._wait.stop()

    def _stayed(self) -> None:
        if self._over is not None:
            self._show(self._over, self._where)
