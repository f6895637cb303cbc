# SPDX-License-Identifier: AGPL-3.0-or-later
"""Generated cases whose truth is known, and errors planted in them one at a time; every person in them is a role."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

from imr_desktop.models.case import (
    Case,
    CaseHeader,
    ClaimsAdministrator,
    Employee,
    Employer,
    Imro,
    InjuryDate,
    LetterText,
    RequestingPhysician,
)
from imr_desktop.models.citations import Guideline, MtusCitation
from imr_desktop.models.determination import Determination
from imr_desktop.models.items import DisputedItem, Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.readable import Record, RecordPage
from imr_desktop.models.records import Disposition, Document, DocumentType, PageRef, PageSpan, WordsOrigin
from imr_desktop.models.reviewer import Credentials, Reviewer
from imr_desktop.models.wording import Wording

TODAY = date(2026, 11, 23)
SEEN = datetime(2026, 11, 20, tzinfo=UTC)
SOURCE = "f" * 64
PARTS = ("shoulder", "knee", "wrist", "ankle", "elbow", "hip")
LEVELS = ("L3-4", "L4-5", "L5-S1", "C4-5", "C5-6", "C6-7")
DRUGS = (
    ("Norco", "10/325 mg", "Hydrocodone/APAP"),
    ("Flexeril", "7.5 mg", "Cyclobenzaprine"),
    ("Naproxen", "550 mg", "Naproxen"),
    ("Gabapentin", "600 mg", "Gabapentin"),
    ("Tramadol", "50 mg", "Ultram"),
)
OTHER_STRENGTH = {"10/325 mg": "5/325 mg", "7.5 mg": "10 mg", "550 mg": "500 mg", "600 mg": "300 mg", "50 mg": "100 mg"}
ABSENT = (  # what a rationale may call absent, what a page says if it is there, and what it says otherwise
    (
        "functional improvement",
        "There is improvement in activities of daily living since the last visit.",
        "Function is unchanged.",
    ),
    (
        "a urine drug screen",
        "Urine toxicology of the last visit was consistent with what is prescribed.",
        "Medications were refilled.",
    ),
    ("muscle spasm", "Palpation reveals spasm of the paraspinal muscles.", "Palpation is unremarkable."),
    ("a signed opioid agreement", "A pain contract was signed and is on file.", "Risks and benefits were discussed."),
    (
        "radiculopathy",
        "Straight leg raise is positive with radicular pain below the knee.",
        "Straight leg raise is negative.",
    ),
    (
        "gastrointestinal symptoms",
        "The patient reports heartburn and stomach upset with the medication.",
        "No new complaints.",
    ),
    (
        "a home exercise program",
        "The patient performs home exercises daily as instructed.",
        "The patient rests at home.",
    ),
    ("a trial of a TENS unit", "A TENS unit was used for one month with benefit.", "Heat was applied."),
    (
        "prior electrodiagnostic studies",
        "EMG of the extremity was done and showed a mild neuropathy.",
        "No studies were done.",
    ),
    ("insomnia", "The patient complains of difficulty sleeping because of pain.", "Sleep is restful."),
)
CLAIMS = (
    "There is no documentation of {what}.",
    "The records provided do not document {what}.",
    "However, there is a lack of evidence of {what} to support the request.",
    "The treating provider failed to document {what}.",
    "There was no indication of {what} in the medical records.",
    "Moreover, {what} has not been documented.",
)
WORDING = Wording(
    "test",
    {
        "anchor_document": "({title} dated {date})",
        "anchor_undated": "({title})",
        "anchor_page": "(page {page})",
        "subject_claims_administrator": "The Claims Administrator",
        "subject_expert_reviewer": "The Expert Reviewer",
        "guideline_none": "{subject} did not cite any medical evidence for its decision.",
        "guideline_mtus": "Decision based on MTUS {citations}.",
        "guideline_mtus_join": ", and ",
    },
)


@dataclass(frozen=True)
class Truth:
    """What is so in one generated case."""

    seed: int
    injury: date
    visits: tuple[date, ...]
    request: date
    decided: date
    age: int
    sex: str
    side: str
    part: str
    level: str
    drug: str
    strength: str
    generic: str
    quantity: int
    count: int
    scores: tuple[int, ...]
    absent: tuple[int, ...]
    present: tuple[int, ...]


class Planted(NamedTuple):
    """One error: its kind, the case with it, and the words (in the summary or a rationale) that are wrong."""

    kind: str
    determination: Determination
    wrong: str


def truth(seed: int) -> Truth:
    """A case's truth, the same for the same seed."""
    chance = random.Random(seed)
    injury = date(2021, 1, 1) + timedelta(days=chance.randrange(600))
    first = injury + timedelta(days=200 + chance.randrange(200))
    visits = tuple(first + timedelta(days=37 * number + chance.randrange(9)) for number in range(5))
    drug, strength, generic = chance.choice(DRUGS)
    order = chance.sample(range(len(ABSENT)), 4)
    return Truth(
        seed,
        injury,
        visits,
        visits[-1] + timedelta(days=4),
        visits[-1] + timedelta(days=10),
        chance.randrange(22, 68),
        chance.choice(("male", "female")),
        chance.choice(("left", "right")),
        chance.choice(PARTS),
        chance.choice(LEVELS),
        drug,
        strength,
        generic,
        chance.choice((30, 60, 90, 120)),
        chance.choice((6, 8, 12, 18)),
        tuple(chance.sample(range(3, 10), 5)),
        tuple(order[:2]),
        tuple(order[2:]),
    )


