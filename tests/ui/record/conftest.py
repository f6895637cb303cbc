# SPDX-License-Identifier: AGPL-3.0-or-later
"""A synthetic record, a reader that answers without any PDF, and a hand that drags over words."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QObject, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.records import (
    Box,
    Document,
    DocumentType,
    PageRef,
    PageSize,
    PageSpan,
    PageWords,
    SourceFile,
    Word,
    WordsOrigin,
)
from imr_desktop.records.protocol import Draw, Drawn, Failed, ReadWords, WordsRead
from imr_desktop.storage import CaseStore, Vault
from imr_desktop.storage.page_index import PageReading, Stage
from imr_desktop.ui.record import RecordPane
from imr_desktop.ui.record.turning import turn_box
from tests.kit.vaults import TINY

LETTER, LEGAL, PHOTO = PageSize(612, 792), PageSize(612, 1008), PageSize(432, 288)
FIRST = SourceFile("a" * 64, "application.pdf", 1000, 1, (LETTER,) * 4)
SECOND = SourceFile("b" * 64, "records.pdf", 2000, 5, (LETTER, LEGAL, PHOTO, *(LETTER,) * 13))
DOCUMENTS = (
    Document("d1", DocumentType.APPLICATION, "Application", pages=(PageSpan(FIRST.sha256, FIRST.name, 0, 3),)),
    Document(
        "d2", DocumentType.PROGRESS_REPORT, "PR-2", "Treating Physician A", date=date(2014, 7, 1),
        pages=(PageSpan(SECOND.sha256, SECOND.name, 3, 6),),
    ),
)  # fmt: skip
TEXT = (
    "Range of motion restricted in lumbar",
    "flexion to forty degrees. Straight leg",
    "raise positive on the left. The treat-",
    "ment was Norco 10/325 every six hours.",
)
PITCH, LEFT, TOP, LETTER_WIDTH, HEIGHT = 20.0, 72.0, 72.0, 7.0, 12.0
INK = QColor("#303030")


def words_of_page(number: int) -> tuple[Word, ...]:
    """Three blocks of four lines, the first word being the page's number."""
    words = []
    for block in range(3):
        for line, text in enumerate(TEXT):
            x, y = LEFT, TOP + (block * 5 + line) * PITCH
            for told in (f"Page{number} {text}" if block == line == 0 else text).split():
                words.append(Word(told, Box(x, y, x + LETTER_WIDTH * len(told), y + HEIGHT), block, line))
                x += LETTER_WIDTH * (len(told) + 1)
    return tuple(words)


class FakeReader(QObject):
    """Answers from the event loop; ``held`` keeps answers back; pages may fail, or have no words."""

    answered = Signal(int, object)

    def __init__(self, *sources: SourceFile) -> None:
        super().__init__()
        pages = [page for source in sources for page in source.pages()]
        self.numbers = {page.ref: page.case_page for page in pages}
        self.sizes = {page.ref: page.size for page in pages}
        self.asked: list[Any] = []  # a test may clear it
        self.requests: list[Any] = []
        self.forgotten: list[int] = []
        self.failing: set[PageRef] = set()
        self.scans: set[PageRef] = set()
        self.waiting: list[int] = []
        self.held = False

    def send(self, request: Any) -> int:
        self.asked.append(request)
        number = len(self.requests)
        self.requests.append(request)
        self.waiting.append(number)
        if not self.held:
            QTimer.singleShot(0, self, self.answer_next)
        return number

    def forget(self, number: int) -> None:
        self.forgotten.append(number)

    def answer_next(self) -> None:
        if self.waiting:
            number = self.waiting.pop(0)
            self.answered.emit(number, self.answer(self.requests[number]))

    def let_go(self) -> None:
        """Answer all that was held back, and from now on everything."""
        self.held = False
        while self.waiting:
            self.answer_next()

    def answer(self, request: Any) -> Any:
        if request.page in self.failing:
            return failed(request)
        if isinstance(request, ReadWords):
            scan = request.page in self.scans
            words = () if scan else words_of_page(self.numbers[request.page])
            origin = WordsOrigin.NONE if scan else WordsOrigin.DIGITAL
            return WordsRead(PageWords(request.page, self.sizes[request.page], words, origin))
        return self.draw(request)

    def draw(self, request: Draw) -> Drawn:
        """White paper on which every word is a dark box, turned clockwise as asked."""
        size = self.sizes[request.page]
        across, down = (size.height, size.width) if request.rotation % 180 else (size.width, size.height)
        part = turn_box(request.part or Box(0, 0, size.width, size.height), size, request.rotation)
        wide, high = round((part.x1 - part.x0) * request.scale), round((part.y1 - part.y0) * request.scale)
        picture = QImage(wide, high, QImage.Format.Format_RGB32)
        picture.fill(QColor("white"))
        painter = QPainter(picture)
        painter.scale(request.scale, request.scale)
        painter.translate(-part.x0, -part.y0)
        painter.translate(across / 2, down / 2)
        painter.rotate(request.rotation)
        painter.translate(-size.width / 2, -size.height / 2)
        for word in words_of_page(self.numbers[request.page]):
            x0, y0, x1, y1 = word.box
            painter.fillRect(QRectF(x0, y0, x1 - x0, y1 - y0), INK)
        painter.end()
        pixels = bytes(picture.constBits())
        measures = (picture.width(), picture.height(), picture.bytesPerLine())
        return Drawn(request.page, request.scale, request.rotation, *measures, pixels)


