# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sentences of a narrative, each with the position at which it stands in the stored text."""

import re
from typing import NamedTuple

from imr_desktop.models.narrative import Narrative

_ANCHOR = re.compile(r"\[\[e:([0-9a-z]+)\]\]")
_END = re.compile(r"[.!?]+[\"”’')\]]*(?=\s+[\"“‘'(\[]*[^\W_a-z])|[.!?]*\s*\n\s*", re.UNICODE)
_ABBREVIATION = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|st|no|nos|vs|e\.g|i\.e|approx|pg|pp|fig|inc|dept|etc|ed|eds|sec|al|cf|jr|sr|ref|vol|tab|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)|\b[A-Z](?:\.[A-Z])*)$",
    re.IGNORECASE,
)


class Sentence(NamedTuple):
    """One sentence: its words with anchors blanked out, where it starts, and its anchors with their positions in it.

    Positions are offsets in the narrative's stored text (``start``) and in ``text``, which has the same length as what
    is stored, so that a match in one is a span in the other.
    """

    text: str
    start: int
    anchors: tuple[tuple[int, str], ...] = ()

    def span(self, begin: int, end: int) -> tuple[int, int]:
        """A match in this sentence as a span of the stored text."""
        return self.start + begin, self.start + end


def split(text: str) -> tuple[Sentence, ...]:
    """The sentences of a narrative's stored text, in order; a line break always ends one."""
    found: list[Sentence] = []
    start = 0
    for end in _END.finditer(text):
        if end.group()[0] == "." and _is_abbreviation(text, start, end.start()):
            continue
        _add(found, text, start, end.end())
        start = end.end()
    _add(found, text, start, len(text))
    return tuple(found)


def of(narrative: Narrative) -> tuple[Sentence, ...]:
    """The sentences of a narrative."""
    return split(narrative.text)


def _is_abbreviation(text: str, start: int, stop: int) -> bool:
    numbering = text[start:stop].strip()
    return (len(numbering) < 3 and numbering.isdigit()) or _ABBREVIATION.search(
        text, max(start, stop - 8), stop
    ) is not None


def _add(found: list[Sentence], text: str, start: int, stop: int) -> None:
    piece = text[start:stop]
    bare = piece.strip()
    if not bare:
        return
    start += piece.index(bare[0])
    anchors = tuple((match.start(), match.group(1)) for match in _ANCHOR.finditer(bare))
    if anchors:
        bare = _ANCHOR.sub(lambda match: " " * len(match.group()), bare)
    found.append(Sentence(bare, start, anchors))
