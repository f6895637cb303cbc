# SPDX-License-Identifier: AGPL-3.0-or-later
"""Evidence: a passage of the record that the reviewer kept, placed for ever on its page."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

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


class Weight(StrEnum):
    """Which way a fact speaks: for the medical necessity of a treatment, or against it."""

    FOR = "for"
    AGAINST = "against"


@dataclass(frozen=True, slots=True)
class Bearing:
    """One disputed item (by its id) on which a piece of evidence bears, and which way it speaks there."""

    item: str
    weight: Weight = Weight.FOR


@dataclass(frozen=True, slots=True)
class Evidence:
    """A kept passage with the day its fact is about, a note, and the items on which it bears.

    ``typed`` marks words that the reviewer typed beside a region which the machine cannot read. One piece of evidence
    may bear on several items; there are no copies of it.
    """

    id: str
    passage: Passage
    note: str = ""
    fact_date: date | None = None
    typed: bool = False
    bears_on: tuple[Bearing, ...] = ()

    def weight_for(self, item_id: str) -> Weight | None:
        """Which way it speaks on an item; None where it has not been weighed for it."""
        return next((bearing.weight for bearing in self.bears_on if bearing.item == item_id), None)

    def weighed(self, item_id: str, weight: Weight | None) -> "Evidence":
        """The evidence weighed anew for one item; None takes it from that item and leaves it with the others."""
        rest = tuple(bearing for bearing in self.bears_on if bearing.item != item_id)
        return replace(self, bears_on=rest if weight is None else (*rest, Bearing(item_id, weight)))

    def with_typed_words(self, text: str) -> "Evidence":
        """The evidence with words typed beside its region; the words that the machine read are never typed over."""
        if self.passage.text and not self.typed:
            return self
        return replace(self, passage=replace(self.passage, text=text), typed=bool(text))
