# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a person can see: every text in every theme at 4.5 to 1, the focus, and all of it at 200 % text on 1280x720."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QApplication, QDialog, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from imr_desktop.ui.record.bars import ZoomField
from imr_desktop.ui.settings import Settings
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.theme import Scheme
from tests.kit.looks import cut, faint, hidden_focus, overlapping, picture, settle

DIALOGS = ("keys", "settings", "identities", "issue", "vault", "precedents", "statistics", "tables", "attest")
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def shell(unlocked: Shell) -> Iterator[Shell]:
    """The window on the filled vault; its theme and size of text are the usual ones again afterwards."""
    yield unlocked
    unlocked.theme.use(Scheme.SYSTEM, 100)


def windows(shell: Shell, qtbot: QtBot) -> Iterator[tuple[str, QWidget]]:
    """The worklist, the case panel by panel, and the dialogs over it."""
    settle(shell)
    yield "worklist", shell
    shell.open_case(shell.worklist.chosen() or "")
    assert shell.case is not None
    for name in shell.case.form.panels():
        shell.case.form.show_panel(name)
        settle(shell)
        yield name, shell
    for name in DIALOGS:
        shell.commander.run(name)
        (dialog,) = (each for each in shell.findChildren(QDialog) if each.isVisible())
        settle(dialog)
        yield name, dialog
        dialog.close()
        qtbot.waitUntil(lambda: not [each for each in shell.findChildren(QDialog) if each.isVisible()])


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK, Scheme.CONTRAST])
def test_every_text_of_every_window_can_be_read(shell: Shell, qtbot: QtBot, scheme: Scheme) -> None:
    shell.theme.use(scheme)
    assert {
        name: found
        for name, window in windows(shell, qtbot)
        if (found := faint(window) + cut(window) + overlapping(window))
    } == {}


def test_large_text_loses_nothing_on_a_small_screen(
    qtbot: QtBot, start: Callable[[Path], Shell], filled: Path, shell: Shell
) -> None:
    shell.theme.use(Scheme.LIGHT, 200)
    told = {}
    for name, window in windows(shell, qtbot):
        told[name] = cut(window) + overlapping(window)
        if window.width() > 1280 or window.height() > 720:
            told[name].append(f"is {window.width()}x{window.height()}")
    listed = {name: found for name, found in told.items() if found}
    assert listed == {}, listed


def test_large_text_loses_nothing_of_a_full_case(qtbot: QtBot, start: Callable[[Path], Shell], folder: Path) -> None:
    shell = start(folder)
    assert shell.first_run is not None
    shell.theme.use(Scheme.LIGHT, 200)
    settle(shell)
    told = {"first run": cut(shell) + overlapping(shell)}
    shell.theme.use(Scheme.LIGHT, 100)
    shell.begin_demo()
    qtbot.waitUntil(lambda: shell.case is not None)
    assert shell.case is not None
    # Also where the text grows while the case is open: whose case it is, and how large its pages are, stands whole.
    settle(shell)
    shell.commander.run("settings")
    (settings,) = (each for each in shell.findChildren(Settings) if each.isVisible())
    settings.text_size.setCurrentIndex(settings.text_size.findData(200))
    settings.scheme.setCurrentIndex(settings.scheme.findData(Scheme.LIGHT))
    settings.accept_button.click()
    settle(shell)
    assert shell.case is not None
    worker = shell.case.strip.worker
    assert worker.width() >= worker.fontMetrics().horizontalAdvance(worker.text())
    zoom = shell.case.record.first.findChild(ZoomField)
    assert zoom is not None
    assert zoom.width() >= zoom.fontMetrics().horizontalAdvance("1000 %")
    for name in shell.case.form.panels():
        shell.case.form.show_panel(name)
        settle(shell)
        told[name] = cut(shell) + overlapping(shell)
    told["size"] = [] if shell.width() <= 1280 and shell.height() <= 720 else [f"{shell.width()}x{shell.height()}"]
    shell.theme.use(Scheme.SYSTEM, 100)
    assert {name: found for name, found in told.items() if found} == {}


def test_the_focus_is_seen_wherever_it_goes(shell: Shell, qtbot: QtBot) -> None:
    shell.theme.use(Scheme.LIGHT)
    assert {name: found for name, window in windows(shell, qtbot) if (found := hidden_focus(window))} == {}


def test_icons_follow_the_theme(shell: Shell) -> None:
    shell.open_case(shell.worklist.chosen() or "")
    assert shell.case is not None
    button = next(each for each in shell.case.findChildren(QToolButton) if each.accessibleName() == "Larger")
    for scheme, least, most in ((Scheme.LIGHT, 0x00, 0x40), (Scheme.DARK, 0xC0, 0xFF), (Scheme.LIGHT, 0x00, 0x40)):
        shell.theme.use(scheme)
        QApplication.processEvents()
        at = QRect(button.mapTo(shell, QPoint(0, 0)) * 2, button.size() * 2)
        drawn = picture(shell).copy(at)
        ground = drawn.pixel(2, 2) & 0xFF
        tones = {drawn.pixel(x, y) & 0xFF for x in range(drawn.width()) for y in range(drawn.height())}
        ink = max(tones, key=lambda tone: abs(tone - ground))
        assert least <= ink <= most, scheme
