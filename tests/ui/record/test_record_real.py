# SPDX-License-Identifier: AGPL-3.0-or-later
"""The pane over the real reader: a PDF is drawn in its child process, and words on the screen are words of the file."""

import hashlib
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPoint, Qt
from PySide6.QtGui import QFont, QPageSize, QPainter, QPdfWriter
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imr_desktop.models.records import PageRef, SourceFile
from imr_desktop.records import Measure, Measured, Reader
from imr_desktop.ui.record import ReaderBridge, RecordPane
from imr_desktop.ui.record.painting import PAPER

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support")
LINES = ("Lumbar motion measured forty degrees.", "Straight leg raise is positive on the left.")


@pytest.fixture(scope="module")
def pdf(qapp: Any) -> bytes:
    """Three pages with two lines each."""
    kept = QByteArray()
    device = QBuffer(kept)
    device.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(device)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.Letter))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    writer.setResolution(72)
    painter = QPainter(writer)
    painter.setFont(QFont("DejaVu Sans", 12))
    for number in range(3):
        if number:
            writer.newPage()
        for line, text in enumerate(LINES):
            painter.drawText(QPoint(72, 100 + 20 * line), text)
    painter.end()
    device.close()
    return bytes(kept.data())


@pytest.fixture
def real(qtbot: QtBot, pdf: bytes) -> Iterator[tuple[RecordPane, str]]:
    """The pane over two files: the PDF, and one that is none."""
    name, junk = hashlib.sha256(pdf).hexdigest(), hashlib.sha256(b"junk").hexdigest()
    files = {name: pdf, junk: b"This was never a PDF."}
    bridge = ReaderBridge(lambda answered: Reader(files.__getitem__, answered))
    with qtbot.waitSignal(bridge.answered, timeout=30_000) as told:
        bridge.send(Measure(name))
    assert told.args is not None
    measured = told.args[1]
    assert isinstance(measured, Measured)
    pane = RecordPane(bridge)
    qtbot.addWidget(pane)
    pane.resize(900, 900)
    sources = (
        SourceFile(name, "records.pdf", len(pdf), 1, measured.sizes),
        SourceFile(junk, "junk.pdf", 21, 4, measured.sizes[:1]),
    )
    pane.show_record(sources, ())
    pane.show()
    qtbot.waitExposed(pane)
    qtbot.waitUntil(lambda: bool(pane.view.words_at(0)), timeout=30_000)
    yield pane, junk
    bridge.close()


@pytest.mark.parametrize("turn", [0, 90])
def test_words_of_a_pdf_are_drawn_where_they_can_be_taken(
    real: tuple[RecordPane, str], qtbot: QtBot, turn: int
) -> None:
    pane, _ = real
    if turn:
        pane.going.turn(turn)
    words = pane.view.words_at(0)
    assert words
    assert " ".join(word.text for word in words) == " ".join(LINES)
    pane.go_to(pane.view.stage.page(0).ref, [word.box for word in words])
    pane.view.acted()
    qtbot.waitUntil(lambda: has_ink(pane, 0), timeout=10_000)
    for number in range(len(words)):
        assert has_ink(pane, number), f"nothing is drawn where {words[number].text} stands"
    start, end = (middle(pane, number) for number in (1, 7))
    QTest.mousePress(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(pane.view.viewport(), (start + end) / 2)
    QTest.mouseMove(pane.view.viewport(), end)
    QTest.mouseRelease(pane.view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    passage = pane.selection()
    assert passage is not None
    assert passage.text == "motion measured forty degrees.\nStraight leg raise"


def test_a_file_that_is_no_pdf_costs_its_page_only(real: tuple[RecordPane, str], qtbot: QtBot) -> None:
    pane, junk = real
    ref = PageRef(junk, 0)
    pane.go_to(ref)
    qtbot.waitUntil(lambda: pane.view.loader.failure(ref) is not None, timeout=10_000)
    failure = pane.view.loader.failure(ref)
    assert failure is not None
    assert failure.happened == "The file is not a PDF."
    pane.go_to(pane.view.stage.page(1).ref)
    qtbot.waitUntil(lambda: bool(pane.view.words_at(1)), timeout=10_000)


def middle(pane: RecordPane, number: int) -> QPoint:
    words = pane.view.words_at(0)
    assert words
    return pane.view.sheet(0).rect_of(words[number].box).center().toPoint()


def has_ink(pane: RecordPane, number: int) -> bool:
    """Whether something other than paper is drawn in the word's box."""
    words = pane.view.words_at(0)
    assert words
    rect = pane.view.sheet(0).rect_of(words[number].box).toAlignedRect()
    shown = pane.view.viewport().grab(rect).toImage()
    return any(
        shown.pixelColor(x, y).lightness() < PAPER.lightness() - 120
        for x in range(shown.width())
        for y in range(shown.height())
    )
