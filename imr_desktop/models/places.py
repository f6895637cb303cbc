# SPDX-License-Identifier: AGPL-3.0-or-later
"""Places: where in the case something is, so that a finding, a search hit or a step can lead there."""

from dataclasses import dataclass
from enum import StrEnum

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
