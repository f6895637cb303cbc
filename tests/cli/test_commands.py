# SPDX-License-Identifier: AGPL-3.0-or-later
"""The public contract, called as a person or a script would call it."""

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from imr_desktop import assets
from imr_desktop.cli import run
from imr_desktop.storage import keys
from tests.kit.cases import PASSPHRASE, QUICK

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Run a command in this process against a vault of the test's own; gives status, output and errors."""
    monkeypatch.setenv("IMR_DESKTOP_VAULT", str(tmp_path / "vault"))
    monkeypatch.setenv("IMR_DESKTOP_PASSPHRASE", PASSPHRASE)
    monkeypatch.delenv("IMR_DESKTOP_DEBUG", raising=False)

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return status, told.out, told.err

    return call


@pytest.fixture
def vault(command: Command, tmp_path: Path) -> Path:
    from tests.kit.cases import new_vault

    with new_vault(tmp_path / "vault") as made:
        return made.folder


@pytest.fixture
def demo_case(command: Command, vault: Path) -> str:
    status, out, _ = command("import", assets.path("demo"), "--case", assets.path("demo/case.json"), "--json")
    assert status == 0
    reviewer = json.loads(assets.path("demo/case.json").read_text(encoding="utf-8"))["reviewer"]
    arguments = ["--name", reviewer["name"], "--licence", reviewer["licence"], "--state", "California"]
    assert command("profile", "set", *arguments, "--certification", "Pain Management", "--attest-practice")[0] == 0
    assert json.loads(out)["pages"] == 16
    case = str(json.loads(out)["case"])
    assert command("seen", case, "1-16")[0] == 0
    for number, finding in enumerate(json.loads(command("check", case, "--json")[1]), 1):
        if finding["answerable"]:
            assert command("answer", case, str(number), "Looked at; it may pass.")[0] == 0
    return case


def test_the_whole_job_on_the_command_line(command: Command, demo_case: str, tmp_path: Path) -> None:
    assert demo_case == "CM24-0000156"
    status, out, _ = command("cases", "--json")
    assert status == 0
    assert [row["case"] for row in json.loads(out)] == ["CM24-0000156"]
    status, out, _ = command("check", demo_case, "--json")
    assert status == 0
    assert [each for each in json.loads(out) if each["severity"] == "blocks" and not each["answer"]] == []
    assert command("identity", "create", "office", "--common-name", "Office of Independent Review")[0] == 0
    status, out, err = command("issue", demo_case, "--identity", "office", "-o", tmp_path / "letters", "--json")
    assert status == 0, err
    files = [Path(name) for name in json.loads(out)["files"]]
    assert [file.name for file in files] == [
        f"CM24-0000156-{rendition}.pdf" for rendition in ("submission", "party", "public")
    ]
    for file in files:
        status, out, _ = command("verify", file, "--json")
        verdict = json.loads(out)
        assert (status, verdict["status"]) == (0, "intact, signer not confirmed")
    assert command("identity", "certificate", "office", "-o", tmp_path / "office.pem")[0] == 0
    status, out, _ = command("verify", files[1], "--trust", tmp_path / "office.pem", "--json")
    assert json.loads(out)["status"] == "intact, signer confirmed"
    assert "Issued: CM24-0000156-party.pdf" in command("show", demo_case)[1]


def test_what_is_issued_is_not_issued_over(command: Command, demo_case: str, tmp_path: Path) -> None:
    command("identity", "create", "office")
    assert command("issue", demo_case, "--identity", "office", "-o", tmp_path)[0] == 0
    before = {file.name: file.read_bytes() for file in tmp_path.glob("*.pdf")}
    status, _, err = command("issue", demo_case, "--identity", "office", "-o", tmp_path)
    assert status == 2
    assert "was issued on" in err
    assert {file.name: file.read_bytes() for file in tmp_path.glob("*.pdf")} == before


