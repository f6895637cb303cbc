# SPDX-License-Identifier: AGPL-3.0-or-later
"""One window for one vault: a second start raises the first and ends; a lock that a crash left behind is taken over."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCryptographicHash, QDir, QLockFile, QObject, QStandardPaths, Signal

from imr_desktop.ui.errand import Errand

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

_PATIENCE = 5.0
"""Seconds for which a second start looks for a first that holds the lock but does not listen yet."""
_TOKEN = "XDG_ACTIVATION_TOKEN"  # noqa: S105  (by this a Wayland desktop lets one program raise another's window)
_LONGEST = 200
_LONGEST_ERRAND = 16384


class Single(QObject):
    """The first start for a vault listens, and is ``raised`` by every later one, whose errand is ``asked`` of it.

    They find each other by a lock file and a local socket of this user, both named by a digest of the vault's folder.
    No network is used: the socket is a file of this computer (on Windows a named pipe).
    """

    raised = Signal()
    asked = Signal(Errand)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.RuntimeLocation) or QDir.tempPath()
        named = os.fsencode(folder.expanduser().absolute())
        digest = bytes(QCryptographicHash.hash(named, QCryptographicHash.Algorithm.Sha256).data()).hex()[:16]
        self._name = str(Path(place) / f"imr-desktop-{digest}") if os.name != "nt" else f"imr-desktop-{digest}"
        self._lock = QLockFile(str(Path(place) / f"imr-desktop-{digest}.lock"))
        # Only a process that is gone loses the lock, however long ago it took it.
        self._lock.setStaleLockTime(0)
        self._server: QLocalServer | None = None

    def first(self, errand: Errand | None = None, now: Callable[[], float] = time.monotonic) -> bool:
        """Whether this start is the first, which is to ``listen`` soon; a later one has raised the first by then.

        What it was started for, its ``errand``, is handed over with that; it waits until the first listens.

        Where neither lock nor socket can be had, the start goes on: the vault's own lock still lets only one in.
        """
        until = now() + _PATIENCE
        wait = 0
        while True:
            if self._lock.tryLock(wait):
                return True
            if self._lock.error() is not QLockFile.LockError.LockFailedError:
                return True
            if self._raise(errand or Errand()):
                return False
            if now() >= until:
                return False
            # It takes the first a moment from the lock to the socket; or it is about to end, and the lock comes free.
            wait = 100

    def listen(self) -> None:
        """Hear later starts from now on, if this is the first; the window is on the screen by then."""
        from PySide6.QtNetwork import QLocalServer

        if self._server is not None or not self._lock.isLocked():
            return
        # Whoever holds the lock owns the name: what is there is left over from a crash.
        QLocalServer.removeServer(self._name)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._heard)
        self._server.listen(self._name)

    def close(self) -> None:
        """Listen no more, and let the next start be the first."""
        if self._server is not None:
            self._server.close()
        self._lock.unlock()

    def _raise(self, errand: Errand) -> bool:
        from PySide6.QtNetwork import QLocalSocket

        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(200):
            return False
        socket.write(os.environ.get(_TOKEN, "").encode("ascii", "ignore")[:_LONGEST] + b"\n")
        socket.write(errand.told().encode() + b"\n")
        socket.waitForBytesWritten(1000)
        socket.disconnectFromServer()
        return True

    def _heard(self) -> None:
        while self._server is not None and (socket := self._server.nextPendingConnection()) is not None:
            # Both lines are written by a program of ours that ends right after; whatever else comes raises us too.
            token, told = (self._line(socket, longest) for longest in (_LONGEST, _LONGEST_ERRAND))
            if token:
                os.environ[_TOKEN] = token
            socket.abort()
            self.raised.emit()
            self.asked.emit(Errand.heard(told))

    @staticmethod
    def _line(socket: "QLocalSocket", longest: int) -> str:
        if not socket.canReadLine() and not socket.waitForReadyRead(200):
            return ""
        return bytes(socket.readLine(longest + 2).data()).decode("utf-8", "ignore").strip()
