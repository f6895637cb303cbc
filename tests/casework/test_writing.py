# SPDX-License-Identifier: AGPL-3.0-or-later
"""What helps while writing, without a window: spelling, snippets, replacing, requests in free text, the scaffold."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from imr_desktop import assets
from imr_desktop.casework import replacing, snippets
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.replacing import Sought
from imr_desktop.casework.request_wording import quantity_of, split_request
from imr_desktop.casework.snippets import BadSnippet, Snippet, SnippetUse
from imr_desktop.casework.spelling import Speller, names_in
from imr_desktop.casework.term_sets import terms_of
from imr_desktop.models.case import CaseHeader, Employee, Imro, InjuryDate
from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.items import Contrast, DisputedItem, Outcome, Side
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import Box, Document, DocumentType, PageRef, PageSize, PageSpan, SourceFile
from imr_desktop.storage import Table
from tests.kit.cases import new_desk, new_vault

SAMPLES = Path(__file__).parents[1] / "samples" / "determinations"
FILE = "a" * 64


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with new_vault(tmp_path / "vault") as vault:
        header = CaseHeader(
            case_number="CM14-0000001",
            employee=Employee("Wanda Zyxwolski", birth_date=date(1949, 6, 2)),
            date_of_injury=InjuryDate(date(2005, 1, 18)),
            ur_decision_date=date(2014, 10, 30),
            decision_date=date(2015, 1, 8),
        )
        made = new_desk(vault, header, Imro("MAXIMUS Federal Services"))
        with made.store.step("Take in") as step:
            step.put(Table.SOURCE, FILE, SourceFile(FILE, "records.pdf", 1, 1, (PageSize(612, 792),) * 20))
        yield made


def passage(text: str, page: int = 3) -> Passage:
    return Passage((PassagePart(PageRef(FILE, page), (Box(72, 100, 300, 112),)),), text)


# -- spelling -------------------------------------------------------------------------------------------------


def test_letters_of_the_field_are_not_called_wrong() -> None:
    speller, words, told = Speller(never=["MAXIMUS"]), 0, 0
    for path in SAMPLES.glob("*.txt"):
        text = path.read_text(encoding="utf-8")
        words += len(text.split())
        told += len(speller.wrong(text))
    assert words > 20_000
    assert told / words < 0.01, f"{told} of {words}"


def test_misspelled_drugs_are_told() -> None:
    speller = Speller()
    names = [
        word
        for drug in assets.table("tables/drugs.toml")["drugs"]
        for word in (drug["name"], *drug["brands"])
        if word.isalpha() and len(word) > 4
    ]
    slips = [name[:at] + name[at + 1] + name[at] + name[at + 2 :] for name in names for at in (1, 2, len(name) - 3)]
    slips = [slip for slip in slips if slip not in names]
    missed = [slip for slip in slips if speller.right(slip)]
    assert len(slips) > 300
    assert len(missed) / len(slips) < 0.05, missed


def test_a_word_is_mended_ignored_and_added(desk: Desk) -> None:
    speller = Speller(never=names_in(desk.case))
    text = "Mrs. Zyxwolski takes hydrocodne for her radiculopthy; C5-6 and http://exmpel.org are right."
    wrong = [text[start:end] for start, end in speller.wrong(text)]
    assert wrong == ["hydrocodne", "radiculopthy"]
    assert speller.suggest("hydrocodne")[0] == "hydrocodone"
    assert speller.suggest("Radiculopthy")[0] == "Radiculopathy"
    speller.ignore("hydrocodne")
    speller.add("radiculopthy")
    assert speller.wrong(text) == ()
    assert Speller(speller.own).right("Radiculopthy")


# -- snippets -------------------------------------------------------------------------------------------------


def test_a_snippet_fills_its_fields_and_leaves_blanks(desk: Desk) -> None:
    added = desk.add_item("Norco #60")
    item = desk.case.item(added)
    made = snippets.expand("{item}: the {worker.age} year old was seen on ‹date› by {nobody}.", desk.case, item)
    assert made.text == "Norco #60: the 65 year old was seen on ‹date› by ‹nobody›."
    assert made.blanks == 2
    assert made.notes == ("There is no field “nobody”; a blank stands in its place.",)


def test_a_snippet_that_names_itself_leaves_a_blank(desk: Desk) -> None:
    first, second = Snippet("One", "a {snippet Two}"), Snippet("Two", "b {snippet One}")
    made = snippets.expand(first.text, desk.case, None, (first, second))
    assert made.text.startswith("a b a ‹")
    assert "names itself" in made.notes[0]


def test_snippets_remember_where_they_were_used_and_are_kept() -> None:
    used = Snippet("One", "text", "xx").used(SnippetUse("CM14-1", 2, date(2015, 1, 8)))
    assert used.told() == "Used once, last in CM14-1 on 1/8/2015."
    assert snippets.from_setting(snippets.to_setting([used])) == (used,)
    with pytest.raises(BadSnippet):
        snippets.checked([used, Snippet("Two", "t", "xx")])
    with pytest.raises(BadSnippet):
        snippets.checked([used, Snippet("one", "t")])


def test_a_reused_rationale_carries_no_fact_of_the_other_worker() -> None:
    text = "Ms. Doe, a 65 year old female, had 12 visits for the left knee at L4-5 on 7/1/2014 [[e:a]]. She improved."
    assert snippets.blanked(text, ["Doe"]) == (
        "Ms. ‹name›, a ‹age› ‹sex›, had ‹number› visits for the ‹side› knee at ‹level› on ‹date›. ‹sex› improved."
    )


# -- replacing ------------------------------------------------------------------------------------------------


def test_words_are_replaced_across_the_letter_in_one_step(desk: Desk) -> None:
    kept = desk.add_evidence(passage("pain"))
    item = desk.add_item("MRI of the left knee")
    desk.write_summary(Narrative(f"The left  knee hurts [[e:{kept}]]. Left-handed."))
    desk.write_rationale(item, Narrative("The LEFT knee."))
    sought = Sought("left knee")
    assert [spot.text for spot in replacing.found(desk.case, sought)] == ["left  knee", "left knee", "LEFT knee"]
    assert replacing.found(desk.case, Sought(kept[:4])) == ()
    assert replacing.replace_all(desk, sought, "right knee") == 3
    assert desk.case.clinical_summary.text == f"The right knee hurts [[e:{kept}]]. Left-handed."
    assert desk.case.item(item).heading == "MRI of the right knee"
    desk.undo()
    assert desk.case.item(item).rationale.text == "The LEFT knee."
    assert len(replacing.found(desk.case, Sought("LEFT", match_case=True))) == 1
    assert len(replacing.found(desk.case, Sought("lef", whole_word=True))) == 0
    replacing.replace_one(desk, replacing.found(desk.case, sought)[2], "hip [[e:1]]")
    assert desk.case.item(item).rationale.anchors() == ()


# -- requests in free text ------------------------------------------------------------------------------------


def test_one_request_is_cut_into_treatments_with_their_quantity() -> None:
    norco, mri, therapy = split_request("Norco #60, MRI L/S, PT 2x6")
    assert (norco.wording, norco.quantity.amount) == ("Norco #60", Decimal(60))
    assert (mri.wording, mri.quantity.body_part) == ("MRI L/S", "lumbar spine")
    assert (therapy.quantity.sessions, therapy.quantity.duration) == (12, "6 weeks")


@pytest.mark.parametrize(
    ("text", "wordings"),
    [
        ("1. Norco 10/325 mg, #60 with 2 refills\n2. MRI of the cervical, thoracic, and lumbar spine", 2),
        ("EMG and NCV of bilateral upper extremities; TENS unit rental x 30 days", 2),
        ("Norco 10/325mg #90 and physical therapy 12 sessions", 2),
        ("Lumbar epidural steroid injection at L4-5, left, under fluoroscopy", 1),
        ("", 0),
        (", ; and", 1),
    ],
)
def test_what_only_adds_to_a_treatment_stays_with_it(text: str, wordings: int) -> None:
    assert len(split_request(text)) == wordings


def test_each_part_of_a_quantity_is_read_only_where_it_is_stated() -> None:
    drug = quantity_of("Flexeril 7.5mg TID #90 tablets, no refills")
    assert (drug.strength, drug.frequency, drug.amount, drug.unit, drug.refills) == (
        "7.5 mg", "TID", Decimal(90), "tablets", 0,
    )  # fmt: skip
    injection = quantity_of("Transforaminal ESI at left L4-L5 and L5-S1")
    assert injection.side is Side.LEFT
    assert injection.spinal_levels == ("L4-5", "L5-S1")
    assert quantity_of("MRI of the right knee without contrast").contrast is Contrast.WITHOUT
    therapy = quantity_of("physical therapy two times a week for six weeks")
    assert (therapy.sessions, therapy.frequency, therapy.duration) == (12, "2 times a week", "6 weeks")
    assert quantity_of("Cane") == replace(quantity_of(""), body_part="")


def test_every_sample_item_keeps_its_words_when_it_is_read() -> None:
    headings = [
        " ".join(found.split())
        for path in SAMPLES.glob("*.txt")
        for found in re.findall(r"\n\s*(?:\d+\.\s+)?([^\n]+?): (?:Upheld|Overturned)", path.read_text(encoding="utf-8"))
    ]
    assert len(headings) > 20
    for heading in headings:
        joined = " ".join(part.wording for part in split_request(heading))
        assert set(re.findall(r"\w+", joined)) >= set(re.findall(r"\w+", heading)) - {"and"}, heading


# -- the scaffold ---------------------------------------------------------------------------------------------


def test_the_scaffold_says_nothing_that_was_not_gathered(desk: Desk) -> None:
    assert "‹age›" not in desk.case.clinical_summary.text
    rfa = PageSpan(FILE, "records.pdf", 4, 4)
    desk.add_document(Document("", DocumentType.RFA, "RFA", date=date(2014, 10, 20), pages=(rfa,)))
    visit = PageSpan(FILE, "records.pdf", 5, 6)
    desk.add_document(Document("", DocumentType.PROGRESS_REPORT, "PR-2", date=date(2014, 9, 4), pages=(visit,)))
    injury = desk.add_evidence(passage("was injured when lifting a box", 8))
    diagnosis = desk.add_evidence(passage("Diagnosis: lumbago.", 9))
    item = desk.add_item("Six visits of acupuncture")
    desk.decide(item, Outcome.UPHELD)
    desk.write_summary(Narrative("My own words."))
    desk.write_scaffold()
    lines = desk.case.clinical_summary.text.split("\n")
    assert lines[0] == "My own words."
    assert lines[1].startswith("The claimant is a 65 year old ‹sex› who sustained a work related injury on 1/18/2005")
    assert f"“was injured when lifting a box” [[e:{injury}]]" in lines[1]
    assert lines[2] == f"“Diagnosis: lumbago” [[e:{diagnosis}]]."
    assert lines[3].startswith("The last visit on record is of 9/4/2014 [[e:")
    assert "Requested: Six visits of acupuncture [[e:" in lines[4]
    assert "necessary" not in desk.case.clinical_summary.text
    kept = {evidence.id for evidence in desk.case.evidence}
    assert set(desk.case.clinical_summary.anchors()) <= kept
    desk.undo()
    assert desk.case.clinical_summary.text == "My own words."
    assert len(desk.case.evidence) == 2


def test_every_sample_item_proposes_terms_of_its_own() -> None:
    assert "hydrocodone/acetaminophen" in terms_of(DisputedItem("1", "Norco 10/325 mg #60"))
    terms = terms_of(DisputedItem("2", "Left L4-5 epidural steroid injection, lumbar spine"))
    assert {"left lumbar spine", "L4-5", "epidural injection"} <= set(terms)
    assert terms_of(DisputedItem("3", "Something unheard of")) == ("Something unheard of",)
