# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts are found in a text, brought to one form, and looked up in the record."""

from dataclasses import replace
from datetime import date

import pytest

from imr_desktop.checks import Index, normalise, reading, sentences, subject_of
from imr_desktop.checks.facts import Fact, looked_up
from imr_desktop.checks.lookup import Verdict
from imr_desktop.checks.reading import Kind
from imr_desktop.models.determination import Determination
from imr_desktop.models.evidence import Evidence, Passage, PassagePart
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.readable import Record, RecordPage
from imr_desktop.models.records import PageRef, SourceFile, WordsOrigin
from tests.checks import planted
from tests.checks.kit import RECORD, SOUND, TODAY, TRUTH, only, page, said, summary
from tests.checks.planted import SOURCE


@pytest.mark.parametrize(
    "written",
    ["7/1/2014", "07/01/2014", "07-01-14", "7.1.2014", "July 1, 2014", "Jul. 1 2014", "1 July 2014", "2014-07-01"],
)
def test_a_date_has_one_form(written: str) -> None:
    [found] = normalise.dates(f"On {written}, the patient returned.")
    assert found.day == date(2014, 7, 1)


@pytest.mark.parametrize("written", ["13/13/2014", "2-3 weeks", "L4-5", "5/325 mg", "12-8, page 309", "(555) 555-0100"])
def test_what_is_no_date_is_none(written: str) -> None:
    assert list(normalise.dates(f"See {written} there")) == []


@pytest.mark.parametrize(
    ("written", "names"),
    [
        ("L4-5", ("L4-L5",)),
        ("L4-L5, L5-S1", ("L4-L5", "L5-S1")),
        ("L5/S1", ("L5-S1",)),
        ("L3-S1", ("L3-L4", "L4-L5", "L5-S1")),
        ("C5 and C6", ("C5", "C6")),
        ("cervical 2 level", ("C2",)),
        ("T12", ("T12",)),
    ],
)
def test_a_spinal_level_has_one_form(written: str, names: tuple[str, ...]) -> None:
    [found] = normalise.levels(f"facets at {written} were")
    assert found.names == names


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("a 57 year old female", Kind.AGE, 57),
        ("a 34 y/o worker", Kind.AGE, 34),
        ("pain 3 out of 10", Kind.SCORE, ("3", "10")),
        ("motor strength was 4/5", Kind.SCORE, ("4", "5")),
        ("Percocet 5-325mg", Kind.STRENGTH, ("5/325", "mg")),
        ("six (6) physical therapy visits", Kind.COUNT, (6.0, "visit")),
        ("therapy, times 12", Kind.COUNT, (12.0, "visit")),
        ("three times a week", Kind.FREQUENCY, (3.0, "week")),
        ("Norco #90", Kind.QUANTITY, 90),
        ("the right-sided carpal tunnel", Kind.SIDE, ("right", "wrist")),
        ("knee (left)", Kind.SIDE, ("left", "knee")),
        ("right and left elbow", Kind.SIDE, ("bilateral", "elbow")),
        ("flexion to 45 degrees", Kind.ANGLE, 45),
        ("takes Flexeril", Kind.DRUG, "cyclobenzaprine"),
    ],
)
def test_a_fact_has_one_form(text: str, kind: Kind, value: object) -> None:
    assert value in {each.value for each in reading.mentions(text) if each.kind is kind}


def test_sentences_keep_their_places_and_their_anchors() -> None:
    text = "Pain 7/10 on 1/2/2024 per Dr. Roe, vs. before. It was 5 [[e:ab]] of 10.\nNo. 5 is next."
    found = sentences.split(text)
    assert [each.text[:7] for each in found] == ["Pain 7/", "It was ", "No. 5 i"]
    for each in found:
        begin, end = each.span(0, len(each.text))
        assert len(text[begin:end]) == len(each.text)
    assert [name for _, name in found[1].anchors] == ["ab"]


def test_slips_of_ocr_are_allowed_for() -> None:
    misread = planted.record_of(TRUTH, ocr=True)
    assert not [each for each in said(record=misread) if each.severity != "informs"]


def test_accents_of_specks_and_lost_blanks_are_allowed_for() -> None:
    text = RECORD.pages[2].text.replace("2. ", "2.").replace("visits", "viṡits").replace("physical", "physicál")
    assert "viṡits" in text
    record = page(3, f"{text} Urine toxicológy was consistent.", origin=WordsOrigin.OCR)
    assert not [each for each in said(record=record) if each.severity != "informs"]
    claim = summary("A urine drug screen was not documented.")
    assert [each.case_page for each in only(said(claim, record=record), "QC-51").shows] == [3]


def facts_of(determination: Determination = SOUND, record: Record = RECORD) -> dict[tuple[str, str], Fact]:
    found = looked_up(subject_of(determination, TODAY, record=record))
    return {(each.mention.kind.value, each.words): each for each in found if each.text.item is None}


def test_a_fact_comes_with_its_pages() -> None:
    fact = facts_of()["score", f"{TRUTH.scores[2]}/10"]
    assert fact.looked.verdict is Verdict.SUPPORTED
    [shown] = fact.looked.shows
    assert shown.case_page == 8
    words = RECORD.pages[7].text.split(" ")[slice(*shown.words)]
    assert f"{TRUTH.scores[2]}/10" in " ".join(words)


