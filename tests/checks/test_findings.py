# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each check is given one planted fault in a sound case, and must say it, and must be silent on the sound case."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from imr_desktop.checks import RULES, Severity, blocking, finding, findings
from imr_desktop.models.case import Case, Employee, Imro, InjuryDate
from imr_desktop.models.citations import Guideline, GuidelineCitation, MtusCitation
from imr_desktop.models.determination import Determination
from imr_desktop.models.items import DisputedItem, ItemKind, Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part
from imr_desktop.models.records import DocumentType
from imr_desktop.models.reviewer import Reviewer
from tests.kit.cases import NOW, demo_determination

TODAY = NOW.date()
SOUND = demo_determination()
Change = Callable[[Case], Case]


def case_with(**changes: object) -> Change:
    return lambda case: replace(case, **changes)  # type: ignore[arg-type]


def header_with(**changes: object) -> Change:
    return lambda case: replace(case, header=replace(case.header, **changes))  # type: ignore[arg-type]


def item_with(number: int, **changes: object) -> Change:
    def change(case: Case) -> Case:
        items = list(case.items)
        items[number - 1] = replace(items[number - 1], **changes)  # type: ignore[arg-type]
        return replace(case, items=tuple(items))

    return change


def without_documents(*kinds: DocumentType) -> Change:
    return lambda case: replace(case, documents=tuple(each for each in case.documents if each.type not in kinds))


def test_a_sound_case_is_left_alone() -> None:
    assert findings(SOUND, TODAY) == ()


MEDICAL = (DocumentType.PROGRESS_REPORT, DocumentType.INITIAL_REPORT, DocumentType.THERAPY_NOTE)

PLANTED: list[tuple[str, Change, Part, str | None]] = [
    ("QC-01", header_with(claim_number=""), Part.HEADER, "claim_number"),
    ("QC-01", header_with(decision_date=None), Part.HEADER, "decision_date"),
    ("QC-01", header_with(case_number="14-123"), Part.HEADER, "case_number"),
    ("QC-01", header_with(employee=Employee()), Part.HEADER, "employee.name"),
    ("QC-01", case_with(imro=Imro()), Part.HEADER, "imro.name"),
    ("QC-02", header_with(ur_decision_date=date(2024, 7, 9)), Part.HEADER, "application_received"),
    ("QC-02", header_with(date_of_injury=InjuryDate(date(2025, 1, 1))), Part.HEADER, "ur_decision_date"),
    ("QC-02", header_with(decision_date=date(2027, 1, 1)), Part.HEADER, "decision_date"),
    ("QC-72", case_with(clinical_summary=Narrative(" \n")), Part.SUMMARY, None),
    ("QC-09", case_with(clinical_summary=Narrative("The injured worker is {age} years old.")), Part.SUMMARY, None),
    ("QC-09", item_with(1, rationale=Narrative("See [insert section].")), Part.ITEMS, "rationale"),
    ("QC-11", without_documents(DocumentType.APPLICATION), Part.DOCUMENTS, None),
    ("QC-11", without_documents(DocumentType.UR_DETERMINATION), Part.DOCUMENTS, None),
    ("QC-12", without_documents(*MEDICAL), Part.DOCUMENTS, None),
    ("QC-20", case_with(items=()), Part.ITEMS, None),
    ("QC-20", item_with(1, heading=" "), Part.ITEMS, "heading"),
    ("QC-24", item_with(2, outcome=None), Part.ITEMS, "outcome"),
    ("QC-26", item_with(1, rationale=Narrative()), Part.ITEMS, "rationale"),
    ("QC-28", item_with(1, kind=ItemKind.DEPENDENT, depends_on="gone"), Part.ITEMS, "depends_on"),
    ("QC-28", item_with(1, kind=ItemKind.DEPENDENT, depends_on="i2"), Part.ITEMS, "outcome"),
    ("QC-30", item_with(1, kind=ItemKind.RETROSPECTIVE), Part.ITEMS, "dos"),
    ("QC-40", item_with(1, reviewer_guideline=Guideline()), Part.ITEMS, "reviewer_guideline"),
    ("QC-41", item_with(1, reviewer_guideline=Guideline((MtusCitation("Opioids"),))), Part.ITEMS, "reviewer_guideline"),
    (
        "QC-41",
        item_with(1, reviewer_guideline=Guideline((GuidelineCitation("ODG", chapter="Pain"),))),
        Part.ITEMS,
        "reviewer_guideline",
    ),
    ("QC-47", item_with(1, ca_guideline=None), Part.ITEMS, "ca_guideline"),
    ("QC-50", case_with(clinical_summary=Narrative("Pain [[e:abc]].")), Part.SUMMARY, None),
    (
        "QC-70",
        item_with(1, rationale=Narrative("I, Demonstration Q. Reviewer, M.D., decide.")),
        Part.ITEMS,
        "rationale",
    ),
    ("QC-70", case_with(clinical_summary=Narrative("Licence SYN-A-000001.")), Part.SUMMARY, None),
]


@pytest.mark.parametrize(
    ("identifier", "change", "part", "field"),
    PLANTED,
    ids=[f"{identifier} {part} {field or number}" for number, (identifier, _, part, field) in enumerate(PLANTED)],
)
def test_a_planted_fault_is_said_at_its_place(identifier: str, change: Change, part: Part, field: str | None) -> None:
    said = findings(replace(SOUND, case=change(SOUND.case)), TODAY)
    assert (identifier, part, field) in {(each.id, each.place.part, each.place.field) for each in said}
    assert all(each.says.endswith((".", "}", "]")) and each.says[0].isupper() for each in said)


@pytest.mark.parametrize(
    "reviewer",
    [
        replace(SOUND.reviewer, practice_attestation=False),
        replace(SOUND.reviewer, credentials=replace(SOUND.reviewer.credentials, states_of_licensure=())),
        replace(SOUND.reviewer, credentials=replace(SOUND.reviewer.credentials, certifications=())),
    ],
    ids=["attestation", "licence", "certification"],
)
def test_a_reviewer_who_does_not_qualify_blocks(reviewer: Reviewer) -> None:
    assert {each.id for each in blocking(findings(replace(SOUND, reviewer=reviewer), TODAY))} == {"QC-60"}


def test_the_gravest_stand_first() -> None:
    change = item_with(1, ca_guideline=None, outcome=None)
    said = findings(replace(SOUND, case=change(SOUND.case)), TODAY)
    assert [each.severity for each in said] == [Severity.BLOCKS, Severity.WARNS]


def test_a_check_that_fails_says_so_and_hides_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: finding.Subject) -> finding.Said:
        raise ZeroDivisionError

    rule = finding.Rule("QC-99", Severity.BLOCKS, "Nothing divides by nothing.", broken)
    monkeypatch.setattr("imr_desktop.checks.RULES", [rule, *RULES])
    said = findings(replace(SOUND, case=item_with(1, outcome=None)(SOUND.case)), TODAY)
    assert [each.id for each in said] == ["QC-24", "QC-99"]
    assert "could not be made (ZeroDivisionError)" in said[1].says


def test_an_undecided_case_with_nothing_in_it_crashes_no_check() -> None:
    empty = Determination(Case("c", items=(DisputedItem("i1", outcome=Outcome.UPHELD),)), Reviewer(), SOUND.wording)
    assert blocking(findings(empty, TODAY))
