# SPDX-License-Identifier: AGPL-3.0-or-later
"""Finding words in what has been read of the record, from memory, page by page."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from imr_desktop.models.records import PageRef
from imr_desktop.ui.record.query import Group, Meaning, Span, meaning
from imr_desktop.ui.record.searching import Hit, Query
from imr_desktop.ui.record.slips import Vocabulary
from imr_desktop.ui.record.texts import PageText, Texts

_WORD = re.compile(r"\w+")


class TextFinder:
    """A finder over the words in memory; ``refs`` are all pages of the record in order."""

    def __init__(self, texts: Texts, refs: Sequence[PageRef] = ()) -> None:
        self._texts = texts
        self._refs = tuple(refs)
        self._vocabulary = Vocabulary()
        self._taken: set[PageRef] = set()

    def look_through(self, refs: Sequence[PageRef]) -> None:
        """These are the pages of the record."""
        self._refs = tuple(refs)

    def understand(self, query: Query) -> "TextSearch":
        """The query as a search; BadQuery if it cannot be understood."""
        if query.tolerant:
            self._learn()
        return TextSearch(self._texts, self._refs, query, meaning(query, self._vocabulary.variants))

    def unread(self) -> tuple[PageRef, ...]:
        """The pages whose words have not been read yet."""
        return tuple(ref for ref in self._refs if ref not in self._texts)

    def unreadable(self) -> tuple[PageRef, ...]:
        """The pages that have been read and on which no words are known."""
        return tuple(ref for ref in self._refs if ref in self._texts and not self._texts.searchable(ref))

    def _learn(self) -> None:
        for ref in self._refs:
            if ref not in self._taken and (page := self._texts.page(ref)) is not None:
                self._taken.add(ref)
                self._vocabulary.add(set(_WORD.findall(page.text.lower())))


class TextSearch:
    """One query over the words in memory."""

    def __init__(self, texts: Texts, refs: Sequence[PageRef], query: Query, what: Meaning) -> None:
        self._texts, self._refs, self._query, self._what = texts, refs, query, what

    def pages(self) -> Iterator[tuple[PageRef, tuple[Hit, ...]]]:
        """Every page that has words, in order, with its hits."""
        for ref in self._refs:
            if self._texts.searchable(ref):
                yield ref, self.on(ref)

    def on(self, ref: PageRef) -> tuple[Hit, ...]:
        """The hits of one page, from its top."""
        page = self._texts.page(ref)
        if page is None:
            return ()
        text = page.text if self._query.case else _lowered(page.text)
        found: dict[tuple[int, int], Hit] = {}
        for groups in self._what.alternatives:
            for runs in _on_page(groups, text, page):
                hit = _hit(ref, page, runs)
                found.setdefault((runs[0].start, runs[-1].end), hit)
        return tuple(found[key] for key in sorted(found))


def _on_page(groups: tuple[Group, ...], text: str, page: PageText) -> list[tuple[Span, ...]]:
    found: list[tuple[Span, ...]] = []
    for group in groups:
        runs = _near(group, text, page)
        if bool(runs) is group.negated:
            return []
        if not group.negated:
            found += runs
    return found


def _near(group: Group, text: str, page: PageText) -> list[tuple[Span, ...]]:
    """Where the phrases of a group stand together: each with the nearest of the next within its distance."""
    runs: list[tuple[Span, ...]] = [(span,) for span in group.phrases[0].spans(text)]
    for phrase, distance in zip(group.phrases[1:], group.distances, strict=True):
        following = phrase.spans(text)
        longer: list[tuple[Span, ...]] = []
        for run in runs:
            near = [span for span in following if span not in run and _words_between(run[-1], span, page) <= distance]
            if near:
                nearest = min(near, key=lambda span, last=run[-1]: _words_between(last, span, page))  # type: ignore[misc]
                longer.append((*run, nearest))
        runs = longer
    return runs


def _words_between(one: Span, other: Span, page: PageText) -> int:
    first, second = sorted((one, other))
    return max(page.word_at(second.start) - page.word_at(max(first.end - 1, 0)), 0)


def _hit(ref: PageRef, page: PageText, runs: tuple[Span, ...]) -> Hit:
    numbers = [(page.word_at(span.start), page.word_at(max(span.end - 1, span.start))) for span in runs]
    boxes = tuple(box for first, last in numbers for box in page.boxes(first, last))
    first, last = min(numbers)[0], max(numbers, key=lambda pair: pair[1])[1]
    line, start, end = page.around(first, last)
    return Hit(ref, min(numbers)[0], boxes, line, start, end, all(span.exact for span in runs))


def _lowered(text: str) -> str:
    """Small letters, each where it was: the few letters that would become two are left alone."""
    low = text.lower()
    return low if len(low) == len(text) else "".join(mark.lower() if len(mark.lower()) == 1 else mark for mark in text)


def place_of(hits: Sequence[tuple[int, int]], at: tuple[int, int]) -> int:
    """The number of the first hit (page's place, word) that stands at ``at`` or after it; 0 if all stand before."""
    number = bisect_left(hits, at)
    return number if number < len(hits) else 0
