# SPDX-License-Identifier: AGPL-3.0-or-later
"""Public letters with one fact changed at a time, and a record that says what the unchanged letter says."""

import random
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from imr_desktop.checks import normalise, reading, sentences, subject_of
from imr_desktop.checks.reading import Kind, Mention
from imr_desktop.checks.sentences import Sentence
from imr_desktop.letter import published
from imr_desktop.models.determination import Determination
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.readable import Record, RecordPage
from imr_desktop.models.records import Document, DocumentType, PageRef, PageSpan, WordsOrigin

SAMPLES = Path(__file__).parent.parent / "samples" / "determinations"
TODAY = date(2026, 11, 23)
SEEN = datetime(2026, 11, 20, tzinfo=UTC)
KINDS = (Kind.DATE, Kind.AGE, Kind.SIDE, Kind.LEVEL, Kind.COUNT, Kind.STRENGTH, Kind.QUANTITY, Kind.SCORE)
WRONG_LEVEL = {"L": "L2-3", "C": "C3-4", "T": "T6-7"}


class Changed(NamedTuple):
    """A letter with one fact changed: its kind, whether it stands in the summary, the letter, the wrong words."""

    kind: str
    in_summary: bool
    determination: Determination
    wrong: str


def letters() -> tuple[Determination, ...]:
    """The public letters, read back."""
    return tuple(published.from_text(path.read_text(encoding="utf-8")) for path in sorted(SAMPLES.glob("*.txt")))


def record_of(letter: Determination, seed: int) -> Record:
    """A record that says what the letter's summary and its rationales' facts say, dates written otherwise."""
    chance = random.Random(seed)
    subject = subject_of(letter, TODAY)
    told = [sentence.text for sentence in sentences.of(letter.case.clinical_summary)]
    facts = [
        sentence.text
        for text in subject.rationales
        for sentence in text.sentences
        if not subject.is_guideline(sentence.text)
        and "medically necessary" not in sentence.text
        and reading.mentions(sentence.text)
    ]
    headings = [letter.heading(item) for item in letter.case.items]
    pages = [" ".join(told[at : at + 4]) for at in range(0, len(told), 4)] + [" ".join((*headings, *facts))]
    return Record(
        tuple(
            RecordPage(PageRef("a" * 64, n), n + 1, _otherwise(text, chance), WordsOrigin.DIGITAL, seen=SEEN)
            for n, text in enumerate(pages)
        )
    )


def listing(letter: Determination, record: Record) -> Determination:
    """The letter with its record's pages listed, as every case in work has them; what it omits it still omits."""
    whole = Document(
        "record", DocumentType.PROGRESS_REPORT, pages=(PageSpan("a" * 64, "record.pdf", 0, len(record.pages) - 1),)
    )
    return replace(letter, case=replace(letter.case, documents=(*letter.case.documents, whole)))


def _otherwise(text: str, chance: random.Random) -> str:
    for each in sorted(normalise.dates(text), key=lambda each: -each.begin):
        day = each.day
        forms = (f"{day.month}/{day.day}/{day.year}", day.strftime("%m-%d-%y"), f"{day:%B} {day.day}, {day.year}")
        text = text[: each.begin] + chance.choice(forms) + text[each.end :]
    return text


def changes(letter: Determination, seed: int) -> Iterator[Changed]:
    """Every fact of summary and rationales changed once; what guidelines say is left alone."""
    chance = random.Random(seed)
    subject = subject_of(letter, TODAY)
    narratives = (letter.case.clinical_summary, *(item.rationale for item in letter.case.items))
    for number, narrative in enumerate(narratives):
        for sentence in sentences.of(narrative):
            if number and subject.is_guideline(sentence.text):
                continue
            for mention in reading.mentions(sentence.text):
                wrong = _wrong(mention, sentence.text, chance) if mention.kind in KINDS else None
                if wrong and wrong != sentence.text[mention.begin : mention.end]:
                    changed = _written(narrative, sentence, mention, wrong)
                    yield Changed(mention.kind.value, number == 0, _with(letter, number, changed), wrong)


def _written(narrative: Narrative, sentence: Sentence, mention: Mention, wrong: str) -> Narrative:
    begin, end = sentence.span(mention.begin, mention.end)
    return Narrative(narrative.text[:begin] + wrong + narrative.text[end:])


def _with(letter: Determination, number: int, narrative: Narrative) -> Determination:
    if number == 0:
        return replace(letter, case=replace(letter.case, clinical_summary=narrative))
    items = list(letter.case.items)
    items[number - 1] = replace(items[number - 1], rationale=narrative)
    return replace(letter, case=replace(letter.case, items=tuple(items)))


def _wrong(mention: Mention, text: str, chance: random.Random) -> str | None:
    words = text[mention.begin : mention.end]
    if isinstance(mention.value, date):
        return f"{mention.value + timedelta(days=chance.choice((-30, -11, 7, 12, 33))):%m/%d/%Y}"
    if mention.kind is Kind.SIDE:
        sides = [side for side in ("left", "right") if side in words.lower()]
        other = {"left": "right", "right": "left"}
        return re.sub(sides[0], other[sides[0]], words, flags=re.IGNORECASE) if len(sides) == 1 else None
    if mention.kind is Kind.LEVEL:
        return WRONG_LEVEL.get(words[0].upper()) if len(words) < 8 else None
    return _other_number(mention.kind, words, chance)


def _other_number(kind: Kind, words: str, chance: random.Random) -> str | None:
    match = re.search(r"\d+(?:\.\d+)?", words)
    if match is None:
        return None
    number = float(match.group())
    other = {
        Kind.AGE: number + chance.choice((-9, -2, 3, 10)),
        Kind.SCORE: (number + chance.choice((2, 3, 4))) % 10,
        Kind.COUNT: number + chance.choice((1, 2, 4)),
        Kind.QUANTITY: number + chance.choice((15, 30, 3)),
        Kind.STRENGTH: number * chance.choice((2, 0.5, 10)),
    }[kind]
    return f"{words[: match.start()]}{other:g}{words[match.end() :]}"
