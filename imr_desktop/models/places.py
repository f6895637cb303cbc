# SPDX-License-Identifier: AGPL-3.0-or-later
"""Places: where in the case something is, so that a finding, a search hit or a step can lead there."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from imr_desktop.models.records import PageRef


class Part(StrEnum):
    """The parts of a case as the form shows them."""

    HEADER = "header"
    RECORDS = "records"
    DOCUMENTS = "documents"
    CHRONOLOGY = "chronology"
    SUMMARY = "summary"
    ITEMS = "items"
    REVIEWER = "reviewer"
    LETTER = "letter"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Place:
    """One place: a part of the form, the item or document in it, the field, the words (from, to), or a page."""

    part: Part
    row: str | None = None
    field: str | None = None
    span: tuple[int, int] | None = None
    page: PageRef | None = None


class PrintedAt(NamedTuple):
    """Where something of the case stands on paper: the page (from 0), its edges in points from the upper left corner of
    the sheet, the place that it comes from, and the words of this line.
    """

    page: int
    top: float
    bottom: float
    place: Place
    left: float
    right: float
    text: str = ""

    def holds(self, page: int, x: float, y: float) -> bool:
        """Whether a point of a page lies in it."""
        return page == self.page and self.top <= y < self.bottom and self.left <= x < self.right
