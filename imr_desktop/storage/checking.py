# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checking the whole vault: databases, chains, and the digest of every source file and letter; it changes nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from imr_desktop.errors import Trouble
from imr_desktop.storage import sql
from imr_desktop.storage.audit import audit_vault
from imr_desktop.storage.case_store import CaseStore, damaged
from imr_desktop.storage.faults import Fault
from imr_desktop.storage.letters import SLIP, Letters
from imr_desktop.storage.noticed import standing
from imr_desktop.storage.shelf import Shelf
from imr_desktop.storage.sql import Database


@dataclass(frozen=True, slots=True)
class Checked:
    """How far the check is: ``done`` of ``total`` cases and letters, and what is being read."""

    done: int
    total: int
    what: str


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was read and what is wrong with it; no faults means that everything is as it was written."""

    faults: tuple[Fault, ...]
    cases: int
    sources: int
    letters: int


@dataclass
class _Found:
    faults: list[Fault] = field(default_factory=list)
    sources: int = 0

    def trouble(self, trouble: Trouble, case_id: str) -> None:
        self.faults.append(Fault.of(trouble, case_id))


def check(
    db: Database, shelf: Shelf, notices: tuple[Fault, ...], library: Callable[[], object] | None = None
) -> Iterator[Checked | CheckReport]:
    """Check everything; a damaged case or letter is told and keeps no other from being checked.

    ``library`` checks the library of precedents where there is one, and raises what is wrong with it.
    """
    # What was put into the trail on opening is told from there.
    kept = {fault.says for fault in standing(db)}
    found = _Found([notice for notice in notices if notice.says not in kept])
    with sql.troubles(damaged):
        cases, known = shelf.ids(), shelf.letters.known()
        total = 1 + len(cases) + len(known)
        yield Checked(0, total, "The database")
        if sql.complaints(db):
            found.trouble(damaged(), "")
        found.faults += [*audit_vault(db).faults, *standing(db)]
    for number, case_id in enumerate(cases):
        yield Checked(1 + number, total, "A case and its source files")
        _check_case(shelf, case_id, found)
    for number, left in enumerate(known):
        yield Checked(1 + len(cases) + number, total, "Issued letters")
        try:
            shelf.letters.check(left)
        except Trouble as trouble:
            found.trouble(trouble, left.case_id)
    if library is not None:
        yield Checked(total, total, "The library of precedents")
        try:
            library()
        except Trouble as trouble:
            found.trouble(trouble, "")
    found.faults += _strays(shelf.letters)
    yield CheckReport(tuple(dict.fromkeys(found.faults)), len(cases), found.sources, len(known))


def _check_case(shelf: Shelf, case_id: str, found: _Found) -> None:
    try:
        store = shelf.case(case_id)
        sources = store.read().sources
        found.faults += store.audit().faults
    except Trouble as trouble:
        found.trouble(trouble, case_id)
        return
    for source in sources:
        found.sources += 1
        try:
            store.check_source(source.sha256)
        except Trouble as trouble:
            named = f"{source.name}: {trouble.happened}"
            found.faults.append(Fault(named, trouble.advice, source.name, case_id))
    try:
        store.check_pages()
    except Trouble as trouble:
        found.trouble(trouble, case_id)
    found.faults += _stray_sources(store, {source.sha256 for source in sources})


def _stray_sources(store: CaseStore, known: set[str]) -> list[Fault]:
    # A file whose step was undone can be redone, so it stays; only what the case never had is told.
    had = known | store.sources_ever()
    return [
        Fault(
            "A file lies among the case's source files that the case does not know: an import was cut short, or it "
            "came from elsewhere.",
            "Nothing of the case depends on it; take the record in again if it is missing.",
            path.name,
            store.id,
        )
        for path in store.stored_sources()
        if path.stem not in had
    ]


def _strays(letters: Letters) -> list[Fault]:
    known = {left.letter_id for left in letters.known()}
    return [
        Fault(
            "There is an issued letter that the vault's database does not know: an older copy of the database was put "
            "back, or the program was stopped while the letter was being filed.",
            "Compare with your newest backup; nothing was removed.",
            path.name,
        )
        for path in letters.stored()
        if path.stem not in known and path.suffix == SLIP
    ]
