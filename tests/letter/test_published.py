# SPDX-License-Identifier: AGPL-3.0-or-later
"""Published letters as text are read back with every word, whatever they leave out, add or arrange otherwise."""

from datetime import date
from pathlib import Path

import pytest

from imr_desktop.letter import Rendition, printed_words, published
from imr_desktop.models.case import InjuryDate, PrintedSection, Priority
from imr_desktop.models.citations import Guideline, GuidelineCitation, MtusCitation
from imr_desktop.models.determination import Determination
from imr_desktop.models.items import ItemKind, Outcome
from imr_desktop.models.reviewer import Credentials, CredentialStyle

SAMPLES = Path(__file__).parents[1] / "samples"
LETTERS = sorted((SAMPLES / "determinations").glob("*.txt"))

HEADER = """Case Number:          CM14-0123456
Date Assigned:        12/05/2014                      Date of Injury:      01/18/2005
Decision Date:        01/08/2015                      UR Denial Date:      10/30/2014
Priority:             Expedited                       Application          11/20/2014
                                                      Received:
"""
HOW = """
                 HOW THE IMR FINAL DETERMINATION WAS MADE
A Review Organization sent the complete case file to an expert reviewer. He/she has no
affiliation with the employer, employee, providers or the claims administrator. He/she has been
in active clinical practice for more than five years and is currently working at least 24 hours a
week in active practice. The expert reviewer was selected based on his/her clinical experience,
education, background, and expertise in the same or similar specialties that evaluate and/or treat
the medical condition and disputed items/services. He/she is familiar with governing laws and
regulations, including the strength of evidence hierarchy that applies to Independent Medical
Review determinations.
"""
CREDENTIALS = """
The Expert Reviewer has the following credentials:
State(s) of Licensure: California, Texas
Certification(s)/Specialty: Family Practice
"""
SUMMARY = """
                                CLINICAL CASE SUMMARY
The expert reviewer developed the following clinical case summary based on a review of the
case file, including all medical records:

The applicant is a 34-year-old who reported pain of the low back that radiates to both legs, and
who was placed off of work until the next visit.
"""
ISSUES = """
                      IMR ISSUES, DECISIONS AND RATIONALES
The Final Determination was based on decisions for the disputed items/services set forth below:
"""
ITEM = """
{heading}: {outcome}

Claims Administrator guideline: Decision based on MTUS Low Back Complaints 2004.

Review guideline: Decision based on MTUS Acupuncture Treatment 2007. Decision based on
Non-MTUS Citation ODG, Pain.

Decision rationale: {rationale}
"""


def item(heading: str = "Norco 5/325mg #40", outcome: str = "Upheld", rationale: str = "It is not necessary.") -> str:
    return ITEM.format(heading=heading, outcome=outcome, rationale=rationale)


def letter(*items: str, header: str = HEADER, credentials: str = CREDENTIALS, between: str = "") -> str:
    return header + HOW + credentials + between + SUMMARY + ISSUES + "".join(items or (item(),))


def said(determination: Determination) -> str:
    return "".join(printed_words(determination, Rendition.PUBLIC))


def assert_nothing_lost(text: str, determination: Determination, start: str = "HOW THE IMR") -> None:
    whole = "".join(text.replace("\f", " ").split())
    begin = "".join(start.split())
    printed = said(determination)
    assert printed[printed.index(begin) :] == whole[whole.index(begin) :]


# -- the public samples ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_every_word_of_a_sample_is_printed_again_in_order(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    read = published.from_text(text)
    assert_nothing_lost(text, read)
    head = text[: text.index("HOW THE")].split()
    printed = printed_words(read, Rendition.PUBLIC)
    assert sorted(printed[: printed.index("HOW")]) == sorted(head)
    assert read.case.header.case_number == path.stem
    assert set(read.case.letter.printed) <= {"credentials_block"}
    assert read.case.letter.other_sections == ()
    assert all(each.ca_guideline and each.reviewer_guideline and each.rationale for each in read.case.items)
    assert all(each.ca_guideline.text is None for each in read.case.items if each.ca_guideline)


