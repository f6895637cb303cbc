# SPDX-License-Identifier: AGPL-3.0-or-later
"""A fact of the letter looked up in the record: supported, contradicted, or nowhere, with the pages."""

import re
from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from imr_desktop.checks import normalise, patterns, reading, verbatim
from imr_desktop.checks.index import Index, Shown, forms
from imr_desktop.checks.passages import saying
from imr_desktop.checks.reading import Kind, Mention
from imr_desktop.checks.sentences import Sentence
from imr_desktop.checks.subject import Subject
from imr_desktop.checks.telling import words_of
from imr_desktop.models.records import PageRef

ENOUGH_PAGES = 6
_MANY_PAGES = 40
_ALIKE = 0.62
_TELLING = 4
_NAMED_BEFORE = 60
_LEVEL_WORD = re.compile(r"[ctls]\d{1,2}(?:[ctls]?\d{1,2})?")


class Verdict(StrEnum):
    """What the record says of a fact.

    Supported: it stands where the sentence says it does, or where the same words stand. Elsewhere: it stands in the
    record, and nothing ties it to this sentence. Contradicted: the place has another value in its stead. Nowhere: no
    page that can be searched has it. Unknown: the place cannot be searched.
    """

    SUPPORTED = "supported"
    ELSEWHERE = "elsewhere"
    CONTRADICTED = "contradicted"
    NOWHERE = "nowhere"
    UNKNOWN = "unknown"


_BORNE_OUT = (Verdict.SUPPORTED, Verdict.ELSEWHERE)


class Looked(NamedTuple):
    """A verdict with the words of the record that bear it out, and what they say instead of a contradicted fact."""

    verdict: Verdict
    shows: tuple[Shown, ...] = ()
    instead: tuple[str, ...] = ()


class Context(NamedTuple):
    """Where a sentence points: the day it speaks of, said by itself or carried from the sentence before; its words."""

    day: date | None
    carried: bool
    words: frozenset[str]


def look(subject: Subject, index: Index, mention: Mention, sentence: Sentence, context: Context) -> Looked:
    """Look one fact up: at the anchor that follows it, in the documents of the day, beside the same words, anywhere."""
    anchored = _anchored(subject, sentence, mention)
    key = ("look", mention.kind, mention.value, mention.about, anchored, context, _listing(subject))
    looked = index.remember(key, lambda: _look(subject, index, mention, anchored, context))
    if anchored is not None or looked.verdict not in _BORNE_OUT or mention.kind not in verbatim.KINDS:
        return looked
    day = context._replace(day=None) if context.carried else context
    around = ("verbatim", mention, sentence.text, day.day, key[-1])
    other = index.remember(around, lambda: verbatim.against(index, mention, sentence.text, _scope(subject, index, day)))
    return looked if other is None else Looked(Verdict.CONTRADICTED, (other[0],), (other[1],))


def _look(subject: Subject, index: Index, mention: Mention, anchored: str | None, context: Context) -> Looked:
    if anchored is not None:
        told = _at_anchor(subject, index, mention, anchored)
        if told is not None:
            return told
    if mention.kind is Kind.DATE and isinstance(mention.value, date):
        return _look_date(subject, index, mention, context)
    scope = _scope(subject, index, context)
    said = _beside(index, mention, context, scope)
    if said is not None:
        return said
    if scope:
        found = _on(index, mention, scope)
        if found:
            return Looked(Verdict.SUPPORTED, found)
        if any(not index.pages[number].searchable for number in scope):
            return Looked(Verdict.UNKNOWN)
        if (
            not context.carried
            or mention.kind in (Kind.SCORE, Kind.ANGLE)
            or set(_closest(index, context.words)) & set(scope)
        ):
            instead = others(index, mention, scope)
            if instead:
                return Looked(Verdict.CONTRADICTED, *_split(instead))
    near = _closest(index, context.words)
    found = _on(index, mention, near) if near else ()
    if found:
        return Looked(Verdict.SUPPORTED, found)
    found = _on(index, mention, range(len(index.pages)))
    if near and not scope:
        instead = others(index, mention, near)
        if instead:
            return Looked(Verdict.CONTRADICTED, *_split(instead))
    return Looked(Verdict.ELSEWHERE, found) if found else Looked(Verdict.NOWHERE)


