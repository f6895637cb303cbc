# SPDX-License-Identifier: AGPL-3.0-or-later
"""What was found wrong on opening the vault: kept in its audit trail, and told until the reviewer has said so."""

from collections.abc import Iterable
from dataclasses import replace

from imr_desktop.storage.faults import Fault
from imr_desktop.storage.sql import Database
from imr_desktop.storage.trail import VAULT_SCOPE, Kind, Trail


def note(db: Database, trail: Trail, faults: Iterable[Fault]) -> None:
    """Put findings into the vault's trail."""
    with db.atomic():
        for fault in faults:
            trail.add(Kind.NOTICED, {"says": fault.says, "advice": fault.advice, "place": fault.place})


def answer(db: Database, trail: Trail) -> None:
    """Note that the reviewer knows of what stands; nothing where nothing stands."""
    if standing(db):
        with db.atomic():
            trail.add(Kind.ANSWERED, {})


def standing(db: Database) -> tuple[Fault, ...]:
    """The findings that the reviewer has not answered yet, the oldest of each kind, with the day it was noticed."""
    found: dict[str, Fault] = {}
    for chained in Trail(db, VAULT_SCOPE, str).chained():
        event = chained.event()
        if event.kind == Kind.ANSWERED:
            found.clear()
        elif event.kind == Kind.NOTICED:
            told = Fault(*(str(event.detail.get(part, "")) for part in ("says", "advice", "place")))
            day = f"{event.at.astimezone():%m/%d/%Y}"
            found.setdefault(told.says, replace(told, advice=f"{told.advice} It was noticed on {day}."))
    return tuple(found.values())
