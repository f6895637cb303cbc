# SPDX-License-Identifier: AGPL-3.0-or-later
"""A vault is moved whole or not at all, and the old place is emptied of what was the vault's and of nothing else."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from imr_desktop.storage import (
    AlreadyOpen,
    CannotWrite,
    DiskFull,
    NoVault,
    Placed,
    Vault,
    VaultExists,
    move,
    remove_old,
)
from tests.kit.vaults import PASSPHRASE, contents, full_vault, last


@pytest.fixture
def full(folder: Path) -> Path:
    full_vault(folder)
    return folder


def _contents(folder: Path) -> dict[str, dict[str, Any]]:
    with Vault.open(folder, PASSPHRASE) as vault:
        assert not vault.check().faults
        assert vault.notices == ()
        return contents(vault)


def test_everything_is_in_the_new_place_and_the_old_one_is_emptied(full: Path, tmp_path: Path) -> None:
    before = _contents(full)
    (full / "vault-is-elsewhere.txt").write_text("not the vault's own")
    placed = last(move(full, tmp_path / "new" / "place"), Placed)
    assert remove_old(placed)
    assert _contents(tmp_path / "new" / "place") == before
    assert [path.name for path in full.iterdir()] == ["vault-is-elsewhere.txt"]
    if os.name != "nt":
        whole = tmp_path / "new" / "place"
        assert all(path.stat().st_mode & 0o077 == 0 for path in (whole, *filter(Path.is_file, whole.rglob("*"))))


def test_a_place_that_is_no_place_changes_nothing(full: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "letter.txt").touch()
    for place, refused in ((taken, VaultExists), (full, CannotWrite), (full / "in", CannotWrite)):
        with pytest.raises(refused):
            list(move(full, place))
    with pytest.raises(NoVault):
        list(move(taken, tmp_path / "new"))
    with Vault.open(full, PASSPHRASE), pytest.raises(AlreadyOpen):
        list(move(full, tmp_path / "new"))
    with pytest.raises(NoVault):
        remove_old(Placed(tmp_path / "new", full))
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted({"taken", full.name})
    _contents(full)


@pytest.mark.parametrize("failing", ["fsync", "rename", "mkdir"])
def test_a_disk_that_gives_out_leaves_the_vault_where_it_is(
    full: Path, tmp_path: Path, failing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _contents(full)
    for turn in range(1, 40):
        left, whole = [turn], getattr(os, failing)

        def fail(*given: Any, left: list[int] = left, whole: Any = whole, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise OSError(errno.ENOSPC, "No space left on device")
            return whole(*given, **named)

        with monkeypatch.context() as patch:
            patch.setattr(os, failing, fail)
            try:
                placed = last(move(full, tmp_path / "new"), Placed)
            except DiskFull:
                placed = None
        if placed is not None:
            # The old place stays shut until it is emptied, so that nobody writes into it what would be lost.
            with pytest.raises(AlreadyOpen):
                Vault.open(full, PASSPHRASE)
            placed.leave_old()
            break
        # Once it has its name it counts; the old place is whole either way.
        assert _contents(full) == before
        if (tmp_path / "new").exists():
            break
    assert turn > 1
    assert _contents(full) == before


def test_a_move_that_is_stopped_leaves_nothing(full: Path, tmp_path: Path) -> None:
    steps = move(full, tmp_path / "new")
    for _ in range(5):
        next(steps)
    steps.close()  # type: ignore[attr-defined]
    assert [path.name for path in tmp_path.iterdir()] == [full.name]
    _contents(full)
