# SPDX-License-Identifier: AGPL-3.0-or-later
"""The organisation's JSON and CSV: misspelt keys, dates in any writing; what is not understood is listed."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imr_desktop.casework import intake, organisation_file
from imr_desktop.casework.organisation_file import FIELDS, NotOrganisationData, field_of, read
from imr_desktop.models.case import DisputeKind, InjuryDate, Priority
from tests.kit.cases import new_vault
from tests.kit.pdfs import pdf

GIVEN = {
    "claimNumber": "CLAIM-1",
    "casNumber": "CM25-0001234",
    "dateOfInjry": "1/18/2005",
    "priorty": "Expedited",
    "injuredWorkerFirstName": "Injured",
    "injuredWorkerLastNmae": "Worker A",
    "employerNmae": "Employer B",
    "claimsAdminstratorName": "Insurer C",
    "claimsAdministratorAddress": "P.O. Box 1",
    "claimsAdministratorCity": "Sacramento",
    "claimsAdministratorState": "CA",
    "claimsAdministratorZip": "95814",
    "examiner": "Examiner D",
    "providerFirstName": "Physician",
    "providerLastName": "E",
    "treatmentRequsted": "Norco 10/325 mg #60",
    "dateofURDecision": "2025-03-03T00:00:00",
    "receiveDate": "04/07/2025",
    "status": 4,
    "favouriteColour": "green",
}


def test_misspelt_keys_are_understood_and_the_rest_is_listed(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    path.write_text(json.dumps(GIVEN), encoding="utf-8")
    told = read(path)
    header = told.header
    assert (header.case_number, header.claim_number, header.priority) == ("CM25-0001234", "CLAIM-1", Priority.EXPEDITED)
    assert header.date_of_injury == InjuryDate(date(2005, 1, 18))
    assert (header.ur_decision_date, header.application_received) == (date(2025, 3, 3), date(2025, 4, 7))
    assert header.employee.name == "Injured Worker A"
    assert header.employer.name == "Employer B"
    assert header.requesting_physician.name == "Physician E"
    administrator = header.claims_administrator
    assert (administrator.company, administrator.examiner) == ("Insurer C", "Examiner D")
    assert administrator.address == ("P.O. Box 1", "Sacramento, CA 95814")
    assert header.treatments_in_dispute_raw == "Norco 10/325 mg #60"
    assert told.status == "Clinical Review"
    assert told.not_understood == ("The key favouriteColour is not known.",)
    assert any("casNumber was taken for casenumber" in said for said in told.guessed)
    assert len(told.guessed) == 7


def test_a_formulary_review_is_one_whichever_key_names_it(tmp_path: Path) -> None:
    path = tmp_path / "case.json"
    for keys in ({"priority": "Formulary"}, {"reviewType": "Drug formulary"}, {"disputeKind": "formulary"}):
        path.write_text(json.dumps({"caseNumber": "CM25-0001234", **keys}), encoding="utf-8")
        told = read(path)
        assert (told.header.dispute_kind, told.header.priority) == (DisputeKind.FORMULARY, Priority.STANDARD)
        assert told.not_understood == ()


def test_a_table_of_cases_gives_the_one_that_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(
        "caseNumber;employeeName;recieveDate\nCM25-0000001;Worker, First;4/7/2025\nCM25-0000002;Worker, Second;soon\n",
        encoding="utf-8",
    )
    told = read(path, "CM25-0000002")
    assert told.header.employee.name == "Second Worker"
    assert told.not_understood == ("The date in receivedate cannot be read: soon.",)
    with pytest.raises(NotOrganisationData, match="2 cases"):
        read(path)


def test_a_case_that_stands_upright_in_a_table(tmp_path: Path) -> None:
    path = tmp_path / "case.csv"
    path.write_text('caseNumber,CM25-0000001\nemployerName,"Employer, B"\nreceiveDate,4/7/2025\n', encoding="utf-8")
    assert read(path).header.employer.name == "Employer, B"


@pytest.mark.parametrize("text", ["[1, 2]", "{", '{"colour": "green"}', "[]", '"words"'])
def test_what_is_no_case_is_refused_in_two_sentences(tmp_path: Path, text: str) -> None:
    path = tmp_path / "case.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(NotOrganisationData):
        read(path)


def test_employer_and_employee_are_never_taken_for_each_other() -> None:
    assert field_of("employerName") == ("employer", True)
    assert field_of("employeeName") == ("worker", True)
    assert field_of("employeName")[0] in (None, "worker")
    assert field_of("injuredWorker.lastName") == ("worker_last", True)


@given(st.sampled_from([name for names in FIELDS.values() for name in names if len(name) > 9]), st.data())
def test_one_letter_wrong_never_leads_to_another_field(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(name) - 1))
    wrong = name[:at] + data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz")) + name[at + 1 :]
    own = next(field for field, names in FIELDS.items() if name in names)
    found, exact = field_of(wrong)
    assert found in (own, None) or exact


def test_a_folder_of_the_organisation_comes_in_with_its_facts_and_says_what_was_left_out(tmp_path: Path) -> None:
    folder = tmp_path / "CM25-0001234"
    folder.mkdir()
    (folder / "CM25-0001234_001.pdf").write_bytes(pdf("1"))
    (folder / "export.json").write_text(json.dumps(GIVEN), encoding="utf-8")
    (folder / "photo.jpg").write_bytes(b"picture")
    (folder / "letter.docx").write_bytes(b"words")
    with new_vault(tmp_path / "vault") as vault:
        *_, last = intake.take_in(vault, [folder])
        case = vault.case(last.case_id).read()
        assert case.header.claims_administrator.company == "Insurer C"
        assert case.imro.name
        said = " ".join(trouble.happened + trouble.advice for trouble in last.troubles)
        for part in ("photo.jpg was left out", "Print it to a PDF", "letter.docx", "favouriteColour", "taken for"):
            assert part in said, part
    with new_vault(tmp_path / "other") as vault, pytest.raises(intake.CannotTakeIn, match=r"photo\.jpg was left out"):
        list(intake.take_in(vault, [folder / "photo.jpg"]))


def test_a_stray_file_does_not_keep_the_record_out(tmp_path: Path) -> None:
    folder = tmp_path / "CM25-0001234"
    folder.mkdir()
    (folder / "a.pdf").write_bytes(pdf("1"))
    (folder / "notes.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with new_vault(tmp_path / "vault") as vault:
        *_, last = intake.take_in(vault, [folder])
        assert vault.case(last.case_id).read().header.case_number == "CM25-0001234"
        assert any("notes.csv" in trouble.happened for trouble in last.troubles)


def test_statuses_are_told_in_words() -> None:
    assert organisation_file.STATUSES["7"] == "Insufficient Records"
