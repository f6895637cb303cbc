# SPDX-License-Identifier: AGPL-3.0-or-later
"""The memory of the record pane as the vault keeps it: every change is a step of the case, and can be taken back."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any

from imr_desktop.casework import item_work
from imr_desktop.casework.desk import Desk
from imr_desktop.errors import Trouble
from imr_desktop.models.care import Bookmark, Dismissal, OwnMark, PageCare, care_id
from imr_desktop.models.records import PageRef, PageWords
from imr_desktop.models.terms import TermSet
from imr_desktop.storage import Table
from imr_desktop.ui.shared_terms import SharedTerms

_ITEM_SET = "item "
KEPT_TABLES = frozenset({Table.MARK, Table.BOOKMARK, Table.CARE})
TERM_TABLES = frozenset({Table.TERMS, Table.WORK, Table.ITEM})


class VaultMemory:
    """What belongs to the pages of one open case.

    ``looks`` and ``keep_looks`` reach the setting in which the case's looks are kept, ``shared`` the sets of terms of
    every case. ``refresh`` is called after
    steps that touched ``KEPT_TABLES``, ``refresh_terms`` after those that touched ``TERM_TABLES``.
    """

    def __init__(
        self,
        desk: Desk,
        looks: Callable[[], Mapping[str, Any]],
        keep_looks: Callable[[Mapping[str, Any]], object],
        shared: SharedTerms,
    ) -> None:
        self._desk, self._store = desk, desk.store
        self._looks, self._keep_looks, self._shared = looks, keep_looks, shared
        self._previewed = set(self._store.pages.previewed())
        self.refresh()

    def refresh(self) -> None:
        """Look up again what the vault holds."""
        self.refresh_terms()
        self._marks: dict[str, OwnMark] = {each.id: each for each in self._store.kept(Table.MARK)}
        self._bookmarks: dict[str, Bookmark] = {each.id: each for each in self._store.kept(Table.BOOKMARK)}
        self._cares: dict[PageRef, PageCare] = {each.ref: each for each in self._store.kept(Table.CARE)}

    def refresh_terms(self) -> None:
        """Look up again which sets of terms the vault holds."""
        self._terms: tuple[TermSet, ...] = tuple(self._store.kept(Table.TERMS))

    def turns(self) -> Mapping[PageRef, int]:
        """The pages that the reviewer turned, or turned back, and how far."""
        return {ref: care.turn for ref, care in self._cares.items() if care.turn is not None}

    def keep_turns(self, turns: Mapping[PageRef, int]) -> None:
        """These pages, and no others, are turned."""
        before = self.turns()
        changed = {ref: turns.get(ref) for ref in {*before, *turns} if before.get(ref) != turns.get(ref)}
        self._keep("Turn pages", [replace(self._care(ref), turn=turn) for ref, turn in changed.items()])

    def own_marks(self) -> tuple[OwnMark, ...]:
        """The reviewer's own marks."""
        return tuple(self._marks.values())

    def keep_own_mark(self, mark: OwnMark) -> None:
        """Keep a mark."""
        self._desk.keep_on_pages("Mark a page", Table.MARK, [mark])

    def remove_own_mark(self, mark_id: str) -> None:
        """The mark is no more."""
        self._desk.keep_on_pages("Remove a mark", Table.MARK, remove=[mark_id])

    def bookmarks(self) -> tuple[Bookmark, ...]:
        """The places to come back to."""
        return tuple(self._bookmarks.values())

    def keep_bookmark(self, bookmark: Bookmark) -> None:
        """Keep a bookmark."""
        self._desk.keep_on_pages("Set a bookmark", Table.BOOKMARK, [bookmark])

    def remove_bookmark(self, bookmark_id: str) -> None:
        """The bookmark is no more."""
        self._desk.keep_on_pages("Remove a bookmark", Table.BOOKMARK, remove=[bookmark_id])

    def dismissed(self) -> Mapping[PageRef, Dismissal]:
        """The pages put aside without reading."""
        return {ref: care.dismissal for ref, care in self._cares.items() if care.dismissal is not None}

    def dismiss(self, refs: Collection[PageRef], dismissal: Dismissal | None) -> None:
        """Put these pages aside, or take them up again."""
        label = "Take pages up again" if dismissal is None else "Dismiss pages"
        self._keep(label, [replace(self._care(ref), dismissal=dismissal) for ref in refs])

    def term_sets(self) -> tuple[TermSet, ...]:
        """The reviewer's own sets of terms, then those of the disputed items, lit where the reviewer wanted it."""
        own = self._shared.among(each for each in self._terms if each.is_own)
        lit = {each.item for each in self._terms if each.lit}
        items = self._desk.case.items
        return own + tuple(
            TermSet(
                f"{_ITEM_SET}{item.id}",
                f"Item {number}: {item.heading or item.requested.wording or 'no wording yet'}",
                item_work.terms(self._desk, item.id),
                item.id in lit,
                item.id,
            )
            for number, item in enumerate(items, 1)
        )

    def keep_term_set(self, terms: TermSet) -> None:
        """Keep a set; the terms of an item's set are kept with the item."""
        if terms.is_own:
            self._shared.keep(terms, self._own(terms.id))
            self._desk.keep_on_pages("Keep a term set", Table.TERMS, [terms])
            return
        if terms.terms != item_work.terms(self._desk, terms.item):
            item_work.keep_terms(self._desk, terms.item, terms.terms)
        if terms.lit:
            self._desk.keep_on_pages("Light the terms of an item", Table.TERMS, [replace(terms, name="", terms=())])
        else:
            self._desk.keep_on_pages("Light the terms of an item no more", Table.TERMS, remove=[terms.id])

    def remove_term_set(self, set_id: str) -> None:
        """The set is no more; one of every case is none anywhere."""
        terms = self._own(set_id)
        if terms is not None:
            self._shared.remove(terms)
        if any(each.id == set_id for each in self._terms):
            self._desk.keep_on_pages("Remove a term set", Table.TERMS, remove=[set_id])

    def _own(self, set_id: str) -> TermSet | None:
        return next((each for each in self.term_sets() if each.id == set_id and each.is_own), None)

    def page_notes(self) -> Mapping[PageRef, str]:
        """Notes on whole pages."""
        return {ref: care.note for ref, care in self._cares.items() if care.note}

    def keep_page_note(self, ref: PageRef, note: str) -> None:
        """Keep a note on a page; an empty one removes it."""
        self._keep("Write a note on a page", [replace(self._care(ref), note=note.strip())])

    def looks(self) -> Mapping[str, Any]:
        """How the record is shown."""
        return self._looks()

    def keep_looks(self, looks: Mapping[str, Any]) -> None:
        """The record is shown like this from now on."""
        self._keep_looks(looks)

    def preview(self, ref: PageRef) -> bytes | None:
        """A small picture of the page."""
        return self._store.pages.preview(ref) if ref in self._previewed else None

    def keep_preview(self, ref: PageRef, picture: bytes) -> None:
        """Keep a small picture of the page, if there is room on the disk."""
        try:
            self._store.pages.keep_preview(ref, picture)
        except Trouble:
            # It can be drawn again; what cannot be kept elsewhere will say so in time.
            return
        self._previewed.add(ref)

    def words(self, ref: PageRef) -> PageWords | None:
        """The words of the page as the machine read them."""
        return self._store.words(ref)

    def _care(self, ref: PageRef) -> PageCare:
        return self._cares.get(ref) or PageCare(care_id(ref), ref)

    def _keep(self, label: str, cares: list[PageCare]) -> None:
        keep = [care for care in cares if not care.is_bare]
        self._desk.keep_on_pages(label, Table.CARE, keep, [care.id for care in cares if care.is_bare])
        # The desk announces nothing where nothing changed.
        self.refresh()
