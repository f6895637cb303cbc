# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sorting a case that was read: documents proposed, repeats grouped, others' pages flagged; nothing is decided."""

import threading
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from imr_desktop.casework.progress import Progress
from imr_desktop.casework.reading import is_blank, pages_of
from imr_desktop.models.case import Case
from imr_desktop.models.readable import page_text
from imr_desktop.models.records import Document, DocumentType, PageRef, PageSpan, WordsOrigin
from imr_desktop.records.repeats import Repeat, repeats
from imr_desktop.records.sorting import Proposal, Sheet, Signs, cut, sheet, signs
from imr_desktop.records.strays import Belongs, Stray, stray
from imr_desktop.storage import CaseStore
from imr_desktop.storage.page_index import Stage

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk

_PROPOSAL, _REPEAT, _STRAY, _SORTED = "proposal", "repeat", "stray", "sorted"


def sort(store: CaseStore, *, patience: float = 0.05) -> Iterator[Progress]:
    """Look through the pages that were read and keep what they seem to be; can be done again at any time.

    ``patience`` is how long (seconds) one ``next`` may wait: 0 for a window that pumps it.
    """
    case, index = store.read(), store.pages.index
    pages = pages_of(case)
    texts: dict[PageRef, str] = {}
    readings = {reading.ref: reading for reading in index.readings()}
    total = len(pages)
    seen: list[Signs] = []
    for number, page in enumerate(pages):
        yield Progress(number, total, "Sorting the pages into documents", store.id)
        reading, words = readings.get(page.ref), store.words(page.ref)
        text = "" if words is None else page_text(words)
        if text:
            texts[page.ref] = text
        blank = reading is not None and is_blank(reading, text)
        turned = 0 if reading is None else reading.turned
        none = Sheet(page.ref, (), blank)
        looked = none if words is None else sheet(page.ref, words.words, blank=blank, turned=turned)
        seen.append(signs(looked))
    index.note(_PROPOSAL, {PageRef(made.source, made.first): _plain(made) for made in cut(seen)})
    given = [(page.ref, texts[page.ref]) for page in pages if page.ref in texts]
    headed = {page.sheet.ref: page.kind.type.value for page in seen if page.kind}
    digital = {ref for ref, reading in readings.items() if reading.origin is WordsOrigin.DIGITAL}
    found: list[Repeat] = []
    # Seconds for a large case, and pure: done aside, so that whoever iterates never waits for it.
    work = threading.Thread(
        target=lambda: found.extend(one for one in repeats(given, headed, digital) if one), name="repeats", daemon=True
    )
    work.start()
    while work.is_alive():
        yield Progress(total, total, "Looking for pages that came twice", store.id)
        work.join(patience)
    same = {one.page: {"of": [one.of.source, one.of.page], "likeness": one.likeness} for one in found}
    index.note(_REPEAT, same)
    yield from flag_strays(store)
    index.note(_SORTED, {page.ref: _read_count(store) for page in pages[:1]})
    yield Progress(total, total, "The record is sorted.", store.id)


def flag_strays(store: CaseStore) -> Generator[Progress, None, None]:
    """Look for pages about somebody else than the case's worker; to be done again when the header names another."""
    case = store.read()
    pages, found = pages_of(case), {}
    belongs = _belongs(case)
    turned = {reading.ref: reading.turned for reading in store.pages.index.readings()}
    for number, page in enumerate(pages):
        yield Progress(number, len(pages), "Looking for pages of other persons", store.id)
        words = store.words(page.ref)
        lines = () if words is None else sheet(page.ref, words.words, turned=turned.get(page.ref, 0)).lines
        odd = stray(lines, belongs)
        if odd is not None:
            found[page.ref] = {"what": odd.what, "says": odd.says}
    store.pages.index.note(_STRAY, found)


