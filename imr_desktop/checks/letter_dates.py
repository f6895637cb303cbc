# SPDX-License-Identifier: AGPL-3.0-or-later
"""The letter against itself: dates that can be, that the summary knows, and that are no slips of one another."""

import re
from collections import Counter
from datetime import date

from imr_desktop.checks.finding import Said, Severity, Subject, Told, check
from imr_desktop.checks.header_facts import is_injury_date
from imr_desktop.checks.lookup import recorded
from imr_desktop.checks.normalise import us
from imr_desktop.checks.reading import Kind, Mention

_PAST = re.compile(
    r"\b(?:prior|previous(?:ly)?|past|history|historical|earlier|before|old|since|years? ago|remote|"
    r"pre-?exist\w*|already|status post|s/p|in (?:19|20)\d\d|"
    r"former\w*|chronic|surgical|underwent|born|birth|DOB|non-?industrial|initial(?:ly)?|first)\b",
    re.IGNORECASE,
)
_OF_SOURCE = re.compile(
    r"\b(?:MTUS|guidelines?|ODG|ACOEM|UpToDate|effective|published|accessed|edition|updated|revised|version)\b",
    re.IGNORECASE,
)


@check("QC-53", Severity.WARNS, "No date lies after the decision; one before the injury is marked as history.")
def dates_are_possible(subject: Subject) -> Said:
    """Reference QC-53. A guideline's own date is no date of the case."""
    header = subject.case.header
    last = header.decision_date or subject.today
    injury = header.date_of_injury
    for text, sentence in subject.factual():
        marked: list[str] = []
        for each in subject.mentions(sentence.text, Kind.DATE):
            day = each.value
            if (
                not isinstance(day, date)
                or _is_a_sources(sentence.text, each)
                or is_injury_date(sentence.text[: each.begin])
            ):
                continue
            if day > last:
                says = f"{text.name} gives {us(day)}, which lies after {us(last)}, the day of the decision."
                yield Told(says, text.at(sentence, each.begin, each.end), about=sentence.text)
            elif injury is not None and day < injury.first and not subject.found(_PAST, sentence.text):
                marked.append(us(day))
        if marked and injury is not None:
            says = (
                f"{text.name} gives {' and '.join(marked)}, before the injury ({us(injury.first)}), and does "
                f"not mark it as history."
            )
            yield Told(says, text.at(sentence), about=sentence.text)


@check("QC-53", Severity.WARNS, "A date of a rationale stands in the summary, the header or the documents list.")
def dates_are_the_summarys(subject: Subject) -> Said:
    """LC 4610.6(e): a rationale rests on what the summary tells. Each date is told once; one that the record bears out
    is right.
    """
    known = {
        each.value for sentence in subject.summary.sentences for each in subject.mentions(sentence.text, Kind.DATE)
    }
    header, injury = subject.case.header, subject.case.header.date_of_injury
    known |= {header.ur_decision_date, header.application_received, header.date_assigned, header.decision_date}
    known |= {injury.first, injury.last} if injury is not None else set()
    known |= {document.date for document in subject.case.documents}
    known |= {day for item in subject.case.items for day in item.dos}
    for text in subject.rationales:
        for sentence in text.sentences:
            for each in subject.mentions(sentence.text, Kind.DATE):
                if each.value in known or _is_a_sources(sentence.text, each) or not isinstance(each.value, date):
                    continue
                known.add(each.value)
                if not recorded(subject, each, sentence):
                    says = f"{text.name} gives {us(each.value)}, which neither the summary nor the documents list has."
                    yield Told(says, text.at(sentence, each.begin, each.end), about=sentence.text)


@check("QC-53", Severity.WARNS, "A date is not another one of the letter with a slip of year or month.")
def dates_are_not_slips(subject: Subject) -> Said:
    """A lone date that differs from a repeated one only in its year, or by day and month exchanged."""
    told_of = [
        (text, sentence, each)
        for text, sentence in subject.factual()
        for each in subject.mentions(sentence.text, Kind.DATE)
        if not _is_a_sources(sentence.text, each) and not is_injury_date(sentence.text[: each.begin])
    ]
    counts = Counter(each.value for *_, each in told_of)
    header, injury = subject.case.header, subject.case.header.date_of_injury
    fixed = {header.ur_decision_date, header.application_received, injury.first if injury else None} - {None}
    common = fixed | {day for day, number in counts.items() if number > 1}
    for text, sentence, each in told_of:
        day = each.value
        if counts[day] != 1 or day in common or not isinstance(day, date) or recorded(subject, each, sentence):
            continue
        meant = next((other for other in common if isinstance(other, date) and _slip(day, other)), None)
        if meant is not None and not any(document.date == day for document in subject.case.documents):
            says = f"{text.name} gives {us(day)} once; {us(meant)} may be meant."
            yield Told(says, text.at(sentence, each.begin, each.end), about=sentence.text)


def _slip(day: date, other: date) -> bool:
    if (day.month, day.day) == (other.month, other.day):
        return day.year != other.year
    return day.year == other.year and (day.month, day.day) == (other.day, other.month)


def _is_a_sources(sentence: str, each: Mention) -> bool:
    return _OF_SOURCE.search(sentence[max(0, each.begin - 60) : each.begin]) is not None
