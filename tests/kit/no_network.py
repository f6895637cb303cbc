# SPDX-License-Identifier: AGPL-3.0-or-later
"""A guard under which no test reaches a network: every such attempt is refused by the interpreter itself.

Pipes and AF_UNIX sockets, by which processes on one computer talk, stay allowed.
"""

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psutil
import pytest

_REACHES = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg"}
_LOOKS_UP = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"}
_LOCAL = {getattr(socket, "AF_UNIX", None)}


class NetworkRefused(AssertionError):
    """Something tried to reach a network."""


class Guard:
    """What was attempted since the guard was set; an audit hook cannot be taken away, so it is switched."""

    def __init__(self) -> None:
        self.on = False
        self.loopback = False
        self.attempts: list[str] = []
        sys.addaudithook(self._hear)

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on or not event.startswith("socket."):
            return
        if self.loopback and _on_loopback(event, arguments):
            return
        if event in _LOOKS_UP or (event in _REACHES and not _stays_here(arguments)):
            self.attempts.append(f"{event} {arguments[1:]}")
            raise NetworkRefused(f"a test tried to reach a network: {event}")


def _stays_here(arguments: tuple[Any, ...]) -> bool:
    made, address = arguments[0], arguments[1] if len(arguments) > 1 else None
    if made.family in _LOCAL:
        return True
    # Windows has no AF_UNIX pairs; Python builds them, and only them, over its own loopback.
    return sys.platform == "win32" and isinstance(address, tuple) and address[0] in {"127.0.0.1", "::1"}


def _on_loopback(event: str, arguments: tuple[Any, ...]) -> bool:
    """Whether only this computer is meant, by its number: a name would have to be looked up."""
    if event == "socket.getaddrinfo" or event == "socket.gethostbyaddr":
        return str(arguments[0]) == "127.0.0.1"
    address = arguments[1] if len(arguments) > 1 else None
    return event in _REACHES and isinstance(address, tuple) and address[0] == "127.0.0.1"


_guard = Guard()


def refuse(patch: pytest.MonkeyPatch) -> Guard:
    """Refuse every network for as long as the patch lasts; gives what notes the attempts."""
    patch.setattr(_guard, "on", True)
    return _guard


@contextmanager
def loopback() -> Iterator[None]:
    """For the tests of time stamps alone: this computer may be reached by its number, and nothing else."""
    _guard.loopback = True
    try:
        yield
    finally:
        _guard.loopback = False


def open_connections() -> list[str]:
    """The network connections of this process and its children, as the system knows them."""
    family = [psutil.Process(), *psutil.Process().children(recursive=True)]
    found = []
    for process in family:
        try:
            found += [str(each) for each in process.net_connections(kind="inet")]
        except psutil.Error:
            continue
    return found
