# SPDX-License-Identifier: AGPL-3.0-or-later
"""Where a command can be given; apart from the table of commands, which is loaded later than the window."""

from enum import StrEnum


class Scope(StrEnum):
    """Where a command can be given: anywhere, in the open vault, in an open case, or while a page has the focus."""

    ALWAYS = "always"
    VAULT = "vault"
    WORKLIST = "worklist"
    CASE = "case"
    PAGE = "page"
