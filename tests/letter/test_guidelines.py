# SPDX-License-Identifier: AGPL-3.0-or-later
"""Guideline sentences become citations that print the same sentence, or stay word for word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_desktop.letter import guidelines
from imr_desktop.models.citations import (
    Citation,
    Guideline,
    GuidelineCitation,
    MtusCitation,
    OtherCitation,
    StudyCitation,
)
from imr_desktop.models.wording import Wording, generated_guideline, guideline_sentence

CA = guidelines.SUBJECT_CLAIMS_ADMINISTRATOR
REVIEWER = guidelines.SUBJECT_EXPERT_REVIEWER
WORDING = Wording(
    "test",
    {
        CA: "The Claims Administrator",
        REVIEWER: "The Expert Reviewer",
        "guideline_none": "{subject} did not cite any medical evidence for its decision.",
        "guideline_mtus": "Decision based on MTUS {citations}.",
        "guideline_mtus_join": ", and ",
        "guideline_outside_lead": (
            "{subject} based their decision on recommendation(s) outside of the MTUS Guidelines."
        ),
        "guideline_outside": "Decision based on Non-MTUS Citation {citations}.",
        "guideline_outside_join": " and Other Medical Treatment Guidelines ",
    },
)
OUTSIDE = "The Expert Reviewer based their decision on recommendation(s) outside of the MTUS Guidelines. "
ODG = "Official Disability Guidelines (ODG)"


def parsed(sentence: str, subject: str = REVIEWER) -> Guideline:
    return guidelines.parse(sentence, subject, WORDING)


@pytest.mark.parametrize(
    ("sentence", "citations"),
    [
        ("Decision based on MTUS Acupuncture Treatment 2007.", (MtusCitation("Acupuncture Treatment", 2007),)),
        (
            "Decision based on MTUS Acupuncture Treatment Guidelines.",
            (MtusCitation("Acupuncture Treatment Guidelines"),),
        ),
        (
            "Decision based on MTUS Forearm, Wrist, and Hand Complaints 2004, Section(s): Work-Relatedness, and "
            "Postsurgical Treatment 2009, Section(s): Forearm, Wrist, & Hand, and Chronic Pain Medical Treatment 2016.",
            (
                MtusCitation("Forearm, Wrist, and Hand Complaints", 2004, ("Work-Relatedness",)),
                MtusCitation("Postsurgical Treatment", 2009, ("Forearm, Wrist, & Hand",)),
                MtusCitation("Chronic Pain Medical Treatment", 2016),
            ),
        ),
        (
            "Decision based on MTUS Neck and Upper Back Complaints 2004, Section(s): Special Studies, and Forearm, "
            "Wrist, and Hand Complaints 2004, Section(s): Special Studies, Summary.",
            (
                MtusCitation("Neck and Upper Back Complaints", 2004, ("Special Studies",)),
                MtusCitation("Forearm, Wrist, and Hand Complaints", 2004, ("Special Studies", "Summary")),
            ),
        ),
        (
            "Decision based on MTUS Chronic Pain Medical Treatment 2016, Section(s): TENS, chronic pain "
            "(transcutaneous electrical nerve stimulation), Biofeedback.",
            (
                MtusCitation(
                    "Chronic Pain Medical Treatment",
                    2016,
                    ("TENS, chronic pain (transcutaneous electrical nerve stimulation)", "Biofeedback"),
                ),
            ),
        ),
        (
            "Decision based on MTUS Opioid Treatment 2016, Section(s): 3.3.1.2 Screening for Adverse Events, Prior to "
            "Treatment, 3.3.6 Urine Drug Testing (UDT).",
            (
                MtusCitation(
                    "Opioid Treatment",
                    2016,
                    (
                        "3.3.1.2 Screening for Adverse Events, Prior to Treatment",
                        "3.3.6 Urine Drug Testing (UDT)",
                    ),
                ),
            ),
        ),
        (
            f"Decision based on MTUS Low Back Complaints 2004. Decision based on Non-MTUS Citation {ODG}, Low Back.",
            (MtusCitation("Low Back Complaints", 2004), GuidelineCitation(ODG, None, "Low Back")),
        ),
        (
            f"{OUTSIDE}Decision based on Non-MTUS Citation {ODG}, 2016, Neck and Upper Back, Indications for imaging.",
            (GuidelineCitation(ODG, 2016, "Neck and Upper Back", "Indications for imaging"),),
        ),
        (
            f"{OUTSIDE}Decision based on Non-MTUS Citation {ODG}, Forearm, Wrist, and hand (updated 11/23/16), MRI's.",
            (GuidelineCitation(ODG, None, "Forearm, Wrist, and hand (updated 11/23/16)", "MRI's"),),
        ),
        (
            f"{OUTSIDE}Decision based on Non-MTUS Citation ODG Chiropractic guidelines and Other Medical Treatment "
            "Guidelines ACOEM Guidelines, Low Back Disorders.",
            (
                OtherCitation("ODG Chiropractic guidelines"),
                GuidelineCitation("ACOEM Guidelines", None, "Low Back Disorders"),
            ),
        ),
        (
            f"{OUTSIDE}Decision based on Non-MTUS Citation Smith J, et al. A trial. Pain. 2019;12(3):45-50.",
            (StudyCitation("Smith J, et al", "A trial", "Pain", 2019, "12(3)", "45-50"),),
        ),
        ("The Expert Reviewer did not cite any medical evidence for its decision.", ()),
    ],
)
def test_sentences_become_citations(sentence: str, citations: tuple[Citation, ...]) -> None:
    assert parsed(sentence) == Guideline(citations)
    assert guideline_sentence(parsed(sentence), REVIEWER, WORDING) == sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "MTUS.",
        "Decision based on MTUS .",
        "Decision based on Non-MTUS Citation Official Disability Guidelines.",
        "Decision based on MTUS Chronic Pain. Decision based on MTUS Low Back.",
        "The Claims Administrator did not cite any medical evidence for its decision.",
        "The Claims Administrator based its decision on the MTUS Chronic Pain Guidelines, page 82.",
    ],
)
def test_what_cannot_be_printed_again_stays_word_for_word(sentence: str) -> None:
    assert parsed(sentence) == Guideline(text=sentence)


def test_line_breaks_and_double_spaces_do_not_matter() -> None:
    assert parsed("Decision based on MTUS\n Acupuncture  Treatment 2007.") == Guideline(
        (MtusCitation("Acupuncture Treatment", 2007),)
    )


def test_one_publisher_inside_another_is_not_taken_apart() -> None:
    label = "Official Disability Guidelines, Hand Chapter: Therapy, Official Disability Guidelines, Trigger Finger"
    sentence = f"{OUTSIDE}Decision based on Non-MTUS Citation {label}."
    assert parsed(sentence) == Guideline((OtherCitation(label),))


CHAPTERS = st.sampled_from(
    ["Low Back Complaints", "Forearm, Wrist, and Hand Complaints", "Opioid Treatment", "Chronic Pain Medical Treatment"]
)
MTUS = st.builds(
    MtusCitation,
    CHAPTERS,
    st.integers(2004, 2026),
    st.lists(st.sampled_from(["Special Studies", "Summary", "NSAIDs (oral, topical)"]), max_size=3).map(tuple),
)
GUIDELINE = st.builds(
    GuidelineCitation,
    st.sampled_from([ODG, "ODG", "ACOEM Guidelines"]),
    st.none() | st.integers(1990, 2026),
    st.sampled_from(["Low Back", "Pain (Chronic)"]),
    st.sampled_from(["", "Facet joint injections", "Imaging, CT"]),
)
STUDY = st.builds(
    StudyCitation,
    st.sampled_from(["Smith J", "Smith J, et al", "O'Neil AB, Lee C"]),
    st.sampled_from(["A trial", "Rest or exercise? A review"]),
    st.just("Pain"),
    st.integers(1950, 2026),
    st.sampled_from(["", "12(3)"]),
    st.sampled_from(["", "45-50"]),
)
CITATIONS = st.tuples(st.lists(MTUS, max_size=3), st.lists(GUIDELINE | STUDY, max_size=3)).map(
    lambda both: (*both[0], *both[1])
)


@given(CITATIONS, st.sampled_from([CA, REVIEWER]))
def test_generated_sentences_are_read_back(citations: tuple[Citation, ...], subject: str) -> None:
    sentence = generated_guideline(citations, subject, WORDING)
    assert guidelines.parse(sentence, subject, WORDING) == Guideline(citations)


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=80))
def test_no_sentence_loses_a_word(tail: str) -> None:
    for start in ("", "Decision based on MTUS ", f"{OUTSIDE}Decision based on Non-MTUS Citation "):
        sentence = " ".join(f"{start}{tail}".split())
        assert guideline_sentence(parsed(sentence), REVIEWER, WORDING) == sentence