def _us(day: date, style: int = 0) -> str:
    if style == 1:
        return f"{day:%B} {day.day}, {day.year}"
    return f"{day.month}/{day.day}/{day.year}" if style == 0 else day.strftime("%m-%d-%y")


def record_of(case: Truth, *, noise: int = 0, ocr: bool = False) -> Record:
    """The record: application, UR letter, request, five progress reports of two pages, and pages of other talk."""
    texts = [*_asking(case), *(page for number in range(5) for page in _report(case, number))]
    chance = random.Random(case.seed + 1)
    texts += [_talk(chance) for _ in range(noise)]
    if ocr:
        texts = [_misread(text, chance) for text in texts]
    return Record(
        tuple(
            RecordPage(PageRef(SOURCE, number), number + 1, text, WordsOrigin.DIGITAL, seen=SEEN)
            for number, text in enumerate(texts)
        )
    )


def _asking(case: Truth) -> list[str]:
    wanted = (
        f"1. {case.drug} {case.strength} #{case.quantity} 2. {case.count} visits of physical therapy for "
        f"the {case.side} {case.part} 3. MRI {case.level}"
    )
    head = f"Claim Number: SYN-CLM-1000{case.seed} Date of Injury: {_us(case.injury)}"
    return [
        (
            f"APPLICATION FOR INDEPENDENT MEDICAL REVIEW {head} Date of UR Determination: {_us(case.decided)} "
            f"DISPUTED MEDICAL TREATMENT {wanted}"
        ),
        (
            f"UTILIZATION REVIEW DETERMINATION {_us(case.decided, 1)} {head} Request Received: "
            f"{_us(case.request)} We non-certified: {wanted}"
        ),
        f"REQUEST FOR AUTHORIZATION {head} Date of Request: {_us(case.request)} Service requested {wanted}",
    ]


def _report(case: Truth, number: int) -> list[str]:
    day, chance = case.visits[number], random.Random(case.seed * 10 + number)
    side = {"left": ("left", "L", "Lt."), "right": ("right", "R", "Rt.")}[case.side][chance.randrange(3)]
    sex = {"male": ("male", "M", "man"), "female": ("female", "F", "woman")}[case.sex][chance.randrange(3)]
    told = [ABSENT[at][1] for at in case.present] if number == 3 else [ABSENT[at][2] for at in case.absent]
    first = (
        f"PROGRESS REPORT (PR-2) Date of Exam: {_us(day, number % 3)} Claim Number: SYN-CLM-1000{case.seed} "
        f"DOI: {_us(case.injury)} "
        f"The patient is a {case.age} y/o {sex} seen for the {side} {case.part}. Pain is rated "
        f"{case.scores[number]}/10 on VAS, aching. "
        f"{' '.join(told)} Attended {number + 2} of {case.count} PT sessions."
    )
    second = (
        f"PR-2 page 2, {_us(day)}. Current medications: {case.generic} {case.strength.replace(' mg', 'mg')} "
        f"quantity {case.quantity}, one as directed. "
        f"MRI shows a disc protrusion at {case.level}. Plan: {case.count} visits of physical therapy for the "
        f"{case.side} {case.part}. Return in five weeks."
    )
    return [first, second]


def _talk(chance: random.Random) -> str:
    subjects = ("Gait", "Posture", "Reflexes", "Skin", "Mood", "Work", "Traffic", "Weather", "Appetite", "Hearing")
    says = (
        "is as before",
        "was discussed at length",
        "will be followed",
        "is within expected limits",
        "has been reviewed",
    )
    return " ".join(f"{chance.choice(subjects)} {chance.choice(says)}." for _ in range(60))


def _misread(text: str, chance: random.Random) -> str:
    """Some digits as OCR leaves them, and some words with rn for m."""
    marks = [{"0": "O", "1": "l"}.get(mark, mark) if mark in "01" and chance.random() < 0.3 else mark for mark in text]
    return "".join(marks).replace("symptoms", "syrnptoms").replace("muscles", "rnuscles")


