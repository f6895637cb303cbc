# SPDX-License-Identifier: AGPL-3.0-or-later
"""The source files of one case: encrypted as they come in, decrypted as they are read, never in clear on the disk."""

import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from imr_desktop.models.records import SourceFile
from imr_desktop.storage import files, keys, sealed
from imr_desktop.storage.troubles import DamagedSource, SourceChanged

SourceData = bytes | BinaryIO | Iterable[bytes]

_SHA256 = re.compile(r"[0-9a-f]{64}")


class Sources:
    """The folder of source files of one case and the key that they are under. Reading may be done from any thread."""

    def __init__(self, folder: Path, key: bytearray) -> None:
        self._folder = folder
        self._key = key
        self._closed = False
        files.remove(*folder.glob(f"*{files.PART}"))

    def add(self, source: SourceFile, data: SourceData) -> Path | None:
        """Keep a file's bytes; gives its path if it was not there before. SourceChanged, DiskFull, CannotWrite."""
        path = self.path(source.sha256)
        files.make_private(path.parent)
        was_there = path.exists()
        checked = _checked(_chunks(data), source.sha256)
        try:
            files.write_whole(path, sealed.seal(checked, source.byte_count, self._key, source.sha256))
        except sealed.WrongLength as error:
            raise _changed() from error
        return None if was_there else path

    def open(self, sha256: str) -> sealed.SealedFile:
        """A file to read from anywhere in it, decrypted as it is read; DamagedSource."""
        return sealed.SealedFile(self.path(sha256), self._key, sha256, _broken)

    def check(self, sha256: str) -> None:
        """Read a file through: DamagedSource if it is not the one that came in."""
        digest = hashlib.sha256()
        with self.open(sha256) as file:
            while piece := file.read(sealed.CHUNK):
                digest.update(piece)
        if digest.hexdigest() != sha256:
            raise _broken("is not the one that came in")

    def stored(self) -> tuple[Path, ...]:
        """Every file in the folder."""
        return tuple(sorted(path for path in self._folder.glob("*") if path.is_file()))

    def path(self, sha256: str) -> Path:
        """Where a file stands."""
        # The name becomes a path, and it may have come in from somebody else's file.
        if _SHA256.fullmatch(sha256) is None:
            raise ValueError("not a SHA-256")
        if self._closed:
            raise RuntimeError("the vault is closed")
        return self._folder / f"{sha256}.enc"

    def close(self) -> None:
        """Let the key go."""
        self._closed = True
        keys.wipe(self._key)


def _broken(what: str) -> DamagedSource:
    return DamagedSource(f"A source file of this case {what}.")


def _changed() -> SourceChanged:
    return SourceChanged("The file changed while it was being imported.")


def _chunks(data: SourceData) -> Iterable[bytes]:
    if isinstance(data, bytes):
        return (data,)
    if isinstance(data, io.IOBase) or hasattr(data, "read"):
        file: Any = data
        return iter(lambda: file.read(sealed.CHUNK), b"")
    return data


def _checked(chunks: Iterable[bytes], sha256: str) -> Iterator[bytes]:
    digest = hashlib.sha256()
    for chunk in chunks:
        digest.update(chunk)
        yield chunk
    if digest.hexdigest() != sha256:
        raise _changed()
