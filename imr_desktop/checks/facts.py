# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every fact of summary and rationales looked up in the record: supported with its pages, contradicted, or nowhere."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.header_facts import ages_possible, is_injury_date
from imr_desktop.checks.index import Index
from imr_desktop.checks.lookup import Context, Looked, Verdict, look
from imr_desktop.checks.normalise import us
from imr_desktop.checks.reading import Kind, Mention, told
from imr_desktop.checks.sentences import Sentence
from imr_desktop.checks.subject import Text
from imr_desktop.checks.telling import words_of
from imr_desktop.models.places import Place

LOOKED_UP = (
    Kind.DATE,
    Kind.AGE,
    Kind.SEX,
    Kind.SIDE,
    Kind.LEVEL,
    Kind.SCORE,
    Kind.COUNT,
    Kind.DRUG,
    Kind.STRENGTH,
    Kind.QUANTITY,
)
_TIED_ONLY = (Kind.ANGLE, Kind.MEASURE, Kind.FREQUENCY, Kind.DURATION, Kind.NUMBER)
_NAMES = {
    Kind.SEX: "the sex",
    Kind.SIDE: "the side",
    Kind.LEVEL: "the level",
    Kind.DRUG: "the drug",
    Kind.AGE: "the age",
}


class Fact(NamedTuple):
    """One fact of the letter: its place, its words, what it is, and what the record says of it."""

    place: Place
    words: str
    mention: Mention
    looked: Looked
    text: Text
    sentence: Sentence


def looked_up(subject: Subject) -> tuple[Fact, ...]:
    """Every fact in summary and rationales that was looked up in the record; none where there is no readable record.

    What a guideline says, and what UR said, is not a fact of this worker; numbers of the weaker kinds are looked up
    only where an anchor ties them to a page.
    """
    index = subject.index
    if index is None or not index.searchable:
        return ()
    found: list[Fact] = []
    for text in subject.texts:
        day: date | None = None
        for sentence in text.sentences:
            own = _days_told(subject, sentence)
            if text.item is None and own:
                day = own[0] if len(set(own)) == 1 else None
            if text.item is not None and subject.is_guideline(sentence.text):
                continue
            context = Context(
                own[0] if len(own) == 1 else (None if own else day), not own, words_of(subject, sentence.text)
            )
            for mention in subject.mentions(sentence.text):
                if mention.kind in LOOKED_UP or (mention.kind in _TIED_ONLY and sentence.anchors):
                    looked = look(subject, index, mention, sentence, context)
                    place = text.at(sentence, mention.begin, mention.end)
                    words = sentence.text[mention.begin : mention.end]
                    found.append(Fact(place, words, mention, looked, text, sentence))
    return tuple(found)


def _days_told(subject: Subject, sentence: Sentence) -> list[date]:
    """The days that a sentence speaks of; that of the injury is none on which anything was recorded."""
    injury = subject.case.header.date_of_injury
    hurt = () if injury is None else (injury.first, injury.last)
    return [
        each.value
        for each in subject.mentions(sentence.text, Kind.DATE)
        if isinstance(each.value, date) and each.value not in hurt and not is_injury_date(sentence.text[: each.begin])
    ]


def _facts(subject: Subject) -> tuple[Fact, ...]:
    return subject.once("facts", lambda: looked_up(subject))


@check("QC-53", Severity.WARNS, "Every date in the text stands in the header, the documents list or the record.")
def dates_are_in_the_record(subject: Subject) -> Said:
    """Reference QC-53. A date beside an anchor must stand on the anchored page."""
    known = _known_days(subject)
    for fact in _facts(subject):
        day = fact.mention.value
        if fact.mention.kind is not Kind.DATE or not isinstance(day, date):
            continue
        if fact.looked.verdict is Verdict.CONTRADICTED:
            pages = ", ".join(dict.fromkeys(str(shown.case_page) for shown in fact.looked.shows))
            instead = " or ".join(fact.looked.instead)
            says = f"{fact.text.name} gives {us(day)}; the words of page {pages} that say the same are of {instead}."
            yield Told(says, fact.place, fact.looked.shows, (), fact.sentence.text)
        elif day not in known and fact.looked.verdict is Verdict.NOWHERE:
            yield _nowhere(subject, fact, us(day))


