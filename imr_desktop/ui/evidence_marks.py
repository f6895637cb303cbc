# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kept evidence as the pages show it: what each piece serves, by the narratives that point at it."""

from imr_desktop.models.case import Case
from imr_desktop.ui.record import EvidenceMark, MarkRole


def marks_of(case: Case) -> tuple[EvidenceMark, ...]:
    """One mark for each piece of evidence; a piece that serves an item and the summary is shown as the item's."""
    serves: dict[str, tuple[MarkRole, str]] = {}
    for evidence_id in case.clinical_summary.anchors():
        serves[evidence_id] = MarkRole.SUMMARY, "Cited in the summary"
    for number, item in enumerate(case.items, 1):
        for evidence_id in item.rationale.anchors():
            serves[evidence_id] = MarkRole.ITEM, f"Cited in item {number}"
    unused = MarkRole.UNUSED, "Kept, not cited yet"
    return tuple(EvidenceMark(each.id, each.passage, *serves.get(each.id, unused)) for each in case.evidence)
