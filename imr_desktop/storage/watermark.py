# SPDX-License-Identifier: AGPL-3.0-or-later
"""The watermark: a small file that remembers how far ``vault.db`` had come, so that an older copy of it is noticed."""

import contextlib
import hashlib
import hmac
import json
from pathlib import Path
from typing import Final

from imr_desktop.errors import Trouble
from imr_desktop.storage import files, keys
from imr_desktop.storage.faults import Fault
from imr_desktop.storage.sql import Database

FILE: Final = "vault.head"


def write(folder: Path, data_key: keys.Key, db: Database) -> None:
    """Note the latest event. A write that fails is let go: the mark then only lags behind."""
    found = db.execute("select seq, link from event order by seq desc limit 1").fetchone()
    if found is None:
        return
    seq, link = found
    mark = {"seq": seq, "link": link, "mac": _mac(data_key, seq, link)}
    with contextlib.suppress(Trouble):
        files.write_whole(folder / FILE, [json.dumps(mark).encode()])


def compare(folder: Path, data_key: keys.Key, db: Database) -> tuple[Fault, ...]:
    """What the mark says against the database: nothing, or one fault. The database may be ahead, never behind."""
    try:
        mark = json.loads((folder / FILE).read_bytes())
        seq, link, mac = int(mark["seq"]), str(mark["link"]), str(mark["mac"])
    except FileNotFoundError:
        return ()
    except (OSError, ValueError, TypeError, KeyError):
        return (_unreadable(),)
    if not hmac.compare_digest(mac, _mac(data_key, seq, link)):
        return (_unreadable(),)
    last = db.execute("select seq from sqlite_sequence where name = 'event'").fetchone()
    found = db.execute("select link from event where seq = ?", (seq,)).fetchone()
    if last is None or last[0] < seq:
        return (_older(),)
    # A case that was deleted took its events along; any other event has to be the one that was noted.
    return () if found is None or found[0] == link else (_older(),)


def _mac(data_key: keys.Key, seq: int, link: str) -> str:
    key = keys.subkey(data_key, FILE)
    try:
        return hmac.new(key, f"{seq} {link}".encode(), hashlib.sha256).hexdigest()
    finally:
        keys.wipe(key)


def _older() -> Fault:
    return Fault(
        "The vault's database is older than the vault itself: a copy from before was put in its place.",
        "If you put a backup back by hand, this is expected; otherwise look for the newer vault.db, or restore the "
        "newest backup.",
        "vault.db",
    )


def _unreadable() -> Fault:
    return Fault(
        "The file vault.head, which remembers how far the vault had come, was changed or damaged.",
        "It is written anew when the vault is closed; run an audit of the cases that you issued letters for.",
        FILE,
    )
