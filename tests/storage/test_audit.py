# SPDX-License-Identifier: AGPL-3.0-or-later
"""The audit trail tells who did what when, and notices every change that was not made through it."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from imr_desktop.models.items import DisputedItem
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import PageRef, PageSize, SourceFile
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.storage import CaseStore, DamagedVault, Kind, Table, Vault
from tests.storage.vaults.make import SOURCE

SHA = "e0a85c17b41125e81b682d2c9315e1885a79681039bfdf3dd49e2c87c29a5608"


@pytest.fixture
def worked(store: CaseStore, vault: Vault) -> CaseStore:
    vault.keep_reviewer(Reviewer(name="Physician Reviewer", licence="A00000"))
    with store.step("Take in the record") as step:
        store.add_source(SourceFile(SHA, "r.pdf", len(SOURCE), 1, (PageSize(1, 1),)), SOURCE)
    for number in range(4):
        with store.step(f"Write {number}") as step:
            step.put(Table.SUMMARY, "", Narrative(f"Text {number}"))
            step.put(Table.ITEM, "a", DisputedItem("a", heading=f"Heading {number}"))
    store.undo()
    store.undo()
    store.redo()
    store.mark_seen(PageRef(SHA, 0), datetime.now(UTC))
    store.file_letter("letter.pdf", b"%PDF", "digest", {})
    return store


def test_everything_that_was_done_stands_in_the_trail(worked: CaseStore, vault: Vault) -> None:
    worked.record(Kind.EXPORTED, {"files": 3})
    vault.archive_case(worked.id)
    vault.unarchive_case(worked.id)
    report = worked.audit()
    assert report.faults == ()
    assert [event.kind for event in report.events] == [
        "made",
        "source added",
        "edit",
        *["edit"] * 4,
        "undo",
        "undo",
        "redo",
        "coverage",
        "letter issued",
        "exported",
        "archived",
        "taken back from the archive",
    ]
    assert [event.number for event in report.events] == list(range(1, len(report.events) + 1))
    assert report.events[0].who == "this vault"
    assert report.events[-1].who == "Physician Reviewer, A00000"
    assert report.events[10].detail == {"seen": 1}
    assert report.head.number == len(report.events)
    assert all(event.at.tzinfo is not None for event in report.events)


def test_the_vault_has_a_trail_of_its_own(worked: CaseStore, vault: Vault, passphrase: str, tmp_path: Path) -> None:
    vault.ways_in.add_sheet()
    list(vault.backup(tmp_path / "b"))
    vault.remove_case(worked.id)
    report = vault.audit()
    assert report.faults == ()
    kinds = [event.kind for event in report.events]
    assert kinds == ["vault made", "way in added", "backup written", "case deleted"]
    assert report.events[-1].detail["case"] == worked.id
    assert passphrase not in str(report)


def test_the_trail_goes_on_after_a_restart(worked: CaseStore, vault: Vault, reopen: Callable[[Vault], Vault]) -> None:
    before = worked.audit()
    store = reopen(vault).case(worked.id)
    assert store.audit() == before
    with store.step("More") as step:
        step.put(Table.SUMMARY, "", Narrative("More"))
    after = store.audit()
    assert after.faults == ()
    assert after.events[: len(before.events)] == before.events


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("update case_row set value = replace(value, 'Text', 'Lies') where kind = 'summary'", "summary"),
        ("delete from case_row where kind = 'item'", "item"),
        ("update case_row set position = 7 where kind = 'item'", "item"),
        ("insert into case_row select case_id, kind, 'b', position, value from case_row where kind = 'item'", "item"),
        ("update event set who = 'Somebody' where number = 4", "Event 4"),
        ("update event set at = '2020-01-01T00:00:00+00:00' where number = 4", "Event 4"),
        ("update event set detail = '{' where number = 4", "Event 4"),
        ("delete from event where number = 5", "Event 5 is missing"),
        ("update event set number = case number when 4 then 999 else number end", "Event 4 is missing"),
        ("delete from event where scope != '' and number > 9", "letter letter.pdf"),
        ("delete from event where scope != ''", "empty"),
        ("update step set label = 'Nothing' where number = 3", "Step 3"),
        ("update step set at = '2020-01-01T00:00:00+00:00' where number = 3", "Step 3"),
        ("update step_row set change = x'00' where number = 3", "Step 3"),
        ("delete from step_row where number = 3", "Step 3"),
        ("delete from step where number = 3", "Step 3"),
        ("update event set link = '0' where number = (select max(number) from event)", "changed, moved or exchanged"),
        ("update letter set head = '0'", "letter letter.pdf"),
    ],
)
def test_what_was_changed_outside_is_noticed(worked: CaseStore, vault: Vault, statement: str, said: str) -> None:
    with vault._db.atomic():
        vault._db.execute(statement)
    faults = worked.audit().faults
    assert any(said in fault.says for fault in faults), faults
    assert all(fault.case_id == worked.id for fault in faults)


def test_events_that_were_exchanged_are_noticed(worked: CaseStore, vault: Vault) -> None:
    with vault._db.atomic():
        for old, new in ((4, -1), (5, 4), (-1, 5)):
            vault._db.execute("update event set number = ? where number = ? and scope != ''", (new, old))
    assert any("Event 4" in fault.says for fault in worked.audit().faults)


def test_an_older_database_put_back_is_noticed(
    worked: CaseStore, vault: Vault, folder: Path, passphrase: str, reopen: Callable[[Vault], Vault]
) -> None:
    case_id = worked.id
    vault.close()
    shutil.copy(folder / "vault.db", folder.with_name("older"))
    vault = Vault.open(folder, passphrase)
    store = vault.case(case_id)
    with store.step("Later") as step:
        step.put(Table.SUMMARY, "", Narrative("Later"))
    store.file_letter("later.pdf", b"%PDF later", "digest", {})
    vault.close()
    newer, head = ((folder / name).read_bytes() for name in ("vault.db", "vault.head"))
    shutil.copy(folder.with_name("older"), folder / "vault.db")
    with Vault.open(folder, passphrase) as vault:
        assert any("older" in notice.says for notice in vault.notices)
        # The slip beside the letter knows more than the database.
        assert any("later.pdf" in fault.says for fault in vault.case(case_id).audit().faults)
        assert any("does not know" in fault.says for fault in vault.check().faults)
    # Closing has written the mark anew; the trail goes on telling until the reviewer knows of it.
    with Vault.open(folder, passphrase) as vault:
        assert vault.notices == ()
        assert [fault.place for fault in vault.standing()] == ["vault.db"]
        assert any("older than" in fault.says for fault in vault.check().faults)
        assert [fault.place for fault in vault.audit().faults] == ["vault.db"]
        vault.answer_standing()
        assert not any("older than" in fault.says for fault in vault.check().faults)
        assert [event.kind for event in vault.audit().events][-2:] == [Kind.NOTICED, Kind.ANSWERED]
    (folder / "vault.db").write_bytes(newer)
    (folder / "vault.head").write_bytes(head)
    with Vault.open(folder, passphrase) as vault:
        assert (vault.notices, vault.standing()) == ((), ())
        assert vault.case(case_id).audit().faults == ()


def test_an_older_database_is_noticed_where_only_settings_came_after_it(
    vault: Vault, folder: Path, passphrase: str
) -> None:
    vault.close()
    older = (folder / "vault.db").read_bytes()
    with Vault.open(folder, passphrase) as vault:
        vault.keep_reviewer(Reviewer(name="Physician Reviewer"))
    (folder / "vault.db").write_bytes(older)
    with Vault.open(folder, passphrase) as vault:
        assert [notice.place for notice in vault.notices] == ["vault.db"]


def test_looking_into_the_vault_writes_nothing(vault: Vault, folder: Path, passphrase: str) -> None:
    vault.close()
    before = {path.name: path.read_bytes() for path in folder.glob("vault.*")}
    with Vault.open(folder, passphrase) as vault:
        assert vault.cases() == ()
    assert {path.name: path.read_bytes() for path in folder.glob("vault.*")} == before


@pytest.mark.parametrize(("sessions", "says"), [(1, "older"), (40, "damaged")])
def test_an_older_database_beside_a_newer_log_is_noticed(
    worked: CaseStore, vault: Vault, folder: Path, passphrase: str, sessions: int, says: str
) -> None:
    case_id = worked.id
    vault.close()
    older = (folder / "vault.db").read_bytes()
    for number in range(sessions):
        with Vault.open(folder, passphrase) as vault, vault.case(case_id).step(f"Write {number}") as step:
            step.put(Table.SUMMARY, "", Narrative(f"Words of {number} " * 40))
    vault = Vault.open(folder, passphrase)
    with vault.case(case_id).step("Last") as step:
        step.put(Table.ITEM, "b", DisputedItem("b", heading="Last"))
    # With a setting the log also holds the page on which the database's own mark stands.
    vault.keep_setting("theme", "dark")
    log = (folder / "vault.db-wal").read_bytes()
    vault.close()
    (folder / "vault.db").write_bytes(older)
    (folder / "vault.db-wal").write_bytes(log)
    if says == "damaged":
        with pytest.raises(DamagedVault, match=says) as caught:
            Vault.open(folder, passphrase)
        assert "vault salvage" in caught.value.advice
        return
    with Vault.open(folder, passphrase) as vault:
        (notice,) = vault.notices
        assert says in notice.says


def test_a_log_that_does_not_fit_its_database_is_noticed_after_a_hard_stop(
    worked: CaseStore, vault: Vault, folder: Path, passphrase: str
) -> None:
    with vault._db.atomic():
        vault._db.execute("delete from event where number = 5 and scope != ''")
    stopped = folder.with_name("stopped")
    shutil.copytree(folder, stopped)
    with Vault.open(stopped, passphrase) as vault:
        assert ["do not belong together" in notice.says for notice in vault.notices] == [True]
        assert vault.standing()[0].place == "vault.db"


def test_a_mark_that_was_left_waiting_for_its_name_is_no_finding(
    worked: CaseStore, vault: Vault, folder: Path, passphrase: str
) -> None:
    vault.close()
    (folder / "vault.head").rename(folder / "vault.head.part")
    with Vault.open(folder, passphrase) as vault:
        assert vault.notices == ()
        assert (folder / "vault.head").exists()
    # One that the database does not know is taken away, and stands for nothing.
    (folder / "vault.head").rename(folder / "older.part")
    with Vault.open(folder, passphrase) as vault:
        assert [notice.place for notice in vault.notices] == ["vault.head"]
    (folder / "vault.head").unlink()
    (folder / "older.part").rename(folder / "vault.head.part")
    with Vault.open(folder, passphrase) as vault:
        assert [notice.place for notice in vault.notices] == ["vault.head"]
        assert not (folder / "vault.head.part").exists()


def test_a_branch_grown_from_an_older_database_is_noticed(
    worked: CaseStore, vault: Vault, folder: Path, passphrase: str
) -> None:
    case_id, heads = worked.id, []
    vault.close()
    older = (folder / "vault.db").read_bytes()
    for count in (5, 7):
        (folder / "vault.db").write_bytes(older)
        (folder / "vault.head").unlink()
        with Vault.open(folder, passphrase) as vault:
            assert [notice.place for notice in vault.notices] == ["vault.head"]
            for number in range(count):
                with vault.case(case_id).step("Write") as step:
                    step.put(Table.SUMMARY, "", Narrative(f"{count} {number}"))
        heads.append((folder / "vault.head").read_bytes())
    (folder / "vault.head").write_bytes(heads[0])
    with Vault.open(folder, passphrase) as vault:
        assert any("older" in notice.says for notice in vault.notices)


@pytest.mark.parametrize("content", [b"", b"{}", b'{"seq": 1, "link": "x", "mac": "y"}'])
def test_a_changed_watermark_is_told_and_written_anew(
    worked: CaseStore, vault: Vault, folder: Path, passphrase: str, content: bytes
) -> None:
    vault.close()
    (folder / "vault.head").write_bytes(content)
    with Vault.open(folder, passphrase) as vault:
        assert [notice.place for notice in vault.notices] == ["vault.head"]
    with Vault.open(folder, passphrase) as vault:
        assert vault.notices == ()


def test_a_step_that_fails_leaves_no_event(store: CaseStore) -> None:
    before = store.audit()

    def fail() -> None:
        with store.step("Fail") as step:
            step.put(Table.SUMMARY, "", Narrative("never"))
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    with store.step("Nothing"):
        pass
    assert store.audit() == before
