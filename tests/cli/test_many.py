# SPDX-License-Identifier: AGPL-3.0-or-later
"""Commands over many files: precedents, letters and checks, each file by itself."""

import json
from pathlib import Path

import pytest

from imr_desktop import assets
from imr_desktop.casework import exchange, many
from imr_desktop.cli import run
from imr_desktop.letter import Rendition, render
from tests.kit.cases import PASSPHRASE, new_vault


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("IMR_DESKTOP_VAULT", str(tmp_path / "vault"))
    monkeypatch.setenv("IMR_DESKTOP_PASSPHRASE", PASSPHRASE)
    with new_vault(tmp_path / "vault") as made:
        return made.folder


def _letters(folder: Path, printed: int = 2) -> Path:
    """Three published letters: two as PDF, one as JSON; and one file that is no letter."""
    folder.mkdir()
    (folder / "note.txt").write_text("Buy milk.", encoding="utf-8")
    plain = json.loads(assets.path("demo/case.json").read_text(encoding="utf-8"))
    for number, outcome in ((1, "Upheld"), (2, "Overturned"), (3, "Upheld")):
        plain["case"]["case_number"] = f"CM24-000020{number}"
        plain["case"]["decision_date"] = f"2024-0{number}-15"
        for item in plain["items"]:
            item["outcome"] = outcome
        plain["items"][0]["heading"] = ("Norco 10/325 mg #60", "MRI of the lumbar spine", "MRI of the left knee")[
            number - 1
        ]
        if number > printed:
            (folder / f"{number}.json").write_text(json.dumps(plain), encoding="utf-8")
        else:
            pdf = render(exchange.from_json(plain), Rendition.PUBLIC)
            (folder / f"{number}.pdf").write_bytes(pdf)
    return folder


def _search(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, object]:
    capsys.readouterr()
    assert run(["precedents", "search", *arguments, "--json"]) == 0
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_precedents_are_added_once_and_found_by_what_was_decided(
    vault: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = _letters(tmp_path / "letters")
    assert run(["precedents", "add", str(folder), "--workers", "2", "--json"]) == 2  # the note is no letter
    told = json.loads(capsys.readouterr().out)
    assert (told["added"], told["known"], len(told["failed"])) == (3, 0, 1)
    assert "note.txt" in told["failed"][0]["file"]

    assert run(["precedents", "add", str(folder / "1.pdf"), str(folder / "3.json"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["known"] == 2  # passed over

    opioid = _search(capsys, "--treatment", "hydrocodone")  # the letter says Norco
    assert (opioid["count"], opioid["upheld"]) == (1, 1)
    mri = _search(capsys, "--treatment", "MRI")
    assert (mri["count"], mri["upheld"], mri["overturned"]) == (2, 1, 1)
    back = _search(capsys, "MRI", "--body-part", "lumbosacral", "--outcome", "overturned")
    assert [each["case_number"] for each in back["precedents"]] == ["CM24-0000202"]  # type: ignore[attr-defined]
    assert _search(capsys, "trebuchet")["count"] == 0
    everything = _search(capsys)
    assert [each["decision_date"] for each in everything["precedents"]] == [  # type: ignore[attr-defined]
        "2024-03-15", "2024-02-15", "2024-01-15",
    ]  # fmt: skip
    assert run(["precedents", "search", "MRI", "AND"]) == 2
    capsys.readouterr()


def test_nothing_of_the_library_lies_in_clear_and_it_survives_a_new_key(vault: Path, tmp_path: Path) -> None:
    from imr_desktop.casework import precedents
    from imr_desktop.storage import Vault

    folder = _letters(tmp_path / "letters", printed=0)
    with Vault.open(vault, PASSPHRASE) as opened:
        list(precedents.add(opened, [folder / "3.json"]))
        for file in (vault / "precedents.db", vault / "precedents.db-wal"):
            assert not file.exists() or b"lumbar" not in file.read_bytes()
        anew = opened.rekey(PASSPHRASE)
    with anew:
        assert precedents.search(anew, precedents.Wanted(treatment="MRI")).counts.upheld == 1


def test_letters_are_rendered_read_and_checked_many_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = []
    for number in range(2):
        plain = json.loads(assets.path("demo/case.json").read_text(encoding="utf-8"))
        plain["case"]["case_number"] = f"CM24-000020{number}"
        names.append(tmp_path / f"case{number}.json")
        names[-1].write_text(json.dumps(plain), encoding="utf-8")
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    folder = tmp_path / "out"
    assert run(["render", *map(str, [*names, broken]), "-o", str(folder), "--workers", "2"]) == 2
    assert "broken.json is not JSON" in capsys.readouterr().err
    pdfs = sorted(folder.iterdir())
    assert [pdf.name for pdf in pdfs] == ["case0.pdf", "case1.pdf"]
    assert run(["read-letter", *map(str, pdfs)]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["case"]["case_number"] for line in lines] == ["CM24-0000200", "CM24-0000201"]
    status = run(["check", *map(str, names), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert status in (0, 1)
    assert set(told) == set(map(str, names))


def _dies(path: Path) -> int:
    import os

    if path.name == "deadly":
        os._exit(7)
    return len(path.name)


def test_a_file_that_takes_its_process_down_costs_only_itself() -> None:
    told = list(many.over(_dies, [Path("one"), Path("deadly"), Path("three")], workers=2))
    assert [each.result for each in told] == [3, None, 5]
    assert told[1].trouble is not None
    assert "deadly" in told[1].trouble.happened