def test_the_seed_is_read_without_the_note_above_it() -> None:
    text = (SAMPLES / "seed_determination.txt").read_text(encoding="utf-8")
    read = published.from_text(text)
    assert_nothing_lost(text, read)
    assert said(read).startswith("HOWTHEIMRFINALDETERMINATION")
    assert read.case.letter.format == "fdl-2014"
    assert read.case.letter.printed == {"header_priority": ()}
    assert read.reviewer.credentials == Credentials(
        ("California",), ("Acupuncture",), credential_style=CredentialStyle.INLINE
    )
    assert read.case.items[0].heading == "Six visits of Acupuncture for the low back"
    assert read.case.items[0].outcome is Outcome.UPHELD
    assert read.case.items[0].reviewer_guideline == Guideline((MtusCitation("Acupuncture Treatment Guidelines"),))


def test_modified_requests_are_taken_apart() -> None:
    read = published.from_text((SAMPLES / "determinations" / "CM16-0230651.txt").read_text(encoding="utf-8"))
    last = read.case.items[-1]
    assert last.kind is ItemKind.UR_MODIFIED_REMAINDER
    assert last.requested.wording == "Physical therapy to the low back eight sessions"
    assert last.authorized.wording == "Physical therapy to the low back six sessions"
    assert last.remaining.wording == "Physical therapy to the low back two sessions"
    read = published.from_text((SAMPLES / "determinations" / "CM16-0229336.txt").read_text(encoding="utf-8"))
    assert read.case.items[0].kind is ItemKind.UR_MODIFIED_SUBSTITUTION
    assert read.case.items[0].authorized.wording.startswith("Skilled nursing facility for 7 days")


def test_dependent_and_retrospective_items_are_told_apart() -> None:
    read = published.from_text((SAMPLES / "determinations" / "CM16-0247802.txt").read_text(encoding="utf-8"))
    last = read.case.items[-1]
    assert (last.kind, last.dos) == (ItemKind.RETROSPECTIVE, (date(2016, 11, 14),))
    assert last.heading == "Retrospective Cyclobenzaprine 5mg tab #30 DOS: 11/14/16"
    read = published.from_text((SAMPLES / "determinations" / "CM17-0006797.txt").read_text(encoding="utf-8"))
    kinds = [each.kind for each in read.case.items]
    assert kinds == [ItemKind.PLAIN] * 2 + [ItemKind.DEPENDENT] * 3
    assert read.case.items[2].heading == "Shoulder Brace"


# -- other letters of the same kind ----------------------------------------------------------------------------------


def test_fields_of_a_letter() -> None:
    read = published.from_text(letter())
    case, header = read.case, read.case.header
    assert (header.case_number, header.priority) == ("CM14-0123456", Priority.EXPEDITED)
    assert header.date_of_injury == InjuryDate(date(2005, 1, 18))
    assert (header.date_assigned, header.decision_date) == (date(2014, 12, 5), date(2015, 1, 8))
    assert (header.ur_decision_date, header.application_received) == (date(2014, 10, 30), date(2014, 11, 20))
    assert (case.imro.name, case.imro.guideline_label) == ("A Review Organization", "Review guideline")
    assert (case.letter.format, case.letter.printed) == ("fdl-2014", {})
    assert read.reviewer.credentials == Credentials(("California", "Texas"), ("Family Practice",))
    (only,) = case.items
    assert (only.id, only.heading, only.kind) == ("i1", "Norco 5/325mg #40", ItemKind.PLAIN)
    assert only.reviewer_guideline == Guideline(
        (MtusCitation("Acupuncture Treatment", 2007), GuidelineCitation("ODG", None, "Pain"))
    )
    assert_nothing_lost(letter(), read)


MOVED_HEADERS = [
    "Case Number:\nCM14-0123456\nDate Assigned:\n12/05/2014\nDate of Injury:\n01/18/2005\nDecision Date:\n01/08/2015\n"
    "UR Denial Date:\n10/30/2014\nPriority:\nExpedited\nApplication Received:\n11/20/2014\n",
    "Case Number:\nDate Assigned:\nDecision Date:\nPriority:\n\nCM14-0123456\n12/05/2014\n01/08/2015\nExpedited\n\n"
    "Date of Injury:\nUR Denial Date:\nApplication\nReceived:\n\n01/18/2005\n10/30/2014\n11/20/2014\n",
    "Case Number: CM14-0123456    Date of Injury: 01/18/2005\nDate Assigned: 12/05/2014\nDecision Date: 01/08/2015\n"
    "UR Denial Date: 10/30/2014  Priority: Expedited Application\nReceived: 11/20/2014\n",
]


