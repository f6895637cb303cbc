# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letter against itself: amounts, scores and angles are the same in heading, summary and rationale."""

import re
from collections.abc import Iterator

from imr_desktop.checks import treatments
from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.lookup import recorded
from imr_desktop.checks.normalise import NUMBER_WORDS, bones
from imr_desktop.checks.reading import Kind, Mention, told
from imr_desktop.checks.sentences import Sentence
from imr_desktop.checks.subject import Text

_REQUEST = re.compile(r"\b(?:request(?:ed|s)?|original request|medically necessary|medical necessity)\b", re.IGNORECASE)
_OF_SOURCE = re.compile(
    r"\b(?:MTUS|guidelines?|ODG|ACOEM|UpToDate|effective|published|accessed|edition|updated|revised|version)\b",
    re.IGNORECASE,
)
_AMOUNTS = (Kind.STRENGTH, Kind.QUANTITY, Kind.COUNT, Kind.FREQUENCY)


@check("QC-54", Severity.WARNS, "Amounts in the sentences about the request are the item's.")
def amounts_are_the_items(subject: Subject) -> Said:
    """LC 4610.6(h), ground 5: strength, quantity, count and frequency as the rationale and the summary repeat them."""
    for text in subject.rationales:
        if text.item is None:
            continue
        heading = subject.headings[text.item.id]
        mine = subject.mentions(heading, *_AMOUNTS)
        names = treatments.naming(heading)
        for sentence in text.sentences:
            if not subject.found(_REQUEST, sentence.text) or subject.is_guideline(sentence.text):
                continue
            if len(names & treatments.naming(sentence.text)) * 2 >= len(names):
                yield from _other_amounts(subject, text, sentence, mine, heading)
        yield from _summary_strength(subject, text, mine)


_ASKED = re.compile(
    r"\b(?:request\w*|authori[sz]\w*|certif\w*|non-?certif\w*|approv\w*|denied|modified|"
    r"order\w*)\b",
    re.IGNORECASE,
)
_SPELT = re.compile(rf"\b({'|'.join(sorted(NUMBER_WORDS, key=len, reverse=True))})\s?\((\d+)\)", re.IGNORECASE)


@check("QC-54", Severity.WARNS, "Amounts that the summary gives for the request are the items'.")
def asked_amounts_are_the_items(subject: Subject) -> Said:
    """LC 4610.6(h), ground 5: where the summary tells what was requested or authorised, in the words of an item."""
    stated = [
        (treatments.naming(heading), subject.mentions(heading, *_AMOUNTS), _products(heading))
        for heading in subject.headings.values()
    ]
    for sentence in subject.summary.sentences:
        if not subject.found(_ASKED, sentence.text):
            continue
        words = treatments.naming(sentence.text)
        named = [each for each in stated if each[0] and len(each[0] & words) >= 0.6 * len(each[0])]
        mine = tuple(mention for _, mentions, _ in named for mention in mentions)
        visits = {number for *_, numbers in named for number in numbers}
        for each in subject.mentions(sentence.text, Kind.STRENGTH, Kind.QUANTITY, Kind.COUNT):
            same = [_value(other) for other in mine if _one_kind(each, other)]
            known = {*same, *(visits if each.kind is not Kind.STRENGTH else ())}
            if known and _value(each) not in known and not recorded(subject, each, sentence):
                words_ = sentence.text[each.begin : each.end]
                says = f"The summary says “{words_}” of what was requested; no item has it."
                yield Told(says, subject.summary.at(sentence, each.begin, each.end), about=sentence.text)


def _products(heading: str) -> frozenset[float]:
    """How many visits so many a week for so many weeks are."""
    amounts = treatments.amounts(heading)
    weekly = [each[0] for each in amounts.frequencies if isinstance(each, tuple) and each[1] == "week"]
    weeks = [each[0] for each in amounts.durations if isinstance(each, tuple) and each[1] == "week"]
    return frozenset(one * other for one in weekly for other in weeks)


@check("QC-54", Severity.WARNS, "A number in words and its figure in brackets are the same.")
def spelt_numbers_agree(subject: Subject) -> Said:
    """“five (5)”: two numbers of which one would be wrong."""
    for text, sentence in subject.told():
        for match in _SPELT.finditer(sentence.text) if "(" in sentence.text else ():
            if NUMBER_WORDS[match.group(1).lower()] != int(match.group(2)):
                says = f"{text.name} says “{match.group()}”: the word and the figure differ."
                yield Told(says, text.at(sentence, *match.span()), about=sentence.text)


