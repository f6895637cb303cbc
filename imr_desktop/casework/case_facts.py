# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts proposed for the case header and the items, each with the pages that print it; accepted one by one by hand."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz

from imr_desktop import assets
from imr_desktop.casework import sorting
from imr_desktop.casework.request_wording import quantity_of
from imr_desktop.models.case import Case, CaseHeader, InjuryDate
from imr_desktop.models.circumstances import NamedTreatment
from imr_desktop.models.items import DisputedItem, Treatment
from imr_desktop.models.records import DocumentType, PageRef, PageWords
from imr_desktop.records.facts import Fact, ItemFact, facts
from imr_desktop.records.sorting import sheet
from imr_desktop.storage import CaseStore

if TYPE_CHECKING:
    from imr_desktop.casework.desk import Desk

# What the application says of the case goes before the denial, and that before the request.
_WEIGHT = {DocumentType.APPLICATION: 3, DocumentType.UR_DETERMINATION: 2, DocumentType.RFA: 1}

_LISTS = {DocumentType.APPLICATION: 3, DocumentType.RFA: 2, DocumentType.UR_DETERMINATION: 1}

_SAME_TREATMENT = 88.0
_SAME_WORD = 80.0


@dataclass(frozen=True, slots=True)
class ProposedFact:
    """A value for a field, the pages that print it, and other values that the documents print for the same field."""

    field: str
    value: str
    pages: tuple[PageRef, ...]
    lines: tuple[str, ...]
    otherwise: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProposedCase:
    """What the machine proposes for the header and the disputed items; nothing of it is in the case."""

    facts: tuple[ProposedFact, ...] = ()
    items: tuple[ItemFact, ...] = ()


def propose(store: CaseStore) -> ProposedCase:
    """The facts that the sorted record's application, denial and request print, best first within a field."""
    case = store.read()
    found: list[Fact] = []
    items: list[ItemFact] = []
    kept = [(one.type, span.source, span.first, span.last) for one in case.documents for span in one.pages]
    proposed = [(one.type, one.source, one.first, one.last) for one in sorting.proposals(store, case)]
    for kind, source, first, last in (*kept, *proposed):
        if kind not in _WEIGHT:
            continue
        refs = [PageRef(source, page) for page in range(first, last + 1)]
        read = [(ref, store.words(ref)) for ref in refs]
        said = facts(kind, [(ref, _lines(store, ref, words)) for ref, words in read if words is not None])
        found += said.facts
        items += said.items
    return ProposedCase(_gathered(found), tuple(items))


def _lines(store: CaseStore, ref: PageRef, words: PageWords) -> tuple[str, ...]:
    reading = store.pages.index.reading(ref)
    return sheet(ref, words.words, turned=0 if reading is None else reading.turned).lines


def named_treatments(store: CaseStore, case: Case) -> tuple[NamedTreatment, ...]:
    """The treatments that the sorted record's application, request and denial list, in that order."""
    pages = {page.ref: page.case_page for source in case.sources for page in source.pages()}
    return tuple(
        NamedTreatment(item.wording, item.type, item.page, pages[item.page], item.verdict)
        for item in sorted(propose(store).items, key=lambda one: (-_LISTS[one.type], pages[one.page], one.number))
    )


def unsettled(case: Case, proposed: ProposedCase) -> ProposedCase:
    """What of the proposals is not in the case yet: other values than the header's, treatments that no item words.

    A treatment that several documents word alike is proposed once, as the weightiest document words it.
    """
    items: list[ItemFact] = []
    known = [wording for item in case.items for wording in (item.heading, item.requested.wording) if wording]
    for item in sorted(proposed.items, key=lambda one: -_WEIGHT[one.type]):
        if not any(same_treatment(item.wording, other) for other in known):
            items.append(item)
            known.append(item.wording)
    header = case.header
    return ProposedCase(
        tuple(fact for fact in proposed.facts if _same(fact.value) != _same(present(header, fact.field))), tuple(items)
    )


def same_treatment(one: str, other: str) -> bool:
    """Whether two wordings ask for the same; another number or part of the body makes another treatment."""
    one, other = _plain(one), _plain(other)
    if fuzz.token_sort_ratio(one, other) < _SAME_TREATMENT:
        return False
    fewer, more = sorted((_words(one), _words(other)), key=len)
    return all(any(_same_word(word, known) for known in more) for word in fewer)


def present(header: CaseHeader, field: str) -> str:
    """What a field of the header says now, as ``ProposedFact.value`` would; empty if nothing."""
    value: Any = header
    for name in field.split("."):
        value = getattr(value, name)
    if isinstance(value, InjuryDate):
        value = value.first
    if isinstance(value, tuple):
        value = " ".join(value)
    return value.isoformat() if isinstance(value, date) else str(value or "")


def is_open(header: CaseHeader, field: str) -> bool:
    """Whether a field of the header says nothing yet."""
    return not present(header, field)


def accept_facts(desk: "Desk", facts: Iterable[ProposedFact]) -> None:
    """Put proposed values into the header, as the reviewer's own, in one step that can be undone."""
    header = desk.case.header
    for fact in facts:
        header = _with(header, fact.field.split("."), fact.value)
    desk.keep_header(header)


def accept_item(desk: "Desk", item: ItemFact) -> str:
    """Make a proposed treatment a disputed item of the case, worded as the document words it; gives its id."""
    item_id = desk.add_item(item.wording)
    made: DisputedItem = desk.case.item(item_id)
    read = quantity_of(item.wording)
    if read.amount is None and read.sessions is None and item.quantity:
        read = replace(read, amount=Decimal(item.quantity))
    desk.keep_item(replace(made, requested=Treatment(item.wording, read), quantity=read))
    return item_id


def _gathered(found: list[Fact]) -> tuple[ProposedFact, ...]:
    by_field: dict[str, dict[str, list[Fact]]] = {}
    for fact in found:
        by_field.setdefault(fact.field, {}).setdefault(_same(fact.value), []).append(fact)
    proposed = []
    for field, values in by_field.items():
        ranked = sorted(values.values(), key=lambda told: -sum(_WEIGHT[fact.type] for fact in told))
        best = ranked[0]
        proposed.append(
            ProposedFact(
                field,
                best[0].value,
                tuple(fact.page for fact in best),
                tuple(fact.line for fact in best),
                tuple(told[0].value for told in ranked[1:]),
            )
        )
    return tuple(proposed)


def _same(value: str) -> str:
    return "".join(char for char in value.casefold() if char.isalnum())


def _plain(wording: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", wording.lower()))


def _words(wording: str) -> list[str]:
    numbers = assets.table("tables/requests.toml")["numbers"]
    return [str(numbers.get(word, word)) for word in wording.split()]


def _same_word(one: str, other: str) -> bool:
    # A letter may be misread, a figure counts.
    return one == other or (not one[0].isdigit() and fuzz.ratio(one, other) >= _SAME_WORD)


def _with(value: Any, path: list[str], text: str) -> Any:
    name = path[0]
    if not is_dataclass(value) or isinstance(value, type) or name not in {field.name for field in fields(value)}:
        raise ValueError(f"{name} is no field of the case header")
    changed: Any = text
    if path[1:]:
        changed = _with(getattr(value, name), path[1:], text)
    elif name == "date_of_injury":
        changed = InjuryDate(date.fromisoformat(text))
    elif name.endswith("_date") or (isinstance(value, CaseHeader) and name.startswith("date_")):
        changed = date.fromisoformat(text)
    return replace(value, **{name: changed})