def _known_days(subject: Subject) -> set[object]:
    header, injury = subject.case.header, subject.case.header.date_of_injury
    known: set[object] = {header.ur_decision_date, header.application_received, header.date_assigned}
    known |= {header.decision_date, header.letter_date, header.documents_complete}
    if injury is not None:
        known |= {injury.first, injury.last}
    for document in subject.case.documents:
        known |= {document.date, document.date_to, document.received_on}
    return known | {each.fact_date for each in subject.case.evidence}


@check("QC-07", Severity.WARNS, "The age stands in the record.")
def age_is_the_records(subject: Subject) -> Said:
    """LC 4610.6(h), ground 5: an age that no page gives, and that does not follow from the birth date."""
    for fact in _facts(subject):
        if fact.mention.kind is Kind.AGE and ages_possible(subject) is None:
            yield from _doubted(subject, fact)


@check("QC-08", Severity.WARNS, "The sex is the record's.")
def sex_is_the_records(subject: Subject) -> Said:
    """LC 4610.6(h), ground 5: plain statements of the record beside an age or a label."""
    for fact in _facts(subject):
        wrong = fact.looked.verdict in (Verdict.NOWHERE, Verdict.CONTRADICTED)
        if fact.mention.kind is Kind.SEX and wrong and _stands_only(subject, fact):
            other = "female" if fact.mention.value == "male" else "male"
            says = f"{fact.text.name} says {fact.mention.value}; the record says {other}."
            yield Told(says, fact.place, (), (), fact.sentence.text)


def _stands_only(subject: Subject, fact: Fact) -> bool:
    """Whether the record plainly states the other sex, and nowhere this one."""
    index = subject.index
    if index is None:
        return False
    other = fact.mention._replace(value="female" if fact.mention.value == "male" else "male")
    bare = fact.sentence._replace(anchors=())
    verdicts = [
        look(subject, index, each, bare, Context(None, False, frozenset())).verdict for each in (fact.mention, other)
    ]
    return verdicts[0] is Verdict.NOWHERE and verdicts[1] is not Verdict.NOWHERE


@check("QC-54", Severity.WARNS, "Numbers, sides, levels and drugs in the text match the anchored words and the record.")
def values_are_the_records(subject: Subject) -> Said:
    """LC 4610.6(h), ground 5: a fact against its anchored words, else against the documents of its day, else against
    the pages that say the same, else anywhere in the record.
    """
    own = (Kind.DATE, Kind.AGE, Kind.SEX)
    for fact in _facts(subject):
        if fact.mention.kind not in own:
            yield from _doubted(subject, fact)


def _doubted(subject: Subject, fact: Fact) -> Iterator[Told]:
    name = _NAMES.get(fact.mention.kind, f"the {fact.mention.kind.value}")
    if fact.looked.verdict is Verdict.CONTRADICTED:
        pages = ", ".join(dict.fromkeys(str(shown.case_page) for shown in fact.looked.shows))
        instead = " or ".join(fact.looked.instead)
        where = f"page {pages} says" if pages else "the anchored words say"
        says = f"{fact.text.name}: {name} is “{fact.words}”; {where} {instead}."
        yield Told(says, fact.place, fact.looked.shows, (), fact.sentence.text)
    elif fact.looked.verdict is Verdict.NOWHERE and fact.mention.kind in LOOKED_UP and not _told_before(subject, fact):
        yield _nowhere(subject, fact, told(fact.mention.value))


def _told_before(subject: Subject, fact: Fact) -> bool:
    """Whether a rationale repeats what the summary says: then the summary's own finding, or its silence, is enough."""
    if fact.text.item is None:
        return False
    value = (fact.mention.kind, fact.mention.value)
    return any(each.text.item is None and (each.mention.kind, each.mention.value) == value for each in _facts(subject))


def _nowhere(subject: Subject, fact: Fact, value: str) -> Told:
    index: Index | None = subject.index
    pages = index.searchable if index is not None else 0
    unsearched = index.unsearched if index is not None else ()
    left = f"; {len(unsearched)} pages could not be searched" if unsearched else ""
    says = f"{fact.text.name} says “{fact.words}” ({value}), which stands on none of {pages} pages{left}."
    return Told(says, fact.place, (), unsearched, fact.sentence.text)
