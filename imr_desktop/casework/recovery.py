# SPDX-License-Identifier: AGPL-3.0-or-later
"""The recovery sheet: what is printed once, put into a safe, and opens the vault when the passphrase is forgotten."""

import io
from dataclasses import dataclass, field
from datetime import date

import segno

from imr_desktop.storage import Vault


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """The sheet's content. ``dark`` is its QR code without the quiet border: rows of modules, True for a dark one.

    It is shown or printed and then forgotten; the code is kept nowhere, and a new sheet makes the old one useless.
    """

    code: str = field(repr=False)
    text: str = field(repr=False)
    dark: tuple[tuple[bool, ...], ...] = field(repr=False)

    def terminal(self) -> str:
        """The QR code for a terminal, two rows of modules to a line."""
        drawn = io.StringIO()
        _drawn(self.code).terminal(drawn, compact=True, border=2)
        return drawn.getvalue()

    def svg(self) -> str:
        """The QR code as a picture to print."""
        drawn = io.BytesIO()
        _drawn(self.code).save(drawn, kind="svg", scale=4, border=4, xmldecl=False)
        return drawn.getvalue().decode()


def make_sheet(vault: Vault, today: date) -> RecoverySheet:
    """Make a recovery sheet for an open vault; an earlier sheet opens it no longer. DiskFull, CannotWrite."""
    return sheet_of(vault.ways_in.add_sheet(), vault.ways_in.vault_id, today)


def sheet_of(code: str, vault_id: str, today: date) -> RecoverySheet:
    """The sheet that shows a recovery code."""
    groups = code.split()
    half = len(groups) // 2
    lines = (
        "RECOVERY SHEET OF AN IMR DESKTOP VAULT",
        "",
        f"Vault {vault_id[:8]}   made on {today.isoformat()}",
        "",
        "    " + "  ".join(groups[:half]),
        "    " + "  ".join(groups[half:]),
        "",
        "Whoever has this sheet and the vault, or a backup of it, can read everything in it.",
        "Keep it on paper in a safe place, away from the computer, and make no picture of it.",
        'To use it: choose "Forgot the passphrase" where the vault is unlocked, and type or scan the code.',
        "Capital or small letters do not matter. The last character of each group checks the others.",
    )
    dark = tuple(tuple(bool(module) for module in row) for row in _drawn(code).matrix)
    return RecoverySheet(code, "\n".join(lines) + "\n", dark)


def _drawn(code: str) -> segno.QRCode:
    # Without blanks the code is in the alphabet that QR codes hold most densely, so its modules can be large.
    return segno.make("".join(code.split()), error="q", micro=False)