@pytest.mark.parametrize("header", MOVED_HEADERS)
def test_the_header_is_read_however_it_is_laid_out(header: str) -> None:
    assert published.from_text(letter(header=header)) == published.from_text(letter())


def test_what_the_header_says_beyond_our_fields_is_kept() -> None:
    header = "REVIEW ORGANIZATION, INC.\nP.O. Box 1\n\n" + HEADER + "\nThis is a corrected letter of 02/01/2015.\n"
    read = published.from_text(letter(header=header))
    assert read.case.header == published.from_text(letter()).case.header
    assert read.case.letter.other_sections == (
        PrintedSection("", ("REVIEW ORGANIZATION, INC.", "P.O. Box 1"), "header"),
        PrintedSection("", ("This is a corrected letter of 02/01/2015.",), "how_made"),
    )


def test_other_labels_and_a_cumulative_trauma() -> None:
    header = HEADER.replace("Case Number:", "IMR Case Number:").replace("01/18/2005", "CT: 01/18/2004 - 01/18/2005")
    read = published.from_text(letter(header=header))
    assert read.case.header.date_of_injury == InjuryDate(date(2004, 1, 18), date(2005, 1, 18))
    assert read.case.letter.printed["header_case_number"] == ("IMR Case Number:",)
    printed = " ".join(printed_words(read, Rendition.PUBLIC))
    assert "IMR Case Number: CM14-0123456" in printed
    assert "Date of Injury: CT: 01/18/2004 - 01/18/2005" in printed


def test_a_label_without_its_value_does_not_take_the_next_one() -> None:
    header = HEADER.replace("01/08/2015", "          ")
    read = published.from_text(letter(header=header))
    assert read.case.header.decision_date is None
    assert read.case.header.ur_decision_date == date(2014, 10, 30)
    assert "DecisionDate:" in said(read)


def test_a_letter_without_credentials() -> None:
    text = letter(credentials="")
    read = published.from_text(text)
    assert read.reviewer.credentials == Credentials()
    assert_nothing_lost(text, read)


@pytest.mark.parametrize(
    ("sentence", "credentials", "printed"),
    [
        (
            "The expert reviewer is Board Certified in Physical Medicine and Rehabilitation and is licensed to "
            "practice in California and New York.",
            Credentials(
                ("California", "New York"),
                ("Physical Medicine and Rehabilitation",),
                board_certified=True,
                credential_style=CredentialStyle.INLINE,
            ),
            {},
        ),
        (
            "The expert reviewer is Board Certified in Internal Medicine, Cardiology and Pain Medicine and is licensed "
            "to practice in Texas.",
            Credentials(
                ("Texas",),
                ("Internal Medicine", "Cardiology", "Pain Medicine"),
                board_certified=True,
                credential_style=CredentialStyle.INLINE,
            ),
            {},
        ),
    ],
)
def test_credentials_within_the_sentence(
    sentence: str, credentials: Credentials, printed: dict[str, tuple[str, ...]]
) -> None:
    text = letter(credentials="").replace(
        "the claims administrator. He/she has been", f"the claims administrator. {sentence} He/she has been"
    )
    read = published.from_text(text)
    assert read.reviewer.credentials == credentials
    assert read.case.letter.printed == printed
    assert_nothing_lost(text, read)


def test_wording_of_another_year_is_kept() -> None:
    text = (
        letter(credentials="")
        .replace("expert reviewer", "physician reviewer")
        .replace(
            "He/she has been",
            "The physician reviewer is Board Certified in Pain Medicine, has a subspecialty in\n"
            "Anesthesiology, and is licensed to practice in Ohio. He/she has been",
            1,
        )
    )
    read = published.from_text(text)
    assert read.reviewer.credentials.states_of_licensure == ("Ohio",)
    assert set(read.case.letter.printed) == {"how_made", "summary_lead_in"}
    assert_nothing_lost(text, read)


