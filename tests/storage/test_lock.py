# SPDX-License-Identifier: AGPL-3.0-or-later
"""One process at a time has the vault; one that died holds nothing, and lost nothing that it had kept."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import imr_desktop
from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.narrative import Narrative
from imr_desktop.storage import AlreadyOpen, KdfCost, Table, Vault

_HOLD = """
import sys
from pathlib import Path
from imr_desktop.storage import Vault
with Vault.open(Path(sys.argv[1]), sys.argv[2]):
    print("open", flush=True)
    sys.stdin.read()
"""

_WRITE = """
import sys
from pathlib import Path
from imr_desktop.models.narrative import Narrative
from imr_desktop.storage import Table, Vault
vault = Vault.open(Path(sys.argv[1]), sys.argv[2])
store = vault.case(sys.argv[3])
for number in range(1_000_000):
    with store.step(f"Write {number}") as step:
        step.put(Table.SUMMARY, "", Narrative(f"{number} " + "words " * 200))
    print(number, flush=True)
"""


@contextmanager
def _child(script: str, *arguments: str) -> Iterator["subprocess.Popen[str]"]:
    root = str(Path(imr_desktop.__file__).parent.parent)
    process = subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _line(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_a_second_process_is_told_that_the_vault_is_open(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.close()
    with _child(_HOLD, str(folder), passphrase) as holder:
        assert _line(holder) == "open"
        with pytest.raises(AlreadyOpen):
            Vault.open(folder, passphrase)
        with pytest.raises(AlreadyOpen):
            Vault.open(folder, "not even the right passphrase")
        holder.kill()
        holder.wait(timeout=30)
        Vault.open(folder, passphrase).close()


def test_a_second_opening_in_the_same_process_is_told_too(vault: Vault, folder: Path, passphrase: str) -> None:
    with pytest.raises(AlreadyOpen):
        Vault.open(folder, passphrase)
    for path in folder.iterdir():
        path.read_bytes()
    with pytest.raises(AlreadyOpen):
        Vault.open(folder, passphrase)
    vault.keep_setting("still", "mine")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not let go of the name of a locked file")
def test_another_program_that_has_the_database_open_keeps_us_out(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.close()
    with _child(_HOLD, str(folder), passphrase) as holder:
        assert _line(holder) == "open"
        (folder / "vault.lock").unlink()
        with pytest.raises(AlreadyOpen):
            Vault.open(folder, passphrase)


def test_a_failed_opening_does_not_hold_the_door(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.close()
    hidden = (folder / "vault.db").rename(folder / "elsewhere")
    with pytest.raises(Exception, match="missing"):
        Vault.open(folder, passphrase)
    hidden.rename(folder / "vault.db")
    Vault.open(folder, passphrase).close()


@pytest.mark.parametrize("acknowledged", [1, 7, 60])
def test_no_acknowledged_step_is_lost_when_the_process_is_killed(
    folder: Path, cost: KdfCost, passphrase: str, acknowledged: int
) -> None:
    with Vault.create(folder, passphrase, cost=cost) as vault:
        case_id = vault.new_case(CaseHeader(), Imro(), LetterText()).id
    with _child(_WRITE, str(folder), passphrase, case_id) as writer:
        for number in range(acknowledged):
            assert _line(writer) == str(number)
        writer.kill()
        writer.wait(timeout=30)
    with Vault.open(folder, passphrase) as vault:
        store = vault.case(case_id)
        kept = int(store.read().clinical_summary.text.split()[0])
        assert kept >= acknowledged - 1
        assert store.undo_label == f"Write {kept}"
        for _ in range(kept + 1):
            assert store.undo() is not None
        assert store.read().clinical_summary == Narrative()
        assert store.undo() is None
        assert Table.SUMMARY not in vault.counts()[case_id]
