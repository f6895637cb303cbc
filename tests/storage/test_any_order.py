# SPDX-License-Identifier: AGPL-3.0-or-later
"""Any order of edits, undo, redo, failures and restarts shows the present."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.narrative import Narrative
from imr_desktop.storage import KdfCost, Table, Vault

_NAMES = st.sampled_from("abcd")
_TEXTS = st.text(max_size=12)
Present = tuple[str, dict[str, tuple[float, str]]]


class AnyOrder(RuleBasedStateMachine):
    """A model of lists beside the real store: the past, and what could be redone."""

    @initialize()
    def create(self) -> None:
        self._temporary = tempfile.TemporaryDirectory()
        self._folder = Path(self._temporary.name) / "vault"
        self._vault = Vault.create(self._folder, "four words", cost=KdfCost(64, 1, 1))
        self._store = self._vault.new_case(CaseHeader(), Imro(), LetterText())
        self._past: list[Present] = [("", {})]
        self._future: list[Present] = []

    @rule(puts=st.dictionaries(_NAMES, _TEXTS, max_size=3), removes=st.sets(_NAMES, max_size=2), text=_TEXTS)
    def edit(self, puts: dict[str, str], removes: set[str], text: str) -> None:
        summary, items = self._past[-1]
        items = dict(items)
        with self._store.step("Edit") as step:
            for name, heading in puts.items():
                end = max((position for position, _ in items.values()), default=-1.0) + 1.0
                step.put(Table.ITEM, name, DisputedItem(name, heading=heading))
                items[name] = (items[name][0] if name in items else end, heading)
            for name in sorted(removes):
                step.remove(Table.ITEM, name)
                items.pop(name, None)
            if text:
                step.put(Table.SUMMARY, "", Narrative(text))
                summary = text
        if (summary, items) != self._past[-1]:
            assert step.change is not None
            self._past.append((summary, items))
            self._future.clear()
        else:
            assert step.change is None

    @rule(name=_NAMES, position=st.floats(-5, 5))
    def move(self, name: str, position: float) -> None:
        summary, items = self._past[-1]
        if name in items and items[name][0] != position:
            with self._store.step("Move") as step:
                step.put(Table.ITEM, name, DisputedItem(name, heading=items[name][1]), position)
            self._past.append((summary, {**items, name: (position, items[name][1])}))
            self._future.clear()

    @rule(name=_NAMES)
    def fail(self, name: str) -> None:
        try:
            with self._store.step("Fail") as step:
                step.put(Table.ITEM, name, DisputedItem(name, heading="never"))
                step.remove(Table.SUMMARY, "")
                raise KeyError(name)
        except KeyError:
            pass

    @rule()
    def undo(self) -> None:
        change = self._store.undo()
        assert (change is None) == (len(self._past) == 1)
        if change is not None:
            self._future.append(self._past.pop())

    @rule()
    def redo(self) -> None:
        change = self._store.redo()
        assert (change is None) == (not self._future)
        if change is not None:
            self._past.append(self._future.pop())

    @precondition(lambda self: hasattr(self, "_vault"))
    @rule()
    def reopen(self) -> None:
        self._vault.close()
        self._vault = Vault.open(self._folder, "four words")
        self._store = self._vault.case(self._store.id)

    @invariant()
    def shows_the_present(self) -> None:
        summary, items = self._past[-1]
        case = self._store.read()
        assert case.clinical_summary == Narrative(summary)
        expected = sorted(items, key=lambda name: (items[name][0], name))
        assert [(item.id, item.heading) for item in case.items] == [(name, items[name][1]) for name in expected]
        assert (self._store.undo_label is None) == (len(self._past) == 1)
        assert (self._store.redo_label is None) == (not self._future)
        assert self._vault.cases()[0].items == case.items

    def teardown(self) -> None:
        if hasattr(self, "_vault"):
            self._vault.close()
            self._temporary.cleanup()


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=30, stateful_step_count=30, deadline=None, database=None)
