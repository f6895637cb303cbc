# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long until the window could show (T14): our imports beside those of bare Qt widgets."""

from tests.kit.timing import process, side_by_side


def test_imports_before_the_window() -> None:
    side_by_side(
        "Imports before the window (T14: at most 1.5)",
        {
            "bare PySide6.QtWidgets": process("import PySide6.QtWidgets"),
            "imr_desktop.ui.app": process("import imr_desktop.ui.app"),
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
