# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the form works out without a window: progress, chronology, citations, guideline table, symbols."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_desktop.casework.evidence_use import not_cited
from imr_desktop.checks import findings
from imr_desktop.models.case import Case, CaseHeader, Imro, InjuryDate
from imr_desktop.models.citations import (
    Citation,
    Guideline,
    GuidelineCitation,
    MtusCitation,
    OtherCitation,
    ReasonOutside,
    StudyCitation,
)
from imr_desktop.models.deadlines import deadline
from imr_desktop.models.evidence import Evidence, Passage, PassagePart
from imr_desktop.models.items import DisputedItem, Outcome
from imr_desktop.models.narrative import Anchor, Narrative
from imr_desktop.models.records import Box, Document, PageRef, PageSize, PageSpan, SourceFile
from imr_desktop.ui.evidence_marks import marks_of
from imr_desktop.ui.form import citing, narrative_text, progress, registry
from imr_desktop.ui.form.citing import Stated
from imr_desktop.ui.form.dated import chronology, documents_in_order, without_day
from imr_desktop.ui.form.naming import EvidenceNames
from imr_desktop.ui.form.writing_words import readability
from imr_desktop.ui.record import MarkRole
from imr_desktop.ui.record.painting import mark_colours
from tests.kit.cases import demo_determination

FILE = SourceFile("f", "records.pdf", 1, 401, (PageSize(1, 1),) * 30)
PASSAGE = Passage((PassagePart(PageRef("f", 12), (Box(1, 2, 3, 4),)),), "pain has\nincreased")
PR2 = Document("d1", title="PR-2", date=date(2014, 7, 1), pages=(PageSpan("f", "records.pdf", 12, 15),))


def whole() -> Case:
    return Case(
        "c",
        CaseHeader(date_of_injury=InjuryDate(date(2004, 1, 1), date(2005, 1, 18)), decision_date=date(2015, 1, 8)),
        sources=(FILE,),
        documents=(Document("d2", title="MRI"), PR2),
        evidence=(Evidence("e1", PASSAGE, fact_date=date(2014, 6, 30)), Evidence("e2", PASSAGE, note="again")),
        clinical_summary=Narrative("Pain [[e:e1]] more."),
    )


def test_evidence_is_named_by_document_day_and_page() -> None:
    names = EvidenceNames(whole())
    assert names.label("e1") == "PR-2 7/1/2014 p.413"
    assert names.label("gone") == "evidence removed"
    assert names.quote("e1") == "pain has increased"
    assert names.quote("e2").endswith("again")
    assert EvidenceNames(replace(whole(), documents=())).label("e1") == "p.413"
    assert EvidenceNames(replace(whole(), documents=(), sources=())).label("e1") == "page not in the case"
    assert not_cited(whole()) == ("e2",)


@pytest.mark.parametrize(("days", "gap"), [(90, False), (91, True)])
def test_the_chronology_tells_where_the_record_is_silent_for_more_than_ninety_days(days: int, gap: bool) -> None:
    day = date(2014, 6, 30)
    dated = (Evidence("e1", PASSAGE, fact_date=day), Evidence("e2", PASSAGE, fact_date=day + timedelta(days=days)))
    case = replace(whole(), documents=(), evidence=dated)
    told = [(each.day, each.says) for each in chronology(case, EvidenceNames(case)) if each.kind == "Gap"]
    assert told == ([(date(2014, 7, 1), "91 days without a record, until 9/29/2014")] if gap else [])


def test_a_text_tells_its_words_its_grade_and_abbreviations_that_nobody_opened() -> None:
    plain = "The man hurt his back at work. He can not lift. He takes two pills a day. He can walk for ten minutes."
    hard = (
        "Notwithstanding pharmacological intervention, radiculopathic symptomatology persisted following ESI, "
        "necessitating comprehensive electrodiagnostic reevaluation of lumbosacral dermatomal distributions "
        "bilaterally, notwithstanding contraindications previously enumerated throughout."
    )
    easy, heavy = readability(Narrative(plain)), readability(Narrative(f"{hard} [[e:1]]"))
    assert easy.words == 23
    assert easy.grade is not None
    assert heavy.grade is not None
    assert easy.grade < 4 < 16 < heavy.grade
    assert "ESI: epidural steroid injection" in heavy.offered()
    assert readability(Narrative("After an epidural steroid injection (ESI) he walked.")).unopened == ()
    assert readability(Narrative("Too short.")).told() == "2 words"
    text = Narrative(" ".join((hard, hard.replace("Notwith", "With"), hard)))
    demo = demo_determination()
    said = [each.says for each in findings(replace(demo, case=replace(demo.case, clinical_summary=text)))]
    assert f"The summary reads at grade {readability(text).grade:.0f}; shorter sentences would help the reader." in said


