# SPDX-License-Identifier: AGPL-3.0-or-later
"""A step is kept whole or not at all, and can be undone and redone, also after a restart."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from imr_desktop.errors import Trouble
from imr_desktop.models.case import CaseHeader, Imro
from imr_desktop.models.evidence import Evidence, Passage, PassagePart
from imr_desktop.models.items import DisputedItem, Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import Box, Document, PageRef, PageSpan
from imr_desktop.storage import UNDOABLE, CaseStore, Change, DamagedVault, Deed, Step, Table, Vault


def _write(store: CaseStore, text: str) -> Change | None:
    with store.step(f"Write {text}") as step:
        step.put(Table.SUMMARY, "", Narrative(text))
    return step.change


def _summary(store: CaseStore) -> str:
    return store.read().clinical_summary.text


def test_a_step_says_what_it_touched(store: CaseStore) -> None:
    with store.step("Add an item") as step:
        step.put(Table.ITEM, "a", DisputedItem("a", heading="Acupuncture"))
        step.put(Table.SUMMARY, "whatever", Narrative("Words"))
        assert step.change is None
    assert step.change == Change(
        "Add an item",
        frozenset({Table.ITEM, Table.SUMMARY}),
        frozenset({(Table.ITEM, "a"), (Table.SUMMARY, "summary")}),
    )


def test_every_kind_of_row_comes_back_as_it_went(
    store: CaseStore, vault: Vault, reopen: Callable[[Vault], Vault]
) -> None:
    page = PageRef("0" * 64, 3)
    passage = Passage((PassagePart(page, (Box(1.5, 2.25, 3, 4),)),), "no relief \ud800 Ł 王")
    values: dict[tuple[Table, str], Any] = {
        (Table.ITEM, "i1"): DisputedItem("i1", outcome=Outcome.OVERTURNED, rationale=Narrative("See [[e:e1]].")),
        (Table.DOCUMENT, "d1"): Document("d1", title="PR-2", pages=(PageSpan("0" * 64, "r.pdf", 1, 4),)),
        (Table.EVIDENCE, "e1"): Evidence("e1", passage, note="note\x00with a zero"),
    }
    with store.step("All") as step:
        for (table, row_id), value in values.items():
            step.put(table, row_id, value)
    case = reopen(vault).case(store.id).read()
    assert case.items == (values[Table.ITEM, "i1"],)
    assert case.documents == (values[Table.DOCUMENT, "d1"],)
    assert case.evidence == (values[Table.EVIDENCE, "e1"],)


def test_rows_stand_in_the_order_of_their_positions(store: CaseStore) -> None:
    with store.step("Add") as step:
        for name in "abc":
            step.put(Table.ITEM, name, DisputedItem(name))
    with store.step("Move c before b") as step:
        step.put(Table.ITEM, "c", DisputedItem("c"), position=0.5)
    assert [item.id for item in store.read().items] == ["a", "c", "b"]
    with store.step("Word c") as step:
        step.put(Table.ITEM, "c", DisputedItem("c", heading="Worded"))
    assert [item.id for item in store.read().items] == ["a", "c", "b"]
    store.undo()
    store.undo()
    assert [item.id for item in store.read().items] == ["a", "b", "c"]


def test_an_exception_takes_the_whole_step_back(store: CaseStore) -> None:
    _write(store, "before")
    before, history = store.read(), store.history()
    steps: list[Step] = []

    def fail() -> None:
        with store.step("Fail") as step:
            steps.append(step)
            step.put(Table.ITEM, "a", DisputedItem("a"))
            step.put(Table.SUMMARY, "", Narrative("never"))
            step.remove(Table.HEADER, "")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (store.read(), store.history()) == (before, history)
    assert steps[0].change is None
    assert store.undo_label == "Write before"
    assert _write(store, "after") is not None


@pytest.mark.parametrize("kind", ["nothing", "the same", "there and back", "remove nothing"])
def test_a_step_that_changes_nothing_leaves_no_trace(store: CaseStore, kind: str) -> None:
    _write(store, "one")
    _write(store, "two")
    store.undo()
    before = store.history()
    with store.step("Nothing") as step:
        if kind == "the same":
            step.put(Table.SUMMARY, "", Narrative("one"))
        if kind == "there and back":
            step.put(Table.SUMMARY, "", Narrative("three"))
            step.put(Table.SUMMARY, "", Narrative("one"))
            step.put(Table.ITEM, "a", DisputedItem("a"))
            step.remove(Table.ITEM, "a")
        if kind == "remove nothing":
            step.remove(Table.ITEM, "a")
    assert step.change is None
    assert store.history() == before
    assert store.redo_label == "Write two"


def test_undo_and_redo_survive_a_restart(store: CaseStore, vault: Vault, reopen: Callable[[Vault], Vault]) -> None:
    done = [_write(store, text) for text in ("one", "two", "three")]
    vault = reopen(vault)
    store = vault.case(store.id)
    assert (store.undo_label, store.redo_label) == ("Write three", None)
    assert store.undo() == done[2]
    assert store.undo() == done[1]
    assert _summary(store) == "one"
    store = reopen(vault).case(store.id)
    assert (store.undo_label, store.redo_label) == ("Write one", "Write two")
    assert store.redo() == done[1]
    assert _summary(store) == "two"
    assert store.redo() == done[2]
    assert store.redo() is None
    assert _summary(store) == "three"


def test_the_making_of_a_case_cannot_be_undone(store: CaseStore) -> None:
    assert (store.undo_label, store.undo()) == (None, None)
    assert store.read().header == CaseHeader(case_number="CM00-0000001")
    assert [entry.deed for entry in store.history()] == [Deed.MADE]


def test_a_new_step_ends_what_could_be_redone_but_not_its_history(store: CaseStore) -> None:
    for text in ("one", "two"):
        _write(store, text)
    store.undo()
    _write(store, "other")
    assert (store.redo_label, store.redo()) == (None, None)
    assert _summary(store) == "other"
    store.undo()
    assert _summary(store) == "one"
    entries = store.history()
    assert [(entry.deed, entry.label, entry.concerns) for entry in entries] == [
        (Deed.MADE, "New case", None),
        (Deed.EDIT, "Write one", None),
        (Deed.EDIT, "Write two", None),
        (Deed.UNDO, "Write two", 3),
        (Deed.EDIT, "Write other", None),
        (Deed.UNDO, "Write other", 5),
    ]
    assert [entry.number for entry in entries] == list(range(1, 7))
    assert all(entry.at.tzinfo is not None and entry.at <= datetime.now(UTC) for entry in entries)


def test_the_last_thousand_steps_can_be_undone(store: CaseStore) -> None:
    assert UNDOABLE == 1000
    for number in range(UNDOABLE + 5):
        _write(store, str(number))
    for _ in range(UNDOABLE):
        assert store.undo() is not None
    assert store.undo() is None
    assert _summary(store) == "4"
    for _ in range(UNDOABLE):
        assert store.redo() is not None
    assert store.redo() is None
    assert _summary(store) == "1004"


def test_cases_have_journals_of_their_own(store: CaseStore, vault: Vault) -> None:
    other = vault.new_case(CaseHeader(), Imro(), store.read().letter)
    _write(store, "here")
    _write(other, "there")
    store.undo()
    assert (_summary(store), _summary(other)) == ("", "there")
    assert (store.redo_label, other.redo_label) == ("Write here", None)


def test_a_step_is_not_used_inside_another_or_after_its_end(store: CaseStore) -> None:
    with store.step("Outer") as step:
        with pytest.raises(RuntimeError), store.step("Inner"):
            pass
        with pytest.raises(RuntimeError):
            store.undo()
        step.put(Table.SUMMARY, "", Narrative("kept"))
    with pytest.raises(RuntimeError):
        step.put(Table.SUMMARY, "", Narrative("too late"))
    assert _summary(store) == "kept"


@pytest.mark.parametrize(
    ("table", "row_id", "value"),
    [(Table.ITEM, "a", Narrative("x")), (Table.ITEM, "a", DisputedItem("b")), (Table.SUMMARY, "", "text")],
)
def test_a_row_takes_only_its_own_kind_of_value(store: CaseStore, table: Table, row_id: str, value: object) -> None:
    before = store.read()
    with pytest.raises((TypeError, ValueError)), store.step("Wrong") as step:
        step.put(table, row_id, value)
    assert store.read() == before


def test_a_row_that_does_not_read_is_damage_and_says_nothing_of_its_words(store: CaseStore) -> None:
    _write(store, "canary")
    store._db.execute("""update case_row set value = '{"canary": 1}' where kind = 'summary'""")
    with pytest.raises(DamagedVault) as caught:
        store.read()
    error: BaseException | None = caught.value
    assert isinstance(error, Trouble)
    assert "canary" not in str(error)
    assert error.__suppress_context__
