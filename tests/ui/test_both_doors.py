# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window and the command line say the same of one case: its row in the worklist, its findings, its letter."""

import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from imr_desktop.casework.worklist import plain
from imr_desktop.cli import run
from imr_desktop.ui.shell import Shell
from tests.ui.conftest import PASSPHRASE

CASE = "CM14-0000001"
RENDITIONS = ("party", "public")


def test_what_the_window_says_the_command_line_says(
    unlocked: Shell, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    unlocked.open_case(unlocked.worklist.chosen() or "")
    case, session = unlocked.case, unlocked.session
    assert case is not None
    assert session is not None
    # Decided on a day of its own, so that nothing hangs on today, which is another for the command line.
    case.desk.keep_header(replace(case.desk.case.header, decision_date=date(2014, 12, 9)))
    case.checks.check()
    said = [(each.id, each.severity.value, each.says) for each in case.checks.findings]
    letters = {name: unlocked.means.render(case.desk.determination(session.reviewer()), name) for name in RENDITIONS}
    row = plain(next(each for each in session.rows() if each.case_number == CASE))
    unlocked.close()

    monkeypatch.setenv("IMR_DESKTOP_VAULT", str(folder))
    monkeypatch.setenv("IMR_DESKTOP_PASSPHRASE", PASSPHRASE)

    def told(*arguments: str) -> str:
        capsys.readouterr()
        run(list(arguments))
        return capsys.readouterr().out

    assert len(said) > 5
    found = json.loads(told("check", CASE, "--json"))
    assert sorted((each["id"], each["severity"], each["says"]) for each in found) == sorted(said)
    (listed,) = (each for each in json.loads(told("cases", "--json")) if each["case"] == CASE)
    assert {name: value for name, value in listed.items() if name != "days_left"} == {
        name: value for name, value in row.items() if name != "days_left"
    }
    package = tmp_path / "case.imrcase"
    told("export", CASE, "-o", str(package))
    with zipfile.ZipFile(package) as inside:
        inside.extract("case.json", tmp_path)
    for name, letter in letters.items():
        told("render", str(tmp_path / "case.json"), "--rendition", name, "-o", str(tmp_path / f"{name}.pdf"))
        assert (tmp_path / f"{name}.pdf").read_bytes() == letter
