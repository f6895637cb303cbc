# SPDX-License-Identifier: AGPL-3.0-or-later
"""What is asked of a finder and what it answers; a finder may look through memory, or through an index in the vault."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from imr_desktop.errors import Trouble
from imr_desktop.models.records import Box, PageRef


class BadQuery(Trouble):
    """The words to be found cannot be understood."""

    default_advice = 'Write words, "a phrase", begin*, or left NEAR/5 knee; AND, OR and NOT stand between.'


@dataclass(frozen=True, slots=True)
class Query:
    """The words to be found, and how strictly. ``tolerant`` also finds words that were misread by the machine."""

    words: str
    case: bool = False
    whole: bool = False
    tolerant: bool = True


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where the words stand: its boxes, the lines around, where the words go in them, and how sure it is.

    ``first`` is the number of the first word on the page; ``exact`` is False for what was found in spite of misread
    letters.
    """

    page: PageRef
    first: int
    boxes: tuple[Box, ...]
    line: str
    start: int
    end: int
    exact: bool = True


class Search(Protocol):
    """One query, understood."""

    def pages(self) -> Iterator[tuple[PageRef, tuple[Hit, ...]]]:
        """Every page that can be searched, in page order, with its hits; may be stopped anywhere."""

    def on(self, ref: PageRef) -> tuple[Hit, ...]:
        """The hits of one page."""


class Finder(Protocol):
    """Finds words in the record, and says honestly where it could not look."""

    def understand(self, query: Query) -> Search:
        """The query as a search; BadQuery if it cannot be understood."""

    def unread(self) -> tuple[PageRef, ...]:
        """The pages whose words have not been read yet."""

    def unreadable(self) -> tuple[PageRef, ...]:
        """The pages that have been read and on which no words are known: silence of these means nothing."""
