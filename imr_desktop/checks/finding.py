# SPDX-License-Identifier: AGPL-3.0-or-later
"""Findings: what a check says, how grave it is, and the place it is about; a finding points and never mends."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from imr_desktop.checks.index import Shown
from imr_desktop.checks.subject import Subject
from imr_desktop.models.answers import Answer, FindingKey
from imr_desktop.models.places import Place
from imr_desktop.models.records import PageRef

__all__ = ["RULES", "Check", "Finding", "Rule", "Said", "Severity", "Shown", "Subject", "Told", "check"]


class Severity(StrEnum):
    """Blocks: no letter may be issued. Warns: needs a recorded reason to pass. Informs: worth knowing."""

    BLOCKS = "blocks"
    WARNS = "warns"
    INFORMS = "informs"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a check says: its id (reference section 6), its severity, a sentence, and the place to mend it.

    ``shows`` are words of the record to look at, ``unsearched`` the pages whose silence means nothing. ``about`` is the
    sentence (and what was found for it) to which an answer is bound; ``answerable`` is whether a recorded reason lets
    the finding pass, and ``answer`` is that reason, if it was given to just this sentence.
    """

    id: str
    severity: Severity
    says: str
    place: Place
    shows: tuple[Shown, ...] = ()
    unsearched: tuple[PageRef, ...] = ()
    about: str = ""
    answerable: bool = False
    answer: Answer | None = None

    @property
    def key(self) -> FindingKey:
        """What an answer to this finding is kept under; it changes when the sentence changes."""
        return FindingKey.of(self.id, self.place, self.about or self.says)


class Told(NamedTuple):
    """What a check yields: a sentence and its place, and what there is to see."""

    says: str
    place: Place
    shows: tuple[Shown, ...] = ()
    unsearched: tuple[PageRef, ...] = ()
    about: str = ""


Said = Iterator[Told | tuple[str, Place]]
Check = Callable[[Subject], Said]


@dataclass(frozen=True, slots=True)
class Rule:
    """A check by name: its id, its severity, the rule in a sentence, and the function that applies it.

    ``answerable``: whether a recorded reason lets its finding pass. Warnings always are; of what blocks, only a
    question to the reviewer is, never a fault. ``of_record``: it looks at the record, the documents, the header, the
    evidence and the circumstances alone, so that editing a text need not apply it again.
    """

    id: str
    severity: Severity
    rule: str
    apply: Check
    answerable: bool = False
    of_record: bool = False


RULES: list[Rule] = []


def check(
    identifier: str, severity: Severity, rule: str, *, answerable: bool = False, of_record: bool = False
) -> Callable[[Check], Check]:
    """Register a check under its id of the reference; the decorated function yields sentences with their places."""

    def register(function: Check) -> Check:
        answers = answerable or severity is Severity.WARNS
        RULES.append(Rule(identifier, severity, rule, function, answers, of_record))
        return function

    return register
