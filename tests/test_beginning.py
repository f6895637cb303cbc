# SPDX-License-Identifier: AGPL-3.0-or-later
"""The program as it is started by a click: straight to the window, over the vault that is meant."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

_STARTED = """
import json, sys
import imr_desktop.ui.app as app
app.run = lambda folder, **_: print(json.dumps([str(folder), sorted(sys.modules)])) or 0
sys.argv = ["imr-desktop"]
from imr_desktop.__main__ import main
main()
"""


def started(**environment: str) -> tuple[str, list[str]]:
    told = subprocess.run(
        [sys.executable, "-c", _STARTED],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    folder, modules = json.loads(told)
    return folder, modules


def test_the_window_opens_over_the_vault_of_the_environment_without_loading_the_commands(tmp_path: Path) -> None:
    folder, modules = started(IMR_DESKTOP_VAULT=str(tmp_path / "here"))
    assert folder == str(tmp_path / "here")
    heavy = {"typer", "sqlite_utils", "sqlcipher3", "pymupdf", "pypdfium2", "pyhanko", "reportlab", "pikepdf", "numpy"}
    assert not heavy & set(modules)
    assert not [name for name in modules if name.startswith(("imr_desktop.storage", "imr_desktop.models"))]


@pytest.mark.skipif(sys.platform != "linux", reason="where the usual vault lies is the platform's own habit")
def test_the_window_opens_over_the_usual_vault_or_where_its_note_leads(tmp_path: Path) -> None:
    usual = tmp_path / "imr-desktop" / "vault"
    data = {"IMR_DESKTOP_VAULT": "", "XDG_DATA_HOME": str(tmp_path)}
    assert started(**data)[0] == str(usual)
    usual.mkdir(parents=True)
    (tmp_path / "moved").mkdir()
    (usual / "vault-is-elsewhere.txt").write_text(f"{tmp_path / 'moved'}\n", encoding="utf-8")
    assert started(**data)[0] == str(tmp_path / "moved")
