# SPDX-License-Identifier: AGPL-3.0-or-later
"""Claims that something is absent: found in a sentence, and taken apart into what is said not to be there."""

import re
from typing import NamedTuple

from imr_desktop import assets
from imr_desktop.checks import tables
from imr_desktop.checks.index import forms

_EVIDENCE = (
    r"(?:documentation|documented (?:evidence|history|trial|failure|findings?)|documents?|evidence|"
    r"indication|mention|records?|reports?|rationale|description|discussion|note|proof|"
    r"confirmation|diagnosis|diagnoses|information|findings?|signs?|details?|data|assessment|history|trial|statement)"
)
_LOOSE = (
    r"(?:clear|documented|objective|sufficient|adequate|clinical|recent|specific|submitted|current|"
    r"subjective|significant|further|additional|evidence[- ]based|"
    r"compelling|convincing|definitive|measurable|quantified|detailed|other|such|any|evidenced|physical|"
    r"examination|exam|medical|seeming|of)"
)
_JOIN = (
    r"(?:that|of|to (?:suggest|indicate|support|show|demonstrate|include|corroborate|confirm)|to|for|"
    r"regarding|indicating|showing|which|demonstrating|supporting|suggesting|with|about|as to|on whether|"
    r"on|in "
    r"regards to|concerning)"
)
_VERB = (
    r"(?:document|provide|show|demonstrate|mention|indicate|specify|include|describe|establish|identify|"
    r"furnish|discuss|address|report|record|note|list|submit|reveal|contain|state|reflect|outline|detail|"
    r"support|substantiate)"
)
_PAST = (
    r"(?:documented|provided|noted|specified|submitted|included|mentioned|reported|described|evident|"
    r"demonstrated|established|shown|found|recorded|identified|"
    r"apparent|present|available|addressed|seen|discussed|furnished|outlined|stated|given|listed|checked|"
    r"performed|completed|attempted|tried|obtained|appreciated|detailed)"
)
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # no documentation of X; without evidence of X; a lack of documentation with X; insufficient evidence that X
        rf"\b(?:no|without|lack(?:s|ed|ing)?(?: of)?|absence of|insufficient|inadequate|limited|nor (?:is|was) "
        rf"there)\s+(?:an?\s+)?(?:{_LOOSE}[\s,]+(?:and\s+)?){{0,3}}{_EVIDENCE}"
        rf"(?:\s+(?:in|within|from|by|on)\s+(?:the\s+)?[\w' ]{{3,40}}?)?\s*,?\s+{_JOIN}\s+(?P<what>[^.;:]+)",
        # the records do not document X; the provider failed to furnish X; fails to
        rf"\b(?:do(?:es)?|did|has|have)\s+not\s+(?:\w+ly\s+)?{_VERB}\s+(?P<what>[^.;:]+)",
        rf"\b(?:fail(?:s|ed|ing|ure)?|neglect(?:s|ed)?)\s+to\s+(?:\w+ly\s+)?{_VERB}\s+(?P<what>[^.;:]+)",
        r"\b(?:made|makes|make)\s+no\s+mention\s+(?:of|on|about|whether)\s+(?P<what>[^.;:]+)",
        # X is not documented; X has not been provided
        (
            rf"(?P<what>[^.;:]{{3,160}}?)\s+(?:is|are|was|were|has|have|had)\s+(?:also\s+)?not\s+(?:been\s+)?(?:\w+"
            rf"ly\s+)?{_PAST}\b"
        ),
        # lack of X; absence of X; without X (documented)
        r"\b(?:lack(?:s|ed|ing)?\s+of|absence\s+of|lacks|lacked|lacking)\s+(?P<what>[^.;:]+)",
        (
            r"\b(?:there\s+(?:is|are|was|were)|has|had|have|with|revealed|shows?|"
            r"showed)\s+no\s+(?P<what>(?!(?:exceptional|extenuating|other|need|reason|longer|more|further|"
            r"guideline|change)\b)[^.;:]+)"
        ),
        (
            rf"\bno\s+(?P<what>(?!(?:exceptional|extenuating|other|need|reason|longer|more|further|guideline)\b)[^."
            rf";:,]{{3,80}}?)\s+(?:is|are|was|were|has been|have been|had been)?\s*{_PAST}\b"
        ),
        # has not tried and failed X; has not been diagnosed with X
        (
            r"\b(?:has|have|had)\s+not\s+(?:yet\s+)?(?:been\s+diagnosed\s+with|trialed|tried|undergone|received|"
            r"completed|attempted|failed|participated\s+in|had)\s+(?P<what>[^.;:]+)"
        ),
        r"\bunclear\s+(?:what|whether|if|of)\s+(?P<what>[^.;:]+)",
    )
)
_END_OF_WHAT = re.compile(
    r",\s+(?:and\s+)?(?:the|this|it|which|thus|therefore|so|as|but|since|because|given|moreover|however|he"
    r"|she|proceeding|making|suggesting|indicating|warranting|rendering|thereby)\b|"
    r"\bnor (?:is|was|were|are)\b|\b(?:to (?:support|warrant|justify|suggest|substantiate|"
    r"necessitate|cause|establish)|that would|which would|in order to|at this time|prior to|with prior use"
    r"|with the (?:use|prior)|in the (?:records?|documentation|notes?|report|"
    r"medical|clinical|submitted|file)|on (?:the )?(?:physical )?exam\w*|noted|documented|from (?:the )?(?"
    r":prior|previous)|such as a recent|despite|although|while|until|because|"
    r"therefore|consistent with the need|for (?:the )?(?:request|continu\w+|ongoing)|based on the records|"
    r"beyond|is not|are not|was not|were not)\b|\s*\($",
    re.IGNORECASE,
)
_NOT_A_CLAIM = re.compile(
    r"\b(?:not (?:medically )?(?:necessary|indicated|recommended|supported)|no more than|no longer|no "
    r"(?:affiliation|exceptional|extenuating)|whether or not|if (?:there is )?no|when (?:there is )?no|"
    r"in cases? (?:of|where)|unless)\b",
    re.IGNORECASE,
)
_ABOUT_THE_REQUEST = re.compile(
    r"\b(?:the request\w*|this request|request(?:ed)? (?:as submitted|service)|quantity|duration and "
    r"frequency|body part|medical necessity|rationale)\b",
    re.IGNORECASE,
)
# That a need was not shown is the question that the reviewer decides; of what is in the file it says nothing.
_OF_NEED = re.compile(
    r"\s*(?:\w+ ){0,3}?(?:the |a |any )?(?:medical )?(?:need|necessity) (?:for|of|to)\b", re.IGNORECASE
)
_LEAD = re.compile(
    r"\s*(?:moreover|however|additionally|furthermore|also|in addition|finally|in this case|here),\s+", re.IGNORECASE
)
_FILLING = frozenset(
    forms(
        "the a an of to and or for with any that this these those there has have had been is are was were his"
        " her their its by in on at as from the patient injured worker claimant applicant individual provider"
        " physician current recent clear objective subjective significant adequate sufficient documented "
        "documentation evidence specific appropriate previous prior use trial tried failed failure trialed "
        "treatment treating course proper care medical necessary medication medications including include "
        "included "
        "such other which would need further additional ongoing who actual amount number what due if be can "
        "not no numerical quantified quality measurable demonstrated noted exam examination physical "
        "findings "
        "finding sign signs clinical history response benefit results result patient's least initial total "
        "complete completed attempt attempted support continued continuation event events complaint "
        "complaints "
        "deficit deficits evaluate evaluation"
    )
)


