# SPDX-License-Identifier: AGPL-3.0-or-later
"""A damaged vault.db costs what was on the damaged spot at most; the wreck is kept, and every other case is whole."""

import os
import shutil
from pathlib import Path

import pytest

from imr_desktop.storage import DamagedVault, Salvaged, Vault, WrongPassphrase, salvage
from tests.kit.vaults import PASSPHRASE, contents, flip, full_vault, places


@pytest.fixture
def full(folder: Path) -> Path:
    full_vault(folder, cases=6)
    return folder


def _salvaged(folder: Path) -> Salvaged:
    with pytest.raises(DamagedVault):
        Vault.open(folder, PASSPHRASE)
    return salvage(folder, PASSPHRASE)


def test_a_flipped_bit_anywhere_loses_no_other_case(full: Path) -> None:
    """Twenty-four places, the file's first bytes among them, on which all of its checksums hang."""
    with Vault.open(full, PASSPHRASE) as vault:
        before = contents(vault)
    kept = full.with_name("kept")
    shutil.copytree(full, kept)
    size = (full / "vault.db").stat().st_size
    untouched = 0
    for at in places(size, 24):
        flip(full / "vault.db", at, bit=at % 8)
        damaged = (full / "vault.db").read_bytes()
        done = _salvaged(full)
        assert done.wreck.read_bytes() == damaged
        hurt = {fault.case_id for fault in done.faults}
        with Vault.open(full, PASSPHRASE) as vault:
            after = contents(vault)
            hurt |= {fault.case_id for fault in vault.check().faults}
            assert done.cases == 6
            for case_id, was in before.items():
                assert after[case_id] == was or case_id in hurt
            assert sum(after[case_id] != before[case_id] for case_id in before) <= 1
            untouched += after == before
        shutil.rmtree(full)
        shutil.copytree(kept, full)
    assert untouched == 24


def test_damage_of_many_bytes_costs_what_was_there_and_no_more(full: Path) -> None:
    with Vault.open(full, PASSPHRASE) as vault:
        before = contents(vault)
    kept = full.with_name("kept")
    shutil.copytree(full, kept)
    size = (full / "vault.db").stat().st_size
    whole = lost = 0
    for at in places(size - 64, 14)[1:]:
        with (full / "vault.db").open("rb+") as file:
            file.seek(at)
            file.write(bytes(64))
        done = _salvaged(full)
        with Vault.open(full, PASSPHRASE) as vault:
            hurt = {fault.case_id for fault in (*done.faults, *vault.check().faults)}
            for case_id, was in before.items():
                there = vault.case(case_id).read() if case_id in {case.id for case in vault.cases()} else None
                lost += there != was["case"]
                whole += there == was["case"]
                assert there == was["case"] or case_id in hurt or "" in hurt
        shutil.rmtree(full)
        shutil.copytree(kept, full)
    assert lost <= 6
    assert whole >= 70


@pytest.mark.parametrize("share", [0.95, 0.75, 0.5, 0.25])
def test_a_file_cut_short_gives_what_is_left_of_it(full: Path, share: float) -> None:
    with Vault.open(full, PASSPHRASE) as vault:
        before = contents(vault)
    path = full / "vault.db"
    os.truncate(path, int(path.stat().st_size * share))
    done = _salvaged(full)
    hurt = {fault.case_id for fault in done.faults}
    with Vault.open(full, PASSPHRASE) as vault:
        hurt |= {fault.case_id for fault in vault.check().faults}
        there = {case.id for case in vault.cases()}
        for case_id, was in before.items():
            now = vault.case(case_id).read() if case_id in there else None
            assert now == was["case"] or case_id in hurt or "" in hurt


def test_a_file_of_noise_is_hopeless_and_says_so(full: Path) -> None:
    noise = os.urandom(40960)
    (full / "vault.db").write_bytes(noise)
    with pytest.raises(DamagedVault, match="Nothing can be read") as caught:
        salvage(full, PASSPHRASE)
    assert "backup" in caught.value.advice
    assert (full / "vault.db").read_bytes() == noise
    assert not list(full.glob("*.salvage*"))
    assert not list(full.glob("*.rebuilt*"))


def test_a_missing_database_is_hopeless_too(full: Path) -> None:
    (full / "vault.db").unlink()
    with pytest.raises(DamagedVault):
        salvage(full, PASSPHRASE)


def test_a_wrong_passphrase_salvages_nothing(full: Path) -> None:
    flip(full / "vault.db", 9000)
    before = (full / "vault.db").read_bytes()
    with pytest.raises(WrongPassphrase):
        salvage(full, "wrong")
    assert (full / "vault.db").read_bytes() == before
    assert not list(full.glob("*.wreck*"))


def test_salvaging_a_whole_vault_loses_nothing(full: Path) -> None:
    with Vault.open(full, PASSPHRASE) as vault:
        before = contents(vault)
    assert salvage(full, PASSPHRASE).faults == ()
    with Vault.open(full, PASSPHRASE) as vault:
        assert contents(vault) == before
        assert vault.check().faults == ()