def _other_amounts(
    subject: Subject, text: Text, sentence: Sentence, mine: tuple[Mention, ...], heading: str
) -> Iterator[Told]:
    for each in subject.mentions(sentence.text, *_AMOUNTS):
        same = [other for other in mine if _one_kind(each, other)]
        if same and all(_value(other) != _value(each) for other in same):
            words = sentence.text[each.begin : each.end]
            says = f"{text.name} says “{words}”; the item is “{heading}”."
            yield Told(says, text.at(sentence, each.begin, each.end), about=sentence.text)


def _one_kind(each: Mention, other: Mention) -> bool:
    if each.about and other.about and each.about != other.about:
        return False
    many = (Kind.QUANTITY, Kind.COUNT)
    return each.kind is other.kind or (each.kind in many and other.kind in many)


def _value(each: Mention) -> object:
    return each.value[0] if each.kind is Kind.COUNT and isinstance(each.value, tuple) else each.value


def _summary_strength(subject: Subject, text: Text, mine: tuple[Mention, ...]) -> Iterator[Told]:
    """A strength of the item's drug that the summary gives otherwise and never as the item does."""
    for other in mine:
        if other.kind is not Kind.STRENGTH or not other.about:
            continue
        stated = [
            (sentence, each)
            for sentence in subject.summary.sentences
            for each in subject.mentions(sentence.text, Kind.STRENGTH)
            if each.about == other.about
        ]
        if stated and all(each.value not in {one.value for one in mine} for _, each in stated):
            sentence, each = stated[0]
            words = sentence.text[each.begin : each.end]
            if text.item is not None:
                says = (
                    f"The summary gives {other.about} as “{words}”; item {subject.case.ordinal(text.item.id)} "
                    f"has {told(other.value)}."
                )
                yield Told(says, subject.summary.at(sentence, each.begin, each.end), about=sentence.text)


@check("QC-54", Severity.WARNS, "Scores, angles and ages of a rationale are those of the summary.")
def values_are_the_summarys(subject: Subject) -> Said:
    """LC 4610.6(e): a rationale rests on what the summary tells; a value of which the summary knows only others, and
    which the record does not bear out, is often a slip.
    """
    for kind in (Kind.SCORE, Kind.ANGLE, Kind.SIDE, Kind.LEVEL):
        known = {each.value for sentence in subject.summary.sentences for each in subject.mentions(sentence.text, kind)}
        if not known:
            continue
        for text in subject.rationales:
            heading = subject.headings[text.item.id] if text.item is not None else ""
            for sentence in text.sentences:
                if subject.is_guideline(sentence.text) or subject.found(_OF_SOURCE, sentence.text):
                    continue
                for each in subject.mentions(sentence.text, kind):
                    if _is_new(each, known, subject.mentions(heading, kind)) and not recorded(
                        subject, each, sentence, tied=True
                    ):
                        words = sentence.text[each.begin : each.end]
                        says = f"{text.name} says “{words}”, which the summary does not tell."
                        yield Told(says, text.at(sentence, each.begin, each.end), about=sentence.text)


def _is_new(each: Mention, known: set[object], heading: tuple[Mention, ...]) -> bool:
    if each.value in known or any(each.value == other.value for other in heading):
        return False
    value = each.value
    if each.kind is Kind.SIDE and isinstance(value, tuple):
        other = {"left": "right", "right": "left"}.get(value[0], "")
        return (other, value[1]) in known and ("bilateral", value[1]) not in known
    if each.kind is Kind.LEVEL and isinstance(value, frozenset):
        everything = {
            bone
            for levels in (*known, *(one.value for one in heading))
            if isinstance(levels, frozenset)
            for bone in bones(levels)
        }
        segments = {
            level
            for levels in (*known, *(one.value for one in heading))
            if isinstance(levels, frozenset)
            for level in levels
        }
        same_region = {bone[0] for bone in everything} & {bone[0] for bone in bones(value)}
        return bool(same_region) and not value <= segments and not (bones(value) <= everything and len(value) > 1)
    scale = value[-1] if isinstance(value, tuple) else ""
    return any((other[-1] if isinstance(other, tuple) else "") == scale for other in known)
