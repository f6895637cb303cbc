# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of a finished letter, drawn by the reader from the very bytes that would be signed."""

import hashlib

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from imr_desktop.models.records import PageRef, PageSize
from imr_desktop.records import Draw, Drawn, Failed, Measure, Measured
from imr_desktop.ui.means import Means
from imr_desktop.ui.record import ReaderBridge

_MARGIN = 18
_DOTS_A_POINT = 96 / 72


class LetterPages(QScrollArea):
    """A letter as pages under one another, as wide as there is room for, up to its true size.

    ``pressed`` tells where a page was clicked: its number from 0, and points from its left and upper edge.
    """

    shown = Signal(int)
    failed = Signal(str)
    pressed = Signal(int, float, float)

    def __init__(self, means: Means) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setProperty("box", "desk")
        self.setAccessibleName("Pages of the letter")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pdf = b""
        self._digest = ""
        self._bridge = ReaderBridge(lambda answered: means.reader(self._bytes, answered), self)
        self._bridge.answered.connect(self._take)
        self._asked: dict[int, int] = {}
        self._measuring = -1
        self._sizes: tuple[PageSize, ...] = ()
        self._sheets: list[QLabel] = []
        self._ground = QWidget()
        self._ground.setProperty("box", "desk")
        self._column = QVBoxLayout(self._ground)
        self._column.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        self._column.setSpacing(_MARGIN)
        self.setWidget(self._ground)

    @property
    def page_count(self) -> int:
        """How many pages the letter shown has."""
        return len(self._sizes)

    @property
    def drawn(self) -> int:
        """How many of them have been drawn."""
        return sum(not sheet.pixmap().isNull() for sheet in self._sheets)

    def show_pdf(self, pdf: bytes) -> None:
        """Show this letter in place of what was there, at the same height."""
        digest = hashlib.sha256(pdf).hexdigest()
        if digest != self._digest:
            self._forget_all()
            self._pdf, self._digest = pdf, digest
            self._measuring = self._bridge.send(Measure(digest))

    def close_pages(self) -> None:
        """Stop drawing and let the letter's bytes go."""
        self._forget_all()
        self._bridge.close()
        self._pdf = b""

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw anew for the new width."""
        super().resizeEvent(event)
        self._draw()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click on a page tells where."""
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonRelease:
            page = next((number for number, sheet in enumerate(self._sheets) if sheet is watched), None)
            if page is not None and page < len(self._sizes) and event.button() is Qt.MouseButton.LeftButton:
                at = event.position() / self._scale(self._sizes[page])
                self.pressed.emit(page, at.x(), at.y())
        return super().eventFilter(watched, event)

    def _bytes(self, digest: str) -> bytes:
        # The reader asks for the file by its digest; a letter that has been replaced is not there any more.
        return self._pdf if digest == self._digest else b""

    def _forget_all(self) -> None:
        for number in self._asked:
            self._bridge.forget(number)
        self._asked.clear()

    def _take(self, number: int, answer: object) -> None:
        if number == self._measuring:
            self._measured(answer)
            return
        page = self._asked.pop(number, None)
        if page is None or page >= len(self._sheets):
            return
        if isinstance(answer, Drawn):
            self._place(page, answer)
        elif isinstance(answer, Failed):
            self.failed.emit(f"{answer.happened} {answer.advice}")

    def _measured(self, answer: object) -> None:
        if isinstance(answer, Failed):
            self.failed.emit(f"{answer.happened} {answer.advice}")
        if not isinstance(answer, Measured) or answer.source != self._digest:
            return
        self._sizes = answer.sizes
        while len(self._sheets) > len(self._sizes):
            self._sheets.pop().deleteLater()
        while len(self._sheets) < len(self._sizes):
            sheet = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
            sheet.setCursor(Qt.CursorShape.PointingHandCursor)
            sheet.setToolTip("Click a line to go to where it is written")
            sheet.installEventFilter(self)
            self._sheets.append(sheet)
            self._column.addWidget(sheet, 0, Qt.AlignmentFlag.AlignHCenter)
        for number, sheet in enumerate(self._sheets, 1):
            sheet.setAccessibleName(f"Page {number} of {len(self._sheets)}")
        self._draw()
        self.shown.emit(len(self._sizes))

    def _draw(self) -> None:
        self._forget_all()
        for page, size in enumerate(self._sizes):
            scale = self._scale(size)
            self._sheets[page].setFixedSize(round(size.width * scale), round(size.height * scale))
            request = Draw(PageRef(self._digest, page), scale * self.devicePixelRatioF())
            self._asked[self._bridge.send(request)] = page

    def _scale(self, size: PageSize) -> float:
        room = self.viewport().width() - 2 * _MARGIN
        return max(0.3, min(room / size.width, _DOTS_A_POINT * 1.25))

    def _place(self, page: int, drawn: Drawn) -> None:
        image = QImage(drawn.pixels, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGB32).copy()
        picture = QPixmap.fromImage(image)
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        self._sheets[page].setPixmap(picture)
