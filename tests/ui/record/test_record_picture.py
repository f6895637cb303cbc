# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pictures stay within their bound; requests go out one at a time, in the order of what matters now."""

from typing import Any

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from imr_desktop.models.records import PageRef, PageSize, SourceFile
from imr_desktop.records.protocol import Draw, ReadWords
from imr_desktop.ui.record.bridge import ReaderBridge
from imr_desktop.ui.record.loader import PageLoader
from imr_desktop.ui.record.picture import PictureCache, PictureKey, image_of


def picture(width: int = 10, height: int = 10, colour: str = "white") -> QImage:
    made = QImage(width, height, QImage.Format.Format_RGB32)
    made.fill(QColor(colour))
    return made


def key(page: int, scale: float = 1.0, rotation: int = 0) -> PictureKey:
    return PictureKey(PageRef("a", page), scale, rotation)


def test_the_least_lately_used_goes_first() -> None:
    cache = PictureCache(limit=3 * 400)
    for page in range(3):
        cache.put(key(page), picture())
    cache.get(key(0))
    cache.put(key(3), picture())
    assert [page for page in range(4) if key(page) in cache] == [0, 2, 3]
    assert cache.size == 3 * 400


def test_a_picture_larger_than_the_bound_is_kept_alone() -> None:
    cache = PictureCache(limit=100)
    cache.put(key(0), picture())
    cache.put(key(1), picture())
    assert len(cache) == 1
    assert key(1) in cache


def test_the_same_key_counts_once() -> None:
    cache = PictureCache()
    cache.put(key(0), picture())
    cache.put(key(0), picture(20, 20))
    assert cache.size == 1600
    cache.clear()
    assert cache.size == 0


def test_the_nearest_scale_stands_in() -> None:
    cache = PictureCache()
    cache.put(key(0, 0.5), picture(5, 5))
    cache.put(key(0, 2.0), picture(20, 20))
    cache.put(key(1, 1.2), picture(12, 12))
    standing = cache.stand_in(key(0, 1.7))
    assert standing is not None
    assert standing.width() == 20
    assert cache.stand_in(key(0, 1.7, 90)) is None
    assert cache.stand_in(key(9)) is None


def test_a_turned_page_has_its_pictures_at_once() -> None:
    cache = PictureCache()
    upright = picture(10, 20)
    upright.setPixelColor(0, 0, QColor("red"))
    cache.put(key(0), upright)
    cache.turn(PageRef("a", 0), 90)
    turned = cache.get(key(0, rotation=90))
    assert turned is not None
    assert (turned.width(), turned.height()) == (20, 10)
    assert turned.pixelColor(19, 0) == QColor("red")
    assert key(0) not in cache


def test_pixels_are_ours_and_rows_may_be_padded() -> None:
    row = bytes([1, 2, 3, 255] * 2) + b"\0" * 8
    made = image_of(2, 3, 16, row * 3)
    assert made.pixelColor(1, 2) == QColor(3, 2, 1)
    assert made.format() == QImage.Format.Format_RGB32


SOURCE = SourceFile("a" * 64, "a.pdf", 1, 1, (PageSize(100, 100),) * 9)
REFS = [page.ref for page in SOURCE.pages()]


@pytest.fixture
def loader(qtbot: QtBot, reader: Any) -> PageLoader:
    return PageLoader(reader)


def test_one_request_is_out_at_a_time(loader: PageLoader, reader: Any) -> None:
    reader.held = True
    wants = [Draw(ref, 0.1) for ref in list(reader.sizes)[:3]]
    loader.want(wants)
    assert reader.asked == wants[:1]
    reader.answer_next()
    assert reader.asked == wants[:2]


def test_what_is_no_longer_wanted_is_forgotten(loader: PageLoader, reader: Any) -> None:
    reader.held = True
    refs = list(reader.sizes)
    loader.want([Draw(refs[0], 0.1), Draw(refs[1], 0.1)])
    loader.want([Draw(refs[9], 0.1)])
    assert reader.forgotten == [0]
    assert reader.asked[-1] == Draw(refs[9], 0.1)
    reader.let_go()
    assert len(reader.asked) == 2
    assert loader.picture(PictureKey(refs[0], 0.1, 0)) is not None, "a late answer is kept all the same"


def test_words_and_failures_are_kept(loader: PageLoader, reader: Any) -> None:
    refs = list(reader.sizes)
    reader.held = True
    reader.failing.add(refs[1])
    reader.scans.add(refs[2])
    loader.want([ReadWords(refs[0]), Draw(refs[1], 0.1), ReadWords(refs[1]), ReadWords(refs[2])])
    assert loader.words(refs[0]) is None
    reader.let_go()
    assert [word.text for word in loader.words(refs[0]) or ()][:2] == ["Page1", "Range"]
    assert loader.words(refs[1]) == ()
    assert loader.words(refs[2]) == ()
    failure = loader.failure(refs[1])
    assert failure is not None
    assert failure.happened == "The page is damaged."
    assert len(reader.asked) == 4, "what failed is not asked for again"
    reader.failing.clear()
    loader.try_again(refs[1])
    reader.let_go()
    assert loader.failure(refs[1]) is None
    assert loader.picture(PictureKey(refs[1], 0.1, 0)) is not None


def test_a_picture_drawn_smaller_than_asked_is_not_asked_for_again(
    loader: PageLoader, reader: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    ref = next(iter(reader.sizes))
    monkeypatch.setattr(reader, "answer", lambda request: reader.draw(Draw(ref, 0.05)))
    reader.held = True
    loader.want([Draw(ref, 0.1)])
    reader.let_go()
    assert len(reader.asked) == 1
    assert loader.picture(PictureKey(ref, 0.1, 0)) is not None


def test_the_bridge_brings_answers_to_the_windows_thread(qtbot: QtBot) -> None:
    import threading

    from PySide6.QtCore import QThread

    class Far:
        """A reader that answers from a thread of its own."""

        def __init__(self, answered: Any) -> None:
            self.answered = answered
            self.closed = False
            self.forgotten: list[int] = []

        def send(self, request: Any) -> int:
            thread = threading.Thread(target=self.answered, args=(7, request))
            thread.start()
            thread.join()
            return 7

        def forget(self, number: int) -> None:
            self.forgotten.append(number)

        def close(self) -> None:
            self.closed = True

    made: list[Far] = []

    def build(answered: Any) -> Far:
        made.append(Far(answered))
        return made[0]

    bridge = ReaderBridge(build)
    threads = []
    bridge.answered.connect(lambda *_: threads.append(QThread.currentThread()))
    with qtbot.waitSignal(bridge.answered, timeout=20_000) as told:
        assert bridge.send(ReadWords(PageRef("a", 0))) == 7
    assert told.args == [7, ReadWords(PageRef("a", 0))]
    assert threads == [bridge.thread()]
    bridge.forget(3)
    bridge.close()
    assert made[0].closed
    assert made[0].forgotten == [3]
    bridge.send(ReadWords(PageRef("a", 0)))
    with qtbot.assertNotEmitted(bridge.answered):
        pass
