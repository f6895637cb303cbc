# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a text reads: its words, its reading grade, the abbreviations that a layperson would want opened (row W9)."""

import re
from dataclasses import dataclass

from imr_desktop import assets
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.readability import grade, sentences


@dataclass(frozen=True, slots=True)
class Readability:
    """Words, Flesch-Kincaid grade (None for a text too short to say), and abbreviations not opened at first use."""

    words: int
    grade: float | None
    unopened: tuple[tuple[str, str], ...] = ()

    def told(self) -> str:
        """``164 words, grade 14``."""
        counted = "1 word" if self.words == 1 else f"{self.words} words"
        return counted if self.grade is None else f"{counted}, grade {self.grade:.0f}"

    def offered(self) -> str:
        """What could be opened: ``ESI: epidural steroid injection``; empty for nothing."""
        return "; ".join(f"{short}: {meaning}" for short, meaning in self.unopened)


def readability(narrative: Narrative) -> Readability:
    """How a narrative reads; anchors count as one word and as nothing else."""
    counted = len(" ".join(narrative.printed(lambda _: " anchor ")).split())
    text = " ".join(narrative.printed(lambda _: ""))
    return Readability(counted, grade(sentences(narrative)), _unopened(text))


def _unopened(text: str) -> tuple[tuple[str, str], ...]:
    table = assets.table("tables/abbreviations.toml")
    common, meanings = frozenset(table["common"]), table["meanings"]
    low = text.casefold()
    found = dict.fromkeys(re.findall(r"\b[A-Z][A-Za-z]*[A-Z][A-Za-z]*\b", text))
    return tuple(
        (short, meanings[short])
        for short in found
        if short in meanings and short not in common and meanings[short].casefold() not in low
    )
