# SPDX-License-Identifier: AGPL-3.0-or-later
"""A vault grows into a new form whole, after a copy was set aside; one that is newer than the program is refused."""

import ast
from pathlib import Path

import pytest
from sqlite_utils import Database

from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.records import PageRef
from imr_desktop.storage import NewerVault, Vault, migrations
from imr_desktop.storage.page_index import PageReading, Stage


@pytest.fixture
def closed(vault: Vault, folder: Path) -> Path:
    vault.new_case(CaseHeader(case_number="CM00-1"), Imro(), LetterText())
    vault.close()
    return folder


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A program that is one release further: migrations added here are gone after ``undo``."""
    monkeypatch.setattr(migrations.VAULT, "_migrations", list(migrations.VAULT._migrations))
    return monkeypatch


def test_an_older_vault_is_copied_and_grows(closed: Path, passphrase: str, later: pytest.MonkeyPatch) -> None:
    @migrations.VAULT()
    def m900_mood(db: Database) -> None:
        db.table("cases").add_column("mood", str)

    before = (closed / "vault.db").read_bytes()
    with Vault.open(closed, passphrase) as vault:
        assert "mood" in vault._db.table("cases").columns_dict
        assert vault.cases()[0].header.case_number == "CM00-1"
    assert (closed / "vault.db.before-m900_mood").read_bytes() == before
    with Vault.open(closed, passphrase) as vault:
        assert len(vault.cases()) == 1


def test_a_newer_vault_is_refused_and_left_alone(closed: Path, passphrase: str, later: pytest.MonkeyPatch) -> None:
    @migrations.VAULT()
    def m900_mood(db: Database) -> None:
        db.table("cases").add_column("mood", str)

    Vault.open(closed, passphrase).close()
    later.undo()
    before = {path.name: path.read_bytes() for path in closed.iterdir()}
    with pytest.raises(NewerVault):
        Vault.open(closed, passphrase)
    assert {path.name: path.read_bytes() for path in closed.iterdir()} == before


def test_migrations_run_whole_or_not_at_all(closed: Path, passphrase: str, later: pytest.MonkeyPatch) -> None:
    @migrations.VAULT()
    def m900_mood(db: Database) -> None:
        db.table("cases").add_column("mood", str)

    @migrations.VAULT()
    def m901_fails(db: Database) -> None:
        db.table("cases").drop()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Vault.open(closed, passphrase)
    later.undo()
    with Vault.open(closed, passphrase) as vault:
        assert len(vault.cases()) == 1
        assert "mood" not in vault._db.table("cases").columns_dict


def test_pages_that_were_unreadable_before_stand_as_they_came(
    vault: Vault, folder: Path, passphrase: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = PageRef("a" * 64, 0), PageRef("a" * 64, 1)
    with monkeypatch.context() as before:
        before.setattr(migrations.PAGES, "_migrations", migrations.PAGES._migrations[:3])
        index = vault.new_case(CaseHeader(), Imro(), LetterText()).pages.index
        index.settle(PageReading(bad, 1, Stage.UNREADABLE, turned=180))
        index.settle(PageReading(good, 2, Stage.READ, turned=90))
        vault.close()
    with Vault.open(folder, passphrase) as grown:
        index = grown.case(grown.cases()[0].id).pages.index
        assert {each.ref: each.turned for each in index.readings()} == {bad: 0, good: 90}


def test_migrations_use_nothing_else_of_ours() -> None:
    assert migrations.__file__ is not None
    for node in ast.walk(ast.parse(Path(migrations.__file__).read_text(encoding="utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        names += [str(node.module)] if isinstance(node, ast.ImportFrom) else []
        assert all(name.startswith("sqlite_utils") for name in names)
