# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the citations: there, whole, in force, explained, from a source that counts."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from imr_desktop import assets
from imr_desktop.checks import tables
from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.index import Index, Shown
from imr_desktop.checks.items import is_associated
from imr_desktop.checks.necessity import is_silent
from imr_desktop.checks.normalise import us
from imr_desktop.models.citations import (
    Citation,
    GuidelineCitation,
    MtusCitation,
    OtherCitation,
    StudyCitation,
)
from imr_desktop.models.items import DisputedItem, ItemKind, StandardRank
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import DocumentType

_NONE_CITED = re.compile(r"\bdid not cite any\b", re.IGNORECASE)
_GUIDELINE_NAMED = re.compile(
    r"\b(?:guidelines?\s*:|MTUS|ACOEM|ODG|Official Disability Guidelines|Medical Treatment Utilization "
    r"Schedule|(?:treatment )?guidelines?\b)"
)
_CONFLICT = re.compile(
    r"\b(?:conflict\w*|contradict\w*|disagree\w*)\b[^.]*\b(?:guidelines?|recommendations?|MTUS|ODG|ACOEM)\b",
    re.IGNORECASE,
)
_LEVEL = re.compile(
    r"\b(?:level\s+\w+\s+evidence|level of evidence|strength of evidence|level [1-5][abc]?)\b", re.IGNORECASE
)
_REBUTS = re.compile(r"\b(?:rebut\w*|presumption|outdated|newer|more (?:recent|current|specific\w*))\b", re.IGNORECASE)
_WORDS = re.compile(r"[a-z]{3,}")
_COMMON = frozenset(
    (
        "the",
        "and",
        "for",
        "with",
        "treatment",
        "treatments",
        "guidelines",
        "guideline",
        "chapter",
        "medical",
        "disorders",
        "complaints",
        "official",
        "disability",
    )
)


@check("QC-40", Severity.BLOCKS, "Every item has a reviewer citation, or is a dependent item.")
def every_item_is_cited(subject: Subject) -> Said:
    """8 CCR 9792.21.1: the reviewer states the guideline used. A sentence kept word for word counts unless it says that
    nothing was cited; an item that rests on another's rationale is taken for dependent (and QC-28 says so).
    """
    for item in subject.case.items:
        stated = item.reviewer_guideline
        cited = stated and (stated.citations or (stated.text and not _NONE_CITED.search(stated.text)))
        if not cited and not is_associated(subject, item):
            yield f"{subject.name(item)} has no reviewer guideline.", _at(item)


@check("QC-41", Severity.BLOCKS, "An MTUS citation has its chapter.")
def mtus_citations_are_whole(subject: Subject) -> Said:
    """8 CCR 9792.21.1(d)(1): effective year or date, title of the chapter, sections."""
    for item, cited in _cited(subject):
        if isinstance(cited, MtusCitation) and not cited.chapter:
            yield f"{subject.name(item)} cites the MTUS without a chapter.", _at(item)


@check("QC-41", Severity.WARNS, "A citation has every element of its class.")
def citations_are_whole(subject: Subject) -> Said:
    """8 CCR 9792.21.1(d): what the reader needs to find the source; for one item told once. A published letter's
    citation outside the MTUS is kept as it was printed, so its elements cannot be told apart.
    """
    for item in subject.case.items:
        lacks = []
        for cited in item.reviewer_guideline.citations if item.reviewer_guideline else ():
            if isinstance(cited, OtherCitation) and subject.published:
                continue
            lacking = [name for name, value in _elements(cited) if not value]
            if lacking:
                lacks.append(f"{cited.printed() or 'a source'} without {' or '.join(lacking)}")
        if lacks:
            yield f"{subject.name(item)} cites {'; '.join(lacks)}.", _at(item)


@check("QC-42", Severity.WARNS, "The edition cited was in force on the decision date.")
def editions_are_in_force(subject: Subject) -> Said:
    """8 CCR 9792.21.1: the most current edition, by the guideline registry; never one published later."""
    decided = subject.case.header.decision_date or subject.today
    for item, cited in _cited(subject):
        year = getattr(cited, "year", None)
        if year is not None and year > decided.year:
            yield (
                f"{subject.name(item)} cites {cited.printed()}, published after the decision ({us(decided)}).",
                _at(item),
            )
        elif isinstance(cited, MtusCitation) and year is not None:
            told = _out_of_force(cited.chapter, year, decided)
            if told:
                yield (
                    f"{subject.name(item)} cites {cited.chapter} {year}, {told} on the decision date ({us(decided)}).",
                    _at(item),
                )