def _beside(index: Index, mention: Mention, context: Context, scope: tuple[int, ...]) -> Looked | None:
    """What the very passages say that say the same as the sentence; None where there are none, or they tell neither."""
    stretches = saying(index, context.words, scope or _closest(index, context.words))
    pattern = patterns.found_by(mention)
    instead: dict[str, Shown] = {}
    for number, begin, end in stretches:
        for version in index.versions(number):
            part = version[begin:end]
            match = pattern.search(part) if pattern is not None else None
            if match and _of_another(mention, reading.only(mention.kind, part)):
                match = None
            if match or (pattern is None and _says(part, mention)):
                at = (match.start(), match.end()) if match else (0, end - begin)
                return Looked(Verdict.SUPPORTED, (index.shown(number, begin + at[0], begin + at[1]),))
            if _may_be_instead(mention):
                for each in reading.only(mention.kind, part):
                    if _comparable(mention, each):
                        shown = index.shown(number, begin + each.begin, begin + each.end)
                        instead.setdefault(reading.told(each.value), shown)
    return Looked(Verdict.CONTRADICTED, *_split(list(instead.items()))) if instead else None


def _of_another(mention: Mention, told: Iterable[Mention]) -> bool:
    """Whether an amount is told there, and only of other drugs than the one it is looked up for."""
    if not mention.about or mention.kind not in (Kind.STRENGTH, Kind.QUANTITY):
        return False
    same = [each.about for each in told if each.value == mention.value]
    return bool(same) and all(about and about != mention.about for about in same)


def _may_be_instead(mention: Mention) -> bool:
    if mention.kind in (Kind.STRENGTH, Kind.QUANTITY):
        return bool(mention.about)
    return mention.kind not in (Kind.DRUG, Kind.NUMBER, Kind.DURATION, Kind.DATE, Kind.FREQUENCY)


def _look_date(subject: Subject, index: Index, mention: Mention, context: Context) -> Looked:
    """A page that bears a date bears it out; where other pages say what the sentence says and those of that day
    say nothing of the kind, it is another day's.
    """
    day = mention.value
    bearing = _on(index, mention, range(len(index.pages)))
    near = _closest(index, context.words)
    if not near or not isinstance(day, date):
        return Looked(Verdict.ELSEWHERE, bearing) if bearing else Looked(Verdict.NOWHERE)
    if any(day in _days_around(subject, index, number) for number in near):
        return Looked(Verdict.SUPPORTED, bearing)
    best = index.share(context.words, near[0])
    there = (*_scope(subject, index, context), *index.dates.get(day, ())[:_MANY_PAGES])
    if any(index.share(context.words, number) >= 0.6 * best or not index.pages[number].searchable for number in there):
        return Looked(Verdict.ELSEWHERE, bearing)
    days = sorted({each for number in near for each in _days_around(subject, index, number)})
    if days and len(context.words) >= _TELLING:
        shows = tuple(index.shown(number, 0, min(60, len(index.pages[number].text))) for number in near)
        return Looked(Verdict.CONTRADICTED, shows, tuple(normalise.us(each) for each in days[:4]))
    return Looked(Verdict.ELSEWHERE, bearing) if bearing else Looked(Verdict.NOWHERE)


def _days_around(subject: Subject, index: Index, number: int) -> frozenset[date]:
    """The days that a page may be of: those it bears, its document's, those of its neighbours there."""
    document = subject.documents_at.get(index.pages[number].ref)
    found = set(index.days_on.get(number, ()))
    if document is not None:
        found |= {each for each in (document.date, document.date_to) if each is not None}
    for beside in (number - 1, number + 1):
        if 0 <= beside < len(index.pages) and subject.documents_at.get(index.pages[beside].ref) is document:
            found |= index.days_on.get(beside, frozenset())
    return frozenset(found)


def _listing(subject: Subject) -> object:
    """What in the case bears on a verdict besides the sentence: documents and evidence."""
    return subject.memory.remember(("listing", subject.case.documents, subject.case.evidence), object)


def _anchored(subject: Subject, sentence: Sentence, mention: Mention) -> str | None:
    """The evidence whose anchor follows the fact in its sentence, before any further fact's anchor."""
    kept = {evidence.id for evidence in subject.case.evidence} if sentence.anchors else set()
    return next((each for at, each in sentence.anchors if at >= mention.begin and each in kept), None)


