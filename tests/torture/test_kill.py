# SPDX-License-Identifier: AGPL-3.0-or-later
"""Kill -9 at random moments of real edits: nothing acknowledged is lost, nothing is corrupt, nothing is in between."""

import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from imr_desktop.storage import Vault
from tests.kit.vaults import PASSPHRASE, full_vault
from tests.torture.worker import state_of
from tests.torture.zygote import kill, zygote

pytestmark = [
    pytest.mark.torture,
    pytest.mark.skipif(sys.platform == "win32", reason="processes are forked"),
]


def test_killed_at_any_moment_of_an_edit(
    tmp_path: Path, many: Callable[[int, int], int], figures: Callable[[str], None]
) -> None:
    kills, chance = many(14, 200), random.Random(20261123)
    folder = tmp_path / "vault"
    case_id = full_vault(folder, cases=1)[0]
    acknowledged = in_flight = kept_in_flight = 0
    with Vault.open(folder, PASSPHRASE) as vault:
        known = state_of(vault.case(case_id))
    with zygote() as worker:
        for number in range(kills):
            worker.give(f"edit {folder} {case_id} {number}")
            _, child = worker.hear()
            wanted = chance.randrange(12)
            done, will = known, ""
            while wanted:
                word, detail = worker.hear()
                if word == "done":
                    done, wanted, acknowledged = detail, wanted - 1, acknowledged + 1
            # The moment itself is left to chance: within the opening, an edit, a commit or between two of them.
            time.sleep(chance.random() * 0.012)
            kill(child)
            for word, detail in worker.hear_until_gone():
                if word == "will":
                    will = detail
                elif word == "done":
                    done, will, acknowledged = detail, "", acknowledged + 1
            with Vault.open(folder, PASSPHRASE) as vault:
                store = vault.case(case_id)
                known = state_of(store)
                assert known in {done, will}, f"kill {number}: an acknowledged edit is lost"
                in_flight += bool(will)
                kept_in_flight += known == will
                assert vault.notices == ()
                faults = [fault for fault in vault.check().faults if not fault.place.endswith((".enc", ".slip"))]
                assert faults == []
                assert store.audit().faults == ()
    figures(
        f"kill -9: {kills} kills, {acknowledged} acknowledged edits, 0 lost, 0 corrupt; "
        f"{in_flight} hit an edit before it was acknowledged: {kept_in_flight} kept whole, the others not at all"
    )


def test_several_processes_that_open_at_once(
    tmp_path: Path, many: Callable[[int, int], int], figures: Callable[[str], None]
) -> None:
    rounds = many(4, 60)
    folder = tmp_path / "vault"
    full_vault(folder, cases=1)
    with zygote() as worker:
        for _ in range(rounds):
            worker.give(" and ".join([f"hold {folder}"] * 3))
            said = [worker.hear() for _ in range(6)]
            assert sorted(word for word, _ in said) == ["open", "started", "started", "started", "taken", "taken"]
            worker.give("go on")
            worker.hear_until_gone()
    with Vault.open(folder, PASSPHRASE) as vault:
        assert vault.check().faults == ()
    figures(f"opened at once: {rounds} times 3 processes; one got in each time, the others were told, 0 damage")
