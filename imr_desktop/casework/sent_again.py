# SPDX-License-Identifier: AGPL-3.0-or-later
"""A source file that the organisation sends again, corrected: evidence that still matches moves, the rest is listed.

Nothing is looked for by its words alone: a page must first be the same sheet (as the sorting of the record found it),
and the passage must stand on it word for word, next to where it stood.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from imr_desktop.casework import sorting
from imr_desktop.casework.desk import Desk
from imr_desktop.models.case import Case
from imr_desktop.models.evidence import Evidence, Passage, PassagePart
from imr_desktop.models.placed import around, line_boxes, words_in
from imr_desktop.models.records import Box, PageRef, SourceFile, Word
from imr_desktop.storage import CaseStore, Table

_NO_PAGE = "No page of the file sent again is this sheet"
_NO_WORDS = "The sheet came again, but does not say these words"
_NO_TEXT = "A region without words: look at the sheet that came again"


@dataclass(frozen=True, slots=True)
class Pair:
    """A file and the one in which its pages came again; ``pages`` counts the sheets that are in both."""

    old: SourceFile
    new: SourceFile
    pages: int


@dataclass(frozen=True, slots=True)
class Followed:
    """One piece of evidence on the old file: where it would stand in the new one, or why it cannot move there."""

    evidence: Evidence
    moved: Passage | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class SentAgain:
    """All evidence on the old file of a pair, in the order of its pages; ``unread`` pages of the new file have no words
    yet, so that nothing can match them.
    """

    pair: Pair
    followed: tuple[Followed, ...]
    unread: int = 0

    @property
    def unmatched(self) -> tuple[Followed, ...]:
        """What stays on the old file."""
        return tuple(each for each in self.followed if each.moved is None)

    def told(self) -> str:
        """``11 of 12 pieces of evidence match; 1 stays on the old file.``"""
        count, left = len(self.followed), len(self.unmatched)
        if not count:
            return "No evidence stands on the old file."
        pieces = "1 piece of evidence matches" if count == 1 else f"{count} pieces of evidence match"
        said = f"{count - left} of {pieces}"
        said += f"; {left} {'stays' if left == 1 else 'stay'} on the old file." if left else "."
        if self.unread:
            pages = "1 page" if self.unread == 1 else f"{self.unread} pages"
            said += f" {pages} of the file sent again could not be read yet."
        return said


def pairs(store: CaseStore, case: Case) -> tuple[Pair, ...]:
    """The files with evidence whose sheets came again in a later file, the fullest match first."""
    cited = {part.page.source for evidence in case.evidence for part in evidence.passage.parts}
    known = sorting.repeated(store)
    sheets = {source.sha256: {_sheet(page.ref, known) for page in source.pages()} for source in case.sources}
    found = [
        Pair(old, new, shared)
        for number, old in enumerate(case.sources)
        if old.sha256 in cited
        for new in case.sources[number + 1 :]
        if (shared := len(sheets[old.sha256] & sheets[new.sha256]))
    ]
    return tuple(sorted(found, key=lambda pair: -pair.pages))


def follow(store: CaseStore, case: Case, pair: Pair) -> SentAgain:
    """Where the evidence on the old file of a pair would stand in the new one; nothing is changed."""
    known = sorting.repeated(store)
    again: dict[PageRef, list[PageRef]] = {}
    for page in pair.new.pages():
        again.setdefault(_sheet(page.ref, known), []).append(page.ref)
    standing = sorted(
        (each for each in case.evidence if any(part.page.source == pair.old.sha256 for part in each.passage.parts)),
        key=lambda each: (each.passage.start.page, each.id),
    )
    followed = []
    for evidence in standing:
        parts: list[PassagePart] = []
        why = ""
        for part in evidence.passage.parts:
            to = again.get(_sheet(part.page, known), ()) if part.page.source == pair.old.sha256 else (part.page,)
            moved, why = _moved(store, evidence.passage, part, to)
            if moved is None:
                break
            parts.append(moved)
        else:
            followed.append(Followed(evidence, replace(evidence.passage, parts=tuple(parts))))
            continue
        followed.append(Followed(evidence, None, why))
    unread = sum(store.words(page.ref) is None for page in pair.new.pages())
    return SentAgain(pair, tuple(followed), unread)


def carry_over(desk: Desk, found: SentAgain) -> int:
    """Move what matches to the new file, as one step that can be taken back; gives how many pieces moved.

    The old file stays, and so does everything that has no match.
    """
    kept = {evidence.id: evidence for evidence in desk.case.evidence}
    moving = [
        replace(kept[each.evidence.id], passage=each.moved)
        for each in found.followed
        if each.moved is not None and each.evidence.id in kept
    ]
    if moving:
        desk.keep_on_pages(f"Move evidence to {found.pair.new.name}", Table.EVIDENCE, moving)
    return len(moving)


def _sheet(ref: PageRef, known: Mapping[PageRef, tuple[PageRef, float]]) -> PageRef:
    """The first page of the case that shows the same sheet."""
    return known[ref][0] if ref in known else ref


def _moved(
    store: CaseStore, passage: Passage, part: PassagePart, pages: Sequence[PageRef]
) -> tuple[PassagePart | None, str]:
    """One part of a passage on the first of these pages that says it, or why none does."""
    if not pages:
        return None, _NO_PAGE
    if not part.boxes:
        # The document as a whole: its sheet is enough.
        return PassagePart(pages[0], ()), ""
    old = _words(store, part.page)
    inside = [word for box in part.boxes for word in words_in(old, box)]
    says = passage.text.split() if len(passage.parts) == 1 and inside else [word.text for word in inside]
    if not says:
        return None, _NO_TEXT
    for page in pages:
        words = _run(_words(store, page), says, part.boxes[0])
        if words:
            return PassagePart(page, _boxes(part, inside, words)), ""
    return None, _NO_WORDS


def _words(store: CaseStore, ref: PageRef) -> tuple[Word, ...]:
    read = store.words(ref)
    return () if read is None else read.words


def _run(words: Sequence[Word], says: Sequence[str], near: Box) -> Sequence[Word]:
    """The words that say exactly this, of several runs the one that begins nearest to the box; none where none does."""
    found = [
        at
        for at in range(len(words) - len(says) + 1)
        if all(words[at + number].text == text for number, text in enumerate(says))
    ]
    if not found:
        return ()
    at = min(found, key=lambda at: abs(words[at].box.y0 - near.y0) + abs(words[at].box.x0 - near.x0))
    return words[at : at + len(says)]


def _boxes(part: PassagePart, before: Sequence[Word], after: Sequence[Word]) -> tuple[Box, ...]:
    """The boxes around the words; a region keeps its size and moves as its words did."""
    if part.boxes == line_boxes(before):
        return line_boxes(after)
    one, two = around([word.box for word in before]), around([word.box for word in after])
    x, y = two.x0 - one.x0, two.y0 - one.y0
    return tuple(Box(box.x0 + x, box.y0 + y, box.x1 + x, box.y1 + y) for box in part.boxes)
