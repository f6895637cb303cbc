# SPDX-License-Identifier: AGPL-3.0-or-later
"""Trouble is told in two sentences; a bug is logged without a word of the case, and the window stays."""

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from imr_desktop.errors import Trouble
from imr_desktop.storage import DiskFull
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.trouble import BUG_SENTENCES, FaultLine, Hook, NoticeBar


@pytest.fixture
def hook(tmp_path: Path) -> Hook:
    return Hook(tmp_path / "logs" / "bugs.log")


def _met(hook: Hook, error: Exception) -> None:
    try:
        raise error
    except type(error):
        hook.met(*sys.exc_info())


def test_a_bug_is_logged_by_its_places_and_never_by_its_words(
    hook: Hook, tmp_path: Path, capsys: pytest.CaptureFixture[str], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(hook.bugged):
        _met(hook, ValueError("Injured Worker A has a torn rotator cuff"))
    log = (tmp_path / "logs" / "bugs.log").read_text(encoding="utf-8")
    assert "ValueError" in log
    assert "test_trouble.py" in log
    for told in (log, capsys.readouterr().err):
        assert "Worker" not in told
        assert "rotator" not in told


def test_a_bug_of_a_thread_is_told_on_the_windows_own(hook: Hook, tmp_path: Path, qtbot: QtBot) -> None:
    told = list[threading.Thread]()
    # Told at once, on whichever thread it is told.
    hook.bugged.connect(lambda: told.append(threading.current_thread()), Qt.ConnectionType.DirectConnection)
    thread = threading.Thread(target=_met, args=(hook, ValueError()))
    thread.start()
    thread.join()
    log = tmp_path / "logs" / "bugs.log"
    assert "_met" in log.read_text(encoding="utf-8"), "written at once: the window may not get to it any more"
    qtbot.waitUntil(lambda: bool(told))
    assert told == [threading.main_thread()]


def test_trouble_that_nobody_caught_is_shown_and_not_logged(hook: Hook, tmp_path: Path, qtbot: QtBot) -> None:
    with qtbot.waitSignal(hook.troubled) as told:
        _met(hook, DiskFull())
    assert told.args is not None
    assert isinstance(told.args[0], DiskFull)
    assert not (tmp_path / "logs" / "bugs.log").exists()


def test_the_window_tells_trouble_and_bugs_and_stays(
    qtbot: QtBot, start: Callable[[Path], Shell], filled: Path
) -> None:
    window = start(filled)
    window.notice.trouble(Trouble("The disk is full.", "Free some space."))
    assert window.notice.text == "The disk is full. Free some space."
    window.notice.bug()
    assert window.notice.text == BUG_SENTENCES
    assert "saved up to the last step" in BUG_SENTENCES
    assert window.isVisible()


def test_a_notice_offers_to_take_back_for_a_while(qtbot: QtBot) -> None:
    bar, done = NoticeBar(), list[str]()
    qtbot.addWidget(bar)
    bar.say("Item 2 was removed.", act="Undo", doing=lambda: done.append("undone"))
    assert bar.text == "Item 2 was removed."
    bar._act.click()
    assert done == ["undone"]
    assert bar.text == ""


def test_a_fault_line_is_silent_until_there_is_a_fault(qtbot: QtBot) -> None:
    line = FaultLine()
    qtbot.addWidget(line)
    assert line.text == ""
    line.tell(Trouble("It rained.", "Wait."))
    assert line.text == "It rained. Wait."
    line.clear()
    assert line.text == ""
