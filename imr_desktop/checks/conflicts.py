# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letter against itself: absence stated where the summary reports presence, two values for one day."""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial

from imr_desktop.checks import claims
from imr_desktop.checks.absence import claims_of, phrases
from imr_desktop.checks.claims import Claim
from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.index import form
from imr_desktop.checks.reading import Kind, told
from imr_desktop.checks.sentences import Sentence
from imr_desktop.checks.subject import Text
from imr_desktop.models.places import Part

_QUALIFIED = re.compile(
    r"\b(?:adequate\w*|sufficient\w*|quantif\w+|numerical|progression|recurrent|total number|at least|"
    r"additional|further|\d+[- ]?(?:month|week|day)s?|rationale|as to why|review of|change[sd]?|"
    r"equivocal|recommend\w*|candidate|course|amount|efficacy|failed|failure|prior|previous|recent|"
    r"sustained|significant|exceed\w*|complete[ds]?)\b",
    re.IGNORECASE,
)
_OF_A_PLAN = re.compile(
    r"\b(?:request\w*|recommend\w*|plan\w*|order\w*|authori[sz]ation|consider\w*|rule out|to evaluate|"
    r"possible|propos\w+|referr\w+|diagnos\w+ stud\w+)\b",
    re.IGNORECASE,
)
_TOO_BROAD = frozenset(
    {
        "conservative treatment",
        "imaging",
        "MRI",
        "x-ray",
        "injection",
        "surgery",
        "range of motion",
        "weakness",
        "activities of daily living",
        "return to work",
        "treatment plan",
        "weight",
    }
)


@check("QC-52", Severity.BLOCKS, "A rationale does not call absent what the summary or another rationale reports.")
def absence_is_not_presence(subject: Subject) -> Said:
    """Gonzalez-Ornelas 2016: the conclusion contradicts the reviewer's own summary. A claim that is qualified ("no
    adequate trial", "not for three months") does not contradict a plain mention. Each sentence is told once.
    """
    seen: set[str] = set()
    for text, sentence, claim in claims_of(subject):
        if text.item is None or sentence.text in seen or _QUALIFIED.search(claim.what):
            continue
        against = next(_reports(subject, claim), None)
        if against is not None:
            seen.add(sentence.text)
            where, other, span = against
            words = other.text[slice(*span)]
            says = (
                f"{text.name} says that “{claim.what.strip()}” is absent; "
                f"{where.name[0].lower()}{where.name[1:]} reports “{words}”."
            )
            about = f"{sentence.text} {other.text}"
            yield Told(says, text.at(sentence, claim.begin, claim.end), about=about)


def _reports(subject: Subject, claim: Claim) -> Iterator[tuple[Text, Sentence, tuple[int, int]]]:
    """Sentences that report what a claim calls absent, in the claim's most exact concept or in its own words."""
    exact = claim._replace(concepts=tuple(each for each in claim.concepts[:1] if each not in _TOO_BROAD))
    if not exact.concepts and (claim.concepts or len(claim.words) < 2):
        return
    regions = _regions(claim.what)
    for text, sentence, elsewhere in subject.once("reporting", lambda: _reporting(subject)):
        if regions and elsewhere and not regions & elsewhere:
            continue
        key = ("reports", exact.concepts, exact.words, sentence.text)
        found = subject.memory.remember(key, partial(_reported, sentence.text, exact))
        if found is not None and not _is_claimed(subject, text, sentence, found):
            yield text, sentence, found


def _reporting(subject: Subject) -> tuple[tuple[Text, Sentence, frozenset[int]], ...]:
    """The sentences that report something of the worker, each with the halves of the body it speaks of."""
    return tuple(
        (text, sentence, subject.memory.remember(("regions", sentence.text), partial(_regions, sentence.text)))
        for text, sentence in subject.told()
        if not (subject.is_guideline(sentence.text) or subject.is_of_ur(sentence.text))
        and not subject.memory.remember(("plan", sentence.text), partial(_OF_A_PLAN.search, sentence.text))
        and (text.item is None or subject.is_of_worker(sentence.text))
    )


