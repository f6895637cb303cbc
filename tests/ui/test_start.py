# SPDX-License-Identifier: AGPL-3.0-or-later
"""The start: the window is on the screen before the heavy rooms are imported (T14)."""

import json
import os
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
shown = []
window.drawn.connect(lambda: shown.extend(sys.modules))
(Path(sys.argv[1]) / "vault.json").touch()
window.begin()
window.show()
while not shown or window.unlock is None or not window.unlock.forgot.isEnabled():
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


_CHOOSE = """
import resource, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QFileDialog
from imr_desktop.ui.app import application
running = application()
folder = Path(sys.argv[1])
dialog = QFileDialog(None, "A file", str(folder))
dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
dialog.finished.connect(lambda _: running.quit())
QTimer.singleShot(200, lambda: dialog.done(1))
dialog.show()
running.exec()
print(dialog.selectedFiles(), resource.getrlimit(resource.RLIMIT_CORE)[0])
dialog.setParent(None)
del dialog
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no core files, and its own file dialog")
def test_a_chosen_folder_is_noted_nowhere_and_a_crash_leaves_no_memory(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "Zebrafinch, Patient"
    for each in (home, folder):
        each.mkdir()
    (folder / "records.pdf").touch()
    told = subprocess.run(
        [sys.executable, "-c", _CHOOSE, str(folder)],
        env={**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home)},
        capture_output=True, text=True, timeout=60, check=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert "Zebrafinch" in told.stdout
    assert told.stdout.split()[-1] == "0"
    noted = [path for path in home.rglob("*") if path.is_file() and "Zebrafinch" in path.read_text(errors="replace")]
    assert noted == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only here the screen is named by the environment")
def test_without_a_screen_the_program_says_so(tmp_path: Path) -> None:
    # As over a line to a computer on whose own Wayland desktop somebody works.
    (tmp_path / "wayland-0").touch()
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET", "XDG_SESSION_TYPE", "QT_QPA_PLATFORM")
    bare = {name: value for name, value in os.environ.items() if name not in screens}
    said = subprocess.run(
        [sys.executable, "-m", "imr_desktop"],
        capture_output=True, text=True, timeout=60, check=False, cwd=Path(__file__).parents[2],
        env={**bare, "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)},
    )  # fmt: skip
    assert said.returncode == 2
    assert said.stderr.startswith("There is no screen here")
