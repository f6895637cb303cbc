# SPDX-License-Identifier: AGPL-3.0-or-later
"""Checks of the record: every page seen, copies and late pages settled, anchors that lead somewhere."""

import re
from collections.abc import Iterator
from itertools import pairwise

from imr_desktop.checks import necessity
from imr_desktop.checks.documents import runs
from imr_desktop.checks.finding import Finding, Said, Severity, Subject, Told, check
from imr_desktop.checks.index import Index, form
from imr_desktop.checks.sentences import Sentence
from imr_desktop.checks.subject import Text
from imr_desktop.models.answers import FindingKey
from imr_desktop.models.places import Part, Place
from imr_desktop.models.readable import RecordPage
from imr_desktop.models.records import Document

_PAGE_OF = re.compile(r"\bpage:?\s*(\d{1,4})\s*(?:of|/)\s*(\d{1,4})\b", re.IGNORECASE)
_FEW_WORDS = 40
UNANCHORED = "QC-50"


@check("QC-10", Severity.BLOCKS, "Every page of every file was seen, or dismissed with a reason.", of_record=True)
def every_page_is_covered(subject: Subject) -> Said:
    """LC 4610.6(b): all pertinent records are reviewed. A copy of a covered page, and a blank one, count as covered."""
    index = subject.index
    if index is None:
        return
    uncovered = [page for page in index.pages if not _covered(index, page)]
    by_document: dict[Document | None, list[RecordPage]] = {}
    for page in uncovered:
        by_document.setdefault(subject.documents_at.get(page.ref), []).append(page)
    for document, pages in by_document.items():
        where = f"“{document.title or document.type.value}”" if document is not None else "The record"
        numbers = runs([page.case_page for page in pages])
        were = "was" if len(pages) == 1 else "were"
        says = f"{where}: {numbers} {were} neither seen nor dismissed."
        yield says, Place(Part.RECORDS, None if document is None else document.id, page=pages[0].ref)


def _covered(index: Index, page: RecordPage) -> bool:
    if page.blank or page.covered:
        return True
    number = None if page.repeats is None else index.numbers.get(page.repeats)
    return number is not None and (index.pages[number].covered or index.pages[number].blank)


@check("QC-10", Severity.WARNS, "No file of the record stays shut.")
def no_file_stays_shut(subject: Subject) -> Said:
    """LC 4610.6(b): a file that cannot be opened was not reviewed; what is done about it is written down."""
    for source in subject.case.sources:
        if not source.page_count:
            reason = f" {source.broken}" if source.broken else ""
            yield f"No page of {source.name} can be shown, so none was reviewed.{reason}", Place(Part.RECORDS)


@check("QC-14", Severity.INFORMS, "Pages that the machine cannot read are told.", of_record=True)
def unreadable_pages_are_told(subject: Subject) -> Said:
    """Silence of an unreadable page is not absence: these pages belong to every answer of the other checks."""
    index = subject.index
    if index is not None and index.unsearched:
        pages = [index.pages[index.numbers[ref]] for ref in index.unsearched]
        which = runs([page.case_page for page in pages])
        why = sorted({page.unreadable for page in pages if page.unreadable})
        reason = f" ({'; '.join(why)})" if why else ""
        says = f"The machine cannot read {which}{reason}: no search and no check knows what they say."
        yield Told(says, Place(Part.RECORDS, page=index.unsearched[0]), (), index.unsearched)


@check("QC-16", Severity.WARNS, "Copies, and pages out of their order, are settled.", of_record=True)
def pages_are_in_order(subject: Subject) -> Said:
    """Reference QC-16: a page "2 of 3" before its page 1, or a document that repeats another without saying so."""
    index = subject.index
    if index is None:
        return
    yield from _out_of_order(subject, index)
    yield from _copies(subject, index)


def _out_of_order(subject: Subject, index: Index) -> Iterator[Told]:
    numbered = frozenset(index.pages_of(form("page")))
    for document in subject.case.documents:
        told: list[tuple[int, int, RecordPage]] = []
        for number in subject.pages_of(document):
            page = index.pages[number]
            if number in numbered and (match := _PAGE_OF.search(page.text)):
                told.append((int(match.group(1)), int(match.group(2)), page))
        for (first, whole, _), (second, other, page) in pairwise(told):
            anew = second == 1 and first == whole and told[0][0] == 1
            if whole == other and second < first and not anew:
                says = f"“{document.title or document.type.value}”: page {second} of {whole} comes after page {first}."
                yield Told(says, Place(Part.DOCUMENTS, document.id, page=page.ref))


