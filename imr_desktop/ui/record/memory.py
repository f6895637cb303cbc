# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the record pane keeps of a case: turns, own marks, bookmarks, pages seen and dismissed, notes, how it looked.

``RecordMemory`` is what a keeper must offer; the vault's is wired in the case window. ``ShortMemory`` keeps it for as
long as the window stands, for tests and for a record without a case.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from imr_desktop.models.care import Bookmark, Dismissal, OwnMark
from imr_desktop.models.records import PageRef, PageWords
from imr_desktop.models.terms import TermSet


@dataclass(frozen=True, slots=True)
class PageFact:
    """What reading machines found out about a page: blank, the same as an earlier one, without readable text.

    ``turn`` is how far (clockwise degrees) it has to be turned to stand upright.
    """

    blank: bool = False
    copy_of: PageRef | None = None
    unreadable: bool = False
    turn: int = 0


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

    def term_sets(self) -> tuple[TermSet, ...]:
        """The sets of terms that may be lit: the reviewer's own, then those of the disputed items."""

    def keep_term_set(self, terms: TermSet) -> None:
        """Keep a set, in place of one with the same id; of an item's set its terms and whether it is lit."""

    def remove_term_set(self, set_id: str) -> None:
        """The set is no more."""

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

    def words(self, ref: PageRef) -> PageWords | None:
        """The words of the page, digital or recognised, if they have been read before."""


class ShortMemory:
    """Remembers for as long as it lives."""

    def __init__(self) -> None:
        self._turns: dict[PageRef, int] = {}
        self._marks: dict[str, OwnMark] = {}
        self._bookmarks: dict[str, Bookmark] = {}
        self._dismissed: dict[PageRef, Dismissal] = {}
        self._notes: dict[PageRef, str] = {}
        self._terms: dict[str, TermSet] = {}
        self._looks: dict[str, Any] = {}
        self._previews: dict[PageRef, bytes] = {}
        self.read: dict[PageRef, PageWords] = {}

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

    def term_sets(self) -> tuple[TermSet, ...]:
        """The sets of terms."""
        return tuple(self._terms.values())

    def keep_term_set(self, terms: TermSet) -> None:
        """Keep a set."""
        self._terms[terms.id] = terms

    def remove_term_set(self, set_id: str) -> None:
        """The set is no more."""
        self._terms.pop(set_id, None)

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

    def words(self, ref: PageRef) -> PageWords | None:
        """The words that were put here."""
        return self.read.get(ref)