def test_the_marks_of_items_differ_in_colour_and_say_their_item() -> None:
    items = (DisputedItem("i1", rationale=Narrative("[[e:e1]]")), DisputedItem("i2", rationale=Narrative("[[e:e2]]")))
    one, two = marks_of(replace(whole(), items=items, clinical_summary=Narrative()))
    assert (one.item, two.item, one.role, two.role) == (1, 2, MarkRole.ITEM, MarkRole.ITEM)
    assert mark_colours(one.role, one.item)[:2] != mark_colours(two.role, two.item)[:2]
    assert mark_colours(one.role, one.item)[2] == mark_colours(two.role, two.item)[2], "the line says: an item"
    assert "Item 2" in two.label


def test_chronology_is_in_the_order_of_the_days_and_leads_to_pages() -> None:
    case = whole()
    lines = chronology(case, EvidenceNames(case), deadline(case.header))
    assert [(each.kind, each.day.year) for each in lines] == [
        ("Case", 2004),
        ("Case", 2005),
        ("Fact", 2014),
        ("Document", 2014),
        ("Case", 2015),
    ]
    fact, document = lines[2], lines[3]
    assert fact.spot is not None
    assert fact.spot.page == PageRef("f", 12)
    assert fact.spot.boxes == (Box(1, 2, 3, 4),)
    assert document.case_page == 413
    assert without_day(case) == ("e2",)
    assert [each.id for each in documents_in_order(case, by_date=True)] == ["d1", "d2"]


def test_progress_counts_what_is_there() -> None:
    case = whole()
    assert progress.of_case(case).short == "2/13"
    assert not progress.of_case(case).done
    assert "injured worker" in progress.of_case(case).sentence
    assert progress.of_documents(case).short == "0/2"
    assert progress.of_summary(case).mark() == "✓ 3 words"
    assert progress.of_items(case).mark() == "0/0"
    items = (DisputedItem("1", outcome=Outcome.UPHELD, rationale=Narrative("So.")), DisputedItem("2"))
    assert progress.of_items(replace(case, items=items)).short == "1/2"
    assert progress.of_case(replace(case, imro=Imro(name="O"))).short == "3/13"


@pytest.mark.parametrize(
    ("citation", "lacking"),
    [
        (MtusCitation("Acupuncture Treatment", 2007), ()),
        (MtusCitation(""), ("chapter", "year")),
        (
            GuidelineCitation("Official Disability Guidelines (ODG)", chapter="Low Back", section="MRI"),
            ("year of publication", "reason for going outside the MTUS", "search that was made"),
        ),
        (
            StudyCitation("Smith J", "T", "J", 2019, "12", "45", reason_outside=ReasonOutside.MTUS_SILENT),
            ("search that was made",),
        ),
        (StudyCitation("S", "T", "J", 2019, "1", "4", reason_outside=ReasonOutside.MTUS_SILENT, search_made="A"), ()),
        (
            OtherCitation("A page"),
            (
                *("publisher", "date", "address", "day it was looked up", "reason for going outside the MTUS"),
                "search that was made",
            ),
        ),
    ],
)
def test_the_missing_element_is_named(citation: Citation, lacking: tuple[str, ...]) -> None:
    assert citing.missing(citation) == lacking
    sentence = citing.missing_sentence(lacking)
    assert sentence == (f"Missing: {', '.join(lacking)}." if lacking else "")


def test_sections_are_missed_only_where_the_chapter_has_any() -> None:
    assert citing.missing(MtusCitation("Low Back Complaints", 2004), has_sections=True) == ("section",)
    assert registry.sections("Acupuncture Treatment", 2007) == ()
    assert "Special Studies" in registry.sections("Low Back Complaints", 2004)


def test_a_class_is_changed_without_losing_what_both_have() -> None:
    mtus = MtusCitation("Low Back", 2016, ("MRI",), "text")
    other = citing.turned(mtus, GuidelineCitation)
    assert other == GuidelineCitation("", 2016, "Low Back", excerpt="text")
    assert citing.turned(other, MtusCitation) == MtusCitation("Low Back", 2016, (), "text")


