# SPDX-License-Identifier: AGPL-3.0-or-later
"""Disputed items: the treatments that utilization review denied or modified, each decided for itself."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from imr_desktop.models.citations import Guideline
from imr_desktop.models.narrative import Narrative


class Outcome(StrEnum):
    """Upheld: the denial stands. Overturned: the treatment is necessary. There is no third value."""

    UPHELD = "Upheld"
    OVERTURNED = "Overturned"


class LetterOutcome(StrEnum):
    """What the items together mean for the letter; derived, never stored."""

    UPHOLD = "UPHOLD"
    OVERTURN = "OVERTURN"
    PARTIAL_OVERTURN = "PARTIAL_OVERTURN"


class ItemKind(StrEnum):
    """How an item came into dispute; a dependent item with dates of service is retrospective too."""

    PLAIN = "plain"
    UR_MODIFIED_REMAINDER = "ur_modified_remainder"
    UR_MODIFIED_SUBSTITUTION = "ur_modified_substitution"
    DEPENDENT = "dependent"
    RETROSPECTIVE = "retrospective"


class UrOutcome(StrEnum):
    """What utilization review did with the request."""

    DENIED = "denied"
    MODIFIED = "modified"


class StandardRank(StrEnum):
    """The six ranked standards of medical necessity, highest first (LC 4610.5(c)(2))."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Side(StrEnum):
    """The side of the body."""

    LEFT = "left"
    RIGHT = "right"
    BILATERAL = "bilateral"


class RentalOrPurchase(StrEnum):
    """How equipment is to be had."""

    RENTAL = "rental"
    PURCHASE = "purchase"


class Contrast(StrEnum):
    """Whether an imaging study uses contrast."""

    WITH = "with"
    WITHOUT = "without"
    WITH_AND_WITHOUT = "with_and_without"


@dataclass(frozen=True, slots=True)
class Quantity:
    """How much of what, as requested: each part only where the request states it."""

    amount: Decimal | None = None
    unit: str = ""
    strength: str = ""
    form: str = ""
    refills: int | None = None
    frequency: str = ""
    duration: str = ""
    sessions: int | None = None
    rental_or_purchase: RentalOrPurchase | None = None
    side: Side | None = None
    body_part: str = ""
    spinal_levels: tuple[str, ...] = ()
    contrast: Contrast | None = None


@dataclass(frozen=True, slots=True)
class Treatment:
    """A treatment as worded in the file, with its quantity where that has been made out."""

    wording: str = ""
    quantity: Quantity = Quantity()


class CriterionMet(StrEnum):
    """What the record says about one criterion of a guideline."""

    MET = "met"
    NOT_MET = "not_met"
    NOT_DOCUMENTED = "not_documented"


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion of the guideline and the evidence on which it was found met or not."""

    text: str
    met: CriterionMet | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DisputedItem:
    """One treatment in dispute: its wording, what was cited, the outcome and the rationale (reference 3.6).

    ``heading`` is the typed wording; for a modified request the printed heading is generated from ``requested``,
    ``authorized`` and ``remaining``. ``depends_on`` is the id of the parent item. ``rfa_ref`` and ``ur_ref`` are ids
    of evidence: where the wording stands in the file.
    """

    id: str
    heading: str = ""
    kind: ItemKind = ItemKind.PLAIN
    requested: Treatment = Treatment()
    authorized: Treatment = Treatment()
    remaining: Treatment = Treatment()
    quantity: Quantity = Quantity()
    dos: tuple[date, ...] = ()
    depends_on: str | None = None
    category: str = ""
    subcategory: str = ""
    rfa_ref: tuple[str, ...] = ()
    ur_ref: tuple[str, ...] = ()
    ur_outcome: UrOutcome | None = None
    ur_reason: str = ""
    ca_guideline: Guideline | None = None
    reviewer_guideline: Guideline | None = None
    standard_rank: StandardRank = StandardRank.A
    outcome: Outcome | None = None
    rationale: Narrative = Narrative()
    criteria: tuple[Criterion, ...] = ()


def letter_outcome(items: tuple[DisputedItem, ...]) -> LetterOutcome | None:
    """What the letter as a whole decides; None while there is no item or one is undecided."""
    outcomes = {item.outcome for item in items}
    if not outcomes or None in outcomes:
        return None
    if outcomes == {Outcome.UPHELD}:
        return LetterOutcome.UPHOLD
    return LetterOutcome.OVERTURN if outcomes == {Outcome.OVERTURNED} else LetterOutcome.PARTIAL_OVERTURN
