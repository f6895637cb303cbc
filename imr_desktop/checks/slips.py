# SPDX-License-Identifier: AGPL-3.0-or-later
"""Slips that show by themselves: a side set against itself, a range that ends where it begins."""

import re

from imr_desktop.checks.finding import Said, Severity, Subject, Told, check

_SAME_SIDE = re.compile(
    r"\b(left|right)(?:[- ]sided)?\s+"
    r"(?:and|or|than|(?:greater|worse|more|less)\s+than|more\s+so\s+than)\s+(?:the\s+)?\1\b",
    re.IGNORECASE,
)
_SAME_ENDS = re.compile(
    r"(?<![\w./-])(\d+(?:\.\d+)?)\s*(?:-|\u2013|to)\s*\1\s*(?:/\s*10|out\s+of\s+(?:10|ten)|(?:tablet|capsule|pill|patch"
    r"|visit|session|treatment|injection|hour|day|week|month|time)e?s?)\b",
    re.IGNORECASE,
)


@check("QC-54", Severity.WARNS, "A side is told apart from the other side, and a range of scores has two ends.")
def nothing_is_set_against_itself(subject: Subject) -> Said:
    """Reference QC-54: a side or a score that was mistyped, in words that no record is needed for."""
    for text in subject.texts:
        for sentence in text.sentences:
            for pattern in (_SAME_SIDE, _SAME_ENDS):
                found = subject.found(pattern, sentence.text)
                if found is not None:
                    says = f"{text.name} says “{found.group()}”: one of the two is a slip."
                    yield Told(says, text.at(sentence, *found.span()), about=sentence.text)
