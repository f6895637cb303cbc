# SPDX-License-Identifier: AGPL-3.0-or-later
"""The documents reviewed (8 CCR 9792.10.6(d)): by source for the parties, each by itself for the organisation."""

from collections.abc import Iterator, Sequence
from datetime import date

from imr_desktop.letter.slots import Slots, listed
from imr_desktop.models.records import Disposition, Document, DocumentType

_OWN_ENTRY = {
    DocumentType.APPLICATION: "document_application",
    DocumentType.UR_DETERMINATION: "document_ur_determination",
}
_TITLED = (DocumentType.PRIOR_IMR, DocumentType.PRIOR_UR)
_PAPERS = (DocumentType.CORRESPONDENCE, DocumentType.LEGAL, DocumentType.OTHER)


def by_source(documents: Sequence[Document], slots: Slots) -> tuple[str, ...]:
    """The compact list: application, UR determination, then records by provider with the days they cover."""
    groups: dict[str, list[Document]] = {}
    alone: list[str] = []
    for document in (each for each in documents if each.duplicate_of is None):
        if document.disposition is Disposition.UNREADABLE:
            entry = _dated(_titled(document, slots), [document], slots)
            alone.append(slots.line("document_unreadable", document=entry))
        else:
            groups.setdefault(_heading(document, slots), []).append(document)
    listed = sorted(groups.items(), key=lambda group: min(_rank(each) for each in group[1]))
    entries = [_dated(heading, grouped, slots) for heading, grouped in listed]
    return (*entries, *alone, *slots.paragraphs("documents_fixed"))


def itemised(documents: Sequence[Document], slots: Slots) -> tuple[str, ...]:
    """Every document by itself: what it is, whose, of which day, on which pages, and what became of it."""
    numbers = {document.id: str(number) for number, document in enumerate(documents, 1)}
    return (*(_item(document, numbers, slots) for document in documents), *slots.paragraphs("documents_fixed"))


def _rank(document: Document) -> int:
    if document.type in _OWN_ENTRY:
        return list(_OWN_ENTRY).index(document.type)
    return len(_OWN_ENTRY) + (document.type in _PAPERS)


def _heading(document: Document, slots: Slots) -> str:
    if document.type in _OWN_ENTRY:
        return slots.line(_OWN_ENTRY[document.type])
    if document.type in _TITLED:
        return _titled(document, slots)
    slot = "document_correspondence" if document.type in _PAPERS else "document_records"
    source = document.author_org or document.author or document.received_from
    return slots.line(f"{slot}_from", source=source) if source.strip() else slots.line(slot)


def _titled(document: Document, slots: Slots) -> str:
    if document.title.strip():
        return document.title
    return slots.line(_OWN_ENTRY.get(document.type, "document_untitled"))


def _dated(heading: str, documents: Sequence[Document], slots: Slots) -> str:
    days = sorted(_days(documents))
    if not days:
        return slots.line("document_undated", document=heading) if len(documents) == 1 else heading
    if days[0] == days[-1]:
        return slots.line("document_dated", document=heading, date=_day(days[0]))
    return slots.line("document_dated_range", document=heading, first=_day(days[0]), last=_day(days[-1]))


def _days(documents: Sequence[Document]) -> Iterator[date]:
    for document in documents:
        yield from (day for day in (document.date, document.date_to) if day is not None)


def _day(day: date) -> str:
    return day.strftime("%m/%d/%Y")


def _item(document: Document, numbers: dict[str, str], slots: Slots) -> str:
    entry = _titled(document, slots)
    author = ", ".join(listed(document.author, document.author_org))
    if author:
        entry = slots.line("document_author", document=entry, author=author)
    entry = _dated(entry, [document], slots)
    for span in document.pages:
        first, last = str(span.first + 1), str(span.last + 1)
        slot = "document_page" if first == last else "document_pages"
        entry = slots.line(slot, document=entry, file=span.name, first=first, last=last)
    if document.disposition is Disposition.NOT_RELEVANT:
        entry = slots.line("document_not_relevant", document=entry)
    if document.disposition is Disposition.UNREADABLE:
        entry = slots.line("document_unreadable", document=entry)
    if document.duplicate_of in numbers:
        entry = slots.line("document_repeats", document=entry, number=numbers[document.duplicate_of])
    return entry
