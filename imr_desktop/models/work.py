# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reviewer's own working notes on a disputed item; no part of the determination, and never printed in a letter."""

from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Sought:
    """A search that was made because nothing seemed to document a criterion: for what, when, and over which pages.

    ``hits`` and ``unsearched`` are numbers of places and of pages; ``pages`` is how many the record had then.
    """

    criterion: str
    words: str
    when: datetime
    hits: int
    pages: int
    unsearched: int

    def told(self) -> str:
        """``“Spurling” sought on 1/8/2015: no hits on 120 pages, 3 of them could not be searched``."""
        day = f"{self.when.month}/{self.when.day}/{self.when.year}"
        count = "no hits" if not self.hits else "1 hit" if self.hits == 1 else f"{self.hits} hits"
        shut = f", {self.unsearched} of them could not be searched" if self.unsearched else ""
        return f"“{self.words}” sought on {day}: {count} on {self.pages} pages{shut}"


@dataclass(frozen=True, slots=True)
class ItemWork:
    """What the reviewer notes on one item; ``id`` is the item's.

    ``come_back`` is whether the item waits for another look, ``note`` why. ``terms`` are the search terms as edited,
    None while they are those made from the item's wording.
    """

    id: str
    come_back: bool = False
    note: str = ""
    terms: tuple[str, ...] | None = None
    sought: tuple[Sought, ...] = ()

    @property
    def is_bare(self) -> bool:
        """Whether nothing is left that is worth keeping."""
        return not self.come_back and not self.note.strip() and self.terms is None and not self.sought

    def with_sought(self, made: Sought) -> "ItemWork":
        """With one more search, in place of an earlier one for the same words and criterion."""
        rest = [each for each in self.sought if (each.criterion, each.words) != (made.criterion, made.words)]
        return replace(self, sought=(*rest, made))
