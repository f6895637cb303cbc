# SPDX-License-Identifier: AGPL-3.0-or-later
"""The outcome against its rationale: necessity stated, agreeing, decided whole, and not on the MTUS's silence alone."""

import re
from typing import NamedTuple

from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.sentences import Sentence
from imr_desktop.checks.subject import Text
from imr_desktop.models.citations import MtusCitation
from imr_desktop.models.items import Outcome

_NECESSARY = re.compile(
    r"\bmedically\s+(?:necessary|appropriate)|\bmedical necessity\b|\bmedical need\b|\b(?:is|are|not) necessary\b",
    re.IGNORECASE,
)
_SOFTER = re.compile(
    r"\b(?:request\w*|treatment|service|procedure|surgery|therapy|medication|item|study|testing|heading)\b"
    r"[^.;]{0,120}?\b(?:is|are|was|were|be|been|seems?)\s+"
    r"(?:\w+\s+){0,3}?(?:supported|indicated|warranted|approved|certified|authori[sz]ed|appropriate|"
    r"established|recommended|reasonable|justified)\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:not|no|nor|cannot|never|isn't|aren't|wasn't|fails?|failed|lacks?|without|unable|denied|"
    r"un(?:supported|necessary|warranted))\b",
    re.IGNORECASE,
)
_ESTABLISHED = re.compile(
    r"\b(?:established|supported|demonstrated|shown|documented|met|substantiated|evident|proven)\b", re.IGNORECASE
)
_NOT_A_DECISION = re.compile(
    r"\bthis (?:medical necessity )?decision (?:addresses|should)\b|\bdeem|\b(?:guidelines?|MTUS|ODG|ACOEM"
    r")\b[^.]{0,60}\b(?:states?|recommends?|considers?)\b|\bif\b[^.]{0,40}"
    r"medically necessary|\bmedically necessary when\b|\bdue to the medical necessity\b|\bmedical "
    r"necessity (?:to|of 3|for diagnostic)\b|\bmedically necessity\b"
    r"|\bas to the medical necessity\b|\bwould demonstrate medical necessity\b|\bin order to\b|\bto "
    r"(?:support|establish|determine|warrant|justify) (?:the )?medical necessity",
    re.IGNORECASE,
)
_DEEMED = re.compile(r"\bdeemed\b[^.]*\b(?:request|not medically|medically)\b", re.IGNORECASE)
_SILENT = re.compile(
    r"\b(?:MTUS|ACOEM|guidelines?)\b[^.]{0,60}\b(?:(?:do(?:es)?|did) not (?:\w+ )?(?:address|discuss|"
    r"mention|cover)|(?:is|are) silent|make[s]? no "
    r"(?:recommendation|mention)|not addressed)|\bnot (?:specifically )?addressed (?:by|in|within) (?:the "
    r")?(?:\w+ )?(?:MTUS|ACOEM|guidelines?)",
    re.IGNORECASE,
)
_PARTIAL = re.compile(
    r"\b(?:partial(?:ly)?\s+(?:certif|approv|authori|medically)\w*|modif(?:y|ied|ication)\s+(?:to|of the "
    r"request|is recommended)|(?:is|are|be)\s+(?:conditionally|partially)\b"
    r"|(?:medically necessary|approved|certified|authori[sz]ed)\s+(?:only\s+)?(?:if|provided|contingent|on"
    r" condition|for (?:a )?(?:one|1)|up to)"
    r"|recommend(?:ed)?\s+(?:certif|approv|authori)\w+\s+(?:of|for)|(?:instead|in place of (?:this|the "
    r"request))\b[^.]*\b(?:is|would be|are)\s+(?:recommended|appropriate|approved|medically)"
    r"|(?:weaning|taper(?:ing)?)\b[^.]{0,40}\bis\s+(?:recommended|approved|certified|authori[sz]ed)|one (?"
    r":additional )?(?:month|refill)[^.]{0,40}\bfor (?:weaning|taper))",
    re.IGNORECASE,
)


class Stated(NamedTuple):
    """A sentence that says whether something is necessary: where, and which."""

    text: Text
    sentence: Sentence
    necessary: bool
    firm: bool


def closing(text: Text, heading: str) -> Stated | None:
    """The last sentence of a rationale that states whether its item is necessary; firm where it says just so.

    A heading that itself contains such words is taken out first.
    """
    softer: Stated | None = None
    for sentence in reversed(text.sentences):
        words = _without(sentence.text, heading)
        if _NOT_A_DECISION.search(words) and not _DEEMED.search(words):
            continue
        match = _NECESSARY.search(words)
        if match:
            return Stated(text, sentence, _affirms(words, match), firm=True)
        match = _SOFTER.search(words)
        if match and softer is None:
            softer = Stated(text, sentence, not _NOT.search(match.group()), firm=False)
    return softer


