# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is wrong: pure checks over a determination, each a named rule whose findings point at the place to mend."""

from collections.abc import Generator, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from imr_desktop.checks import (
    absence,
    citations,
    conflicts,
    contradictions,
    copies,
    documents,
    facts,
    header,
    header_facts,
    items,
    letter_dates,
    letter_sides,
    letter_values,
    necessity,
    quantities,
    records,
    release,
    reviewer,
    scope,
    slips,
    strays,
    style,
    three_ways,
    wording,
)
from imr_desktop.checks.finding import RULES, Finding, Rule, Severity, Shown, Subject, Told
from imr_desktop.checks.finished import finished_findings, store_findings
from imr_desktop.checks.index import Index
from imr_desktop.checks.records import without_source
from imr_desktop.checks.remembering import forget
from imr_desktop.models.answers import Answer, Answers, FindingKey
from imr_desktop.models.circumstances import Circumstances
from imr_desktop.models.determination import Determination
from imr_desktop.models.places import Part, Place
from imr_desktop.models.readable import Record

__all__ = [
    "FAMILIES",
    "RULES",
    "Finding",
    "Index",
    "Rule",
    "Severity",
    "Shown",
    "blocking",
    "findings",
    "finished_findings",
    "forget",
    "gravest_first",
    "in_steps",
    "open_findings",
    "store_findings",
    "subject_of",
    "without_source",
]

FAMILIES = (
    *(header, header_facts, documents, records, strays, items, three_ways, quantities, necessity),
    *(
        citations,
        copies,
        facts,
        letter_sides,
        letter_values,
        letter_dates,
        absence,
        conflicts,
        contradictions,
        scope,
        slips,
        style,
        wording,
        reviewer,
        release,
    ),
)

_USUAL = Circumstances()
_GRAVEST_FIRST = (Severity.BLOCKS, Severity.WARNS, Severity.INFORMS)


def findings(
    determination: Determination,
    today: date | None = None,
    *,
    record: Record | Index | None = None,
    answers: Answers | None = None,
    circumstances: Circumstances = _USUAL,
    memory: Index | None = None,
) -> tuple[Finding, ...]:
    """Everything the checks say of a determination on a calendar day (today where none is given), gravest first.

    ``record`` is the case's record, or the index built from it once, which makes every later call quick; without it
    the checks say nothing about the record. ``memory`` may be any index kept between calls where there is no record.
    An answer (the case's own, unless others are given) counts for the finding whose very sentence it was given to. A
    check that fails by itself becomes a finding that says so and hides no other.
    """
    subject = subject_of(determination, today, record=record, circumstances=circumstances, memory=memory)
    steps = in_steps(subject, answers)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            told: tuple[Finding, ...] = end.value
            return told


def in_steps(subject: Subject, answers: Answers | None = None) -> Generator[None, None, tuple[Finding, ...]]:
    """The same, one check a step, for a window that must stay alive; the findings are what it returns."""
    given = (subject.case.answers if answers is None else answers).by_key()
    said: list[Finding] = []
    for rule in RULES:
        said += [_answered(finding, given) for finding in _apply(rule, subject)]
        yield
    return gravest_first(said)


def gravest_first(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings in the order in which they are told."""
    return tuple(sorted(found, key=lambda finding: (_GRAVEST_FIRST.index(finding.severity), finding.id)))


def subject_of(
    determination: Determination,
    today: date | None = None,
    *,
    record: Record | Index | None = None,
    circumstances: Circumstances = _USUAL,
    memory: Index | None = None,
) -> Subject:
    """What the checks look at, for those who ask for more than findings (``facts.looked_up``, ``absence.claims``)."""
    index = Index(record) if isinstance(record, Record) else record
    day = today or datetime.now(UTC).astimezone().date()
    memory = memory if index is None else index
    return Subject(determination, day, index, circumstances, memory or Index(Record()))


def blocking(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that stop a letter from being issued: those that block and were not answered where that is open."""
    return tuple(finding for finding in found if finding.severity is Severity.BLOCKS and finding.answer is None)


def open_findings(found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings that still want something: all that block or warn and have no answer."""
    return tuple(finding for finding in found if finding.severity is not Severity.INFORMS and finding.answer is None)


def _answered(finding: Finding, given: dict[FindingKey, Answer]) -> Finding:
    if not given or not finding.answerable:
        return finding
    answer = given.get(finding.key)
    return finding if answer is None else replace(finding, answer=answer)


def _apply(rule: Rule, subject: Subject) -> list[Finding]:
    try:
        told = _told(rule, subject)
        return [Finding(rule.id, rule.severity, *Told(*said), answerable=rule.answerable) for said in told]
    except Exception as why:
        says = f"The check {rule.id} could not be made ({type(why).__name__}); look at its rule yourself: {rule.rule}"
        return [Finding(rule.id, Severity.WARNS, says, Place(Part.LETTER), answerable=True)]


def _told(rule: Rule, subject: Subject) -> tuple[Told | tuple[str, Place], ...]:
    if not rule.of_record:
        return tuple(rule.apply(subject))
    return subject.memory.remember(("rule", rule.apply, subject.frame), lambda: tuple(rule.apply(subject)))
