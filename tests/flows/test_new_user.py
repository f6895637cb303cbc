# SPDX-License-Identifier: AGPL-3.0-or-later
"""A new user's path, by keyboard alone: first run, the tour on the demo case and its letter, then an own first case.

The keys are recorded and pictures are taken on the way; with IMR_PICTURES=FOLDER both stay there to be looked at.
"""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from imr_desktop import assets
from imr_desktop.casework import reading, sorting
from imr_desktop.signing import verifying
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.settings import SEEN_AFTER
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.standing import ConflictDoor
from imr_desktop.ui.tour import STOPS, Tour
from tests.kit.keyboard import (
    ALT,
    CTRL,
    SHIFT,
    Keyboard,
    answer_all,
    issue,
    read_the_record,
    state_guideline,
    take_items,
)
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
    keys.press(Qt.Key.Key_F1, CTRL | SHIFT)
    tour = window.findChild(Tour)
    assert tour is not None
    for number, stop in enumerate(STOPS):
        # A button that is pressed by its letter answers a tenth of a second later.
        keys.qtbot.waitUntil(partial(lambda title: tour.title.text() == title, stop.title))
        if number in (0, 3):
            pictures.take(f"tour-{number + 1}", window)
        keys.press(Qt.Key.Key_D if stop is STOPS[-1] else Qt.Key.Key_X, ALT)
    keys.qtbot.waitUntil(lambda: window.findChild(Tour) is None)


def sealed(files: list[Path], window: Shell) -> list[bool]:
    assert window.session is not None
    roots = window.session.vault.trust_roots()
    return [verifying.verify(file.read_bytes(), roots).intact for file in files]


def test_the_demo_is_toured_and_issued_by_keyboard_alone(
    qtbot: QtBot, start: Callable[[Path], Shell], folder: Path, tmp_path: Path
) -> None:
    window, pictures = start(folder), Pictures(tmp_path / "pictures", "demo")
    keys = Keyboard(window, qtbot)
    assert window.first_run is not None
    window.first_run.folder.setText("~/imr-desktop/vault")  # a picture in the manual names no machine's own paths
    pictures.take("first-run", window)
    window.first_run.folder.setText(str(folder))
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
    assert case.strip.checks.text() == "Nothing blocks"
    pictures.take("checks", window)
    letters = tmp_path / "letters"
    letters.mkdir()
    assert sealed(issue(keys, letters), window) == [True] * 3
    pictures.take("issued", window)
    (pictures.folder / "demo-keys.txt").write_text(keys.told().replace(str(tmp_path), "~"), encoding="utf-8")
    print(f"The demo: {answered} findings answered, {keys.acts} keys and {keys.written} letters of text")
    assert keys.acts < 150


# What the pages do not tell as it has to stand; the rest of the header is proposed from them.
FIELDS = (
    ("case_number", "CM24-0000777"),
    ("application_received", "7/31/2024"),
    ("date_assigned", "8/12/2024"),
    ("decision_date", "8/26/2024"),
)


def make_the_vault(keys: Keyboard, window: Shell, passphrase: str, pictures: Pictures) -> None:
    """The four pages of the first run."""
    first = window.first_run
    assert first is not None
    keys.write(passphrase)
    keys.tab_into(first.passphrase.second)
    keys.write(passphrase)
    keys.press(Qt.Key.Key_V, ALT)
    keys.qtbot.waitUntil(lambda: first.step == 1, timeout=30_000)
    keys.write("Zeta Reviewer")
    for field, text in ((first.profile.states, "California"), (first.profile.certifications, "Pain Medicine")):
        keys.tab_into(field)
        keys.write(text)
    keys.tab_into(first.profile.attests)
    keys.press(Qt.Key.Key_Space)
    pictures.take("profile", window)
    keys.press(Qt.Key.Key_U, ALT)
    keys.qtbot.waitUntil(lambda: first.step == 2)
    keys.press(Qt.Key.Key_A, CTRL)
    keys.write("Example Review Organization")
    keys.press(Qt.Key.Key_U, ALT)
    keys.qtbot.waitUntil(lambda: first.step == 3)
    assert first.identity is not None
    keys.tab_into(first.identity.make)
    keys.press(Qt.Key.Key_Space)
    pictures.take("identity", window)
    keys.press(Qt.Key.Key_W, ALT)
    keys.qtbot.waitUntil(lambda: window.pages.currentWidget() is window.worklist)


def test_an_own_first_case_goes_from_the_first_run_to_its_letter_by_keyboard_alone(
    qtbot: QtBot,
    start: Callable[[Path], Shell],
    folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    window, pictures = start(folder), Pictures(tmp_path / "pictures", "own")
    keys = Keyboard(window, qtbot)
    make_the_vault(keys, window, "seven calm rivers under one bridge", pictures)
    assert window.session is not None
    window.session.keep_setting(SEEN_AFTER, 0.05)
    pictures.take("worklist-empty", window)
    # The system's own file dialog is the edge: what a person chooses in it is given here.
    records = sorted(str(path) for path in assets.path("demo").glob("*.pdf"))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: (records, ""))
    keys.press(Qt.Key.Key_O, CTRL)
    qtbot.waitUntil(window.worklist.table.hasFocus, timeout=30_000)
    store = window.session.desk(window.worklist.chosen() or "").store
    # The machine's part, which the user waits for and does not do.
    for _ in (*reading.read(store, reading.Plan(ocr=False)), *sorting.sort(store)):
        pass
    keys.press(Qt.Key.Key_Return)
    door = keys.opened(ConflictDoor)
    keys.press(Qt.Key.Key_Space)
    pictures.take("conflicts", door)
    keys.press(Qt.Key.Key_O, ALT)
    keys.back()
    qtbot.waitUntil(lambda: window.case is not None)
    case = opened_case(window)
    read_the_record(keys, case, FIELDS)
    keys.press(Qt.Key.Key_4, ALT)
    keys.write("The worker reports pain of the left knee.")
    take_items(keys, case)
    for number in range(len(case.desk.case.items)):
        if number:
            keys.tab_to(case.form.items_panel.list.hasFocus, back=True)
            keys.press(Qt.Key.Key_Down)
        decide(keys, case)
    attest_anew(keys)
    pictures.take("case", window)
    answered = answer_all(keys, case)
    letters = tmp_path / "letters"
    letters.mkdir()
    assert sealed(issue(keys, letters), window) == [True] * 3
    keys.back()
    keys.press(Qt.Key.Key_7, ALT)
    qtbot.waitUntil(lambda: case.letter.pages.drawn > 0, timeout=10_000)
    pictures.take("letter", window)
    (pictures.folder / "own-keys.txt").write_text(keys.told().replace(str(tmp_path), "~"), encoding="utf-8")
    print(f"An own case: {answered} findings answered, {keys.acts} keys and {keys.written} letters of text")
    assert keys.acts < 300


def decide(keys: Keyboard, case: CaseWindow) -> None:
    """The chosen item upheld, its guidelines stated, its rationale written."""
    form = case.form.items_panel.form
    state_guideline(keys, form, "Chronic Pain Medical Treatment Guidelines")
    keys.write("The guideline asks for a gain that is measured. Therefore, the request is not medically necessary.")


def attest_anew(keys: Keyboard) -> None:
    """The pages named people who were not known at the door: the word is given for them too."""
    keys.press(Qt.Key.Key_C, CTRL | ALT)
    keys.opened(ConflictDoor)
    keys.press(Qt.Key.Key_Space)
    keys.press(Qt.Key.Key_K, ALT)
    keys.back()
