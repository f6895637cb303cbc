# SPDX-License-Identifier: AGPL-3.0-or-later
"""The form of a backup: one file that holds a whole vault, opens by any of its ways in, and tells any change.

Layout: magic, version and the length of the label; the label (JSON: which vault, when, which data key, and the key file
with its slots); then one sealed envelope (``sealed.py``) under a key made from the data key and bound to the label. In
the envelope: the length of the index, the index (JSON: name and size of each file), and the files one after another.
"""

import base64
import hashlib
import json
import re
import struct
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from imr_desktop.storage import files, keys, sealed
from imr_desktop.storage.keyfile import KeyFile
from imr_desktop.storage.troubles import DamagedVault, NewerVault, NotABackup

_MAGIC: Final = b"IMRBACK\0"
_VERSION: Final = 1
_START: Final = struct.Struct(">8sII")
_COUNT: Final = struct.Struct(">I")
_LARGEST_LABEL: Final = 1 << 20
# Only these can be in a backup, so that no backup can put a file elsewhere.
_NAME: Final = re.compile(
    r"vault\.db|cases/[0-9a-f]{16}/(pages\.db|sources/[0-9a-f]{64}\.enc)|letters/[0-9a-f]{32}\.(enc|slip)"
)


@dataclass(frozen=True, slots=True)
class Moved:
    """How far long work on the vault's files is, in bytes."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Label:
    """What a backup says of itself before it is unlocked; the slots in ``file`` are its ways in."""

    file: KeyFile
    made: datetime
    key_mark: str
    encoded: bytes

    @property
    def start(self) -> int:
        """Where in the file the envelope begins."""
        return _START.size + len(self.encoded)

    @property
    def name(self) -> str:
        """What the envelope is bound to."""
        return f"backup {hashlib.sha256(self.encoded).hexdigest()}"


def label(file: KeyFile, made: datetime, data_key: keys.Key) -> Label:
    """The label of a backup that is being made."""
    mark = key_mark(data_key)
    held = base64.b64encode(file.encoded()).decode()
    told = {"format": "imr-backup/1", "vault": file.id, "made": made.isoformat(), "key": mark, "vault.json": held}
    return Label(file, made, mark, json.dumps(told).encode())


def read_label(path: Path) -> Label:
    """The label of a backup: NotABackup, NewerVault."""
    try:
        with path.open("rb") as file:
            start = file.read(_START.size)
            magic, version, length = _START.unpack(start) if len(start) == _START.size else (b"", 0, 0)
            if magic != _MAGIC or length > _LARGEST_LABEL:
                raise NotABackup("This file is not a backup of a vault.", place=path.name)
            if version != _VERSION:
                raise NewerVault("This backup was made by a newer version of IMR Desktop.", place=path.name)
            encoded = file.read(length)
    except OSError as error:
        raise NotABackup(f"The backup cannot be read ({error.strerror}).", place=path.name) from error
    try:
        told = json.loads(encoded)
        held = KeyFile.parse(base64.b64decode(told["vault.json"], validate=True))
        return Label(held, datetime.fromisoformat(told["made"]), str(told["key"]), encoded)
    except (ValueError, KeyError, TypeError, DamagedVault) as error:
        raise damaged(path) from error


def key_mark(data_key: keys.Key) -> str:
    """A mark by which a backup says which data key it is under; it tells nothing of the key."""
    made = keys.subkey(data_key, "backup mark")
    return hashlib.sha256(made).hexdigest()[:16]


def envelope(told: Label, found: list[tuple[str, Path, int]], data_key: keys.Key) -> Iterator[bytes]:
    """A backup's bytes, piece by piece: of each file its name in the vault, where it is read and how long it is."""
    index = json.dumps([[name, size] for name, _, size in found]).encode()
    length = _COUNT.size + len(index) + sum(size for _, _, size in found)
    key = keys.subkey(data_key, "backup")

    def clear() -> Iterator[bytes]:
        yield _COUNT.pack(len(index)) + index
        for _, path, size in found:
            yield from _padded(path, size)

    yield _START.pack(_MAGIC, _VERSION, len(told.encoded)) + told.encoded
    try:
        yield from sealed.seal(clear(), length, key, told.name)
    finally:
        keys.wipe(key)


def walk(path: Path, told: Label, data_key: keys.Key, into: Callable[[str], Path | None]) -> Iterator[Moved]:
    """Read a backup through, which proves every byte of it, and write the files for which ``into`` gives a path.

    NotABackup if a byte of it is not as it was written; DiskFull, CannotWrite.
    """
    key = keys.subkey(data_key, "backup")
    try:
        with sealed.SealedFile(path, key, told.name, lambda what: damaged(path, what), told.start) as file:
            for name, size in _index(path, file):
                target = into(name)
                pieces = _pieces(path, file, size)
                if target is None:
                    for _ in pieces:
                        yield Moved(file.tell(), file.length)
                else:
                    yield from _written(target, pieces, file)
    finally:
        keys.wipe(key)


def damaged(path: Path, what: str = "is damaged") -> NotABackup:
    """The Trouble for a backup that is not as it was written."""
    return NotABackup(f"The backup {what}.", place=path.name)


def _written(target: Path, pieces: Iterator[bytes], file: sealed.SealedFile) -> Iterator[Moved]:
    files.make_private(target.parent)
    with closing(files.Fresh(target)) as out:
        for piece in pieces:
            out.put(piece)
            yield Moved(file.tell(), file.length)
        out.sync()


def _index(path: Path, file: sealed.SealedFile) -> list[tuple[str, int]]:
    (length,) = _COUNT.unpack(_exactly(path, file, _COUNT.size))
    listed: Any = json.loads(_exactly(path, file, length))
    index = [(str(name), int(size)) for name, size in listed]
    if not all(_NAME.fullmatch(name) for name, _ in index):
        raise damaged(path, "names a file that no vault has")
    return index


def _exactly(path: Path, file: sealed.SealedFile, size: int) -> bytes:
    taken = file.read_at(file.tell(), size)
    if len(taken) != size:
        raise damaged(path)
    return taken


def _pieces(path: Path, file: sealed.SealedFile, size: int) -> Iterator[bytes]:
    left = size
    while left:
        piece = file.read(min(left, sealed.CHUNK))
        if not piece:
            raise damaged(path)
        left -= len(piece)
        yield piece


def _padded(path: Path, size: int) -> Iterator[bytes]:
    """Exactly ``size`` bytes of a file. What the disk no longer gives is filled up; the file's own seal tells it."""
    left = size
    try:
        with path.open("rb") as file:
            while left and (piece := file.read(min(left, sealed.CHUNK))):
                left -= len(piece)
                yield piece
    except OSError:
        pass
    while left:
        piece = bytes(min(left, sealed.CHUNK))
        left -= len(piece)
        yield piece


__all__ = ["Label", "Moved", "damaged", "envelope", "key_mark", "label", "read_label", "walk"]
