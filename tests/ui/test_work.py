# SPDX-License-Identifier: AGPL-3.0-or-later
"""Long work: pumped or done aside, it never holds the window, can be stopped, and tells its Trouble."""

import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from imr_desktop.errors import Trouble
from imr_desktop.ui.work import Aside, Pump


def test_a_pump_lets_the_window_live_between_steps(qtbot: QtBot) -> None:
    pump, ticks, steps = Pump(), list[int](), list[int]()
    timer = QTimer(interval=0)
    timer.timeout.connect(lambda: ticks.append(1))
    go_on = threading.Event()

    def work() -> Iterator[int]:
        number = 0
        while not go_on.is_set():
            yield number
            number += 1

    pump.progressed.connect(steps.append)
    timer.start()
    pump.start(work())
    qtbot.waitUntil(lambda: len(ticks) > 3)
    assert pump.running
    assert len(steps) > 1
    with qtbot.waitSignal(pump.finished):
        go_on.set()
    assert not pump.running


def test_a_pump_gives_what_the_work_returns_or_its_last_word(qtbot: QtBot) -> None:
    def returns() -> Iterator[int]:
        yield 1
        return "all"  # type: ignore[return-value]

    pump = Pump()
    with qtbot.waitSignal(pump.finished) as finished:
        pump.start(returns())
    assert finished.args == ["all"]
    with qtbot.waitSignal(pump.finished) as finished:
        pump.start(iter([1, 2, 3]))
    assert finished.args == [3]


def test_a_stopped_pump_closes_the_work(qtbot: QtBot) -> None:
    closed = list[str]()

    def work() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.append("closed")

    pump = Pump()
    with qtbot.waitSignal(pump.progressed):
        pump.start(work())
    with qtbot.waitSignal(pump.stopped):
        pump.stop()
    assert closed == ["closed"]
    assert not pump.running


def test_trouble_in_pumped_work_is_told(qtbot: QtBot) -> None:
    def work() -> Iterator[int]:
        yield 1
        raise Trouble("It rained.", "Wait.")

    pump = Pump()
    with qtbot.waitSignal(pump.troubled) as troubled:
        pump.start(work())
    assert troubled.args is not None
    assert str(troubled.args[0]) == "It rained. Wait."


def test_work_aside_answers_on_the_windows_thread_and_only_the_newest(qtbot: QtBot) -> None:
    aside, answers, hold = Aside(), list[object](), threading.Event()
    threads = set[int]()
    aside.done.connect(answers.append)
    aside.done.connect(lambda _: threads.add(threading.get_ident()))

    def old() -> str:
        hold.wait(5)
        return "old"

    aside.start(old)
    with qtbot.waitSignal(aside.done):
        aside.start(lambda: "new")
    hold.set()
    aside.start(lambda: "newest")
    qtbot.waitUntil(lambda: "newest" in answers)
    assert answers == ["new", "newest"]
    assert threads == {threading.get_ident()}
    assert not aside.busy


def test_trouble_and_bugs_aside_are_told_apart(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    met = list[type[BaseException]]()
    monkeypatch.setattr(sys, "excepthook", lambda kind, *_: met.append(kind))

    def trouble() -> None:
        raise Trouble("The disk is full.")

    aside = Aside()
    with qtbot.waitSignal(aside.troubled):
        aside.start(trouble)
    assert met == []
    with qtbot.waitSignal(aside.failed):
        aside.start(lambda: 1 / 0)
    qtbot.waitUntil(lambda: met == [ZeroDivisionError])


_WINDOWS_THAT_GO = """
import random, sys, time
from PySide6.QtCore import QCoreApplication, QObject, QTimer
from imr_desktop.ui.work import Aside, give_way

application, answers, left = QCoreApplication([]), [], 1500
give_way()

def work():
    until = time.perf_counter() + random.random() * 0.0006
    while time.perf_counter() < until:
        pass

def open_one():
    global left, window
    if len(answers) == 1500:
        application.quit()
    elif left:
        left, window = left - 1, QObject()
        aside = Aside(window)
        aside.done.connect(answers.append)
        aside.start(work, answers.append)
        QTimer.singleShot(0, window.deleteLater)
    QTimer.singleShot(0, open_one)

open_one()
application.exec()
"""


def test_a_window_that_goes_while_its_work_ends_takes_nothing_down() -> None:
    """Each answer comes once: to the window, or to who clears away what nobody waits for any more."""
    done = subprocess.run([sys.executable, "-c", _WINDOWS_THAT_GO], timeout=60, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
