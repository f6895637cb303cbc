# SPDX-License-Identifier: AGPL-3.0-or-later
"""The library of precedents lives in the vault's folder: it moves, is checked, and a restore does not lose it."""

from datetime import date
from pathlib import Path

import pytest

from imr_desktop.models.precedents import Precedent, PrecedentItem
from imr_desktop.storage import BackupMade, Placed, Restored, Vault, move, remove_old, restore
from tests.kit.vaults import PASSPHRASE, flip, full_vault, last


@pytest.fixture
def full(folder: Path) -> Path:
    full_vault(folder, cases=1)
    with Vault.open(folder, PASSPHRASE) as vault:
        item = PrecedentItem(1, "Acupuncture", "Upheld", treatment="acupuncture")
        kept = Precedent("0" * 64, "letter.pdf", "CM13-0000001", date(2014, 1, 2), (item,), "{}")
        assert vault.precedents().add([kept]) == 1
    return folder


def _count(vault: Vault) -> int:
    return vault.precedents().count()[0]


def test_it_moves_with_the_vault(full: Path, tmp_path: Path) -> None:
    assert remove_old(last(move(full, tmp_path / "new"), Placed))
    assert not list(full.iterdir())
    with Vault.open(tmp_path / "new", PASSPHRASE) as vault:
        assert _count(vault) == 1


def test_a_restore_carries_it_over_and_a_new_data_key_leaves_it(full: Path, tmp_path: Path) -> None:
    with Vault.open(full, PASSPHRASE) as vault:
        made = last(vault.backup(tmp_path / "a.imrbackup"), BackupMade)
    restored = last(restore(made.path, full, PASSPHRASE), Restored)
    assert restored.set_aside is not None
    for folder in (full, restored.set_aside):
        with Vault.open(folder, PASSPHRASE) as vault:
            assert _count(vault) == 1
            with vault.rekey(PASSPHRASE) as anew:
                assert _count(anew) == 1
    # On another computer there is none to carry over; the restored vault begins an empty one.
    last(restore(made.path, tmp_path / "other", PASSPHRASE), Restored)
    with Vault.open(tmp_path / "other", PASSPHRASE) as vault:
        assert _count(vault) == 0


def test_its_damage_is_told_by_a_check_and_harms_no_case(full: Path) -> None:
    with Vault.open(full, PASSPHRASE) as vault:
        assert not vault.check().faults
    library = full / "precedents.db"
    flip(library, library.stat().st_size // 2)
    with Vault.open(full, PASSPHRASE) as vault:
        (fault,) = vault.check().faults
        assert fault.place == "precedents.db"
        assert vault.case(vault.cases()[0].id).read().items
