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

from imr_desktop.letter import Rendition, published, render
from imr_desktop.letter import wording as wordings
from imr_desktop.models.case import Case, CaseHeader, Imro, InjuryDate, LetterText, PrintedSection, Priority
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


def test_what_the_party_letter_adds_hides_nothing_of_the_determination(read_pdf: ReadPdf) -> None:
    determination = published.from_text((SAMPLES / "determinations" / "CM17-0006797.txt").read_text(encoding="utf-8"))
    for rendition in (Rendition.PARTY, Rendition.SUBMISSION):
        read = read_pdf(render(determination, rendition))
        assert read.case.header == determination.case.header
        assert read.case.clinical_summary == determination.case.clinical_summary
        assert read.reviewer.credentials == determination.reviewer.credentials
        assert read.case.items[:-1] == determination.case.items[:-1]
        assert read.case.items[-1].rationale.text.startswith(determination.case.items[-1].rationale.text)


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
    case = Case(
        "",
        draw(HEADER),
        Imro("A Review Organization", guideline_label="Review guideline"),
        clinical_summary=draw(NARRATIVE),
        items=tuple(draw(items(number, format_)) for number in range(1, draw(st.integers(1, 5)) + 1)),
        letter=LetterText(format_, other_sections=draw(OTHERS)),
    )
    return Determination(case, Reviewer(credentials=draw(CREDENTIALS)), wordings.load(format_))


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(wordings.formats()).flatmap(determinations))
def test_what_is_printed_is_read_back_equal(read_pdf: ReadPdf, determination: Determination) -> None:
    assert differences(read_pdf(render(determination, Rendition.PUBLIC)), determination) == []
