# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the text: a summary is there, and no placeholder is left in it."""

import re
from dataclasses import replace

from imr_desktop.checks.finding import Said, Severity, Subject, check
from imr_desktop.models.places import Part, Place

_PLACEHOLDER = re.compile(r"\{[a-z_.]+\}|\[(?:insert|name|date|tbd|todo)[^\]]*\]|_{4,}|\bX{4,}\b|\?{3,}", re.IGNORECASE)


@check("QC-05", Severity.BLOCKS, "There is a clinical case summary.")
def summary_is_written(subject: Subject) -> Said:
    """LC 4610.6(e): the analysis states the worker's medical condition."""
    if not subject.determination.case.clinical_summary:
        yield "The clinical case summary is empty.", Place(Part.SUMMARY)


@check("QC-09", Severity.BLOCKS, "No placeholder or template marker is left.")
def no_placeholder_is_left(subject: Subject) -> Said:
    """Reference QC-09: blanks of a template must not reach the parties."""
    case = subject.determination.case
    texts: list[tuple[str, Place]] = [(case.clinical_summary.text, Place(Part.SUMMARY))]
    for item in case.items:
        texts.append((item.heading, Place(Part.ITEMS, item.id, "heading")))
        texts.append((item.rationale.text, Place(Part.ITEMS, item.id, "rationale")))
    for text, place in texts:
        for found in _PLACEHOLDER.finditer(text):
            yield f"A placeholder is left: {found.group()}", replace(place, span=found.span())
