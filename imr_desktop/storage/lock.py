# SPDX-License-Identifier: AGPL-3.0-or-later
"""The lock on the vault's door: one process has the vault open, and a process that died holds nothing."""

import contextlib
import errno
import os
import sys
from pathlib import Path

from imr_desktop.storage.files import disk_troubles
from imr_desktop.storage.troubles import AlreadyOpen

_HELD = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}

if sys.platform == "win32":
    import msvcrt

    def _take(number: int) -> None:
        msvcrt.locking(number, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(number: int) -> None:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)


class DoorLock:
    """The operating system's own lock on a file; it goes with the process, whatever becomes of it.

    The lock is on a file of its own because closing any other handle of a database file would release SQLite's locks
    on it. Where a file system knows no such locks, SQLite's exclusive mode alone keeps the second process out.
    """

    def __init__(self, path: Path) -> None:
        self._number = -1
        with disk_troubles():
            self._number = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _take(self._number)
        except OSError as error:
            if error.errno in _HELD:
                self.release()
                raise already_open() from error

    def release(self) -> None:
        """Let the next one in; a second time is once."""
        number, self._number = self._number, -1
        if number >= 0:
            with contextlib.suppress(OSError):
                os.close(number)

    def __del__(self) -> None:
        """A lock that nobody has any more keeps nobody out."""
        self.release()


def already_open() -> AlreadyOpen:
    """The Trouble for a vault that somebody else holds."""
    return AlreadyOpen("This vault is already open in another window or program.")
