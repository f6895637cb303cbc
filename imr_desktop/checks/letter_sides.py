# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letter against itself: heading, summary and rationale tell one side and one level."""

import re
from collections import Counter

from imr_desktop.checks import treatments
from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.lookup import recorded
from imr_desktop.checks.normalise import bones
from imr_desktop.checks.reading import Kind, Mention, told
from imr_desktop.checks.sentences import Sentence

_REQUEST = re.compile(r"\b(?:request(?:ed|s)?|original request|medically necessary|medical necessity)\b", re.IGNORECASE)
_ELSEWHERE = re.compile(
    r"\b(?:contralateral|opposite|unaffected|prior|previous|earlier|history|also|other|compared|versus|"
    r"greater|denied|not|no)\b",
    re.IGNORECASE,
)


@check("QC-27", Severity.BLOCKS, "Side and level of the rationale's decision are those of the item.")
def decision_is_about_the_item(subject: Subject) -> Said:
    """Heath 2016: the wrong segment. Looked at in the sentences that speak of the request or of its necessity."""
    for text in subject.rationales:
        heading = subject.headings[text.item.id] if text.item is not None else ""
        mine = treatments.amounts(heading)
        for sentence in text.sentences:
            if not subject.found(_REQUEST, sentence.text) or subject.is_guideline(sentence.text):
                continue
            for each in subject.mentions(sentence.text, Kind.SIDE, Kind.LEVEL):
                if _against(each, mine.sides, mine.levels) and not _stated_as_other(subject, each):
                    words = sentence.text[each.begin : each.end]
                    says = f"{text.name} says “{words}”; the item is “{heading}”."
                    yield Told(says, text.at(sentence, each.begin, each.end), about=sentence.text)


def _stated_as_other(subject: Subject, mention: Mention) -> bool:
    """Whether another item of the letter is about this side or level, so that the sentence may speak of it."""
    for heading in subject.headings.values():
        amounts = treatments.amounts(heading)
        if mention.kind is Kind.SIDE and mention.value in amounts.sides:
            return True
        if mention.kind is Kind.LEVEL and isinstance(mention.value, frozenset) and mention.value <= amounts.levels:
            return True
    return False


@check("QC-27", Severity.BLOCKS, "Summary and rationale speak of the item's side and level.")
def letter_is_about_the_item(subject: Subject) -> Said:
    """Heath 2016: where a text names the item's part or region of the spine only with another side or level."""
    for text in subject.rationales:
        if text.item is None:
            continue
        mine = treatments.amounts(subject.headings[text.item.id])
        for where in (text, subject.summary):
            told_of = [
                (sentence, each)
                for sentence in where.sentences
                if where.item is None or not subject.is_guideline(sentence.text)
                for each in subject.mentions(sentence.text, Kind.SIDE, Kind.LEVEL)
            ]
            wrong = [(sentence, each) for sentence, each in told_of if _against(each, mine.sides, mine.levels)]
            right = any(_for(each, mine.sides, mine.levels, wrong) for _, each in told_of)
            if wrong and not right and not _stated_as_other(subject, wrong[0][1]):
                if where is text and (_in_summary(subject, wrong[0][1]) or _REQUEST.search(wrong[0][0].text)):
                    continue
                sentence, each = wrong[0]
                words = sentence.text[each.begin : each.end]
                says = (
                    f"{where.name} speaks of “{words}” only; item {subject.case.ordinal(text.item.id)} is "
                    f"about {_item_told(mine, each)}."
                )
                yield Told(says, where.at(sentence, each.begin, each.end), about=sentence.text)


def _item_told(mine: treatments.Amounts, each: Mention) -> str:
    return " and ".join(sorted(told(value) for value in (mine.sides if each.kind is Kind.SIDE else mine.levels)))


def _against(each: Mention, sides: frozenset[object], levels: frozenset[object]) -> bool:
    """Whether a mention names the item's part with the other side, or its region of the spine with no level of it."""
    value = each.value
    if each.kind is Kind.SIDE and isinstance(value, tuple):
        same = {side[0] for side in sides if isinstance(side, tuple) and side[1] == value[1]}
        return bool(same) and value[0] not in same and "bilateral" not in same and value[0] != "bilateral"
    if isinstance(value, frozenset) and levels:
        theirs, mine = bones(value), bones(levels)
        return {bone[0] for bone in theirs} == {bone[0] for bone in mine} and not theirs & mine
    return False


def _for(
    each: Mention, sides: frozenset[object], levels: frozenset[object], wrong: list[tuple[Sentence, Mention]]
) -> bool:
    kinds = {mention.kind for _, mention in wrong}
    value = each.value
    if each.kind not in kinds:
        return False
    if each.kind is Kind.SIDE and isinstance(value, tuple):
        parts = {side[1] for side in sides if isinstance(side, tuple)}
        return value in sides or (value[0] == "bilateral" and value[1] in parts)
    return isinstance(value, frozenset) and bool(bones(value) & bones(levels))


def _in_summary(subject: Subject, mention: Mention) -> bool:
    return any(
        mention.value == each.value
        for sentence in subject.summary.sentences
        for each in subject.mentions(sentence.text, mention.kind)
    )


@check("QC-27", Severity.WARNS, "A part of the body has one side throughout the letter.")
def sides_are_steady(subject: Subject) -> Said:
    """A side that stands once against two or more mentions of the other is often a slip; comparisons are left alone.
    Where the record bears it out, nothing is said.
    """
    told_of = [
        (text, sentence, each)
        for text, sentence in subject.factual()
        if not subject.is_guideline(sentence.text)
        for each in subject.mentions(sentence.text, Kind.SIDE)
    ]
    counts = Counter(each.value for *_, each in told_of)
    written = counts + Counter(
        each.value for heading in subject.headings.values() for each in subject.mentions(heading, Kind.SIDE)
    )
    for text, sentence, each in told_of:
        side, part = each.value if isinstance(each.value, tuple) else ("", "")
        other = {"left": "right", "right": "left"}.get(side, "")
        both = written[("bilateral", part)]
        lone = written[each.value] == 1 and written[(other, part)] >= 2 and not both
        if (
            lone
            and other not in sentence.text.lower()
            and not subject.found(_ELSEWHERE, sentence.text)
            and not recorded(subject, each, sentence)
        ):
            words = sentence.text[each.begin : each.end]
            says = f"{text.name} says “{words}” once; the letter otherwise says {other} {part}."
            yield Told(says, text.at(sentence, each.begin, each.end), about=sentence.text)
