# SPDX-License-Identifier: AGPL-3.0-or-later
"""The bar that offers, half a second after a selection has settled, what can be done with it."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPoint, QRectF, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from imr_desktop.ui.flow import Flow

_DISTANCE = 8


class SelectionBar(QFrame):
    """Buttons beside the selection, in as many rows as the window needs; it takes no focus from the page.

    It never stands over the selection where there is room elsewhere.
    """

    def __init__(
        self, offers: Sequence[tuple[str, Callable[[], object]]], parent: QWidget, delay_ms: int = 500
    ) -> None:
        super().__init__(parent)
        self.setProperty("box", "card")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setAccessibleName("With the selected words")
        row = QHBoxLayout(self)
        row.setContentsMargins(5, 5, 5, 5)
        buttons = Flow(spacing=4)
        row.addLayout(buttons)
        for text, act in offers:
            button = QPushButton(text)
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            button.setAccessibleName(text)
            button.clicked.connect(lambda _=False, act=act: act())
            buttons.addWidget(button)
        self._area: Callable[[], QRectF] = QRectF
        self._timer = QTimer(self, singleShot=True, interval=delay_ms)
        self._timer.timeout.connect(self._appear)
        self.hide()

    def offer(self, area: Callable[[], QRectF]) -> None:
        """Appear beside ``area()`` (in the parent's coordinates) once the selection has settled."""
        self._area = area
        self._timer.start()

    def withdraw(self) -> None:
        """Disappear, and do not come."""
        self._timer.stop()
        self.hide()

    def follow(self) -> None:
        """The selection has moved with the page; go with it, or away if it is no longer on screen."""
        if self.isVisible():
            self._appear()

    def _appear(self) -> None:
        area, parent = self._area(), self.parentWidget()
        if area.isEmpty() or parent is None:
            self.hide()
            return
        wide = min(self.sizeHint().width(), parent.width() - 8)
        self.resize(wide, self.heightForWidth(wide))
        x = min(max(round(area.center().x() - self.width() / 2), 4), max(parent.width() - self.width() - 4, 4))
        below, above = round(area.bottom()) + _DISTANCE, round(area.top()) - self.height() - _DISTANCE
        if below + self.height() <= parent.height() - 4:
            y = below
        else:
            y = above if above >= 4 else parent.height() - self.height() - 4
        self.move(QPoint(x, y))
        self.show()
        self.raise_()
