# SPDX-License-Identifier: AGPL-3.0-or-later
"""Working notes on items: what to come back to, search terms as edited, searches made, and how decisions changed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from imr_desktop.casework.desk import Desk
from imr_desktop.casework.term_sets import terms_of
from imr_desktop.casework.whereabouts import where
from imr_desktop.models.work import ItemWork, Sought
from imr_desktop.storage import Table

_DECIDED = re.compile(r"^Decide item (\d+): (.+)$")
_DEEDS = {"undo": "Taken back: ", "redo": "Done again: "}


@dataclass(frozen=True, slots=True)
class Decision:
    """One entry of how an item was decided: when (UTC), the item's number then, and what was done, with its reason."""

    at: datetime
    ordinal: int
    says: str


def work_of(desk: Desk, item_id: str) -> ItemWork:
    """The notes on an item; empty ones where none are kept."""
    return next((each for each in desk.store.kept(Table.WORK) if each.id == item_id), ItemWork(item_id))


def come_back(desk: Desk, item_id: str, wanted: bool, note: str = "") -> None:
    """Mark an item to come back to, with a note to oneself, or clear the mark; a step that can be undone."""
    number = desk.case.ordinal(item_id)
    label = f"Mark item {number} to come back to" if wanted else f"Clear the mark on item {number}"
    _keep(desk, label, replace(work_of(desk, item_id), come_back=wanted, note=note.strip() if wanted else ""))


def terms(desk: Desk, item_id: str) -> tuple[str, ...]:
    """The search terms of an item: as the reviewer edited them, else as they are made from its wording."""
    edited = work_of(desk, item_id).terms
    return terms_of(desk.case.item(item_id)) if edited is None else edited


def keep_terms(desk: Desk, item_id: str, edited: Sequence[str] | None) -> None:
    """Keep an item's search terms as edited; None goes back to those made from its wording."""
    kept = None if edited is None else tuple(dict.fromkeys(" ".join(each.split()) for each in edited if each.strip()))
    label = f"Edit the search terms of item {desk.case.ordinal(item_id)}"
    _keep(desk, label, replace(work_of(desk, item_id), terms=kept))


def seek(desk: Desk, item_id: str, criterion: str, words: str, now: datetime) -> Sought:
    """Search the record for what would document a criterion, and keep that it was sought; CannotSearch."""
    found = where(desk.store, words)
    made = Sought(criterion, " ".join(words.split()), now, len(found.hits), found.page_count, len(found.unsearched))
    label = f"Search the record for a criterion of item {desk.case.ordinal(item_id)}"
    _keep(desk, label, work_of(desk, item_id).with_sought(made))
    return made


def decisions(desk: Desk) -> tuple[Decision, ...]:
    """How every decision of the case came to be, oldest first."""
    made = []
    for entry in desk.store.history():
        found = _DECIDED.match(entry.label)
        if found is not None:
            made.append(Decision(entry.at, int(found[1]), f"{_DEEDS.get(entry.deed.value, '')}{found[2]}"))
    return tuple(made)


def _keep(desk: Desk, label: str, work: ItemWork) -> None:
    if work.is_bare:
        desk.keep_on_pages(label, Table.WORK, remove=[work.id])
    else:
        desk.keep_on_pages(label, Table.WORK, [work])
