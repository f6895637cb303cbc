# SPDX-License-Identifier: AGPL-3.0-or-later
"""A full disk is trouble in two sentences, and what stood before still stands."""

import errno
import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, SourceFile, Word
from imr_desktop.storage import CannotWrite, CaseStore, DiskFull, KdfCost, Table, Vault, migrations

DATA = b"%PDF data"


def _fail(number: int) -> Callable[[int], None]:
    def fsync(_: int) -> None:
        raise OSError(number, os.strerror(number))

    return fsync


def _no_more_pages(db: Database) -> None:
    """Let the database file grow no further: SQLite then reports a full disk, as the system would make it do."""
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}").fetchall()


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_a_vault_that_finds_no_room_is_not_made(
    folder: Path, cost: KdfCost, monkeypatch: pytest.MonkeyPatch, passphrase: str
) -> None:
    monkeypatch.setattr(os, "fsync", _fail(errno.ENOSPC))
    with pytest.raises(DiskFull) as caught:
        Vault.create(folder, passphrase, cost=cost)
    assert passphrase not in str(caught.value)
    assert not folder.exists()
    monkeypatch.undo()
    Vault.create(folder, passphrase, cost=cost).close()


def test_a_step_that_finds_no_room_leaves_the_state_before(
    store: CaseStore, vault: Vault, reopen: Callable[[Vault], Vault]
) -> None:
    with store.step("Write") as step:
        step.put(Table.SUMMARY, "", Narrative("before"))
    before, history = store.read(), store.history()
    _no_more_pages(vault._db)
    with pytest.raises(DiskFull), store.step("Write more") as step:
        step.put(Table.SUMMARY, "", Narrative(os.urandom(200_000).hex()))
    assert step.change is None
    assert (store.read(), store.history(), store.undo_label) == (before, history, "Write")
    with pytest.raises(DiskFull):
        vault.keep_setting("large", os.urandom(200_000).hex())
    again = reopen(vault)
    assert again.setting("large") is None
    assert again.case(store.id).read() == before
    with again.case(store.id).step("There is room again") as step:
        step.put(Table.SUMMARY, "", Narrative("after"))
    assert step.change is not None


def test_a_new_case_that_finds_no_room_is_not_there(vault: Vault) -> None:
    _no_more_pages(vault._db)
    with pytest.raises(DiskFull):
        vault.new_case(CaseHeader(treatments_in_dispute_raw="x" * 100_000), Imro(), LetterText())
    assert vault.cases() == ()
    assert vault.counts() == {}


@pytest.mark.parametrize(("number", "trouble"), [(errno.ENOSPC, DiskFull), (errno.EIO, CannotWrite)])
def test_an_import_that_finds_no_room_leaves_nothing(
    store: CaseStore, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, trouble: type[Exception]
) -> None:
    source = SourceFile(hashlib.sha256(DATA).hexdigest(), "r.pdf", len(DATA), 1)
    before = _files(folder)
    monkeypatch.setattr(os, "fsync", _fail(number))
    with pytest.raises(trouble), store.step("Import"):
        store.add_source(source, DATA)
    monkeypatch.undo()
    assert store.read().sources == ()
    assert _files(folder) == before


def test_an_import_whose_row_finds_no_room_leaves_no_file(store: CaseStore, vault: Vault, folder: Path) -> None:
    source = SourceFile(
        hashlib.sha256(DATA).hexdigest(), "r.pdf", len(DATA), 1, tuple(PageSize(n, n) for n in range(20_000))
    )
    before = _files(folder)
    _no_more_pages(vault._db)
    with pytest.raises(DiskFull), store.step("Import"):
        store.add_source(source, DATA)
    assert _files(folder) == before


def test_a_letter_that_finds_no_room_is_not_filed(
    store: CaseStore, vault: Vault, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = _files(folder)
    monkeypatch.setattr(os, "fsync", _fail(errno.ENOSPC))
    with pytest.raises(DiskFull):
        store.file_letter("a", DATA, "digest", {})
    monkeypatch.undo()
    _no_more_pages(vault._db)
    with pytest.raises(DiskFull):
        store.file_letter("a", DATA, "digest", {"note": "x" * 100_000})
    assert store.letters() == ()
    assert _files(folder) == before


def test_words_that_find_no_room_leave_those_before(store: CaseStore) -> None:
    ref = PageRef("a" * 64, 0)
    kept = PageWords(ref, PageSize(1, 1), (Word("before", Box(0, 0, 1, 1), 0, 0),))
    store.keep_words(kept)
    assert store._pages is not None
    _no_more_pages(store._pages._db)
    with pytest.raises(DiskFull):
        store.keep_words(PageWords(ref, PageSize(1, 1), (Word(os.urandom(100_000).hex(), Box(0, 0, 1, 1), 0, 0),)))
    assert store.words(ref) == kept
    store.mark_seen(ref, datetime.now(UTC))


def test_a_migration_whose_copy_finds_no_room_does_not_begin(
    vault: Vault, folder: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault.close()
    before = (folder / "vault.db").read_bytes()
    with monkeypatch.context() as later:
        later.setattr(migrations.VAULT, "_migrations", list(migrations.VAULT._migrations))

        @migrations.VAULT()
        def m900_mood(db: Database) -> None:
            db.table("cases").add_column("mood", str)

        later.setattr(os, "fsync", _fail(errno.ENOSPC))
        with pytest.raises(DiskFull):
            Vault.open(folder, passphrase)
    assert (folder / "vault.db").read_bytes() == before
    assert "vault.db.before-m900_mood" not in _files(folder)
    Vault.open(folder, passphrase).close()
