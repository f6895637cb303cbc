# SPDX-License-Identifier: AGPL-3.0-or-later
"""A vault is made, closed and opened, and keeps what it is given."""

import sys
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from imr_desktop.models.case import CaseHeader, Imro, InjuryDate, LetterText
from imr_desktop.models.items import DisputedItem, Outcome
from imr_desktop.models.reviewer import Credentials, Reviewer
from imr_desktop.storage import (
    EmptyPassphrase,
    KdfCost,
    KeptIdentity,
    NoSuchCase,
    NoSuchIdentity,
    NoVault,
    Table,
    Vault,
    VaultExists,
    WrongPassphrase,
)

Reopen = Callable[[Vault], Vault]


def test_what_is_kept_is_there_after_a_restart(vault: Vault, reopen: Reopen) -> None:
    reviewer = Reviewer(licence="Acupuncturist", credentials=Credentials(certifications=("Acupuncture",)))
    identity = KeptIdentity("seal", b"\x30\x82", "s3cret", trial=True)
    assert vault.setting("window") is None
    assert vault.reviewer() == Reviewer()
    vault.keep_setting("window", {"zoom": 1.5, "pages": [1, 2]})
    vault.keep_reviewer(reviewer)
    vault.keep_identity(identity)
    for root in (b"root", b"second", b"root"):
        vault.keep_trust_root(root)
    vault = reopen(vault)
    assert vault.setting("window") == {"zoom": 1.5, "pages": [1, 2]}
    assert vault.reviewer() == reviewer
    assert vault.identities() == (identity,)
    assert vault.identity("seal") == identity
    assert vault.trust_roots() == (b"root", b"second")


def test_a_new_case_reads_as_it_was_given(vault: Vault, reopen: Reopen) -> None:
    header = CaseHeader(
        case_number="CM00-0000001", date_of_injury=InjuryDate(date(2004, 1, 1), date(2005, 1, 18)), cc=()
    )
    letter = LetterText(printed={"opening": ("A paragraph with ≥ and Ł.",)})
    store = vault.new_case(header, Imro(name="An organization"), letter)
    case = reopen(vault).case(store.id).read()
    assert (case.header, case.imro, case.letter) == (header, Imro(name="An organization"), letter)
    assert (case.items, case.sources, case.documents, case.evidence) == ((), (), (), ())


def test_the_worklist_has_headers_and_items_of_all_cases(vault: Vault) -> None:
    stores = [vault.new_case(CaseHeader(case_number=f"CM00-{n}"), Imro(), LetterText()) for n in range(3)]
    with stores[1].step("Add") as step:
        step.put(Table.ITEM, "a", DisputedItem("a"))
        step.put(Table.ITEM, "b", DisputedItem("b"))
    assert [case.header.case_number for case in vault.cases()] == ["CM00-0", "CM00-1", "CM00-2"]
    assert [len(case.items) for case in vault.cases()] == [0, 2, 0]
    with stores[1].step("Decide") as step:
        step.put(Table.ITEM, "a", DisputedItem("a", outcome=Outcome.UPHELD))
    assert vault.cases()[1].items[0].outcome is Outcome.UPHELD
    stores[1].undo()
    assert vault.cases()[1].items[0].outcome is None
    assert vault.counts()[stores[1].id] == {Table.HEADER: 1, Table.IMRO: 1, Table.LETTER: 1, Table.ITEM: 2}


def test_a_case_has_one_store(vault: Vault) -> None:
    store = vault.new_case(CaseHeader(), Imro(), LetterText())
    assert vault.case(store.id) is store


@pytest.mark.parametrize("name", ["nothing", "letters", "../elsewhere", ""])
def test_a_case_that_is_not_there_is_trouble(vault: Vault, name: str) -> None:
    with pytest.raises(NoSuchCase):
        vault.case(name)


def test_an_identity_that_is_not_there_is_trouble_and_one_that_is_stays_out_of_logs(vault: Vault) -> None:
    with pytest.raises(NoSuchIdentity):
        vault.identity("nobody")
    assert "s3cret" not in repr(KeptIdentity("seal", b"s3cret", "s3cret"))


