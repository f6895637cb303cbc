# SPDX-License-Identifier: AGPL-3.0-or-later
"""A newer table takes the place of ours from the command line, an unfit or older one does not."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from imr_desktop import assets
from imr_desktop.casework import table_sheets, tables
from imr_desktop.casework.table_about import ABOUT
from imr_desktop.checks import tables as table_names
from imr_desktop.cli.program import run
from imr_desktop.models.deadlines import appeal_due, determination_due

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


@pytest.mark.parametrize("name", table_names.NAMES)
def test_a_table_taken_apart_for_editing_is_the_same_when_put_together(command: Command, name: str) -> None:
    ours = assets.shipped(f"tables/{name}.toml")
    kept = table_sheets.keep(name, table_sheets.of(name), ours["source"], ours["date"])
    assert kept.own
    assert assets.own_table(f"{name}.toml") == ours
    assert ABOUT[name].title
    assert ABOUT[name].affects.endswith(".")


def test_a_figure_of_the_law_that_is_mended_moves_the_due_date(command: Command) -> None:
    (values,) = table_sheets.of("law")
    assert values.rows[3][2:] == ("LC 4610.6(d)(2)", "no")
    mended = [(name, "5" if name == "extension_days" else said, why, "yes") for name, said, why, _ in values.rows]
    table_sheets.keep("law", [values.with_rows(mended)], "Read in the code.", date(2027, 2, 1))
    found = determination_due(date(2025, 4, 28), extended=True)
    assert (found.due, found.rule.partition(": extended")[2]) == (date(2025, 6, 2), " by up to 5 days")
    assert assets.table("tables/law.toml")["unsure"] == []
    tables.restore("law")
    assert determination_due(date(2025, 4, 28), extended=True).due == date(2025, 5, 31)


@pytest.mark.parametrize(
    ("name", "part", "row", "says"),
    [
        ("law", 0, ("standard_days", "thirty", "", "yes"), "standard_days: thirty is no whole number"),
        ("holidays", 0, ("13/45/2027",), "Days, row 1: 13/45/2027 is no day"),
        ("scope", 0, ("(unclosed",), "no regular expression"),
        ("closings", 0, ("Upheld", "Therefore {thing} is not."), "may hold {heading}"),
        ("document_types", 0, ("lunch_menu", "menu", "date"), "type in row 1 of kind is lunch_menu; it can be: "),
        ("drugs", 0, ("", "norco", "5 mg"), "row 1: Name is empty"),
    ],
)
def test_a_row_that_the_program_could_not_read_is_refused(
    command: Command, name: str, part: int, row: tuple[str, ...], says: str
) -> None:
    parts = list(table_sheets.of(name))
    parts[part] = parts[part].with_rows([row, *parts[part].rows[1:]])
    with pytest.raises(tables.TableRefused) as refused:
        table_sheets.keep(name, parts, "Mine.", date(2027, 2, 1))
    assert says in refused.value.happened
    assert not any(each.own for each in tables.in_force())


def test_words_of_a_cell_may_hold_the_sign_between_them() -> None:
    assert table_sheets.words_in('one; "two; and ""more"""; three; "s/p ";') == [
        "one",
        'two; and "more"',
        "three",
        "s/p ",
    ]
    assert table_sheets.words_in("  ") == []


def test_an_own_table_of_an_earlier_release_is_filled_up_with_ours(command: Command, tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    text = 'date = 2027-02-01\nsource = "Mine."\nunsure = []\nstandard_days = 45\n'
    (tmp_path / "tables" / "law.toml").write_text(text, encoding="utf-8")
    assets.forget_tables()
    assert determination_due(date(2025, 4, 28)).rule.endswith("standard, 45 days")
    assert appeal_due(date(2025, 5, 21)).due == date(2025, 6, 20)
    assert {each.name for each in tables.in_force() if each.own} == {"law"}
