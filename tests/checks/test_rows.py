# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the rows of the feature list promise of the checks, each walked through once (Q5, Q7, Q8, D10, F9)."""

import time
from dataclasses import replace
from datetime import timedelta

from imr_desktop.checks import Index, blocking
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.readable import Record, RecordPage
from imr_desktop.models.records import DocumentType, PageRef, PageSpan, WordsOrigin
from tests.checks.kit import RECORD, SOUND, TRUTH, ids, item, more, only, page, rationale, said
from tests.checks.planted import SEEN, SOURCE


def test_q5_one_items_rationale_is_held_against_anothers() -> None:
    case = rationale(1, "The patient has muscle spasm of the lumbar spine on examination.")
    second = case.items[1]
    text = f"There is no evidence of muscle spasm. {second.rationale.text}"
    case = replace(case, items=(case.items[0], replace(second, rationale=Narrative(text)), *case.items[2:]))
    finding = only(said(case), "QC-52")
    assert finding.place.row == "i2"
    assert "the rationale of item 1 reports" in finding.says
    assert finding.place.span is not None
    assert "muscle spasm" in text[slice(*finding.place.span)]


def test_q7_reports_that_should_be_there_are_listed_with_the_words_that_name_them() -> None:
    names = "Records reviewed: MRI report dated 2/2/2020; the consultation report dated 3/3/2020."
    record = page(3, f"{RECORD.pages[2].text} {names}")
    finding = only(said(record=record), "QC-13")
    assert "names 2 reports" in finding.says
    assert [shown.case_page for shown in finding.shows] == [3, 3]
    assert all(day in shown.text for day, shown in zip(("2/2/2020", "3/3/2020"), finding.shows, strict=True))
    old = tuple(
        replace(each, date=TRUTH.request - timedelta(days=400)) if each.type is DocumentType.PROGRESS_REPORT else each
        for each in SOUND.case.documents
    )
    gap = only(said(replace(SOUND.case, documents=old)), "QC-13")
    assert "No medical record of the 6 months before the request" in gap.says


def test_d10_an_earlier_decision_is_put_before_the_reviewer_until_it_is_acknowledged() -> None:
    text = f"UTILIZATION REVIEW DETERMINATION of 2/2/2019: {TRUTH.generic} {TRUTH.drug} {TRUTH.strength} certified."
    earlier = RecordPage(PageRef(SOURCE, 13), 14, text, seen=SEEN)
    listed = replace(
        SOUND.case.documents[-1],
        id="prior",
        type=DocumentType.PRIOR_UR,
        title="Prior UR",
        pages=(PageSpan(SOURCE, "r.pdf", 13, 13),),
    )
    case = replace(SOUND.case, documents=(*SOUND.case.documents[:-1], listed))
    [finding] = [each for each in said(case, record=more(earlier)) if each.id == "QC-15"]
    assert (finding.place.row, finding.place.field) == ("i1", "rationale")
    assert [shown.case_page for shown in finding.shows] == [14]
    told = f"A prior utilization review decision of 2/2/2019 certified it. {case.items[0].rationale.text}"
    mended = replace(case, items=(replace(case.items[0], rationale=Narrative(told)), *case.items[1:]))
    assert "QC-15" not in ids(said(mended, record=more(earlier)))


def test_f9_what_could_not_be_searched_goes_with_every_answer_about_the_record() -> None:
    blind = RecordPage(PageRef(SOURCE, 13), 14, "", WordsOrigin.NONE, "scanned", seen=SEEN)
    claimed = rationale(1, "There is no documentation of a urine drug screen or of acupuncture.")
    for record in (more(blind), Record((*page(9, "Urine toxicology was consistent.").pages, blind))):
        about = [each for each in said(claimed, record=record) if each.id in ("QC-51", "QC-53", "QC-54")]
        assert about
        assert all(each.unsearched == (blind.ref,) for each in about)
        assert all("could not be searched" in each.says for each in about)


def test_a_rationale_of_forty_pages_is_checked_while_one_waits() -> None:
    long = " ".join(f"{SOUND.case.items[0].rationale.text} On 1/{n % 27 + 1}/2024 it was so." for n in range(900))
    assert len(long) > 40 * 2500
    begun = time.process_time()
    found = said(item(1, rationale=Narrative(long)), record=Index(RECORD))
    assert time.process_time() - begun < 10
    assert not [each for each in found if "could not be made" in each.says]


def test_a_record_without_any_text_leaves_no_claim_of_absence_standing_by_itself() -> None:
    scans = Record(
        tuple(
            replace(each, text="", origin=WordsOrigin.NONE, unreadable="its picture has not been read yet")
            for each in RECORD.pages
        )
    )
    found = said(rationale(1, "There is no documentation of pain relief."), record=scans)
    assert "QC-51" in ids(found)
    assert not [each for each in found if each.id in ("QC-07", "QC-08", "QC-53", "QC-54")], "nothing is contradicted"
    assert "QC-51" not in ids(blocking(found))
