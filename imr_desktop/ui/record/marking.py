# SPDX-License-Identifier: AGPL-3.0-or-later
"""The reviewer's own marks, notes and bookmarks, and pages dismissed with a reason."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from imr_desktop.models.care import Bookmark, Dismissal, OwnMark, OwnMarkKind
from imr_desktop.models.evidence import PassagePart
from imr_desktop.models.records import Box, PageRef
from imr_desktop.ui.record.addresses import page_label
from imr_desktop.ui.record.overlays import OwnMarks
from imr_desktop.ui.record.rail_rows import Row
from imr_desktop.ui.record.selection import Region
from imr_desktop.ui.record.slips_of_paper import Slip

if TYPE_CHECKING:
    from imr_desktop.ui.record.pane import RecordPane


class Marking:
    """What one pane does with own marks, notes, bookmarks and dismissals; every act says how it is taken back."""

    def __init__(self, pane: "RecordPane", new_id: Callable[[], str] = lambda: uuid.uuid4().hex) -> None:
        self._pane, self._new_id = pane, new_id
        self._memory = pane.shared.memory
        self.chosen: str | None = None
        self.slip: Slip | None = None

    def refresh(self) -> None:
        """Show what the memory holds."""
        pane = self._pane
        pane.view.overlays.own = OwnMarks(self._memory.own_marks())
        if self.chosen not in pane.view.overlays.own.by_id:
            self.chosen = None
        pane.view.viewport().update()
        pane.rail.show_bookmarks(self._rows())
        pane.show_bar_marks()

    # Own marks

    def highlight(self) -> None:
        """Colour the selected words, or frame the selected region."""
        pane = self._pane
        passage, chosen = pane.selection(), pane.view.hand.chosen
        if passage is None:
            pane.notice.say("Nothing is selected. Drag over the words to mark, or hold Alt and drag a region.")
            return
        kind = OwnMarkKind.BOX if isinstance(chosen, Region) else OwnMarkKind.HIGHLIGHT
        mark = OwnMark(self._new_id(), kind, passage.parts)
        self._memory.keep_own_mark(mark)
        pane.clear_selection()
        self._told("Marked", lambda: self._memory.remove_own_mark(mark.id))

    def note(self) -> None:
        """Write a note: on the chosen mark, on the selected words, or on the page."""
        pane, page = self._pane, self._pane.view.current
        if page is None:
            return
        mark = pane.view.overlays.own.by_id.get(self.chosen or "")
        passage = pane.selection()
        if mark is not None:
            self._write(mark, "Note on this mark")
        elif passage is not None:
            kind = OwnMarkKind.BOX if isinstance(pane.view.hand.chosen, Region) else OwnMarkKind.HIGHLIGHT
            pane.clear_selection()
            self._write(OwnMark(self._new_id(), kind, passage.parts), "Note on these words")
        else:
            ref = page.ref
            self._slip(f"Note on page {page.case_page}").ask_text(
                pane.coverage.note(ref), lambda text: self._keep_note(ref, text), QPoint(24, 24)
            )

    def note_at(self, ref: PageRef, x: float, y: float) -> None:
        """Set a note at a point of a page."""
        point = PassagePart(ref, (Box(x, y, x, y),))
        self._write(OwnMark(self._new_id(), OwnMarkKind.NOTE, (point,)), "Note here")

    def choose(self, mark_id: str) -> None:
        """A mark was clicked: its note can be read and changed, the mark removed."""
        self.chosen = mark_id
        mark = self._pane.view.overlays.own.by_id.get(mark_id)
        if mark is not None:
            words = f"Your note: {mark.note}" if mark.note else "Your mark."
            self._pane.notice.say(f"{words} Press N to write on it, Delete to remove it.")

    def remove_chosen(self) -> None:
        """Remove the mark that was clicked."""
        mark = self._pane.view.overlays.own.by_id.get(self.chosen or "")
        if mark is None:
            self._pane.notice.say("No mark of your own is chosen. Click one first.")
            return
        self._memory.remove_own_mark(mark.id)
        self._told("Mark removed", lambda: self._memory.keep_own_mark(mark))

    def _write(self, mark: OwnMark, title: str) -> None:
        area = self._pane.view.selection_area()
        at = area.bottomLeft().toPoint() if not area.isEmpty() else QPoint(24, 24)
        self._slip(title).ask_text(mark.note, lambda text: self._keep_mark(mark, text), at)

    def _keep_mark(self, mark: OwnMark, text: str) -> None:
        before = self._pane.view.overlays.own.by_id.get(mark.id)
        if not text and mark.kind is OwnMarkKind.NOTE:
            self._memory.remove_own_mark(mark.id)
        else:
            self._memory.keep_own_mark(replace(mark, note=text))

        def back() -> None:
            if before is None:
                self._memory.remove_own_mark(mark.id)
            else:
                self._memory.keep_own_mark(before)

        self._told("Note kept", back)

    def _keep_note(self, ref: PageRef, text: str) -> None:
        before = self._pane.coverage.note(ref)
        self._pane.coverage.write_note(ref, text)
        self._told("Note kept", lambda: self._pane.coverage.write_note(ref, before))

    # Bookmarks

    def toggle_bookmark(self) -> None:
        """Set a bookmark on the current page, or take it away."""
        view = self._pane.view
        page, spot = view.current, view.spot()
        if page is None:
            return
        here = next((each for each in self._memory.bookmarks() if each.ref == page.ref), None)
        if here is not None:
            self._memory.remove_bookmark(here.id)
            self._told("Bookmark removed", lambda: self._memory.keep_bookmark(here))
            return
        y = spot.y if spot is not None and spot.ref == page.ref else 0.0
        made = Bookmark(self._new_id(), page.ref, max(y, 0.0))
        self._memory.keep_bookmark(made)
        self._told(f"Page {page.case_page} has a bookmark", lambda: self._memory.remove_bookmark(made.id))

    def _rows(self) -> tuple[Row, ...]:
        run, documents = self._pane.view.stage.run, self._pane.documents
        found = [(place, each) for each in self._memory.bookmarks() if (place := run.place(each.ref)) is not None]
        return tuple(
            Row(
                each.name or f"Page {run.pages[place].case_page}",
                page_label(run.pages[place], run, documents),
                each.ref,
                key=each.id,
            )
            for place, each in sorted(found, key=lambda pair: (pair[0], pair[1].y))
        )

    # Dismissing

    def dismiss(self, refs: Sequence[PageRef] | None = None) -> None:
        """Put pages aside (the current one if none are named), asking why."""
        page = self._pane.view.current
        wanted = tuple(refs) if refs is not None else (() if page is None else (page.ref,))
        if not wanted:
            return
        what = f"{len(wanted)} pages" if len(wanted) > 1 else "this page"
        self._slip(f"Why need {what} not be read?").ask_reason(lambda why: self._dismiss(wanted, why), QPoint(24, 24))

    def take_up(self, refs: Sequence[PageRef]) -> None:
        """Take dismissed pages up again."""
        before = {ref: why for ref in refs if (why := self._pane.coverage.state(ref).dismissal) is not None}

        def take_back() -> None:
            for ref, why in before.items():
                self._memory.dismiss((ref,), why)

        self._pane.coverage.dismiss(refs, None)
        self._told("Taken up again", take_back)

    def _dismiss(self, refs: tuple[PageRef, ...], why: Dismissal) -> None:
        self._pane.coverage.dismiss(refs, why)
        what = f"{len(refs)} pages are" if len(refs) > 1 else "The page is"
        self._told(f"{what} dismissed: {why.reason.words}", lambda: self._memory.dismiss(refs, None))

    # Within

    def _slip(self, title: str) -> Slip:
        self.slip = Slip(self._pane.view.viewport(), title)
        return self.slip

    def _told(self, what: str, back: Callable[[], object]) -> None:
        def undo() -> None:
            back()
            self._pane.coverage.refresh()
            self.refresh()

        self._pane.coverage.refresh()
        self.refresh()
        self._pane.memory_changed.emit()
        self._pane.notice.say(f"{what}.", undo=undo)
