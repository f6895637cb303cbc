# SPDX-License-Identifier: AGPL-3.0-or-later
"""The same work over many files, each by itself, on several processes; what goes wrong with one is told of that one."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Generic, TypeVar

from imr_desktop.errors import Trouble

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Told(Generic[R]):
    """What came of one file: a result, or what went wrong; exactly one of them is there."""

    path: Path
    result: R | None
    trouble: Trouble | None


# A Trouble cannot cross to another process as it is; its sentences can.
_Answer = tuple[R | None, tuple[str, str, str | None] | None]


def workers_there() -> int:
    """How many processes this computer can run at once."""
    return max(1, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)


def over(work: Callable[[Path], R], paths: Iterable[Path], workers: int = 1) -> Iterator[Told[R]]:
    """Do ``work`` on every file, in their order. With more than one worker it must be importable (no closure).

    A file whose work takes its process down costs that file; the others go on.
    """
    if workers <= 1:
        for path in paths:
            yield _told(path, _safely(work, path))
        return
    waiting = iter(paths)
    pool = _pool(workers)
    try:
        ahead: deque[tuple[Path, Future[_Answer[R]]]] = deque()
        while True:
            for path in islice(waiting, workers * 4 - len(ahead)):
                ahead.append((path, pool.submit(_safely, work, path)))
            if not ahead:
                return
            path, future = ahead.popleft()
            try:
                answer = future.result()
            except BrokenProcessPool:
                pool.shutdown(wait=False, cancel_futures=True)
                pool = _pool(workers)
                answer = _alone(work, path)
                ahead = deque((other, pool.submit(_safely, work, other)) for other, _ in ahead)
            yield _told(path, answer)
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _pool(workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))


def _alone(work: Callable[[Path], R], path: Path) -> _Answer[R]:
    with _pool(1) as pool:
        try:
            return pool.submit(_safely, work, path).result()
        except BrokenProcessPool:
            said = f"{path.name} could not be worked on: its process ended in the middle of it."
            return None, (said, "Leave this file out, or look at it by itself.", str(path))


def _safely(work: Callable[[Path], R], path: Path) -> _Answer[R]:
    try:
        return work(path), None
    except Trouble as trouble:
        return None, (trouble.happened, trouble.advice, trouble.place or str(path))


def _told(path: Path, answer: _Answer[R]) -> Told[R]:
    result, why = answer
    return Told(path, result, None if why is None else Trouble(why[0], why[1], place=why[2]))
