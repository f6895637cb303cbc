# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that are written whole or not at all, in folders that only the reviewer may enter."""

import contextlib
import errno
import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from imr_desktop.storage.troubles import CannotWrite, DiskFull

PART = ".part"
_NO_ROOM = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}


@contextlib.contextmanager
def disk_troubles() -> Iterator[None]:
    """Turn what the system says about a write into Trouble: DiskFull or CannotWrite."""
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise DiskFull from error
        said = error.strerror or type(error).__name__
        raise CannotWrite(f"The vault could not be written ({said}).") from error


def make_private(folder: Path) -> None:
    """Make a folder, and what leads to it, that only its owner may enter where the platform knows owners."""
    with disk_troubles():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if sys.platform != "win32":
            folder.chmod(0o700)


def make_own(path: Path) -> None:
    """Let only its owner read and write a file that a library made, where the platform knows owners."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            path.chmod(0o600)


class Fresh:
    """A new file that is being written: everything given to it is on its way to the disk when ``put`` comes back."""

    def __init__(self, path: Path) -> None:
        with disk_troubles():
            self.number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)

    def put(self, data: bytes) -> None:
        """Write all of it: DiskFull, CannotWrite."""
        left = memoryview(data)
        with disk_troubles():
            while left:
                left = left[os.write(self.number, left) :]

    def sync(self) -> None:
        """Make it last: DiskFull, CannotWrite."""
        with disk_troubles():
            os.fsync(self.number)

    def close(self) -> None:
        """Let go of it; what was synced is safe, and what was not is no use."""
        with contextlib.suppress(OSError):
            os.close(self.number)


def write_whole(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file beside its place, sync it, and move it there: readers see the old file or the new one.

    Errors of ``chunks`` itself pass through; those of writing are DiskFull or CannotWrite. Either way nothing is left.
    """
    beside = path.with_name(path.name + PART)
    try:
        with contextlib.closing(Fresh(beside)) as file:
            for chunk in chunks:
                file.put(chunk)
            file.sync()
        put_in_place(beside, path)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def put_in_place(beside: Path, path: Path) -> None:
    """Move a finished file to its place and make its name last: DiskFull, CannotWrite, and then it is not there."""
    was_there = path.exists()
    with disk_troubles():
        beside.replace(path)
        try:
            sync_folder(path.parent)
        except OSError:
            # What was there before is gone, so the new file stands; a file that is new must not be there after Trouble.
            if not was_there:
                path.unlink(missing_ok=True)
                raise


def copy_beside(path: Path, name: str) -> Path:
    """Copy a file, whole, to ``name`` in the same folder."""
    copy = path.with_name(name)
    with path.open("rb") as file:
        write_whole(copy, iter(lambda: file.read(1 << 20), b""))
    return copy


def sync(path: Path) -> None:
    """Make a file and its name last through a loss of power."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last through a loss of power, where the platform lets a folder be synced."""
    if sys.platform != "win32":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        except OSError as error:
            # Network and foreign file systems that cannot sync a folder say so this way.
            if error.errno not in {errno.EINVAL, errno.ENOTSUP, errno.EBADF}:
                raise
        finally:
            os.close(number)


def remove(*paths: Path) -> None:
    """Remove files as far as they are there and the system lets us; for cleaning up, so it never complains."""
    for path in paths:
        with contextlib.suppress(OSError):
            path.unlink(missing_ok=True)
