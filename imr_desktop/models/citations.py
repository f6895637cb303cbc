# SPDX-License-Identifier: AGPL-3.0-or-later
"""Citations: guidelines and studies with the elements that 8 CCR 9792.21.1(d) asks for."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


class ReasonOutside(StrEnum):
    """Why a source outside the MTUS may be used (8 CCR 9792.21(d), 9792.21.1)."""

    MTUS_SILENT = "mtus_silent"
    PRESUMPTION_REBUTTED = "presumption_rebutted"


@dataclass(frozen=True, slots=True)
class MtusCitation:
    """A chapter of the Medical Treatment Utilization Schedule with its effective year and sections."""

    chapter: str
    year: int | None = None
    sections: tuple[str, ...] = ()
    excerpt: str = ""

    def printed(self) -> str:
        """``Chronic Pain Medical Treatment 2016, Section(s): Facet blocks``."""
        named = self.chapter if self.year is None else f"{self.chapter} {self.year}"
        return f"{named}, Section(s): {', '.join(self.sections)}" if self.sections else named


@dataclass(frozen=True, slots=True)
class GuidelineCitation:
    """A guideline outside the MTUS: publisher, year of publication, chapter, section.

    Of every source outside the MTUS, ``search_made`` keeps what was looked through before it, in the order of 8 CCR
    9792.21.1(a): the MTUS, then current ACOEM or ODG, other nationally recognised guidelines, current studies. It is
    printed in the work file, never in a letter.
    """

    publisher: str
    year: int | None = None
    chapter: str = ""
    section: str = ""
    reason_outside: ReasonOutside | None = None
    excerpt: str = ""
    search_made: str = ""

    def printed(self) -> str:
        """``Official Disability Guidelines (ODG), 2016, Low Back, Facet joint injections``."""
        parts = (
            self.publisher,
            "" if self.year is None else str(self.year),
            self.chapter,
            self.section,
        )
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class StudyCitation:
    """A peer-reviewed study in the style of the National Library of Medicine."""

    authors: str
    title: str
    journal: str
    year: int | None = None
    volume: str = ""
    pages: str = ""
    pmid: str = ""
    doi: str = ""
    reason_outside: ReasonOutside | None = None
    excerpt: str = ""
    search_made: str = ""

    def printed(self) -> str:
        """``Smith J, et al. Title. Journal. 2019;12(3):45-50``; the sentence around it adds the full stop."""
        place = "" if self.year is None else str(self.year)
        place += f";{self.volume}" if self.volume else ""
        place += f":{self.pages}" if self.pages else ""
        parts = (self.authors, self.title, self.journal, place)
        return ". ".join(part.rstrip(".") for part in parts if part)


@dataclass(frozen=True, slots=True)
class OtherCitation:
    """Anything else that was relied on; always worth a second look."""

    label: str
    publisher: str = ""
    date: str = ""
    url: str = ""
    accessed: dt.date | None = None
    reason_outside: ReasonOutside | None = None
    excerpt: str = ""
    search_made: str = ""

    def printed(self) -> str:
        """``Label, Publisher, date, address``."""
        return ", ".join(part for part in (self.label, self.publisher, self.date, self.url) if part)


Citation = MtusCitation | GuidelineCitation | StudyCitation | OtherCitation
OutsideCitation = GuidelineCitation | StudyCitation | OtherCitation


@dataclass(frozen=True, slots=True)
class Guideline:
    """What one side relied on: citations from which the sentence is generated, or a sentence kept word for word.

    ``text`` is used only where the citations cannot generate what is to be printed.
    """

    citations: tuple[Citation, ...] = ()
    text: str | None = None
