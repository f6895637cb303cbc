# SPDX-License-Identifier: AGPL-3.0-or-later
"""Backups: made by the clock into a folder of the reviewer's choice, thinned with age, and opened again to be sure."""

import re
from collections.abc import Container, Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from math import ceil
from pathlib import Path
from typing import Any, Final

from imr_desktop.casework.progress import Progress
from imr_desktop.errors import Trouble
from imr_desktop.storage import BackupMade, Fault, Moved, NotABackup, OtherDataKey, Vault

SUFFIX: Final = ".imrbackup"
_PLAN: Final = "backup plan"
_STATE: Final = "backup state"
_NAME: Final = re.compile(r"imr-([0-9a-f]{8})-(\d{8}T\d{6}Z)-([0-9a-f]{4})\.imrbackup")
_STAMP: Final = "%Y%m%dT%H%M%SZ"
_NEWEST: Final = 3
_HOURLY, _DAILY, _WEEKLY = timedelta(days=1), timedelta(days=30), timedelta(days=365)
_OVERDUE: Final = timedelta(days=7)
_RESTED: Final = timedelta(hours=20)
_TURN: Final = 30
_FIRST_WAIT: Final = timedelta(minutes=5)


class NoBackupFolder(Trouble):
    """The folder for backups is not there, or none was chosen."""

    default_advice = "Plug the disk in, or choose another folder for backups; the vault itself is unharmed."


class InsideVault(Trouble):
    """The folder for backups is in the vault itself."""

    default_advice = "Choose a folder on another disk."


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


@dataclass(frozen=True, slots=True)
class _Look:
    """When a backup was opened again (UTC), and what was wrong with it; empty if nothing was."""

    at: datetime
    fault: str = ""


def plan(vault: Vault) -> Plan:
    """The plan as it stands."""
    told = vault.setting(_PLAN) or {}
    folder = told.get("folder")
    return Plan(Path(folder) if folder else None, int(told.get("every_minutes", 60)))


def keep_plan(vault: Vault, wanted: Plan) -> None:
    """Set where and how often backups are made; ValueError for an interval under five minutes."""
    if wanted.folder is not None and inside_vault(vault, wanted.folder):
        raise InsideVault("Backups inside the vault's own folder would be lost with it.", place=str(wanted.folder))
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
    due = (last is None or now - last >= timedelta(minutes=wanted.every_minutes)) and _may_try(vault, wanted, now)
    return Status(last, due and not waiting, waiting, _says(vault, last, now, waiting))


def run(vault: Vault, now: datetime) -> Iterator[Progress | Done]:
    """Make a backup into the plan's folder, thin the older ones, and open some of them again each day.

    NoBackupFolder, DiskFull, CannotWrite, NotABackup: then no older backup was touched.
    """
    folder = plan(vault).folder
    if folder is None:
        raise NoBackupFolder("No folder for backups is chosen.")
    if not folder.is_dir():
        raise NoBackupFolder("The folder for backups is not there.", place=str(folder))
    _clear_parts(vault, folder)
    target = folder / name_of(vault, now)
    made: BackupMade | None = None
    try:
        for said in make(vault, target):
            if isinstance(said, BackupMade):
                made = said
            else:
                yield said
    except Trouble as trouble:
        tries = int(_state(vault).get("tries") or 0) + 1
        _note(vault, {"failed": now.isoformat(), "why": trouble.happened, "tries": tries})
        raise
    if made is None:
        raise TypeError("a backup ends with what was made")
    lacking = " ".join(fault.says for fault in made.faults) or None
    _note(vault, {"last": now.isoformat(), "failed": None, "why": None, "tries": 0, "lacking": lacking})
    faults = list(made.faults)
    try:
        for step in _look_again(vault, target, now):
            if isinstance(step, Fault):
                faults.append(step)
                # Kept until all that is there opens again, also when thinning takes the damaged one away.
                _note(vault, {"rotten": step.says})
            else:
                yield step
    except Trouble as trouble:
        faults.append(Fault.of(trouble))
    yield Done(made, _thinned(vault, folder, now), tuple(faults))


def make(vault: Vault, path: Path) -> Iterator[Progress | BackupMade]:
    """Back the vault up into a file of the reviewer's choice: "back up now". DiskFull, CannotWrite, NotABackup."""
    if inside_vault(vault, path):
        raise InsideVault("A backup inside the vault's own folder would be lost with it.", place=str(path))
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


def inside_vault(vault: Vault, path: Path) -> bool:
    """Whether a file or folder lies in the vault's own folder, by whatever name it is reached."""
    place, root = path.expanduser().resolve(), vault.folder.resolve()
    return place == root or root in place.parents


