# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deriving a vault's key: the slow half of opening or making a vault, which may be done on any thread."""

import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from imr_desktop.errors import Trouble
from imr_desktop.storage import files, keys, opening, slots
from imr_desktop.storage.keyfile import KeyFile
from imr_desktop.storage.keys import KdfCost
from imr_desktop.storage.lock import DoorLock
from imr_desktop.storage.slots import Opener, Passphrase, SlotKind
from imr_desktop.storage.tries import Clock, Tries
from imr_desktop.storage.troubles import NoVault, WrongPassphrase

_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A vault's data key with the key file that it came from; ``recovered`` if not the passphrase gave it.

    It opens or makes a vault once, which then owns the key; one that is not used is to be forgotten.
    """

    file: KeyFile
    data_key: bytearray = field(repr=False)
    recovered: bool = False

    def forget(self) -> None:
        """Let the key go."""
        keys.wipe(self.data_key)


def unlock(folder: Path, key: str | Opener, *, clock: Clock = time.time) -> Unlocked:
    """The key of the vault in a folder, by its passphrase or another way in; opens no database, so any thread may.

    NoVault, WrongPassphrase, TooSoon, WrongRecoveryKey, NoKeyring, DamagedVault, AlreadyOpen, NotEnoughMemory.
    ``clock`` tells the seconds by which a wait after wrong passphrases is measured.
    """
    with files.disk_troubles():
        opening.finish_restoring(folder)
    if not opening.exists(folder):
        raise NoVault("There is no vault in this folder.")
    # A key that is still being derived on another thread, though nobody waits for it any more, is no other program.
    with _one_at_a_time:
        lock = DoorLock(folder / opening.LOCK)
        try:
            return unlocked(folder, key, clock)
        finally:
            lock.release()


def unlocked(folder: Path, key: str | Opener, clock: Clock) -> Unlocked:
    """As ``unlock``, for whoever holds the vault's door already."""
    file = KeyFile.read(folder)
    opener = Passphrase(key) if isinstance(key, str) else key
    if not isinstance(opener, Passphrase):
        return Unlocked(file, slots.unlock(file, opener), recovered=True)
    return Unlocked(file, tried(folder, file, opener, clock))


def tried(folder: Path, file: KeyFile, key: str | Opener, clock: Clock = time.time) -> bytearray:
    """The data key that a key file gives; wrong passphrases are counted in the folder, and make the next one wait.

    WrongPassphrase, TooSoon, WrongRecoveryKey, NoKeyring, DamagedVault, NotEnoughMemory.
    """
    opener = Passphrase(key) if isinstance(key, str) else key
    if not isinstance(opener, Passphrase):
        return slots.unlock(file, opener)
    tries = Tries(folder, clock)
    tries.refuse_haste()
    try:
        data_key = slots.unlock(file, opener)
    except WrongPassphrase:
        tries.wrong()
        raise
    tries.right()
    return data_key


def kinds(folder: Path) -> frozenset[SlotKind]:
    """The kinds of way into the vault in a folder; none where its key file cannot be read."""
    try:
        return frozenset(slot.kind for slot in slots.facts(KeyFile.read(folder)))
    except Trouble:
        return frozenset()


def prepared(passphrase: str, cost: KdfCost | None = None) -> Unlocked:
    """The key and the key file of a vault that is to be made: EmptyPassphrase, NotEnoughMemory; from any thread."""
    data_key = keys.new_key()
    return Unlocked(slots.with_passphrase(KeyFile.new(), passphrase, data_key, cost or KdfCost()), data_key)
