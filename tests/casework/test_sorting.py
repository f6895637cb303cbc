# SPDX-License-Identifier: AGPL-3.0-or-later
"""What the machine proposes is kept apart from what the reviewer decided, and never overrules it."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from imr_desktop.casework import reading, sorting
from imr_desktop.casework.desk import Desk
from imr_desktop.models.case import CaseHeader, Employee
from imr_desktop.models.records import Document, DocumentType, PageRef, PageSpan
from imr_desktop.storage import CaseStore
from tests.kit.cases import new_vault
from tests.kit.records import LINES, case_with, digital

PR2 = ["PROGRESS REPORT (PR-2)", "Patient: Injured Worker A", "Date of Exam: 7/1/2014", *LINES]
MRI = ["MRI REPORT", "Patient: Somebody Else", "Date of Study: 5/6/2013", *LINES]
UR = ["UTILIZATION REVIEW DETERMINATION", "Determination Date: 10/30/2014", *LINES]
OLD_UR = ["UTILIZATION REVIEW DETERMINATION", "Determination Date: 1/30/2012", *LINES]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CaseStore]:
    with new_vault(tmp_path / "vault") as vault:
        made = case_with(vault, a=digital(PR2, ["and more of it"], MRI, UR, OLD_UR), b=digital(PR2))
        header = CaseHeader(employee=Employee(name="Injured Worker A"), ur_decision_date=date(2014, 10, 30))
        Desk(made).keep_header(header)
        list(reading.read(made, reading.Plan(ocr=False)))
        list(sorting.sort(made))
        yield made


def spans(store: CaseStore) -> list[tuple[DocumentType, int, int]]:
    return [(one.type, one.first, one.last) for one in sorting.proposals(store)]


def test_a_case_is_sorted(store: CaseStore) -> None:
    assert spans(store) == [
        (DocumentType.PROGRESS_REPORT, 0, 1),
        (DocumentType.IMAGING, 2, 2),
        (DocumentType.UR_DETERMINATION, 3, 3),
        (DocumentType.PRIOR_UR, 4, 4),
        (DocumentType.PROGRESS_REPORT, 0, 0),
    ]
    one, other = (source.sha256 for source in store.read().sources)
    assert sorting.repeated(store) == {PageRef(other, 0): (PageRef(one, 0), 1.0)}
    assert reading.record(store).pages[5].repeats == PageRef(one, 0)
    assert {ref: found.what for ref, found in sorting.strays(store).items()} == {PageRef(one, 2): "name"}


def test_accepted_documents_are_the_reviewers_own_and_stay(store: CaseStore) -> None:
    desk = Desk(store)
    first = sorting.proposals(store)[0]
    (made,) = sorting.accept(desk, [first])
    document = next(one for one in desk.case.documents if one.id == made)
    assert (document.type, document.date, document.pages[0].last) == (DocumentType.PROGRESS_REPORT, date(2014, 7, 1), 1)
    assert (DocumentType.PROGRESS_REPORT, 0, 1) not in spans(store)
    desk.undo()
    assert (DocumentType.PROGRESS_REPORT, 0, 1) in spans(store)


def test_a_correction_by_hand_is_never_overruled(store: CaseStore) -> None:
    source = store.read().sources[0]
    span = PageSpan(source.sha256, source.name, 1, 2)
    Desk(store).add_document(Document("", DocumentType.LAB, pages=(span,)))
    list(sorting.sort(store))
    assert spans(store)[:2] == [(DocumentType.PROGRESS_REPORT, 0, 0), (DocumentType.UR_DETERMINATION, 3, 3)]
    assert [document.type for document in store.read().documents] == [DocumentType.LAB]


def test_sorting_changes_nothing_in_the_case(store: CaseStore) -> None:
    before = store.read()
    list(sorting.sort(store))
    assert store.read() == before
