# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of an item's amounts: against the request, within its heading, in their arithmetic, and for plausibility."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import NamedTuple

from imr_desktop.checks import tables, treatments
from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.index import Index, Shown
from imr_desktop.checks.reading import Kind, told
from imr_desktop.checks.treatments import Amounts
from imr_desktop.models.deadlines import law
from imr_desktop.models.items import DisputedItem, ItemKind, Quantity, Treatment
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import DocumentType, PageRef

_MODIFIED = re.compile(
    r"^(?P<requested>.+?) was the original request\.\s+(?P<authorized>.+?) was authorized by the Claims "
    r"Administrator\.\s+"
    r"The remaining IMR eligible portion of the original request,?\s+(?P<remaining>.+?)(?:,? is)?$",
    re.IGNORECASE | re.DOTALL,
)
_ASKS = (DocumentType.APPLICATION, DocumentType.RFA, DocumentType.UR_DETERMINATION)
_THERAPY = re.compile(r"\b(physical therapy|physiotherapy|PT|occupational therapy|OT|chiropractic)\b", re.IGNORECASE)
_BEFORE = re.compile(
    r"\b(?:prior|previous|completed|attended|already|has had|to date|received|authorized|certified)\b", re.IGNORECASE
)
_DIMENSIONS = (
    ("strengths", "strength"),
    ("frequencies", "frequency"),
    ("sides", "side"),
    ("levels", "spinal level"),
)


class Modified(NamedTuple):
    """The three parts of a request that UR modified, as worded."""

    requested: str
    authorized: str
    remaining: str


def modified(subject: Subject, item: DisputedItem) -> Modified | None:
    """The parts of a modified request: from the item's fields, or from the heading of a letter read back."""
    if item.requested.wording and item.remaining.wording:
        return Modified(item.requested.wording, item.authorized.wording, item.remaining.wording)
    match = _MODIFIED.match(subject.headings[item.id])
    return Modified(match["requested"], match["authorized"], match["remaining"]) if match else None


@check(
    "QC-21", Severity.BLOCKS, "An item's drug, strength, quantity, frequency, side and level are those of the request."
)
def wording_is_the_requests(subject: Subject) -> Said:
    """LC 4610.6(h), ground 5: the wording of the application's list, entry by entry."""
    listed = treatments.entries(subject.case.header.treatments_in_dispute_raw)
    for item in subject.case.items:
        mine = _wording(subject, item)
        rated = [(treatments.alike(mine, entry), entry) for entry in listed]
        best = [entry for share, entry in rated if share >= 0.5]
        if not best or any(not _differs(mine, entry) for entry in best):
            continue
        name, ours, theirs = _differs(mine, max(rated)[1]) or _differs(mine, best[0]) or ("amount", "", "")
        yield f"{subject.name(item)}: the {name} is {ours}; the application lists {theirs}.", _heading(item)


@check("QC-21", Severity.BLOCKS, "An item's amounts are those of its own fields.")
def wording_agrees_with_fields(subject: Subject) -> Said:
    """The amounts that were made out of the request and the wording that is printed say the same."""
    for item in subject.case.items:
        for treatment in (
            Treatment(_wording(subject, item), item.quantity),
            item.requested,
            item.authorized,
            item.remaining,
        ):
            differs = _field_differs(treatment)
            if differs:
                yield f"{subject.name(item)}: {differs}.", _heading(item)


@check("QC-21", Severity.BLOCKS, "An item's amounts are those of the request and of the UR letter in the record.")
def wording_is_the_files(subject: Subject) -> Said:
    """LC 4610.6(h), ground 5: where the pages of application, request and UR letter name the treatment, one of them
    at least must give the amounts that are printed.
    """
    index = subject.index
    if index is None:
        return
    asking = {ref for ref, document in subject.documents_at.items() if document.type in _ASKS}
    for item in subject.case.items:
        mine = _wording(subject, item)
        key = ("asked", subject.frame, mine)
        windows = index.remember(key, partial(_all_windows, index, treatments.telling(mine), asking))
        if not windows:
            continue
        differing = [(differs, shown) for text, shown in windows if (differs := _differs(mine, text))]
        if len(differing) == len(windows):
            (name, ours, theirs), _ = differing[0]
            pages = ", ".join(dict.fromkeys(str(shown.case_page) for _, shown in differing))
            says = (
                f"{subject.name(item)}: the {name} is {ours}; the request and the UR letter (page {pages}) say"
                f" {theirs}."
            )
            yield Told(says, _heading(item), tuple(shown for _, shown in differing), index.unsearched)


def _all_windows(index: Index, words: frozenset[str], asking: set[PageRef]) -> list[tuple[str, Shown]]:
    return list(_windows(index, words, asking))


