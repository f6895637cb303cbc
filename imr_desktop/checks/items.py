# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the disputed items: each worded, decided, reasoned and cited."""

from collections.abc import Iterator

from imr_desktop.checks.finding import Said, Severity, Subject, check
from imr_desktop.models.citations import Citation, GuidelineCitation, MtusCitation, StudyCitation
from imr_desktop.models.items import DisputedItem, ItemKind
from imr_desktop.models.places import Part, Place


@check("QC-20", Severity.BLOCKS, "There is at least one disputed item, and each has its wording.")
def items_are_worded(subject: Subject) -> Said:
    """LC 4610.6: every treatment in dispute is decided under its own words."""
    determination = subject.determination
    if not determination.case.items:
        yield "The determination has no disputed item.", Place(Part.ITEMS)
    for item in determination.case.items:
        if not determination.heading(item).strip():
            yield f"{_name(subject, item)} has no wording.", _at(item, "heading")


@check("QC-24", Severity.BLOCKS, "Every item has its outcome.")
def every_item_is_decided(subject: Subject) -> Said:
    """Reference 3.2: the letter's outcome follows only when every item is decided."""
    for item in subject.determination.case.items:
        if item.outcome is None:
            yield f"{_name(subject, item)} is not decided yet.", _at(item, "outcome")


@check("QC-26", Severity.BLOCKS, "Every item has a rationale.")
def every_item_has_a_rationale(subject: Subject) -> Said:
    """LC 4610.6(e): each analysis states its reasons."""
    for item in subject.determination.case.items:
        if not item.rationale:
            yield f"{_name(subject, item)} has no rationale.", _at(item, "rationale")


@check("QC-28", Severity.BLOCKS, "A dependent item names its parent, and is not overturned where the parent is upheld.")
def dependent_items_follow(subject: Subject) -> Said:
    """Reference QC-28: an associated service stands or falls with the treatment it belongs to."""
    case = subject.determination.case
    outcomes = {item.id: item.outcome for item in case.items}
    for item in case.items:
        if item.depends_on is None:
            continue
        if item.depends_on not in outcomes:
            yield f"{_name(subject, item)} depends on an item that is not there.", _at(item, "depends_on")
        elif item.outcome == "Overturned" and outcomes[item.depends_on] == "Upheld":
            parent = case.ordinal(item.depends_on)
            yield f"{_name(subject, item)} is overturned although item {parent} is upheld.", _at(item, "outcome")


@check("QC-30", Severity.BLOCKS, "A retrospective item has its dates of service.")
def retrospective_items_have_dates(subject: Subject) -> Said:
    """Reference 3.6: dos is required when retrospective."""
    for item in subject.determination.case.items:
        if item.kind is ItemKind.RETROSPECTIVE and not item.dos:
            yield f"{_name(subject, item)} is retrospective and has no date of service.", _at(item, "dos")


@check("QC-40", Severity.BLOCKS, "Every item has a reviewer citation, or is a dependent item.")
def every_item_is_cited(subject: Subject) -> Said:
    """8 CCR 9792.21.1: the reviewer states the guideline used; a sentence kept word for word counts."""
    for item in subject.determination.case.items:
        stated = item.reviewer_guideline
        if item.kind is ItemKind.DEPENDENT or (stated and (stated.citations or stated.text)):
            continue
        yield f"{_name(subject, item)} has no reviewer guideline.", _at(item, "reviewer_guideline")


@check("QC-41", Severity.BLOCKS, "An MTUS citation has its chapter and its year.")
def mtus_citations_are_whole(subject: Subject) -> Said:
    """8 CCR 9792.21.1(d)(1): effective year or date, title of the chapter, sections."""
    for item, cited in _cited(subject):
        if isinstance(cited, MtusCitation) and not cited.chapter:
            yield f"{_name(subject, item)} cites the MTUS without a chapter.", _at(item, "reviewer_guideline")


@check("QC-41", Severity.WARNS, "A citation has every element of its class.")
def citations_are_whole(subject: Subject) -> Said:
    """8 CCR 9792.21.1(d): what the reader needs to find the source."""
    for item, cited in _cited(subject):
        lacking = [name for name, value in _elements(cited) if not value]
        if lacking:
            cites = cited.printed() or "a source"
            yield (
                f"{_name(subject, item)} cites {cites} without {' or '.join(lacking)}.",
                _at(item, "reviewer_guideline"),
            )


@check("QC-47", Severity.WARNS, "What the claims administrator cited is recorded.")
def ca_guideline_is_recorded(subject: Subject) -> Said:
    """Reference QC-47: "did not cite" is a statement of fact, so somebody must have looked."""
    for item in subject.determination.case.items:
        if item.ca_guideline is None:
            yield (
                f"{_name(subject, item)}: what the claims administrator cited is not recorded.",
                _at(item, "ca_guideline"),
            )


def _elements(cited: Citation) -> tuple[tuple[str, object], ...]:
    if isinstance(cited, MtusCitation):
        return (("its year", cited.year),)
    if isinstance(cited, GuidelineCitation):
        return ("a publisher", cited.publisher), ("a year", cited.year), ("a chapter", cited.chapter)
    if isinstance(cited, StudyCitation):
        return (
            ("an author", cited.authors),
            ("a title", cited.title),
            ("a journal", cited.journal),
            ("a year", cited.year),
            ("a volume", cited.volume),
            ("pages", cited.pages),
        )
    return (("a label", cited.label), ("a publisher", cited.publisher), ("a date", cited.date))


def _cited(subject: Subject) -> Iterator[tuple[DisputedItem, Citation]]:
    for item in subject.determination.case.items:
        for cited in item.reviewer_guideline.citations if item.reviewer_guideline else ():
            yield item, cited


def _name(subject: Subject, item: DisputedItem) -> str:
    return f"Item {subject.determination.case.ordinal(item.id)}"


def _at(item: DisputedItem, field: str) -> Place:
    return Place(Part.ITEMS, item.id, field)
