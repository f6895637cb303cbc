# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages on screen: never white once something is there, true geometry at any zoom, turn and position."""

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imr_desktop.models.records import Box, PageRef, PageSize, SourceFile
from imr_desktop.records.protocol import Draw
from imr_desktop.ui.record import RecordPane
from imr_desktop.ui.record.layout import GAP, PIXELS_PER_POINT, Fit, Flow, Zoom
from imr_desktop.ui.record.painting import PAPER
from tests.ui.record.conftest import FIRST as FIRST_FILE
from tests.ui.record.conftest import SECOND as SECOND_FILE

# The screenless platform of the tests says so whenever a window asks for a size or a place.
pytestmark = pytest.mark.qt_log_ignore("^This plugin does not support")

FIRST, SECOND = "a" * 64, "b" * 64
INK = QColor("#303030")
LAST_OF_FIRST = PageRef(FIRST, 3)


def seen_at(pane: RecordPane, point: QPoint) -> QColor:
    return grabbed(pane).pixelColor(point)


def grabbed(pane: RecordPane) -> QImage:
    return pane.view.viewport().grab().toImage()


def test_scrolling_over_the_end_of_a_file_reaches_the_next(pane: RecordPane, settled: Any, qtbot: QtBot) -> None:
    pane.go_to(LAST_OF_FIRST)
    assert pane.header.text().startswith("4 · application.pdf 4")
    pane.view.scroll_by(0, pane.view.stage.layout.heights[3])
    QTest.keyClick(pane.view, Qt.Key.Key_Down)
    settled()
    assert pane.header.text().startswith("5 · records.pdf 1")


def test_before_a_picture_is_there_a_paper_carries_its_number(pane: RecordPane, reader: Any) -> None:
    reader.held = True
    pane.go_to(PageRef(SECOND, 9))
    sheet = pane.view.sheet(13)
    shown = grabbed(pane).copy(sheet.rect.toRect().adjusted(8, 8, -8, -8))
    colours = {shown.pixelColor(x, y).name() for x in range(shown.width()) for y in range(0, shown.height(), 2)}
    assert PAPER.name() in colours
    assert len(colours) > 1


def test_a_stand_in_is_shown_while_the_right_picture_is_on_its_way(
    pane: RecordPane, reader: Any, driver: Any, settled: Any
) -> None:
    reader.held = True
    pane.going.zoom_in()
    box = first_word(pane)
    assert seen_at(pane, centre(pane, 0, box)).lightness() < 100, "the old picture, stretched"
    reader.let_go()
    settled()
    assert seen_at(pane, centre(pane, 0, box)) == INK


def first_word(pane: RecordPane) -> Box:
    words = pane.view.words_at(0)
    assert words
    return words[0].box


def centre(pane: RecordPane, place: int, box: Box) -> QPoint:
    return pane.view.sheet(place).rect_of(box).center().toPoint()


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("zoom", [Zoom(Fit.WIDTH), Zoom(Fit.PAGE), Zoom(Fit.ACTUAL), Zoom(Fit.UNIFORM, 1234)])
def test_words_stand_where_they_are_drawn(pane: RecordPane, settled: Any, zoom: Zoom, turn: int) -> None:
    ref = pane.view.stage.page(0).ref
    pane.view.set_zoom(zoom)
    pane.view.turn([ref], turn)
    words = pane.view.words_at(0)
    assert words
    box = words[4].box
    pane.go_to(ref, [box])
    pane.view.acted()
    settled()
    shown = grabbed(pane)
    rect = pane.view.sheet(0).rect_of(box)
    inside = [rect.topLeft() + QPointF(2, 2), rect.bottomRight() - QPointF(2, 2), rect.center()]
    outside = [rect.topLeft() - QPointF(2, 2), rect.bottomRight() + QPointF(2, 2)]
    assert [shown.pixelColor(point.toPoint()).lightness() < 120 for point in inside] == [True] * 3
    assert [shown.pixelColor(point.toPoint()) == PAPER for point in outside] == [True] * 2


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("zoom", [Zoom(Fit.WIDTH), Zoom(Fit.PAGE), Zoom(Fit.UNIFORM, 900)])
def test_a_drag_hits_the_same_words_at_any_zoom_and_turn(
    pane: RecordPane, driver: Any, settled: Any, zoom: Zoom, turn: int
) -> None:
    pane.view.set_zoom(zoom)
    pane.view.turn([pane.view.stage.page(0).ref], turn)
    words = pane.view.words_at(0)
    assert words
    pane.go_to(pane.view.stage.page(0).ref, [words[0].box.union(words[12].box)])
    settled()
    driver.drag(driver.word(0, 1), driver.word(0, 9))
    kept = pane.selection()
    assert kept is not None
    assert kept.text == "Range of motion restricted in lumbar\nflexion to forty"
    assert len(kept.parts[0].boxes) == 2


