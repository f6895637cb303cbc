# SPDX-License-Identifier: AGPL-3.0-or-later
"""Moving a closed vault to another place: every file is copied, read back and compared before the old ones go."""

import contextlib
import hashlib
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from imr_desktop.storage import files, opening
from imr_desktop.storage.bundle import Moved
from imr_desktop.storage.lock import DoorLock
from imr_desktop.storage.troubles import CannotWrite, NoVault, VaultExists

_PIECE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Placed:
    """A vault that stands in a new place, whole; the old one is still there, and shut, for ``remove_old``.

    Nobody can open the old one meanwhile and write what would be lost; ``leave_old`` lets it be opened again.
    """

    folder: Path
    old: Path
    lock: DoorLock | None = field(default=None, repr=False, compare=False)

    def leave_old(self) -> None:
        """Let the old place be: it may be opened again."""
        if self.lock is not None:
            self.lock.release()


def move(folder: Path, into: Path) -> Iterator[Moved | Placed]:
    """Copy a closed vault into a folder that is not there yet or empty; yields progress in bytes and, last, the place.

    NoVault, VaultExists, AlreadyOpen, DiskFull, CannotWrite: then nothing has changed.
    """
    folder, into = folder.absolute(), into.absolute()
    if not opening.exists(folder):
        raise NoVault("There is no vault in this folder.")
    if into == folder or folder in into.parents or into in folder.parents:
        raise CannotWrite("The new place is inside the old one, or the other way round.", "Choose another folder.")
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise VaultExists("The new place holds other things already.", "Choose an empty folder, or a new one.")
    lock = DoorLock(folder / opening.LOCK)
    staging = into.with_name(into.name + ".moving")
    try:
        shutil.rmtree(staging, ignore_errors=True)
        yield from _copied(folder, staging)
        with files.disk_troubles():
            if into.exists():
                into.rmdir()
            staging.rename(into)
            try:
                files.sync_folder(into.parent)
            except OSError:
                # A name that may not last is no place: the old one stays the only one.
                shutil.rmtree(into, ignore_errors=True)
                raise
    except BaseException:
        lock.release()
        shutil.rmtree(staging, ignore_errors=True)
        raise
    yield Placed(into, folder, lock)


def remove_old(placed: Placed) -> bool:
    """Remove what a move left in the old place, and nothing but that; False if something of it could not be removed."""
    if not opening.exists(placed.folder):
        raise NoVault("The vault is not in its new place, so the old one stays.")
    # The lock last: as long as it is there, whoever comes finds the vault shut.
    for path in sorted(_ours(placed.old), key=lambda path: path.name == opening.LOCK):
        if path.name == opening.LOCK and sys.platform == "win32":
            placed.leave_old()
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            files.remove(path)
    placed.leave_old()
    return not any(True for _ in _ours(placed.old))


def _ours(folder: Path) -> Iterator[Path]:
    for path in [*folder.iterdir()] if folder.is_dir() else []:
        if opening.is_ours(path.name):
            yield path


def _copied(folder: Path, staging: Path) -> Iterator[Moved]:
    found = [path for top in _ours(folder) for path in ([top] if top.is_file() else sorted(top.rglob("*")))]
    wanted = [path for path in found if path.is_file() and path != folder / opening.LOCK]
    total, done = 2 * sum(path.stat().st_size for path in wanted), 0
    files.make_private(staging)
    for path in wanted:
        target = staging / path.relative_to(folder)
        files.make_private(target.parent)
        with files.disk_troubles():
            digest = hashlib.sha256()
            with path.open("rb") as source, contextlib.closing(files.Fresh(target)) as copy:
                while piece := source.read(_PIECE):
                    digest.update(piece)
                    copy.put(piece)
                    done += len(piece)
                    yield Moved(done, total)
                copy.sync()
            again = hashlib.sha256()
            with target.open("rb") as copy_again:
                while piece := copy_again.read(_PIECE):
                    again.update(piece)
                    done += len(piece)
                    yield Moved(done, total)
        if again.digest() != digest.digest():
            raise CannotWrite("The disk gave back something else than was written to it.")
