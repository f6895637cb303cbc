# SPDX-License-Identifier: AGPL-3.0-or-later
"""The command line: the public contract, reading and writing the same vault as the window."""

from imr_desktop.cli.program import app, run

__all__ = ["app", "run"]
