# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record as it can be read and searched: each page of the case with its text, or why it has none."""

from dataclasses import dataclass
from datetime import date, datetime

from imr_desktop.models.records import PageRef, PageWords, WordsOrigin


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of the case as the checks see it.

    ``text`` holds the page's words in reading order, divided by one blank, as the page index keeps them: the word
    numbered n begins after the n-th blank, so a hit leads back to boxes. ``unreadable`` says in a few words why there
    is no text, and is empty for a page that was read; a ``blank`` page has been read and says nothing. ``seen`` is
    when the reviewer had it in view; ``dismissed`` is the reason why it need not be. ``repeats`` is the page that
    this one copies.
    """

    ref: PageRef
    case_page: int
    text: str = ""
    origin: WordsOrigin = WordsOrigin.NONE
    unreadable: str = ""
    blank: bool = False
    repeats: PageRef | None = None
    seen: datetime | None = None
    dismissed: str = ""
    received_on: date | None = None

    @property
    def searchable(self) -> bool:
        """Whether silence of this page means anything: it was read, or is known to be blank."""
        return self.blank or (not self.unreadable and bool(self.text.strip()))

    @property
    def covered(self) -> bool:
        """Whether the page was seen or dismissed with a reason (LC 4610.6(b))."""
        return self.seen is not None or bool(self.dismissed.strip())


def page_text(words: PageWords) -> str:
    """The text of a page as ``RecordPage`` wants it: its words, divided by one blank."""
    return " ".join(word.text for word in words.words)


@dataclass(frozen=True, slots=True)
class Record:
    """Every page of the case in the order of its case pages; an empty record has nothing that could be searched."""

    pages: tuple[RecordPage, ...] = ()

    def unsearchable(self) -> tuple[PageRef, ...]:
        """The pages whose silence means nothing, in order; they belong to every answer that something is absent."""
        return tuple(page.ref for page in self.pages if not page.searchable)