def determination_of(case: Truth) -> Determination:
    """The letter that tells the truth of the case."""
    styles = random.Random(case.seed + 2)
    third, fourth = case.visits[2], case.visits[3]
    pronoun = "He" if case.sex == "male" else "She"
    summary = (
        f"The injured worker is a {case.age}-year-old {case.sex} who sustained an industrial injury on "
        f"{_us(case.injury, styles.randrange(3))}. "
        f"On {_us(third, styles.randrange(2))}, the injured worker complained of {case.side} {case.part} pain "
        f"rated {case.scores[2]}/10. "
        f"On {_us(fourth, styles.randrange(2))}, the pain was rated {case.scores[3]} out of 10. "
        f"Imaging showed a disc protrusion at {case.level}. "
        f"{pronoun} takes {case.drug} {case.strength} #{case.quantity} as directed. "
        f"The treating physician requested {case.count} visits of physical therapy for the {case.side} "
        f"{case.part} on {_us(case.request)}. "
        f"The utilization review dated {_us(case.decided, styles.randrange(2))} denied the request."
    )
    claims = [styles.choice(CLAIMS).format(what=ABSENT[at][0]) for at in case.absent]
    cited = Guideline((MtusCitation("Chronic Pain", 2017, ("Physical therapy",)),))
    items = (
        _item(
            "i1",
            f"{case.drug} {case.strength} #{case.quantity}",
            cited,
            f"The patient takes {case.drug} {case.strength}. {claims[0]}",
        ),
        _item(
            "i2",
            f"{case.count} visits of physical therapy for the {case.side} {case.part}",
            cited,
            f"The patient has {case.side} {case.part} pain, last rated {case.scores[3]}/10. {claims[1]}",
        ),
        _item("i3", f"MRI {case.level}", cited, f"A disc protrusion at {case.level} is known already on imaging."),
    )
    return Determination(
        Case("c", _header(case), _imro(), (), _documents(case), (), Narrative(summary), items, LetterText()),
        _reviewer(),
        WORDING,
    )


def _item(identifier: str, heading: str, cited: Guideline, says: str) -> DisputedItem:
    rationale = f"{says} Therefore, the request for {heading} is not medically necessary."
    return DisputedItem(
        identifier,
        heading,
        ca_guideline=cited,
        reviewer_guideline=cited,
        outcome=Outcome.UPHELD,
        rationale=Narrative(rationale),
    )


def _header(case: Truth) -> CaseHeader:
    received = case.decided + timedelta(days=14)
    return CaseHeader(
        case_number="CM24-0000156",
        claim_number=f"SYN-CLM-1000{case.seed}",
        date_of_injury=InjuryDate(case.injury),
        ur_decision_date=case.decided,
        application_received=received,
        date_assigned=received + timedelta(days=5),
        documents_complete=received + timedelta(days=12),
        decision_date=received + timedelta(days=30),
        employee=Employee("Injured Worker A"),
        requesting_physician=RequestingPhysician("Physician B"),
        employer=Employer("Employer C"),
        claims_administrator=ClaimsAdministrator("Administrator D"),
        treatments_in_dispute_raw=f"{case.drug} {case.strength} #{case.quantity}; {case.count} visits of "
        f"physical therapy for the {case.side} {case.part}; MRI {case.level}",
    )


def _imro() -> Imro:
    return Imro("Organization E", "Reviewer guideline", case_number_pattern=r"CM\d{2}-\d{7,8}")


def _reviewer() -> Reviewer:
    return Reviewer(
        "Expert Z", credentials=Credentials(("California",), ("Pain Management",)), practice_attestation=True
    )


def _documents(case: Truth) -> tuple[Document, ...]:
    def one(number: int, kind: DocumentType, title: str, day: date, first: int, last: int) -> Document:
        return Document(
            f"d{number}",
            kind,
            title,
            "",
            "",
            day,
            None,
            (PageSpan(SOURCE, "r.pdf", first, last),),
            disposition=Disposition.READ,
        )

    reports = (
        one(3 + n, DocumentType.PROGRESS_REPORT, "PR-2", day, 3 + 2 * n, 4 + 2 * n) for n, day in enumerate(case.visits)
    )
    return (
        one(0, DocumentType.APPLICATION, "Application", case.decided + timedelta(days=9), 0, 0),
        one(1, DocumentType.UR_DETERMINATION, "UR determination", case.decided, 1, 1),
        one(2, DocumentType.RFA, "Request", case.request, 2, 2),
        *reports,
        Document("dn", DocumentType.OTHER, "Notes", pages=(PageSpan(SOURCE, "r.pdf", 13, 9999),)),
    )


