# SPDX-License-Identifier: AGPL-3.0-or-later
"""Evidence: a passage of the record that the reviewer kept, placed for ever on its page."""

from dataclasses import dataclass
from datetime import date

from imr_desktop.models.records import Box, PageRef


@dataclass(frozen=True, slots=True)
class PassagePart:
    """The part of a passage that stands on one page: boxes in page points."""

    page: PageRef
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words or a region of the record: where they stand, and exactly what they say (empty for a bare region)."""

    parts: tuple[PassagePart, ...]
    text: str = ""

    @property
    def start(self) -> PageRef:
        """The page on which the passage begins."""
        return self.parts[0].page


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kept passage with the day its fact is about and a note.

    ``typed`` marks words that the reviewer typed beside a region which the machine cannot read.
    """

    id: str
    passage: Passage
    note: str = ""
    fact_date: date | None = None
    typed: bool = False
