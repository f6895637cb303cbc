# SPDX-License-Identifier: AGPL-3.0-or-later
"""The words of all pages that have been read, kept so small that a record of thousands of pages fits in memory."""

from array import array
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Collection, Sequence

from imr_desktop.models.records import Box, PageRef, PageWords, Word, WordsOrigin

_OPENED = 64


class PageText:
    """One page's words as one text, with the place of each word on the page."""

    __slots__ = ("_boxes", "_lines", "_starts", "origin", "text")

    def __init__(self, words: Sequence[Word], origin: WordsOrigin) -> None:
        self.origin = origin
        self.text = " ".join(word.text.replace("\n", " ") for word in words)
        self._starts = array("I")
        self._boxes = array("f")
        self._lines = array("I")
        at = 0
        for word in words:
            self._starts.append(at)
            self._boxes.extend(word.box)
            self._lines.extend((word.block, word.line))
            at += len(word.text) + 1

    def __len__(self) -> int:
        return len(self._starts)

    def word_at(self, position: int) -> int:
        """The number of the word that holds this position of the text."""
        return bisect_right(self._starts, position) - 1

    def start(self, number: int) -> int:
        """Where a word begins in the text."""
        return self._starts[number]

    def box(self, number: int) -> Box:
        """Where a word stands, in points of the upright page."""
        return Box(*self._boxes[4 * number : 4 * number + 4])

    def line(self, number: int) -> tuple[int, int]:
        """The block and the line of a word."""
        return self._lines[2 * number], self._lines[2 * number + 1]

    def words(self) -> tuple[Word, ...]:
        """The words as they were read."""
        ends = [*self._starts[1:], len(self.text) + 1] if self._starts else []
        return tuple(
            Word(self.text[start : end - 1], self.box(number), *self.line(number))
            for number, (start, end) in enumerate(zip(self._starts, ends, strict=True))
        )

    def boxes(self, first: int, last: int) -> tuple[Box, ...]:
        """One box for each line of the words from first to last (included)."""
        found: list[tuple[tuple[int, int], Box]] = []
        for number in range(first, last + 1):
            line, box = self.line(number), self.box(number)
            if found and found[-1][0] == line:
                found[-1] = line, found[-1][1].union(box)
            else:
                found.append((line, box))
        return tuple(box for _, box in found)

    def around(self, first: int, last: int) -> tuple[str, int, int]:
        """The lines in which the words from first to last stand, and from where to where the words go in them."""
        start, end = first, last
        while start > 0 and self.line(start - 1) == self.line(first):
            start -= 1
        while end + 1 < len(self) and self.line(end + 1) == self.line(last):
            end += 1
        left, right = self._starts[start], self._end(end)
        return self.text[left:right], self._starts[first] - left, self._end(last) - left

    def _end(self, number: int) -> int:
        return self._starts[number + 1] - 1 if number + 1 < len(self) else len(self.text)


class Texts:
    """Words by page. A page that could not be read is known as such: it has no words, and says so."""

    def __init__(self) -> None:
        self._pages: dict[PageRef, PageText] = {}
        self._unread: set[PageRef] = set()
        self._opened: OrderedDict[PageRef, tuple[Word, ...]] = OrderedDict()

    def __contains__(self, ref: object) -> bool:
        return ref in self._pages or ref in self._unread

    def keep(self, words: PageWords) -> None:
        """Keep the words of a page, in place of what was known of it."""
        self._unread.discard(words.ref)
        self._opened.pop(words.ref, None)
        self._pages[words.ref] = PageText(words.words, words.origin)

    def forget(self, ref: PageRef) -> None:
        """Nothing is known of the page any more; its words can be read again."""
        self._pages.pop(ref, None)
        self._opened.pop(ref, None)
        self._unread.discard(ref)

    def cannot_read(self, ref: PageRef) -> None:
        """The page cannot be read."""
        if ref not in self._pages:
            self._unread.add(ref)

    def try_again(self, refs: Collection[PageRef]) -> None:
        """Whether these pages can be read is open again."""
        self._unread.difference_update(refs)

    def page(self, ref: PageRef) -> PageText | None:
        """The page's text; None if it has not been read, or cannot be."""
        return self._pages.get(ref)

    def words(self, ref: PageRef) -> Sequence[Word] | None:
        """The page's words in reading order, none where the machine cannot read it; None until they have been read."""
        if ref in self._unread:
            return ()
        if ref not in self._opened:
            kept = self._pages.get(ref)
            if kept is None:
                return None
            self._opened[ref] = kept.words()
            while len(self._opened) > _OPENED:
                self._opened.popitem(last=False)
        self._opened.move_to_end(ref)
        return self._opened[ref]

    def searchable(self, ref: PageRef) -> bool:
        """Whether the page has words that can be looked through."""
        kept = self._pages.get(ref)
        return kept is not None and len(kept) > 0