def test_an_identity_that_names_the_reviewer_seals_nothing(command: Command, demo_case: str, tmp_path: Path) -> None:
    command("identity", "create", "mine", "--common-name", "Reviewer Z. Demonstration")
    status, _, err = command("issue", demo_case, "--identity", "mine", "-o", tmp_path / "letters")
    assert status == 2
    assert "carries the reviewer's name" in err
    assert not (tmp_path / "letters").exists()
    assert "Issued" not in command("show", demo_case)[1]
    # The reviewer's own identity is right for the submission, which only the organisation receives.
    command("identity", "create", "office")
    arguments = ("--identity", "office", "--submission-identity", "mine", "-o", tmp_path / "letters")
    assert command("issue", demo_case, *arguments)[0] == 0


def test_blocking_findings_stop_the_letter_with_status_one(command: Command, vault: Path, tmp_path: Path) -> None:
    status, out, _ = command("import", assets.path("demo"))
    assert status == 0
    (case,) = json.loads(command("cases", "--json")[1])
    command("identity", "create", "office")
    status, out, _ = command("check", case["id"], "--json")
    assert status == 1
    assert {"QC-01", "QC-20"} <= {finding["id"] for finding in json.loads(out) if finding["severity"] == "blocks"}
    status, out, _ = command("issue", case["id"], "--identity", "office", "-o", tmp_path / "letters", "--json")
    assert status == 1
    assert json.loads(out)
    assert not (tmp_path / "letters").exists()


def test_a_letter_is_rendered_and_checked_from_data_alone(command: Command, tmp_path: Path) -> None:
    case = assets.path("demo/case.json")
    for rendition in ("submission", "party", "public"):
        file = tmp_path / f"{rendition}.pdf"
        assert command("render", case, "--rendition", rendition, "-o", file)[0] == 0
        assert file.read_bytes().startswith(b"%PDF-")
    assert command("check", case)[0] == 0
    assert command("verify", tmp_path / "party.pdf")[:2] == (1, "The file carries no signature.\n")
    status, out, _ = command("read-letter", tmp_path / "public.pdf")
    assert status == 0
    read = json.loads(out)
    written = json.loads(case.read_text(encoding="utf-8"))
    assert [item["heading"] for item in read["items"]] == [item["heading"] for item in written["items"]]
    assert read["clinical_summary"] == written["clinical_summary"]


def change(data: dict[str, Any], *path: str, to: object = None, lose: bool = False) -> None:
    for step in path[:-1]:
        data = data[step]
    if lose:
        del data[path[-1]]
    else:
        data[path[-1]] = to


@pytest.mark.parametrize(
    ("path", "to", "lose", "says"),
    [
        (("items",), None, True, "'items' is missing"),
        (("case", "colour"), "blue", False, "'colour' is unknown"),
        (("case", "decision_date"), "yesterday", False, "yesterday"),
    ],
)
def test_a_faulty_case_is_trouble_with_its_place(
    path: tuple[str, ...], to: object, says: str, command: Command, tmp_path: Path, *, lose: bool
) -> None:
    data = json.loads(assets.path("demo/case.json").read_text(encoding="utf-8"))
    change(data, *path, to=to, lose=lose)
    file = tmp_path / "case.json"
    file.write_text(json.dumps(data), encoding="utf-8")
    status, out, err = command("render", file, "-o", tmp_path / "letter.pdf")
    assert (status, out) == (2, "")
    assert says in err
    assert "case.json at $" in err
    assert "Traceback" not in err
    assert not (tmp_path / "letter.pdf").exists()


