# SPDX-License-Identifier: AGPL-3.0-or-later
"""A command of the program, called as a shell calls it, on a new vault."""

from pathlib import Path

import pytest

from imr_desktop.cli import run
from tests.kit.cases import PASSPHRASE, new_vault
from tests.kit.commands import Command


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.setenv("IMR_DESKTOP_VAULT", str(tmp_path / "vault"))
    monkeypatch.setenv("IMR_DESKTOP_PASSPHRASE", PASSPHRASE)
    with new_vault(tmp_path / "vault"):
        pass

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        capsys.readouterr()
        status = run([str(argument) for argument in arguments])
        told = capsys.readouterr()
        return status, told.out, told.err

    return call
