# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents corrected by hand: one split where another begins, two joined that are one. Evidence stays on its page."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from imr_desktop.errors import Trouble
from imr_desktop.models.records import Document, PageRef, PageSpan


class CannotSplit(Trouble):
    """A document cannot be split there."""

    advice = "Show the page on which the next document begins, then split again."


def split(document: Document, at: PageRef) -> tuple[Document, Document]:
    """The document up to a page, and what begins with that page; CannotSplit where that leaves nothing of the first.

    The second half keeps the type and where it was received from; its title, author and date are to be read anew.
    """
    before: list[PageSpan] = []
    after: list[PageSpan] = []
    found = False
    for span in document.pages:
        if not found and at in span:
            found = True
            if at.page > span.first:
                before.append(replace(span, last=at.page - 1))
            after.append(replace(span, first=at.page))
        else:
            (after if found else before).append(span)
    if not found:
        raise CannotSplit("The page in view is none of this document's.")
    if not before:
        raise CannotSplit("The page in view is the document's first.")
    rest = Document(
        "",
        document.type,
        pages=tuple(after),
        received_from=document.received_from,
        received_on=document.received_on,
    )
    return replace(document, pages=tuple(before)), rest


def joined(documents: Sequence[Document]) -> Document:
    """Several documents as the first of them, with the pages of all; what the first does not say, the next one says."""
    first, *others = documents
    made = replace(first, pages=tuple(_run(span for document in documents for span in document.pages)))
    for other in others:
        made = replace(
            made,
            title=made.title or other.title,
            author=made.author or other.author,
            author_org=made.author_org or other.author_org,
            date=made.date or other.date,
        )
        if made.disposition is not other.disposition:
            # Half read is not read.
            made = replace(made, disposition=None)
    return made


def _run(spans: Iterable[PageSpan]) -> list[PageSpan]:
    run: list[PageSpan] = []
    for span in spans:
        if run and run[-1].source == span.source and run[-1].last + 1 == span.first:
            run[-1] = replace(run[-1], last=span.last)
        else:
            run.append(span)
    return run
