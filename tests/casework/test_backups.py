# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups are made by the clock, thinned with age, opened again each day, and pushed out by nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from imr_desktop.casework import backups
from imr_desktop.casework.backups import Done, Kept, NoBackupFolder, Plan
from imr_desktop.casework.progress import Progress
from imr_desktop.storage import BackupMade, DiskFull, Moved, Restored, Vault, restore
from tests.kit.vaults import PASSPHRASE, contents, flip, full_vault, last

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    full_vault(tmp_path / "vault", cases=1)
    with Vault.open(tmp_path / "vault", PASSPHRASE) as opened:
        yield opened


@pytest.fixture
def disk(tmp_path: Path, vault: Vault) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    backups.keep_plan(vault, Plan(folder))
    return folder


def test_without_a_folder_none_are_made_and_that_is_said(vault: Vault) -> None:
    told = backups.status(vault, NOW)
    assert (told.due, told.waiting) == (False, False)
    assert "No folder" in told.says
    with pytest.raises(NoBackupFolder):
        list(backups.run(vault, NOW))


def test_one_is_due_each_hour(vault: Vault, disk: Path) -> None:
    assert backups.status(vault, NOW).due
    said = list(backups.run(vault, NOW))
    assert isinstance(said[0], Progress)
    done = said[-1]
    assert isinstance(done, Done)
    assert (done.removed, done.faults) == ((), ())
    assert [path.name for path in disk.iterdir()] == [done.made.path.name]
    status = backups.status(vault, NOW + timedelta(minutes=59))
    assert (status.last, status.due, status.says) == (NOW, False, "")
    assert backups.status(vault, NOW + HOUR).due
    with pytest.raises(ValueError, match="five minutes"):
        backups.keep_plan(vault, Plan(disk, 1))


def test_a_disk_that_is_out_is_waited_for_and_told_after_a_week(vault: Vault, disk: Path) -> None:
    list(backups.run(vault, NOW))
    away = disk.rename(disk.with_name("away"))
    told = backups.status(vault, NOW + 2 * HOUR)
    assert (told.due, told.waiting, told.says) == (False, True, "")
    with pytest.raises(NoBackupFolder):
        list(backups.run(vault, NOW + 2 * HOUR))
    told = backups.status(vault, NOW + timedelta(days=8))
    assert "8 days" in told.says
    assert "disk" in told.says
    away.rename(disk)
    assert backups.status(vault, NOW + timedelta(days=8)).due
    last(backups.run(vault, NOW + timedelta(days=8)), Done)
    assert backups.status(vault, NOW + timedelta(days=8)).says == ""


def test_a_backup_that_fails_is_told_until_one_succeeds(
    vault: Vault, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: Path) -> Iterator[BackupMade]:
        raise DiskFull

    with monkeypatch.context() as later:
        later.setattr(vault, "backup", fail)
        with pytest.raises(DiskFull):
            list(backups.run(vault, NOW))
        # It is told all the while, and tried again after 5 minutes, then 10, 20 ... and an hour at most.
        at = NOW
        for minutes in (5, 10, 20, 40, 60, 60):
            assert "disk is full" in backups.status(vault, at).says
            assert not backups.status(vault, at + timedelta(minutes=minutes, seconds=-1)).due
            at += timedelta(minutes=minutes)
            assert backups.status(vault, at).due
            with pytest.raises(DiskFull):
                list(backups.run(vault, at))
    list(backups.run(vault, at))
    assert backups.status(vault, at).says == ""