def test_a_wrong_passphrase_changes_nothing(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.close()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    wrong = "x".join(passphrase)
    with pytest.raises(WrongPassphrase) as caught:
        Vault.open(folder, wrong)
    assert wrong not in "".join(traceback.format_exception(caught.value))
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert wrong.encode() not in after.pop("vault.tries")
    assert after == before
    Vault.open(folder, passphrase).close()
    assert not (folder / "vault.tries").exists()


def test_a_passphrase_is_the_same_however_its_letters_are_composed(folder: Path, cost: KdfCost) -> None:
    Vault.create(folder, "Pe\u00f1a \u00e9t\u00e9", cost=cost).close()
    Vault.open(folder, "Pen\u0303a e\u0301te\u0301").close()


def test_a_malformed_passphrase_never_shows_in_an_error(vault: Vault, folder: Path) -> None:
    vault.close()
    wrong = "secret" * 2 + "\udcff"
    with pytest.raises(WrongPassphrase) as caught:
        Vault.open(folder, wrong)
    assert "secretsecret" not in "".join(traceback.format_exception(caught.value))


@pytest.mark.parametrize("empty", ["", "  \n"])
def test_nothing_is_no_passphrase(folder: Path, cost: KdfCost, empty: str) -> None:
    with pytest.raises(EmptyPassphrase):
        Vault.create(folder, empty, cost=cost)
    assert not folder.exists()


def test_a_vault_is_never_made_over_another(vault: Vault, folder: Path, cost: KdfCost, passphrase: str) -> None:
    vault.keep_setting("mine", 1)
    with pytest.raises(VaultExists):
        Vault.create(folder, "another passphrase", cost=cost)
    vault.close()
    with Vault.open(folder, passphrase) as again:
        assert again.setting("mine") == 1


def test_a_folder_without_a_vault_is_trouble(folder: Path) -> None:
    assert not Vault.exists(folder)
    with pytest.raises(NoVault):
        Vault.open(folder, "any")
    assert not folder.exists()


def test_a_vault_can_be_made_in_an_empty_folder_and_in_a_new_one_below_it(tmp_path: Path, cost: KdfCost) -> None:
    for folder in (tmp_path / "empty", tmp_path / "new" / "below é #1?"):
        if folder.name == "empty":
            folder.mkdir()
        Vault.create(folder, "four words", cost=cost).close()
        assert Vault.exists(folder)
        Vault.open(folder, "four words").close()


def test_a_creation_cut_short_is_finished_when_the_vault_is_opened(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.keep_setting("mine", 1)
    vault.close()
    (folder / "vault.db").rename(folder / "vault.db.new")
    with Vault.open(folder, passphrase) as again:
        assert again.setting("mine") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="Windows protects the user's folder in its own way")
def test_only_the_owner_may_enter(vault: Vault, folder: Path) -> None:
    assert folder.stat().st_mode & 0o777 == 0o700
    modes = {path.name: path.stat().st_mode & 0o777 for path in folder.rglob("*") if path.is_file()}
    assert {"vault.db", "vault.db-wal", "vault.json"} <= set(modes)
    assert set(modes.values()) == {0o600}, modes


def test_a_vault_can_be_closed_twice(vault: Vault) -> None:
    vault.close()
    vault.close()


def test_a_cost_from_a_strange_key_file_is_refused() -> None:
    for wrong in ((1 << 40, 3, 4), (65536, 10**9, 4), (65536, 3, 0), (1, 1, 1)):
        with pytest.raises(ValueError, match="out of bounds"):
            KdfCost(*wrong)


def test_a_closed_vault_gives_nothing_more(vault: Vault) -> None:
    store = vault.new_case(CaseHeader(), Imro(), LetterText())
    held = [vault._data_key, vault._shelf._wrapping_key, vault._shelf.letters._key]
    held += [store._sources._key, store._pages_key]
    assert all(any(key) for key in held)
    vault.close()
    vault.close()
    with pytest.raises(RuntimeError):
        store.source_bytes("0" * 64)
    for key in held:
        assert not any(key)
    assert vault.closed