def _copies(subject: Subject, index: Index) -> Iterator[Told]:
    firsts: dict[str, RecordPage] = {}
    pairs: dict[tuple[str, str], list[int]] = {}
    documents = {document.id: document for document in subject.case.documents}
    for number, page in enumerate(index.pages):
        words = index.texts[number]
        first = firsts.setdefault(words, page) if len(words) > _FEW_WORDS * 5 else page
        if page.repeats is not None and page.repeats in index.numbers:
            first = index.pages[index.numbers[page.repeats]]
        mine, theirs = subject.documents_at.get(page.ref), subject.documents_at.get(first.ref)
        if first is page or mine is None or theirs is None or mine is theirs or mine.duplicate_of:
            continue
        if theirs.duplicate_of != mine.id:
            pairs.setdefault((mine.id, theirs.id), []).append(page.case_page)
    for (mine_id, theirs_id), pages in pairs.items():
        mine, theirs = documents[mine_id], documents[theirs_id]
        says = (
            f"“{mine.title or mine.type.value}” repeats “{theirs.title or theirs.type.value}” on {runs(pages)}, "
            "but is not marked as its copy."
        )
        yield Told(says, Place(Part.DOCUMENTS, mine_id))


@check("QC-16", Severity.WARNS, "Records that came late have been read since.", of_record=True)
def late_records_are_read(subject: Subject) -> Said:
    """Reference QC-16: pages received after the first, told by what is new among them and what is a copy."""
    index = subject.index
    if index is None:
        return
    days = sorted({page.received_on for page in index.pages if page.received_on is not None})
    for day in days[1:]:
        late = [page for page in index.pages if page.received_on == day]
        copies = [page for page in late if page.repeats is not None]
        unseen = [page for page in late if not _covered(index, page)]
        if unseen:
            says = (
                f"{_pages(len(late))} came late, on {day.strftime('%m/%d/%Y')}: {_pages(len(copies))} repeated what "
                f"was there, {_pages(len(unseen))} not seen yet ({runs([page.case_page for page in unseen])})."
            )
            yield Told(says, Place(Part.RECORDS, page=unseen[0].ref))


def _pages(number: int) -> str:
    return "1 page" if number == 1 else f"{number} pages"


@check("QC-50", Severity.WARNS, "Every anchor leads to evidence that is still kept.")
def anchors_lead_somewhere(subject: Subject) -> Said:
    """An anchor whose evidence was removed prints nothing, and its sentence rests on nothing."""
    kept = {evidence.id for evidence in subject.case.evidence}
    for text in subject.texts:
        if not kept.issuperset(text.narrative.anchors()):
            yield f"{text.name} cites evidence that was removed.", text.place


@check("QC-50", Severity.WARNS, "Every factual sentence of the summary has an anchor.")
def facts_are_anchored(subject: Subject) -> Said:
    """LC 4610.6(h), ground 5: what a sentence says of the record can be gone back to. Only where the case has sources;
    one finding for the summary, so that it is not cried over.
    """
    if subject.published or not subject.case.sources or not subject.summary.sentences:
        return
    bare = [each for text, each in unanchored(subject) if text is subject.summary]
    if bare:
        many = len(subject.summary.sentences)
        told = (
            f"{len(bare)} of its {many} sentences state facts without an anchor; the first stands here."
            if len(bare) > 1
            else f"one of its {many} sentences states facts without an anchor; it stands here."
        )
        about = " ".join(each.text for each in bare)
        yield Told(f"The summary: {told}", subject.summary.at(bare[0]), about=about)


def unanchored(subject: Subject) -> tuple[tuple[Text, Sentence], ...]:
    """The sentences of summary and rationales that state facts of the case without an anchor.

    Left out are what a guideline says, the sentence that states the necessity, and what the reviewer excused.
    """
    excused = {key for key in subject.case.answers.by_key() if key.check == UNANCHORED}
    found: list[tuple[Text, Sentence]] = []
    for text in subject.texts:
        last = None if text.item is None else necessity.closing(text, subject.headings[text.item.id])
        found += [
            (text, sentence)
            for sentence in text.sentences
            if not sentence.anchors
            and (text.item is None or not subject.is_guideline(sentence.text))
            and (last is None or sentence != last.sentence)
            and subject.mentions(sentence.text)
            and FindingKey.of(UNANCHORED, text.place, sentence.text) not in excused
        ]
    return tuple(found)


def without_source(subject: Subject) -> tuple[Finding, ...]:
    """The same, each as a finding that informs, for marks in the text; one sentence is excused by answering it."""
    says = "This sentence states facts without citing where they stand."
    return tuple(
        Finding(UNANCHORED, Severity.INFORMS, says, text.at(sentence), about=sentence.text, answerable=True)
        for text, sentence in unanchored(subject)
    )
