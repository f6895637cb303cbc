# SPDX-License-Identifier: AGPL-3.0-or-later
"""A newer table takes the place of ours from the command line, an unfit or older one does not."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from imr_desktop import assets
from imr_desktop.casework import tables
from imr_desktop.cli.program import run

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    monkeypatch.setenv("IMR_DESKTOP_TABLES", str(tmp_path / "tables"))
    assets.forget_tables()

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return status, told.out, told.err

    yield call
    assets.forget_tables()


def newer(command: Command, tmp_path: Path, day: str) -> Path:
    text = command("tables", "show", "websites")[1]
    file = tmp_path / "websites.toml"
    file.write_text(text.replace("date = 2026-11-23", f"date = {day}"), encoding="utf-8")
    return file


def test_a_newer_table_is_used_and_given_back(command: Command, tmp_path: Path) -> None:
    status, out, _ = command("tables", "replace", newer(command, tmp_path, "2027-02-01"))
    assert (status, out) == (0, "websites of 2027-02-01 is in force.\n")
    listed = {each["name"]: each for each in json.loads(command("tables", "list", "--json")[1])}
    assert (listed["websites"]["date"], listed["websites"]["own"]) == ("2027-02-01", True)
    assert listed["law"]["own"] is False
    assert command("tables", "restore", "websites")[0] == 0
    assert [each.own for each in tables.in_force()] == [False] * len(listed)


def test_an_older_table_is_kept_but_not_used(command: Command, tmp_path: Path) -> None:
    out = command("tables", "replace", newer(command, tmp_path, "2020-01-01"))[1]
    assert "older than the one that ships" in out
    assert "older" in command("tables", "list")[1].replace("\n", " ")


def test_an_unfit_table_is_refused_and_says_why(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "drugs.toml"
    file.write_text('date = 2027-01-01\nsource = "x."\n', encoding="utf-8")
    status, _, err = command("tables", "replace", file)
    assert status == 2
    assert "has no drugs" in err
    assert command("tables", "show", "nothing")[0] == 2
    assert not (tmp_path / "tables").exists()


def test_a_table_damaged_since_does_not_stop_the_program(command: Command, tmp_path: Path) -> None:
    command("tables", "replace", newer(command, tmp_path, "2027-02-01"))
    (tmp_path / "tables" / "websites.toml").write_bytes(b"\xff\x00 = [")
    assets.forget_tables()
    told = {each.name: each for each in tables.in_force()}["websites"]
    assert (told.own, told.passed_over) == (False, "cannot be read")
