# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pages of a finished letter, drawn by the reader from the very bytes that would be signed."""

import hashlib
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from imr_desktop.models.places import PrintedAt
from imr_desktop.models.records import PageRef, PageSize
from imr_desktop.records import Draw, Drawn, Failed, Measure, Measured
from imr_desktop.ui.means import Means
from imr_desktop.ui.record import ReaderBridge

_MARGIN = 18
_DOTS_A_POINT = 96 / 72
# Where marks stand on a page, in points from its left edge: a bar in the margin, a tint over the text.
_BAR_AT, _BAR = 54.0, 4.0
_TEXT_FROM, _TEXT_TO = 68.0, 544.0
_CHANGED, _LIT = QColor(0xB4, 0x53, 0x09), QColor(0x25, 0x63, 0xEB, 46)


class Sheet(QLabel):
    """One page; bars in its margin mark changed lines, and the lines that are pointed out lie under a tint."""

    def __init__(self) -> None:
        super().__init__(alignment=Qt.AlignmentFlag.AlignCenter)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip("Click a line to go to where it is written")
        self._scale = 1.0
        self._changed: list[PrintedAt] = []
        self._lit: list[PrintedAt] = []

    def mark(self, changed: list[PrintedAt], lit: list[PrintedAt], scale: float) -> None:
        """Mark these lines of this page, of which a point is ``scale`` pixels of the window."""
        self._changed, self._lit, self._scale = changed, lit, scale
        told = " ".join(line.text.strip() for line in changed)
        self.setAccessibleDescription(f"Changed since the last look: {told}" if told else "")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The page, then the marks over it; it is white in every theme, and so are their colours the same."""
        super().paintEvent(event)
        painter = QPainter(self)
        for line in self._lit:
            painter.fillRect(self._over(line, _TEXT_FROM, _TEXT_TO), _LIT)
        for line in self._changed:
            painter.fillRect(self._over(line, _BAR_AT, _BAR_AT + _BAR), _CHANGED)
        painter.end()

    def _over(self, line: PrintedAt, left: float, right: float) -> QRectF:
        scale = self._scale
        return QRectF(left * scale, line.top * scale, (right - left) * scale, (line.bottom - line.top) * scale)


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
        self._sheets: list[Sheet] = []
        self._changed: Sequence[PrintedAt] = ()
        self._lit: Sequence[PrintedAt] = ()
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

    @property
    def settled(self) -> bool:
        """Whether the letter given last is the one that is shown."""
        return bool(self._sizes) and self._measuring == -1

    def mark(self, changed: Sequence[PrintedAt], lit: Sequence[PrintedAt]) -> None:
        """Mark the lines that changed, and those that are pointed out; lines of the letter that is shown."""
        self._changed, self._lit = changed, lit
        for page, sheet in enumerate(self._sheets):
            here = [each for each in changed if each.page == page]
            sheet.mark(here, [each for each in lit if each.page == page], self._scale(self._sizes[page]))

    def bring(self, line: PrintedAt) -> None:
        """Bring a line into view; what is in view already does not move."""
        if line.page < len(self._sheets):
            sheet, scale = self._sheets[line.page], self._scale(self._sizes[line.page])
            at = sheet.mapTo(self._ground, QPoint(0, round((line.top + line.bottom) / 2 * scale)))
            self.ensureVisible(0, at.y(), 0, self.viewport().height() // 4)

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
        self._measuring = -1
        while len(self._sheets) > len(self._sizes):
            self._sheets.pop().deleteLater()
        while len(self._sheets) < len(self._sizes):
            sheet = Sheet()
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
        self.mark(self._changed, self._lit)

    def _scale(self, size: PageSize) -> float:
        room = self.viewport().width() - 2 * _MARGIN
        return max(0.3, min(room / size.width, _DOTS_A_POINT * 1.25))

    def _place(self, page: int, drawn: Drawn) -> None:
        image = QImage(drawn.pixels, drawn.width, drawn.height, drawn.stride, QImage.Format.Format_RGB32).copy()
        picture = QPixmap.fromImage(image)
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        self._sheets[page].setPixmap(picture)
