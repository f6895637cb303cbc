# SPDX-License-Identifier: AGPL-3.0-or-later
"""Facts are proposed with their pages, and enter the case only when they are accepted."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from imr_desktop.casework import case_facts, reading, sorting
from imr_desktop.casework.desk import Desk
from imr_desktop.models.case import Case, CaseHeader, InjuryDate
from imr_desktop.models.records import DocumentType, PageRef
from imr_desktop.records.facts import ItemFact
from imr_desktop.storage import CaseStore
from tests.kit.cases import new_vault
from tests.kit.records import APPLICATION, DENIAL, case_with, digital

NOTE = ["PROGRESS REPORT", "Patient: Injured Worker A", "Claim Number: OTHER-1", "1. Rest"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[CaseStore]:
    with new_vault(tmp_path / "vault") as vault:
        made = case_with(vault, a=digital(APPLICATION, DENIAL, NOTE))
        list(reading.read(made, reading.Plan(ocr=False)))
        list(sorting.sort(made))
        yield made


def test_facts_come_with_their_pages_and_disagreements(store: CaseStore) -> None:
    proposed = {fact.field: fact for fact in case_facts.propose(store).facts}
    assert proposed["case_number"].value == "CM00-0000007"
    assert proposed["date_of_injury"].value == "2005-01-18"
    assert [ref.page for ref in proposed["ur_decision_date"].pages] == [0, 1]
    assert (proposed["claim_number"].value, proposed["claim_number"].otherwise) == ("WC-775894", ("WC-775893",))
    assert store.read().header == CaseHeader()


def test_items_come_with_quantity_and_verdict(store: CaseStore) -> None:
    items = [(one.number, one.quantity, one.verdict, one.page.page) for one in case_facts.propose(store).items]
    assert items == [
        (1, 0, "", 0),
        (2, 60, "", 0),
        (1, 0, "Non-certified", 1),
        (2, 60, "Modified: certified 30 of 60", 1),
    ]


def test_accepting_is_a_step_of_the_reviewer(store: CaseStore) -> None:
    desk = Desk(store)
    proposed = case_facts.propose(store)
    case_facts.accept_facts(desk, proposed.facts)
    header = desk.case.header
    assert (header.claim_number, header.employee.name) == ("WC-775894", "Injured Worker A")
    assert header.date_of_injury == InjuryDate(date(2005, 1, 18))
    assert header.ur_decision_date == date(2014, 10, 30)
    made = case_facts.accept_item(desk, proposed.items[0])
    assert desk.case.item(made).heading == "Six visits of acupuncture for the low back"
    desk.undo()
    assert desk.undo_label


@pytest.mark.parametrize(
    ("wording", "alike"),
    [
        ("6 visits of acupuncture for the low back", True),
        ("Six visits of acupuncture for the low-back", True),
        ("Six visits of acupunctvre for the low back", True),
        ("Seven visits of acupuncture for the low back", False),
        ("Six visits of acupuncture for the neck", False),
    ],
)
def test_a_treatment_worded_alike_is_proposed_once_and_another_number_or_part_is_another_treatment(
    wording: str, alike: bool
) -> None:
    page = PageRef("a" * 64, 0)
    worded = ("Six visits of acupuncture for the low back", wording)
    items = tuple(ItemFact(n, each, 0, "", page, DocumentType.APPLICATION) for n, each in enumerate(worded, 1))
    left = case_facts.unsettled(Case("c"), case_facts.ProposedCase((), items))
    assert len(left.items) == (1 if alike else 2)
