# SPDX-License-Identifier: AGPL-3.0-or-later
"""All source files as one run of pages, and which of them is to be drawn next."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from imr_desktop.models.records import Page, PageRef, SourceFile

_AHEAD, _BEHIND = 2, 1


@dataclass(frozen=True)
class PageRun:
    """The pages of the case in the order of their case pages, whatever file they came in."""

    sources: tuple[SourceFile, ...] = ()

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Every page that can be shown, by rising case page."""
        whole = [page for source in self.sources for page in source.pages()]
        return tuple(sorted(whole, key=lambda page: page.case_page))

    @cached_property
    def _places(self) -> dict[PageRef, int]:
        return {page.ref: place for place, page in enumerate(self.pages)}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {source.sha256: source.name for source in self.sources}

    @cached_property
    def starts(self) -> frozenset[int]:
        """The places where a file begins."""
        return frozenset(place for place, page in enumerate(self.pages) if page.ref.page == 0)

    @cached_property
    def unopened(self) -> tuple[SourceFile, ...]:
        """The files none of whose pages can be shown: never left out without a word."""
        return tuple(source for source in self.sources if not source.page_count)

    def place(self, ref: PageRef) -> int | None:
        """The place of a page in the run (from 0); None if it is not in it."""
        return self._places.get(ref)

    def name(self, ref: PageRef) -> str:
        """The name of the file that the page came in."""
        return self._names.get(ref.source, "")


def order(visible: range, down: bool, pages: int) -> Iterator[int]:
    """The places whose pages are worth having, most urgent first: what is seen, then what comes next, then one back."""
    if down:
        ahead = [*range(visible.stop, visible.stop + _AHEAD), *range(visible.start - _BEHIND, visible.start)]
    else:
        ahead = [
            *range(visible.start - 1, visible.start - 1 - _AHEAD, -1),
            *range(visible.stop, visible.stop + _BEHIND),
        ]
    return (place for place in (*visible, *ahead) if 0 <= place < pages)
