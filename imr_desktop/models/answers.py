# SPDX-License-Identifier: AGPL-3.0-or-later
"""Answers: what the reviewer said to a finding, kept only as long as the sentence it was about stands unchanged."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from imr_desktop.models.places import Place


@dataclass(frozen=True, slots=True)
class FindingKey:
    """Which finding an answer belongs to: the check, the place without its words, and a digest of what it is about.

    The words' position is left out on purpose: it moves when another sentence changes, and the answer must not.
    """

    check: str
    part: str
    row: str
    field: str
    digest: str

    @classmethod
    def of(cls, check: str, place: Place, about: str) -> "FindingKey":
        """The key of what ``check`` says at ``place`` about a sentence; blanks at line ends do not matter."""
        digest = hashlib.sha256(" ".join(about.split()).encode("utf-8", "replace")).hexdigest()[:32]
        return cls(check, place.part.value, place.row or "", place.field or "", digest)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the reviewer answered, and when (with its time zone): "seen, not sufficient because ...".

    An empty reason is no answer.
    """

    key: FindingKey
    reason: str
    when: datetime | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """All answers of a case; of two to the same finding, the later one counts."""

    given: tuple[Answer, ...] = ()

    def with_answer(self, answer: Answer) -> "Answers":
        """These answers with one more, in place of what was answered to the same finding before."""
        return Answers((*(each for each in self.given if each.key != answer.key), answer))

    def without(self, key: FindingKey) -> "Answers":
        """These answers without the one to a finding."""
        return Answers(tuple(each for each in self.given if each.key != key))

    def by_key(self) -> dict[FindingKey, Answer]:
        """The answers that give a reason, by the finding they belong to."""
        return {answer.key: answer for answer in self.given if answer.reason.strip()}
