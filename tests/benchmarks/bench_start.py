# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long until the window could show (T14): all that is imported before it beside bare Qt widgets."""

import json
from pathlib import Path

from tests.kit.timing import process, side_by_side, told

_SHOWN = """
import json, os, sys
from pathlib import Path
from imr_desktop.casework.vault_place import vault_to_open
from imr_desktop.ui.app import application, build
from imr_desktop.ui.means import Means
from imr_desktop.ui.trouble import Hook
vault_to_open()
running = application()
window = build(Path({folder!r}), Means(), Hook(Path({folder!r}) / "bugs.log"))
window.drawn.connect(lambda: (print(json.dumps(list(sys.modules)), flush=True), os._exit(0)))
window.begin()
window.show()
running.exec()
"""


def test_imports_before_the_window(tmp_path: Path) -> None:
    (tmp_path / "vault.json").touch()
    # In the order in which they came: what the window has imported when it is drawn, with the question in it.
    shown = json.loads(told(_SHOWN.format(folder=str(tmp_path))))
    ours = [name for name in shown if name.startswith("imr_desktop")]
    assert "imr_desktop.ui.unlock" in ours
    side_by_side(
        "Imports before the window (T14: at most 1.5)",
        {
            "bare PySide6.QtWidgets": process("import PySide6.QtWidgets"),
            f"all {len(ours)} modules of ours before the window": process(f"import {', '.join(ours)}"),
        },
        rounds=11,
    )


def test_a_command_without_a_vault() -> None:
    side_by_side(
        "The command line",
        {
            "import typer": process("import typer"),
            "imr-desktop --version": process(
                "from imr_desktop.cli import run; import sys; sys.exit(run(['--version']))"
            ),
        },
    )
