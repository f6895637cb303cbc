# SPDX-License-Identifier: AGPL-3.0-or-later
"""The walls around the process that reads PDFs: quiet, without keys, files or network, and with a ceiling of memory."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from imr_desktop.records.heap import keep_freed_memory
from imr_desktop.records.protocol import Caps
from imr_desktop.records.slot import Slot

_OURS = "IMR_DESKTOP_"


def run(pipe: Connection, slot_name: str | None, caps: Caps) -> None:
    """What the child process does from its first moment to its last (target of a spawned process)."""
    _forget_secrets()
    _be_quiet()
    keep_freed_memory()
    _step_back(caps.nice)
    slot = Slot.join(slot_name)
    # Imported here and not above: the parent imports this module, and must never load MuPDF.
    from imr_desktop.records.engine import Engine

    engine = Engine(pipe, slot, caps, Ceiling(caps.memory))
    shut_the_doors()
    # An end of file or a broken pipe means that the parent is gone, and nobody is left to answer.
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        engine.serve()


class Ceiling:
    """How much address space this process may take, where the platform can hold it to that.

    The parent also watches the process's memory, for the platforms that cannot.
    """

    def __init__(self, room: int) -> None:
        self._limit = _address_space() + room if _address_space() else 0
        self.allow(0)

    def allow(self, held: int) -> None:
        """Make room for source files of this many bytes, beside what reading them takes."""
        if sys.platform == "linux" and self._limit:
            import resource

            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            wanted = self._limit + held
            resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))


def shut_the_doors() -> None:
    """From here on no file can be opened or grow, no network reached, and no memory image written to disk."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
        with open(os.devnull) as first_free:  # noqa: PTH123 - only its number is wanted
            number = first_free.fileno()
        resource.setrlimit(resource.RLIMIT_NOFILE, (number, number))


@contextlib.contextmanager
def last_resort(seconds: float) -> Iterator[None]:
    """End this process by its own alarm if what is done inside takes this long; for when the parent is gone."""
    if sys.platform == "win32":
        yield
        return
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _address_space() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _forget_secrets() -> None:
    for name in [name for name in os.environ if name.startswith(_OURS)]:
        del os.environ[name]


def _be_quiet() -> None:
    # The terminal's Ctrl+C is for the parent, which then closes this process in its own order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.close(nowhere)


def _step_back(nice: int) -> None:
    if nice <= 0:
        return
    if sys.platform == "win32":
        import psutil

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
    else:
        os.nice(nice)