def test_twelve_items() -> None:
    names = [f"Drug {number} {number}mg #{number}: with food" for number in range(12)]
    text = letter(*(item(name, "Overturned" if at % 3 else "Upheld") for at, name in enumerate(names)))
    read = published.from_text(text)
    assert [each.heading for each in read.case.items] == names
    assert [each.outcome is Outcome.OVERTURNED for each in read.case.items] == [bool(at % 3) for at in range(12)]
    assert_nothing_lost(text, read)


def test_outcome_words_within_a_rationale_begin_no_item() -> None:
    rationale = (
        "The denial was upheld on 1/2/2015.\n\nPrior decision: Overturned\n\n"
        "MAXIMUS guideline: it was cited then, and\nthe earlier denial is Upheld. The request is not necessary."
        "\n\nSummary of this decision: Upheld"
    )
    text = letter(item("First: thing", "Overturned", rationale), item("Second thing"))
    read = published.from_text(text)
    assert [each.heading for each in read.case.items] == ["First: thing", "Second thing"]
    assert read.case.items[0].rationale.text.split("\n") == [
        "The denial was upheld on 1/2/2015.",
        "Prior decision: Overturned",
        "MAXIMUS guideline: it was cited then, and the earlier denial is Upheld. The request is not necessary.",
        "Summary of this decision: Upheld",
    ]
    assert_nothing_lost(text, read)


def test_lists_keep_their_lines() -> None:
    rationale = "The criteria are:\n• Pain of long standing\n• Failure of other care\n\n1. One.\n2. Two."
    read = published.from_text(letter(item(rationale=rationale)))
    assert read.case.items[0].rationale.text.split("\n") == [
        "The criteria are:",
        "• Pain of long standing",
        "• Failure of other care",
        "1. One.",
        "2. Two.",
    ]


def test_a_long_heading_over_lines_and_pages() -> None:
    heading = (
        "Acute inpatient rehabilitation with physical therapy and occupational therapy for seven to ten\n"
        "days was the original request. The Claims Administrator authorized a skilled nursing facility, \n\f"
        "leaving the original request IMR eligible. The original request, Acute inpatient rehabilitation with\n"
        "physical therapy and occupational therapy for seven to ten days is"
    )
    read = published.from_text(letter(item(heading, "\nOverturned")))
    assert read.case.items[0].kind is ItemKind.UR_MODIFIED_SUBSTITUTION
    assert read.case.items[0].outcome is Outcome.OVERTURNED
    assert_nothing_lost(letter(item(heading, "\nOverturned")), read)


def test_a_heading_right_under_the_sentence_before_it() -> None:
    full = "The applicant reported ongoing issues and thus the request is said to be not medically necessary."
    text = letter(item("One", rationale=full), item("Two")).replace(f"{full}\n\nTwo", f"{full}\n\fTwo")
    assert [each.heading for each in published.from_text(text).case.items] == ["One", "Two"]


def test_several_guideline_paragraphs_stay_with_their_side() -> None:
    more = "Low Back Complaints 2004.\n\nAlso considered: a report of the state, page 12."
    read = published.from_text(letter(item().replace("Low Back Complaints 2004.", more)))
    assert read.case.items[0].ca_guideline == Guideline(
        text="Decision based on MTUS Low Back Complaints 2004. Also considered: a report of the state, page 12."
    )
    assert_nothing_lost(letter(item().replace("Low Back Complaints 2004.", more)), read)


def test_a_missing_guideline_line_is_not_made_up() -> None:
    text = letter(item("A"), item("B").replace(item("B").split("\n\n")[1] + "\n\n", ""))
    read = published.from_text(text)
    assert read.case.items[1].ca_guideline is None
    assert_nothing_lost(text, read)


def test_documents_and_sections_of_no_field_are_kept_in_place() -> None:
    between = (
        "\nDOCUMENTS REVIEWED\nThese documents included:\n• Application\n• Records\n\nA NOTE ON TRANSLATION\nNone.\n"
    )
    text = letter(between=between)
    read = published.from_text(text)
    assert read.case.letter.other_sections == (
        PrintedSection("DOCUMENTS REVIEWED", ("These documents included:", "• Application", "• Records"), "summary"),
        PrintedSection("A NOTE ON TRANSLATION", ("None.",), "summary"),
    )
    assert_nothing_lost(text, read)


