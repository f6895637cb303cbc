# SPDX-License-Identifier: AGPL-3.0-or-later
"""The history of a narrative, every text that it ever had, and the rows that were removed: all of it can come back."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

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


class Removed(NamedTuple):
    """A row that is not in the case any more: when it was removed (UTC), by which step, and as it last stood."""

    when: datetime
    label: str
    value: Any


def removed_rows(journal: Journal, table: Table, present: Collection[str]) -> tuple[Removed, ...]:
    """The rows of a kind that the case once had and has no more (``present``: those it has), the last removed first."""
    found = []
    for row_id in journal.ever(table) - set(present):
        last: Kept | None = None
        for entry, kept in journal.changes_of(table, row_id):
            if kept is not None:
                last = kept
            elif last is not None:
                # Undoing the step that added a row takes it away too.
                undone = {Deed.UNDO: "Undo: ", Deed.REDO: "Redo: "}.get(entry.deed, "")
                gone = Removed(entry.at, undone + entry.label, rows.decode(table, last.value))
        if last is not None:
            found.append(gone)
    return tuple(sorted(found, key=lambda each: each.when, reverse=True))


def _narrative(table: Table, kept: Kept | None) -> Narrative:
    if kept is None:
        return Narrative()
    value = rows.decode(table, kept.value)
    return value.rationale if isinstance(value, DisputedItem) else value
