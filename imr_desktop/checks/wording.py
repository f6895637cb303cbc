# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the text: nothing left over from a template, no other case, no other person, a summary at all."""

import re
from collections.abc import Iterator
from dataclasses import replace

from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.models import names
from imr_desktop.models.places import Part, Place

_PLACEHOLDER = re.compile(
    r"\{[a-z_.]+\}|\[(?:insert|name|date|tbd|todo|xx+|age|sex|side|drug|body part|patient)[^\]]*\]|_{4,}|"
    r"\bX{4,}\b|\?{3,}|<<[^>]*>>|‹[^›]*›|\bTBD\b|\blorem ipsum\b",
    re.IGNORECASE,
)
_CASE_NUMBER = re.compile(r"\bCM\d{2}-\d{5,9}\b")
_TITLED = re.compile(r"\b(?:Mr|Mrs|Ms|Miss)\.?\s+([A-Z][\w'’-]+(?:\s+[A-Z][\w'’-]+)?)")


@check("QC-72", Severity.BLOCKS, "There is a clinical case summary.")
def summary_is_written(subject: Subject) -> Said:
    """LC 4610.6(e): the analysis states the worker's medical condition."""
    if not subject.case.clinical_summary:
        yield "The clinical case summary is empty.", Place(Part.SUMMARY)


@check("QC-09", Severity.BLOCKS, "No placeholder or template marker is left.")
def no_placeholder_is_left(subject: Subject) -> Said:
    """Reference QC-09: blanks of a template must not reach the parties."""
    for text, place in _written(subject):
        for found in _PLACEHOLDER.finditer(text):
            yield f"A placeholder is left: {found.group()}", replace(place, span=found.span())


@check("QC-09", Severity.BLOCKS, "No other case's number stands in the text.")
def no_other_case_is_named(subject: Subject) -> Said:
    """Reference QC-09: text of another case. Consolidated and earlier reviews that the header names are meant."""
    header = subject.case.header
    own = {header.case_number, *header.consolidated_applications}
    own |= {header.re_review_of.case_number} if header.re_review_of else set()
    known = " ".join(document.title for document in subject.case.documents)
    for text, place in _written(subject):
        for found in _CASE_NUMBER.finditer(text):
            if found.group() not in own and found.group() not in known:
                yield f"The number of another case stands here: {found.group()}.", replace(place, span=found.span())


@check("QC-09", Severity.BLOCKS, "No other person is named as if the worker.")
def no_other_worker_is_named(subject: Subject) -> Said:
    """Reference QC-09: a person called Mr. or Ms. who is no party and no author of a document."""
    header = subject.case.header
    if not header.employee.name:
        return
    parties = (
        header.employee.name,
        header.requesting_physician.name,
        header.claims_administrator.examiner,
        header.employer.name,
    )
    authors = (document.author for document in subject.case.documents)
    representative = header.employee.representative.name if header.employee.representative else ""
    known = frozenset().union(*map(names.parts, (*parties, *authors, representative)))
    for text, sentence in subject.told():
        for found in _TITLED.finditer(sentence.text) if subject.found(_TITLED, sentence.text) else ():
            if not names.parts(found.group(1)) & known:
                says = f"{text.name} names {found.group()}, who is no party of this case."
                yield Told(says, text.at(sentence, *found.span()), about=sentence.text)


def _written(subject: Subject) -> Iterator[tuple[str, Place]]:
    yield subject.case.clinical_summary.text, subject.summary.place
    for item in subject.case.items:
        yield item.heading, Place(Part.ITEMS, item.id, "heading")
        yield item.rationale.text, Place(Part.ITEMS, item.id, "rationale")
