# SPDX-License-Identifier: AGPL-3.0-or-later
"""A backup holds the whole vault, opens anywhere by any way in, tells every change, and a restore loses nothing."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyrage
import pytest

from imr_desktop.models.narrative import Narrative
from imr_desktop.storage import (
    AlreadyOpen,
    BackupMade,
    CannotWrite,
    DiskFull,
    Moved,
    NotABackup,
    NoVault,
    Opener,
    OrganisationKey,
    RecoveryCode,
    Rehearsed,
    Restored,
    Table,
    Vault,
    WrongPassphrase,
    WrongRecoveryKey,
    opening,
    rehearse,
    restore,
)
from tests.kit.vaults import PASSPHRASE, TINY, add_case, contents, flip, full_vault, last, places


@pytest.fixture
def full(folder: Path) -> Path:
    full_vault(folder)
    return folder


@pytest.fixture
def opened(full: Path) -> Iterator[Vault]:
    with Vault.open(full, PASSPHRASE) as vault:
        yield vault


@pytest.fixture
def made(opened: Vault, tmp_path: Path) -> Path:
    return last(opened.backup(tmp_path / "a.imrbackup"), BackupMade).path


def test_a_backup_restores_on_another_laptop_with_everything(opened: Vault, made: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "another laptop" / "vault"
    elsewhere.parent.mkdir()
    done = last(restore(made, elsewhere, PASSPHRASE), Restored)
    assert (done.set_aside, done.faults, done.folder) == (None, (), elsewhere)
    with Vault.open(elsewhere, PASSPHRASE) as vault:
        assert contents(vault) == contents(opened)
        assert vault.reviewer() == opened.reviewer()
        assert vault.setting("theme") == "dark"
        assert vault.check().faults == ()
        assert vault.notices == ()
        assert vault.audit().events[-1].kind == "restored from a backup"
    assert sorted(path.name for path in elsewhere.parent.iterdir()) == ["vault"]
    assert not (elsewhere / opening.RESTORED).exists()


def test_a_backup_opens_by_the_recovery_sheet_and_the_organisation_s_key(opened: Vault, tmp_path: Path) -> None:
    identity = pyrage.x25519.Identity.generate()
    code = opened.ways_in.add_sheet()
    opened.ways_in.add_organisation(str(identity.to_public()))
    made = last(opened.backup(tmp_path / "b"), BackupMade).path
    keys: tuple[Opener, ...] = (RecoveryCode(code), OrganisationKey(str(identity)))
    for number, key in enumerate(keys):
        into = tmp_path / f"restored {number}"
        assert last(restore(made, into, key), Restored).faults == ()
        with Vault.open(into, PASSPHRASE) as vault:
            assert len(vault.cases()) == 3
    with pytest.raises(WrongRecoveryKey):
        list(restore(made, tmp_path / "no", OrganisationKey(str(pyrage.x25519.Identity.generate()))))


def test_a_backup_is_a_picture_of_one_moment(opened: Vault, tmp_path: Path) -> None:
    before = contents(opened)
    store = opened.case(opened.cases()[0].id)
    work = opened.backup(tmp_path / "b")
    assert isinstance(next(work), Moved)
    with store.step("Meanwhile") as step:
        step.put(Table.SUMMARY, "", Narrative("Meanwhile"))
    add_case(opened, 9)
    with pytest.raises(CannotWrite, match="already"):
        next(opened.backup(tmp_path / "c"))
    last(work, BackupMade)
    list(restore(tmp_path / "b", tmp_path / "then", PASSPHRASE))
    with Vault.open(tmp_path / "then", PASSPHRASE) as vault:
        assert contents(vault) == before
    assert not (opened.folder / "backup.staging").exists()


def test_a_backup_that_is_stopped_leaves_nothing(opened: Vault, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    work = opened.backup(tmp_path / "out" / "b")
    next(work)
    work.close()
    assert list((tmp_path / "out").iterdir()) == []
    assert not (opened.folder / "backup.staging").exists()
    last(opened.backup(tmp_path / "out" / "b"), BackupMade)


def test_a_backup_is_rehearsed_beside_the_open_vault_and_nothing_is_changed(
    opened: Vault, made: Path, full: Path
) -> None:
    before, files = contents(opened), sorted(path.name for path in full.parent.iterdir())
    tried = last(rehearse(made, full, PASSPHRASE), Rehearsed)
    assert (tried.report.cases, tried.report.sources, tried.report.letters) == (3, 3, 3)
    assert not tried.report.faults
    with pytest.raises(WrongPassphrase):
        list(rehearse(made, full, "not it"))
    flip(made, made.stat().st_size // 2)
    with pytest.raises(NotABackup):
        list(rehearse(made, full, PASSPHRASE))
    assert contents(opened) == before
    assert sorted(path.name for path in full.parent.iterdir()) == files


def test_a_restore_sets_what_was_there_aside(
    opened: Vault, made: Path, full: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(opened)
    store = opened.case(opened.cases()[0].id)
    with store.step("After the backup") as step:
        step.put(Table.SUMMARY, "", Narrative("after"))
    after = contents(opened)
    with pytest.raises(AlreadyOpen):
        list(restore(made, full, PASSPHRASE))
    opened.close()
    line = _line(full)
    shut: list[bool] = []

    def finish(folder: Path) -> None:
        # Between the two renames nobody gets into the vault that is set aside.
        for aside in folder.parent.glob(f"{folder.name}.set-aside-*"):
            with pytest.raises(AlreadyOpen):
                Vault.open(aside, PASSPHRASE)
            shut.append(True)
        finish_restoring(folder)

    finish_restoring = opening.finish_restoring
    with monkeypatch.context() as later:
        later.setattr(opening, "finish_restoring", finish)
        done = last(restore(made, full, PASSPHRASE), Restored)
    assert done.set_aside is not None
    assert shut or os.name == "nt"
    with Vault.open(full, PASSPHRASE) as vault:
        assert contents(vault) == before
    with Vault.open(done.set_aside, PASSPHRASE) as vault:
        assert contents(vault) == after
    assert _line(full) != line


def _line(folder: Path) -> str:
    with Vault.open(folder, PASSPHRASE) as vault:
        return vault.line


def test_a_restore_refuses_what_is_no_vault_s_folder(made: Path, tmp_path: Path) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / "thesis.txt").write_text("words")
    with pytest.raises(NoVault):
        list(restore(made, folder, PASSPHRASE))
    assert [path.name for path in folder.iterdir()] == ["thesis.txt"]
    assert not opening.staging_of(folder).exists()


def test_a_restore_into_an_empty_folder_is_done(made: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert last(restore(made, tmp_path / "empty", PASSPHRASE), Restored).set_aside is None
    Vault.open(tmp_path / "empty", PASSPHRASE).close()


def test_a_wrong_passphrase_restores_nothing(opened: Vault, made: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongPassphrase):
        list(restore(made, tmp_path / "no", "wrong"))
    assert not (tmp_path / "no").exists()


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_restore_cut_short_while_it_swaps_is_finished_at_the_next_opening(
    opened: Vault, made: Path, full: Path, when: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(opened)
    opened.close()

    class Killed(BaseException):
        pass

    def finish(folder: Path) -> None:
        if when == "after":
            opening.staging_of(folder).rename(folder)
        raise Killed

    with monkeypatch.context() as later:
        later.setattr(opening, "finish_restoring", finish)
        later.setattr(shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(Killed):
            list(restore(made, full, PASSPHRASE))
    assert Vault.exists(full)
    with Vault.open(full, PASSPHRASE) as vault:
        assert contents(vault) == before


def test_every_damage_of_a_backup_is_noticed(opened: Vault, made: Path, tmp_path: Path) -> None:
    whole = made.read_bytes()
    for at in places(len(whole), 60):
        flip(made, at)
        with pytest.raises((NotABackup, WrongPassphrase)):
            list(restore(made, tmp_path / "no", PASSPHRASE))
        with pytest.raises(NotABackup):
            list(opened.verify_backup(made))
        flip(made, at)
    for size in places(len(whole), 12)[:-1]:
        made.write_bytes(whole[:size])
        with pytest.raises(NotABackup):
            list(opened.verify_backup(made))
    made.write_bytes(whole + b"\0")
    with pytest.raises(NotABackup):
        list(opened.verify_backup(made))
    made.write_bytes(whole)
    list(opened.verify_backup(made))
    assert not (tmp_path / "no").exists()
    assert not opening.staging_of(tmp_path / "no").exists()


def test_a_disk_that_writes_something_else_is_found_out_before_the_backup_counts(
    opened: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, target = os.fsync, tmp_path / "b"

    def damage(number: int) -> None:
        real(number)
        part = target.with_name("b.part")
        if part.exists():
            flip(part, part.stat().st_size // 2)

    monkeypatch.setattr(os, "fsync", damage)
    with pytest.raises(NotABackup):
        list(opened.backup(target))
    assert list(tmp_path.glob("b*")) == []


def test_a_damaged_source_file_is_backed_up_as_it_is_and_told_by_the_restore(
    opened: Vault, full: Path, tmp_path: Path
) -> None:
    (path, *_) = full.glob("cases/*/sources/*.enc")
    flip(path, 50)
    last(opened.backup(tmp_path / "b"), BackupMade)
    done = last(restore(tmp_path / "b", tmp_path / "then", PASSPHRASE), Restored)
    assert [fault.case_id for fault in done.faults] == [path.parent.parent.name]


def test_a_damaged_page_index_keeps_no_backup_from_being_made(opened: Vault, full: Path, tmp_path: Path) -> None:
    opened.close()
    (path, *_) = full.glob("cases/*/pages.db")
    flip(path, path.stat().st_size // 2)
    with Vault.open(full, PASSPHRASE) as vault:
        told = last(vault.backup(tmp_path / "b"), BackupMade)
    assert [fault.case_id for fault in told.faults] == [path.parent.name]
    done = last(restore(tmp_path / "b", tmp_path / "then", PASSPHRASE), Restored)
    assert [fault.case_id for fault in done.faults] == [path.parent.name]


def test_a_backup_of_another_vault_is_not_taken_for_ours(made: Path, tmp_path: Path) -> None:
    with Vault.create(tmp_path / "other", "other words", cost=TINY) as other, pytest.raises(NotABackup, match="key"):
        list(other.verify_backup(made))


def test_a_backup_that_finds_no_room_leaves_no_file(
    opened: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(_: int) -> None:
        raise OSError(28, "no room")

    monkeypatch.setattr(os, "fsync", full_disk)
    with pytest.raises(DiskFull):
        list(opened.backup(tmp_path / "b"))
    assert not (tmp_path / "b").exists()
    assert not (tmp_path / "b.part").exists()


def test_nothing_in_a_backup_is_in_clear(opened: Vault, made: Path) -> None:
    whole = made.read_bytes()
    for word in (b"CM26", b"Treatment", b"letter-1", b"cases/", b"SQLite", b"%PDF", b"Physician"):
        assert word not in whole


def test_any_other_file_is_no_backup(tmp_path: Path) -> None:
    for content in (b"", b"IMRBACK", b"IMRBACK\0\0\0\0\1\xff\xff\xff\xff", b"%PDF-1.7" * 10):
        (tmp_path / "x").write_bytes(content)
        with pytest.raises(NotABackup):
            list(restore(tmp_path / "x", tmp_path / "no", PASSPHRASE))
    with pytest.raises(NotABackup):
        list(restore(tmp_path / "is not there", tmp_path / "no", PASSPHRASE))
