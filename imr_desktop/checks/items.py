# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the disputed items: each worded, decided, reasoned; none missing, none invented, none moot."""

import re

from imr_desktop.checks import treatments
from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.quantities import modified
from imr_desktop.checks.treatments import alike
from imr_desktop.models.items import DisputedItem, ItemKind, LetterOutcome
from imr_desktop.models.places import Part, Place

_ENOUGH = 0.34
_ASSOCIATED = re.compile(
    r"\b(?:requested |associated |ancillary |concurrent )+(?:ancillary |surgical |associated )*(?:service|"
    r"intervention|surgery|procedure)"
    r"[^.]{0,90}\b(?:not medically necessary|not supported|not necessary|is medically necessary)",
    re.IGNORECASE,
)
_AUTHORISED = re.compile(
    r"\b(?:was|were|has been|have been)\s+(?:fully\s+)?(?:approved|authori[sz]ed|certified)\b(?![^.]*\b(?:"
    r"partial|modif|remain|of \d|initial trial))",
    re.IGNORECASE,
)
_STATEMENTS = {
    "none": LetterOutcome.UPHOLD,
    "all": LetterOutcome.OVERTURN,
    "some": LetterOutcome.PARTIAL_OVERTURN,
}
_STATEMENT = re.compile(r"\bdecided that (none|all|some)\b", re.IGNORECASE)


@check("QC-20", Severity.BLOCKS, "There is at least one disputed item, and each has its wording.")
def items_are_worded(subject: Subject) -> Said:
    """LC 4610.6: every treatment in dispute is decided under its own words."""
    if not subject.case.items:
        yield "The determination has no disputed item.", Place(Part.ITEMS)
    for item in subject.case.items:
        if not subject.headings[item.id].strip():
            yield f"{subject.name(item)} has no wording.", _at(item, "heading")


@check("QC-20", Severity.BLOCKS, "The items are those of the application, one to one.")
def items_are_the_applications(subject: Subject) -> Said:
    """LC 4610.6: none missing, none invented. A dependent item may stand for a service named with its parent."""
    listed = treatments.entries(subject.case.header.treatments_in_dispute_raw)
    worded = {item.id: _requested(subject, item) for item in subject.case.items}
    if not listed or not any(worded.values()):
        return
    for entry in listed:
        if treatments.naming(entry) and all(alike(entry, wording) < _ENOUGH for wording in worded.values()):
            says = f"The application lists “{entry}”, which no item decides."
            yield says, Place(Part.ITEMS)
    for item in subject.case.items:
        wording = worded[item.id]
        known = (*listed, subject.case.header.treatments_in_dispute_raw)
        invented = treatments.naming(wording) and all(alike(entry, wording) < _ENOUGH for entry in known)
        if invented and item.kind is not ItemKind.DEPENDENT:
            says = f"{subject.name(item)} is not among the treatments that the application lists."
            yield says, _at(item, "heading")


@check("QC-20", Severity.BLOCKS, "No treatment is decided twice.")
def no_item_is_there_twice(subject: Subject) -> Said:
    """LC 4610.6: two items of the same words could be decided differently."""
    first: dict[tuple[str, object], DisputedItem] = {}
    for item in subject.case.items:
        key = (" ".join(subject.headings[item.id].lower().split()), item.dos)
        earlier = first.setdefault(key, item)
        if key[0] and earlier is not item:
            yield (
                f"{subject.name(item)} has the same wording as item {subject.case.ordinal(earlier.id)}.",
                _at(item, "heading"),
            )


@check("QC-24", Severity.BLOCKS, "Every item has its outcome.")
def every_item_is_decided(subject: Subject) -> Said:
    """Reference 3.2: the letter's outcome follows only when every item is decided."""
    for item in subject.case.items:
        if item.outcome is None:
            yield f"{subject.name(item)} is not decided yet.", _at(item, "outcome")


@check("QC-24", Severity.WARNS, "No item is marked to come back to.")
def nothing_waits(subject: Subject) -> Said:
    """The reviewer's own mark, listed until it is cleared and never printed."""
    there = {item.id: item for item in subject.case.items}
    for work in subject.circumstances.work or ():
        if work.come_back and work.id in there:
            why = f": {work.note}" if work.note else "."
            yield f"{subject.name(there[work.id])} is marked to come back to{why}", _at(there[work.id], "outcome")


@check("QC-24", Severity.BLOCKS, "What the letter states as its outcome follows from its items.")
def letter_outcome_follows(subject: Subject) -> Said:
    """Reference 3.2: the statement is derived; one that is kept word for word may contradict the items."""
    outcome = subject.determination.outcome
    for slot, paragraphs in subject.case.letter.printed.items():
        for match in map(_STATEMENT.search, paragraphs):
            if match and outcome is not None and _STATEMENTS[match.group(1).lower()] is not outcome:
                says = f"The letter says that {match.group(1)} of the services are necessary; its items say otherwise."
                yield says, Place(Part.LETTER, field=slot)


@check("QC-26", Severity.BLOCKS, "Every item has a rationale.")
def every_item_has_a_rationale(subject: Subject) -> Said:
    """LC 4610.6(e): each analysis states its reasons."""
    for item in subject.case.items:
        if not item.rationale:
            yield f"{subject.name(item)} has no rationale.", _at(item, "rationale")


