# SPDX-License-Identifier: AGPL-3.0-or-later
"""A vault to try things on, with a key derivation that costs next to nothing."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.storage import CaseStore, KdfCost, Vault

PASSPHRASE = "four words for testing"


@pytest.fixture
def passphrase() -> str:
    return PASSPHRASE


@pytest.fixture
def cost() -> KdfCost:
    return KdfCost(memory_kib=64, passes=1, lanes=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "vault"


@pytest.fixture
def vault(folder: Path, cost: KdfCost) -> Iterator[Vault]:
    with Vault.create(folder, PASSPHRASE, cost=cost) as made:
        yield made


@pytest.fixture
def store(vault: Vault) -> CaseStore:
    return vault.new_case(CaseHeader(case_number="CM00-0000001"), Imro(name="An organization"), LetterText())


@pytest.fixture
def reopen(folder: Path) -> Iterator[Callable[[Vault], Vault]]:
    """Close a vault and open it again, as after a restart."""
    opened: list[Vault] = []

    def again(vault: Vault) -> Vault:
        vault.close()
        opened.append(Vault.open(folder, PASSPHRASE))
        return opened[-1]

    yield again
    for vault in opened:
        vault.close()
