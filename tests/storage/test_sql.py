# SPDX-License-Identifier: AGPL-3.0-or-later
"""sqlite-utils sits on SQLCipher and catches its exceptions; the vault reads with sqlite-utils."""

import sqlite_utils.utils

from imr_desktop.models.items import DisputedItem
from imr_desktop.storage import CaseStore, Table, Vault, sql


def test_the_alias_holds() -> None:
    assert sqlite_utils.utils.OperationalError.__module__ == "sqlcipher3.dbapi2"
    assert sqlite_utils.utils.OperationalError is sql.OperationalError


def test_sqlite_utils_grows_a_table_which_takes_the_right_exception(vault: Vault) -> None:
    table = vault._db.table("tried")
    table.insert({"id": 1}, pk="id")
    table.insert({"id": 2, "more": "text"}, alter=True)
    table.update(1, {"other": 3}, alter=True)
    assert list(table.rows) == [{"id": 1, "more": None, "other": 3}, {"id": 2, "more": "text", "other": None}]
    vault._db.table("never was").drop(ignore=True)


def test_the_connection_is_set_as_promised(vault: Vault) -> None:
    def asked(name: str) -> object:
        return vault._db.execute(f"PRAGMA {name}").fetchone()[0]

    assert asked("cipher_version")
    assert asked("journal_mode") == "wal"
    assert asked("synchronous") == 2
    assert asked("locking_mode") == "exclusive"
    assert asked("secure_delete") == 1
    assert asked("temp_store") == 2


def test_rows_read_with_sqlite_utils(vault: Vault, store: CaseStore) -> None:
    with store.step("Add") as step:
        step.put(Table.ITEM, "a", DisputedItem("a", heading="Acupuncture"))
    (row,) = vault._db.query(
        "select id, json_extract(value, '$.heading') as heading from case_row where case_id = ? and kind = 'item'",
        [store.id],
    )
    assert row == {"id": "a", "heading": "Acupuncture"}
    plan = vault._db.execute("explain query plan select * from case_row where case_id = ?", (store.id,)).fetchall()
    assert any("USING INDEX" in line[3] for line in plan)