class Claim(NamedTuple):
    """One claim of absence: what is said not to be there (from, to, its words), and what to look for.

    ``concepts`` are named rows of the synonyms table; where none fits, ``words`` are the telling words of what is said
    to be absent, all of which must stand together.
    """

    begin: int
    end: int
    what: str
    concepts: tuple[str, ...]
    words: tuple[str, ...]


def claims(sentence: str) -> tuple[Claim, ...]:
    """The claims of absence in a sentence; what is said of the request itself is none."""
    if _NOT_A_CLAIM.search(sentence) and not re.search(r"\bevidence|document|lack|fail", sentence, re.IGNORECASE):
        return ()
    found: list[Claim] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(sentence):
            begin, end = match.span("what")
            lead = _LEAD.match(sentence, begin, end)
            begin = lead.end() if lead else begin
            what = _cut(sentence[begin:end])
            if any(claim.begin <= begin < claim.end or begin <= claim.begin < begin + len(what) for claim in found):
                continue
            claim = _claim(begin, what)
            if claim is not None:
                found.append(claim)
    return tuple(sorted(found))


def _cut(what: str) -> str:
    """What is said to be absent up to where its clause ends; leading blanks stay, so that its place holds."""
    end = _END_OF_WHAT.search(what, 1)
    return (what[: end.start()] if end else what).rstrip(" ,")


