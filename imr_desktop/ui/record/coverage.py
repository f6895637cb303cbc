# SPDX-License-Identifier: AGPL-3.0-or-later
"""How much of the record has been looked at: what is known of each page, and why some need not be read."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject, Signal

from imr_desktop.models.care import Dismissal
from imr_desktop.models.records import PageRef
from imr_desktop.ui.record.memory import PageFact, RecordMemory
from imr_desktop.ui.record.pages import PageRun

_NOTHING = PageFact()


class Cover(StrEnum):
    """Where the reviewer stands with a page; each is told by a sign of its own, never by colour alone."""

    SEEN = "seen"
    UNSEEN = "unseen"
    DISMISSED = "dismissed"
    UNREADABLE = "unreadable"

    @property
    def sign(self) -> str:
        """The sign before the page's number."""
        return {"seen": "✓", "unseen": "○", "dismissed": "⊘", "unreadable": "✗"}[self.value]

    @property
    def words(self) -> str:
        """The same in words."""
        return {
            "seen": "seen",
            "unseen": "not seen yet",
            "dismissed": "dismissed",
            "unreadable": "cannot be shown",
        }[self.value]


@dataclass(frozen=True, slots=True)
class PageState:
    """All that the rail tells of a page."""

    cover: Cover
    blank: bool = False
    copy_of: int | None = None
    wordless: bool = False
    evidence: int = 0
    hits: int = 0
    bookmarked: bool = False
    note: str = ""
    dismissal: Dismissal | None = None

    def words(self) -> list[str]:
        """The state in words, for those who cannot see the signs."""
        said = [self.cover.words]
        if self.dismissal is not None:
            said.append(f"{self.dismissal.reason.words}{f': {self.dismissal.note}' if self.dismissal.note else ''}")
        said += ["blank"] if self.blank else []
        said += [f"copy of page {self.copy_of}"] if self.copy_of is not None else []
        said += ["no readable text"] if self.wordless else []
        said += [f"evidence: {self.evidence}"] if self.evidence else []
        said += [f"hits: {self.hits}"] if self.hits else []
        said += ["bookmark"] if self.bookmarked else []
        said += [f"note: {self.note}"] if self.note else []
        return said

    def badges(self) -> str:
        """The state in short words for a narrow row."""
        said = ["blank"] if self.blank else []
        said += [f"copy of {self.copy_of}"] if self.copy_of is not None else []
        said += ["no text"] if self.wordless and not self.blank else []
        said += [f"❝ {self.evidence}"] if self.evidence else []
        said += [f"⌕ {self.hits}"] if self.hits else []
        said += ["★"] if self.bookmarked else []
        said += ["✎"] if self.note else []
        return "  ".join(said)


class Coverage(QObject):
    """What is known of every page. ``changed`` names the pages of which something became known, none for all."""

    changed = Signal(object)

    def __init__(self, memory: RecordMemory, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._memory = memory
        self.run = PageRun()
        self._seen: set[PageRef] = set()
        self._facts: Mapping[PageRef, PageFact] = {}
        self._failed: frozenset[PageRef] = frozenset()
        self._evidence: Counter[PageRef] = Counter()
        self._hits: Counter[PageRef] = Counter()
        self.refresh()

    def refresh(self) -> None:
        """The memory has changed."""
        self._dismissed = self._memory.dismissed()
        self._notes = self._memory.page_notes()
        self._bookmarked = {bookmark.ref for bookmark in self._memory.bookmarks()}
        self.changed.emit(())

    def show_run(self, run: PageRun) -> None:
        """These are the pages."""
        self.run = run
        self.changed.emit(())

    def mark_seen(self, refs: Collection[PageRef]) -> None:
        """These pages have been seen."""
        self._seen.update(refs)
        self.changed.emit(tuple(refs))

    def know_facts(self, facts: Mapping[PageRef, PageFact]) -> None:
        """What reading machines found out about pages."""
        self._facts = dict(facts)
        self.changed.emit(())

    def know_failed(self, refs: frozenset[PageRef]) -> None:
        """These pages cannot be shown."""
        if refs != self._failed:
            self._failed = refs
            self.changed.emit(())

    def count_evidence(self, counts: Counter[PageRef]) -> None:
        """So many pieces of evidence stand on each page."""
        self._evidence = counts
        self.changed.emit(())

    def count_hits(self, counts: Counter[PageRef]) -> None:
        """So many hits stand on each page."""
        self._hits = counts
        self.changed.emit(())

    def dismiss(self, refs: Collection[PageRef], dismissal: Dismissal | None) -> None:
        """Put pages aside for a reason, or take them up again."""
        self._memory.dismiss(refs, dismissal)
        self.refresh()

    def write_note(self, ref: PageRef, note: str) -> None:
        """Write a note on a page."""
        self._memory.keep_page_note(ref, note)
        self.refresh()

    def note(self, ref: PageRef) -> str:
        """The note on a page."""
        return self._notes.get(ref, "")

    def cover(self, ref: PageRef) -> Cover:
        """Where the reviewer stands with a page."""
        if ref in self._dismissed:
            return Cover.DISMISSED
        if ref in self._failed:
            return Cover.UNREADABLE
        return Cover.SEEN if ref in self._seen else Cover.UNSEEN

    def is_seen(self, ref: PageRef) -> bool:
        """Whether the page was on screen long enough."""
        return ref in self._seen

    def is_open(self, ref: PageRef) -> bool:
        """Whether the page still has to be seen or dismissed; one that cannot be shown has."""
        return self.cover(ref) in (Cover.UNSEEN, Cover.UNREADABLE)

    def state(self, ref: PageRef) -> PageState:
        """All that is known of a page."""
        fact = self._fact(ref)
        place = None if fact.copy_of is None else self.run.place(fact.copy_of)
        return PageState(
            self.cover(ref),
            fact.blank,
            None if place is None else self.run.pages[place].case_page,
            fact.unreadable,
            self._evidence[ref],
            self._hits[ref],
            ref in self._bookmarked,
            self.note(ref),
            self._dismissed.get(ref),
        )

    def repeats(self) -> frozenset[PageRef]:
        """The pages that can be folded away: blank ones, and copies of pages that are here."""
        return frozenset(
            page.ref
            for page in self.run.pages
            if self._fact(page.ref).blank
            or (self._fact(page.ref).copy_of is not None and self.run.place(self._fact(page.ref).copy_of) is not None)  # type: ignore[arg-type]
        )

    def fold_words(self, refs: Collection[PageRef]) -> str:
        """What a strip says that stands for these pages."""
        blank = sum(self._fact(ref).blank for ref in refs)
        copies = len(refs) - blank
        said = [f"{blank} blank"] if blank else []
        said += [f"{copies} repeated"] if copies else []
        noun = "page" if len(refs) == 1 else "pages"
        return f"{' and '.join(said)} {noun} folded. Click or press O to open."

    def counts(self) -> Counter[Cover]:
        """How many pages there are of each."""
        return Counter(self.cover(page.ref) for page in self.run.pages)

    def summary(self) -> str:
        """The count of what can be forgotten, in a few words."""
        counts, pages = self.counts(), len(self.run.pages)
        said = [f"{counts[Cover.SEEN]:,} of {pages:,} seen"]
        said += [f"{counts[each]:,} {each.value}" for each in (Cover.UNSEEN, Cover.DISMISSED, Cover.UNREADABLE)
                 if counts[each]]  # fmt: skip
        return " · ".join(said)

    def _fact(self, ref: PageRef) -> PageFact:
        return self._facts.get(ref, _NOTHING)
