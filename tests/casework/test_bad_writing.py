# SPDX-License-Identifier: AGPL-3.0-or-later
"""What happens under the writer's hands loses nothing and is told: evidence removed, a document split, a page read
again by another engine, an edition of the future. (Ten thousand pasted words: tests/ui/form/test_narrative_edit.py; a
snippet that names itself: tests/casework/test_writing.py.)
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from imr_desktop.casework import intake, reading, sent_again, sorting
from imr_desktop.casework.desk import Desk
from imr_desktop.models.case import CaseHeader, Imro
from imr_desktop.models.citations import Guideline, MtusCitation
from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.placed import line_boxes, verbatim
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import (
    Box,
    Document,
    DocumentType,
    PageRef,
    PageSize,
    PageSpan,
    PageWords,
    SourceFile,
    Word,
    WordsOrigin,
)
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import Table
from tests.kit.cases import new_desk, new_vault
from tests.kit.records import digital

FILE = "a" * 64
SIZE = PageSize(612, 792)
BOX = Box(72, 100, 300, 112)
QUOTE = "pain is 8/10"
REVIEWER = Reviewer()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with new_vault(tmp_path / "vault") as vault:
        made = new_desk(vault, CaseHeader(case_number="CM15-0000001", decision_date=date(2015, 1, 8)), Imro("IMRO"))
        with made.store.step("Take in") as step:
            step.put(Table.SOURCE, FILE, SourceFile(FILE, "records.pdf", 1, 1, (SIZE,) * 9))
        made.add_document(
            Document("", DocumentType.PROGRESS_REPORT, "PR-2", date=date(2014, 7, 1), pages=(_span(0, 8),))
        )
        yield made


def _span(first: int, last: int) -> PageSpan:
    return PageSpan(FILE, "records.pdf", first, last)


def cite(desk: Desk, page: int) -> str:
    passage = Passage((PassagePart(PageRef(FILE, page), (BOX,)),), QUOTE)
    return desk.cite(passage, Place(Part.SUMMARY), len("It hurts"), Narrative("It hurts."))


def printed(desk: Desk) -> str:
    whole = desk.determination(REVIEWER)
    return " ".join(whole.paragraphs(whole.case.clinical_summary))


def told(desk: Desk, words: str) -> list[str]:
    return [each.says for each in desk.findings(REVIEWER) if words in each.says]


def test_an_anchor_to_removed_evidence_keeps_its_place_and_is_told_until_undo_brings_it_back(desk: Desk) -> None:
    evidence = cite(desk, 5)
    whole = printed(desk)
    desk.remove_evidence(evidence)
    assert desk.case.clinical_summary.anchors() == (evidence,)
    assert told(desk, "evidence that was removed") == ["The summary cites evidence that was removed."]
    desk.undo()
    assert printed(desk) == whole == "It hurts (PR-2 dated 7/1/2014)."
    assert told(desk, "evidence that was removed") == []


@pytest.mark.parametrize(("page", "reads"), [(2, "PR-2 dated 7/1/2014"), (5, "MRI dated 3/2/2013")])
def test_a_document_split_under_an_anchor_leaves_it_with_the_part_that_holds_its_page(
    desk: Desk, page: int, reads: str
) -> None:
    evidence = cite(desk, page)
    kept = next(each for each in desk.case.evidence if each.id == evidence)
    rest = desk.split_document(desk.case.documents[0].id, PageRef(FILE, 4))
    second = next(each for each in desk.case.documents if each.id == rest)
    desk.keep_document(replace(second, title="MRI", date=date(2013, 3, 2)))
    assert printed(desk) == f"It hurts ({reads})."
    assert [each for each in desk.case.evidence if each.id == evidence] == [kept]
    desk.join_documents(desk.case.documents[0].id, rest)
    assert printed(desk) == "It hurts (PR-2 dated 7/1/2014)."


def test_a_page_read_again_leaves_the_evidence_on_it_word_for_word_where_it_was(desk: Desk) -> None:
    page = PageRef(FILE, 5)
    words = tuple(Word(text, BOX, 0, 0) for text in QUOTE.split())
    desk.store.keep_words(PageWords(page, SIZE, words, WordsOrigin.DIGITAL))
    evidence = cite(desk, 5)
    before = next(each for each in desk.case.evidence if each.id == evidence)
    again = (Word("pam", Box(70, 98, 90, 111), 0, 0), Word("ls", Box(95, 98, 110, 111), 0, 0))
    desk.store.keep_words(PageWords(page, SIZE, again, WordsOrigin.OCR))
    after = next(each for each in desk.store.read().evidence if each.id == evidence)
    assert after == before
    assert (after.passage.text, after.passage.parts[0].boxes) == (QUOTE, (BOX,))
    assert printed(desk) == "It hurts (PR-2 dated 7/1/2014)."


def test_an_edition_of_the_future_is_kept_as_typed_and_told(desk: Desk) -> None:
    item = desk.add_item("Lumbar MRI")
    cited = Guideline((MtusCitation("Chronic Pain", 2017, ("Imaging",)),))
    desk.keep_item(replace(desk.case.item(item), reviewer_guideline=cited))
    assert desk.case.item(item).reviewer_guideline == cited
    whole = desk.determination(REVIEWER)
    assert "Chronic Pain 2017" in whole.reviewer_sentence(whole.case.items[0])
    (says,) = told(desk, "Chronic Pain 2017")
    assert "published after the decision" in says


def test_a_file_sent_again_leaves_the_evidence_where_it_was_and_its_pages_are_told_as_copies(tmp_path: Path) -> None:
    with new_vault(tmp_path / "again") as vault:
        sheets = [
            [f"Progress report {number}", f"Pain is {number}/10 today and worse than before"] for number in (1, 2)
        ]
        (tmp_path / "first.pdf").write_bytes(digital(*sheets))
        (tmp_path / "sent again.pdf").write_bytes(digital(*sheets, ["Discharge summary", "He walks without a cane"]))
        case_id = list(intake.take_in(vault, [tmp_path / "first.pdf"]))[-1].case_id
        desk = Desk(vault.case(case_id))
        first = desk.case.sources[0].sha256
        kept = Passage((PassagePart(PageRef(first, 1), (BOX,)),), "Pain is 2/10")
        evidence = desk.cite(kept, Place(Part.SUMMARY), len("It hurts"), Narrative("It hurts."))
        list(intake.take_in(vault, [tmp_path / "sent again.pdf"], into=case_id))
        for _ in (*reading.read(desk.store, reading.Plan(ocr=False)), *sorting.sort(desk.store)):
            pass
        again = Desk(desk.store)
        second = again.case.sources[1].sha256
        assert [each.passage for each in again.case.evidence if each.id == evidence] == [kept]
        assert again.determination(REVIEWER).anchor_reads(evidence) == "(page 2 of the case file)"
        copies = {ref: of for ref, (of, _) in sorting.repeated(desk.store).items()}
        assert copies == {PageRef(second, 0): PageRef(first, 0), PageRef(second, 1): PageRef(first, 1)}


def test_evidence_follows_a_corrected_file_where_its_words_still_stand_and_the_rest_is_listed(tmp_path: Path) -> None:
    def sheet(number: int, last: str) -> list[str]:
        head = [f"Progress report {number} of Example, Worker", f"Date of exam: 0{number}/1{number}/2014"]
        return [*head, f"Claim number SYN-{number}77-{number}21, gait is antalgic on the right", last]

    with new_vault(tmp_path / "corrected") as vault:
        old = [sheet(1, "Pain is 4/10 today."), sheet(2, "Pain is 8/10 today."), sheet(3, "Strength is 5/5.")]
        # A cover is put before it, a value on the second sheet is corrected, the third is left out.
        new = [["Fax cover, two sheets"], sheet(1, "Pain is 4/10 today."), sheet(2, "Pain is 6/10 today.")]
        (tmp_path / "first.pdf").write_bytes(digital(*old))
        (tmp_path / "corrected.pdf").write_bytes(digital(*new))
        case_id = list(intake.take_in(vault, [tmp_path / "first.pdf"]))[-1].case_id
        list(intake.take_in(vault, [tmp_path / "corrected.pdf"], into=case_id))
        desk = Desk(vault.case(case_id))
        for _ in (*reading.read(desk.store, reading.Plan(ocr=False)), *sorting.sort(desk.store)):
            pass
        first, second = desk.case.sources

        def cite(page: int, line: int, count: int = 3) -> str:
            ref = PageRef(first.sha256, page)
            words = [word for word in desk.store.words(ref).words if word.box.y0 > 70 + 18 * line][:count]  # type: ignore[union-attr]
            kept = Passage((PassagePart(ref, line_boxes(words)),), verbatim(words))
            return desk.cite(kept, Place(Part.SUMMARY), 0, desk.case.clinical_summary)

        same, corrected, gone = cite(0, 3), cite(1, 3), cite(2, 3)
        (pair,) = sent_again.pairs(desk.store, desk.case)
        assert (pair.old.sha256, pair.new.sha256, pair.pages) == (first.sha256, second.sha256, 2)
        found = sent_again.follow(desk.store, desk.case, pair)
        assert [(each.evidence.id, each.why) for each in found.unmatched] == [
            (corrected, "The sheet came again, but does not say these words"),
            (gone, "No page of the file sent again is this sheet"),
        ]
        assert found.told() == "1 of 3 pieces of evidence match; 2 stay on the old file."
        before = desk.case
        assert sent_again.carry_over(desk, found) == 1
        where = {each.id: each.passage for each in desk.case.evidence}
        assert where[same].start == PageRef(second.sha256, 1)
        assert where[same].text == "Pain is 4/10"
        assert desk.case.clinical_summary == before.clinical_summary, "none vanish from the text"
        assert {where[corrected].start.source, where[gone].start.source} == {first.sha256}
        assert desk.determination(REVIEWER).anchor_reads(same) == "(page 5 of the case file)"
        desk.undo()
        assert desk.case == before
