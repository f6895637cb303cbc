# SPDX-License-Identifier: AGPL-3.0-or-later
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from imr_desktop.casework.desk import Desk
from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.items import ItemKind, Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Box, Document, DocumentType, PageRef, PageSize, PageSpan, SourceFile
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import Change, Table, Vault
from tests.kit.cases import PASSPHRASE, new_desk, new_vault

SOURCE = "ab" * 32
PASSAGE = Passage((PassagePart(PageRef(SOURCE, 2), (Box(72, 90, 200, 102),)),), "range of motion is restricted")


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with new_vault(tmp_path / "vault") as made:
        yield made


@pytest.fixture
def desk(vault: Vault) -> Desk:
    return new_desk(vault)


def test_an_edit_is_one_step_that_tells_what_it_touched(desk: Desk) -> None:
    told: list[Change] = []
    stop = desk.listen(told.append)
    item = desk.add_item("MRI of the neck")
    desk.decide(item, Outcome.UPHELD)
    assert [change.touched for change in told] == [{Table.ITEM}, {Table.ITEM}]
    assert told[1].label == desk.undo_label == "Decide item 1: Upheld"
    stop()
    desk.undo()
    assert len(told) == 2
    assert desk.case.item(item).outcome is None
    assert desk.redo_label == "Decide item 1: Upheld"


def test_a_step_that_changes_nothing_leaves_no_trace(desk: Desk) -> None:
    desk.write_summary(Narrative("Worse."))
    told: list[Change] = []
    desk.listen(told.append)
    desk.write_summary(Narrative("Worse."))
    assert told == []


def test_a_citation_is_evidence_and_anchor_in_one_step(desk: Desk) -> None:
    text = Narrative("Motion is restricted.")
    evidence = desk.cite(PASSAGE, Place(Part.SUMMARY), len("Motion is restricted"), text)
    assert desk.case.clinical_summary.anchors() == (evidence,)
    assert desk.case.evidence[0].passage == PASSAGE
    desk.undo()
    assert desk.case.evidence == ()
    assert not desk.case.clinical_summary
    desk.redo()
    assert desk.case.clinical_summary.anchors() == (evidence,)


def test_a_citation_reads_by_its_document_and_follows_corrections(desk: Desk) -> None:
    with desk.store.step("a source") as step:
        sizes = (PageSize(612, 792),) * 5
        step.put(Table.SOURCE, SOURCE, SourceFile(SOURCE, "records.pdf", 10, 1, sizes), 1.0)
    desk = Desk(desk.store)
    item = desk.add_item("Acupuncture")
    desk.cite(PASSAGE, Place(Part.ITEMS, item, "rationale"), 3, Narrative("Yes."))
    assert printed(desk, item) == ("Yes (page 3 of the case file).",)
    pages = (PageSpan(SOURCE, "records.pdf", 2, 3),)
    document = desk.add_document(Document("", DocumentType.PROGRESS_REPORT, "PR-2", date=date(2014, 7, 1), pages=pages))
    assert printed(desk, item) == ("Yes (PR-2 dated 7/1/2014).",)
    (kept,) = desk.case.documents
    desk.keep_document(replace(kept, date=date(2014, 4, 10)))
    assert printed(desk, item) == ("Yes (PR-2 dated 4/10/2014).",)
    desk.undo()
    assert printed(desk, item) == ("Yes (PR-2 dated 7/1/2014).",)
    desk.remove_document(document)
    assert printed(desk, item) == ("Yes (page 3 of the case file).",)


def printed(desk: Desk, item: str) -> tuple[str, ...]:
    return desk.determination(Reviewer()).paragraphs(desk.case.item(item).rationale)


def test_items_keep_the_order_they_are_given(desk: Desk) -> None:
    first, second, third = (desk.add_item(heading) for heading in ("A", "B", "C"))
    desk.move_item(third, 0)
    assert [item.id for item in desk.case.items] == [third, first, second]
    desk.undo()
    assert [item.id for item in desk.case.items] == [first, second, third]


def test_removing_a_parent_frees_its_dependents(desk: Desk) -> None:
    surgery, clearance = desk.add_item("Surgery"), desk.add_item("Clearance")
    desk.keep_item(replace(desk.case.item(clearance), kind=ItemKind.DEPENDENT, depends_on=surgery))
    desk.remove_item(surgery)
    assert desk.case.item(clearance).depends_on is None
    desk.undo()
    assert desk.case.item(clearance).depends_on == surgery


def test_removed_evidence_leaves_its_anchor_and_the_checks_say_so(desk: Desk) -> None:
    evidence = desk.cite(PASSAGE, Place(Part.SUMMARY), 0, Narrative("Seen."))
    desk.remove_evidence(evidence)
    assert desk.case.clinical_summary.anchors() == (evidence,)
    assert any("evidence that was removed" in finding.says for finding in desk.findings(Reviewer()))


def test_work_and_undo_survive_a_restart(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    with new_vault(folder) as vault:
        desk = new_desk(vault)
        desk.write_summary(Narrative("first"))
        desk.write_summary(Narrative("second"))
        case_id = desk.case.id
    with Vault.open(folder, PASSPHRASE) as vault:
        desk = Desk(vault.case(case_id))
        assert desk.case.clinical_summary == Narrative("second")
        desk.undo()
        assert desk.case.clinical_summary == Narrative("first")


def test_the_digest_follows_every_word(desk: Desk) -> None:
    before = desk.determination(Reviewer()).digest
    assert desk.determination(Reviewer()).digest == before
    desk.write_summary(Narrative("A word."))
    assert desk.determination(Reviewer()).digest != before


def test_what_is_added_stands_last_whatever_was_removed_before(desk: Desk) -> None:
    first, second, third = (desk.add_document(Document("", title=title)) for title in "ABC")
    desk.remove_document(first)
    fourth = desk.add_document(Document("", title="D"))
    assert [document.id for document in desk.case.documents] == [second, third, fourth]
