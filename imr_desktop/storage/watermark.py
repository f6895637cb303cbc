# SPDX-License-Identifier: AGPL-3.0-or-later
"""The watermark: a small file that remembers how far ``vault.db`` had come, so that an older copy of it is noticed.

The database and ``vault.head`` carry the same count and token, made anew at each closing after a change. The file is
written beside its place first, then the database, then the file gets its name: whatever fails or crashes in between,
the database is never behind the file, and a file that waits for its name is known by the database's own token.
"""

import contextlib
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from imr_desktop.storage import files, keys
from imr_desktop.storage.audit import audit_case, audit_vault
from imr_desktop.storage.faults import Fault
from imr_desktop.storage.rows import dumps
from imr_desktop.storage.sql import Database

FILE: Final = "vault.head"
_WAITING: Final = FILE + files.PART
_SETTING: Final = "watermark"


@dataclass(frozen=True, slots=True)
class _Mark:
    """Of one closing: its number, a random token, and the token of the closing before."""

    count: int
    token: str
    before: str = ""


def write(folder: Path, data_key: keys.Key, db: Database) -> None:
    """Note how far the database has come: DiskFull, CannotWrite, and then both are as they were."""
    found = db.execute("select seq, link from event order by seq desc limit 1").fetchone()
    if found is None:
        return
    was = _kept(db) or _Mark(0, "")
    mark = _Mark(was.count + 1, os.urandom(8).hex(), was.token)
    seq, link = found
    told = {"seq": seq, "link": link, "count": mark.count, "token": mark.token}
    told["mac"] = _mac(data_key, told)
    waiting = folder / _WAITING
    try:
        with contextlib.closing(files.Fresh(waiting)) as file:
            file.put(json.dumps(told).encode())
            file.sync()
        with files.disk_troubles():
            files.sync_folder(folder)
        with db.atomic():
            _keep(db, mark)
    except BaseException:
        files.remove(waiting)
        raise
    _name(folder)


def begin_anew(db: Database) -> None:
    """The database was made anew (other key, salvaged): no ``vault.head`` that is there speaks of it any more."""
    _keep(db, _Mark(0, ""))


def marked(db: Database) -> bool:
    """Whether the database was noted since it was made."""
    kept = _kept(db)
    return kept is not None and kept.count > 0


def compare(folder: Path, data_key: keys.Key, db: Database) -> tuple[Fault, ...]:
    """What the mark says against the database: nothing, or one fault. The database may be ahead, never behind."""
    kept = _kept(db)
    if kept is not None and not kept.count:
        return ()
    _settle(folder, data_key, kept)
    try:
        told, mark = _read(folder / FILE, data_key)
    except FileNotFoundError:
        # Only a vault that was never closed by this version may be without one.
        return () if kept is None else (_missing(),)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return (_unreadable(),)
    seq, link = told["seq"], told["link"]
    last = db.execute("select seq from sqlite_sequence where name = 'event'").fetchone()
    found = db.execute("select link from event where seq = ?", (seq,)).fetchone()
    # A case that was deleted took its events along; any other event has to be the one that was noted.
    behind = last is None or last[0] < seq or (found is not None and found[0] != link)
    return (_older(),) if behind or not _follows(kept, mark) else ()


def pieced(db: Database) -> tuple[Fault, ...]:
    """After a stop that left a log beside ``vault.db``: whether the two belong together; nothing, or one fault."""
    cases = [case_id for (case_id,) in db.execute("select id from cases").fetchall()]
    whole = not audit_vault(db).faults and not any(audit_case(db, case_id, ()).faults for case_id in cases)
    return () if whole else (_pieced(),)


def _read(path: Path, data_key: keys.Key) -> tuple[dict[str, Any], _Mark | None]:
    """What a file says and the mark in it; ValueError and its like if it is not as it was written."""
    told: dict[str, Any] = json.loads(path.read_bytes())
    mac = str(told.pop("mac"))
    int(told["seq"])
    if not hmac.compare_digest(mac, _mac(data_key, told)):
        raise ValueError("the mark was changed")
    return told, _Mark(int(told["count"]), str(told["token"])) if "count" in told else None


def _settle(folder: Path, data_key: keys.Key, kept: _Mark | None) -> None:
    """Give a file that was left waiting its name if the database knows it, else take it away."""
    waiting = folder / _WAITING
    if not waiting.exists():
        return
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError, AttributeError):
        mark = _read(waiting, data_key)[1]
        if kept is not None and mark == _Mark(kept.count, kept.token):
            _name(folder)
            return
    files.remove(waiting)


def _name(folder: Path) -> None:
    # What fails here is done at the next opening.
    with contextlib.suppress(OSError):
        (folder / _WAITING).replace(folder / FILE)
        files.sync_folder(folder)


def _follows(kept: _Mark | None, mark: _Mark | None) -> bool:
    """Whether the database's mark is that of the file or comes after it."""
    if mark is None:
        return True
    if kept is None or kept.count < mark.count:
        return False
    if kept.count == mark.count:
        return kept.token == mark.token
    return kept.count > mark.count + 1 or kept.before == mark.token


def _kept(db: Database) -> _Mark | None:
    found = db.execute("select value from setting where name = ?", (_SETTING,)).fetchone()
    if found is None:
        return None
    count, token, before = json.loads(found[0])
    return _Mark(count, token, before)


def _keep(db: Database, mark: _Mark) -> None:
    held = dumps([mark.count, mark.token, mark.before])
    db.execute("insert or replace into setting (name, value) values (?, ?)", (_SETTING, held))


def _mac(data_key: keys.Key, told: dict[str, Any]) -> str:
    key = keys.subkey(data_key, FILE)
    said = " ".join(str(told[name]) for name in ("seq", "link", "count", "token") if name in told)
    try:
        return hmac.new(key, said.encode(), hashlib.sha256).hexdigest()
    finally:
        keys.wipe(key)


def _older() -> Fault:
    return Fault(
        "The vault's database is older than the vault itself: a copy from before was put in its place.",
        "If you put a backup back by hand, this is expected; otherwise look for the newer vault.db, or restore the "
        "newest backup.",
        "vault.db",
    )


def _pieced() -> Fault:
    return Fault(
        "The vault's database and its log do not belong together: another vault.db was put beside a newer log.",
        "Look the cases over with `imr-desktop vault check`, and restore the newest backup if it names any.",
        "vault.db",
    )


def _missing() -> Fault:
    return Fault(
        "The file vault.head, which remembers how far the vault had come, is missing.",
        "Without it an older vault.db put back is not noticed. It is written anew when the vault is closed; run an "
        "audit of the cases that you issued letters for.",
        FILE,
    )


def _unreadable() -> Fault:
    return Fault(
        "The file vault.head, which remembers how far the vault had come, was changed or damaged.",
        "It is written anew when the vault is closed; run an audit of the cases that you issued letters for.",
        FILE,
    )
