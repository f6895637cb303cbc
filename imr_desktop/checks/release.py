# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of what leaves: no reviewer in what the parties receive, no party in what the public receives."""

import re
from collections.abc import Iterator
from functools import partial

from imr_desktop.checks.finding import Said, Severity, Subject, check
from imr_desktop.models.case import CaseHeader
from imr_desktop.models.determination import Determination
from imr_desktop.models.names import stands_in
from imr_desktop.models.places import Part, Place

_PATTERNS = (
    ("a social security number", re.compile(r"\b\d{3}-\d{2}-\d{4}\b")),
    ("a telephone number", re.compile(r"(?<![\d-])(?:\(\d{3}\)\s?|\d{3}[-.])\d{3}[-.]\d{4}(?!\d)")),
    ("an e-mail address", re.compile(r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b")),
    ("an ADJ number", re.compile(r"\bADJ\s?#?\s?\d{5,}\b", re.IGNORECASE)),
    ("a birth date", re.compile(r"\b(?:DOB|date of birth|born on)\b\W{0,4}(?=\d|[A-Z][a-z]{2})", re.IGNORECASE)),
)


@check("QC-70", Severity.BLOCKS, "The reviewer's name, licence number and contact stand in no text of the letter.")
def reviewer_stays_unnamed(subject: Subject) -> Said:
    """LC 4610.6(f): names of reviewers are confidential outside the organisation."""
    determination = subject.determination
    others = determination.case.named()
    for identity in determination.reviewer.identifying():
        for text, place in texts(determination):
            told = partial(stands_in, text, identity, others)
            if subject.memory.remember(("stands in", text, identity, others), told):
                yield f"The reviewer's identity ({identity}) stands in a text that the parties receive.", place


@check("QC-71", Severity.BLOCKS, "No party's name, number or address stands in a text that the public receives.")
def parties_stay_unnamed(subject: Subject) -> Said:
    """Reference QC-71: summary, wording and rationales reach the public copy word for word."""
    header = subject.case.header
    wanted = subject.memory.remember(("private", header), partial(private, header))
    for text, place in _published(subject):
        told = subject.memory.remember(("told private", text, header), partial(_all_private, text, wanted))
        yield from ((f"{says} stands in a text that the public receives.", place) for says in told)


def private(header: CaseHeader) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """What of the header the public must not see: what it is, and a pattern that finds it.

    A name must stand as it is written, capitals and all: "the treating physician" names nobody.
    """
    representative = header.employee.representative
    named = (
        ("The employee's name", header.employee.name),
        ("The representative's name", representative.name if representative else ""),
        ("The requesting physician's name", header.requesting_physician.name),
        ("The physician's organisation", header.requesting_physician.organisation),
        ("The employer's name", header.employer.name),
        ("The claims administrator's name", header.claims_administrator.company),
        ("The examiner's name", header.claims_administrator.examiner),
        ("The claim number", header.claim_number),
        ("The ADJ number", header.adj_number),
        *(("An address", line) for line in (*header.employee.address[:1], *header.employer.address[:1])),
        *(("An address", line) for line in header.requesting_physician.address[:1]),
    )
    return tuple((says, _as_written(name)) for says, name in named if len(name.strip()) > 3)


def _as_written(name: str) -> re.Pattern[str]:
    words = [re.escape(word) for word in re.split(r"[\s,]+", name.strip()) if word]
    written = r"[\s,]+".join(words)
    turned = r",?\s+".join([words[-1], *words[:-1]]) if len(words) > 1 else written
    capitals = r"[\s,]+".join(re.escape(word) for word in name.upper().replace(",", " ").split())
    return re.compile(rf"(?<!\w)(?:{written}|{turned}|{capitals})(?!\w)")


def _all_private(text: str, wanted: tuple[tuple[str, re.Pattern[str]], ...]) -> tuple[str, ...]:
    return tuple(told_private(text, wanted))


def told_private(text: str, wanted: tuple[tuple[str, re.Pattern[str]], ...]) -> Iterator[str]:
    """What of the header, and what that looks like a number or address of a person, stands in a text."""
    for says, pattern in wanted:
        if pattern.search(text):
            yield says
    for says, pattern in _PATTERNS:
        if pattern.search(text):
            yield says[0].upper() + says[1:]


def _published(subject: Subject) -> Iterator[tuple[str, Place]]:
    for text in subject.texts:
        yield " ".join(subject.determination.paragraphs(text.narrative)), text.place
    for item in subject.case.items:
        yield subject.headings[item.id], Place(Part.ITEMS, item.id, "heading")


def texts(determination: Determination) -> Iterator[tuple[str, Place]]:
    """Every text of the case that reaches the party letter or the public copy, with its place."""
    case = determination.case
    yield " ".join(determination.paragraphs(case.clinical_summary)), Place(Part.SUMMARY)
    for item in case.items:
        yield determination.heading(item), Place(Part.ITEMS, item.id, "heading")
        yield determination.ca_sentence(item), Place(Part.ITEMS, item.id, "ca_guideline")
        yield determination.reviewer_sentence(item), Place(Part.ITEMS, item.id, "reviewer_guideline")
        yield " ".join(determination.paragraphs(item.rationale)), Place(Part.ITEMS, item.id, "rationale")
    for document in case.documents:
        listed = " ".join((document.title, document.author, document.author_org, document.received_from))
        yield listed, Place(Part.DOCUMENTS, document.id)
    header = case.header
    for name, field in (
        (header.requesting_physician.name, "requesting_physician.name"),
        (case.imro.signatory.name, "imro.signatory.name"),
        *((party.name, "cc") for party in header.cc),
    ):
        yield name, Place(Part.HEADER, field=field)