@check("QC-26", Severity.WARNS, "A rationale names its item and applies facts of this worker.")
def rationale_is_about_the_item(subject: Subject) -> Said:
    """LC 4610.6(e): medical condition, relevant documents and findings, not guideline text alone. The rationale of an
    associated service rests on its parent's.
    """
    for text in subject.rationales:
        item = text.item
        if item is None or not text.sentences or is_associated(subject, item):
            continue
        whole = " ".join(sentence.text for sentence in text.sentences)
        words = treatments.naming(subject.headings[item.id])
        if words and not words & treatments.naming(whole) and "request" not in whole.lower():
            yield Told(
                f"The rationale of item {subject.case.ordinal(item.id)} does not name the treatment.", text.place
            )
        facts = [each for each in text.sentences if not subject.is_guideline(each.text)]
        if len(facts) <= 1 and len(text.sentences) > 1:
            says = (
                f"The rationale of item {subject.case.ordinal(item.id)} tells what guidelines say and nothing "
                f"of this worker."
            )
            yield Told(says, text.place, about=whole)


@check("QC-28", Severity.BLOCKS, "A dependent item names its parent, and is not overturned where the parent is upheld.")
def dependent_items_follow(subject: Subject) -> Said:
    """Reference QC-28: an associated service stands or falls with the treatment it belongs to."""
    outcomes = {item.id: item.outcome for item in subject.case.items}
    for item in subject.case.items:
        if item.depends_on is None:
            continue
        if item.depends_on not in outcomes:
            yield f"{subject.name(item)} depends on an item that is not there.", _at(item, "depends_on")
        elif item.outcome == "Overturned" and outcomes[item.depends_on] == "Upheld":
            parent = subject.case.ordinal(item.depends_on)
            yield f"{subject.name(item)} is overturned although item {parent} is upheld.", _at(item, "outcome")


@check("QC-28", Severity.WARNS, "A dependent item that is upheld although its parent is overturned says why.")
def dependent_items_are_asked(subject: Subject) -> Said:
    """Reference QC-28: a parent that is decided otherwise flags every dependent item, and changes none."""
    outcomes = {item.id: item.outcome for item in subject.case.items}
    for item in subject.case.items:
        if item.outcome == "Upheld" and outcomes.get(item.depends_on or "") == "Overturned":
            parent = subject.case.ordinal(item.depends_on or "")
            yield (
                f"{subject.name(item)} is upheld although item {parent}, on which it depends, is overturned.",
                _at(item, "outcome"),
            )


@check(
    "QC-28", Severity.BLOCKS, "A dependent item's rationale does not call a parent necessary that was found not to be."
)
def dependent_rationales_follow(subject: Subject) -> Said:
    """Reference QC-28: the parent's outcome as the dependent item's rationale tells it."""
    by_id = {item.id: item for item in subject.case.items}
    for text in subject.rationales:
        item = text.item
        parent = by_id.get(item.depends_on or "") if item is not None else None
        if item is None or parent is None or parent.outcome is None:
            continue
        for sentence in text.sentences:
            match = subject.found(_ASSOCIATED, sentence.text)
            if match is None or "ancillary" in sentence.text[match.end() - 40 : match.end()]:
                continue
            upheld = " not " in match.group().lower()
            if upheld != (parent.outcome == "Upheld"):
                says = f"{text.name} tells item {subject.case.ordinal(parent.id)} otherwise than it was decided."
                yield Told(says, text.at(sentence, *match.span()), about=sentence.text)


@check("QC-28", Severity.INFORMS, "An item whose rationale rests on another's is marked as dependent.")
def associated_items_are_marked(subject: Subject) -> Said:
    """Reference 3.6: dependent items need no citation of their own; told once for the letter."""
    unmarked = [
        item for item in subject.case.items if item.kind is not ItemKind.DEPENDENT and is_associated(subject, item)
    ]
    if unmarked:
        numbers = ", ".join(str(subject.case.ordinal(item.id)) for item in unmarked)
        says = f"These items rest on another's rationale and are not marked as dependent: {numbers}."
        yield says, _at(unmarked[0], "kind")


@check("QC-30", Severity.BLOCKS, "A retrospective item has its dates of service.")
def retrospective_items_have_dates(subject: Subject) -> Said:
    """Reference 3.6: dos is required when retrospective; a heading that prints the date has it too."""
    for item in subject.case.items:
        dated = item.dos or any(True for each in subject.mentions(subject.headings[item.id]) if each.kind == "date")
        if item.kind is ItemKind.RETROSPECTIVE and not dated:
            yield f"{subject.name(item)} is retrospective and has no date of service.", _at(item, "dos")


@check("QC-32", Severity.WARNS, "An item that the claims administrator has authorised is terminated, not decided.")
def authorised_items_are_ended(subject: Subject) -> Said:
    """8 CCR 9792.10.6(a): the review ends when the treatment is authorised."""
    for item in subject.case.items:
        if item.id in subject.circumstances.terminated and item.outcome is not None:
            yield f"{subject.name(item)} is marked as authorised and yet decided.", _at(item, "outcome")
            continue
        words = treatments.telling(subject.headings[item.id])
        if not words or modified(subject, item) is not None:
            continue
        for text, sentence in subject.told():
            match = subject.found(_AUTHORISED, sentence.text) if text.item is None or text.item is item else None
            if match and subject.is_of_ur(sentence.text) and words <= treatments.naming(sentence.text[: match.start()]):
                says = f"{text.name} says that the treatment of item {subject.case.ordinal(item.id)} was authorised."
                yield Told(says, text.at(sentence, *match.span()), about=sentence.text)


def is_associated(subject: Subject, item: DisputedItem) -> bool:
    """Whether an item is dependent, or its rationale rests on that of another: a short one on the surgery."""
    if item.kind is ItemKind.DEPENDENT:
        return True
    text = item.rationale.text
    return len(subject.case.items) > 1 and len(text) < 400 and _ASSOCIATED.search(text) is not None


def _requested(subject: Subject, item: DisputedItem) -> str:
    parts = modified(subject, item)
    return parts.requested if parts is not None else subject.headings[item.id]


def _at(item: DisputedItem, field: str) -> Place:
    return Place(Part.ITEMS, item.id, field)