def test_a_line_is_restated_without_losing_its_citations() -> None:
    cited = Guideline((MtusCitation("Acupuncture Treatment", 2007),))
    words = citing.restated(cited, Stated.WORDS, "Decision based on MTUS Acupuncture Treatment 2007.")
    assert words == replace(cited, text="Decision based on MTUS Acupuncture Treatment 2007.")
    assert citing.stated(words) is Stated.WORDS
    assert citing.restated(words, Stated.CITATIONS, "") == cited
    assert citing.restated(cited, Stated.NONE, "") == Guideline()
    assert citing.restated(cited, Stated.NOTHING, "") is None
    assert [citing.stated(each) for each in (None, Guideline(), cited)] == [
        Stated.NOTHING,
        Stated.NONE,
        Stated.CITATIONS,
    ]


def test_every_edition_of_the_table_is_sound() -> None:
    assert len({(chapter.title, chapter.year) for chapter in registry.chapters()}) == len(registry.chapters())
    for chapter in registry.chapters():
        if chapter.effective_from and chapter.effective_to:
            assert chapter.effective_from < chapter.effective_to
        assert set(chapter.unsure) <= {"year", "effective_from", "effective_to", "sections"}


def test_the_edition_in_force_comes_first_and_others_are_told() -> None:
    day = date(2017, 1, 4)
    first = registry.offered(day)[0]
    assert first.in_force(day)
    assert registry.force_sentence("Chronic Pain Medical Treatment", 2016, day).startswith("In force")
    assert registry.force_sentence("Chronic Pain Medical Treatment", 2009, day).startswith("Not in force")
    assert registry.force_sentence("Low Back Disorders", 2019, day).startswith("Not in force")
    assert registry.force_sentence("Cannabis", 2025, day).startswith("The table does not know")
    assert registry.force_sentence("A chapter of one's own", None, day) == ""


def test_the_closing_sentence_follows_from_the_outcome() -> None:
    item = DisputedItem("1", "Six visits of Acupuncture")
    assert registry.closing(item) == ""
    upheld = replace(item, outcome=Outcome.UPHELD)
    assert registry.closing(upheld) == "Therefore, Six visits of Acupuncture is not medically necessary."
    assert registry.closing(replace(item, outcome=Outcome.OVERTURNED)).endswith("Acupuncture is medically necessary.")


@pytest.mark.parametrize(
    ("text", "outcome", "disagrees"),
    [
        ("X is not medically necessary.", Outcome.UPHELD, False),
        ("X is not medically necessary.", Outcome.OVERTURNED, True),
        ("X is medically necessary.", Outcome.UPHELD, True),
        ("It is medically necessary when shown. The claimant showed nothing.", Outcome.UPHELD, False),
        ("X is medically necessary.", None, False),
        ("", Outcome.UPHELD, False),
    ],
)
def test_a_last_sentence_against_the_decision_is_told(text: str, outcome: Outcome | None, disagrees: bool) -> None:
    assert bool(citing.closing_disagrees(Narrative(text), outcome)) is disagrees


PIECES = st.one_of(
    st.text(st.sampled_from("ab \n\U0001f600[]e:[[]]￼é\u00a0"), max_size=8),
    st.from_regex(r"\A\[\[e:[0-9a-z]{1,4}\]\]\Z"),
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_no_narrative_is_changed_by_being_shown(text: str) -> None:
    narrative = Narrative(text)
    assert narrative_text.narrative(narrative_text.symbols(narrative)) == narrative


@given(st.lists(PIECES, max_size=6).map("".join), st.integers(0, 60))
def test_positions_go_there_and_back(text: str, offset: int) -> None:
    parts = narrative_text.symbols(Narrative(text))
    field = narrative_text.position_at(parts, min(offset, len(text)))
    back = narrative_text.offset_at(parts, field)
    assert back >= min(offset, len(text))
    assert narrative_text.position_at(parts, back) == field


def test_typed_text_that_looks_like_an_anchor_is_none() -> None:
    typed = list("see [[e:e1]]")
    assert narrative_text.narrative(typed).anchors() == ()
    assert narrative_text.narrative([*typed, Anchor("e1")]).anchors() == ("e1",)


@pytest.mark.parametrize("breaks", ["\r\n", "\r", "\u2028", "\u2029"])
def test_any_line_break_is_a_paragraph(breaks: str) -> None:
    make: Callable[[str], str] = lambda mark: f"one{mark}two"  # noqa: E731
    assert narrative_text.narrative(narrative_text.symbols(Narrative(make(breaks)))).text == "one\ntwo"
