# SPDX-License-Identifier: AGPL-3.0-or-later
"""Sets of search terms that stay lit on the pages of a case; no part of the determination, and never printed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TermSet:
    """Terms under one name, lit on every page that has them, or not for now.

    ``item`` is the id of the disputed item whose own terms these are, empty for a set of the reviewer's own; the terms
    of an item are kept with the item, not here. ``everywhere``: the set is offered in every case.
    """

    id: str
    name: str
    terms: tuple[str, ...] = ()
    lit: bool = True
    item: str = ""
    everywhere: bool = False

    @property
    def is_own(self) -> bool:
        """Whether the reviewer made the set, and can rename or remove it."""
        return not self.item
