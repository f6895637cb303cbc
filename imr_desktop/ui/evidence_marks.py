# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kept evidence as the pages show it: what each piece serves, by the narratives that point at it."""

from imr_desktop.casework.evidence_use import Use, told, uses
from imr_desktop.models.case import Case
from imr_desktop.ui.record import EvidenceMark, MarkRole


def marks_of(case: Case) -> tuple[EvidenceMark, ...]:
    """One mark for each piece of evidence; a piece that serves an item and the summary is shown as the item's."""
    served = uses(case)
    return tuple(
        EvidenceMark(
            each.id, each.passage, _role(served[each.id]), _label(case, served[each.id]), _item(case, served[each.id])
        )
        for each in case.evidence
    )


def _role(served: tuple[Use, ...]) -> MarkRole:
    if any(use.item is not None for use in served):
        return MarkRole.ITEM
    return MarkRole.SUMMARY if served else MarkRole.UNUSED


def _item(case: Case, served: tuple[Use, ...]) -> int:
    """The number of the first item that it serves; 0 for none."""
    items = {use.item for use in served}
    return next((number for number, item in enumerate(case.items, 1) if item.id in items), 0)


def _label(case: Case, served: tuple[Use, ...]) -> str:
    return f"Serves: {told(case, served)}" if served else "Kept, not cited yet"
