# SPDX-License-Identifier: AGPL-3.0-or-later
"""How to mend what a check finds, in the words of an editable table."""

from imr_desktop.checks import tables


def how_to_mend(identifier: str) -> str:
    """The sentence for the check of this id (``QC-05``); empty where the table has none."""
    return tables.mapping("mending", "mending").get(identifier, "")
