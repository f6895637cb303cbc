# SPDX-License-Identifier: AGPL-3.0-or-later
"""Citations while they are being built: which class, which element is missing, and what the line as a whole states."""

import re
from dataclasses import fields, replace
from enum import StrEnum

from imr_desktop.models.citations import (
    Citation,
    Guideline,
    GuidelineCitation,
    MtusCitation,
    OtherCitation,
    StudyCitation,
)
from imr_desktop.models.items import Outcome
from imr_desktop.models.narrative import Narrative


class Stated(StrEnum):
    """What a guideline line holds: nothing recorded yet, none cited, citations, or a sentence kept word for word."""

    NOTHING = "nothing"
    NONE = "none"
    CITATIONS = "citations"
    WORDS = "words"


STATED = (
    (Stated.NOTHING, "Not recorded yet"),
    (Stated.NONE, "None cited"),
    (Stated.CITATIONS, "Citations"),
    (Stated.WORDS, "Word for word"),
)
CLASSES: tuple[tuple[type[Citation], str], ...] = (
    (MtusCitation, "MTUS"),
    (GuidelineCitation, "Other guideline"),
    (StudyCitation, "Study"),
    (OtherCitation, "Other source"),
)
_MTUS = (("chapter", "chapter"), ("year", "year"))
_ELEMENTS: dict[type, tuple[tuple[str, str], ...]] = {
    MtusCitation: _MTUS,
    GuidelineCitation: (
        ("publisher", "publisher"),
        ("year", "year of publication"),
        ("chapter", "chapter"),
        ("section", "section"),
    ),
    StudyCitation: (
        ("authors", "lead author"),
        ("title", "article title"),
        ("journal", "journal"),
        ("year", "year"),
        ("volume", "volume"),
        ("pages", "pages"),
    ),
    OtherCitation: (
        ("label", "name of the source"),
        ("publisher", "publisher"),
        ("date", "date"),
        ("url", "address"),
        ("accessed", "day it was looked up"),
    ),
}
_NECESSITY = re.compile(r"\b(?:is|are|was|were)\s+(not\s+)?medically\s+necessary\b", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def missing(citation: Citation, *, has_sections: bool = False) -> tuple[str, ...]:
    """The elements that 8 CCR 9792.21.1(d) asks for and that are not there; an MTUS chapter may have no sections."""
    lacking = [name for field, name in _ELEMENTS[type(citation)] if not getattr(citation, field)]
    if isinstance(citation, MtusCitation):
        if has_sections and not citation.sections:
            lacking.append("section")
    else:
        if citation.reason_outside is None:
            lacking.append("reason for going outside the MTUS")
        if not citation.search_made.strip():
            lacking.append("search that was made")
    return tuple(lacking)


def missing_sentence(lacking: tuple[str, ...]) -> str:
    """``Missing: year, section.``; nothing where the citation is whole."""
    return f"Missing: {', '.join(lacking)}." if lacking else ""


def class_name(citation: Citation) -> str:
    """What the class of a citation is called."""
    return dict(CLASSES)[type(citation)]


def short(citation: Citation) -> str:
    """A citation in a list."""
    printed = citation.printed().strip()
    return f"{class_name(citation)}: {printed}" if printed else f"{class_name(citation)}: not filled in yet"


def turned(citation: Citation, into: type[Citation]) -> Citation:
    """The citation as another class: whatever both have stays."""
    if type(citation) is into:
        return citation
    blank = empty(into)
    own = {field.name for field in fields(blank)}
    shared = {field.name: getattr(citation, field.name) for field in fields(citation) if field.name in own}
    return replace(blank, **shared)


def empty(kind: type[Citation]) -> Citation:
    """A citation of a class with nothing filled in."""
    if kind is MtusCitation:
        return MtusCitation("")
    if kind is GuidelineCitation:
        return GuidelineCitation("")
    return StudyCitation("", "", "") if kind is StudyCitation else OtherCitation("")


def stated(guideline: Guideline | None) -> Stated:
    """What a guideline line holds."""
    if guideline is None:
        return Stated.NOTHING
    if guideline.text is not None:
        return Stated.WORDS
    return Stated.CITATIONS if guideline.citations else Stated.NONE


def restated(guideline: Guideline | None, to: Stated, sentence: str) -> Guideline | None:
    """The guideline turned to another state; word for word begins with the sentence as generated so far."""
    if to is Stated.NOTHING:
        return None
    kept = Guideline() if guideline is None else guideline
    if to is Stated.NONE:
        return Guideline()
    if to is Stated.WORDS:
        return replace(kept, text=sentence if kept.text is None else kept.text)
    return Guideline(kept.citations or (MtusCitation(""),))


def closing_disagrees(rationale: Narrative, outcome: Outcome | None) -> str:
    """A sentence where the rationale's last word on necessity contradicts the outcome; nothing otherwise."""
    paragraphs = rationale.printed(lambda _: "")
    if outcome is None or not paragraphs:
        return ""
    said = _NECESSITY.findall(_SENTENCE_END.split(paragraphs[-1])[-1])
    if not said or bool(said[-1]) is (outcome is Outcome.UPHELD):
        return ""
    says = "not medically necessary" if said[-1] else "medically necessary"
    return f"The rationale ends with “{says}”, but the item is {outcome.value}."
