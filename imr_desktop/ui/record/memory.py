# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the record pane keeps of a case: turns, own marks, bookmarks, pages seen and dismissed, notes, how it looked.

``RecordMemory`` is what a keeper must offer; the vault's is wired in the case window. ``ShortMemory`` keeps it for as
long as the window stands, for tests and for a record without a case.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

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


@dataclass(frozen=True, slots=True)
class PageFact:
    """What reading machines found out about a page: blank, the same as an earlier one, without readable text."""

    blank: bool = False
    copy_of: PageRef | None = None
    unreadable: bool = False


class RecordMemory(Protocol):
    """Keeps what belongs to the case and not to the window. Every change is kept as it is made."""

    def turns(self) -> Mapping[PageRef, int]:
        """The pages that are turned, and how far (clockwise degrees)."""

    def keep_turns(self, turns: Mapping[PageRef, int]) -> None:
        """These pages, and no others, are turned."""

    def own_marks(self) -> tuple[OwnMark, ...]:
        """The reviewer's own marks."""

    def keep_own_mark(self, mark: OwnMark) -> None:
        """Keep a mark, in place of one with the same id."""

    def remove_own_mark(self, mark_id: str) -> None:
        """The mark is no more."""

    def bookmarks(self) -> tuple[Bookmark, ...]:
        """The places to come back to."""

    def keep_bookmark(self, bookmark: Bookmark) -> None:
        """Keep a bookmark, in place of one with the same id."""

    def remove_bookmark(self, bookmark_id: str) -> None:
        """The bookmark is no more."""

    def dismissed(self) -> Mapping[PageRef, Dismissal]:
        """The pages put aside without reading, with their reasons."""

    def dismiss(self, refs: Collection[PageRef], dismissal: Dismissal | None) -> None:
        """Put these pages aside for this reason; None takes them up again."""

    def page_notes(self) -> Mapping[PageRef, str]:
        """Notes on whole pages, such as pages that cannot be shown."""

    def keep_page_note(self, ref: PageRef, note: str) -> None:
        """Keep a note on a page; an empty one removes it."""

    def looks(self) -> Mapping[str, Any]:
        """How the record is shown in this case (plain data)."""

    def keep_looks(self, looks: Mapping[str, Any]) -> None:
        """The record is shown like this from now on."""

    def preview(self, ref: PageRef) -> bytes | None:
        """A small picture of the page (JPEG), if one has been kept."""

    def keep_preview(self, ref: PageRef, picture: bytes) -> None:
        """Keep a small picture of the page."""


class ShortMemory:
    """Remembers for as long as it lives."""

    def __init__(self) -> None:
        self._turns: dict[PageRef, int] = {}
        self._marks: dict[str, OwnMark] = {}
        self._bookmarks: dict[str, Bookmark] = {}
        self._dismissed: dict[PageRef, Dismissal] = {}
        self._notes: dict[PageRef, str] = {}
        self._looks: dict[str, Any] = {}
        self._previews: dict[PageRef, bytes] = {}

    def turns(self) -> Mapping[PageRef, int]:
        """The pages that are turned, and how far."""
        return dict(self._turns)

    def keep_turns(self, turns: Mapping[PageRef, int]) -> None:
        """These pages, and no others, are turned."""
        self._turns = dict(turns)

    def own_marks(self) -> tuple[OwnMark, ...]:
        """The reviewer's own marks."""
        return tuple(self._marks.values())

    def keep_own_mark(self, mark: OwnMark) -> None:
        """Keep a mark."""
        self._marks[mark.id] = mark

    def remove_own_mark(self, mark_id: str) -> None:
        """The mark is no more."""
        self._marks.pop(mark_id, None)

    def bookmarks(self) -> tuple[Bookmark, ...]:
        """The places to come back to."""
        return tuple(self._bookmarks.values())

    def keep_bookmark(self, bookmark: Bookmark) -> None:
        """Keep a bookmark."""
        self._bookmarks[bookmark.id] = bookmark

    def remove_bookmark(self, bookmark_id: str) -> None:
        """The bookmark is no more."""
        self._bookmarks.pop(bookmark_id, None)

    def dismissed(self) -> Mapping[PageRef, Dismissal]:
        """The pages put aside without reading."""
        return dict(self._dismissed)

    def dismiss(self, refs: Collection[PageRef], dismissal: Dismissal | None) -> None:
        """Put these pages aside, or take them up again."""
        for ref in refs:
            if dismissal is None:
                self._dismissed.pop(ref, None)
            else:
                self._dismissed[ref] = dismissal

    def page_notes(self) -> Mapping[PageRef, str]:
        """Notes on whole pages."""
        return dict(self._notes)

    def keep_page_note(self, ref: PageRef, note: str) -> None:
        """Keep a note on a page; an empty one removes it."""
        if note.strip():
            self._notes[ref] = note
        else:
            self._notes.pop(ref, None)

    def looks(self) -> Mapping[str, Any]:
        """How the record is shown."""
        return dict(self._looks)

    def keep_looks(self, looks: Mapping[str, Any]) -> None:
        """The record is shown like this from now on."""
        self._looks = dict(looks)

    def preview(self, ref: PageRef) -> bytes | None:
        """A small picture of the page."""
        return self._previews.get(ref)

    def keep_preview(self, ref: PageRef, picture: bytes) -> None:
        """Keep a small picture of the page."""
        self._previews[ref] = picture
