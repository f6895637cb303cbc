# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault works without a network, and the guard that says so refuses what it has to."""

import multiprocessing
import socket
import sys
from pathlib import Path

import pytest

from imr_desktop.storage import Vault
from tests.kit.no_network import Guard, NetworkRefused, open_connections, refuse
from tests.kit.vaults import PASSPHRASE, full_vault


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> Guard:
    return refuse(monkeypatch)


def test_the_guard_refuses_a_network_and_allows_what_stays_here(no_network: Guard) -> None:
    before = len(no_network.attempts)
    with pytest.raises(NetworkRefused), socket.socket() as made:
        made.connect(("192.0.2.1", 9))
    with pytest.raises(NetworkRefused):
        socket.getaddrinfo("example.invalid", 80)
    with pytest.raises(NetworkRefused), socket.socket(type=socket.SOCK_DGRAM) as made:
        made.sendto(b"words", ("192.0.2.1", 9))
    assert len(no_network.attempts) == before + 3
    del no_network.attempts[before:]
    if sys.platform != "win32":
        one, other = socket.socketpair()
        one.sendall(b"here")
        assert other.recv(4) == b"here"
        one.close()
        other.close()
    left, right = multiprocessing.Pipe()
    left.send("here")
    assert right.recv() == "here"
    left.close()
    right.close()


def test_a_vault_is_worked_with_and_backed_up_without_one(no_network: Guard, tmp_path: Path) -> None:
    # Other tests of this process may have tried, to see that they are refused.
    before = list(no_network.attempts)
    full_vault(tmp_path / "vault", cases=1)
    with Vault.open(tmp_path / "vault", PASSPHRASE) as vault:
        list(vault.backup(tmp_path / "b"))
        vault.ways_in.add_sheet()
        assert open_connections() == []
    assert no_network.attempts == before
