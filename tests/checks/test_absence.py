# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a letter calls absent is searched in the whole record; precedents of what got determinations set aside."""

from dataclasses import replace

import pytest

from imr_desktop.checks import Severity, blocking, claims, open_findings, subject_of
from imr_desktop.checks.absence import absences
from imr_desktop.models.answers import Answer, Answers
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.readable import Record, RecordPage
from imr_desktop.models.records import PageRef, WordsOrigin
from tests.checks.kit import SOUND, TODAY, TRUTH, item, more, only, page, rationale, said
from tests.checks.planted import SEEN, SOURCE

SAYS = "There is no documentation of pain relief with the medication."
THERE = "Average pain relief is good with the medication, and function is improved."


@pytest.mark.parametrize(
    ("sentence", "what"),
    [
        ("There is no documentation of functional improvement.", "functional improvement"),
        ("However, there is a lack of evidence of radiculopathy to support the request.", "radiculopathy"),
        ("The records do not document a home exercise program.", "home exercise program"),
        ("The provider failed to furnish a urine drug screen.", "urine drug screen"),
        ("A signed opioid agreement was not provided.", "opioid agreement"),
        ("Muscle spasm is not documented on examination.", "Muscle spasm"),
        ("The note made no mention of prior injections.", "prior injections"),
        ("The patient has not tried physical therapy.", "physical therapy"),
        ("There were no red flags noted on examination.", "red flags"),
        ("It is unclear whether a TENS trial was done.", "TENS trial"),
    ],
)
def test_a_claim_of_absence_is_taken_apart(sentence: str, what: str) -> None:
    found = claims.claims(sentence)
    assert any(what in claim.what and (claim.concepts or claim.words) for claim in found), found
    assert all(sentence[claim.begin : claim.end] == claim.what for claim in found)


@pytest.mark.parametrize(
    "sentence",
    [
        "The request is not medically necessary.",
        "No more than 6 visits are recommended.",
        "There are no exceptional factors.",
        "The claims administrator failed to approve a request for an injection.",
        "Pain is rated 5/10.",
        "There is no documentation of the need for a second muscle relaxant.",
    ],
)
def test_what_claims_no_absence_is_left_alone(sentence: str) -> None:
    assert claims.claims(sentence) == ()


def test_mcatee_what_is_called_undocumented_stands_in_the_file() -> None:
    finding = only(said(rationale(1, SAYS), record=page(9, THERE)), "QC-51")
    assert finding.severity is Severity.BLOCKS
    assert [shown.case_page for shown in finding.shows] == [9]
    assert finding.place.row == "i1"


def test_bowen_an_earlier_favourable_decision_and_a_report_not_read() -> None:
    earlier = RecordPage(
        PageRef(SOURCE, 13),
        14,
        f"INDEPENDENT MEDICAL REVIEW Final Determination CM19-0001111: {TRUTH.generic} is medically necessary. "
        "A home TENS unit was used with benefit.",
        seen=None,
    )
    found = said(rationale(1, "There is no documentation of a trial of a TENS unit."), record=more(earlier))
    assert {"QC-10", "QC-15", "QC-51"} <= {each.id for each in found}
    assert {"QC-10", "QC-51"} <= {each.id for each in blocking(found)}


def test_gonzalez_ornelas_the_conclusion_contradicts_the_summary() -> None:
    case = replace(
        rationale(1, "There is no evidence of muscle spasm."),
        clinical_summary=Narrative(f"{SOUND.case.clinical_summary.text} On examination there was spasm and guarding."),
    )
    finding = only(said(case), "QC-52")
    assert finding.severity is Severity.BLOCKS
    assert "spasm" in finding.says


@pytest.mark.parametrize(
    "text",
    [
        "The patient denies any pain relief.",
        "There was no pain relief.",
        "Guidelines ask that pain relief be recorded.",
        "There is no clear indication in the notes of the treating physician that the patient had pain relief.",
        "The reviewer of the denial found a lack of recent and measurable documentation of any lasting pain relief.",
    ],
)
def test_what_a_page_denies_or_a_rule_asks_is_no_hit(text: str) -> None:
    assert not [each for each in said(rationale(1, SAYS), record=page(9, text)) if each.id == "QC-51"]


