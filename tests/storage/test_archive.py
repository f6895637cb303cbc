# SPDX-License-Identifier: AGPL-3.0-or-later
"""An archived case leaves the worklist and stays whole; what is due is listed, and only deleting destroys."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.narrative import Narrative
from imr_desktop.storage import CaseStore, KdfCost, NoSuchCase, Table, Vault

AT = datetime(2026, 1, 31, 23, 0, tzinfo=UTC)


def test_an_archived_case_is_off_the_worklist_and_comes_back(
    store: CaseStore, vault: Vault, reopen: Callable[[Vault], Vault]
) -> None:
    other = vault.new_case(CaseHeader(case_number="CM00-2"), Imro(), LetterText())
    store.file_letter("letter.pdf", b"%PDF", "digest", {})
    vault.archive_case(store.id, AT)
    vault = reopen(vault)
    assert [case.id for case in vault.cases()] == [other.id]
    (kept,) = vault.archived()
    assert (kept.case.id, kept.since, kept.due) == (store.id, AT, None)
    assert vault.case(store.id).letter_bytes("letter.pdf") == b"%PDF"
    vault.unarchive_case(store.id)
    assert {case.id for case in vault.cases()} == {store.id, other.id}
    assert vault.archived() == ()
    with pytest.raises(NoSuchCase):
        vault.archive_case("0" * 16)


def test_the_retention_setting_lists_what_is_due(store: CaseStore, vault: Vault) -> None:
    vault.archive_case(store.id, AT)
    assert vault.due_for_removal(date(2099, 1, 1)) == ()
    vault.keep_retention_days(30)
    assert vault.archived()[0].due == date(2026, 3, 2)
    assert vault.due_for_removal(date(2026, 3, 1)) == ()
    assert [each.case.id for each in vault.due_for_removal(date(2026, 3, 2))] == [store.id]
    vault.keep_retention_days(None)
    assert vault.due_for_removal(date(2099, 1, 1)) == ()
    with pytest.raises(ValueError, match="negative"):
        vault.keep_retention_days(-1)


def test_a_deleted_case_is_unreadable_in_every_file_of_the_vault(folder: Path, passphrase: str, cost: KdfCost) -> None:
    """Even to somebody who has the passphrase: its key is in no file, the log and the migrations' copies included."""
    with Vault.create(folder, passphrase, cost=cost) as vault:
        store = vault.new_case(CaseHeader(case_number="CM00-1"), Imro(), LetterText())
        with store.step("Write") as step:
            step.put(Table.SUMMARY, "", Narrative("words"))
        (wrapped,) = vault._db.execute("select wrapped from kept_key where id = ?", (f"case {store.id}",)).fetchone()
        (folder / "vault.db.before-m900").write_bytes(b"an older copy, with the key in it")
        vault.remove_case(store.id)
        assert not (folder / "vault.db.before-m900").exists()
        assert (folder / "vault.db-wal").stat().st_size == 0
        vault._db.execute("PRAGMA rekey = \"x'" + "00" * 32 + "'\"")
        for (name,) in vault._db.execute("select name from sqlite_master where type = 'table'").fetchall():
            for row in vault._db.execute(f"select * from {name}").fetchall():
                assert wrapped not in row
                assert "words" not in str(row)


def test_several_things_at_once_are_kept_together_or_not_at_all(vault: Vault, folder: Path) -> None:
    with vault.at_once():
        kept = vault.new_case(CaseHeader(case_number="CM00-1"), Imro(), LetterText())
        with kept.step("Write") as step:
            step.put(Table.SUMMARY, "", Narrative("words"))
    lost: list[CaseStore] = []

    def make_two() -> None:
        with vault.at_once():
            lost.append(vault.new_case(CaseHeader(case_number="CM00-2"), Imro(), LetterText()))
            with lost[0].step("Write") as step:
                step.put(Table.SUMMARY, "", Narrative("words"))
            assert len(vault.cases()) == 2
            raise KeyError

    with pytest.raises(KeyError):
        make_two()
    assert [case.id for case in vault.cases()] == [kept.id]
    assert kept.audit().faults == ()
    with pytest.raises(NoSuchCase):
        vault.case(lost[0].id)
    assert vault.audit().faults == ()
