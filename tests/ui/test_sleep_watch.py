# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault locks when the system says that the laptop goes to sleep or the screen is locked (Y9), over a real bus."""

import shutil
import subprocess
from collections.abc import Iterator

import pytest
from PySide6.QtDBus import QDBusConnection, QDBusMessage
from pytestqt.qtbot import QtBot

from imr_desktop.ui.shell import Shell

pytestmark = pytest.mark.skipif(not shutil.which("dbus-daemon"), reason="there is no message bus on this computer")


@pytest.fixture
def bus() -> Iterator[str]:
    """A message bus of this test alone; gives its address."""
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address"], stdout=subprocess.PIPE, text=True
    )
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    QDBusConnection.disconnectFromBus("window")
    QDBusConnection.disconnectFromBus("system")
    daemon.terminate()
    daemon.communicate(timeout=10)


@pytest.mark.parametrize(
    ("path", "interface", "name", "arguments"),
    [
        ("/org/freedesktop/login1", "org.freedesktop.login1.Manager", "PrepareForSleep", [True]),
        ("/org/freedesktop/login1/session/_31", "org.freedesktop.login1.Session", "Lock", []),
        ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver", "ActiveChanged", [True]),
    ],
)
def test_the_vault_locks_before_the_laptop_sleeps(
    unlocked: Shell, bus: str, path: str, interface: str, name: str, arguments: list[bool], qtbot: QtBot
) -> None:
    ours = QDBusConnection.connectToBus(bus, "window")
    system = QDBusConnection.connectToBus(bus, "system")
    assert system.registerService("org.freedesktop.login1")
    unlocked.guard.sleep.listen_on(ours, ours)
    assert unlocked.guard.sleep.listening
    if arguments:
        # Waking up says the same with false, and locks nothing.
        woken = QDBusMessage.createSignal(path, interface, name)
        woken.setArguments([False])
        assert system.send(woken)
        qtbot.wait(200)
        assert unlocked.session is not None
    said = QDBusMessage.createSignal(path, interface, name)
    said.setArguments(arguments)
    assert system.send(said)
    qtbot.waitUntil(lambda: unlocked.session is None)
    assert unlocked.pages.currentWidget() is unlocked.unlock