def _claim(begin: int, what: str) -> Claim | None:
    if not what or _OF_NEED.match(what) or (_ABOUT_THE_REQUEST.search(what) and len(what.split()) < 6):
        return None
    concepts = _concepts(what)
    words = tuple(
        dict.fromkeys(each for each in forms(what) if each not in _FILLING and len(each) > 2 and not each.isdigit())
    )
    if not concepts and not words:
        return None
    return Claim(begin, begin + len(what), what, concepts, words[:5])


def _concepts(what: str) -> tuple[str, ...]:
    """The concepts that what is said to be absent names, the more exact ones first.

    A concept called by its own name outdoes those that merely list the phrase, and a longer phrase a part of it.
    """
    said = forms(what)
    found: list[tuple[float, float, str]] = []
    for name in tables.concepts():
        spans = [
            (span, number == 0) for number, phrase in enumerate(phrases_of(name)) if (span := _stands(phrase, said))
        ]
        if spans:
            (begin, end), own = max(spans, key=lambda each: (each[0][1] - each[0][0], each[1]))
            found.append((begin, end + (0.5 if own else 0), name))
    kept = [one for one in found if not any(_outdoes(other, one) for other in found)]
    return tuple(name for _, _, name in sorted(kept, key=lambda one: (one[0] - one[1], one[2])))[:3]


@assets.from_tables
def phrases_of(concept: str) -> tuple[tuple[str, ...], ...]:
    """The searching forms of a concept's name and of its synonyms."""
    return tuple(map(forms, (concept, *tables.concepts()[concept])))


def _outdoes(one: tuple[float, float, str], other: tuple[float, float, str]) -> bool:
    """Whether the first covers the second and is longer, a concept's own name counting as half a word more."""
    return one[0] <= other[0] and one[1] >= other[1] and one[1] - one[0] > other[1] - other[0]


def _stands(phrase: tuple[str, ...], said: tuple[str, ...]) -> tuple[int, int] | None:
    """Where a phrase stands in the words: (from, to); its words may have others between them if it is a longer one."""
    size = len(phrase)
    if size > 2:
        places = [said.index(word) for word in phrase if word in said]
        near = len(places) == size and max(places) - min(places) <= size + 2
        return (min(places), max(places) + 1) if near else None
    return next(
        ((at, at + size) for at in range(len(said) - size + 1) if size and said[at : at + size] == phrase), None
    )


_NEGATED = re.compile(
    r"\b(?:no|not|without|denie[sd]|deny|denying|negative|never|lack(?:s|ing)?(?: of)?|absence of|free of|"
    r"absent|rule[sd]? out|unremarkable|nor)\b[^.;:,]{0,45}$"
    r"|\b(?:denie[sd]|deny|denying|negative for|no (?:history|complaints?|signs?|evidence) of)\b[^.;:]{0,90}$",
    re.IGNORECASE,
)
_NEGATED_AFTER = re.compile(
    r"^[^.;:,]{0,25}\b(?:is|are|was|were)?\s*(?:negative|absent|not (?:been )?(?:present|noted|seen|"
    r"documented|found|provided|submitted|specified|given|"
    r"established|completed|checked|performed|done|included|available|attempted|tried|detailed|described|stated|"
    r"mentioned|recorded|identified|reported|demonstrated|discussed|addressed|clear)|denied|ruled out|normal)\b",
    re.IGNORECASE,
)


def is_negated(text: str, begin: int, end: int) -> bool:
    """Whether words of a text stand in a negation: "denies", "no evidence of", "is negative"."""
    return (
        _NEGATED.search(text[max(0, begin - 110) : begin]) is not None
        or _NEGATED_AFTER.search(text[end : end + 45]) is not None
    )