def _windows(index: Index, words: frozenset[str], asking: set[PageRef]) -> Iterator[tuple[str, Shown]]:
    for number, begin, end in index.phrase(tuple(sorted(words)), within=4) if words else ():
        page = index.pages[number]
        if page.ref not in asking:
            continue
        start = max(page.text.rfind(". ", 0, begin) + 1, begin - 60, 0)
        stop = page.text.find(". ", end)
        window = page.text[start : min(stop if stop >= 0 else len(page.text), end + 60)]
        if any(mark.isdigit() for mark in window) or _how_many(treatments.amounts(window)):
            yield window, index.shown(number, begin, end)


@check("QC-22", Severity.WARNS, "Requested less authorised is what remains, in every dimension.")
def remainder_adds_up(subject: Subject) -> Said:
    """Reference QC-22: count, refills, quantity; and sessions = frequency x weeks where a wording states all three."""
    for item in subject.case.items:
        parts = modified(subject, item)
        if parts is not None and item.kind is not ItemKind.UR_MODIFIED_SUBSTITUTION:
            for name, numbers in _numbers(parts):
                requested, authorized, remaining = numbers
                if requested - authorized != remaining:
                    yield (
                        f"{subject.name(item)}: {requested:g} {name} requested less {authorized:g} authorised "
                        f"is {requested - authorized:g}, not {remaining:g}.",
                        _heading(item, "remaining"),
                    )
        for wording in parts or (subject.headings[item.id],):
            wrong = _sessions(wording)
            if wrong:
                yield f"{subject.name(item)}: {wrong}.", _heading(item)


@check("QC-23", Severity.BLOCKS, "What is repeated within a heading is the same: drug, strength, side, level.")
def heading_repeats_itself(subject: Subject) -> Said:
    """Reference QC-23: the request and what remains of it are one treatment."""
    for item in subject.case.items:
        parts = modified(subject, item)
        if parts is None:
            continue
        first = treatments.amounts(parts.requested)
        for name, wording in (("what remains", parts.remaining), ("what was authorised", parts.authorized)):
            if name == "what was authorised" and item.kind is not ItemKind.UR_MODIFIED_REMAINDER:
                continue
            other = treatments.amounts(wording)
            for field, called in (*_DIMENSIONS[:1], *_DIMENSIONS[2:], ("drugs", "drug")):
                mine, theirs = getattr(first, field), getattr(other, field)
                if mine and theirs and not theirs <= mine:
                    says = (
                        f"{subject.name(item)}: the {called} requested is {_told(mine)}, in {name} it is "
                        f"{_told(theirs)}."
                    )
                    yield says, _heading(item)


@check("QC-29", Severity.WARNS, "A drug's strength and quantity are such as are sold.")
def drugs_are_plausible(subject: Subject) -> Said:
    """Reference QC-29: against the local list of drugs, headings only; a strength that is not sold is often a slip."""
    told_of: set[tuple[str, object]] = set()
    for item in subject.case.items:
        heading = subject.headings[item.id]
        for each in subject.mentions(heading, Kind.STRENGTH, Kind.QUANTITY):
            drug = tables.drugs().get(each.about)
            if each.kind is Kind.QUANTITY and isinstance(each.value, int) and not 0 < each.value <= 500:
                yield (
                    f"{subject.name(item)}: a quantity of {each.value} is unlikely.",
                    _heading(item, span=(each.begin, each.end)),
                )
            if (
                each.kind is not Kind.STRENGTH
                or drug is None
                or not drug.strengths
                or not isinstance(each.value, tuple)
            ):
                continue
            strength, unit = each.value
            if (item.id, each.value) in told_of:
                continue
            told_of.add((item.id, each.value))
            if unit in ("mg", "%", "mcg") and not _is_sold(str(strength), drug.strengths):
                says = f"{subject.name(item)}: {drug.name} is not sold as {strength} {unit}, as far as our list knows."
                yield says, _heading(item, span=(each.begin, each.end))


@check("QC-31", Severity.INFORMS, "Therapy visits are within the cap of the law.")
def visits_are_within_the_cap(subject: Subject) -> Said:
    """LC 4604.5(c)(1): 24 visits each of chiropractic, occupational and physical therapy an injury, in all."""
    cap = law("visit_cap")
    for item in subject.case.items:
        therapy = _THERAPY.search(subject.headings[item.id])
        if therapy is None:
            continue
        asked = max((_float(n) for n in treatments.amounts(_wording(subject, item)).counts), default=0.0)
        earlier = max(
            (
                _float(each.value[0])
                for sentence in subject.summary.sentences
                if _BEFORE.search(sentence.text) and therapy.group(1).lower() in sentence.text.lower()
                for each in subject.mentions(sentence.text, Kind.COUNT)
                if isinstance(each.value, tuple) and each.value[1] == "visit"
            ),
            default=0.0,
        )
        if asked + earlier > cap:
            yield (
                f"{subject.name(item)}: {asked:g} visits asked and {earlier:g} before are more than {cap}.",
                _heading(item),
            )


