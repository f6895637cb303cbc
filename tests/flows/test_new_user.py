# SPDX-License-Identifier: AGPL-3.0-or-later
"""A new user's path, by keyboard alone: first run, the tour on the demo case and its letter, then an own first case.

The keys are recorded and pictures are taken on the way; with IMR_PICTURES=FOLDER both stay there to be looked at.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from imr_desktop.casework import reading
from imr_desktop.signing import verifying
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.settings import SEEN_AFTER
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.tour import STOPS, Tour
from tests.kit.keyboard import ALT, CTRL, Keyboard, answer_all, issue
from tests.kit.pictures import Pictures

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def opened_case(window: Shell) -> CaseWindow:
    assert window.case is not None, window.notice.text
    return window.case


def turn_every_page(keys: Keyboard, case: CaseWindow) -> None:
    """F8 until every page was on the screen for long enough."""
    for source in case.desk.case.sources:
        for _ in range(source.page_count):
            keys.press(Qt.Key.Key_F8)
            page = case.record.view.current
            assert page is not None
            keys.qtbot.waitUntil(partial(lambda ref: ref in case.desk.seen(), page.ref))


def take_the_tour(keys: Keyboard, window: Shell, pictures: Pictures) -> None:
    """Every stop of the tour, from its key to its end."""
    keys.press(Qt.Key.Key_F1, CTRL | ALT)
    tour = window.findChild(Tour)
    assert tour is not None
    for number, stop in enumerate(STOPS):
        assert tour.title.text() == stop.title
        if number in (0, 3):
            pictures.take(f"tour-{number + 1}", window)
        keys.press(Qt.Key.Key_D if stop is STOPS[-1] else Qt.Key.Key_X, ALT)
    assert tour.isHidden()


def sealed(files: list[Path], window: Shell) -> list[bool]:
    assert window.session is not None
    roots = window.session.vault.trust_roots()
    return [verifying.verify(file.read_bytes(), roots).intact for file in files]


def test_the_demo_is_toured_and_issued_by_keyboard_alone(
    qtbot: QtBot, start: Callable[[Path], Shell], folder: Path, tmp_path: Path
) -> None:
    window, pictures = start(folder), Pictures(tmp_path / "pictures")
    keys = Keyboard(window, qtbot)
    pictures.take("first-run", window)
    keys.press(Qt.Key.Key_D, ALT)
    qtbot.waitUntil(lambda: window.case is not None, timeout=30_000)
    assert window.session is not None
    case = opened_case(window)
    take_the_tour(keys, window, pictures)
    # The machine's part, which the user waits for and does not do.
    for _ in reading.read(case.desk.store, reading.Plan(ocr=False)):
        pass
    window.session.keep_setting(SEEN_AFTER, 0.05)
    keys.press(Qt.Key.Key_W, CTRL)
    keys.press(Qt.Key.Key_Return)
    case = opened_case(window)
    turn_every_page(keys, case)
    answered = answer_all(keys, case)
    pictures.take("demo-checks", window)
    letters = tmp_path / "letters"
    letters.mkdir()
    assert sealed(issue(keys, letters), window) == [True] * 3
    pictures.take("demo-issued", window)
    (pictures.folder / "demo-keys.txt").write_text("\n".join(keys.record) + "\n", encoding="utf-8")
    print(f"The demo: {answered} findings answered, {keys.acts} keys and {keys.written} letters of text")
    assert keys.acts < 150
