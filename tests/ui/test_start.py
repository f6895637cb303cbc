# SPDX-License-Identifier: AGPL-3.0-or-later
"""The start: the window is on the screen before the heavy rooms are imported (T14)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

_PROBE = """
import json, sys
from pathlib import Path
from imr_desktop.ui.app import application, build
from imr_desktop.ui.means import Means
from imr_desktop.ui.trouble import Hook
running = application()
window = build(Path(sys.argv[1]), Means(), Hook(Path(sys.argv[1]) / "bugs.log"))
window.show()
running.processEvents()
shown = sorted(sys.modules)
window.begin()
running.processEvents()
print(json.dumps([shown, sorted(sys.modules), window.isVisible()]))
"""
_HEAVY = ("pyhanko", "reportlab", "pymupdf", "fitz", "pikepdf", "sqlite_utils", "cryptography", "jsonschema")
_NEVER_AT_THE_DOOR = ("pyhanko", "reportlab", "pymupdf", "fitz", "pikepdf")


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> tuple[set[str], set[str]]:
    """The packages that are imported when the window shows, and when it has asked for the vault."""
    folder = tmp_path_factory.mktemp("start")
    answer = subprocess.run(
        [sys.executable, "-c", _PROBE, str(folder)],
        capture_output=True, text=True, timeout=60, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    shown, begun, visible = json.loads(answer.stdout)
    assert visible
    return {name.partition(".")[0] for name in shown}, {name.partition(".")[0] for name in begun}


def test_the_window_shows_before_the_rooms_are_opened(imported: tuple[set[str], set[str]]) -> None:
    assert imported[0].isdisjoint(_HEAVY)


def test_asking_for_the_vault_needs_neither_printer_nor_seal_nor_reader(imported: tuple[set[str], set[str]]) -> None:
    assert imported[1].isdisjoint(_NEVER_AT_THE_DOOR)
