# SPDX-License-Identifier: AGPL-3.0-or-later
"""The rules of the house that no other tool holds."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "imr_desktop").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_fits_in_a_head(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("path", [*SOURCES, *TESTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_says_its_licence(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# SPDX-License-Identifier: AGPL-3.0-or-later\n")


def test_one_module_of_the_window_begins_threads() -> None:
    """What a thread brings goes through ``window_thread``; a signal of a window that closes takes the program down."""
    begin = re.compile(r"\b(Thread|QThread|QRunnable|ThreadPoolExecutor)\(")
    found = [path.name for path in SOURCES if "ui" in path.parts and begin.search(path.read_text(encoding="utf-8"))]
    assert found == ["work.py"]


def test_no_machine_is_named() -> None:
    """Paths of the machines we work on, in anything that is committed as text."""
    homes = re.compile("|".join(("/wo" + "rk/", "/fa" + "rm/", "/ro" + "ot/")))
    kinds = {".py", ".md", ".toml", ".json", ".txt", ".lock", ".yml", ""}
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    named = [
        name
        for name in listed.stdout.split("\0")
        if name and Path(name).suffix in kinds and (ROOT / name).is_file()
        if homes.search((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]
    assert named == []


def test_qt_does_not_lose_references_to_none() -> None:
    """PySide6 6.12.0 on Python 3.11 aborts after some 5,000 void calls; the pin must keep it away."""
    script = (
        "from PySide6.QtWidgets import QApplication, QLabel\n"
        "app = QApplication([])\n"
        "label = QLabel()\n"
        "for number in range(20_000): label.setText(str(number))\n"
        "print('held')\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script],
        env={"QT_QPA_PLATFORM": "offscreen", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.stdout.strip() == "held", told.stderr