def test_doors_that_stay_shut_say_why(
    command: Command, vault: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert command("cases")[0] == 0
    monkeypatch.setenv("IMR_DESKTOP_PASSPHRASE", "wrong")
    status, _, err = command("cases")
    assert status == 2
    assert "passphrase" in err.lower()
    assert "wrong" not in err.lower().replace("wrong passphrase", "")
    status, _, err = command("cases", "--vault", tmp_path / "elsewhere")
    assert status == 2
    assert "vault" in err
    monkeypatch.delenv("IMR_DESKTOP_PASSPHRASE")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    status, _, err = command("cases")
    assert status == 2
    assert "IMR_DESKTOP_PASSPHRASE" in err


def test_the_vault_may_be_named_before_or_after_the_command(command: Command, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("a passphrase of its own\nnothing of this line\n", encoding="utf-8")
    folder = tmp_path / "other"
    assert command("--vault", folder, "--passphrase-file", secret, "vault", "create")[0] == 0
    assert command("cases", "--vault", folder, "--passphrase-file", secret, "--json")[:2] == (0, "[]\n")
    assert command("--vault", folder, "--passphrase-file", secret, "cases", "--json")[:2] == (0, "[]\n")
    assert command("vault", "create", "--vault", folder, "--passphrase-file", secret)[0] == 2


@pytest.mark.parametrize("arguments", [("nonsense",), ("show",), ("render", "x.json"), ("verify", "--colour", "blue")])
def test_a_mistyped_command_is_status_two(arguments: tuple[str, ...], command: Command) -> None:
    status, _, err = command(*arguments)
    assert status == 2
    assert err
    assert "Traceback" not in err


def test_files_that_cannot_be_read_are_trouble(command: Command, tmp_path: Path) -> None:
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7 and no more")
    for arguments in (
        ("verify", tmp_path / "missing.pdf"),
        ("read-letter", tmp_path / "missing.pdf"),
        ("read-letter", broken),
        ("render", tmp_path / "missing.json", "-o", tmp_path / "x.pdf"),
        ("check", tmp_path / "missing.json"),
    ):
        status, _, err = command(*arguments)
        assert status == 2, arguments
        assert "Traceback" not in err
        assert err.count(". ") + err.count(".\n") >= 2
    assert command("verify", broken)[0] == 1


def test_one_bad_letter_does_not_hide_the_others(command: Command, tmp_path: Path) -> None:
    good = tmp_path / "good.pdf"
    command("render", assets.path("demo/case.json"), "-o", good)
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"no PDF")
    status, out, err = command("read-letter", bad, good)
    assert status == 2
    assert json.loads(out)["case"]["case_number"] == "CM24-0000156"
    assert "not a PDF" in err
    assert str(bad) in err


def its_answers_are_true(found: dict[str, Any]) -> None:
    """What the demo answers (resources/demo/citations.toml) is so: a change in the checks must not make it a lie."""
    named = re.findall(r"of (\d\d)/(\d\d)/(\d{4})", found["QC-13"]["says"])
    assert len(named) == 9
    assert all(date(int(year), int(month), int(day)) < date(2023, 12, 18) for month, day, year in named)
    assert "(page 12)" in found["QC-15"]["says"]
    assert "3 of its 8 sentences" in found["QC-50"]["says"]
    assert "page 2 speaks of it" in found["QC-51"]["says"]
    assert all(found[each]["answer"] for each in ("QC-13", "QC-15", "QC-50", "QC-51"))


def test_the_demo_runs_without_a_screen(tmp_path: Path) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in ("DISPLAY", "QT_QPA_PLATFORM")}
    told = subprocess.run(
        [sys.executable, "-m", "imr_desktop", "demo", "--headless", "--out", str(tmp_path / "demo"), "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    names = {file.name for file in (tmp_path / "demo").iterdir()}
    assert {"case.json", "findings.json", "office.pem", "reviewer.pem"} <= names
    assert len([name for name in names if name.endswith(".pdf")]) == 3
    case = json.loads((tmp_path / "demo" / "case.json").read_text(encoding="utf-8"))
    assert "(PR-2 dated 9/16/2022)" in case["clinical_summary"][0]
    found = {each["id"]: each for each in json.loads((tmp_path / "demo" / "findings.json").read_text(encoding="utf-8"))}
    its_answers_are_true(found)
    if shutil.which("pdfsig"):
        for name in names:
            if name.endswith(".pdf"):
                signed = subprocess.run(
                    ["pdfsig", "-nocert", name], cwd=tmp_path / "demo", capture_output=True, text=True, check=False
                )
                assert "Signature is Valid" in signed.stdout


def test_kdf_of_tests_is_never_the_default() -> None:
    assert keys.KdfCost().memory_kib > QUICK.memory_kib