def _out_of_force(chapter: str, year: int, decided: date) -> str:
    rows = [row for row in assets.table("tables/guidelines.toml")["chapter"] if _names(row["title"], chapter)]
    editions = [row for row in rows if year in _years(row)]
    if not editions or any(_in_force(row, decided) for row in editions):
        return ""
    current = [
        str(row["year"]) for row in rows if row.get("year") and "effective_from" in row and _in_force(row, decided)
    ]
    return f"which was not in force (the edition of {current[-1]} was)" if current else "which was not in force"


def _years(row: dict[str, Any]) -> set[int]:
    return {row.get("year", 0), row["effective_from"].year if "effective_from" in row else 0}


def _in_force(row: dict[str, Any], day: date) -> bool:
    start, end = row.get("effective_from"), row.get("effective_to")
    return (start is None or start <= day) and (end is None or day <= end)


def _names(title: str, chapter: str) -> bool:
    mine, theirs = set(_WORDS.findall(title.lower())) - _COMMON, set(_WORDS.findall(chapter.lower())) - _COMMON
    return bool(mine) and mine == theirs


@check("QC-43", Severity.WARNS, "A citation outside the MTUS carries its reason, and the rationale says so.")
def outside_is_explained(subject: Subject) -> Said:
    """8 CCR 9792.21(d), 9792.21.1(a): only where the MTUS is silent or its presumption rebutted. Beside an MTUS
    citation a published letter need not say it again.
    """
    for item in subject.case.items:
        cited = item.reviewer_guideline.citations if item.reviewer_guideline else ()
        outside = [each for each in cited if not isinstance(each, MtusCitation)]
        if not outside or (subject.published and len(outside) < len(cited)):
            continue
        lacking = [each.printed() for each in outside if getattr(each, "reason_outside", None) is None]
        if lacking and not subject.published:
            says = f"{subject.name(item)} goes outside the MTUS without a reason: {'; '.join(lacking)}."
            yield says, _at(item)
        text = item.rationale.text
        if not any(is_silent(part) for part in re.split(r"(?<=\.)\s", text)) and not _REBUTS.search(text):
            says = f"The rationale of item {subject.case.ordinal(item.id)} does not say why it goes outside the MTUS."
            yield Told(says, Place(Part.ITEMS, item.id, "rationale"), about=text)


@check(
    "QC-44", Severity.WARNS, "Several citations are explained; where they conflict, the level of evidence is stated."
)
def several_are_explained(subject: Subject) -> Said:
    """8 CCR 9792.25.1: each source has its part in the rationale."""
    for item in subject.case.items:
        cited = item.reviewer_guideline.citations if item.reviewer_guideline else ()
        text = item.rationale.text.lower()
        silent = [each.printed() for each in cited if not set(_sources(each)) & set(_words_of(text))]
        if len(cited) > 1 and silent and text:
            says = f"{subject.name(item)} cites {'; '.join(silent)}, which its rationale does not speak of."
            yield Told(says, Place(Part.ITEMS, item.id, "rationale"), about=text)
        if _CONFLICT.search(text) and not _LEVEL.search(text):
            says = (
                f"The rationale of item {subject.case.ordinal(item.id)} weighs conflicting guidelines without "
                f"their level of evidence."
            )
            yield Told(says, Place(Part.ITEMS, item.id, "rationale"), about=text)


def _sources(cited: Citation) -> list[str]:
    """The words by which a rationale may speak of a source: its publisher, its chapter, its first author."""
    if isinstance(cited, MtusCitation):
        return ["mtus", "acoem", "guideline", "guidelines", *_words_of(cited.chapter.lower())]
    named = cited.printed().lower()
    words = [*_words_of(named), "guideline", "guidelines"]
    if "odg" in named or "official disability" in named:
        words += ["odg", "official"]
    return words


def _words_of(text: str) -> list[str]:
    return [
        word for word in _WORDS.findall(text) if word not in _COMMON or word in ("guideline", "guidelines", "official")
    ]