def _at_anchor(subject: Subject, index: Index, mention: Mention, evidence_id: str) -> Looked | None:
    """What the anchored words say; None where neither they nor their pages speak of such a fact."""
    evidence = next(each for each in subject.case.evidence if each.id == evidence_id)
    pages = [index.numbers[part.page] for part in evidence.passage.parts if part.page in index.numbers]
    if _says(evidence.passage.text, mention):
        shows = tuple(_whole(index, number, evidence.passage.text) for number in pages[:1])
        return Looked(Verdict.SUPPORTED, shows)
    stated = [each for each in _facts_of(evidence.passage.text, mention) if _comparable(mention, each)]
    if stated:
        instead = tuple(dict.fromkeys(reading.told(each.value) for each in stated))
        return Looked(
            Verdict.CONTRADICTED, tuple(_whole(index, number, evidence.passage.text) for number in pages[:1]), instead
        )
    found = _on(index, mention, pages)
    if found:
        return Looked(Verdict.SUPPORTED, found)
    return Looked(Verdict.UNKNOWN) if any(not index.pages[number].searchable for number in pages) else None


def _whole(index: Index, number: int, words: str) -> Shown:
    at = index.pages[number].text.find(words)
    return index.shown(number, max(at, 0), max(at, 0) + min(len(words), 200))


def _says(text: str, mention: Mention) -> bool:
    if mention.kind is Kind.DATE:
        return any(each.day == mention.value for each in normalise.dates(text))
    if mention.kind is Kind.LEVEL and isinstance(mention.value, frozenset):
        return mention.value <= {name for each in normalise.levels(text) for name in each.names}
    pattern = patterns.found_by(mention)
    return pattern is not None and pattern.search(text) is not None


def _facts_of(text: str, mention: Mention) -> tuple[Mention, ...]:
    return reading.only(mention.kind, text)


def _comparable(mention: Mention, other: Mention) -> bool:
    """Whether another fact of the same kind is about the same thing: unit, scale, drug, part, region of the spine."""
    one, two = mention.value, other.value
    if mention.kind in (Kind.STRENGTH, Kind.QUANTITY):
        return one != two and (not mention.about or not other.about or mention.about == other.about)
    if mention.kind is Kind.SIDE:
        return isinstance(one, tuple) and isinstance(two, tuple) and one[1] == two[1] and one != two
    if mention.kind is Kind.LEVEL and isinstance(one, frozenset) and isinstance(two, frozenset):
        mine, theirs = normalise.bones(one), normalise.bones(two)
        return not mine & theirs and {bone[0] for bone in mine} == {bone[0] for bone in theirs}
    if isinstance(one, tuple) and isinstance(two, tuple):
        return one != two and one[-1] == two[-1]
    return one != two


def others(index: Index, mention: Mention, pages: Iterable[int]) -> list[tuple[str, Shown]]:
    """What these pages say in the fact's stead, each value with where it stands."""
    if not _may_be_instead(mention):
        return []
    told: dict[str, Shown] = {}
    for number in pages:
        for each in index.facts(number, mention.kind):
            if _comparable(mention, each) and (mention.kind not in (Kind.STRENGTH, Kind.QUANTITY) or each.about):
                told.setdefault(reading.told(each.value), index.shown(number, each.begin, each.end))
    return list(told.items())


def _split(instead: list[tuple[str, Shown]]) -> tuple[tuple[Shown, ...], tuple[str, ...]]:
    return tuple(shown for _, shown in instead[:ENOUGH_PAGES]), tuple(value for value, _ in instead[:ENOUGH_PAGES])


def _on(index: Index, mention: Mention, pages: Iterable[int]) -> tuple[Shown, ...]:
    """The fact on these pages, on as many as are enough to show."""
    candidates = _candidates(index, mention)
    wanted = pages if isinstance(pages, range) else [number for number in pages if number in candidates]
    numbers = sorted(candidates) if isinstance(wanted, range) else wanted
    pattern = patterns.found_by(mention)
    found: list[Shown] = []
    for number in numbers:
        if len(found) >= ENOUGH_PAGES:
            break
        if pattern is None:
            found.append(_shown_value(index, number, mention))
            continue
        for version in index.versions(number):
            span = patterns.first(pattern, mention, version)
            if span and _elses(index, number, mention, version, span):
                break
            if span:
                found.append(index.shown(number, *span))
                break
    return tuple(found)


