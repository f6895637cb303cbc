# SPDX-License-Identifier: AGPL-3.0-or-later
"""How a page is named, and how the reviewer's words for a page ("413", "records:12", "7/1/2014", "PR-2") find it."""

import datetime as dt
import re
from collections.abc import Sequence

from imr_desktop.errors import Trouble
from imr_desktop.models.days import days_in, written_day
from imr_desktop.models.records import Document, Page, PageRef
from imr_desktop.ui.record.pages import PageRun

_PAGE = r"(?:p(?:g|age)?\.?\s*)"
_FILE_PAGE = re.compile(rf"(?P<file>.+?)\s*:\s*{_PAGE}?(?P<page>\d+)$", re.IGNORECASE)
_CASE_PAGE = re.compile(rf"(?:case\s+)?{_PAGE}(?P<page>\d+)$", re.IGNORECASE)
_LABEL = re.compile(r"^label\s+")


class NoSuchPage(Trouble):
    """The words name no page of this case."""

    default_advice = 'Type a case page ("12"), a file and its page ("records:12"), a date or a document\'s title.'


def document_of(ref: PageRef, documents: Sequence[Document]) -> Document | None:
    """The document that a page belongs to, if one has been made out."""
    return next((document for document in documents if document.holds(ref)), None)


def documents_by_page(documents: Sequence[Document]) -> dict[PageRef, Document]:
    """The document of each page; where two claim a page, the first."""
    found: dict[PageRef, Document] = {}
    for document in documents:
        for span in document.pages:
            for page in range(span.first, span.last + 1):
                found.setdefault(PageRef(span.source, page), document)
    return found


def printed_day(day: dt.date) -> str:
    """A day as the record writes it: 7/1/2014."""
    return f"{day.month}/{day.day}/{day.year}"


def document_label(document: Document) -> str:
    """A document in a few words: its title and day."""
    title = document.title or document.type.value.replace("_", " ")
    if document.date is None or _names_day(title, document.date):
        return title
    return f"{title} {printed_day(document.date)}"


def _names_day(title: str, day: dt.date) -> bool:
    return any(written.day == day for written in days_in(title))


def page_label(page: Page, run: PageRun, documents: Sequence[Document]) -> str:
    """All a page's names in one line: ``413 · records.pdf 12 · label A-7 · PR-2 7/1/2014``."""
    document = document_of(page.ref, documents)
    parts = [str(page.case_page), f"{run.name(page.ref)} {page.ref.page + 1}"]
    if page.label:
        parts.append(f"label {page.label}")
    if document is not None:
        parts.append(document_label(document))
    return " · ".join(parts)


def find_page(words: str, run: PageRun, documents: Sequence[Document]) -> PageRef:
    """The page that the words name; NoSuchPage if they name none, or a file that is not the only one so named."""
    asked = words.strip()
    if asked.isdigit():
        return _case_page(int(asked), run)
    if match := _FILE_PAGE.match(asked):
        return _file_page(match["file"], int(match["page"]), run)
    by_label = _by_label(asked, run)
    if by_label is None and (match := _CASE_PAGE.match(asked)):
        return _case_page(int(match["page"]), run)
    found = by_label or _by_document(asked, run, documents)
    if found is None:
        raise NoSuchPage(f'No page or document of this case is called "{asked}".' if asked else "No page was named.")
    return found


def _by_label(asked: str, run: PageRun) -> PageRef | None:
    """The page with this printed label, with or without the word by which the header names it ("label A-7")."""
    named = {asked.casefold(), _LABEL.sub("", asked.casefold(), count=1)}
    return next((page.ref for page in run.pages if page.label and page.label.casefold() in named), None)


def _case_page(number: int, run: PageRun) -> PageRef:
    for page in run.pages:
        if page.case_page == number:
            return page.ref
    if not run.pages:
        raise NoSuchPage("The case has no pages yet.", "Add the record's files first.")
    last = run.pages[-1].case_page
    raise NoSuchPage(f"There is no case page {number}: the case has pages {run.pages[0].case_page} to {last}.")


def _file_page(name: str, number: int, run: PageRun) -> PageRef:
    asked = name.casefold()
    exact = [source for source in run.sources if asked in (source.name.casefold(), _stem(source.name))]
    named = exact or [source for source in run.sources if asked in source.name.casefold()]
    if not named:
        raise NoSuchPage(f'No file of this case is called "{name}".')
    if len(named) > 1:
        raise NoSuchPage(f'"{name}" could be any of {len(named)} files.', "Type more of the file's name.")
    if not 1 <= number <= named[0].page_count:
        raise NoSuchPage(f"{named[0].name} has no page {number}: it has {named[0].page_count}.")
    return PageRef(named[0].sha256, number - 1)


def _stem(name: str) -> str:
    return name.casefold().removesuffix(".pdf")


def _by_document(asked: str, run: PageRun, documents: Sequence[Document]) -> PageRef | None:
    day = written_day(asked)
    if day is not None:
        found = [document for document in documents if document.date == day]
    else:
        named = _named(asked)
        found = [document for document in documents if asked and named.search(document_label(document))]
    pages = [ref for document in found if (ref := first_page(document, run)) is not None]
    return min(pages, key=lambda ref: run.place(ref) or 0, default=None)


def first_page(document: Document, run: PageRun) -> PageRef | None:
    """The first page of a document that the run holds; None for a document that came as data alone."""
    refs = (PageRef(span.source, span.first) for span in document.pages)
    return next((ref for ref in refs if run.place(ref) is not None), None)


def _named(asked: str) -> re.Pattern[str]:
    """What was asked for, from the beginning of a word or a date on; a number in it is the whole number."""
    end = r"(?!\d)" if asked[-1:].isdigit() else ""
    return re.compile(rf"(?<!\w)(?<!\d[/-]){re.escape(asked)}{end}", re.IGNORECASE)


def document_step(place: int, by: int, run: PageRun, documents: Sequence[Document]) -> PageRef | None:
    """The page where the next (``by`` 1) or previous (-1) document or file begins, from ``place``; None at the end."""
    heads = [PageRef(source.sha256, 0) for source in run.sources]
    heads += [ref for document in documents if (ref := first_page(document, run)) is not None]
    starts = sorted({start for ref in heads if (start := run.place(ref)) is not None})
    beyond = [start for start in starts if (start > place if by > 0 else start < place)]
    return run.pages[beyond[0] if by > 0 else beyond[-1]].ref if beyond else None
