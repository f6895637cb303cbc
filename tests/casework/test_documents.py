# SPDX-License-Identifier: AGPL-3.0-or-later
"""Documents corrected by hand: split under an anchor, joined, and every citation follows; nothing is lost."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from imr_desktop.casework.desk import Desk
from imr_desktop.casework.documents import CannotSplit
from imr_desktop.casework.snippets import carried
from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.items import DisputedItem, Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Box, Disposition, Document, DocumentType, PageRef, PageSize, PageSpan, SourceFile
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import Table
from tests.kit.cases import new_desk, new_vault

FILE = "a" * 64


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with new_vault(tmp_path / "vault") as vault:
        made = new_desk(vault)
        with made.store.step("Take in") as step:
            step.put(Table.SOURCE, FILE, SourceFile(FILE, "r.pdf", 1, 1, (PageSize(612, 792),) * 20))
        yield made


def report(first: int, last: int, **fields: object) -> Document:
    return Document("", DocumentType.PROGRESS_REPORT, pages=(PageSpan(FILE, "r.pdf", first, last),), **fields)  # type: ignore[arg-type]


def test_a_document_split_under_an_anchor_leaves_the_anchor_on_its_page(desk: Desk) -> None:
    whole = desk.add_document(report(2, 9, title="PR-2", date=date(2014, 7, 1), disposition=Disposition.READ))
    part = PassagePart(PageRef(FILE, 6), (Box(1, 1, 9, 9),))
    kept = desk.cite(Passage((part,), "improved"), Place(Part.SUMMARY), 0, Narrative())
    assert "7/1/2014" in desk.determination(Reviewer()).anchor_reads(kept)
    rest = desk.split_document(whole, PageRef(FILE, 5))
    first, second = desk.case.documents
    assert (first.id, second.id) == (whole, rest)
    assert first.pages[0].last == 4
    assert (second.pages[0].first, second.pages[0].last) == (5, 9)
    assert second.disposition is None
    determination = desk.determination(Reviewer())
    assert determination.document_of(kept) == second
    assert determination.anchor_reads(kept)
    desk.keep_document(replace(second, title="PR-2", date=date(2014, 9, 9)))
    assert "9/9/2014" in desk.determination(Reviewer()).anchor_reads(kept)
    desk.undo()
    desk.undo()
    assert [document.pages for document in desk.case.documents] == [(PageSpan(FILE, "r.pdf", 2, 9),)]


def test_a_document_is_not_split_where_nothing_would_be_left(desk: Desk) -> None:
    whole = desk.add_document(report(2, 9))
    for page in (2, 11):
        with pytest.raises(CannotSplit):
            desk.split_document(whole, PageRef(FILE, page))


def test_joined_documents_are_one_run_and_half_read_is_not_read(desk: Desk) -> None:
    one = desk.add_document(report(2, 4, title="PR-2", disposition=Disposition.READ))
    two = desk.add_document(report(5, 6, author="Dr. A", date=date(2014, 7, 1)))
    copy = desk.add_document(report(10, 11, duplicate_of=two))
    desk.join_documents(one, two)
    joined, other = desk.case.documents
    assert joined.pages == (PageSpan(FILE, "r.pdf", 2, 6),)
    assert (joined.title, joined.author, joined.date, joined.disposition) == ("PR-2", "Dr. A", date(2014, 7, 1), None)
    assert (other.id, other.duplicate_of) == (copy, one)


def test_one_correction_of_a_date_changes_every_citation_with_one_undo(desk: Desk) -> None:
    whole = desk.add_document(report(2, 9, title="PR-2", date=date(2014, 7, 1)))
    for page in (3, 4, 5):
        passage = Passage((PassagePart(PageRef(FILE, page), (Box(1, 1, 9, 9),)),), "x")
        desk.cite(passage, Place(Part.SUMMARY), 0, desk.case.clinical_summary)
    (document,) = desk.case.documents
    desk.keep_document(replace(document, date=date(2014, 7, 2)))
    (printed,) = desk.determination(Reviewer()).paragraphs(desk.case.clinical_summary)
    assert printed.count("7/2/2014") == 3
    desk.undo()
    (printed,) = desk.determination(Reviewer()).paragraphs(desk.case.clinical_summary)
    assert printed.count("7/1/2014") == 3
    assert whole == document.id


def test_a_copied_rationale_says_what_must_differ() -> None:
    first = DisputedItem("1", "MRI of the left knee", outcome=Outcome.UPHELD)
    second = DisputedItem("2", "MRI of the right knee", outcome=Outcome.OVERTURNED)
    text = "The left side hurts [[e:ab]]. Therefore, MRI of the left knee is not medically necessary."
    assert carried(text, first, second) == (
        "The ‹not left› side hurts [[e:ab]]. Therefore, ‹not MRI of the left knee› ‹is not medically necessary?›."
    )
    assert carried("It helps.", first, replace(first, id="3")) == "It helps."
