# SPDX-License-Identifier: AGPL-3.0-or-later
"""An unattended window locks itself, and what was copied does not stay on the clipboard."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QClipboard, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from imr_desktop.ui.guard import LOCK_AFTER, ClipboardGuard, IdleGuard
from imr_desktop.ui.settings import Settings
from imr_desktop.ui.shell import Shell


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def asked(qtbot: QtBot, clock: Clock) -> Callable[[float], bool]:
    """Let so many seconds pass in looks of five; says whether locking was asked for."""
    guard = IdleGuard(QGuiApplication.instance() or QObject(), clock)
    told: list[bool] = []
    guard.wanted.connect(lambda: told.append(True))
    with qtbot.waitSignal(guard.soon.timeout):
        guard.watch(10)

    def passing(seconds: float) -> bool:
        for _ in range(int(seconds // 5)):
            clock.seconds += 5
            guard.look()
        return bool(told)

    return passing


def test_nobody_working_locks(asked: Callable[[float], bool]) -> None:
    assert not asked(9 * 60)
    assert asked(60)


def test_working_keeps_it_open(qtbot: QtBot, asked: Callable[[float], bool]) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    assert not asked(9 * 60)
    for _ in range(2):
        QTest.keyClick(field, Qt.Key.Key_A)
        QTest.keyClick(field, Qt.Key.Key_B)
        assert not asked(9 * 60)
    assert asked(65)  # it looks every five seconds


def test_work_in_the_first_seconds_counts(qtbot: QtBot, asked: Callable[[float], bool]) -> None:
    field = QLineEdit()
    qtbot.addWidget(field)
    QTest.keyClick(field, Qt.Key.Key_A)
    assert not asked(10 * 60)
    assert asked(5)


def test_a_laptop_that_slept_is_locked(clock: Clock, asked: Callable[[float], bool]) -> None:
    assert not asked(30)
    clock.seconds += 120
    assert asked(5)


def test_never_for_idleness_still_locks_a_laptop_that_slept(clock: Clock, qtbot: QtBot) -> None:
    guard = IdleGuard(QGuiApplication.instance() or QObject(), clock)
    told: list[bool] = []
    guard.wanted.connect(lambda: told.append(True))
    guard.watch(0)
    for _ in range(500):
        clock.seconds += 5
        guard.look()
    assert told == []
    clock.seconds += 120
    guard.look()
    assert told == [True]


def test_what_was_copied_is_forgotten(qtbot: QtBot) -> None:
    clipboard = QGuiApplication.clipboard()
    field = QLineEdit("range of motion")
    qtbot.addWidget(field)
    field.show()
    field.activateWindow()
    qtbot.waitUntil(field.isActiveWindow)
    guard = ClipboardGuard(field, seconds=0.05)
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard.text() == "range of motion"
    qtbot.waitUntil(lambda: clipboard.text() == "")
    guard.forget()


class TwoBoards(QObject):
    """A clipboard with a selection, as X11 and Wayland have them; the screen of the tests has none."""

    dataChanged, selectionChanged = Signal(), Signal()  # noqa: N815

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[QClipboard.Mode, str] = {}

    def text(self, mode: QClipboard.Mode) -> str:
        return self.held.get(mode, "")

    def clear(self, mode: QClipboard.Mode) -> None:
        self.held.pop(mode, None)

    def ownsClipboard(self) -> bool:  # noqa: N802
        return True

    ownsSelection = ownsClipboard  # noqa: N815


def test_what_was_selected_is_forgotten_too_but_not_what_another_program_selected(qtbot: QtBot) -> None:
    boards = TwoBoards()
    guard = ClipboardGuard(boards, seconds=60, clipboard=boards)  # type: ignore[arg-type]
    boards.held = {QClipboard.Mode.Clipboard: "copied", QClipboard.Mode.Selection: "selected"}
    boards.dataChanged.emit()
    boards.selectionChanged.emit()
    guard.forget()
    assert boards.held == {}
    boards.held = {QClipboard.Mode.Selection: "selected"}
    boards.selectionChanged.emit()
    boards.held = {QClipboard.Mode.Selection: "of another program"}
    guard.forget()
    assert boards.held == {QClipboard.Mode.Selection: "of another program"}


def test_the_window_locks_and_comes_back(unlocked: Shell, qtbot: QtBot) -> None:
    session = unlocked.session
    assert session is not None
    QGuiApplication.clipboard().setText("a word of the record")
    unlocked.guard.idle.wanted.emit()
    assert unlocked.session is None
    assert unlocked.case is None
    assert unlocked.unlock is not None
    assert unlocked.pages.currentWidget() is unlocked.unlock
    assert QGuiApplication.clipboard().text() == ""


def test_when_to_lock_is_a_setting(unlocked: Shell, qtbot: QtBot) -> None:
    session = unlocked.session
    assert session is not None
    dialog = Settings(session, unlocked.theme, unlocked)
    qtbot.addWidget(dialog)
    assert dialog.lock_after.currentData() == 10
    dialog.lock_after.setCurrentIndex(dialog.lock_after.findData(30))
    dialog._keep()
    assert session.setting(LOCK_AFTER) == 30