def _affirms(words: str, match: re.Match[str]) -> bool:
    """Whether a statement of necessity affirms: no negation in its clause, before or (of necessity itself) after it."""
    clause = re.split(r"[;:]|,\s+(?:but|and|as|since|because|while|although|given)\b|\bbut\b", words[: match.start()])[
        -1
    ]
    before = clause[-90:]
    if _NOT.search(before):
        return False
    after = words[match.end() : match.end() + 90].split(";")[0]
    if "necessity" in match.group().lower():
        negated = _NOT.search(after)
        return negated is None or not _ESTABLISHED.search(after)
    return True


def _without(sentence: str, heading: str) -> str:
    at = sentence.lower().find(heading.lower().strip(" .")) if len(heading) > 12 else -1
    return sentence if at < 0 else sentence[:at] + "it" + sentence[at + len(heading.strip(" .")) :]


@check("QC-25", Severity.BLOCKS, "A rationale states necessity in its closing, and that agrees with the outcome.")
def closing_agrees(subject: Subject) -> Said:
    """Reference QC-25: the sentence that the parties read as the decision."""
    for text in subject.rationales:
        item = text.item
        if item is None or item.outcome is None or not text.sentences:
            continue
        stated = _stated(subject, text)
        if stated is None:
            says = f"{text.name} does not say whether the treatment is medically necessary."
            last = text.sentences[-1]
            yield Told(says, text.at(last), about=last.text)
        elif stated.firm and stated.necessary != (item.outcome is Outcome.OVERTURNED):
            finds = "necessary" if stated.necessary else "not necessary"
            says = f"{text.name} finds the treatment {finds}, but the outcome is {item.outcome.value}."
            yield Told(says, text.at(stated.sentence), about=stated.sentence.text)


@check("QC-25", Severity.WARNS, "A rationale's closing does not lean against the outcome.")
def closing_leans_the_same_way(subject: Subject) -> Said:
    """Words such as "supported" or "indicated" in place of necessity, leaning against the outcome."""
    for text in subject.rationales:
        item = text.item
        stated = _stated(subject, text) if item is not None and text.sentences else None
        if item is None or item.outcome is None or stated is None or stated.firm:
            continue
        if stated.necessary != (item.outcome is Outcome.OVERTURNED):
            says = f"{text.name} closes in favour of the other outcome; the outcome is {item.outcome.value}."
            yield Told(says, text.at(stated.sentence), about=stated.sentence.text)


@check("QC-49", Severity.BLOCKS, "That the MTUS does not address a treatment is not the sole ground of an uphold.")
def silence_is_not_the_sole_ground(subject: Subject) -> Said:
    """8 CCR 9792.21(d): treatment may not be refused solely because the MTUS does not address it."""
    for text in subject.rationales:
        item = text.item
        if item is None or item.outcome is not Outcome.UPHELD:
            continue
        silent = [sentence for sentence in text.sentences if subject.found(_SILENT, sentence.text)]
        cited = item.reviewer_guideline.citations if item.reviewer_guideline else ()
        outside = [each for each in cited if not isinstance(each, MtusCitation)]
        grounds = [
            sentence
            for sentence in text.sentences
            if sentence not in silent
            and not subject.found(_NECESSARY, sentence.text)
            and len(sentence.text.split()) > 4
        ]
        if silent and not grounds and not outside:
            says = f"{text.name} refuses the treatment on the sole ground that the MTUS does not address it."
            yield Told(says, text.at(silent[0]), about=silent[0].text)


@check("QC-57", Severity.WARNS, "No partial approval, no condition, no other treatment in place of the decision.")
def decision_is_whole(subject: Subject) -> Said:
    """Reference 3.6: the outcome is Upheld or Overturned; there is no third value."""
    for text in subject.rationales:
        for sentence in text.sentences:
            match = subject.found(_PARTIAL, sentence.text)
            if match and not subject.is_guideline(sentence.text) and not subject.is_of_ur(sentence.text):
                says = f"{text.name} seems to decide in part or on condition: “{match.group()}”."
                yield Told(says, text.at(sentence, *match.span()), about=sentence.text)


def is_silent(sentence: str) -> bool:
    """Whether a sentence says that the MTUS does not address something."""
    return _SILENT.search(sentence) is not None


def _stated(subject: Subject, text: Text) -> Stated | None:
    heading = subject.headings[text.item.id] if text.item is not None else ""
    return subject.memory.remember(
        ("closing", text.narrative.text, heading, text.place.row), lambda: closing(text, heading)
    )
