# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record against itself: a score that is cited, and another one that the record gives for the very same day."""

from collections.abc import Iterator

from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.index import Index, Shown
from imr_desktop.checks.reading import Kind, Mention, told
from imr_desktop.models.records import Document, PageRef


@check("QC-52", Severity.INFORMS, "A score that is cited is not given otherwise elsewhere for the same day.")
def cited_scores_agree_with_the_record(subject: Subject) -> Said:
    """Documents of one day that disagree, such as a pain of 4/10 and of 8/10: the reviewer looks at both pages."""
    index = subject.index
    if index is None:
        return
    kept = {evidence.id: evidence for evidence in subject.case.evidence}
    for text in subject.texts:
        for evidence in (kept[each] for each in dict.fromkeys(text.narrative.anchors()) if each in kept):
            here = evidence.passage.start
            document = subject.case.document_at(here)
            if document is None or document.date is None or here not in index.numbers:
                continue
            number = index.pages[index.numbers[here]].case_page
            for score in subject.mentions(evidence.passage.text, Kind.SCORE):
                others = list(_otherwise(subject, index, document, here, score))
                if others:
                    value, shown = others[0]
                    says = (
                        f"{text.name} cites {told(score.value)} of {document.date:%m/%d/%Y} on page {number}; "
                        f"page {shown.case_page} gives {value} for that day."
                    )
                    yield Told(says, text.place, (_here(index, here, score), *(each for _, each in others)))


def _otherwise(
    subject: Subject, index: Index, document: Document, here: PageRef, score: Mention
) -> Iterator[tuple[str, Shown]]:
    """Scores of the same scale on other pages of that day, where such a page does not give the cited one too."""
    for other in subject.case.documents:
        if other.date != document.date or other.duplicate_of is not None:
            continue
        for span in other.pages:
            for page in range(span.first, span.last + 1):
                ref = PageRef(span.source, page)
                number = index.numbers.get(ref)
                if number is None or ref == here:
                    continue
                same = [each for each in index.facts(number, Kind.SCORE) if _scale(each) == _scale(score)]
                if same and all(each.value != score.value for each in same):
                    yield told(same[0].value), index.shown(number, same[0].begin, same[0].end)


def _here(index: Index, here: PageRef, score: Mention) -> Shown:
    number = index.numbers[here]
    found = next((each for each in index.facts(number, Kind.SCORE) if each.value == score.value), None)
    return index.shown(number, *((0, 0) if found is None else (found.begin, found.end)))


def _scale(score: Mention) -> object:
    return score.value[-1] if isinstance(score.value, tuple) else None
