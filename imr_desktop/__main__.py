# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where the program begins: the window where nothing else is asked, otherwise a command."""

import multiprocessing
import sys


def main() -> None:
    """Run the program with the arguments it was called with."""
    multiprocessing.freeze_support()
    from imr_desktop.cli import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