def is_sorted(store: CaseStore) -> bool:
    """Whether the record was sorted since the last page of it was read."""
    kept = store.pages.index.noted(_SORTED)
    return list(kept.values()) == [_read_count(store)]


def proposals(store: CaseStore, case: Case | None = None) -> tuple[Proposal, ...]:
    """The documents that the machine proposes for pages that the reviewer has not made part of a document.

    A page that is in a document stays there: proposals are cut around it, and never overrule a correction.
    """
    case = store.read() if case is None else case
    numbers = {page.ref: page.case_page for page in pages_of(case)}
    taken = {
        PageRef(span.source, page)
        for document in case.documents
        for span in document.pages
        for page in range(span.first, span.last + 1)
    }
    found: list[Proposal] = []
    for value in store.pages.index.noted(_PROPOSAL).values():
        found += _free_of(_proposal(value), taken)
    known = case.header.ur_decision_date
    found = [_prior(made, known) for made in found if PageRef(made.source, made.first) in numbers]
    return tuple(sorted(found, key=lambda made: numbers[PageRef(made.source, made.first)]))


def accept(desk: "Desk", chosen: Sequence[Proposal]) -> tuple[str, ...]:
    """Make proposals documents of the case, as the reviewer's own; gives their ids."""
    return tuple(desk.add_document(as_document(made, desk.case)) for made in chosen)


def as_document(made: Proposal, case: Case, document_id: str = "") -> Document:
    """What a proposal is as a document of the case."""
    name = next(source.name for source in case.sources if source.sha256 == made.source)
    span = PageSpan(made.source, name, made.first, made.last)
    return Document(document_id, made.type, made.title, made.author, date=made.date, pages=(span,))


def repeated(store: CaseStore) -> dict[PageRef, tuple[PageRef, float]]:
    """The pages that came before, each with the first page that shows the sheet and how alike they are (0 to 1)."""
    return {
        ref: (PageRef(*value["of"]), float(value["likeness"]))
        for ref, value in store.pages.index.noted(_REPEAT).items()
    }


def strays(store: CaseStore) -> dict[PageRef, Stray]:
    """The pages that seem to be about somebody else, with what they say otherwise (QC-14)."""
    return {ref: Stray(value["what"], value["says"]) for ref, value in store.pages.index.noted(_STRAY).items()}


def _read_count(store: CaseStore) -> list[int]:
    counts = store.pages.index.counts()
    return [counts[Stage.READ], counts[Stage.UNREADABLE]]


def _belongs(case: Case) -> Belongs:
    header = case.header
    return Belongs(header.employee.name, header.employee.birth_date, header.claim_number)


def _free_of(made: Proposal, taken: set[PageRef]) -> Iterator[Proposal]:
    run: list[int] = []
    for page in range(made.first, made.last + 2):
        if page <= made.last and PageRef(made.source, page) not in taken:
            run.append(page)
        elif run:
            whole = run[0] == made.first
            rest = replace(made, type=DocumentType.OTHER, title="", date=None, confidence=0.1, reason="left over")
            yield replace(made if whole else rest, first=run[0], last=run[-1])
            run = []


def _prior(made: Proposal, decided: date | None) -> Proposal:
    if made.type is not DocumentType.UR_DETERMINATION or decided is None or made.date in {None, decided}:
        return made
    return replace(made, type=DocumentType.PRIOR_UR, reason=f"{made.reason}; not of the day of the disputed decision")


def _plain(made: Proposal) -> dict[str, Any]:
    return {
        "source": made.source,
        "first": made.first,
        "last": made.last,
        "type": made.type.value,
        "title": made.title,
        "author": made.author,
        "date": made.date.isoformat() if made.date else None,
        "confidence": made.confidence,
        "reason": made.reason,
    }


def _proposal(value: dict[str, Any]) -> Proposal:
    day = date.fromisoformat(value["date"]) if value["date"] else None
    return Proposal(**{**value, "type": DocumentType(value["type"]), "date": day})
