# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups: made by the clock into a folder of the reviewer's choice, thinned with age, and opened again to be sure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from imr_desktop.casework.progress import Progress
from imr_desktop.errors import Trouble
from imr_desktop.storage import BackupMade, Fault, Moved, OtherDataKey, Vault

SUFFIX: Final = ".imrbackup"
_PLAN: Final = "backup plan"
_STATE: Final = "backup state"
_NAME: Final = re.compile(r"imr-([0-9a-f]{8})-(\d{8}T\d{6}Z)-([0-9a-f]{4})\.imrbackup")
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_NEWEST: Final = 3
_HOURLY, _DAILY, _WEEKLY = timedelta(days=1), timedelta(days=30), timedelta(days=365)
_OVERDUE: Final = timedelta(days=7)


class NoBackupFolder(Trouble):
    """The folder for backups is not there, or none was chosen."""

    default_advice = "Plug the disk in, or choose another folder for backups; the vault itself is unharmed."


@dataclass(frozen=True, slots=True)
class Plan:
    """Where automatic backups go and how often they are made; no folder: none are made."""

    folder: Path | None = None
    every_minutes: int = 60


@dataclass(frozen=True, slots=True)
class Status:
    """How it stands with the backups: the last good one (UTC), whether one is due now, and what is to be told.

    ``says`` is empty while all is well; ``waiting`` means that the folder (a disk that is out) is not there.
    """

    last: datetime | None
    due: bool
    waiting: bool
    says: str