def _reported(sentence: str, claim: Claim) -> tuple[int, int] | None:
    """Where a sentence reports, without denying it, what a claim calls absent."""
    words = _tokens(sentence)
    for phrase, within in phrases(None, claim):
        found = _stands(words, phrase, within)
        if found and not claims.is_negated(sentence, *found):
            return found
    return None


_REGIONS = (
    re.compile(
        r"\b(?:neck|cervical|shoulders?|arms?|elbows?|wrists?|hands?|fingers?|thumbs?|upper (?:extremit\w+|limbs?))\b",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:low back|lumbar|lumbosacral|hips?|legs?|knees?|ankles?|f(?:oo|ee)t|toes?|thighs?|lower "
        r"(?:extremit\w+|limbs?))\b",
        re.IGNORECASE,
    ),
)


def _regions(text: str) -> frozenset[int]:
    """The halves of the body that a wording speaks of."""
    return frozenset(number for number, region in enumerate(_REGIONS) if region.search(text))


_WORD = re.compile(r"[^\W_]+")


def _tokens(sentence: str) -> tuple[tuple[str, int, int], ...]:
    return tuple((form(match.group()), *match.span()) for match in _WORD.finditer(sentence))


def _stands(tokens: tuple[tuple[str, int, int], ...], phrase: tuple[str, ...], within: int) -> tuple[int, int] | None:
    size = len(phrase)
    if not within:
        for at in range(len(tokens) - size + 1):
            if all(tokens[at + n][0] == phrase[n] for n in range(size)):
                return tokens[at][1], tokens[at + size - 1][2]
        return None
    latest: dict[str, int] = {}
    for at, token in enumerate(tokens):
        if token[0] in phrase:
            latest[token[0]] = at
            first = min(latest.values())
            if len(latest) == len(set(phrase)) and at - first < size + within:
                return tokens[first][1], token[2]
    return None


def _is_claimed(subject: Subject, text: Text, sentence: Sentence, span: tuple[int, int]) -> bool:
    """Whether the words stand within a claim of absence themselves."""
    return any(
        claim.begin <= span[0] < claim.end
        for other, mine, claim in subject.once("claims", lambda: tuple(claims_of(subject)))
        if other is text and mine is sentence
    ) or bool(claims.claims(sentence.text))


@check("QC-52", Severity.BLOCKS, "The letter gives one value for one day.")
def values_of_a_day_agree(subject: Subject) -> Said:
    """Gonzalez-Ornelas 2016: a score that the summary gives otherwise for the very day. Several scores of a day in the
    summary are all right.
    """
    known: dict[date, set[object]] = {}
    for sentence in subject.summary.sentences:
        for day, value, _ in _scored(subject, sentence):
            known.setdefault(day, set()).add(value)
    for text in subject.texts:
        if text.place.part is Part.SUMMARY:
            continue
        for sentence in text.sentences:
            for day, value, span in _scored(subject, sentence):
                scale = value[-1] if isinstance(value, tuple) else ""
                same = {other for other in known.get(day, ()) if isinstance(other, tuple) and other[-1] == scale}
                if same and value not in same:
                    says = (
                        f"{text.name} gives {told(value)} for {day:%m/%d/%Y}; the summary gives "
                        f"{' and '.join(sorted(map(told, same)))}."
                    )
                    yield Told(says, text.at(sentence, *span), about=sentence.text)


def _scored(subject: Subject, sentence: Sentence) -> Iterator[tuple[date, object, tuple[int, int]]]:
    found = subject.mentions(sentence.text, Kind.DATE, Kind.SCORE)
    days = [each.value for each in found if isinstance(each.value, date)]
    if len(set(days)) == 1:
        for each in found:
            if each.kind is Kind.SCORE:
                yield days[0], each.value, (each.begin, each.end)
