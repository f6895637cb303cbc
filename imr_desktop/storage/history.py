# SPDX-License-Identifier: AGPL-3.0-or-later
"""The history of a narrative: every text that it ever had, so that an earlier one can be looked at and taken back."""

from datetime import datetime
from typing import NamedTuple

from imr_desktop.models.items import DisputedItem
from imr_desktop.models.narrative import Narrative
from imr_desktop.storage import rows
from imr_desktop.storage.journal import Deed, Journal
from imr_desktop.storage.rows import Kept, Table


class Earlier(NamedTuple):
    """A text that a narrative had: from when on (UTC), by which step, and the text itself."""

    when: datetime
    label: str
    narrative: Narrative


def narrative_history(journal: Journal, table: Table, row_id: str) -> tuple[Earlier, ...]:
    """The texts of the summary or of an item's rationale, oldest first, the present one last; never two alike in a row.

    ValueError for a kind of row that holds no narrative.
    """
    if table not in {Table.SUMMARY, Table.ITEM}:
        raise ValueError(f"a row of {table.value} holds no narrative")
    found: list[Earlier] = []
    for entry, kept in journal.changes_of(table, rows.row_id_of(table, row_id)):
        narrative = _narrative(table, kept)
        if narrative != (found[-1].narrative if found else Narrative()):
            undone = {Deed.UNDO: "Undo: ", Deed.REDO: "Redo: "}.get(entry.deed, "")
            found.append(Earlier(entry.at, undone + entry.label, narrative))
    return tuple(found)


def _narrative(table: Table, kept: Kept | None) -> Narrative:
    if kept is None:
        return Narrative()
    value = rows.decode(table, kept.value)
    return value.rationale if isinstance(value, DisputedItem) else value
