# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the reviewer: licence and attestation as Labor Code 139.5 asks."""

from imr_desktop.checks.finding import Said, Severity, Subject, check
from imr_desktop.models.places import Part, Place


@check(
    "QC-60", Severity.BLOCKS, "A state of licensure and a specialty are stated, and the practice attestation is made."
)
def reviewer_is_qualified(subject: Subject) -> Said:
    """LC 139.5: licensed, certified where certification exists, in active practice."""
    reviewer = subject.determination.reviewer
    if not reviewer.credentials.states_of_licensure:
        yield "The reviewer's profile names no state of licensure.", _at("states_of_licensure")
    if not reviewer.credentials.certifications:
        yield "The reviewer's profile names no certification or licensed profession.", _at("certifications")
    if not reviewer.practice_attestation:
        yield "The reviewer has not attested to being in active practice.", _at("practice_attestation")


def _at(field: str) -> Place:
    return Place(Part.REVIEWER, field=field)
