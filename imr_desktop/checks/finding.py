# SPDX-License-Identifier: AGPL-3.0-or-later
"""Findings: what a check says, how grave it is, and the place it is about; a finding points and never mends."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from imr_desktop.models.determination import Determination
from imr_desktop.models.places import Place


class Severity(StrEnum):
    """Blocks: no letter may be issued. Warns: needs a recorded reason to pass. Informs: worth knowing."""

    BLOCKS = "blocks"
    WARNS = "warns"
    INFORMS = "informs"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check says: its id (reference section 6), its severity, a sentence, and the place to mend it."""

    id: str
    severity: Severity
    says: str
    place: Place


@dataclass(frozen=True, slots=True)
class Subject:
    """What the checks look at: the determination, and the calendar day on which it is checked."""

    determination: Determination
    today: date


Said = Iterator[tuple[str, Place]]
Check = Callable[[Subject], Said]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check by name: its id, its severity, the rule in a sentence, and the function that applies it."""

    id: str
    severity: Severity
    rule: str
    apply: Check


RULES: list[Rule] = []


def check(identifier: str, severity: Severity, rule: str) -> Callable[[Check], Check]:
    """Register a check under its id of the reference; the decorated function yields sentences with their places."""

    def register(function: Check) -> Check:
        RULES.append(Rule(identifier, severity, rule, function))
        return function

    return register
