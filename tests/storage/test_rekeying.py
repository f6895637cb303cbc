# SPDX-License-Identifier: AGPL-3.0-or-later
"""A new data key is in force wholly or not at all, and every way in but an older key file stays good."""

import os
import shutil
from pathlib import Path

import pyrage
import pytest

from imr_desktop.storage import (
    DamagedVault,
    DiskFull,
    Opener,
    OrganisationKey,
    RecoveryCode,
    Vault,
    WrongPassphrase,
    opening,
)
from imr_desktop.storage.keyfile import KeyFile
from tests.kit.vaults import PASSPHRASE, contents, full_vault


@pytest.fixture
def full(folder: Path) -> Path:
    full_vault(folder)
    return folder


def test_after_a_new_data_key_everything_is_there_and_the_old_files_do_not_open_it(full: Path, tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    vault = Vault.open(full, PASSPHRASE)
    code = vault.ways_in.add_sheet()
    vault.ways_in.add_organisation(str(identity.to_public()))
    before, old_key = contents(vault), bytes(vault._data_key)
    shutil.copy(full / "vault.json", tmp_path / "old.json")
    again = vault.rekey(PASSPHRASE)
    assert vault.closed
    assert contents(again) == before
    assert bytes(again._data_key) != old_key
    assert again.audit().events[-1].kind == "data key changed"
    assert again.check().faults == ()
    again.close()
    assert (full / "vault.head").exists(), "an older database is noticed from now on"
    ways: tuple[str | Opener, ...] = (PASSPHRASE, RecoveryCode(code), OrganisationKey(str(identity)))
    for key in ways:
        with Vault.open(full, key) as opened:
            assert contents(opened) == before
            assert opened.notices == ()
    assert not (full / opening.REKEYED).exists()
    for name in ("vault.json", "vault.json.copy"):
        shutil.copy(tmp_path / "old.json", full / name)
    with pytest.raises(DamagedVault):
        Vault.open(full, PASSPHRASE)


def test_a_wrong_passphrase_changes_nothing(full: Path) -> None:
    with Vault.open(full, PASSPHRASE) as vault:
        before = (full / "vault.json").read_bytes()
        with pytest.raises(WrongPassphrase):
            vault.rekey("wrong")
        assert not vault.closed
        assert (full / "vault.json").read_bytes() == before
        assert vault.check().faults == ()


class Killed(BaseException):
    pass


@pytest.mark.parametrize("committed", [False, True])
def test_a_crash_on_either_side_of_the_point_that_counts(
    full: Path, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    vault = Vault.open(full, PASSPHRASE)
    before, old = contents(vault), bytes(vault._data_key)
    real = KeyFile.write

    def write(file: KeyFile, folder: Path) -> None:
        if committed:
            real(file, folder)
        raise Killed

    with monkeypatch.context() as later:
        later.setattr(KeyFile, "write", write)
        later.setattr(opening, "remove_database", lambda _: None)
        with pytest.raises(Killed):
            vault.rekey(PASSPHRASE)
    vault._release()
    assert (full / opening.REKEYED).exists()
    with Vault.open(full, PASSPHRASE) as again:
        assert contents(again) == before
        assert (bytes(again._data_key) == old) != committed
        assert again.check().faults == ()
    assert not (full / opening.REKEYED).exists()


def test_a_full_disk_leaves_the_old_key_at_every_sync(full: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, outcomes = os.fsync, set()
    for number in range(12):
        vault = Vault.open(full, PASSPHRASE)
        before, old, count = contents(vault), bytes(vault._data_key), iter(range(1000))

        def fsync(handle: int, count: object = count, number: int = number) -> None:
            if next(count) == number:  # type: ignore[call-overload]
                raise OSError(28, "no room")
            real(handle)

        monkeypatch.setattr(os, "fsync", fsync)
        try:
            again = vault.rekey(PASSPHRASE)
        except DiskFull:
            again = vault
            assert bytes(again._data_key) == old
            outcomes.add("old")
        else:
            assert bytes(again._data_key) != old
            outcomes.add("new")
        monkeypatch.setattr(os, "fsync", real)
        assert contents(again) == before
        again.close()
        with Vault.open(full, PASSPHRASE) as opened:
            assert contents(opened) == before
    assert outcomes == {"old", "new"}
