# SPDX-License-Identifier: AGPL-3.0-or-later
"""Published letters as PDF say what their text says, and what is printed by us is read back equal."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from difflib import unified_diff
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imr_desktop.letter import Rendition, printed_words, published, render
from imr_desktop.letter import wording as wordings
from imr_desktop.models.case import (
    Case,
    CaseHeader,
    ClaimsAdministrator,
    Employee,
    Employer,
    Imro,
    InjuryDate,
    LetterText,
    Party,
    PrintedSection,
    Priority,
    RequestingPhysician,
    Signatory,
)
from imr_desktop.models.citations import Guideline, GuidelineCitation, MtusCitation
from imr_desktop.models.determination import Determination
from imr_desktop.models.items import DisputedItem, ItemKind, Outcome, Treatment
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.plain import to_plain
from imr_desktop.models.records import PageRef, TextLine
from imr_desktop.models.reviewer import Credentials, CredentialStyle, Reviewer
from imr_desktop.models.wording import heading
from imr_desktop.records import LinesRead, Measure, Measured, Reader, ReadLines

SAMPLES = Path(__file__).parents[1] / "samples"
LETTERS = [*sorted((SAMPLES / "determinations").glob("*.txt")), SAMPLES / "seed_determination.txt"]
PDFS = sorted((SAMPLES / "determinations_pdf").glob("*.pdf"))

ReadPdf = Callable[[bytes], Determination]


@pytest.fixture(scope="module")
def read_pdf() -> Iterator[ReadPdf]:
    files: dict[str, bytes] = {}
    reader = Reader(files.__getitem__)

    def read(pdf: bytes) -> Determination:
        sha = hashlib.sha256(pdf).hexdigest()
        files[sha] = pdf
        return published.read([lines(PageRef(sha, page)) for page in range(pages(sha))])

    def pages(sha: str) -> int:
        measured = reader.ask(Measure(sha))
        assert isinstance(measured, Measured)
        return len(measured.sizes)

    def lines(page: PageRef) -> tuple[TextLine, ...]:
        answer = reader.ask(ReadLines(page))
        assert isinstance(answer, LinesRead)
        return answer.lines

    yield read
    reader.close()


def differences(read: Determination, meant: Determination) -> list[str]:
    """What differs, a line each, so that a failure can be read."""
    if read == meant:
        return []
    was, now = (json.dumps([to_plain(each.case), to_plain(each.reviewer)], indent=1) for each in (meant, read))
    return list(unified_diff(was.splitlines(), now.splitlines(), lineterm="", n=0))[2:] or ["the wording"]


@pytest.mark.parametrize("path", PDFS, ids=lambda path: path.stem)
def test_pdf_and_text_of_a_letter_say_the_same(path: Path, read_pdf: ReadPdf) -> None:
    text = (SAMPLES / "determinations" / f"{path.stem}.txt").read_text(encoding="utf-8")
    assert differences(read_pdf(path.read_bytes()), published.from_text(text)) == []


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_a_sample_printed_and_read_again_is_the_same(path: Path, read_pdf: ReadPdf) -> None:
    determination = published.from_text(path.read_text(encoding="utf-8"))
    assert differences(read_pdf(render(determination, Rendition.PUBLIC)), determination) == []


@pytest.fixture
def covered() -> Determination:
    """A determination with all that a cover says."""
    read = published.from_text((SAMPLES / "determinations" / "CM17-0006797.txt").read_text(encoding="utf-8"))
    header = replace(
        read.case.header,
        claim_number="ABC-12 3/4",
        letter_date=date(2017, 2, 20),
        employee=Employee("Injured Worker A", ("1 Street, Town, CA 90000",), Party("Attorney B", "Firm", ("2 Road",))),
        requesting_physician=RequestingPhysician("Physician C", "Clinic", ("3 Way, Town",)),
        employer=Employer("Employer D"),
        claims_administrator=ClaimsAdministrator("Standard Company E", "Examiner F", ("4 Lane",), "(555) 4"),
        cc=(Party("Department", "Division"), Party("Standard Company E")),
    )
    imro = replace(
        read.case.imro,
        address=("P.O. Box 1, Town, CA",),
        phone="(555) 1",
        fax="(555) 2",
        signatory=Signatory("Director G, MD", "Medical Director"),
    )
    return replace(read, case=replace(read.case, header=header, imro=imro))


def test_a_party_letter_is_read_back(covered: Determination, read_pdf: ReadPdf) -> None:
    assert differences(read_pdf(render(covered, Rendition.PARTY)), covered) == []


def test_a_submission_is_read_back_with_who_signed_it(covered: Determination, read_pdf: ReadPdf) -> None:
    reviewer = replace(
        covered.reviewer, name="Reviewer H, MD", licence="A12345", email="h@example.org", practice_attestation=True
    )
    worker = replace(covered.case.header.employee, representative=Party("Attorney B", "Firm"))
    header = replace(covered.case.header, employee=worker, cc=(), treatments_in_dispute_raw="Shoulder surgery")
    imro = replace(covered.case.imro, signatory=Signatory())
    meant = replace(covered, case=replace(covered.case, header=header, imro=imro), reviewer=reviewer)
    read = read_pdf(render(meant, Rendition.SUBMISSION))
    assert differences(read, meant) == []
    assert "Reviewer H" not in "".join(str(line) for line in printed_words(read, Rendition.PUBLIC))


def test_nobody_named_on_a_cover_gets_into_the_public_copy(covered: Determination, read_pdf: ReadPdf) -> None:
    read = read_pdf(render(covered, Rendition.PARTY))
    printed = " ".join(printed_words(read, Rendition.PUBLIC))
    for named in (
        "Worker A",
        "Attorney B",
        "Physician C",
        "Employer D",
        "Company E",
        "Examiner F",
        "Director G",
        "ABC-12",
    ):
        assert named not in printed


# -- determinations made at random -----------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [
        *(
            "pain",
            "of",
            "the",
            "low",
            "back",
            "was",
            "Upheld",
            "Overturned",
            "noted",
            "on",
            "10/14/2016",
            "L4-5,",
            "(1)",
        ),
        *("and/or", "physical", "therapy", "improvement:", "electro- and", "anti- inflammatory", "Low Back - MRI", "2"),
        *(
            "http://example.org/" + "a-long-address/" * 8 + "end",
            "x" * 120,
            "ﬁnding",
            "“quoted”",
            "5%",
            "café",
            "guideline:",
        ),
    ]
)
SENTENCE = st.lists(WORDS, min_size=3, max_size=30).map(lambda words: f"The {' '.join(words)} end.")
PARAGRAPH = st.one_of(
    st.lists(SENTENCE, min_size=1, max_size=5).map(" ".join),
    SENTENCE.map(lambda text: f"• {text}"),
    st.just("Prior decision: Overturned"),
)
NARRATIVE = st.lists(PARAGRAPH, min_size=1, max_size=4).map(lambda texts: Narrative.of(*map(_plain_letters, texts)))
THING = st.sampled_from(
    [
        "Norco 5/325mg #40",
        "Labs to include: EKG: chest",
        "Physical therapy, low back, twice a week for six weeks, to restore the range of motion and strength of it",
        "MRI (magnetic resonance imaging) of the cervical spine",
    ]
)
DAYS = st.dates(date(1990, 1, 1), date(2026, 12, 31))
CITATIONS = st.lists(
    st.sampled_from(
        [
            MtusCitation("Low Back Complaints", 2004),
            MtusCitation("Forearm, Wrist, and Hand Complaints", 2004, ("Special Studies", "Summary")),
            MtusCitation("Chronic Pain Medical Treatment", 2016, ("NSAIDs (oral, topical)",)),
        ]
    ),
    max_size=3,
    unique=True,
)
OUTSIDE = st.sampled_from(
    [(), (GuidelineCitation("Official Disability Guidelines (ODG)", 2016, "Low Back", "Imaging, CT"),)]
)
GUIDELINE = st.one_of(
    st.builds(lambda inside, outside: Guideline((*inside, *outside)), CITATIONS, OUTSIDE),
    SENTENCE.map(lambda text: Guideline(text=_plain_letters(text))),
)


def _plain_letters(text: str) -> str:
    return text.replace("ﬁ", "fi")


@st.composite
def items(draw: st.DrawFn, number: int, format_: str) -> DisputedItem:
    kind, thing = draw(st.sampled_from(ItemKind)), draw(THING)
    item = DisputedItem(f"i{number}", thing, kind)
    if kind in (ItemKind.UR_MODIFIED_REMAINDER, ItemKind.UR_MODIFIED_SUBSTITUTION):
        remaining = Treatment(draw(THING)) if kind is ItemKind.UR_MODIFIED_REMAINDER else Treatment()
        item = replace(item, requested=Treatment(thing), authorized=Treatment(draw(THING)), remaining=remaining)
        item = replace(item, heading=heading(item, wordings.load(format_)))
    if kind is ItemKind.RETROSPECTIVE:
        day = draw(DAYS)
        item = replace(item, heading=f"Retrospective {thing} (DOS {day:%m/%d/%Y})", dos=(day,))
    return replace(
        item,
        outcome=draw(st.sampled_from(Outcome)),
        ca_guideline=draw(GUIDELINE),
        reviewer_guideline=draw(GUIDELINE),
        rationale=draw(NARRATIVE),
    )


CREDENTIALS = st.one_of(
    st.builds(
        Credentials,
        st.sampled_from([("California",), ("California", "New York"), ("Ohio", "Texas", "Utah")]),
        st.sampled_from([("Physical Medicine & Rehabilitation", "Pain Medicine"), ("Family Practice",)]),
    ),
    st.builds(
        Credentials,
        st.sampled_from([("California",), ("California", "New York"), ("Ohio", "Texas", "Utah")]),
        st.sampled_from([("Acupuncture",), ("Internal Medicine", "Cardiology"), ("Surgery", "Urology", "Pediatrics")]),
        st.booleans(),
        st.just(CredentialStyle.INLINE),
    ),
)
HEADER = st.builds(
    CaseHeader,
    case_number=st.sampled_from(["CM14-0123456", "CM25-12345678"]),
    date_of_injury=st.one_of(
        DAYS.map(InjuryDate), st.tuples(DAYS, DAYS).map(lambda both: InjuryDate(min(both), max(both)))
    ),
    ur_decision_date=st.none() | DAYS,
    application_received=st.none() | DAYS,
    date_assigned=DAYS,
    decision_date=DAYS,
    priority=st.sampled_from(Priority),
)
OTHERS = st.sampled_from(
    [
        (),
        (PrintedSection("DOCUMENTS REVIEWED", ("These were read:", "• One", "• Two"), "summary"),),
    ]
)


@st.composite
def determinations(draw: st.DrawFn, format_: str) -> Determination:
    most = 2 if format_ == "professional-review-2013" else 5
    case = Case(
        "",
        draw(HEADER),
        Imro("A Review Organization", guideline_label="Review guideline"),
        clinical_summary=draw(NARRATIVE),
        items=tuple(draw(items(number, format_)) for number in range(1, draw(st.integers(1, most)) + 1)),
        letter=LetterText(format_, other_sections=draw(OTHERS)),
    )
    return Determination(case, Reviewer(credentials=draw(CREDENTIALS)), wordings.load(format_))


@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(wordings.formats()).flatmap(determinations))
def test_what_is_printed_is_read_back_equal(read_pdf: ReadPdf, determination: Determination) -> None:
    assert differences(read_pdf(render(determination, Rendition.PUBLIC)), determination) == []
