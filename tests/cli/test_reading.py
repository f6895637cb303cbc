# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case is read and searched from the command line, and what could not be searched is always told."""

import json
from pathlib import Path

import pymupdf
import pytest

from imr_desktop.records.ocr import engines
from tests.kit.commands import Command, taken_in
from tests.kit.pdfs import pdf
from tests.kit.records import APPLICATION, DENIAL, LINES, digital, pictures


def test_a_case_is_read_and_what_it_became_is_told(command: Command, tmp_path: Path) -> None:
    case = taken_in(command, tmp_path / "in", a=digital(APPLICATION, DENIAL, []), b=pictures(LINES))
    status, out, err = command("read", case, "--no-ocr", "--json")
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert (told["pages"], told["read"], told["waiting"], told["blank"]) == (4, 3, 1, [3])
    assert told["not_searchable"] == [{"case_page": 4, "why": "its picture has not been read yet"}]
    assert [(one["type"], one["case_pages"]) for one in told["documents"]][:2] == [
        ("application", [1, 1]),
        ("ur_determination", [2, 3]),
    ]
    facts = {fact["field"]: fact for fact in told["facts"]}
    assert (facts["claim_number"]["value"], facts["claim_number"]["case_pages"]) == ("WC-775894", [1])
    assert [item["quantity"] for item in told["items"]] == [0, 60, 0, 60]
    # Nothing of it is in the case until it is accepted.
    assert json.loads(command("show", case, "--json")[1])["documents"] == []
    assert command("read", case, "--no-ocr")[1].startswith("3 of 4 pages read, 0 of them recognised from pictures.")


def test_proposals_are_accepted_when_asked(command: Command, tmp_path: Path) -> None:
    case = taken_in(command, tmp_path / "in", a=digital(APPLICATION, DENIAL))
    status, out, _ = command("read", case, "--no-ocr", "--accept", "--json")
    assert (status, json.loads(out)["accepted"]) == (0, {"documents": 2, "facts": 5, "items": 2})
    shown = json.loads(command("show", case, "--json")[1])
    assert shown["case"]["claim_number"] == "WC-775894"
    assert [item["heading"] for item in shown["items"]] == [
        "Six visits of acupuncture for the low back",
        "Hydrocodone/APAP 10/325 mg #60",
    ]
    again = json.loads(command("read", case, "--no-ocr", "--accept", "--json")[1])
    assert again["accepted"] == {"documents": 0, "facts": 0, "items": 0}


@pytest.mark.skipif(engines().quick is None, reason="no OCR is installed here")
def test_pictures_are_recognised_and_can_be_read_again(command: Command, tmp_path: Path) -> None:
    case = taken_in(command, tmp_path / "in", a=pictures(LINES))
    assert json.loads(command("read", case, "--json")[1])["recognised"] == 1
    told = json.loads(command("read", case, "--again", "1", "--json")[1])
    assert (told["read"], told["waiting"]) == (1, 0)
    status, _, err = command("read", case, "--again", "7")
    assert status == 2
    assert "There are no pages 7 in this case." in err


def test_search_goes_over_one_case_or_all(command: Command, tmp_path: Path) -> None:
    first = taken_in(command, tmp_path / "one", a=digital(LINES, ["Nothing of it"]))
    second = taken_in(command, tmp_path / "two", b=digital(["Physical therapy 7/1/14"], LINES[:2]), c=pictures(LINES))
    for case in (first, second):
        command("read", case, "--no-ocr")
    status, out, _ = command("search", '"physical therapy"', "--json")
    told = json.loads(out)
    assert status == 0
    assert [(one["id"], len(one["hits"]), len(one["not_searched"])) for one in told["cases"]] == [
        (first, 1, 0),
        (second, 2, 1),
    ]
    hit = told["cases"][1]["hits"][1]
    assert (hit["case_page"], hit["file"], hit["file_page"], hit["text"]) == (2, "b.pdf", 2, "physical therapy")
    assert len(hit["boxes"]) == 1
    status, out, _ = command("search", "July 1st, 2014", "--case", second)
    assert status == 0
    assert "1 hit; 1 of 3 pages have no readable text." in out
    assert ">7/1/14<" in out
    status, out, _ = command("search", "therapy", "--case", second, "--pages", "2", "--exact", "--json")
    assert [hit["case_page"] for hit in json.loads(out)["cases"][0]["hits"]] == [2]


def test_a_search_without_hits_says_what_it_could_not_see(command: Command, tmp_path: Path) -> None:
    taken_in(command, tmp_path / "in", a=digital(LINES), b=pictures(LINES))
    assert "No hits; 2 of 2 pages have no readable text." in command("search", "acupuncture")[1]
    status, _, err = command("search", '"open phrase')
    assert status == 2
    assert err.count(".") >= 2


def test_a_case_that_is_damaged_does_not_hide_the_others(command: Command, tmp_path: Path) -> None:
    sound = taken_in(command, tmp_path / "one", a=digital(LINES))
    damaged = taken_in(command, tmp_path / "two", b=digital(LINES))
    for case in (sound, damaged):
        command("read", case, "--no-ocr")
    (tmp_path / "vault" / "cases" / damaged / "pages.db").write_bytes(b"\0" * 8192)
    status, out, _ = command("search", "lumbar", "--json")
    told = {one["id"]: one for one in json.loads(out)["cases"]}
    assert status == 0
    assert len(told[sound]["hits"]) == 1
    assert told[damaged]["told"].startswith("None of its 1 pages were searched: ")


def test_a_protected_file_is_imported_with_its_password_from_a_file(command: Command, tmp_path: Path) -> None:
    shut = tmp_path / "records.pdf"
    shut.write_bytes(pdf("lumbar pain", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="u", owner_pw="o"))
    status, out, err = command("import", shut)
    assert (status, out) == (2, "")
    assert "is protected" in err
    assert "--pdf-passwords FILE" in err
    (tmp_path / "passwords").write_text("wrong\nu\n", encoding="utf-8")
    status, out, err = command("import", shut, "--pdf-passwords", tmp_path / "passwords", "--json")
    assert (status, json.loads(out)["pages"]) == (0, 1)
    case = json.loads(out)["id"]
    assert command("read", case, "--no-ocr")[0] == 0
    found = json.loads(command("search", case, "lumbar", "--json")[1])
    assert "lumbar" in json.dumps(found)