def test_a_fact_of_a_page_that_cannot_be_read_is_unknown() -> None:
    pages = list(RECORD.pages)
    for number in (7, 8):
        pages[number] = replace(pages[number], text="", origin=WordsOrigin.NONE, unreadable="scanned")
    fact = facts_of(record=Record(tuple(pages)))["score", f"{TRUTH.scores[2]}/10"]
    assert fact.looked.verdict is Verdict.UNKNOWN


def test_a_fact_that_stands_nowhere_says_what_could_not_be_searched() -> None:
    loose = RecordPage(PageRef(SOURCE, 40), 41, "", WordsOrigin.NONE, "scanned", seen=planted.SEEN)
    case = summary("The patient takes Lyrica 75 mg.")
    found = [each for each in said(case, record=Record((*RECORD.pages, loose))) if each.id == "QC-54"]
    assert found
    assert all(each.unsearched == (loose.ref,) for each in found)
    assert all("1 pages could not be searched" in each.says for each in found)


COPIED = "Numbness of the digits of the right hand and radiating pain about the left hand, sensation intact from C3-T1."


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("the right hand", "the left hand"), ("the left hand", "the right hand"), ("C3-T1", "C3-4")],
)
def test_a_value_that_stands_there_for_something_else_is_told(right: str, wrong: str) -> None:
    record = page(4, f"{RECORD.pages[3].text} {COPIED}")
    assert "QC-54" not in {each.id for each in said(summary(COPIED), record=record)}
    text = COPIED.replace(right, wrong, 1)
    [finding] = [each for each in said(summary(text), record=record) if each.id == "QC-54"]
    assert [shown.case_page for shown in finding.shows] == [4]
    assert finding.place.span is not None


def test_what_is_copied_from_visit_to_visit_is_no_contradiction() -> None:
    often = "the pain of the lower extremity is rated {}/10 with medication as before and is aching"
    pages = list(RECORD.pages)
    for number, score in ((3, 4), (5, 6), (7, 8)):
        pages[number] = replace(pages[number], text=f"{pages[number].text} Today {often.format(score)}.")
    for visit, score in ((0, 4), (1, 6), (2, 8)):
        told = f"On {TRUTH.visits[visit]:%m/%d/%Y}, {often.format(score)}."
        assert "QC-54" not in {each.id for each in said(summary(told), record=Record(tuple(pages)))}


def test_a_document_moved_since_counts_at_once() -> None:
    index, listed = Index(RECORD), SOUND.case.documents
    moved = tuple(replace(each, pages=listed[0].pages) if each.date == TRUTH.visits[2] else each for each in listed)
    for number in range(30):
        for documents, verdict in ((listed, Verdict.SUPPORTED), (moved, Verdict.ELSEWHERE)):
            named = (*documents[:-1], replace(documents[-1], title=f"Papers {number}"))
            subject = subject_of(replace(SOUND, case=replace(SOUND.case, documents=named)), TODAY, record=index)
            found = [each for each in looked_up(subject) if each.words == f"{TRUTH.scores[2]}/10"]
            assert found[0].looked.verdict is verdict


def test_a_changed_digit_in_a_sentence_with_an_anchor_is_found() -> None:
    words = "flexion of the knee is 45 degrees and pain is 4/10"
    evidence = Evidence("e1", Passage((PassagePart(PageRef(SOURCE, 3), ()),), words))
    case = replace(SOUND.case, evidence=(evidence,), sources=(SourceFile(SOURCE, "r.pdf", 1, 1),))
    for text, wrong in (("Flexion is 54 degrees", "54"), ("Pain is 7/10", "7/10"), ("Flexion is 45 degrees", "")):
        written = f"{case.clinical_summary.text} {text} [[e:e1]]."
        found = [
            each
            for each in said(replace(case, clinical_summary=Narrative(written)), record=RECORD)
            if each.id == "QC-54"
        ]
        if wrong:
            [finding] = found
            assert finding.place.span is not None
            assert wrong in written[slice(*finding.place.span)]
        else:
            assert found == []


def test_the_place_of_a_finding_is_the_wrong_words() -> None:
    text = SOUND.case.clinical_summary.text.replace(f"{TRUTH.age}-year", f"{TRUTH.age + 3}-year")
    finding = only(said(replace(SOUND.case, clinical_summary=Narrative(text)), record=RECORD), "QC-07")
    assert finding.place.span is not None
    assert text[slice(*finding.place.span)] == f"{TRUTH.age + 3}-year-old"


@pytest.mark.parametrize("ocr", [False, True], ids=["digital", "ocr"])
def test_nearly_every_planted_error_is_found_and_sound_letters_are_left_alone(ocr: bool) -> None:
    missed, planted_errors = [], 0
    for seed in range(6):
        truth = planted.truth(seed)
        index = Index(planted.record_of(truth, noise=4, ocr=ocr))
        sound = planted.determination_of(truth)
        before = {each.says for each in said(sound, record=index)}
        assert not [each for each in said(sound, record=index) if each.severity != "informs"]
        for error in planted.plantings(truth):
            planted_errors += 1
            found = [each for each in said(error.determination, record=index) if each.says not in before]
            if not any(each.severity != "informs" for each in found):
                missed.append((seed, error.kind, error.wrong))
    assert len(missed) <= 0.05 * planted_errors, missed
