# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of what leaves: the reviewer's identity in nothing that parties or the public receive."""

from collections.abc import Iterator

from imr_desktop.checks.finding import Said, Severity, Subject, check
from imr_desktop.models.determination import Determination
from imr_desktop.models.names import stands_in
from imr_desktop.models.places import Part, Place


@check("QC-70", Severity.BLOCKS, "The reviewer's name, licence number and contact stand in no text of the letter.")
def reviewer_stays_unnamed(subject: Subject) -> Said:
    """LC 4610.6(f): names of reviewers are confidential outside the organisation."""
    determination = subject.determination
    for identity in determination.reviewer.identifying():
        for text, place in texts(determination):
            if stands_in(text, identity):
                yield f"The reviewer's identity ({identity}) stands in a text that the parties receive.", place


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
