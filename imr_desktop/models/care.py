# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the reviewer puts on pages beside evidence: own marks, bookmarks, notes, turns, and why a page is not read."""

from dataclasses import dataclass, field
from enum import StrEnum

from imr_desktop.models.evidence import PassagePart
from imr_desktop.models.records import PageRef


class OwnMarkKind(StrEnum):
    """What the reviewer put on a page: words coloured, a region framed, or a note set at a place."""

    HIGHLIGHT = "highlight"
    BOX = "box"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class OwnMark:
    """A mark of the reviewer's own: where it stands (boxes in page points) and what it says. It is no evidence."""

    id: str
    kind: OwnMarkKind
    parts: tuple[PassagePart, ...]
    note: str = ""

    @property
    def start(self) -> PageRef:
        """The page on which the mark begins."""
        return self.parts[0].page


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A place to come back to: a page, the height on it (page points from its upper edge as shown), a name."""

    id: str
    ref: PageRef
    y: float = 0.0
    name: str = ""


class Reason(StrEnum):
    """Why the reviewer need not read a page (QC-10 asks)."""

    BLANK = "blank"
    COPY = "copy"
    NOT_THIS_CASE = "not_this_case"
    NOT_PERTINENT = "not_pertinent"
    UNREADABLE = "unreadable"
    OTHER = "other"

    @property
    def words(self) -> str:
        """The reason as people say it."""
        return _REASONS[self]


_REASONS = {
    Reason.BLANK: "Blank page",
    Reason.COPY: "Copy of a page already read",
    Reason.NOT_THIS_CASE: "Another person's or another claim's record",
    Reason.NOT_PERTINENT: "Has no bearing on the disputed items",
    Reason.UNREADABLE: "Cannot be read; a better copy is asked for",
    Reason.OTHER: "Another reason",
}


@dataclass(frozen=True, slots=True)
class Dismissal:
    """A page that the reviewer put aside without reading, and why."""

    reason: Reason
    note: str = ""

    @property
    def words(self) -> str:
        """The reason, and what was written to it, in one line."""
        return f"{self.reason.words}: {self.note}" if self.note else self.reason.words


@dataclass(frozen=True, slots=True)
class PageCare:
    """What the reviewer did with one page: turned it (clockwise degrees), wrote on it, put it aside.

    ``turn`` is None while the reviewer has left the page as the machine found it. ``id`` is that of ``care_id``.
    """

    id: str
    ref: PageRef
    turn: int | None = None
    note: str = ""
    dismissal: Dismissal | None = None

    @property
    def is_bare(self) -> bool:
        """Whether nothing is left that is worth keeping."""
        return self.turn is None and not self.note.strip() and self.dismissal is None


def care_id(ref: PageRef) -> str:
    """The id under which what was done with a page is kept."""
    return f"{ref.source}:{ref.page}"


@dataclass(frozen=True, slots=True)
class FilePassword:
    """The password with which a protected source file opens; ``id`` is the file's SHA-256 (hex)."""

    id: str
    password: str = field(repr=False)
