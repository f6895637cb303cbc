# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the program begins: the window where nothing else is asked, otherwise a command."""

import sys
from pathlib import Path


def main() -> None:
    """Run the program with the arguments it was called with."""
    if getattr(sys, "frozen", False):
        import multiprocessing

        multiprocessing.freeze_support()
    if not sys.argv[1:]:
        from imr_desktop.casework.vault_place import vault_to_open

        # Not by way of the commands: with all that stands behind them they take longer to load than the window.
        sys.exit(_open_vault(vault_to_open()))
    from imr_desktop.cli import run
    from imr_desktop.cli.common import Windows

    sys.exit(run(sys.argv[1:], Windows(_open_vault, _open_demo, _open_page, _open_package)))


def _open_vault(folder: Path) -> int:
    from imr_desktop.ui.app import run

    return run(folder)


def _open_demo(folder: Path) -> int:
    from imr_desktop.ui.app import run

    return run(folder, demo=True)


def _open_page(folder: Path, case: str, page: int) -> int:
    from imr_desktop.ui.app import run
    from imr_desktop.ui.errand import Errand

    return run(folder, errand=Errand(page=(case, page)))


def _open_package(folder: Path, package: Path) -> int:
    from imr_desktop.ui.app import run
    from imr_desktop.ui.errand import Errand

    return run(folder, errand=Errand(package=package))


if __name__ == "__main__":
    main()
