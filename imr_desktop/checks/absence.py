# SPDX-License-Identifier: AGPL-3.0-or-later
"""Absence claims: what a sentence says is not in the record is searched in all of it, and every hit wants an answer."""

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from imr_desktop.checks import claims
from imr_desktop.checks.claims import Claim
from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.index import MOST_HITS, Index, Shown
from imr_desktop.checks.sentences import Sentence
from imr_desktop.checks.subject import Text
from imr_desktop.models.records import PageRef

SHOWN_HITS = 12
_OF_A_RULE = re.compile(
    r"\b(?:means (?:either|a)|defined as|guidelines?|recommended|criteria|MTUS|ODG|ACOEM|is indicated)\b", re.IGNORECASE
)
_ABOUT_THE_FILE = re.compile(
    r"\b(?:document\w*|evidence|indication|mention\w*|records?|reports?|provided|submitted|fail\w*|lack\w*"
    r"|unclear|specif\w*)\b",
    re.IGNORECASE,
)
_COMMON_SHARE = 0.2
_CALLS_ABSENT = re.compile(r"\b(?:no|not|without|lack\w*|fail\w*|absence|insufficient|unclear)\b", re.IGNORECASE)


class Absence(NamedTuple):
    """One claim of absence with what the whole record says to it.

    ``hits`` are at most one a page, those of the most exact concept first; ``pages`` counts them all. ``searched`` is
    how many pages could be searched, ``unsearched`` are those that could not: without them nothing is ever absent.
    """

    text: Text
    sentence: Sentence
    claim: Claim
    hits: tuple[Shown, ...]
    pages: int
    searched: int
    unsearched: tuple[PageRef, ...]


def absences(subject: Subject) -> tuple[Absence, ...]:
    """Every claim of absence in summary and rationales, searched; none where there is no record at all."""
    index = subject.index
    if index is None:
        return ()
    return subject.once("absences", lambda: tuple(_searched(subject, index)))


def _searched(subject: Subject, index: Index) -> Iterator[Absence]:
    for text, sentence, claim in claims_of(subject):
        hits = index.remember(("hits", claim.concepts, claim.words), partial(find, index, claim))
        yield Absence(text, sentence, claim, hits[:SHOWN_HITS], len(hits), index.searchable, index.unsearched)


def claims_of(subject: Subject) -> Iterator[tuple[Text, Sentence, Claim]]:
    """The claims of absence of the reviewer: not a guideline's, not UR's, not plain findings of an examination."""
    for text, sentence in subject.told():
        if subject.is_guideline(sentence.text) or subject.is_of_ur(sentence.text):
            continue
        if text.item is None and not subject.found(_ABOUT_THE_FILE, sentence.text):
            continue
        found = subject.memory.remember(("claims", sentence.text), partial(claims.claims, sentence.text))
        for claim in found:
            yield text, sentence, claim


def find(index: Index, claim: Claim) -> tuple[Shown, ...]:
    """Where the record says what a claim calls absent: not where it denies it, not where it tells a rule."""
    found: dict[int, Shown] = {}
    for phrase, within in phrases(index, claim):
        for number, begin, end in index.phrase(phrase, within):
            if number not in found and _affirms(index.pages[number].text, begin, end):
                found[number] = index.shown(number, begin, end)
        if len(found) >= MOST_HITS:
            break
    return tuple(found.values())


def phrases(index: Index | None, claim: Claim) -> Iterator[tuple[tuple[str, ...], int]]:
    """What to look for, the most exact first: (searching forms, further words allowed among them)."""
    for concept in claim.concepts:
        for phrase in claims.phrases_of(concept):
            if phrase:
                yield phrase, 2 if len(phrase) > 2 else 0
    if claim.concepts or not claim.words:
        return
    if len(claim.words) > 1:
        yield claim.words, 8
    elif (
        len(claim.words[0]) > 5
        and index is not None
        and len(index.pages_of(claim.words[0])) <= max(3, _COMMON_SHARE * len(index.pages))
    ):
        yield claim.words, 0


def _affirms(text: str, begin: int, end: int) -> bool:
    if claims.is_negated(text, begin, end) or _is_claimed_absent(text, begin, end):
        return False
    start = max(text.rfind(". ", 0, begin), begin - 90, 0)
    stop = text.find(". ", end)
    return _OF_A_RULE.search(text[start : min(stop if stop >= 0 else len(text), end + 90)]) is None


def _is_claimed_absent(text: str, begin: int, end: int) -> bool:
    """Whether a page itself calls the words absent, as a denial does ("no clear indication that there was an adequate
    trial of ..."); what stands behind a comma is taken for said by itself.
    """
    start = max(text.rfind(". ", 0, begin) + 1, text.rfind(",", 0, begin) + 1, begin - 200, 0)
    return _CALLS_ABSENT.search(text, start, begin) is not None and any(
        claim.begin <= begin - start < claim.end for claim in claims.claims(text[start:end])
    )


@check(
    "QC-51", Severity.BLOCKS, "What is called absent is not in the record, or each hit is answered.", answerable=True
)
def absent_is_absent(subject: Subject) -> Said:
    """McAtee 2015, Bowen 2019: "no documentation of X" when X is in the file. An answer ("seen, not sufficient because
    ...") holds until the sentence changes or a further page speaks of it.
    """
    for each in absences(subject):
        if each.hits:
            pages = ", ".join(str(hit.case_page) for hit in each.hits)
            more = f" and {each.pages - len(each.hits)} more" if each.pages > len(each.hits) else ""
            says = (
                f"{each.text.name} says that “{each.claim.what.strip()}” is absent; page {pages}{more} speaks "
                f"of it{_not_searched(each)}."
            )
            refs = " ".join(f"{hit.page.source}:{hit.page.page}" for hit in each.hits)
            about = f"{each.sentence.text} {each.claim.what} {refs}"
            place = each.text.at(each.sentence, each.claim.begin, each.claim.end)
            yield Told(says, place, each.hits, each.unsearched, about)


@check("QC-51", Severity.WARNS, "Nothing is called absent over pages that could not be searched.")
def absence_is_searched(subject: Subject) -> Said:
    """The silence of a page that the machine cannot read is not absence: somebody must have looked."""
    for each in absences(subject):
        if not each.hits and each.unsearched:
            says = f"{each.text.name} says that “{each.claim.what.strip()}” is absent; {_silence(each)}."
            place = each.text.at(each.sentence, each.claim.begin, each.claim.end)
            yield Told(says, place, (), each.unsearched, f"{each.sentence.text} {each.claim.what}")


def _silence(each: Absence) -> str:
    if not each.searched:
        return "no page could be searched"
    silent = "1 page does" if each.searched == 1 else f"{each.searched} pages do"
    return f"{silent} not speak of it{_not_searched(each)}"


def _not_searched(each: Absence) -> str:
    number = len(each.unsearched)
    return f"; {number} of {each.searched + number} pages could not be searched" if number else ""
