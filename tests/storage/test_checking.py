# SPDX-License-Identifier: AGPL-3.0-or-later
"""A check of the vault finds every damage, names the case, and one damaged case keeps no other from being used."""

import shutil
from pathlib import Path

import pytest

from imr_desktop.storage import Checked, CheckReport, DamagedPages, DamagedSource, Vault
from tests.kit.vaults import PASSPHRASE, content, contents, flip, full_vault, places


@pytest.fixture
def full(folder: Path) -> Path:
    full_vault(folder)
    return folder


def test_a_whole_vault_has_no_faults_and_the_check_changes_nothing(full: Path) -> None:
    with Vault.open(full, PASSPHRASE) as vault:
        before = contents(vault)
        report = vault.check()
        assert report == CheckReport((), cases=3, sources=3, letters=3)
        assert contents(vault) == before
        steps = [said for said in vault.checking() if isinstance(said, Checked)]
        assert [step.done for step in steps] == list(range(7))
        assert {step.total for step in steps} == {7}


@pytest.mark.parametrize("kind", ["cases/*/sources/*.enc", "letters/*.enc", "letters/*.slip", "cases/*/pages.db"])
@pytest.mark.parametrize("harm", ["flip", "cut", "gone"])
def test_damage_in_every_kind_of_file_is_found_and_the_rest_is_good(full: Path, kind: str, harm: str) -> None:
    with Vault.open(full, PASSPHRASE) as vault:
        before = contents(vault)
    (path, *_) = sorted(full.glob(kind))
    whole = path.read_bytes()
    if harm == "gone" and path.suffix in {".db", ".slip"}:
        pytest.skip("what is gone is made anew")
    for at in places(len(whole), 9) if harm == "flip" else [len(whole) // 2]:
        if harm == "flip":
            flip(path, at, bit=3)
        elif harm == "cut":
            path.write_bytes(whole[:at])
        else:
            path.unlink()
        with Vault.open(full, PASSPHRASE) as vault:
            faults = vault.check().faults
            assert faults, (kind, harm, at)
            hurt = {fault.case_id for fault in faults}
            assert len(hurt) == 1
            for case in vault.cases():
                if case.id not in hurt:
                    assert content(vault.case(case.id)) == before[case.id]
                else:
                    assert vault.case(case.id).read() == before[case.id]["case"]
        path.write_bytes(whole)
    with Vault.open(full, PASSPHRASE) as vault:
        assert vault.check().faults == ()


def test_an_exchanged_source_file_is_found(full: Path) -> None:
    first, second, *_ = sorted(full.glob("cases/*/sources/*.enc"))
    shutil.copy(second, first)
    with Vault.open(full, PASSPHRASE) as vault:
        store = vault.case(first.parent.parent.name)
        with pytest.raises(DamagedSource):
            store.source_bytes(first.stem)
        assert [fault.case_id for fault in vault.check().faults] == [store.id]


def test_strange_files_are_told(full: Path) -> None:
    (source, *_) = sorted(full.glob("cases/*/sources/*.enc"))
    shutil.copy(source, source.with_name("f" * 64 + ".enc"))
    with Vault.open(full, PASSPHRASE) as vault:
        (fault,) = vault.check().faults
        assert fault.place == "f" * 64 + ".enc"
        vault.close()
    (source.parent.parent / "pages.db").write_bytes(b"nothing")
    with Vault.open(full, PASSPHRASE) as vault, pytest.raises(DamagedPages):
        vault.case(source.parent.parent.name).seen()


def test_a_source_file_of_a_step_that_was_undone_is_no_stranger(full: Path) -> None:
    with Vault.open(full, PASSPHRASE) as vault:
        store = vault.case(vault.cases()[0].id)
        while store.undo():
            pass
        assert vault.check().faults == ()
        while store.redo():
            pass
        assert vault.check().faults == ()
