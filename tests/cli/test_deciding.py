# SPDX-License-Identifier: AGPL-3.0-or-later
"""The items three ways and the registry of guideline chapters from the command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from imr_desktop import assets
from tests.kit.commands import Command, taken_in
from tests.kit.records import digital

APPLICATION = ["APPLICATION FOR INDEPENDENT MEDICAL REVIEW", "DISPUTED MEDICAL TREATMENT", "1. Lumbar MRI"]
REQUEST = [
    "REQUEST FOR AUTHORIZATION, DWC FORM RFA",
    "Diagnosis ICD Service or good requested Qty",
    "Low back pain M54.50 Lumbar MRI 1",
    "Low back pain 724.2 Wheelchair rental for one month 1",
    "Treating Physician A Date: 10/20/2014",
]
DENIAL = [
    "UTILIZATION REVIEW DETERMINATION",
    "Determination Date: October 30, 2014",
    "1. Lumbar MRI: Non-certified",
    "2. Wheelchair rental for one month: Modified: two weeks certified",
    "3. Hydrocodone/APAP 10/325 mg #60: Certified",
]


def test_treatments_without_an_item_are_taken_in_or_dismissed(command: Command, tmp_path: Path) -> None:
    case = taken_in(command, tmp_path / "in", a=digital(APPLICATION, REQUEST, DENIAL))
    command("read", case, "--no-ocr")
    status, out, _ = command("items", case, "--json")
    lines = json.loads(out)
    assert status == 1
    assert [line["state"] for line in lines] == ["Open"] * 3
    mri, chair, drug = (line["named"] for line in lines)
    assert {source: each["page"] for source, each in mri.items()} == {"application": 1, "rfa": 2, "ur_determination": 3}
    assert chair["rfa"]["wording"] == "Wheelchair rental for one month"
    assert chair["ur_determination"]["verdict"].startswith("Modified")
    assert list(drug) == ["ur_determination"]
    assert command("items", case, "--take-in", "1")[0] == 1
    assert command("items", case, "--dismiss", "3")[0] == 2, "a dismissal needs its reason"
    assert command("items", case, "--dismiss", "3", "--reason", "Authorised by the denial itself")[0] == 1
    status, out, _ = command("items", case, "--take-in", "2", "--json")
    assert (status, [line["state"] for line in json.loads(out)]) == (
        0,
        ["Item 1", "Item 2", "Dismissed: Authorised by the denial itself"],
    )
    assert command("items", case, "--take-in", "1")[0] == 2, "it is an item already"


def test_the_time_worked_is_a_table_and_an_annex_of_nothing_is_refused(command: Command, tmp_path: Path) -> None:
    case = taken_in(command, tmp_path / "in", a=digital(APPLICATION))
    assert command("worktime")[1] == "case,day,part,minutes,pages seen\n"
    assert command("worktime", "-o", tmp_path / "time.csv")[0] == 0
    assert (tmp_path / "time.csv").read_text() == "case,day,part,minutes,pages seen\n"
    status, _, err = command("annex", case, "-o", tmp_path / "annex.pdf")
    assert (status, "No page of the record is cited yet." in err) == (2, True)


@pytest.fixture
def own_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMR_DESKTOP_TABLES", str(tmp_path / "tables"))
        yield
    assets.forget_tables()


@pytest.mark.usefixtures("own_tables")
def test_editions_are_listed_and_taken_in_from_a_file(command: Command, tmp_path: Path) -> None:
    before = json.loads(command("registry", "list", "--json")[1])
    file = tmp_path / "more.toml"
    file.write_text(
        '[[chapter]]\ntitle = "Music therapy"\nyear = 2025\neffective_from = 2030-01-01\n', encoding="utf-8"
    )
    assert command("registry", "import", file)[1] == (
        f"The registry has {len(before) + 1} editions; 1 more than before.\n"
    )
    after = json.loads(command("registry", "list", "--json")[1])
    assert (after[-1]["title"], after[-1]["effective_from"], after[:-1]) == ("Music therapy", "2030-01-01", before)
    assert command("registry", "import", file)[0] == 0, "the same edition takes its own place"
    assert len(json.loads(command("registry", "list", "--json")[1])) == len(after)
    file.write_text('[[chapter]]\ntitle = "A"\neffective_from = 2030-01-01\neffective_to = 2029-01-01\n')
    status, _, err = command("registry", "import", file)
    assert (status, "ends before it begins" in err) == (2, True)
    assert command("tables", "restore", "guidelines")[0] == 0


def test_files_that_came_again_are_compared(command: Command, tmp_path: Path) -> None:
    case = taken_in(command, tmp_path / "in", a=digital(APPLICATION))
    assert command("sent-again", case, "--json")[:2] == (0, "[]\n")
    assert command("sent-again", case)[1] == "No file with evidence on it has come again.\n"
