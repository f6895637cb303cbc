# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window over AT-SPI, as a screen reader on Linux meets it: ``make access``.

From outside: the program runs under Xvfb on its own bus, and the system's Python walks it. Skipped, with the reason,
where Xvfb, dbus-run-session, the accessibility bus or its Python binding is not installed.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
DIALOGS = (
    *("Settings", "Signing identities", "Vault", "Precedents", "Tables", "Guideline registry", "Keys", "Manual"),
    *("Issue the determination", "Conflicts of interest", "Verify a PDF", "Search all cases", "Support report"),
)
# What people act on. A label, a frame or a group needs no name of its own.
CONTROLS = {
    *("push button", "toggle button", "check box", "radio button", "combo box", "text", "password text", "entry"),
    *("list", "list item", "tree", "table", "table cell", "page tab", "page tab list", "slider", "spin button", "link"),
    *("menu item", "document frame", "document text"),
}
SCREEN = ("xvfb-run", "-a", "-s", "-screen 0 1280x800x24", "dbus-run-session", "--")
LAUNCHERS = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
Met = dict[str, list[dict[str, Any]]]


def _lacks() -> str:
    for tool in ("xvfb-run", "dbus-run-session"):
        if shutil.which(tool) is None:
            return f"{tool} is not installed"
    if not any(
        Path(each).exists()
        for each in ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
    ):
        return "at-spi2-core is not installed"
    asked = "import gi; gi.require_version('Atspi', '2.0'); from gi.repository import Atspi"
    found = subprocess.run(["/usr/bin/python3", "-c", asked], capture_output=True, check=False)
    return "" if found.returncode == 0 else "the system's Python has no Atspi (python3-gi and gir1.2-atspi-2.0)"


@pytest.fixture(scope="module")
def met(tmp_path_factory: pytest.TempPathFactory) -> Met:
    """Everything that was met, by the part of the case or the dialog it was met in."""
    lacking = _lacks()
    if lacking:
        pytest.skip(lacking)
    home = tmp_path_factory.mktemp("home")
    ways = {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(HERE.parent.parent),
    }
    run = subprocess.run(
        [*SCREEN, str(HERE / "session.sh"), sys.executable, str(HERE / "walk.py"), *DIALOGS],
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        env=ways,
    )
    assert run.returncode == 0, run.stderr
    found: Met = json.loads(run.stdout[run.stdout.index("{") :])
    print(", ".join(f"{name} {len(each)}" for name, each in found.items()))
    return found


def test_every_part_and_dialog_is_met(met: Met) -> None:
    assert {"Case", "Documents", "Chronology", "Summary", "Items", "Checks", "Letter", "Evidence"} <= set(met)
    assert [name for name, found in met.items() if not found] == []


def test_whatever_is_acted_on_has_a_name_and_a_role(met: Met) -> None:
    nameless = {
        f"{where}: {each['role']} in {' > '.join(each['inside'][-4:])}"
        for where, found in met.items()
        for each in found
        if "FOCUSABLE" in each["states"] or each["role"] in CONTROLS
        if not (each["name"].strip() or "".join(each["labels"]).strip()) or each["role"] == "unknown"
    }
    assert not nameless, "\n".join(sorted(nameless))


def test_a_choice_says_what_is_chosen_and_for_what(met: Met) -> None:
    boxes = {
        f"{where}: {each['name']}"
        for where, found in met.items()
        for each in found
        if each["role"] == "combo box" and not any(each["labels"]) and not each["description"]
    }
    assert not boxes, "\n".join(sorted(boxes))


def test_the_page_is_a_document_whose_words_can_be_read(met: Met) -> None:
    (page,) = (each for each in met["Case"] if each["name"] == "Pages of the record")
    assert page["role"].startswith("document")
    assert "APPLICATION FOR INDEPENDENT MEDICAL REVIEW" in page["text"]
    assert "01_application_and_ur.pdf" in page["description"] or "page 1" in page["description"].lower()
