# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a slot of the wording prints: the format's text filled in, or what a published letter printed instead."""

from dataclasses import dataclass

from imr_desktop.letter.characters import clean
from imr_desktop.letter.renditions import Texts


@dataclass(frozen=True, slots=True)
class Slots:
    """The letter's fixed texts, ready to be filled in; every text it gives is clean."""

    texts: Texts

    def paragraphs(self, slot: str, **fields: str) -> tuple[str, ...]:
        """The slot's paragraphs; those of a published letter stand as they are, empty ones fall away."""
        printed = self.texts.printed.get(slot)
        if printed is None:
            printed = tuple(self.texts.wording.fill(slot, **fields).split("\n"))
        return listed(*printed)

    def line(self, slot: str, **fields: str) -> str:
        """The slot as one text; empty where nothing is to be printed."""
        return " ".join(self.paragraphs(slot, **fields))

    def is_own(self, slot: str) -> bool:
        """Whether this letter brings its own text for the slot."""
        return slot in self.texts.printed


def listed(*texts: str) -> tuple[str, ...]:
    """These texts clean, without the empty ones."""
    return tuple(text for text in map(clean, texts) if text)