def _elses(index: Index, number: int, mention: Mention, text: str, span: tuple[int, int]) -> bool:
    """Whether an amount stands there for another drug, and nowhere else on the page for this one."""
    if not mention.about or mention.kind not in (Kind.STRENGTH, Kind.QUANTITY):
        return False
    near = text[max(0, span[0] - _NAMED_BEFORE) : span[1] + 4]
    if not _of_another(mention, reading.only(mention.kind, near)):
        return False
    return number not in _naming(index, str(mention.about)) or _of_another(mention, index.facts(number, mention.kind))


def _naming(index: Index, drug: str) -> frozenset[int]:
    """The pages that name a drug, by any of its names."""

    def make() -> frozenset[int]:
        return frozenset(page for name in patterns.names_of(drug) for page in index.pages_of(forms(name)[0]))

    return index.remember(("naming", drug), make)


def _shown_value(index: Index, number: int, mention: Mention) -> Shown:
    text = index.pages[number].text
    if mention.kind is Kind.DATE:
        for each in normalise.dates(text):
            if each.day == mention.value:
                return index.shown(number, each.begin, each.end)
    for level in normalise.levels(text) if mention.kind is Kind.LEVEL else ():
        return index.shown(number, level.begin, level.end)
    return index.shown(number, 0, min(40, len(text)))


def _candidates(index: Index, mention: Mention) -> frozenset[int]:
    return index.remember(("candidates", mention.kind, mention.value), lambda: _candidate_pages(index, mention))


def _candidate_pages(index: Index, mention: Mention) -> frozenset[int]:
    value = mention.value
    if mention.kind is Kind.DATE and isinstance(value, date):
        return frozenset(index.dates.get(value, ()))
    if mention.kind is Kind.LEVEL and isinstance(value, frozenset):
        lists = [levels_on(index).get(str(name), frozenset()) for name in value]
        return frozenset.intersection(*lists) if lists else frozenset()
    groups = patterns.must_hold(mention)
    if not groups:
        return frozenset(range(len(index.pages)))
    slipped = index.slipped
    left: frozenset[int] | None = None
    for group in groups:
        pages = frozenset(page for each in group for page in index.pages_of(each))
        left = pages if left is None else left & pages
    return (left or frozenset()) | slipped


def levels_on(index: Index) -> dict[str, frozenset[int]]:
    """The pages that name each spinal level."""

    def make() -> dict[str, frozenset[int]]:
        found: dict[str, set[int]] = {}
        for number in index.pages_with(_LEVEL_WORD):
            for version in index.versions(number):
                for each in normalise.levels(version):
                    for name in each.names:
                        found.setdefault(name, set()).add(number)
        return {name: frozenset(pages) for name, pages in found.items()}

    return index.remember("levels", make)


def _scope(subject: Subject, index: Index, context: Context) -> tuple[int, ...]:
    """The pages that a dated sentence speaks of: the documents of that day, else the few pages that bear the date."""
    if context.day is None:
        return ()
    refs = [
        PageRef(span.source, page)
        for document in subject.case.documents
        if document.date == context.day
        for span in document.pages
        for page in range(span.first, span.last + 1)
    ]
    pages = tuple(index.numbers[ref] for ref in refs if ref in index.numbers)
    if pages:
        return pages
    bearing = index.dates.get(context.day, ())
    if len(bearing) > 2 * _MANY_PAGES:
        return ()
    heads = tuple(number for number in bearing if _is_dated(index, number, context.day))
    return heads if len(heads) <= _MANY_PAGES else ()


def _is_dated(index: Index, number: int, day: date) -> bool:
    def days() -> frozenset[date]:
        return frozenset(each.day for each in normalise.dates(index.pages[number].text[:400]))

    return day in index.remember(("head", number), days)


def _closest(index: Index, words: frozenset[str]) -> tuple[int, ...]:
    """The pages that share nearly all telling words with a sentence."""
    if len(words) < 3:
        return ()
    rated = index.alike(words)
    best = rated[0][1] if rated else 0.0
    return tuple(page for page, share in rated if share >= _ALIKE and share >= 0.85 * best)


def recorded(subject: Subject, mention: Mention, sentence: Sentence, *, tied: bool = False) -> bool:
    """Whether the record, where there is one, bears a fact out; ``tied``: in pages that say what the sentence says."""
    index = subject.index
    if index is None or not index.searchable:
        return False
    words = words_of(subject, sentence.text) if tied else frozenset()
    verdict = look(subject, index, mention, sentence, Context(None, False, words)).verdict
    return verdict is Verdict.SUPPORTED or (verdict is Verdict.ELSEWHERE and not tied)
