# SPDX-License-Identifier: AGPL-3.0-or-later
"""Narratives: the reviewer's own text, with anchors that point at evidence."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_TOKEN = re.compile(r"\[\[e:([0-9a-z]+)\]\]")


@dataclass(frozen=True, slots=True)
class Anchor:
    """The place in a narrative that rests on one piece of evidence; how it reads is computed."""

    evidence: str

    def token(self) -> str:
        """The anchor as it stands in a narrative's text."""
        return f"[[e:{self.evidence}]]"


@dataclass(frozen=True, slots=True)
class Narrative:
    """The reviewer's text: paragraphs divided by a line break, anchors as tokens within them."""

    text: str = ""

    @classmethod
    def of(cls, *paragraphs: str) -> "Narrative":
        """A narrative of plain paragraphs, in which nothing reads as an anchor."""
        return cls("\n".join(plain(paragraph) for paragraph in paragraphs))

    def __bool__(self) -> bool:
        return bool(self.text.strip())

    def pieces(self) -> Iterator[str | Anchor]:
        """The text cut at its anchors, in order."""
        end = 0
        for match in _TOKEN.finditer(self.text):
            if match.start() > end:
                yield self.text[end : match.start()]
            yield Anchor(match.group(1))
            end = match.end()
        if end < len(self.text):
            yield self.text[end:]

    def anchors(self) -> tuple[str, ...]:
        """The ids of the evidence that the text rests on, in order."""
        return tuple(_TOKEN.findall(self.text))

    def with_anchor(self, evidence: str, at: int) -> "Narrative":
        """The narrative with an anchor put in at this position of its text; a blank keeps it off the word before."""
        before, after = self.text[:at], self.text[at:]
        gap = " " if before and not before[-1].isspace() else ""
        return Narrative(f"{before}{gap}{Anchor(evidence).token()}{after}")

    def printed(self, reads: Callable[[str], str]) -> tuple[str, ...]:
        """The paragraphs as a letter prints them: ``reads`` gives each anchor's words; empty paragraphs fall away."""
        whole = _TOKEN.sub(lambda match: reads(match.group(1)), self.text)
        return tuple(line.strip() for line in whole.split("\n") if line.strip())


def plain(text: str) -> str:
    """Typed or pasted text made safe: what merely looks like an anchor no longer is one."""
    return text.replace("[[e:", "[ [e:")
