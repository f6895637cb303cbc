# SPDX-License-Identifier: AGPL-3.0-or-later
"""The header's facts against the narrative: injury date, UR decision date, age, sex."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date

from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.normalise import us
from imr_desktop.checks.reading import Kind, Mention
from imr_desktop.checks.sentences import Sentence
from imr_desktop.checks.subject import Text
from imr_desktop.models.case import InjuryDate
from imr_desktop.models.places import Place
from imr_desktop.models.records import DocumentType

_WORDS_BETWEEN = (
    r"(?:(?!seen|visit|report|note|mri|x-ray|evaluat|exam|treated|surg|underwent|since|after|request"
    r")[\w'/()-]+[\s,:]+){0,6}?"
)
_INJURY_BEFORE = re.compile(
    r"\b(?:date of (?:injury|loss|accident)|DOI|injur(?:y|ed|ies)(?!\s+workers?\b)|accident|"
    r"(?:occupational|industrial) (?:claim|illness)"
    rf"|cumulative trauma)[\s,:]+{_WORDS_BETWEEN}\(?$",
    re.IGNORECASE,
)
_OTHER_INJURY = re.compile(
    r"\b(?:prior|previous|earlier|old|another|second|subsequent|non-?industrial|re-?injur\w+)\b", re.IGNORECASE
)
_UR = (
    r"(?:utili[sz]ation review|\bUR\b|(?:prior|previous|adverse|original) (?:determination|review|decision"
    r")|claims administrator)"
)
_UR_BEFORE = re.compile(
    rf"{_UR}(?!.*\b(?:request for authori[sz]ation|RFA|date of service|DOS|referenc\w+)\b)[^.;]{{0,60}}?"
    r"(?:\bdated|\bof|\bon|\bfrom|\(|\))\s*\(?$"
    r"|\b(?:non-?certified|not certified|denied|modified|non-?approved|previously reviewed)\b(?: by [\w' ]"
    r"{1,40})?,? on\s*$",
    re.IGNORECASE,
)
_UR_AFTER = re.compile(
    rf"^[,)\s]*(?:the |a |an |original )*(?:{_UR}[^.;]{{0,40}}?\b(?:denied|modified|determined|"
    rf"non-?certified|issued|certified|decided)"
    r"|request[^.;]{0,200}?\bwas (?:denied|modified|non-?certified|not certified) by (?:the )?utili[sz]ation review)",
    re.IGNORECASE,
)
_AT_THE_TIME = re.compile(r"\bat the time of|\bwhen (?:he|she|they) (?:was|were)\b|\bat (?:the )?age\b", re.IGNORECASE)
_OTHER_PERSON = re.compile(
    r"\b(?:wife|husband|spouse|son|daughter|mother|father|brother|sister|child|children|family|partner|friend|mom|dad|"
    r"doctor|dr|physician|provider|surgeon|therapist|chiropractor|psychologist|nurse|examiner|evaluator|specialist|"
    r"attorney|interpreter|supervisor|co-?worker|employer|who|patients)\b",
    re.IGNORECASE,
)
_WORKER = r"(?:patient|injured worker|claimant|applicant|worker|individual|employee|IW)"
_IS_SEX = re.compile(
    rf"(?:\b{_WORKER}\s+(?:is|was)\s+(?:an?\s+)?(?:now\s+)?(?:\d+[\s-]*\w+[\s-]*old[\s,]+)?|(?:years?|yr)["
    rf"\s-]*old[\s,]+|\by/?o[\s,]+)"
    r"(?:[a-z-]+\s+){0,2}?((?:fe)?male|man|woman|gentleman|lady)\b",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(he|his|him|himself|she|hers?|herself)\b(?!/)", re.IGNORECASE)
_STARTS_WITH_WORKER = re.compile(rf"^(?:the |this )?{_WORKER}\b", re.IGNORECASE)


@check("QC-05", Severity.BLOCKS, "The injury date in summary and rationales is the header's.")
def injury_date_agrees(subject: Subject) -> Said:
    """LC 4610.6(h), ground 5: a date that the header contradicts is a plainly erroneous fact. Any day of a cumulative
    trauma is right.
    """
    injury = subject.case.header.date_of_injury
    if injury is None:
        return
    for text, sentence in subject.told():
        for each, before, _ in _dated(subject, sentence):
            day = each.value
            if is_injury_date(before) and isinstance(day, date) and not _within(injury, day):
                says = f"{text.name} gives {us(day)} as the date of injury; the header says {injury.printed()}."
                yield Told(says, text.at(sentence, each.begin, each.end), about=sentence.text)


@check("QC-06", Severity.WARNS, "The UR decision date in summary and rationales is the header's.")
def ur_date_agrees(subject: Subject) -> Said:
    """LC 4610.6(h), ground 5. A date on which the documents list has an earlier UR decision is right too."""
    decided = subject.case.header.ur_decision_date
    if decided is None:
        return
    kinds = (DocumentType.PRIOR_UR, DocumentType.UR_DETERMINATION, DocumentType.PRIOR_IMR)
    right = {document.date for document in subject.case.documents if document.type in kinds} | {decided}
    for text, sentence in subject.told():
        for each, before, after in _dated(subject, sentence):
            at_start = not before.strip(" ,(").lower().removeprefix("on").strip()
            if not _UR_BEFORE.search(before) and not (at_start and _UR_AFTER.search(after)):
                continue
            if isinstance(each.value, date) and each.value not in right:
                says = f"{text.name} dates the UR decision {us(each.value)}; the header says {us(decided)}."
                yield Told(says, text.at(sentence, each.begin, each.end), about=sentence.text)


@check("QC-07", Severity.WARNS, "The age agrees with birth and injury dates, and is the same everywhere.")
def age_agrees(subject: Subject) -> Said:
    """LC 4610.6(h), ground 5. An age is right between the day of injury and the day of the decision."""
    told = [each for each in _ages(subject) if not _AT_THE_TIME.search(each[1].text)]
    first: int | None = None
    for text, sentence, each in told:
        years = each.value
        if not isinstance(years, int):
            continue
        place = text.at(sentence, each.begin, each.end)
        possible = ages_possible(subject)
        if possible and not possible[0] <= years <= possible[1]:
            says = f"{text.name} says {years} years; by the birth date the worker was {_range(possible)}."
            yield Told(says, place, about=sentence.text)
        elif not 14 <= years <= 95:
            yield Told(f"{text.name} says {years} years, which no worker is likely to be.", place, about=sentence.text)
        elif first is not None and years != first:
            yield Told(
                f"{text.name} says {years} years; the letter says {first} elsewhere.", place, about=sentence.text
            )
        first = years if first is None else first


@check("QC-08", Severity.WARNS, "The worker is called male or female alike everywhere.")
def sex_is_the_same(subject: Subject) -> Said:
    """LC 4610.6(h), ground 5: only plain statements ("34-year-old male") are held against one another."""
    first: str | None = None
    for text, sentence, sex, span in _sexes(subject):
        if first is not None and sex != first:
            yield Told(
                f"{text.name} says {sex}; the letter says {first} elsewhere.",
                text.at(sentence, *span),
                about=sentence.text,
            )
        first = first or sex


@check("QC-08", Severity.INFORMS, "Pronouns agree with the worker's sex.")
def pronouns_agree(subject: Subject) -> Said:
    """Reference QC-08: a pronoun may mean the provider, so only sentences about the worker alone are looked at, and
    only a letter in which the wrong pronoun is no mere exception is told once.
    """
    sexes = [sex for *_, sex, _ in _sexes(subject)]
    if not sexes:
        return
    told: Counter[str] = Counter()
    wrong: list[tuple[str, Place, str]] = []
    for text in subject.texts:
        of_worker = False
        for sentence in text.sentences:
            if subject.found(_OTHER_PERSON, sentence.text):
                of_worker = False
                continue
            of_worker = of_worker or subject.found(_STARTS_WITH_WORKER, sentence.text) is not None
            for match in _PRONOUN.finditer(sentence.text) if of_worker else ():
                sex = "male" if match.group().lower().startswith("hi") or match.group().lower() == "he" else "female"
                told[sex] += 1
                if sex != sexes[0]:
                    wrong.append((match.group(), text.at(sentence, *match.span()), sentence.text))
    if wrong and len(set(sexes)) == 1:
        word, place, about = wrong[0]
        yield Told(f"“{word}” seems to mean the worker, who is called {sexes[0]}.", place, about=about)


def is_injury_date(before: str) -> bool:
    """Whether the words before a date say that it is the day of the injury under review."""
    match = _INJURY_BEFORE.search(before)
    return match is not None and not _OTHER_INJURY.search(before[max(0, match.start() - 25) :])


def ages_possible(subject: Subject) -> tuple[int, int] | None:
    """The ages that the worker had between injury and decision, where the birth date is known."""
    header = subject.case.header
    born, injury = header.employee.birth_date, header.date_of_injury
    if born is None:
        return None
    last = header.decision_date or subject.today
    return _years(born, injury.first if injury else last), _years(born, last)


def _range(ages: tuple[int, int]) -> str:
    return str(ages[0]) if ages[0] == ages[1] else f"{ages[0]} to {ages[1]}"


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _within(injury: InjuryDate, day: date) -> bool:
    return day == injury.first if injury.last is None else injury.first <= day <= injury.last


def _dated(subject: Subject, sentence: Sentence) -> Iterator[tuple[Mention, str, str]]:
    for each in subject.mentions(sentence.text, Kind.DATE):
        yield each, sentence.text[: each.begin], sentence.text[each.end :]


def _ages(subject: Subject) -> Iterator[tuple[Text, Sentence, Mention]]:
    for text, sentence in subject.factual():
        if not subject.is_guideline(sentence.text) and not subject.found(
            _OTHER_PERSON, sentence.text.partition("old")[0]
        ):
            for each in subject.mentions(sentence.text, Kind.AGE):
                yield text, sentence, each


def _sexes(subject: Subject) -> Iterator[tuple[Text, Sentence, str, tuple[int, int]]]:
    for text, sentence in subject.factual():
        match = subject.found(_IS_SEX, sentence.text)
        if match:
            sex = "female" if match.group(1).lower() in ("female", "woman", "lady") else "male"
            yield text, sentence, sex, match.span(1)
