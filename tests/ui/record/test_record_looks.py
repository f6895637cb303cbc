# SPDX-License-Identifier: AGPL-3.0-or-later
"""How pages look: one at a time, side by side, trimmed, dark or sepia, cleaned, folded; all of it only on screen."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imr_desktop.models.records import Box, PageRef, PageSize, Word
from imr_desktop.ui.record import PageFact, RecordPane, ShortMemory
from imr_desktop.ui.record.colours import PageColours, Tone, darkened, without_specks
from imr_desktop.ui.record.layout import FOLD, GAP, Fit, Flow, Layout, Shape, View, Zoom
from imr_desktop.ui.record.photos import coloured_areas
from tests.ui.record import conftest as record

pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support")
FIRST, SECOND = "a" * 64, "b" * 64
LETTER = PageSize(612, 792)
VIEW = View(900, 700)
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_two_pages_never_join_two_files() -> None:
    layout = Layout([LETTER] * 8, Shape(VIEW, Zoom(Fit.PAGE), Flow.TWO, starts=frozenset({0, 3})))
    assert [list(row) for row in layout.rows] == [[0, 1], [2], [3, 4], [5, 6], [7]]
    assert layout.left(1) - (layout.left(0) + layout.widths[0]) == pytest.approx(GAP)
    assert layout.tops[0] == layout.tops[1]


def test_two_pages_fit_the_width_together() -> None:
    layout = Layout([LETTER] * 4, Shape(VIEW, Zoom(Fit.WIDTH), Flow.TWO))
    assert layout.left(0) == pytest.approx(GAP)
    assert layout.left(1) + layout.widths[1] == pytest.approx(VIEW.width - GAP)


def test_a_point_beside_the_middle_means_the_page_on_that_side() -> None:
    layout = Layout([LETTER] * 4, Shape(VIEW, Zoom(Fit.WIDTH), Flow.TWO))
    assert layout.at(layout.tops[2] + 5, 100) == 2
    assert layout.at(layout.tops[2] + 5, 800) == 3


def test_one_page_is_alone_and_left_only_from_its_edge() -> None:
    layout = Layout([LETTER] * 4, Shape(VIEW, Zoom(Fit.WIDTH), Flow.ONE))
    first, after = layout.row_tops[1], layout.row_tops[2]
    assert list(layout.visible(first)) == [1]
    assert layout.settled(after - 100, first) == after - VIEW.height
    assert layout.settled(after - 100, after - VIEW.height) == after
    assert layout.settled(first - 100, first + 300) == first
    assert layout.settled(first - 100, first) == first - VIEW.height
    assert layout.settled(layout.row_tops[3] + 50, 0.0) == layout.row_tops[3], "a long way by the scroll bar"


def test_folded_pages_take_one_strip_and_keep_their_places() -> None:
    layout = Layout([LETTER] * 6, Shape(VIEW, Zoom(Fit.WIDTH), folded={2, 3, 4}))
    assert layout.tops[5] - layout.tops[2] == pytest.approx(FOLD + GAP)
    assert list(layout.fold_at(3)) == [2, 3, 4]
    assert layout.on_screen(3, 0, layout.tops[3] - 5) is None


def test_what_is_cut_off_a_page_does_not_move_its_words() -> None:
    crop = Box(60, 50, 560, 750)
    layout = Layout([LETTER], Shape(VIEW, Zoom(Fit.WIDTH), crops={0: crop}))
    assert layout.widths[0] == pytest.approx(VIEW.width - 2 * GAP)
    assert layout.from_points(0, 60, 50) == pytest.approx((layout.left(0), layout.tops[0]))
    assert layout.to_points(0, *layout.from_points(0, 100, 200)) == pytest.approx((100, 200))


@pytest.mark.parametrize(("key", "flow"), [(Qt.Key.Key_5, Flow.ONE), (Qt.Key.Key_6, Flow.TWO)])
def test_a_key_changes_the_flow_and_keeps_the_page(pane: RecordPane, driver: Any, key: Qt.Key, flow: Flow) -> None:
    pane.going.go_to_place(6)
    pane.view.acted()
    driver.press(key, CONTROL)
    assert pane.view.stage.flow is flow
    assert 6 in pane.view.stage.layout.visible(pane.view.scrolled()[1])
    driver.press(Qt.Key.Key_4, CONTROL)
    assert pane.view.stage.flow is Flow.CONTINUOUS
    assert pane.view.current_place() in (5, 6, 7)


@pytest.mark.parametrize("flow", [Flow.ONE, Flow.TWO])
def test_words_can_be_taken_in_every_flow(pane: RecordPane, driver: Any, settled: Any, flow: Flow) -> None:
    pane.looks.set_flow(flow)
    pane.going.fit_page()
    pane.going.go_to_place(1)
    settled()
    driver.drag(driver.word(1, 1), driver.word(1, 4))
    kept = pane.selection()
    assert kept is not None
    assert kept.text == "Range of motion restricted"
    assert kept.start == PageRef(FIRST, 1)


def test_paging_down_visits_every_page_alone(pane: RecordPane, driver: Any) -> None:
    pane.looks.set_flow(Flow.ONE)
    pane.going.fit_page()
    pane.going.go_to_place(0)
    visited = []
    for _ in range(len(pane.view.stage)):
        visited.append(pane.view.current_place())
        pane.view.acted()
        driver.press(Qt.Key.Key_PageDown)
    assert visited == list(range(len(pane.view.stage)))


def test_trimming_shows_the_words_as_wide_as_the_pane(pane: RecordPane, driver: Any, qtbot: QtBot) -> None:
    whole = pane.view.stage.layout.scales[0]
    driver.press(Qt.Key.Key_7, CONTROL)
    qtbot.waitUntil(lambda: pane.view.stage.layout.scales[0] > whole * 1.2)
    box = pane.view.words_at(0)[0].box  # type: ignore[index]
    rect = pane.view.sheet(0).rect_of(box)
    assert pane.view.sheet(0).clip.contains(rect)
    driver.press(Qt.Key.Key_7, CONTROL)
    assert pane.view.stage.layout.scales[0] == pytest.approx(whole)


def test_trimming_cuts_the_line_of_the_fax_machine_off(
    pane: RecordPane, driver: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = record.words_of_page
    line = "FROM: CLINIC TO: 5105551234 P.3/12"

    def faxed(number: int) -> tuple[Word, ...]:
        edge = [Word(text, Box(40 + 90 * at, 8, 110 + 90 * at, 20), 9, 0) for at, text in enumerate(line.split())]
        title = Word("Addendum", Box(72, 760, 140, 772), 8, 0)
        return (*written(number), title, *(edge if number == 17 else ()))

    monkeypatch.setattr(record, "words_of_page", faxed)
    ref = PageRef(SECOND, 12)
    pane.go_to(ref)
    qtbot.waitUntil(lambda: "P.3/12" in [word.text for word in pane.view.words_at(16) or ()])
    driver.press(Qt.Key.Key_7, CONTROL)
    qtbot.waitUntil(lambda: ref in pane.view.stage.crops)
    crop = pane.view.stage.crops[ref]
    assert crop.y0 > 20
    assert crop.y0 < record.TOP
    assert crop.y1 > 772


def ink_at(pane: RecordPane, point: QPoint) -> QColor:
    return pane.view.viewport().grab().toImage().pixelColor(point)


@pytest.mark.parametrize(
    ("tone", "paper", "ink"),
    [
        (Tone.NORMAL, "#ffffff", "#303030"),
        (Tone.SEPIA, "#f3e6cc", None),
        (Tone.INVERTED, "#000000", "#cfcfcf"),
        (Tone.INVERTED_ALL, "#000000", "#cfcfcf"),
    ],
)
def test_paper_has_the_colour_that_was_chosen(
    pane: RecordPane, settled: Any, tone: Tone, paper: str, ink: str | None
) -> None:
    settled()
    before = pane.loader.cache.size
    pane.looks.set_tone(tone)
    sheet = pane.view.sheet(0)
    word = pane.view.words_at(0)[0].box  # type: ignore[index]
    assert ink_at(pane, sheet.rect_of(Box(20, 20, 21, 21)).center().toPoint()).name() == paper
    if ink is not None:
        assert ink_at(pane, sheet.rect_of(word).center().toPoint()).name() == ink
    assert pane.loader.cache.size == before, "what was drawn is not touched"


def test_evidence_stays_readable_on_dark_paper(pane: RecordPane, driver: Any, settled: Any) -> None:
    settled()
    pane.looks.set_tone(Tone.INVERTED)
    driver.drag(driver.word(0, 1), driver.word(0, 4))
    rect = pane.view.sheet(0).rect_of(pane.view.words_at(0)[2].box)  # type: ignore[index]
    ink, paper = ink_at(pane, rect.center().toPoint()), ink_at(pane, rect.topLeft().toPoint() - QPoint(1, 0))
    assert ink.lightness() - paper.lightness() > 60


def drawn(paint: Any, colour: str = "white") -> QImage:
    made = QImage(480, 640, QImage.Format.Format_RGB32)
    made.fill(QColor(colour))
    painter = QPainter(made)
    paint(painter)
    painter.end()
    return made


def test_faint_ink_becomes_dark_and_grey_paper_white() -> None:
    faint = drawn(lambda painter: painter.fillRect(10, 10, 50, 50, QColor("#a0a0a0")), "#f2f2f2")
    clear = darkened(faint, 2)
    assert clear.pixelColor(30, 30).lightness() < 120
    assert clear.pixelColor(200, 200).lightness() > 245
    assert faint.pixelColor(30, 30).name() == "#a0a0a0"


def test_lone_specks_go_and_writing_stays() -> None:
    def paint(painter: QPainter) -> None:
        for line in range(6):
            for word in range(8):
                for stroke in range(6):
                    painter.fillRect(40 + word * 48 + stroke * 6, 100 + line * 20, 2, 11, QColor("black"))
        painter.fillRect(200, 500, 2, 2, QColor("black"))

    page = drawn(paint)
    clean = without_specks(page)
    assert clean.pixelColor(200, 500).name() == "#ffffff"
    assert all(clean.pixelColor(41 + word * 48, 105).name() == "#000000" for word in range(8))


def test_pictures_in_colour_are_found_and_stamps_are_not() -> None:
    page = drawn(lambda painter: painter.fillRect(100, 300, 200, 150, QColor("#3a8fd0")))
    (found,) = coloured_areas(page)
    assert found.x0 * 480 == pytest.approx(100, abs=12)
    assert found.y1 * 640 == pytest.approx(450, abs=16)
    assert coloured_areas(drawn(lambda painter: painter.fillRect(50, 50, 20, 20, QColor("red")))) == ()


def test_blank_and_repeated_pages_fold_with_a_count_and_open_with_a_key(
    pane: RecordPane, driver: Any, settled: Any
) -> None:
    blank, copy = PageRef(FIRST, 2), PageRef(FIRST, 3)
    pane.show_page_facts({blank: PageFact(blank=True), copy: PageFact(copy_of=PageRef(FIRST, 0))})
    pane.acts["fold_repeats"]()
    assert pane.view.stage.folded == {blank, copy}
    assert pane.coverage.fold_words([blank, copy]).startswith("1 blank and 1 repeated pages folded")
    assert [page.case_page for page in pane.view.stage.run.pages] == list(range(1, 21)), "nothing is renumbered"
    pane.going.go_to_place(1)
    pane.view.acted()
    pane.view.scroll_by(0, pane.view.stage.layout.heights[1])
    settled()
    driver.press(Qt.Key.Key_O)
    assert pane.view.stage.folded == frozenset()


def test_a_jump_into_a_fold_opens_it(pane: RecordPane) -> None:
    ref = PageRef(FIRST, 2)
    pane.show_page_facts({ref: PageFact(blank=True)})
    pane.looks.toggle_folds()
    pane.go_to(ref)
    assert ref not in pane.view.stage.folded
    assert pane.view.current is not None
    assert pane.view.current.ref == ref


def test_looks_come_back(pane: RecordPane, reader: Any, qtbot: QtBot, clock: Any) -> None:
    pane.looks.set_flow(Flow.TWO)
    pane.looks.set_tone(Tone.SEPIA)
    pane.looks.set_contrast(2)
    again = RecordPane(reader, now=clock)
    qtbot.addWidget(again)
    again.restore(pane.state())
    assert again.view.stage.flow is Flow.TWO
    assert again.view.colours == PageColours(Tone.SEPIA, 2)


def test_turns_and_looks_are_kept_by_the_memory(reader: Any, qtbot: QtBot, pane: RecordPane) -> None:
    memory = ShortMemory()
    first = RecordPane(reader, memory=memory)
    qtbot.addWidget(first)
    first.show_record(pane.view.stage.run.sources, ())
    first.going.turn(90)
    first.looks.set_tone(Tone.SEPIA)
    second = RecordPane(reader, memory=memory)
    qtbot.addWidget(second)
    second.show_record(pane.view.stage.run.sources, ())
    assert second.view.stage.rotation(0) == 90
    assert second.view.colours.tone is Tone.SEPIA


def test_the_zoom_field_takes_a_number(pane: RecordPane, driver: Any) -> None:
    pane.tools.percent.setFocus()
    pane.tools.percent.setText("150 %")
    QTest.keyClick(pane.tools.percent, Qt.Key.Key_Return)
    assert pane.view.stage.percent(0) == pytest.approx(150, abs=0.5)
    assert QApplication.focusWidget() is pane.view


def wheel(pane: RecordPane, delta: QPoint, keys: Qt.KeyboardModifier, at: QPointF) -> None:
    event = QWheelEvent(
        at, pane.view.viewport().mapToGlobal(at), QPoint(), delta, Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(pane.view.viewport(), event)


def test_the_wheel_zooms_about_the_pointer(pane: RecordPane) -> None:
    at = QPointF(300, 400)
    point = pane.view.stage.point_at(at.x(), at.y())
    wheel(pane, QPoint(0, 120), CONTROL, at)
    left, top = pane.view.scrolled()
    there = pane.view.stage.point_at(at.x() + left, at.y() + top)
    assert point is not None
    assert there is not None
    assert (there.x, there.y) == pytest.approx((point.x, point.y), abs=2)


def test_the_middle_button_pulls_the_page_and_a_throw_runs_on(pane: RecordPane, qtbot: QtBot) -> None:
    port = pane.view.viewport()
    QTest.mousePress(port, Qt.MouseButton.MiddleButton, pos=QPoint(400, 600))
    for y in range(590, 400, -20):
        QTest.qWait(8)
        QTest.mouseMove(port, QPoint(400, y))
    held = pane.view.scrolled()[1]
    assert held == pytest.approx(190, abs=15)
    QTest.mouseRelease(port, Qt.MouseButton.MiddleButton, pos=QPoint(400, 410))
    qtbot.waitUntil(lambda: pane.view.scrolled()[1] > held + 100)
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))
    assert not pane.view.motion.flinging, "a press stops it"
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=QPoint(10, 10))


def test_space_held_grabs_and_space_let_go_pages_on(pane: RecordPane) -> None:
    port = pane.view.viewport()
    QTest.keyPress(pane.view, Qt.Key.Key_Space)
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=QPoint(400, 600))
    QTest.mouseMove(port, QPoint(400, 500))
    assert pane.view.motion.grabbing
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=QPoint(400, 500))
    moved = pane.view.scrolled()[1]
    QTest.keyRelease(pane.view, Qt.Key.Key_Space)
    assert pane.view.scrolled()[1] == pytest.approx(moved, abs=40), "grabbing was meant, not the next screen"
    assert pane.view.hand.chosen is None
    pane.view.motion.stop()
    QTest.keyClick(pane.view, Qt.Key.Key_Space)
    assert pane.view.scrolled()[1] > moved + 300


def test_a_sideways_scan_stands_upright_and_a_turn_by_hand_wins(pane: RecordPane) -> None:
    sideways = PageRef(SECOND, 3)
    pane.show_page_facts({sideways: PageFact(turn=270)})
    assert pane.view.stage.rotations == {sideways: 270}
    assert pane.shared.memory.turns() == {}, "what the machine found is not the reviewer's"
    pane.view.turn([sideways], 90)
    assert pane.view.stage.rotations == {}
    pane.show_page_facts({sideways: PageFact(turn=270)})
    assert pane.view.stage.rotations == {}, "the reviewer's own turn stands"