@pytest.mark.parametrize(
    "text",
    [
        "Not all is well, yet pain relief is good.",
        "No fracture is seen. The patient has pain relief.",
        "There is no evidence of abuse; pain relief is good.",
    ],
)
def test_what_a_page_says_beside_a_denial_is_a_hit(text: str) -> None:
    assert [each.case_page for each in only(said(rationale(1, SAYS), record=page(9, text)), "QC-51").shows] == [9]


def test_a_misread_word_is_a_hit() -> None:
    record = page(9, "The rnuscles show spasrn on palpation.")
    found = said(rationale(1, "There is no documentation of muscle spasm."), record=record)
    assert [shown.case_page for shown in only(found, "QC-51").shows] == [9]


def test_silence_of_an_unreadable_page_is_not_absence() -> None:
    blind = RecordPage(PageRef(SOURCE, 13), 14, "", WordsOrigin.NONE, "scanned", seen=SEEN)
    found = [each for each in said(rationale(1, SAYS), record=more(blind)) if each.id == "QC-51"]
    assert [each.severity for each in found if each.place.row == "i1"] == ["warns", "warns"]
    assert all(each.unsearched == (blind.ref,) for each in found)
    told = absences(subject_of(replace(SOUND, case=rationale(1, SAYS)), TODAY, record=more(blind)))
    assert all(each.unsearched == (blind.ref,) and each.searched == 13 for each in told)


def test_without_a_record_nothing_is_called_absent_or_present() -> None:
    assert absences(subject_of(replace(SOUND, case=rationale(1, SAYS)), TODAY)) == ()
    assert "QC-51" not in {each.id for each in said(rationale(1, SAYS))}
    empty = [each for each in said(rationale(1, SAYS), record=Record()) if each.id == "QC-51"]
    assert empty == []


def test_an_answer_lets_the_hit_pass_until_its_sentence_changes_or_a_page_comes() -> None:
    case, record = rationale(1, SAYS), page(9, THERE)
    asked = only(said(case, record=record), "QC-51")
    answers = Answers((Answer(asked.key, "Seen, not sufficient because it is older than a year."),))
    answered = only(said(case, record=record, answers=answers), "QC-51")
    assert answered.answer is not None
    assert blocking((answered,)) == open_findings((answered,)) == ()

    other = replace(case, clinical_summary=Narrative(f"{case.clinical_summary.text} He rests."))
    assert only(said(other, record=record, answers=answers), "QC-51").answer is not None
    before = item(1, rationale=Narrative(f"A new sentence stands first. {case.items[0].rationale.text}"))
    assert only(said(before, record=record, answers=answers), "QC-51").answer is not None

    changed = rationale(1, SAYS.replace("the medication", "medication"))
    assert only(said(changed, record=record, answers=answers), "QC-51").answer is None
    late = Record((*record.pages, RecordPage(PageRef(SOURCE, 13), 14, THERE, seen=SEEN)))
    assert only(said(case, record=late, answers=answers), "QC-51").answer is None


def test_an_answer_without_a_reason_is_none() -> None:
    case, record = rationale(1, SAYS), page(9, THERE)
    asked = only(said(case, record=record), "QC-51")
    assert only(said(case, record=record, answers=Answers((Answer(asked.key, " "),))), "QC-51").answer is None


def test_a_warning_passes_with_a_reason_and_a_fault_does_not() -> None:
    case = rationale(1, "The patient's causation is disputed.")
    [warned] = [each for each in said(case) if each.id == "QC-58"]
    [passed] = [
        each for each in said(case, answers=Answers((Answer(warned.key, "Quoted from UR."),))) if each.id == "QC-58"
    ]
    assert passed.answer is not None
    undecided = item(1, outcome=None)
    fault = only(said(undecided), "QC-24")
    kept = only(said(undecided, answers=Answers((Answer(fault.key, "Later."),))), "QC-24")
    assert kept.answer is None
    assert blocking((kept,)) == (kept,)
