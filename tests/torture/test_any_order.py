# SPDX-License-Identifier: AGPL-3.0-or-later
"""Any order of edits, undo, redo, failed edits, crashes and restarts leaves the present that it should."""

import contextlib
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.narrative import Narrative
from imr_desktop.storage import Table, Vault
from tests.kit.vaults import PASSPHRASE, TINY

pytestmark = pytest.mark.torture

_NAMES = st.sampled_from("abc")
_TEXTS = st.text(max_size=12)
Present = tuple[str, dict[str, str]]


class Crashes(RuleBasedStateMachine):
    """A list of presents beside the real case, which crashes at will."""

    crashed = steps = runs = 0

    @initialize()
    def create(self) -> None:
        type(self).runs += 1
        self.temporary = tempfile.TemporaryDirectory()
        self.number = 0
        self.vault = Vault.create(self.folder, PASSPHRASE, cost=TINY)
        self.store = self.vault.new_case(CaseHeader(), Imro(), LetterText())
        self.past: list[Present] = [("", {})]
        self.future: list[Present] = []

    @property
    def folder(self) -> Path:
        return Path(self.temporary.name) / f"vault{self.number}"

    @rule(text=_TEXTS, name=_NAMES, heading=_TEXTS)
    def edit(self, text: str, name: str, heading: str) -> None:
        type(self).steps += 1
        summary, items = self.past[-1]
        with self.store.step("Edit") as step:
            step.put(Table.SUMMARY, "", Narrative(text))
            step.put(Table.ITEM, name, DisputedItem(name, rationale=Narrative(heading)))
        # The row of a summary that was never written differs from one that is empty.
        if step.change is not None:
            self.past.append((text, {**items, name: heading}))
            self.future.clear()
        else:
            assert (summary, items) == (text, {**items, name: heading})

    @rule(text=_TEXTS, name=_NAMES, more=st.integers(2, 12))
    def edit_much(self, text: str, name: str, more: int) -> None:
        for number in range(more):
            self.edit(f"{text} {number}", name, f"{number} {text}")

    @rule(name=_NAMES)
    def remove(self, name: str) -> None:
        type(self).steps += 1
        summary, items = self.past[-1]
        with self.store.step("Remove") as step:
            step.remove(Table.ITEM, name)
        if name in items:
            self.past.append((summary, {key: text for key, text in items.items() if key != name}))
            self.future.clear()

    @rule(name=_NAMES)
    def fail(self, name: str) -> None:
        with contextlib.suppress(KeyError), self.store.step("Fail") as step:
            step.put(Table.ITEM, name, DisputedItem(name, heading="never"))
            raise KeyError

    @rule()
    def undo(self) -> None:
        if (self.store.undo() is not None) == (len(self.past) > 1):
            if len(self.past) > 1:
                self.future.append(self.past.pop())
        else:
            raise AssertionError("undo")

    @rule()
    def redo(self) -> None:
        if (self.store.redo() is not None) == bool(self.future):
            if self.future:
                self.past.append(self.future.pop())
        else:
            raise AssertionError("redo")

    @rule()
    def restart(self) -> None:
        self.vault.close()
        self._open()

    @rule()
    def crash(self) -> None:
        """Go on with the files as they are on the disk at this moment, as after the power of the process is cut."""
        type(self).crashed += 1
        before = self.folder
        self.number += 1
        shutil.copytree(before, self.folder)
        self.vault.close()
        shutil.rmtree(before)
        self._open()

    @rule()
    def crash_within_a_step(self) -> None:
        type(self).crashed += 1
        before = self.folder
        with contextlib.suppress(KeyError), self.store.step("Never finished") as step:
            step.put(Table.SUMMARY, "", Narrative("never" * 5000))
            self.number += 1
            shutil.copytree(before, self.folder)
            raise KeyError
        self.vault.close()
        shutil.rmtree(before)
        self._open()

    def _open(self) -> None:
        self.vault = Vault.open(self.folder, PASSPHRASE)
        assert self.vault.notices == ()
        self.store = self.vault.case(self.store.id)
        assert self.vault.check().faults == ()

    @invariant()
    def shows_the_present(self) -> None:
        summary, items = self.past[-1]
        case = self.store.read()
        assert case.clinical_summary.text == summary
        assert {item.id: item.rationale.text for item in case.items} == items
        assert (self.store.undo_label is None) == (len(self.past) == 1)
        assert (self.store.redo_label is None) == (not self.future)

    @invariant()
    def is_vouched_for(self) -> None:
        assert self.store.audit().faults == ()
        texts = self.store.narrative_history(Table.SUMMARY)
        assert (texts[-1].narrative.text if texts else "") == self.past[-1][0]

    def teardown(self) -> None:
        if hasattr(self, "vault"):
            self.vault.close()
            self.temporary.cleanup()


def test_any_order(many: Callable[[int, int], int], figures: Callable[[str], None]) -> None:
    wanted = settings(max_examples=many(12, 300), stateful_step_count=many(25, 40), deadline=None, database=None)
    run_state_machine_as_test(Crashes, settings=wanted)
    figures(
        f"any order: {Crashes.runs} runs of edits, undo, redo, failures and restarts; {Crashes.steps} edits, "
        f"{Crashes.crashed} crashes, the present, the history and the audit trail right after each"
    )
