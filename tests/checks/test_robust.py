# SPDX-License-Identifier: AGPL-3.0-or-later
"""Whatever stands in a letter or a record: findings or silence, never a crash; public letters are seldom troubled."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from imr_desktop.checks import Finding, Index, Severity, findings
from imr_desktop.letter import published
from imr_desktop.models.circumstances import Circumstances
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.readable import Record, RecordPage, page_text
from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, Word, WordsOrigin
from tests.checks import planted
from tests.checks.kit import RECORD, SOUND, TODAY, header, item, said
from tests.checks.planted import SEEN, SOURCE

SAMPLES = sorted((Path(__file__).parent.parent / "samples" / "determinations").glob("*.txt"))
SEED = Path(__file__).parent.parent / "samples" / "seed_determination.txt"
BITS = st.sampled_from(
    (
        *("There is no documentation of", "pain", "7/10", "L4-5", "on 1/2/2024", "right knee", "Norco 10/325 mg #90"),
        *("[[e:ab]]", "is not medically necessary.", "\n", "“quoted”", "{slot}", "12 visits", "x", "(", ")", "…", "ß"),
        *("ﬁ", "İ", "漢字", "עברית", "34-year-old male", ".", "utilization review dated", "13/45/2099", "#", "0", "-"),
        *("L9-22", "1O/l2/2O24"),
    )
)
TEXTS = st.lists(st.one_of(BITS, st.text(max_size=12)), max_size=25).map(" ".join)
QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def failed(found: tuple[Finding, ...]) -> list[str]:
    return [each.says for each in found if "could not be made" in each.says]


@QUICK
@given(summary=TEXTS, rationale=TEXTS, heading=TEXTS, pages=st.lists(TEXTS, max_size=4), listed=TEXTS)
def test_no_text_makes_a_check_fail(summary: str, rationale: str, heading: str, pages: list[str], listed: str) -> None:
    case = item(1, heading=heading, rationale=Narrative(rationale))
    case = replace(case, clinical_summary=Narrative(summary), header=header(treatments_in_dispute_raw=listed).header)
    record = Record(tuple(RecordPage(PageRef("a", n), n + 1, text, WordsOrigin.OCR) for n, text in enumerate(pages)))
    found = said(case, record=record)
    assert failed(found) == []
    written = {None: summary, "i1": rationale}
    for each in found:
        if each.place.span is not None and each.place.field in (None, "rationale") and each.place.row in written:
            begin, end = each.place.span
            assert 0 <= begin <= end <= len(written[each.place.row])


@pytest.mark.parametrize(
    "record",
    [
        Record(),
        Record((RecordPage(PageRef("a", 0), 1, "", WordsOrigin.NONE, "scanned"),)),
        Record((RecordPage(PageRef("a", 0), 1, "", blank=True),)),
        Record((RecordPage(PageRef("a", 0), 1, "ÄÖÜ 漢字 ﬁve İstanbul 1/2/2024"),)),
    ],
    ids=["empty", "without text", "blank", "another script"],
)
def test_an_empty_or_unreadable_record_is_no_crash(record: Record) -> None:
    assert failed(said(record=record)) == []


def test_a_rationale_of_forty_pages_is_read_in_time() -> None:
    long = Narrative(
        " ".join(f"{SOUND.case.items[0].rationale.text} On 1/{n % 27 + 1}/2024 it was so." for n in range(900))
    )
    assert failed(said(item(1, rationale=long), record=RECORD)) == []


def test_words_of_a_page_become_its_text() -> None:
    words = PageWords(
        PageRef("a", 0), PageSize(1, 1), (Word("two", Box(0, 0, 1, 1), 0, 0), Word("words", Box(0, 0, 1, 1), 0, 0))
    )
    assert page_text(words) == "two words"


def test_a_part_of_a_letter_in_an_older_form_is_no_crash() -> None:
    assert failed(findings(published.from_text(SEED.read_text(encoding="utf-8")), TODAY)) == []


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_published_letter_is_seldom_troubled(path: Path) -> None:
    determination = published.from_text(path.read_text(encoding="utf-8"))
    found = findings(determination, TODAY)
    assert failed(found) == []
    assert sum(each.severity is Severity.BLOCKS for each in found) <= 1
    assert sum(each.severity is Severity.WARNS for each in found) <= 3
    omitted = {"QC-10", "QC-11", "QC-12", "QC-20", "QC-51", "QC-62"}
    assert not omitted & {each.id for each in found if each.severity is Severity.BLOCKS}


def test_a_case_in_work_is_never_taken_for_a_published_letter() -> None:
    public = published.from_text(SAMPLES[0].read_text(encoding="utf-8"))
    assert "QC-11" not in {each.id for each in findings(public, TODAY)}
    issued = findings(public, TODAY, circumstances=Circumstances(published=False))
    assert {"QC-01", "QC-11", "QC-12"} <= {each.id for each in issued}
    assert "QC-01" in {each.id for each in said(header(claim_number=""))}


def test_a_check_again_after_an_edit_gives_what_a_fresh_check_gives() -> None:
    index = Index(planted.record_of(planted.truth(4), noise=3))
    said(record=index)
    edited = item(2, rationale=Narrative("The pain was 9/10 on 1/2/2024. There is no documentation of spasm."))
    assert said(edited, record=index) == said(edited, record=Index(index.record))
    seen = replace(RECORD.pages[3], seen=None)
    fewer = Record((*RECORD.pages[:3], seen, *RECORD.pages[4:]))
    assert {each.id for each in said(record=fewer)} >= {"QC-10"}
    assert SEEN is not None
    assert SOURCE
