# SPDX-License-Identifier: AGPL-3.0-or-later
"""The envelope of a kept file: encrypted in chunks, so that any part can be read alone and no part can be exchanged.

Layout: a header (magic, version, chunk size, length of the clear bytes, file id), then each chunk as AES-256-GCM
ciphertext with its tag. The key is made for this one file from the owner's key, the random file id and the file's name;
header, chunk index and a last-chunk flag are authenticated with every chunk, so a file that was cut short, put
together anew or given another's name does not open.
"""

import io
import os
import struct
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from imr_desktop.errors import Trouble
from imr_desktop.storage.keys import Key

CHUNK: Final = 1 << 20
_MAGIC: Final = b"IMRSEAL\0"
_VERSION: Final = 1
_HEADER: Final = struct.Struct(">8sIIQ32s")
_TAG: Final = 16
_LARGEST_CHUNK: Final = 1 << 26

Broken = Callable[[str], Trouble]
"""Makes the Trouble for a damaged file from the end of the sentence: ``is missing``, ``is cut short``..."""


class WrongLength(ValueError):
    """The data to be sealed is not as long as announced."""


def seal(data: Iterable[bytes], length: int, key: Key, name: str, *, chunk: int = CHUNK) -> Iterator[bytes]:
    """The envelope around ``data`` of exactly ``length`` bytes, piece by piece; WrongLength if that is not kept."""
    file_id = os.urandom(32)
    header = _HEADER.pack(_MAGIC, _VERSION, chunk, length, file_id)
    cipher = _cipher(key, file_id, name)
    yield header
    last = _last_chunk(length, chunk)
    seen = 0
    for index, part in enumerate(_cut(data, chunk)):
        seen += len(part)
        if seen > length or (index < last) != (seen < length):
            raise WrongLength
        yield cipher.encrypt(_nonce(index), part, _context(header, index, index == last))
    if seen != length:
        raise WrongLength


class SealedFile(io.RawIOBase):
    """The clear bytes of an envelope as a file that can be read from anywhere in it; nothing is written in clear.

    ``broken`` makes the Trouble that is raised when the envelope is missing, cut short or changed; ``start`` is where
    in the file the envelope begins, and it goes to the file's end.
    """

    def __init__(self, path: Path, key: Key, name: str, broken: Broken, start: int = 0) -> None:
        super().__init__()
        self._broken = broken
        self._start = start
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")
        try:
            self._file = path.open("rb")
        except FileNotFoundError as error:
            raise broken("is missing from the vault") from error
        except OSError as error:
            raise broken("cannot be read") from error
        try:
            self._open_header(key, name)
        except BaseException:
            self.close()
            raise

    def _open_header(self, key: Key, name: str) -> None:
        self._file.seek(self._start)
        self._header = self._file.read(_HEADER.size)
        if len(self._header) < _HEADER.size:
            raise self._broken("is cut short")
        magic, version, self._chunk, self.length, file_id = _HEADER.unpack(self._header)
        if magic != _MAGIC or version != _VERSION or not 0 < self._chunk <= _LARGEST_CHUNK:
            raise self._broken("was changed outside IMR Desktop")
        self._last = _last_chunk(self.length, self._chunk)
        whole = _HEADER.size + self.length + (self._last + 1) * _TAG
        there = os.fstat(self._file.fileno()).st_size - self._start
        if there != whole:
            raise self._broken("is cut short" if there < whole else "was changed outside IMR Desktop")
        self._cipher = _cipher(key, file_id, name)
        # The first chunk vouches for the header, so that not even a wrong length is believed.
        self._held = (0, self._read_chunk(0))

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """The offset from which the next read takes."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to an offset in the clear bytes."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.length}[whence]
        if base + offset < 0:
            raise ValueError("before the beginning of the file")
        self._at = base + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        """What follows, at most ``size`` bytes and at most to the end of a chunk; without a size, all of it."""
        if size < 0:
            return self.readall()
        if self._at >= self.length:
            return b""
        index, start = divmod(self._at, self._chunk)
        # A whole chunk is given as it was decrypted: a large file is read through without being copied.
        part = self._clear(index)
        if start or size < len(part):
            part = part[start : start + size]
        self._at += len(part)
        return part

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Fill the buffer with what follows, at most to the end of a chunk; 0 at the end of the file."""
        if self._at >= self.length:
            return 0
        index, start = divmod(self._at, self._chunk)
        part = self._clear(index)[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def read_at(self, offset: int, size: int) -> bytes:
        """``size`` bytes from ``offset`` on, fewer at the end."""
        self.seek(offset)
        taken = io.BytesIO()
        left = min(size, max(0, self.length - offset))
        while left > 0:
            index, start = divmod(offset, self._chunk)
            part = self._clear(index)[start : start + left]
            taken.write(part)
            offset += len(part)
            left -= len(part)
        self._at = offset
        return taken.getvalue()

    def close(self) -> None:
        """Close the file and forget what is held of it."""
        self._held = (-1, b"")
        if not self.closed and hasattr(self, "_file"):
            self._file.close()
        super().close()

    def _clear(self, index: int) -> bytes:
        if self._held[0] != index:
            self._held = (index, self._read_chunk(index))
        return self._held[1]

    def _read_chunk(self, index: int) -> bytes:
        size = self._chunk if index < self._last else self.length - self._last * self._chunk
        try:
            self._file.seek(self._start + _HEADER.size + index * (self._chunk + _TAG))
            locked = self._file.read(size + _TAG)
            return self._cipher.decrypt(_nonce(index), locked, _context(self._header, index, index == self._last))
        except InvalidTag as error:
            raise self._broken("was changed outside IMR Desktop") from error
        except OSError as error:
            raise self._broken("cannot be read") from error


def _cipher(key: Key, file_id: bytes, name: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, file_id, f"imr-desktop file {name}".encode()).derive(key))


def _nonce(index: int) -> bytes:
    # The key serves this one writing of this one file, so counting never repeats a nonce under it.
    return index.to_bytes(12, "big")


def _context(header: bytes, index: int, last: bool) -> bytes:
    return header + index.to_bytes(8, "big") + bytes([last])


def _last_chunk(length: int, chunk: int) -> int:
    return max(0, (length - 1) // chunk)


def _cut(data: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Pieces of exactly ``size`` bytes and a shorter last one; one empty piece for no data at all."""
    rest = bytearray()
    given = False
    for piece in data:
        view = memoryview(piece)
        while len(rest) + len(view) >= size:
            need = size - len(rest)
            yield bytes(rest) + bytes(view[:need])
            given = True
            rest.clear()
            view = view[need:]
        rest += view
    if rest or not given:
        yield bytes(rest)
