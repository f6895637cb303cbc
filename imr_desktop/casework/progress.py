# SPDX-License-Identifier: AGPL-3.0-or-later
"""Progress: what long work says while it goes on, so that window and command line can both run it and stop it."""

import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TypeVar

from imr_desktop.errors import Trouble

T = TypeVar("T")
# So often does who waits say so: within a frame of the window that pumps it.
_TURN = 0.004


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work is: ``done`` of ``total`` parts, what is being done, and what came of it so far.

    ``case_id`` names the case that an intake makes; ``troubles`` is what went wrong without stopping the work.
    """

    done: int
    total: int
    what: str
    case_id: str = ""
    troubles: tuple[Trouble, ...] = ()


def meanwhile(work: Callable[[], T], said: Progress, *, abandon: bool = False) -> Generator[Progress, None, T]:
    """Do this on a thread of its own, saying ``said`` before and until it is done; gives and raises what it does.

    ``work`` touches neither vault nor window. Stopped in between, its end is waited for, because what it uses is let go
    of after that; ``abandon``: it is not waited for, because it only waits for somebody else.
    """
    came: Future[T] = Future()
    done = threading.Event()

    def do() -> None:
        try:
            came.set_result(work())
        except BaseException as why:  # raised again where it is waited for
            came.set_exception(why)
        finally:
            done.set()

    yield said
    thread = threading.Thread(target=do, name="meanwhile", daemon=True)
    thread.start()
    try:
        while not done.wait(_TURN):
            yield said
    finally:
        if not abandon:
            thread.join()
    return came.result()