@dataclass(frozen=True, slots=True)
class Done:
    """What a run of the automatic backup did: the backup, older ones removed, and what is wrong with any of them."""

    made: BackupMade
    removed: tuple[Path, ...]
    faults: tuple[Fault, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """A backup in the folder, as its name tells: when it was made, and which line of the vault's life it belongs to.

    A restore begins a new line, so that backups of what was before it are not pushed out by those made after it.
    """

    path: Path
    made: datetime
    line: str


def plan(vault: Vault) -> Plan:
    """The plan as it stands."""
    told = vault.setting(_PLAN) or {}
    folder = told.get("folder")
    return Plan(Path(folder) if folder else None, int(told.get("every_minutes", 60)))


def keep_plan(vault: Vault, wanted: Plan) -> None:
    """Set where and how often backups are made; ValueError for an interval under five minutes."""
    if wanted.every_minutes < 5:
        raise ValueError("backups need at least five minutes between them")
    folder = None if wanted.folder is None else str(wanted.folder)
    vault.keep_setting(_PLAN, {"folder": folder, "every_minutes": wanted.every_minutes})


def status(vault: Vault, now: datetime) -> Status:
    """How it stands with the backups; cheap enough to ask every minute."""
    wanted, last = plan(vault), _last(vault)
    if wanted.folder is None:
        return Status(last, due=False, waiting=False, says="No folder for backups is chosen, so none are made.")
    waiting = not wanted.folder.is_dir()
    due = last is None or now - last >= timedelta(minutes=wanted.every_minutes)
    return Status(last, due and not waiting, waiting, _says(vault, last, now, waiting))


def run(vault: Vault, now: datetime) -> Iterator[Progress | Done]:
    """Make a backup into the plan's folder, thin the older ones, and open one of them again each day.

    NoBackupFolder, DiskFull, CannotWrite, NotABackup: then no older backup was touched.
    """
    folder = plan(vault).folder
    if folder is None:
        raise NoBackupFolder("No folder for backups is chosen.")
    if not folder.is_dir():
        raise NoBackupFolder("The folder for backups is not there.", place=str(folder))
    target = folder / name_of(vault, now)
    made: BackupMade | None = None
    try:
        for said in make(vault, target):
            if isinstance(said, BackupMade):
                made = said
            else:
                yield said
    except Trouble as trouble:
        _note(vault, {"failed": now.isoformat(), "why": trouble.happened})
        raise
    if made is None:
        raise TypeError("a backup ends with what was made")
    _note(vault, {"last": now.isoformat(), "failed": None, "why": None})
    faults = list(made.faults)
    try:
        yield from _look_again(vault, target, now)
    except Trouble as trouble:
        faults.append(Fault.of(trouble))
    yield Done(made, _thinned(vault, folder, now), tuple(faults))


def make(vault: Vault, path: Path) -> Iterator[Progress | BackupMade]:
    """Back the vault up into a file of the reviewer's choice: "back up now". DiskFull, CannotWrite, NotABackup."""
    yield Progress(0, 1, "Taking a picture of the vault")
    for said in vault.backup(path):
        if isinstance(said, Moved):
            what = "Writing the backup" if said.done <= said.total // 2 else "Reading the backup back"
            yield Progress(said.done, said.total, what)
        else:
            yield said


def name_of(vault: Vault, now: datetime) -> str:
    """The file name of a backup made now: the vault's mark, when (UTC), and the line it belongs to."""
    stamp = now.astimezone(UTC).strftime(_STAMP)
    return f"imr-{vault.ways_in.vault_id[:8]}-{stamp}-{vault.line}{SUFFIX}"


def kept(folder: Path, vault_id: str | None = None) -> tuple[Kept, ...]:
    """The backups of a vault (None: of any) in a folder, newest first; other files are not looked at."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match and (vault_id is None or match[1] == vault_id[:8]):
            made = datetime.strptime(match[2], _STAMP).replace(tzinfo=UTC)
            found.append(Kept(path, made, match[3]))
    return tuple(sorted(found, key=lambda each: (each.made, each.path.name), reverse=True))


def to_remove(backups: Sequence[Kept], now: datetime) -> tuple[Kept, ...]:
    """Which backups are no longer wanted: one an hour stays for a day, one a day for a month, one a week for a year.

    The newest three of each line always stay, whatever the clock says.
    """
    gone: list[Kept] = []
    for line in sorted({each.line for each in backups}):
        taken: set[tuple[str, str]] = set()
        of_line = sorted((each for each in backups if each.line == line), key=lambda each: each.made, reverse=True)
        for number, each in enumerate(of_line):
            slot = _slot(each.made, now - each.made)
            if number >= _NEWEST and (slot is None or slot in taken):
                gone.append(each)
            elif slot is not None:
                taken.add(slot)
    return tuple(gone)


def _slot(made: datetime, age: timedelta) -> tuple[str, str] | None:
    for limit, name, form in (
        (_HOURLY, "hour", "%Y-%m-%d %H"),
        (_DAILY, "day", "%Y-%m-%d"),
        (_WEEKLY, "week", "%G-%V"),
    ):
        if age < limit:
            return name, made.strftime(form)
    return None


def _thinned(vault: Vault, folder: Path, now: datetime) -> tuple[Path, ...]:
    removed = []
    for each in to_remove(kept(folder, vault.ways_in.vault_id), now):
        try:
            each.path.unlink()
        except OSError:
            # A disk that was pulled out keeps a few backups more; the next run thins them.
            continue
        removed.append(each.path)
    return tuple(removed)


def _look_again(vault: Vault, made: Path, now: datetime) -> Iterator[Progress]:
    """Once a day open the older backup that was opened longest ago; NotABackup says that it no longer opens."""
    state = _state(vault)
    if state.get("looked") == now.date().isoformat():
        return
    _note(vault, {"looked": now.date().isoformat()})
    seen: dict[str, str] = dict(state.get("opened") or {})
    others = [each for each in kept(made.parent, vault.ways_in.vault_id) if each.path != made]
    if not others:
        return
    oldest = min(others, key=lambda each: (seen.get(each.path.name, ""), each.made))
    names = {each.path.name for each in others}
    opened = {name: day for name, day in seen.items() if name in names} | {oldest.path.name: now.isoformat()}
    _note(vault, {"opened": opened})
    try:
        for moved in vault.verify_backup(oldest.path):
            yield Progress(moved.done, moved.total, "Opening an older backup")
    except OtherDataKey:
        # Made before the vault was given a new data key: it opens with its own passphrase, and is no fault.
        return


def _says(vault: Vault, last: datetime | None, now: datetime, waiting: bool) -> str:
    state = _state(vault)
    if state.get("failed"):
        return f"The last backup did not succeed: {state.get('why')}"
    if last is None:
        return "The disk for backups is not there, and no backup was made yet." if waiting else ""
    days = (now - last).days
    if now - last >= _OVERDUE:
        where = " because the disk for backups is not there" if waiting else ""
        return f"There has been no backup for {days} days{where}."
    return ""


def _last(vault: Vault) -> datetime | None:
    told = _state(vault).get("last")
    return None if told is None else datetime.fromisoformat(told)


def _state(vault: Vault) -> dict[str, Any]:
    return dict(vault.setting(_STATE) or {})


def _note(vault: Vault, told: dict[str, Any]) -> None:
    vault.keep_setting(_STATE, {**_state(vault), **told})
