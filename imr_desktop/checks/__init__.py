# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is wrong: pure checks over a determination, each a named rule whose findings point at the place to mend."""

from datetime import UTC, date, datetime

from imr_desktop.checks import header, items, records, release, reviewer, wording
from imr_desktop.checks.finding import RULES, Finding, Rule, Severity, Subject
from imr_desktop.models.determination import Determination
from imr_desktop.models.places import Part, Place

__all__ = ["FAMILIES", "RULES", "Finding", "Rule", "Severity", "blocking", "findings"]

FAMILIES = (header, records, items, wording, reviewer, release)

_GRAVEST_FIRST = (Severity.BLOCKS, Severity.WARNS, Severity.INFORMS)


def findings(determination: Determination, today: date | None = None) -> tuple[Finding, ...]:
    """Everything the checks say of a determination on a calendar day (today where none is given), gravest first.

    A check that fails by itself becomes a finding that says so and hides no other.
    """
    subject = Subject(determination, today or datetime.now(UTC).astimezone().date())
    said = [finding for rule in RULES for finding in _apply(rule, subject)]
    return tuple(sorted(said, key=lambda finding: (_GRAVEST_FIRST.index(finding.severity), finding.id)))


def blocking(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that stop a letter from being issued."""
    return tuple(finding for finding in found if finding.severity is Severity.BLOCKS)


def _apply(rule: Rule, subject: Subject) -> list[Finding]:
    try:
        return [Finding(rule.id, rule.severity, says, place) for says, place in rule.apply(subject)]
    except Exception as why:
        says = f"The check {rule.id} could not be made ({type(why).__name__}); look at its rule yourself: {rule.rule}"
        return [Finding(rule.id, Severity.WARNS, says, Place(Part.LETTER))]
