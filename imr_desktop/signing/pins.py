# SPDX-License-Identifier: AGPL-3.0-or-later
"""A token's PIN: held where zeros can be written over it, and never as a text, which Python would leave behind."""

import ctypes
from pathlib import Path

_ROOM = 256


class Pin:
    """A PIN as it is typed or read: bytes in one place of a fixed size, gone with ``wipe``.

    It says ``encode`` as a text does, which is all that python-pkcs11 asks of it; what it hands out so is wiped too.
    """

    def __init__(self, typed: str = "") -> None:
        # Its room is there from the beginning: a buffer that grows would leave its beginnings behind.
        self._held = bytearray(_ROOM)
        self._used = 0
        self._given: list[bytes] = []
        self.add(typed)

    @classmethod
    def read(cls, file: Path) -> "Pin":
        """The PIN that is a file's first line; OSError."""
        made = cls()
        with file.open("rb", buffering=0) as read:
            count = read.readinto(memoryview(made._held)[: _ROOM - 1]) or 0
        ends = [at for at in (made._held.find(b"\n", 0, count), made._held.find(b"\r", 0, count)) if at >= 0]
        made._used = min(ends, default=count)
        made._held[made._used :] = bytes(_ROOM - made._used)
        return made

    def __len__(self) -> int:
        """How many characters it has."""
        return sum(each & 0xC0 != 0x80 for each in memoryview(self._held)[: self._used])

    def add(self, typed: str) -> None:
        """More characters at the end; what no PIN is long enough for is left out."""
        for mark in typed:
            code = mark.encode()
            if self._used + len(code) < _ROOM:
                self._held[self._used : self._used + len(code)] = code
                self._used += len(code)

    def take_back(self) -> None:
        """The last character goes."""
        while self._used:
            self._used -= 1
            last, self._held[self._used] = self._held[self._used], 0
            if last & 0xC0 != 0x80:
                return

    def encode(self, _encoding: str = "utf-8") -> bytes:
        """The PIN as the driver takes it (UTF-8)."""
        given = bytes(memoryview(self._held)[: self._used])
        self._given.append(given)
        return given

    def wipe(self) -> None:
        """Write zeros over it, and over what was handed out of it."""
        self._held[:] = bytes(_ROOM)
        self._used = 0
        for given in self._given:
            # One byte alone is Python's own and shared by everybody.
            if len(given) > 1:
                ctypes.memset(id(given) + bytes.__basicsize__ - 1, 0, len(given))
        self._given.clear()
