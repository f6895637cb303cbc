# SPDX-License-Identifier: AGPL-3.0-or-later
"""Faults: what an audit or a check of the vault found wrong, each with what to do about it."""

from dataclasses import dataclass
from typing import Final

from imr_desktop.errors import Trouble

_ASK: Final = "Keep the vault as it is, make a backup, and compare with an earlier backup."


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing found wrong: what, what to do, in which file or row, and in which case (its id; empty: the vault)."""

    says: str
    advice: str = _ASK
    place: str = ""
    case_id: str = ""

    @classmethod
    def of(cls, trouble: Trouble, case_id: str = "") -> "Fault":
        """A Trouble that was met while checking."""
        return cls(trouble.happened, trouble.advice, trouble.place or "", case_id)
