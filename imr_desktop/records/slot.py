# SPDX-License-Identifier: AGPL-3.0-or-later
"""A piece of memory that parent and child share, so that a drawn page need not be squeezed through the pipe."""

import contextlib
import os
from multiprocessing.shared_memory import SharedMemory

# One letter page at 200 dpi; larger ones take the pipe, which costs about a millisecond a megabyte.
SLOT_BYTES = 16 << 20


class Slot:
    """Room for one drawn page; the child fills it, the parent empties it before it asks for another."""

    def __init__(self, memory: SharedMemory, *, owner: bool) -> None:
        if memory.buf is None:
            raise OSError("shared memory without room")
        self._memory = memory
        self._room: memoryview = memory.buf
        self._owner = owner

    @classmethod
    def make(cls) -> "Slot | None":
        """The parent's end; None where the machine has no shared memory to spare, and the pipe must do."""
        try:
            memory = SharedMemory(create=True, size=SLOT_BYTES)
        except OSError:
            return None
        slot = cls(memory, owner=True)
        if slot._reserved():
            return slot
        slot.close()
        return None

    @classmethod
    def join(cls, name: str | None) -> "Slot | None":
        """The child's end of the slot with this name; None if there is none."""
        if name is None:
            return None
        try:
            return cls(SharedMemory(name=name), owner=False)
        except OSError:
            return None

    @property
    def name(self) -> str:
        """By which the child finds it."""
        return self._memory.name

    def put(self, content: memoryview) -> bool:
        """Fill the slot; False if the content does not fit."""
        if content.nbytes > self._memory.size:
            return False
        self._room[: content.nbytes] = content
        return True

    def take(self, count: int) -> bytes:
        """The first ``count`` bytes."""
        return bytes(self._room[:count])

    def copy(self, room: memoryview) -> None:
        """Fill ``room`` from the slot."""
        room[:] = self._room[: room.nbytes]

    def close(self) -> None:
        """Let go of the memory; the owner also gives it back to the machine."""
        self._memory.close()
        if self._owner:
            with contextlib.suppress(FileNotFoundError):
                self._memory.unlink()

    def _reserved(self) -> bool:
        # Without this, a full shared-memory file system shows only as a bus error in the middle of a page.
        descriptor = getattr(self._memory, "_fd", -1)
        if descriptor < 0 or not hasattr(os, "posix_fallocate"):
            return True
        try:
            os.posix_fallocate(descriptor, 0, SLOT_BYTES)
        except OSError:
            return False
        return True