def kept(folder: Path, vault_id: str | None = None) -> tuple[Kept, ...]:
    """The backups of a vault (None: of any) in a folder, newest first; other files are not looked at."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match and (vault_id is None or match[1] == vault_id[:8]):
            made = datetime.strptime(match[2], _STAMP).replace(tzinfo=UTC)
            found.append(Kept(path, made, match[3]))
    return tuple(sorted(found, key=lambda each: (each.made, each.path.name), reverse=True))


def to_remove(backups: Sequence[Kept], now: datetime, rotten: Container[str] = ()) -> tuple[Kept, ...]:
    """Which backups are no longer wanted: one an hour stays for a day, one a day for a month, one a week for a year.

    The newest three of each line always stay, whatever the clock says. Those in ``rotten`` (file names) no longer open:
    they take no good one's place, and go where a good one stands for the same time.
    """
    gone: list[Kept] = []
    for line in sorted({each.line for each in backups}):
        taken: set[tuple[str, str]] = set()
        of_line = sorted((each for each in backups if each.line == line), key=lambda each: each.made, reverse=True)
        good = [each for each in of_line if each.path.name not in rotten]
        for number, each in enumerate(good):
            slot = _slot(each.made, now - each.made)
            if number >= _NEWEST and (slot is None or slot in taken):
                gone.append(each)
            elif slot is not None:
                taken.add(slot)
        for each in of_line:
            slot = _slot(each.made, now - each.made)
            if each.path.name in rotten and (slot is None or slot in taken):
                gone.append(each)
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
    for each in to_remove(kept(folder, vault.ways_in.vault_id), now, _rotten(vault)):
        try:
            each.path.unlink()
        except OSError:
            # A disk that was pulled out keeps a few backups more; the next run thins them.
            continue
        removed.append(each.path)
    return tuple(removed)


def _look_again(vault: Vault, made: Path, now: datetime) -> Iterator[Progress | Fault]:
    """Open older backups again, a few each day, and say which no longer open.

    By turns one that was not opened since it was written and the one that was opened longest ago, so that however many
    new ones come, each is opened again within about a month.
    """
    vault_id = vault.ways_in.vault_id
    others = {each.path.name: each for each in kept(made.parent, vault_id) if each.path != made}
    looks = {name: look for name, look in _looks(vault).items() if name in others}
    done = sum(look.at.date() == now.date() for look in looks.values())
    for turn in range(done, 1 + ceil(len(others) / _TURN)):
        waiting = [each for name, each in others.items() if now - _seen(each, looks) >= _RESTED]
        fresh = [each for each in waiting if each.path.name not in looks]
        again = [each for each in waiting if each.path.name in looks]
        chosen = min((fresh or again) if turn % 2 == 0 else (again or fresh), key=partial(_turn, looks), default=None)
        if chosen is None:
            return
        fault = yield from _opened(vault, chosen)
        if fault is not None and not chosen.path.exists():
            # The disk was pulled out: that says nothing of the backup.
            return
        looks[chosen.path.name] = _Look(now, "" if fault is None else fault.says)
        _note(vault, {"opened": {name: [look.at.isoformat(), look.fault] for name, look in looks.items()}})
        if fault is not None:
            yield fault
        elif not any(look.fault for look in looks.values()):
            _note(vault, {"rotten": None})


def _opened(vault: Vault, chosen: Kept) -> Generator[Progress, None, Fault | None]:
    try:
        for moved in vault.verify_backup(chosen.path):
            yield Progress(moved.done, moved.total, "Opening an older backup")
    except OtherDataKey:
        # Made before the vault was given a new data key: it opens with its own passphrase, and is no fault.
        return None
    except NotABackup as trouble:
        made = f"{chosen.made.astimezone():%m/%d/%Y %H:%M}"
        says = f"The backup of {made} in the folder for backups no longer opens. {trouble.happened}"
        return Fault(says, "Newer ones are kept beside it; see whether the disk is failing.", chosen.path.name)
    return None


def _seen(each: Kept, looks: dict[str, _Look]) -> datetime:
    """When a backup was last read: on the day it was written it was read back."""
    look = looks.get(each.path.name)
    return each.made if look is None else look.at


def _turn(looks: dict[str, _Look], each: Kept) -> tuple[datetime, datetime]:
    return _seen(each, looks), each.made


def _looks(vault: Vault) -> dict[str, _Look]:
    found = {}
    for name, told in (_state(vault).get("opened") or {}).items():
        # The first form kept the day alone.
        at, fault = (told, "") if isinstance(told, str) else told
        found[name] = _Look(datetime.fromisoformat(at), fault)
    return found


def _rotten(vault: Vault) -> frozenset[str]:
    return frozenset(name for name, look in _looks(vault).items() if look.fault)


def _says(vault: Vault, last: datetime | None, now: datetime, waiting: bool) -> str:
    state = _state(vault)
    if state.get("failed"):
        return f"The last backup did not succeed: {state.get('why')}"
    if state.get("rotten"):
        return str(state["rotten"])
    if state.get("lacking"):
        return f"The last backup is not whole: {state['lacking']}"
    if last is None:
        return "The disk for backups is not there, and no backup was made yet." if waiting else ""
    days = (now - last).days
    if now - last >= _OVERDUE:
        where = " because the disk for backups is not there" if waiting else ""
        return f"There has been no backup for {days} days{where}."
    return ""


def _may_try(vault: Vault, wanted: Plan, now: datetime) -> bool:
    """Whether a backup that failed may be tried again: after 5 minutes, then 10, 20 ... up to the plan's own time."""
    state = _state(vault)
    if not state.get("failed"):
        return True
    wait = min(_FIRST_WAIT * 2 ** min(int(state.get("tries", 1)) - 1, 10), timedelta(minutes=wanted.every_minutes))
    since = now - datetime.fromisoformat(state["failed"])
    # A clock that was put back must not keep backups from being made.
    return since >= wait or since < timedelta(0)


def _clear_parts(vault: Vault, folder: Path) -> None:
    """Remove what a backup that was cut short left in the folder for backups."""
    for path in folder.glob(f"imr-{vault.ways_in.vault_id[:8]}-*{SUFFIX}.part"):
        if _NAME.fullmatch(path.name.removesuffix(".part")):
            with suppress(OSError):
                path.unlink()


def _last(vault: Vault) -> datetime | None:
    told = _state(vault).get("last")
    return None if told is None else datetime.fromisoformat(told)


def _state(vault: Vault) -> dict[str, Any]:
    return dict(vault.setting(_STATE) or {})


def _note(vault: Vault, told: dict[str, Any]) -> None:
    vault.keep_setting(_STATE, {**_state(vault), **told})
