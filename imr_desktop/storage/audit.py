# SPDX-License-Identifier: AGPL-3.0-or-later
"""Auditing: whether the chain of events holds, and whether journal, rows and letters still say what it vouches for."""

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from imr_desktop.storage import rows, trail
from imr_desktop.storage.faults import Fault
from imr_desktop.storage.journal import Deed, Entry, subject_of, unpacked
from imr_desktop.storage.letters import Left
from imr_desktop.storage.rows import Kept
from imr_desktop.storage.sql import Database
from imr_desktop.storage.trail import START, Chained, Event, Head, Kind, Trail

_DEEDS = {deed.value for deed in Deed}
_PLACE = "vault.db"


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The events in order, where the chain stands, and what is wrong; no faults means that all of it holds."""

    events: tuple[Event, ...]
    head: Head
    faults: tuple[Fault, ...]


def audit_vault(db: Database) -> AuditReport:
    """Audit what was done with the vault as a whole."""
    chain = Trail(db, trail.VAULT_SCOPE, str).chained()
    return _report(chain, _broken_links(chain), trail.VAULT_SCOPE)


def audit_case(db: Database, case_id: str, letters: Iterable[Left]) -> AuditReport:
    """Audit a case: its chain, its journal and rows against the chain, and the heads that its letters left with."""
    chain = Trail(db, case_id, str).chained()
    entries, packed = journal_of(db, case_id)
    faults = _broken_links(chain)
    faults += _journal_against(chain, entries, packed)
    faults += _rows_against(_present(db, case_id), entries, packed)
    links = {event.number: event.link for event in chain}
    for left in letters:
        if left.head is not None and links.get(left.head.number) != left.head.link:
            faults.append(
                f"The letter {left.name} left when the case had {left.head.number} events, and the case no longer "
                "shows them as they were: an older copy was put back, or events were changed."
            )
    return _report(chain, faults, case_id)


def journal_holds(db: Database, case_id: str) -> bool:
    """Whether chain and journal of a case are whole and agree, whatever its rows say."""
    chain = Trail(db, case_id, str).chained()
    return not _broken_links(chain) and not _journal_against(chain, *journal_of(db, case_id))


def adopt(db: Database) -> None:
    """Take what was done before there was a trail into it, as one event for each case; within a transaction."""
    for case_id in trail.unfinished(db):
        entries, packed = journal_of(db, case_id)
        trail.complete(db, case_id, _all_of(entries.values(), packed), len(entries))


def _report(chain: tuple[Chained, ...], said: list[str], case_id: str) -> AuditReport:
    head = Head(chain[-1].number, chain[-1].link) if chain else Head(0, START)
    faults = tuple(Fault(says, place=_PLACE, case_id=case_id) for says in said)
    return AuditReport(tuple(event.event() for event in chain), head, faults)


def _broken_links(chain: tuple[Chained, ...]) -> list[str]:
    before, said = START, []
    for number, event in enumerate(chain, 1):
        if event.number != number:
            said.append(f"Event {number} is missing from the audit trail.")
            break
        if event.link != event.expected(before):
            said.append(f"Event {number} ({event.kind}) was changed, moved or exchanged after it was recorded.")
        before = event.link
    return said if chain else ["The audit trail is empty."]


Packed = dict[int, list[tuple[str, str, bytes]]]


def journal_of(db: Database, case_id: str) -> tuple[dict[int, Entry], Packed]:
    """The journal of a case: its entries by number, and the rows that each touched, packed as they are kept."""
    found = db.execute(
        "select number, deed, label, at, concerns from step where case_id = ? order by number", (case_id,)
    ).fetchall()
    entries = {
        number: Entry(number, Deed(deed), label, datetime.fromisoformat(at), concerns)
        for number, deed, label, at, concerns in found
    }
    packed: Packed = defaultdict(list)
    for number, kind, row_id, change in db.execute(
        "select number, kind, id, change from step_row where case_id = ?", (case_id,)
    ).fetchall():
        packed[number].append((kind, row_id, change))
    return entries, packed


def _journal_against(chain: tuple[Chained, ...], entries: dict[int, Entry], packed: Packed) -> list[str]:
    said, vouched = [], set()
    for event in chain:
        told = event.event()
        if event.kind == Kind.ADOPTED:
            steps = int(told.detail.get("steps", 0))
            first = [entry for number, entry in entries.items() if number <= steps]
            vouched |= {entry.number for entry in first}
            if event.subject != _all_of(first, packed):
                said.append(f"One of the first {steps} steps was changed after it was recorded.")
        elif event.kind in _DEEDS:
            number = int(told.detail.get("step", 0))
            entry = entries.get(number)
            vouched.add(number)
            if entry is None:
                said.append(f"Step {number} ({told.detail.get('label', '')}) is missing from the journal.")
            elif event.subject != subject_of(entry, packed.get(entry.number, ())) or told.at != entry.at:
                said.append(f"Step {entry.number} ({entry.label}) was changed after it was recorded.")
    unknown = sorted(set(entries) - vouched)
    if unknown:
        said.append(f"Step {unknown[0]} stands in the journal without an event that vouches for it.")
    return said


def _present(db: Database, case_id: str) -> dict[tuple[str, str], Kept]:
    found = db.execute("select kind, id, position, value from case_row where case_id = ?", (case_id,)).fetchall()
    return {(kind, row_id): Kept(position, value) for kind, row_id, position, value in found}


def replayed(entries: Mapping[int, Entry], packed: Packed) -> dict[tuple[str, str], Kept]:
    """The rows of a case as its journal leaves them, done from the first step on."""
    present: dict[tuple[str, str], Kept | None] = {}
    for entry in entries.values():
        for kind, row_id, change in packed.get(entry.concerns or entry.number, ()):
            before, after = unpacked(change)
            present[kind, row_id] = before if entry.deed is Deed.UNDO else after
    return {row: kept for row, kept in present.items() if kept is not None}


def _rows_against(present: dict[tuple[str, str], Kept], entries: dict[int, Entry], packed: Packed) -> list[str]:
    try:
        expected = replayed(entries, packed)
    except (ValueError, TypeError, zlib.error):
        return ["The journal of the case cannot be read."]
    return [
        f"A row of the case ({kind}) is not what the journal says it is; it was changed outside IMR Desktop."
        for kind, row_id in sorted(present.keys() | expected.keys())
        if present.get((kind, row_id)) != expected.get((kind, row_id))
    ]


def _all_of(entries: Iterable[Entry], packed: Packed) -> str:
    subjects = [subject_of(entry, packed.get(entry.number, ())) for entry in entries]
    return hashlib.sha256(rows.dumps(subjects).encode()).hexdigest()