def _wording(subject: Subject, item: DisputedItem) -> str:
    parts = modified(subject, item)
    return parts.requested if parts is not None else subject.headings[item.id]


def _differs(mine: str, theirs: str) -> tuple[str, str, str] | None:
    """The first dimension that both wordings state and state differently: its name, ours, theirs."""
    ours, other = treatments.amounts(mine), treatments.amounts(theirs)
    for field, name in _DIMENSIONS:
        one, two = getattr(ours, field), getattr(other, field)
        if one and two and not _agree(field, one, two):
            return name, _told(one), _told(two)
    one, two = _how_many(ours), _how_many(other)
    if one and two and not one & two:
        return "number", _told(one), _told(two)
    return None


def _agree(field: str, one: frozenset[object], two: frozenset[object]) -> bool:
    if field != "sides":
        return bool(one & two)
    parts = {side[1] for side in one if isinstance(side, tuple)} & {side[1] for side in two if isinstance(side, tuple)}
    return not parts or any(isinstance(side, tuple) and side[1] in parts and side in two for side in one)


def _how_many(amounts: Amounts) -> frozenset[object]:
    return frozenset(_float(number) for number in amounts.counts | amounts.quantities)


def _numbers(parts: Modified) -> Iterator[tuple[str, tuple[float, float, float]]]:
    stated = [treatments.amounts(wording) for wording in parts]
    for name, sets in (("units", [each.quantities for each in stated]), ("visits", [_visits(each) for each in stated])):
        if all(len(each) == 1 for each in sets):
            first, second, third = (_float(next(iter(each))) for each in sets)
            yield name, (first, second, third)
    refills = [
        [
            each.value[0]
            for each in treatments.mentions(wording)
            if isinstance(each.value, tuple) and each.value[1] == "refill"
        ]
        for wording in parts
    ]
    if all(len(each) == 1 for each in refills):
        first, second, third = (_float(each[0]) for each in refills)
        yield "refills", (first, second, third)


def _visits(amounts: Amounts) -> frozenset[object]:
    """The visits that are stated, or that follow from so many a week for so many weeks."""
    if amounts.counts:
        return amounts.counts
    weekly = [each[0] for each in amounts.frequencies if isinstance(each, tuple) and each[1] == "week"]
    weeks = [each[0] for each in amounts.durations if isinstance(each, tuple) and each[1] == "week"]
    if len(weekly) == len(weeks) == 1:
        return frozenset({_float(weekly[0]) * _float(weeks[0])})
    return frozenset()


def _sessions(wording: str) -> str:
    amounts = treatments.amounts(wording)
    weekly = [each[0] for each in amounts.frequencies if isinstance(each, tuple) and each[1] == "week"]
    weeks = [each[0] for each in amounts.durations if isinstance(each, tuple) and each[1] == "week"]
    if len(weekly) == len(weeks) == len(amounts.counts) == 1:
        total, stated = _float(weekly[0]) * _float(weeks[0]), _float(next(iter(amounts.counts)))
        if total != stated:
            return f"{weekly[0]:g} times a week for {weeks[0]:g} weeks are {total:g} visits, not {stated:g}"
    return ""


def _field_differs(treatment: Treatment) -> str:
    amounts, fields = treatments.amounts(treatment.wording), treatment.quantity
    numbers = _how_many(amounts)
    stated = {float(each) for each in (fields.amount, fields.sessions) if isinstance(each, Decimal | int)}
    if numbers and stated and not stated & numbers:
        return f"the wording says {_told(numbers)}, its field {_told(frozenset(stated))}"
    strengths = treatments.amounts(fields.strength).strengths
    if amounts.strengths and strengths and not strengths & amounts.strengths:
        return f"the wording says {_told(amounts.strengths)}, its field {fields.strength}"
    return _side_differs(amounts, fields)


def _side_differs(amounts: Amounts, fields: Quantity) -> str:
    sides = {side[0] for side in amounts.sides if isinstance(side, tuple)}
    if fields.side is not None and sides and fields.side.value not in sides:
        return f"the wording says {_told(amounts.sides)}, its field {fields.side.value}"
    levels = frozenset(name for level in fields.spinal_levels for name in treatments.amounts(level).levels)
    if levels and amounts.levels and not levels & amounts.levels:
        return f"the wording says {_told(amounts.levels)}, its field {_told(levels)}"
    return ""


def _is_sold(strength: str, sold: frozenset[str]) -> bool:
    return strength in sold or any(strength == each.split("/")[0] for each in sold)


def _float(number: object) -> float:
    return float(number) if isinstance(number, int | float | Decimal) else 0.0


def _told(values: frozenset[object]) -> str:
    return " and ".join(sorted(told(value) for value in values))


def _heading(item: DisputedItem, field: str = "heading", span: tuple[int, int] | None = None) -> Place:
    return Place(Part.ITEMS, item.id, field, span)