def test_older_titles_and_headings() -> None:
    text = (
        letter()
        .replace("IMR ISSUES, DECISIONS AND RATIONALES", "IMR DECISION(S) AND RATIONALE(S)")
        .replace("CLINICAL CASE SUMMARY", "Expert Reviewer Case Summary")
        .replace("Norco", "1. Norco")
        .replace("Decision rationale:", "The Expert Reviewer's decision rationale:")
    )
    read = published.from_text(text)
    assert read.case.letter.printed == {
        "title_items": ("IMR DECISION(S) AND RATIONALE(S)",),
        "title_summary": ("Expert Reviewer Case Summary",),
        "label_rationale": ("The Expert Reviewer's decision rationale:",),
    }
    assert read.case.items[0].heading == "1. Norco 5/325mg #40"
    assert_nothing_lost(text, read)


def test_guidelines_without_labels() -> None:
    text = (
        letter(item("A"), item("B"))
        .replace("Claims Administrator guideline: Decision", "The Claims Administrator based its decision")
        .replace("Review guideline: Decision based", "The Expert Reviewer based his/her decision")
        .replace("Decision rationale:", "The Physician Reviewer's decision rationale:")
    )
    read = published.from_text(text)
    assert [each.heading for each in read.case.items] == ["A", "B"]
    first = read.case.items[0].ca_guideline
    assert first is not None
    assert first.text is not None
    assert first.text.startswith("The Claims Administrator based its decision based on MTUS")
    assert_nothing_lost(text, read)


def test_decisions_worded_as_sentences() -> None:
    text = letter(
        item("1. NORCO 5/325MG is not medically necessary and appropriate.", "").replace(".: ", "."),
        item("2. MRI OF THE KNEE is medically necessary and appropriate.", "").replace(".: ", "."),
    )
    read = published.from_text(text)
    assert [each.outcome for each in read.case.items] == [Outcome.UPHELD, Outcome.OVERTURNED]
    assert read.case.items[1].heading == "2. MRI OF THE KNEE is medically necessary and appropriate"


def test_a_letter_without_the_title_of_its_items() -> None:
    text = letter().replace(ISSUES, "\n")
    read = published.from_text(text)
    assert len(read.case.items) == 1
    assert read.case.clinical_summary.text.endswith("until the next visit.")
    assert_nothing_lost(text, read)


def test_items_alone() -> None:
    read = published.from_text(item("A") + item("B"))
    assert [each.heading for each in read.case.items] == ["A", "B"]
    assert said(read) == "".join((item("A") + item("B")).split())


def test_page_furniture_is_dropped_wherever_it_stands() -> None:
    foot = "\n\nFinal Determination Letter for IMR Case Number CM14-0123456  {n}\n\f"
    text = letter(item("A"), item("B"), item("C"))
    for number, place in enumerate(("CLINICAL CASE", "B: Upheld", "C: Upheld"), 1):
        text = text.replace(place, foot.format(n=number) + place)
    assert published.from_text(text) == published.from_text(letter(item("A"), item("B"), item("C")))


def test_the_professional_review_of_2013() -> None:
    text = """Case Number: CM13-0000123

Issue at Dispute

Norco 5/325mg: Upheld

Case Summary

The applicant has pain of the low back.

Guideline(s) Relied Upon and Why

The guidelines of the state, since they speak of this drug.

Rationale

It is not medically necessary.

Reviewer Qualifications

The reviewer is a physician.
"""
    read = published.from_text(text)
    assert read.case.letter.format == "professional-review-2013"
    assert read.case.items[0].heading == "Norco 5/325mg"
    assert read.case.items[0].rationale.text == "It is not medically necessary."
    assert_nothing_lost(text, read, "Issue at Dispute")


@pytest.mark.parametrize(
    "text",
    ["", "\f\f", "A letter to a friend.\n\nThe appeal was upheld: yes.", HEADER, letter().split("IMR ISSUES")[0], "\0"],
)
def test_what_is_no_determination_is_trouble(text: str) -> None:
    with pytest.raises(published.NotALetter) as trouble:
        published.from_text(text)
    assert trouble.value.happened.endswith(".")
    assert trouble.value.advice.endswith(".")
