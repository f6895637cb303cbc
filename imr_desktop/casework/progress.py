# SPDX-License-Identifier: AGPL-3.0-or-later
"""Progress: what long work says while it goes on, so that window and command line can both run it and stop it."""

from dataclasses import dataclass

from imr_desktop.errors import Trouble


@dataclass(frozen=True, slots=True)
class Progress:
    """How far long work is: ``done`` of ``total`` parts, what is being done, and what came of it so far.

    ``case_id`` names the case that an intake makes; ``troubles`` is what went wrong without stopping the work.
    """

    done: int
    total: int
    what: str
    case_id: str = ""
    troubles: tuple[Trouble, ...] = ()