def plantings(case: Truth) -> Iterator[Planted]:
    """Every kind of error, planted alone in the truthful letter."""
    sound = determination_of(case)
    chance = random.Random(case.seed + 3)
    other_side = {"left": "right", "right": "left"}[case.side]
    wrong_level = chance.choice([each for each in LEVELS if each[0] == case.level[0] and each != case.level])
    wrong_score = next(each for each in (2, 9, 5, 8, 4) if each not in case.scores[2:4])
    days = timedelta(days=chance.choice((-31, -20, -9, 9, 17, 40)))
    yield from _swapped(sound, "injury date", re.compile(r"injury on ([^.]+)\."), lambda _: _us(case.injury + days))
    yield from _swapped(sound, "UR date", re.compile(r"review dated (.+?) denied"), lambda _: _us(case.decided + days))
    yield from _swapped(
        sound, "date", re.compile(r"On ([^.]+?), the injured"), lambda _: _us(case.visits[2] + timedelta(days=3))
    )
    yield from _swapped(
        sound,
        "date",
        re.compile(r"On ([\w ,/]+?), the pain"),
        lambda _: _us(case.visits[3].replace(year=case.visits[3].year - 1)),
    )
    yield from _swapped(
        sound, "age", re.compile(r"(\d+)-year-old"), lambda old: str(int(old) + chance.choice((-11, -3, 4, 10)))
    )
    yield from _swapped(
        sound, "sex", re.compile(r"year-old (male|female)"), lambda old: "male" if old == "female" else "female"
    )
    yield from _swapped(sound, "side", re.compile(r"complained of (left|right)"), lambda _: other_side)
    yield from _swapped(sound, "side", re.compile(r"(left|right) \w+ on"), lambda _: other_side)
    yield from _swapped(sound, "level", re.compile(r"protrusion at ([CL]\d-(?:S)?\d)"), lambda _: wrong_level)
    yield from _swapped(sound, "score", re.compile(r"pain rated (\d)/10"), lambda _: str(wrong_score))
    yield from _swapped(sound, "score", re.compile(r"was rated (\d) out"), lambda _: str(wrong_score))
    yield from _swapped(sound, "strength", re.compile(r"takes \w+ ([\d./]+ mg)"), lambda old: OTHER_STRENGTH[old])
    yield from _swapped(sound, "quantity", re.compile(r"#(\d+) as"), lambda old: str(int(old) + 15))
    yield from _swapped(
        sound, "count", re.compile(r"requested (\d+) visits"), lambda old: str(int(old) + chance.choice((1, 4, 5)))
    )
    for number, item in enumerate(sound.case.items):
        yield from _in_rationale(sound, number, item, other_side, wrong_level)
    for number, at in enumerate(case.present):
        says = chance.choice(CLAIMS).format(what=ABSENT[at][0])
        rationale = f"{says} {sound.case.items[number].rationale.text}"
        yield Planted("absence", _with_rationale(sound, number, rationale), says)
    outcome = replace(sound.case.items[0], outcome=Outcome.OVERTURNED)
    yield Planted("outcome", _with_items(sound, (outcome, *sound.case.items[1:])), "is not medically necessary.")


def _in_rationale(
    sound: Determination, number: int, item: DisputedItem, other_side: str, wrong_level: str
) -> Iterator[Planted]:
    changes = (
        ("side", re.compile(r"for the (left|right) \w+ is"), other_side),
        ("level", re.compile(r"MRI ([CL]\d-S?\d) is"), wrong_level),
        ("strength", re.compile(r"for \w+ ([\d./]+ mg) #\d+ is"), None),
        ("count", re.compile(r"for (\d+) visits"), "3"),
    )
    for kind, pattern, new in changes:
        match = pattern.search(item.rationale.text)
        if match:
            wrong = new or OTHER_STRENGTH[match.group(1)]
            text = item.rationale.text[: match.start(1)] + wrong + item.rationale.text[match.end(1) :]
            yield Planted(kind, _with_rationale(sound, number, text), wrong)


def _swapped(sound: Determination, kind: str, pattern: re.Pattern[str], new: object) -> Iterator[Planted]:
    text = sound.case.clinical_summary.text
    match = pattern.search(text)
    if match and callable(new):
        wrong = new(match.group(1))
        changed = text[: match.start(1)] + wrong + text[match.end(1) :]
        yield Planted(kind, replace(sound, case=replace(sound.case, clinical_summary=Narrative(changed))), wrong)


def _with_rationale(sound: Determination, number: int, text: str) -> Determination:
    items = list(sound.case.items)
    items[number] = replace(items[number], rationale=Narrative(text))
    return _with_items(sound, tuple(items))


def _with_items(sound: Determination, items: tuple[DisputedItem, ...]) -> Determination:
    return replace(sound, case=replace(sound.case, items=items))
