# SPDX-License-Identifier: AGPL-3.0-or-later
"""No test, and nothing that a test runs in this process, may open a network connection."""

import socket
from typing import Any

import pytest


class NetworkRefused(AssertionError):
    """Something tried to reach a network."""


def refuse(patch: pytest.MonkeyPatch) -> None:
    """Refuse every socket but those of one machine to itself, which multiprocessing uses."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != getattr(socket, "AF_UNIX", None):
            raise NetworkRefused(f"a connection to {address!r} was tried")
        real(self, address)

    def resolve(*_: Any, **__: Any) -> None:
        raise NetworkRefused("a name was looked up")

    patch.setattr(socket.socket, "connect", connect)
    patch.setattr(socket.socket, "connect_ex", connect)
    patch.setattr(socket, "getaddrinfo", resolve)
