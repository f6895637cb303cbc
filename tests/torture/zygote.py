# SPDX-License-Identifier: AGPL-3.0-or-later
"""The other end of ``worker.py``: gives jobs, hears what is said, and kills."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Zygote:
    """A running ``worker.py``."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def give(self, line: str) -> None:
        """Give a job, or let one that waits go on."""
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def hear(self) -> tuple[str, str]:
        """The next thing said, with its detail; it is an error that nothing more comes."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the worker is gone"
        word, _, detail = line.strip().partition(" ")
        return word, detail

    def hear_until_gone(self) -> list[tuple[str, str]]:
        """Everything that is still said until the processes of the job are gone."""
        heard = []
        while (said := self.hear())[0] != "gone":
            heard.append(said)
        return heard


def kill(number: str) -> None:
    """End a process that was started here, with no chance to do anything more."""
    os.kill(int(number), signal.SIGKILL)


@contextmanager
def zygote() -> Iterator[Zygote]:
    """A worker for as long as the block lasts."""
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("worker.py"))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with process:
        try:
            yield Zygote(process)
        finally:
            process.kill()
