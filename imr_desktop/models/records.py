# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record: source files, their pages and words, and the documents they are made of."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle on a page as it is shown upright: page points, origin at the top left."""

    x0: float
    y0: float
    x1: float
    y1: float

    def union(self, other: "Box") -> "Box":
        """The smallest box around both."""
        return Box(
            min(self.x0, other.x0),
            min(self.y0, other.y0),
            max(self.x1, other.x1),
            max(self.y1, other.y1),
        )


class Word(NamedTuple):
    """One word as it stands on a page, with the numbers of its block and of its line in that block."""

    text: str
    box: Box
    block: int
    line: int


class WordsOrigin(StrEnum):
    """Where a page's words come from; ``none`` means that the machine cannot read it, never that it says nothing."""

    DIGITAL = "digital"
    OCR = "ocr"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class PageRef:
    """A page for ever: the source file's SHA-256 (hex) and the page in it, from 0."""

    source: str
    page: int


@dataclass(frozen=True, slots=True)
class PageSize:
    """Width and height of a page as shown, in page points."""

    width: float
    height: float


@dataclass(frozen=True, slots=True)
class PageWords:
    """The words of one page in reading order, and where they come from."""

    ref: PageRef
    size: PageSize
    words: tuple[Word, ...] = ()
    origin: WordsOrigin = WordsOrigin.NONE


@dataclass(frozen=True, slots=True)
class TextLine:
    """One printed line of a letter: its words, where it stands, and how much of it, from the left, is bold."""

    text: str
    box: Box
    bold: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the case: its fixed case page (from 1), its size, and the label printed in its file, if any."""

    ref: PageRef
    case_page: int
    size: PageSize
    label: str = ""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One PDF as received: immutable bytes, known by their SHA-256 (hex).

    ``first_case_page`` (from 1) is fixed at intake and never renumbered. ``sizes`` holds one entry a page;
    ``broken`` says why the file could not be opened, and is empty for a sound one. ``labels`` holds what the file calls
    each of its pages, and nothing where it names none.
    """

    sha256: str
    name: str
    byte_count: int
    first_case_page: int
    sizes: tuple[PageSize, ...] = ()
    received_on: dt.date | None = None
    received_from: str = ""
    broken: str = ""
    labels: tuple[str, ...] = ()

    @property
    def page_count(self) -> int:
        """How many pages the file has."""
        return len(self.sizes)

    def pages(self) -> tuple[Page, ...]:
        """The file's pages in order with their case pages."""
        return tuple(
            Page(PageRef(self.sha256, index), self.first_case_page + index, size, self._label(index))
            for index, size in enumerate(self.sizes)
        )

    def _label(self, index: int) -> str:
        # Files that came before labels were kept have none.
        return self.labels[index] if index < len(self.labels) else ""


class DocumentType(StrEnum):
    """What a document is (reference 3.3)."""

    APPLICATION = "application"
    UR_DETERMINATION = "ur_determination"
    RFA = "rfa"
    PROGRESS_REPORT = "progress_report"
    CONSULTATION = "consultation"
    INITIAL_REPORT = "initial_report"
    IMAGING = "imaging"
    LAB = "lab"
    EMG_NCS = "emg_ncs"
    OPERATIVE = "operative"
    THERAPY_NOTE = "therapy_note"
    MED_LEGAL = "med_legal"
    PHARMACY = "pharmacy"
    PRIOR_IMR = "prior_imr"
    PRIOR_UR = "prior_ur"
    CORRESPONDENCE = "correspondence"
    LEGAL = "legal"
    OTHER = "other"


class Disposition(StrEnum):
    """What the reviewer did with a document; none yet is the absence of a value."""

    READ = "read"
    NOT_RELEVANT = "not_relevant"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class PageSpan:
    """A run of pages of one source file, from 0, both ends included.

    ``source`` is the file's SHA-256 where the file is at hand, and empty in a case that came as data alone.
    """

    source: str
    name: str
    first: int
    last: int

    def __contains__(self, ref: object) -> bool:
        return isinstance(ref, PageRef) and ref.source == self.source and self.first <= ref.page <= self.last


@dataclass(frozen=True, slots=True)
class Document:
    """A run of pages that is one thing: a PR-2, the UR denial, an MRI report. The letter lists documents."""

    id: str
    type: DocumentType = DocumentType.OTHER
    title: str = ""
    author: str = ""
    author_org: str = ""
    date: dt.date | None = None
    date_to: dt.date | None = None
    pages: tuple[PageSpan, ...] = ()
    received_from: str = ""
    received_on: dt.date | None = None
    disposition: Disposition | None = None
    duplicate_of: str | None = None

    def holds(self, ref: PageRef) -> bool:
        """Whether this page belongs to the document."""
        return any(ref in span for span in self.pages)
