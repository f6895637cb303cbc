# SPDX-License-Identifier: AGPL-3.0-or-later
"""A vault of every release that there was still opens, is whole, and is copied before it grows."""

import zipfile
from pathlib import Path

import pytest

from imr_desktop.errors import Trouble
from imr_desktop.models.items import DisputedItem
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import PageRef
from imr_desktop.storage import Table, Vault
from tests.kit.vaults import TINY, last
from tests.storage.vaults.make import LETTER, PASSPHRASE, SEEN, SOURCE

KEPT = sorted(Path(__file__).with_name("vaults").glob("*.zip"))


@pytest.fixture(params=KEPT, ids=lambda path: path.stem)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = tmp_path / "vault"
    with zipfile.ZipFile(request.param) as packed:
        packed.extractall(folder)
    return folder


def _is_whole(vault: Vault) -> None:
    first, second = vault.cases()
    assert (first.header.case_number, second.header.case_number) == ("CM26-0000001", "CM26-0000002")
    assert vault.setting("theme") == "dark"
    assert vault.reviewer().name == "Physician Reviewer"
    assert vault.identity("trial").pkcs12 == b"a PKCS#12 file"
    assert vault.trust_roots() == (b"a certificate",)
    store = vault.case(first.id)
    case = store.read()
    assert case.clinical_summary == Narrative("First words, mended.")
    assert case.items == (DisputedItem("a", heading="Six visits of acupuncture"),)
    assert store.source_bytes(case.sources[0].sha256) == SOURCE
    assert store.letter_bytes("letter.pdf") == LETTER
    assert store.seen() == {PageRef(case.sources[0].sha256, 0): SEEN}
    words = store.words(PageRef(case.sources[0].sha256, 0))
    assert words is not None
    assert [word.text for word in words.words] == ["acupuncture"]
    assert (store.undo_label, store.redo_label) == ("Write the summary", "Decide item 1: Overturned")


def test_there_is_a_kept_vault_of_the_first_release() -> None:
    assert "0001-first" in [path.stem for path in KEPT]


def test_there_is_a_kept_vault_of_the_present_form(tmp_path: Path) -> None:
    """Whoever adds a migration keeps a vault of the form that it makes: ``tests/storage/vaults/make.py``."""
    with zipfile.ZipFile(KEPT[-1]) as packed:
        packed.extractall(tmp_path / "vault")
    before = {path.name for path in (tmp_path / "vault").rglob("*")}
    with Vault.open(tmp_path / "vault", PASSPHRASE) as vault:
        _is_whole(vault)
        store = vault.case(vault.cases()[0].id)
        page = PageRef(store.read().sources[0].sha256, 0)
        assert store.pages.preview(page) == b"a small picture"
        assert vault.precedents().count()[0] == 1
    # A file that had to grow would have been copied beside itself.
    grown = {path.name for path in (tmp_path / "vault").rglob("*.before-*")}
    assert grown <= before


def test_a_kept_vault_opens_grows_and_goes_on(kept: Path, tmp_path: Path) -> None:
    for _ in range(2):
        with Vault.open(kept, PASSPHRASE) as vault:
            assert vault.notices == ()
            _is_whole(vault)
            assert vault.check().faults == ()
            store = vault.case(vault.cases()[0].id)
            assert store.redo() is not None
            assert store.undo() is not None
            texts = [each.narrative.text for each in store.narrative_history(Table.SUMMARY)]
            assert texts[:3] == ["First words.", "First words, mended.", "Words that were taken back."]
            assert store.audit().faults == ()
    with Vault.open(kept, PASSPHRASE) as vault:
        list(vault.backup(tmp_path / "b"))
        again = vault.rekey(PASSPHRASE)
        _is_whole(again)
        again.close()
    assert last(restore_of(tmp_path / "b", tmp_path / "restored"), Vault).closed


def restore_of(backup: Path, into: Path) -> list[Vault]:
    from imr_desktop.storage import restore

    list(restore(backup, into, PASSPHRASE))
    with Vault.open(into, PASSPHRASE) as vault:
        _is_whole(vault)
        return [vault]


def test_the_first_form_is_copied_before_it_grows(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    with zipfile.ZipFile(KEPT[0]) as packed:
        packed.extractall(folder)
    before = {name: (folder / name).read_bytes() for name in ("vault.json", "vault.db")}
    Vault.open(folder, PASSPHRASE).close()
    assert (folder / "vault.json.before-2").read_bytes() == before["vault.json"]
    assert (folder / "vault.db.before-m002_audit_trail").read_bytes() == before["vault.db"]
    assert b"imr-vault/2" in (folder / "vault.json").read_bytes()
    with Vault.open(folder, PASSPHRASE) as vault:
        vault.ways_in.change_passphrase(PASSPHRASE, "new words", cost=TINY)
    # It would open to the old passphrase for ever.
    assert not (folder / "vault.json.before-2").exists()


def test_a_first_form_that_finds_no_room_to_grow_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    folder = tmp_path / "vault"
    with zipfile.ZipFile(KEPT[0]) as packed:
        packed.extractall(folder)
    before = {name: (folder / name).read_bytes() for name in ("vault.json", "vault.db")}

    def full(_: int) -> None:
        raise OSError(28, "no room")

    with monkeypatch.context() as later:
        later.setattr(os, "fsync", full)
        with pytest.raises(Trouble):
            Vault.open(folder, PASSPHRASE)
    assert {name: (folder / name).read_bytes() for name in before} == before
    with Vault.open(folder, PASSPHRASE) as vault:
        _is_whole(vault)