@check("QC-46", Severity.WARNS, "A source is a guideline or a journal, not a general website.")
def sources_count(subject: Subject) -> Said:
    """LC 4610.5(c)(2): evidence and professional standards; the list of websites is editable."""
    sites = tables.pattern("websites", "general")
    for item, cited in _cited(subject):
        if isinstance(cited, OtherCitation):
            match = sites.search(f"{cited.printed()} {cited.url}")
            if match:
                yield f"{subject.name(item)} relies on a general website ({match.group()}).", _at(item)


@check("QC-47", Severity.WARNS, "What the claims administrator cited is recorded.")
def ca_guideline_is_recorded(subject: Subject) -> Said:
    """Reference QC-47: "did not cite" is a statement of fact, so somebody must have looked."""
    for item in subject.case.items:
        if item.ca_guideline is None:
            says = f"{subject.name(item)}: what the claims administrator cited is not recorded."
            yield says, _at(item, "ca_guideline")


@check("QC-47", Severity.WARNS, "“Did not cite any” is said only of a UR letter that cites nothing.")
def ca_cited_nothing(subject: Subject) -> Said:
    """Reference QC-47: the UR letter's pages are searched for the name of a guideline."""
    index = subject.index
    if index is None:
        return
    shown = index.remember(("ur cites", subject.frame), lambda: _guidelines_named(subject, index))
    for item in subject.case.items if shown else ():
        if item.ca_guideline is not None and _NONE_CITED.search(subject.determination.ca_sentence(item)):
            says = f"{subject.name(item)}: the UR letter seems to cite a guideline (page {shown[0].case_page})."
            yield Told(says, _at(item, "ca_guideline"), tuple(shown), index.unsearched)


def _guidelines_named(subject: Subject, index: Index) -> list[Shown]:
    return [
        index.shown(number, *match.span())
        for number, page in enumerate(index.pages)
        if (document := subject.documents_at.get(page.ref)) and document.type is DocumentType.UR_DETERMINATION
        if (match := _GUIDELINE_NAMED.search(page.text))
    ]


@check("QC-48", Severity.WARNS, "A lower standard is used only with the higher ones dismissed.")
def higher_standards_are_dismissed(subject: Subject) -> Said:
    """LC 4610.5(c)(2): a lower rank only if every higher one does not apply to the condition."""
    for item in subject.case.items:
        if item.standard_rank is StandardRank.A:
            continue
        text = item.rationale.text
        dismissed = (
            any(is_silent(part) for part in re.split(r"(?<=\.)\s", text))
            or "not apply" in text
            or "not applicable" in text
        )
        if not dismissed and item.kind is not ItemKind.DEPENDENT:
            says = (
                f"{subject.name(item)} rests on standard {item.standard_rank.value}, and its rationale does "
                f"not dismiss the higher ones."
            )
            yield Told(says, Place(Part.ITEMS, item.id, "rationale"), about=text)


@check("QC-59", Severity.WARNS, "Each criterion of the guideline is met, not met or not documented, with its evidence.")
def criteria_are_complete(subject: Subject) -> Said:
    """Stevens 2015, Cantillo 2022: a criterion read wrongly or passed over."""
    kept = {evidence.id for evidence in subject.case.evidence}
    for item in subject.case.items:
        for number, criterion in enumerate(item.criteria, 1):
            if criterion.met is None:
                yield f"{subject.name(item)}: criterion {number} is neither met nor not met.", _at(item, "criteria")
            elif criterion.met != "not_documented" and not kept & set(criterion.evidence):
                yield f"{subject.name(item)}: criterion {number} has no evidence.", _at(item, "criteria")


@check("QC-59", Severity.WARNS, "A criterion called not documented was sought in the record.")
def silence_was_sought(subject: Subject) -> Said:
    """Nothing may be called absent over pages that nobody searched; the search is kept with the item."""
    work = subject.circumstances.work
    if work is None or subject.index is None:
        return
    sought = {(each.id, made.criterion) for each in work for made in each.sought}
    for item in subject.case.items:
        for number, criterion in enumerate(item.criteria, 1):
            if criterion.met == "not_documented" and (item.id, criterion.text) not in sought:
                says = (
                    f"{subject.name(item)}: criterion {number} is called not documented, and no search for it is kept."
                )
                yield says, _at(item, "criteria")


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
    for item in subject.case.items:
        for cited in item.reviewer_guideline.citations if item.reviewer_guideline else ():
            yield item, cited


def _at(item: DisputedItem, field: str = "reviewer_guideline") -> Place:
    return Place(Part.ITEMS, item.id, field)
