# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the kept evidence serves: where it is cited, which way it speaks on each item, and what nothing cites yet."""

from dataclasses import dataclass
from enum import StrEnum

from imr_desktop.models.case import Case
from imr_desktop.models.evidence import Evidence, Weight


class Serves(StrEnum):
    """How a piece of evidence serves a part of the case."""

    SUMMARY = "summary"
    RATIONALE = "rationale"
    WORDING = "wording"
    CRITERION = "criterion"
    FOR = "for"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class Use:
    """One use of a piece of evidence; ``item`` is the id of the item, None in the summary."""

    how: Serves
    item: str | None = None


_CITED = frozenset({Serves.SUMMARY, Serves.RATIONALE, Serves.WORDING, Serves.CRITERION})


def uses(case: Case) -> dict[str, tuple[Use, ...]]:
    """What each piece of evidence serves, by its id; every piece of the case is there, unused ones with nothing."""
    found: dict[str, dict[Use, None]] = {evidence.id: {} for evidence in case.evidence}

    def note(evidence_id: str, use: Use) -> None:
        if evidence_id in found:
            found[evidence_id][use] = None

    for evidence_id in case.clinical_summary.anchors():
        note(evidence_id, Use(Serves.SUMMARY))
    for item in case.items:
        for evidence_id in item.rationale.anchors():
            note(evidence_id, Use(Serves.RATIONALE, item.id))
        for evidence_id in (*item.rfa_ref, *item.ur_ref):
            note(evidence_id, Use(Serves.WORDING, item.id))
        for criterion in item.criteria:
            for evidence_id in criterion.evidence:
                note(evidence_id, Use(Serves.CRITERION, item.id))
    there = {item.id for item in case.items}
    for evidence in case.evidence:
        for bearing in evidence.bears_on:
            if bearing.item in there:
                note(evidence.id, Use(Serves(bearing.weight.value), bearing.item))
    return {evidence_id: tuple(served) for evidence_id, served in found.items()}


def not_cited(case: Case) -> tuple[str, ...]:
    """The ids of evidence that neither the summary nor any rationale, item or criterion rests on."""
    return tuple(each for each, served in uses(case).items() if not any(use.how in _CITED for use in served))


def counted(case: Case) -> str:
    """``12 kept, 4 not cited``."""
    kept = len(case.evidence)
    return f"{kept} kept, {len(not_cited(case))} not cited" if kept else "Nothing kept yet"


def told(case: Case, served: tuple[Use, ...]) -> str:
    """What evidence serves, in words: ``Summary · Item 1 (against)``; ``Not cited yet`` for nothing at all."""
    if not served:
        return "Not cited yet"
    ordinals = {item.id: number for number, item in enumerate(case.items, 1)}
    parts: dict[str, list[str]] = {}
    for use in served:
        if use.item is None:
            parts.setdefault("Summary", [])
        else:
            how = parts.setdefault(f"Item {ordinals[use.item]}", [])
            if use.how is not Serves.RATIONALE:
                how.append(use.how.value)
    return " · ".join(f"{name} ({', '.join(how)})" if how else name for name, how in parts.items())


@dataclass(frozen=True, slots=True)
class Scales:
    """The evidence of one item: what speaks for the treatment, what against it, and what is cited but not weighed."""

    speaks_for: tuple[Evidence, ...] = ()
    against: tuple[Evidence, ...] = ()
    not_weighed: tuple[Evidence, ...] = ()

    def told(self) -> str:
        """``3 for, 1 against; 2 cited and not weighed``."""
        said = f"{len(self.speaks_for)} for, {len(self.against)} against"
        return f"{said}; {len(self.not_weighed)} cited and not weighed" if self.not_weighed else said


def scales(case: Case, item_id: str) -> Scales:
    """The evidence that bears on an item, both columns; nothing where the item is not there."""
    cited = {
        evidence_id
        for evidence_id, served in uses(case).items()
        if any(use.item == item_id and use.how in _CITED for use in served)
    }
    weights = {evidence.id: evidence.weight_for(item_id) for evidence in case.evidence}

    def of(weight: Weight | None) -> tuple[Evidence, ...]:
        return tuple(
            evidence
            for evidence in case.evidence
            if weights[evidence.id] is weight and (weight is not None or evidence.id in cited)
        )

    return Scales(of(Weight.FOR), of(Weight.AGAINST), of(None))
