# SPDX-License-Identifier: AGPL-3.0-or-later
"""Text used again: sentences of another item or another case, looked at for facts that belong there; quotations."""

import re
from collections.abc import Iterator

from imr_desktop.checks import treatments
from imr_desktop.checks.digests import sentence_digest
from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.reading import Kind
from imr_desktop.models.items import DisputedItem

_FACTS = (Kind.DATE, Kind.AGE, Kind.SEX, Kind.SIDE, Kind.LEVEL, Kind.SCORE, Kind.STRENGTH, Kind.QUANTITY)
_QUOTED = re.compile(r"[“\"]([^”\"]{20,})[”\"]")
_OF_SOURCE = re.compile(
    r"\b(?:MTUS|guidelines?|ODG|ACOEM|UpToDate|section|chapter|page|states?|stating|recommends?)\b", re.IGNORECASE
)
_GAP = re.compile(r"\s*(?:\.\s?\.\s?\.|…|\[[^\]]*\])\s*")


@check("QC-55", Severity.WARNS, "A sentence used in another case is looked at for that case's facts.")
def other_cases_facts_stay_there(subject: Subject) -> Said:
    """Reference QC-55: age, side, date of another worker. Only sentences that state a fact, and are no guideline's."""
    elsewhere = subject.circumstances.elsewhere
    if not elsewhere:
        return
    for text, sentence in subject.factual():
        if sentence_digest(sentence.text) in elsewhere and subject.mentions(sentence.text, *_FACTS):
            says = f"{text.name} uses a sentence of another case again, with its facts."
            yield Told(says, text.at(sentence), about=sentence.text)


@check("QC-55", Severity.WARNS, "A rationale does not speak of another item's treatment in its own decision.")
def other_items_facts_stay_there(subject: Subject) -> Said:
    """Reference QC-55: a closing copied from another item, naming that item's treatment and not its own."""
    named = {item.id: _own(subject, item) for item in subject.case.items}
    for text in subject.rationales:
        item = text.item
        if item is None or not named[item.id]:
            continue
        for sentence in text.sentences[-2:]:
            if "medically necessary" not in sentence.text.lower() or subject.is_guideline(sentence.text):
                continue
            words = treatments.naming(sentence.text)
            if words & named[item.id]:
                continue
            other = next(
                (
                    each
                    for each in subject.case.items
                    if each is not item and named[each.id] and named[each.id] <= words
                ),
                None,
            )
            if other is not None and subject.case.items[0] is not other:
                says = f"{text.name} decides the treatment of item {subject.case.ordinal(other.id)}."
                yield Told(says, text.at(sentence), about=sentence.text)


def _own(subject: Subject, item: DisputedItem) -> frozenset[str]:
    return treatments.telling(subject.headings[item.id])


@check("QC-45", Severity.BLOCKS, "Quoted guideline text is the stored excerpt's, word for word.")
def quotations_are_exact(subject: Subject) -> Said:
    """Misquotation: each quotation against the excerpts stored with the item's citations; dots tell omissions."""
    for text in subject.rationales:
        excerpts = [_plain(excerpt) for excerpt in _excerpts(text.item)]
        if not excerpts:
            continue
        for sentence in text.sentences:
            for quoted in _quotations(sentence.text):
                pieces = [_plain(piece) for piece in _GAP.split(quoted.group(1)) if _plain(piece)]
                if pieces and not any(all(piece in excerpt for piece in pieces) for excerpt in excerpts):
                    says = f"{text.name} quotes words that are not in the stored excerpt: “{quoted.group(1)[:80]}”."
                    yield Told(says, text.at(sentence, *quoted.span(1)), about=sentence.text)


@check("QC-45", Severity.WARNS, "A quotation of a guideline has its excerpt stored.")
def quotations_have_excerpts(subject: Subject) -> Said:
    """Reference 5.2(6): the exact text relied on is stored with the citation. A published letter stores none."""
    if subject.published:
        return
    for text in subject.rationales:
        if _excerpts(text.item):
            continue
        for sentence in text.sentences:
            for quoted in _quotations(sentence.text):
                if _OF_SOURCE.search(sentence.text[: quoted.start()]):
                    says = f"{text.name} quotes a guideline, and no excerpt is stored with its citations."
                    yield Told(says, text.at(sentence, *quoted.span(1)), about=sentence.text)


def _quotations(sentence: str) -> Iterator[re.Match[str]]:
    for match in _QUOTED.finditer(sentence):
        if len(match.group(1).split()) >= 4:
            yield match


def _excerpts(item: DisputedItem | None) -> list[str]:
    stated = item.reviewer_guideline if item is not None else None
    return [each.excerpt for each in stated.citations if each.excerpt] if stated else []


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
