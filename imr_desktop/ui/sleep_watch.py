# SPDX-License-Identifier: AGPL-3.0-or-later
"""The desktop's own word that the laptop goes to sleep or its screen is locked, where the system tells it (Linux)."""

import contextlib
import sys

from PySide6.QtCore import SLOT, QObject, Signal, Slot

_LOGIN = "org.freedesktop.login1"


class SleepWatch(QObject):
    """Says ``leaving`` before the laptop is suspended, and when the session is locked.

    It listens to logind and to the screen saver on the message buses of this computer; where there is none, nothing is
    said, and the guard finds out by the clock that the laptop slept. Other systems are watched by the clock alone.
    """

    leaving = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.listening = False

    def listen(self) -> None:
        """Begin to listen on the buses of this computer."""
        if not sys.platform.startswith("linux"):
            return
        # The bus library is another piece of Qt; a desktop that ships without it is watched by the clock.
        with contextlib.suppress(ImportError):
            from PySide6.QtDBus import QDBusConnection

            self.listen_on(QDBusConnection.systemBus(), QDBusConnection.sessionBus())

    def listen_on(self, system: object, session: object) -> None:
        """Begin to listen on these two buses (``QDBusConnection``)."""
        wanted = (
            (system, _LOGIN, f"{_LOGIN}.Manager", "PrepareForSleep", "_turned(bool)"),
            (system, _LOGIN, f"{_LOGIN}.Session", "Lock", "_locked()"),
            (session, "", "org.freedesktop.ScreenSaver", "ActiveChanged", "_turned(bool)"),
            (session, "", "org.gnome.ScreenSaver", "ActiveChanged", "_turned(bool)"),
        )
        for bus, service, interface, name, slot in wanted:
            if bus.isConnected():  # type: ignore[attr-defined]
                heard = bus.connect(service, "", interface, name, self, SLOT(slot))  # type: ignore[attr-defined]
                self.listening = bool(heard) or self.listening

    @Slot(bool)
    def _turned(self, begins: bool) -> None:
        if begins:
            self.leaving.emit()

    @Slot()
    def _locked(self) -> None:
        self.leaving.emit()
