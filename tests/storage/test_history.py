# SPDX-License-Identifier: AGPL-3.0-or-later
"""Every text that a narrative ever had can be looked at and put back."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from imr_desktop.models.items import DisputedItem
from imr_desktop.models.narrative import Narrative
from imr_desktop.storage import CaseStore, Table, Vault


def _write(store: CaseStore, label: str, text: str) -> None:
    with store.step(label) as step:
        step.put(Table.SUMMARY, "", Narrative(text))


def test_every_earlier_text_of_the_summary_is_there(
    store: CaseStore, vault: Vault, reopen: Callable[[Vault], Vault]
) -> None:
    began = datetime.now(UTC)
    assert store.narrative_history(Table.SUMMARY) == ()
    _write(store, "Write", "one")
    _write(store, "Write", "one two")
    _write(store, "Select all, type x", "x")
    store.undo()
    store.redo()
    store = reopen(vault).case(store.id)
    told = store.narrative_history(Table.SUMMARY)
    assert [(each.label, each.narrative.text) for each in told] == [
        ("Write", "one"),
        ("Write", "one two"),
        ("Select all, type x", "x"),
        ("Undo: Select all, type x", "one two"),
        ("Redo: Select all, type x", "x"),
    ]
    assert all(began <= each.when <= datetime.now(UTC) for each in told)
    narrative = told[1].narrative
    with store.step("Take back the text") as step:
        step.put(Table.SUMMARY, "", narrative)
    assert store.read().clinical_summary.text == "one two"
    assert store.undo_label == "Take back the text"


def test_a_rationale_has_its_history_without_the_item_s_other_edits(store: CaseStore) -> None:
    for heading, text in (("A", ""), ("A", "first"), ("B", "first"), ("B", "second")):
        with store.step("Edit") as step:
            step.put(Table.ITEM, "a", DisputedItem("a", heading=heading, rationale=Narrative(text)))
            step.put(Table.ITEM, "b", DisputedItem("b", rationale=Narrative("another item")))
    with store.step("Remove") as step:
        step.remove(Table.ITEM, "a")
    store.undo()
    told = [(each.label, each.narrative.text) for each in store.narrative_history(Table.ITEM, "a")]
    assert told == [("Edit", "first"), ("Edit", "second"), ("Remove", ""), ("Undo: Remove", "second")]


def test_only_narratives_have_a_history(store: CaseStore) -> None:
    with pytest.raises(ValueError, match="no narrative"):
        store.narrative_history(Table.DOCUMENT, "d")


def test_a_thousand_edits_are_read_at_once(store: CaseStore) -> None:
    with store.step("All of it"):
        pass
    for number in range(300):
        _write(store, f"Write {number}", f"text {number}")
    assert len(store.narrative_history(Table.SUMMARY)) == 300
