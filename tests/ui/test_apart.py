# SPDX-License-Identifier: AGPL-3.0-or-later
"""Record and form on two screens: both windows stay one case, and closing one gives its part back (V16)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from imr_desktop.ui.app import build
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.errand import Errand
from imr_desktop.ui.means import Means
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.trouble import Hook


@pytest.fixture
def case(unlocked: Shell, make_pdf: Callable[..., Path], qtbot: QtBot) -> CaseWindow:
    from imr_desktop.casework import intake

    assert unlocked.session is not None
    vault = unlocked.session.vault
    *_, _ = intake.take_in(vault, [make_pdf("records.pdf", pages=3)], into=vault.cases()[0].id)
    unlocked.open_case(vault.cases()[0].id)
    assert unlocked.case is not None
    return unlocked.case


def own_window(case: CaseWindow, qtbot: QtBot) -> QWidget:
    window = case.apart.window
    assert window is not None
    qtbot.waitExposed(window)
    assert case.form.window() is window
    return window


def test_no_window_opens_larger_than_its_screen(
    unlocked: Shell, case: CaseWindow, means: Means, tmp_path: Path, qtbot: QtBot
) -> None:
    """A title bar above the screen or buttons below it are out of reach of the mouse."""
    unlocked.commander.run("form_apart")
    unlocked.commander.run("tear_off")
    second = case.record.window_of_second
    assert second is not None
    main = build(tmp_path / "another", means, Hook(tmp_path / "bugs.log"))
    qtbot.addWidget(main)
    for window in (own_window(case, qtbot), second, main):
        room = window.screen().availableGeometry()
        assert window.width() <= room.width()
        assert window.height() < room.height()


def test_a_page_that_is_asked_for_from_outside_raises_the_window_that_shows_it(
    unlocked: Shell, case: CaseWindow, qtbot: QtBot
) -> None:
    qtbot.waitUntil(lambda: case.record.view.current is not None)
    case.record.tear_off()
    second = case.record.window_of_second
    assert second is not None
    qtbot.waitExposed(second)
    qtbot.waitUntil(second.isActiveWindow)
    second.showMinimized()
    unlocked.come_forward()
    unlocked.errands.take(Errand(page=(case.name, 3)))
    qtbot.waitUntil(second.isActiveWindow)
    assert not second.isMinimized()

    def shown() -> int | None:
        page = case.record.view.current
        return None if page is None else page.case_page

    qtbot.waitUntil(lambda: shown() == 3)


def test_the_form_in_its_own_window_is_the_same_case(unlocked: Shell, case: CaseWindow, qtbot: QtBot) -> None:
    QTest.keyClick(unlocked, Qt.Key.Key_O, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    window = own_window(case, qtbot)
    assert case.form.isVisible()
    assert case.record.window() is unlocked
    window.activateWindow()
    case.form.show_panel("Summary")
    text = case.form.summary_panel.text
    text.setFocus()
    QTest.keyClicks(text, "The worker reports pain.")
    # Commands are heard in either window: another panel, then back to the record and again to the form.
    QTest.keyClick(text, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    assert case.form.shown() == "Items"
    case.form.flush()
    assert case.desk.case.clinical_summary.text == "The worker reports pain."
    case.undo()
    assert case.desk.case.clinical_summary.text == ""
    window.close()
    assert case.form.window() is unlocked
    assert case.splitter.count() == 2
    assert case.form.isVisible()


def test_the_form_stands_apart_again_after_the_case_was_closed(unlocked: Shell, case: CaseWindow, qtbot: QtBot) -> None:
    case.apart.toggle()
    window = own_window(case, qtbot)
    gone: list[bool] = []
    window.destroyed.connect(lambda: gone.append(True))
    unlocked.show_worklist()
    qtbot.waitUntil(lambda: bool(gone))
    unlocked.open_case(case.case_id)
    assert unlocked.case is not None
    again = own_window(unlocked.case, qtbot)
    unlocked.lock()
    assert not again.isVisible(), "a locked vault shows no form"