def test_a_backup_that_does_not_open_is_told_that_day(vault: Vault, disk: Path) -> None:
    made = last(backups.run(vault, NOW), Done).made.path
    flip(made, made.stat().st_size // 2)
    assert last(backups.run(vault, NOW + HOUR), Done).faults == ()  # today an older one was looked at already
    (fault,) = last(backups.run(vault, NOW + timedelta(days=1)), Done).faults
    assert fault.place == made.name
    assert "backup" in fault.says


def test_a_backup_from_before_a_new_data_key_is_no_fault(vault: Vault, disk: Path, tmp_path: Path) -> None:
    old = last(backups.run(vault, NOW), Done).made.path
    with vault.rekey(PASSPHRASE) as again:
        assert last(backups.run(again, NOW + timedelta(days=1)), Done).faults == ()
    last(restore(old, tmp_path / "old", PASSPHRASE), Restored)


def test_each_day_another_older_backup_is_opened(vault: Vault, disk: Path) -> None:
    for day in range(4):
        list(backups.run(vault, NOW + timedelta(days=day)))
    opened = vault.setting("backup state")["opened"]  # type: ignore[index]
    assert len(opened) == 3


def test_old_backups_are_opened_again_in_turn_however_many_new_ones_come(vault: Vault, disk: Path) -> None:
    """An old backup that was opened once and rots afterwards is found, and told until all that is there opens."""
    old = last(backups.run(vault, NOW), Done).made.path
    for day in (1, 2):
        assert last(backups.run(vault, NOW + timedelta(days=day)), Done).faults == ()
    flip(old, old.stat().st_size // 2)
    told = {}
    for day in range(3, 9):
        now = NOW + timedelta(days=day)
        for fault in last(backups.run(vault, now), Done).faults:
            told[day] = fault
    assert [fault.place for fault in told.values()] == [old.name] * len(told)
    first = min(told)
    assert first <= 5
    now = NOW + timedelta(days=8)
    assert "no longer opens" in backups.status(vault, now).says
    old.unlink()
    list(backups.run(vault, NOW + timedelta(days=9)))
    assert backups.status(vault, NOW + timedelta(days=9)).says == ""


def test_a_look_that_was_cut_short_is_done_again_that_day(
    vault: Vault, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = last(backups.run(vault, NOW), Done).made.path
    flip(made, made.stat().st_size // 2)
    with monkeypatch.context() as later:
        later.setattr(vault, "verify_backup", lambda _: iter([Moved(0, 1)]))
        work = backups.run(vault, NOW + timedelta(days=1))
        said = next(each for each in work if isinstance(each, Progress) and each.what == "Opening an older backup")
        assert said.done == 0
        del work
    (fault,) = last(backups.run(vault, NOW + timedelta(days=1, hours=1)), Done).faults
    assert fault.place == made.name


def test_a_backup_that_no_longer_opens_takes_no_good_ones_place() -> None:
    days = [*range(40)]
    many = _kept(*(timedelta(days=day, hours=hour) for day in days for hour in (0, 1)))
    usual = {each.path.name for each in many} - {each.path.name for each in backups.to_remove(many, NOW)}
    rotten = {sorted(usual)[5]}
    (lost,) = [each for each in many if each.path.name in rotten]
    left = set(many) - {*backups.to_remove(many, NOW, rotten)}
    assert lost not in left
    assert any(each.made.date() == lost.made.date() for each in left), "the good one of that day stays in its place"
    # Where nothing good stands for its time it is kept: something of it may still be read.
    alone = _kept(*(timedelta(days=day) for day in (0, 1, 2, 3, 8)))
    assert backups.to_remove(alone, NOW, {alone[-1].path.name}) == ()


def test_what_a_backup_cut_short_left_is_cleared(vault: Vault, disk: Path) -> None:
    left = disk / f"{backups.name_of(vault, NOW)}.part"
    others = (disk / "thesis.imrbackup.part", disk / "imr-00000000-20200101T000000Z-0000.imrbackup.part")
    for path in (left, *others):
        path.write_bytes(b"half")
    list(backups.run(vault, NOW + HOUR))
    assert not left.exists()
    assert all(path.exists() for path in others)


def test_the_vaults_own_folder_is_no_place_for_a_backup(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(vault.folder)
    for folder in (vault.folder, vault.folder / "letters", tmp_path / "link"):
        with pytest.raises(backups.InsideVault):
            backups.keep_plan(vault, Plan(folder))
        with pytest.raises(backups.InsideVault):
            list(backups.make(vault, folder / "a.imrbackup"))


def _kept(*ages: timedelta, line: str = "0000") -> list[Kept]:
    return [Kept(Path(f"{line} {age}"), NOW - age, line) for age in ages]


def test_thinning_keeps_hours_days_and_weeks() -> None:
    every = [timedelta(minutes=20 * number) for number in range(3 * 24 * 400)]
    left = {each.made for each in _kept(*every)} - {each.made for each in backups.to_remove(_kept(*every), NOW)}
    ages = sorted(NOW - made for made in left)
    assert sum(age < timedelta(days=1) for age in ages) in {24, 25, 26, 27}
    assert sum(timedelta(days=1) <= age < timedelta(days=30) for age in ages) in {29, 30}
    assert sum(timedelta(days=30) <= age < timedelta(days=365) for age in ages) in {48, 49}
    assert not any(age >= timedelta(days=365) for age in ages)
    # Thinning again, at the same moment, takes nothing more.
    again = [each for each in _kept(*every) if each.made in left]
    assert backups.to_remove(again, NOW) == ()


def test_the_newest_three_stay_whatever_the_clock_says() -> None:
    assert backups.to_remove(_kept(*(timedelta(days=days) for days in (900, 901, 902))), NOW) == ()
    far = _kept(*(timedelta(days=days) for days in (900, 901, 902, 903)))
    assert [each.made for each in backups.to_remove(far, NOW)] == [NOW - timedelta(days=903)]
    assert backups.to_remove(_kept(*(timedelta(minutes=-n) for n in range(3))), NOW) == ()


def test_after_a_restore_the_good_backups_of_before_are_not_pushed_out(
    vault: Vault, disk: Path, tmp_path: Path
) -> None:
    """The sequence by which others lost data: an old backup is restored, and the next ones replace the good."""
    old = last(backups.run(vault, NOW - timedelta(days=20)), Done).made.path
    good = [last(backups.run(vault, NOW + n * timedelta(minutes=10)), Done).made.path for n in range(3)]
    before = contents(vault)
    vault.close()
    done = last(restore(old, tmp_path / "vault", PASSPHRASE), Restored)
    assert done.set_aside is not None
    with Vault.open(tmp_path / "vault", PASSPHRASE) as restored:
        for number in range(16):
            list(backups.run(restored, NOW + timedelta(minutes=40 + 15 * number)))
        names = {path.name for path in disk.iterdir()}
        assert {path.name for path in good} <= names
        assert len(names) < 16
    last(restore(good[-1], tmp_path / "back", PASSPHRASE), Restored)
    with Vault.open(tmp_path / "back", PASSPHRASE) as vault:
        assert contents(vault) == before


def test_other_files_in_the_folder_are_left_alone(vault: Vault, disk: Path) -> None:
    for name in ("thesis.txt", "imr-00000000-20200101T000000Z-0000.imrbackup", "a.imrbackup"):
        (disk / name).write_text("mine")
    for number in range(5):
        list(backups.run(vault, NOW + timedelta(days=400 * number)))
    assert {"thesis.txt", "imr-00000000-20200101T000000Z-0000.imrbackup", "a.imrbackup"} <= {
        path.name for path in disk.iterdir()
    }


def test_a_backup_by_hand_goes_where_it_is_told(vault: Vault, tmp_path: Path) -> None:
    assert last(backups.make(vault, tmp_path / "mine.imrbackup"), BackupMade).path.exists()