def failed(request: Any) -> Failed:
    """The answer for a page that cannot be had."""
    return Failed(request, "The page is damaged.", "Ask for the page to be sent again.")


class Clock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


class Driver:
    """Real mouse events on the pane, aimed at page points."""

    def __init__(self, pane: RecordPane) -> None:
        self.pane = pane
        self.viewport = pane.view.viewport()

    def at(self, place: int, x: float, y: float) -> QPoint:
        """Where a point of the upright page is seen in the viewport."""
        rect = self.pane.view.sheet(place).rect_of(Box(x, y, x, y))
        return QPoint(round(rect.x()), round(rect.y()))

    def word(self, place: int, number: int) -> QPoint:
        """The middle of a word."""
        box = words_of_page(self.pane.view.stage.page(place).case_page)[number].box
        return self.at(place, (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)

    def drag(
        self,
        start: QPoint,
        end: QPoint,
        keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        *,
        let_go: bool = True,
    ) -> None:
        """Press at start, move on in steps, and let go at the end."""
        QTest.mousePress(self.viewport, Qt.MouseButton.LeftButton, keys, start)
        for step in range(1, 6):
            QTest.mouseMove(self.viewport, start + (end - start) * step / 5)
        if let_go:
            QTest.mouseRelease(self.viewport, Qt.MouseButton.LeftButton, keys, end)

    def press(self, key: Qt.Key, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Press a key where the focus is."""
        QTest.keyClick(QApplication.focusWidget() or self.pane.view, key, keys)


@pytest.fixture
def reader(qapp: QApplication) -> FakeReader:
    return FakeReader(FIRST, SECOND)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CaseStore]:
    """A case with both files in the index, every page read but those that ``unread`` puts back."""
    with Vault.create(tmp_path / "vault", "a passphrase for tests", cost=TINY) as vault:
        made = vault.new_case(CaseHeader(), Imro(), LetterText())
        for page in (*FIRST.pages(), *SECOND.pages()):
            words = PageWords(page.ref, page.size, words_of_page(page.case_page), WordsOrigin.DIGITAL)
            made.pages.keep_read(words, PageReading(page.ref, page.case_page, Stage.READ))
        yield made


@pytest.fixture
def finder() -> Any:
    """What finds words; the tests that look for words give the index of ``store``."""
    return None


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pane(qtbot: QtBot, reader: FakeReader, clock: Clock, finder: Any) -> Iterator[RecordPane]:
    """The pane with both files, shown at 900 x 900, all that is visible drawn and read."""
    made = RecordPane(reader, now=clock, finder=finder)
    qtbot.addWidget(made)
    made.resize(900, 900)
    made.show_record((FIRST, SECOND), DOCUMENTS)
    made.show()
    qtbot.waitExposed(made)
    made.activateWindow()
    made.view.setFocus()
    settle(qtbot, made)
    yield made
    made.seeking.finding.stop()
    made.terming.lighting.stop()
    made.hide()


def settle(qtbot: QtBot, pane: RecordPane) -> None:
    """Wait until pictures and words of all that is visible are there."""

    def there() -> bool:
        view = pane.view
        return all(
            view.words_at(place) is not None
            and (view.loader.failure(view.stage.page(place).ref) is not None or is_sharp(pane, place))
            for place in view.stage.layout.visible(view.scrolled()[1])
            # What is folded away is neither drawn nor read, unless it was before.
            if not view.stage.layout.is_folded(place)
        )

    qtbot.waitUntil(there, timeout=20_000)


def is_sharp(pane: RecordPane, place: int) -> bool:
    """Whether the picture for exactly this size and turn is there."""
    from imr_desktop.ui.record.wanting import draw_key

    view = pane.view
    return view.loader.picture(draw_key(view.stage, place, view.devicePixelRatioF())) is not None


@pytest.fixture
def driver(pane: RecordPane) -> Driver:
    return Driver(pane)


@pytest.fixture
def settled(qtbot: QtBot, pane: RecordPane) -> Any:
    """Call it to wait until everything visible is drawn and read."""
    return lambda: settle(qtbot, pane)