def test_each_key_gives_its_scale(pane: RecordPane, driver: Any) -> None:
    view = pane.view
    pane.resize(1300, 700)
    control = Qt.KeyboardModifier.ControlModifier
    driver.press(Qt.Key.Key_1, control)
    assert view.stage.layout.scales[0] == pytest.approx(PIXELS_PER_POINT)
    driver.press(Qt.Key.Key_2, control)
    assert view.stage.layout.widths[0] == pytest.approx(view.viewport().width() - 2 * GAP, abs=1)
    assert view.stage.layout.widths[6] == pytest.approx(view.viewport().width() - 2 * GAP, abs=1), "a photo is as wide"
    driver.press(Qt.Key.Key_0, control)
    assert view.stage.layout.heights[0] == pytest.approx(view.viewport().height() - 2 * GAP, abs=1)
    before = view.stage.layout.scales[0]
    driver.press(Qt.Key.Key_Plus, control)
    assert view.stage.layout.scales[0] > before
    assert view.stage.layout.widths[0] == pytest.approx(view.stage.layout.widths[6]), "zooming keeps one width for all"
    driver.press(Qt.Key.Key_Minus, control)
    driver.press(Qt.Key.Key_Minus, control)
    assert view.stage.layout.scales[0] < before


def test_fit_content_brings_the_words_to_the_edges(pane: RecordPane, driver: Any) -> None:
    driver.press(Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    words = pane.view.words_at(0)
    assert words
    sheet = pane.view.sheet(0)
    left = min(sheet.rect_of(word.box).left() for word in words)
    right = max(sheet.rect_of(word.box).right() for word in words)
    assert left == pytest.approx(GAP, abs=2)
    assert right == pytest.approx(pane.view.viewport().width() - GAP, abs=2)


def test_fit_content_of_two_pages_brings_the_words_of_both_into_view(
    pane: RecordPane, driver: Any, settled: Any
) -> None:
    pane.view.set_flow(Flow.TWO)
    settled()
    driver.press(Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    wide = pane.view.viewport().width()
    boxes = [pane.view.sheet(place).rect_of(word.box) for place in (0, 1) for word in pane.view.words_at(place) or ()]
    assert min(box.left() for box in boxes) == pytest.approx(GAP, abs=2)
    assert max(box.right() for box in boxes) == pytest.approx(wide - GAP, abs=2)


def test_fit_content_finds_the_ink_of_a_scan(pane: RecordPane, reader: Any, settled: Any) -> None:
    reader.scans.update(reader.sizes)
    ref = PageRef(SECOND, 9)
    pane.go_to(ref)
    settled()
    pane.going.fit_content()
    left = pane.view.sheet(13).rect_of(Box(72, 72, 100, 84)).left()
    assert left == pytest.approx(GAP, abs=12), "the words of all lines begin 72 points from the edge"


def test_ctrl_wheel_zooms_about_the_pointer(pane: RecordPane, settled: Any) -> None:
    pane.go_to(PageRef(SECOND, 9))
    where = QPointF(300, 400)
    before = point_under(pane, where)
    wheel(pane, where, 240, Qt.KeyboardModifier.ControlModifier)
    after = point_under(pane, where)
    scale = pane.view.stage.layout.scales[13]
    assert after[0] == before[0]
    assert abs(after[1] - before[1]) * scale <= 1.01
    assert abs(after[2] - before[2]) * scale <= 1.01


def point_under(pane: RecordPane, where: QPointF) -> Any:
    left, top = pane.view.scrolled()
    return pane.view.stage.point_at(where.x() + left, where.y() + top)


def wheel(pane: RecordPane, where: QPointF, delta: int, keys: Qt.KeyboardModifier) -> None:
    event = QWheelEvent(
        where, pane.view.viewport().mapToGlobal(where), QPoint(), QPoint(0, delta), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(pane.view.viewport(), event)


def test_resizing_keeps_the_line_being_read(pane: RecordPane) -> None:
    pane.view.show_spot(pane.view.stage.spot(0, pane.view.stage.layout.tops[9] + 333) or pytest.fail("no spot"))
    before = point_under(pane, QPointF(1, 0))
    pane.resize(700, 640)
    after = point_under(pane, QPointF(1, 0))
    assert after.place == before.place == 9
    assert after.y == pytest.approx(before.y, abs=3)


def test_a_jump_is_centred_and_its_target_marked_until_the_next_action(pane: RecordPane, settled: Any) -> None:
    box = Box(100, 600, 200, 612)
    pane.go_to(PageRef(SECOND, 11), [box])
    settled()
    middle = centre(pane, 15, box)
    assert middle.y() == pytest.approx(pane.view.viewport().height() / 2, abs=2)
    assert seen_at(pane, middle) != PAPER
    QTest.keyClick(pane.view, Qt.Key.Key_Down)
    assert seen_at(pane, centre(pane, 15, box)) == PAPER


def test_the_last_page_is_current_when_gone_to(pane: RecordPane) -> None:
    pane.view.set_zoom(Zoom(Fit.ACTUAL, 0.25))
    pane.go_to(PageRef(SECOND, 15))
    assert pane.view.current is not None
    assert pane.view.current.case_page == 20
    assert pane.tools.field.text() == "20"


def test_a_failed_page_shows_why(pane: RecordPane, reader: Any, qtbot: QtBot) -> None:
    ref = PageRef(SECOND, 9)
    reader.failing.add(ref)
    pane.go_to(ref)
    qtbot.waitUntil(lambda: pane.view.loader.failure(ref) is not None)
    failure = pane.view.loader.failure(ref)
    assert failure is not None
    assert (failure.happened, failure.advice) == ("The page is damaged.", "Ask for the page to be sent again.")
    shown = grabbed(pane)
    line = [shown.pixelColor(x, pane.view.sheet(13).rect.toRect().top() + 80) for x in range(shown.width())]
    assert any(colour == QColor("#8a5a00") for colour in line), "the card's edge"


def test_only_what_is_near_is_asked_for(pane: RecordPane, reader: Any, settled: Any) -> None:
    settled()
    reader.asked.clear()
    pane.go_to(PageRef(SECOND, 12))
    settled()
    drawn = [request.page for request in reader.asked if isinstance(request, Draw)]
    assert drawn[0] == PageRef(SECOND, 12)
    places = [pane.view.stage.run.place(ref) for ref in drawn]
    assert set(places) <= set(range(14, 20))


def test_a_hidden_pane_asks_for_nothing(pane: RecordPane, reader: Any, settled: Any) -> None:
    settled()
    pane.hide()
    reader.asked.clear()
    pane.go_to(PageRef(SECOND, 12))
    QApplication.processEvents()
    assert reader.asked == []


def test_pages_are_asked_for_in_device_pixels(
    pane: RecordPane, reader: Any, settled: Any, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    settled()
    monkeypatch.setattr(type(pane.view), "devicePixelRatioF", lambda _self: 2.0)
    reader.asked.clear()
    pane.view.scroll_by(0, 1)
    qtbot.waitUntil(lambda: any(isinstance(asked, Draw) and asked.scale > 0.5 for asked in reader.asked))
    scale = pane.view.stage.layout.scales[0]
    assert next(asked for asked in reader.asked if asked.scale > 0.5).scale == pytest.approx(2 * scale, abs=1e-4)


def test_a_poster_is_drawn_no_larger_than_twenty_million_pixels(qtbot: QtBot) -> None:
    from imr_desktop.ui.record.pages import PageRun
    from imr_desktop.ui.record.stage import Stage
    from imr_desktop.ui.record.wanting import draw_key

    stage = Stage()
    stage.arrange(run=PageRun((SourceFile("p", "p.pdf", 1, 1, (PageSize(14400, 14400),)),)), zoom=Zoom(Fit.ACTUAL, 4.0))
    key = draw_key(stage, 0, 2.0)
    assert (14400 * key.scale) ** 2 <= 20_000_000 * 1.001


def test_a_poster_among_the_pages_leaves_them_all_in_view(pane: RecordPane, driver: Any) -> None:
    poster = SourceFile("c" * 64, "poster.pdf", 1000, 21, (PageSize(14400, 14400),))
    pane.show_record((FIRST_FILE, SECOND_FILE, poster), ())
    pane.resize(500, 700)
    for key in (Qt.Key.Key_2, Qt.Key.Key_0):
        driver.press(key, Qt.KeyboardModifier.ControlModifier)
        assert pane.view.horizontalScrollBar().maximum() == 0
        assert pane.view.sheet(0).rect.left() >= 0
        assert pane.view.sheet(0).rect.right() <= pane.view.viewport().width()


def test_files_that_come_late_leave_the_reading_position(pane: RecordPane, settled: Any) -> None:
    from dataclasses import replace

    first, second = pane.view.stage.run.sources
    late = replace(second, sha256="c" * 64, name="late.pdf", first_case_page=21)
    pane.go_to(PageRef(SECOND, 9))
    before = pane.view.spot()
    pane.show_record((first, second, late), ())
    assert pane.view.spot() == before
    assert pane.tools.count.text() == "of 36"


def test_a_turn_is_sharp_at_once_and_moves_no_other_page(pane: RecordPane, reader: Any) -> None:
    reader.held = True
    ref = pane.view.stage.page(0).ref
    box = first_word(pane)
    pane.view.turn([ref], 90)
    pane.view.turn([ref], 90)
    pane.view.turn([ref], 90)
    pane.view.turn([ref], 90)
    assert seen_at(pane, centre(pane, 0, box)) == INK
    assert pane.view.stage.rotations == {}


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_page_much_enlarged_is_sharp_where_it_is_seen(
    pane: RecordPane, reader: Any, settled: Any, qtbot: QtBot, turn: int
) -> None:
    ref = pane.view.stage.page(0).ref
    pane.view.turn([ref], turn)
    pane.view.set_zoom(Zoom(Fit.ACTUAL, 8.0))
    words = pane.view.words_at(0)
    assert words
    pane.go_to(ref, [words[4].box])
    pane.view.acted()

    def there() -> bool:
        wanted = pane.view.pieces(range(1))
        return bool(wanted) and all(piece in pane.loader.tiles for piece in wanted)

    qtbot.waitUntil(there, timeout=20_000)
    pieces = pane.view.pieces(range(1))
    assert 0 < len(pieces) <= 4, "no more than is on screen"
    assert all(piece.scale == pytest.approx(pane.view.stage.layout.scales[0], abs=1e-4) for piece in pieces)
    shown, rect = grabbed(pane), pane.view.sheet(0).rect_of(words[4].box)
    for corner, inward in ((rect.topLeft(), 1), (rect.bottomRight(), -1)):
        inside, outside = corner + QPointF(inward, inward), corner - QPointF(2 * inward, 2 * inward)
        if pane.view.viewport().rect().contains(inside.toPoint()):
            assert shown.pixelColor(inside.toPoint()) == INK
        if pane.view.viewport().rect().contains(outside.toPoint()):
            assert shown.pixelColor(outside.toPoint()) == PAPER
