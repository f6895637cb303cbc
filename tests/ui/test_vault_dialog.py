# SPDX-License-Identifier: AGPL-3.0-or-later
"""The vault's dialog: ways in, backups, check, audit trail and archive, worked with keys and mouse on a real vault."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import keyring
import pyrage
import pytest
from PySide6.QtCore import Qt
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from pytestqt.qtbot import QtBot

from imr_desktop.casework import backups
from imr_desktop.storage import DiskFull, NoSuchCase, OrganisationKey, RecoveryCode, SlotKind, Vault, WrongPassphrase
from imr_desktop.ui.means import Means
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.vault_archive import DeleteCase
from imr_desktop.ui.vault_dialog import VaultDialog
from imr_desktop.ui.vault_letters import LettersLeft
from imr_desktop.ui.vault_sheet import SheetDialog
from imr_desktop.ui.vault_ways_in import ChangePassphrase, Sure
from tests.kit.ring import Held

Shown = TypeVar("Shown", bound=QDialog)

NEW = "nine quiet lanterns above the harbour"


def _click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


@pytest.fixture
def ring() -> Iterator[Held]:
    before, held = keyring.get_keyring(), Held()
    keyring.set_keyring(held)
    yield held
    keyring.set_keyring(before)


@pytest.fixture
def vault(unlocked: Shell) -> Vault:
    assert unlocked.session is not None
    return unlocked.session.vault


def _shown(window: Shell, kind: type[Shown]) -> Shown:
    return next(each for each in window.findChildren(kind) if each.isVisible())


@pytest.fixture
def dialog(ring: Held, unlocked: Shell) -> VaultDialog:
    unlocked.commander.run("vault")
    return _shown(unlocked, VaultDialog)


def _reopened(window: Shell, key: object) -> bool:
    assert window.session is not None
    folder = window.session.vault.folder
    window.lock()
    with Vault.open(folder, key) as again:  # type: ignore[arg-type]
        return len(again.cases()) == 3


# -- ways in --------------------------------------------------------------------------------------------------


def test_the_passphrase_alone_is_told_as_a_risk_and_cannot_be_removed(dialog: VaultDialog) -> None:
    page = dialog.ways_in
    assert [page.list.item(row).text().split(",")[0] for row in range(page.list.count())] == ["Passphrase"]
    assert not page.remove.isEnabled()
    assert page._lone.isVisible()


def test_the_passphrase_is_changed(dialog: VaultDialog, unlocked: Shell, passphrase: str, qtbot: QtBot) -> None:
    _click(dialog.ways_in.change)
    change = _shown(unlocked, ChangePassphrase)
    QTest.keyClicks(change.old, "not the one")
    for field in (change.form.first, change.form.second):
        QTest.keyClicks(field, NEW)
    _click(change.go)
    qtbot.waitUntil(lambda: not change.busy)
    assert change.isVisible()
    assert change.fault.text.count(".") >= 2
    change.old.clear()
    QTest.keyClicks(change.old, passphrase)
    _click(change.go)
    qtbot.waitUntil(lambda: "changed" in dialog.ways_in.said.text())
    assert unlocked.session is not None
    folder = unlocked.session.vault.folder
    assert _reopened(unlocked, NEW)
    with pytest.raises(WrongPassphrase):
        Vault.open(folder, passphrase)


def test_a_recovery_sheet_is_shown_once_drawn_and_opens_the_vault(
    dialog: VaultDialog, unlocked: Shell, qtbot: QtBot, tmp_path: Path
) -> None:
    _click(dialog.ways_in.sheet)
    sheet = _shown(unlocked, SheetDialog)
    code = sheet.code.text().replace("\n", " ")
    drawn = sheet.grab().toImage()
    assert {drawn.pixelColor(x, 90).name() for x in range(20, 200)} >= {"#000000", "#ffffff"}
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "sheet.pdf"))
    sheet.print_on(printer)
    assert (tmp_path / "sheet.pdf").read_bytes().startswith(b"%PDF")
    _click(sheet.leave)
    assert not dialog.ways_in._lone.isVisible()
    _click(dialog.ways_in.sheet)
    again = _shown(unlocked, Sure)
    assert "no longer" in " ".join(label.text() for label in again.findChildren(type(dialog.ways_in.said)))
    again.reject()
    assert _reopened(unlocked, RecoveryCode(code))


def test_the_organisation_and_the_keyring_open_the_vault_and_are_removed(
    dialog: VaultDialog, vault: Vault, unlocked: Shell
) -> None:
    page, key = dialog.ways_in, pyrage.x25519.Identity.generate()
    QTest.keyClicks(page.recipient, "age1nonsense")
    _click(page.add)
    assert page.fault.text.count(".") >= 2
    page.recipient.clear()
    QTest.keyClicks(page.recipient, str(key.to_public()))
    QTest.keyClicks(page.label, "Office")
    _click(page.add)
    assert page.fault.text == ""
    _click(page.keyring)
    assert vault.ways_in.has(SlotKind.KEYRING)
    assert not page.keyring.isEnabled()
    page.list.setCurrentRow(2)
    _click(page.remove)
    _click(_shown(unlocked, Sure).yes)
    assert not vault.ways_in.has(SlotKind.KEYRING)
    assert page.list.count() == 2
    assert "(Office)" in page.list.item(1).text()
    assert _reopened(unlocked, OrganisationKey(str(key)))


# -- backups --------------------------------------------------------------------------------------------------


def test_no_folder_for_backups_is_a_quiet_word(unlocked: Shell, qtbot: QtBot) -> None:
    sign = unlocked.keeper.sign
    assert sign.isVisible()
    assert "No folder for backups" in sign.text()
    assert unlocked.notice.text == ""
    _click(sign)
    shown = _shown(unlocked, VaultDialog)
    assert shown.backup.isVisible()


def test_a_backup_is_made_now_with_progress_and_told(
    dialog: VaultDialog, unlocked: Shell, vault: Vault, qtbot: QtBot, tmp_path: Path
) -> None:
    dialog.show_tab("Backup")
    page, disk = dialog.backup, tmp_path / "disk"
    disk.mkdir()
    assert "no good backup yet" in page.last.text()
    page.folder.setText(str(disk))
    seen: list[str] = []
    unlocked.keeper.clock.moved.connect(lambda what, *_: seen.append(what))
    _click(page.now)
    assert page.stop.isVisible()
    qtbot.waitUntil(lambda: not unlocked.keeper.clock.running, timeout=10000)
    assert page.fault.text == ""
    assert "12/10/2014" in page.last.text()
    assert "Reading the backup back" in seen
    assert len(list(disk.iterdir())) == 1
    assert not unlocked.keeper.sign.isVisible()
    assert backups.plan(vault).folder == disk


def test_a_backup_is_stopped_and_leaves_nothing(
    dialog: VaultDialog, unlocked: Shell, vault: Vault, qtbot: QtBot, tmp_path: Path
) -> None:
    backups.keep_plan(vault, backups.Plan(tmp_path))
    before = set(tmp_path.iterdir())
    unlocked.keeper.clock.moved.connect(lambda *_: unlocked.keeper.clock.stop())
    unlocked.keeper.clock.start()
    qtbot.waitUntil(lambda: not unlocked.keeper.clock.running, timeout=10000)
    assert set(tmp_path.iterdir()) == before
    assert "no good backup yet" in dialog.backup.last.text()


def test_the_vaults_own_folder_is_no_place_for_backups(dialog: VaultDialog, vault: Vault) -> None:
    dialog.show_tab("Backup")
    dialog.backup.folder.setText(str(vault.folder / "backups"))
    _click(dialog.backup.now)
    assert "another disk" in dialog.backup.fault.text
    assert backups.plan(vault).folder is None


def test_a_backup_that_is_due_is_made_by_the_clock(
    unlocked: Shell, vault: Vault, means: Means, qtbot: QtBot, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    backups.keep_plan(vault, backups.Plan(disk))
    unlocked.keeper.clock.look()
    qtbot.waitUntil(lambda: len(list(disk.iterdir())) == 1 and not unlocked.keeper.clock.running, timeout=10000)
    unlocked.keeper.clock.look()
    assert not unlocked.keeper.clock.running
    day = means.now()
    unlocked.keeper.clock._now = lambda: day + timedelta(hours=2)
    unlocked.keeper.clock.look()
    qtbot.waitUntil(lambda: len(list(disk.iterdir())) == 2 and not unlocked.keeper.clock.running, timeout=10000)
    assert unlocked.notice.text == ""


def test_a_disk_that_is_out_for_long_is_told_quietly(
    unlocked: Shell, vault: Vault, qtbot: QtBot, tmp_path: Path, means: Means
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    backups.keep_plan(vault, backups.Plan(disk))
    unlocked.keeper.clock.start()
    qtbot.waitUntil(lambda: not unlocked.keeper.clock.running, timeout=10000)
    backups.keep_plan(vault, backups.Plan(tmp_path / "gone"))
    day = means.now()
    unlocked.keeper.clock._now = lambda: day + timedelta(days=9)
    unlocked.keeper.clock.look()
    assert "no backup for 9 days" in unlocked.keeper.sign.text()
    assert unlocked.keeper.sign.isVisible()
    assert unlocked.notice.text == ""


def test_an_automatic_backup_that_fails_is_told_once_and_its_sign_stays(
    unlocked: Shell, vault: Vault, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    backups.keep_plan(vault, backups.Plan(disk))

    def full(*_: object) -> Iterator[object]:
        yield from ()
        raise DiskFull

    monkeypatch.setattr(backups, "make", full)
    box = QDialog(unlocked)
    box.open()
    unlocked.keeper.clock.start()
    qtbot.waitUntil(lambda: not unlocked.keeper.clock.running)
    assert unlocked.notice.text == "", "a dialog hides it now"
    box.reject()
    unlocked.keeper.clock.look()
    qtbot.waitUntil(lambda: not unlocked.keeper.clock.running)
    assert DiskFull().happened in unlocked.notice.text
    assert unlocked.keeper.sign.isVisible()
    assert "did not succeed" in unlocked.keeper.sign.toolTip()
    unlocked.notice.hide()
    unlocked.keeper.clock.look()
    qtbot.waitUntil(lambda: not unlocked.keeper.clock.running)
    assert unlocked.notice.text == ""
    assert unlocked.keeper.sign.isVisible()


def test_an_import_makes_a_backup_give_way(
    unlocked: Shell, vault: Vault, qtbot: QtBot, tmp_path: Path, make_pdf: Callable[..., Path]
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    backups.keep_plan(vault, backups.Plan(disk))
    clock = unlocked.keeper.clock
    clock.start()
    unlocked.importing.take_in([make_pdf("a.pdf")])
    assert not clock.running
    clock.look()
    assert not clock.running
    qtbot.waitUntil(lambda: not unlocked.importing.running, timeout=20000)
    assert unlocked.worklist.model.rowCount() == 4
    clock.look()
    qtbot.waitUntil(lambda: len(list(disk.iterdir())) == 1 and not clock.running, timeout=10000)


def test_locking_stops_a_backup(unlocked: Shell, vault: Vault, tmp_path: Path, qtbot: QtBot) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    backups.keep_plan(vault, backups.Plan(disk))
    unlocked.keeper.clock.start()
    unlocked.lock()
    assert not unlocked.keeper.clock.running
    assert list(disk.iterdir()) == []
    assert not unlocked.keeper.sign.isVisible()


# -- check and audit ------------------------------------------------------------------------------------------


def test_a_whole_vault_is_checked(dialog: VaultDialog, qtbot: QtBot) -> None:
    dialog.show_tab("Check")
    _click(dialog.check.go)
    qtbot.waitUntil(lambda: dialog.check.go.isEnabled(), timeout=10000)
    assert "Everything is as it was written: 3 cases" in dialog.check.said.text()
    assert not dialog.check.faults.isVisible()


def test_faults_are_listed_with_advice(dialog: VaultDialog, vault: Vault, qtbot: QtBot) -> None:
    (vault.folder / "letters").mkdir(exist_ok=True)
    (vault.folder / "letters" / "stray.slip").write_bytes(b"no letter of ours")
    case = vault.cases()[0]
    vault._db.execute("update case_row set value = replace(value, 'Norco', 'Other') where case_id = ?", (case.id,))
    dialog.show_tab("Check")
    _click(dialog.check.go)
    qtbot.waitUntil(lambda: dialog.check.go.isEnabled(), timeout=10000)
    texts = [dialog.check.faults.item(row).text() for row in range(dialog.check.faults.count())]
    assert texts
    assert any("CM14-0000001" in text and "backup" in text for text in texts), texts
    assert dialog.check.salvage.isVisible()
    dialog.show_tab("Audit trail")
    dialog.audit.scope.setCurrentIndex(dialog.audit.scope.findData(case.id))
    assert dialog.audit.faults.isVisible()


def test_the_audit_trail_shows_who_did_what_when(unlocked: Shell, ring: Held, qtbot: QtBot) -> None:
    case_id = unlocked.worklist.chosen()
    assert case_id is not None
    unlocked.open_case(case_id)
    assert unlocked.case is not None
    unlocked.case.form.desk.add_item("A planted item")
    unlocked.commander.run("audit")
    page = _shown(unlocked, VaultDialog).audit
    top = page.events.topLevelItem(0)
    assert page.scope.currentData() == case_id
    assert top is not None
    assert (top.text(1), top.text(2)) == ("Expert Reviewer E, Physician", "Edit: Add an item")
    assert "as it was recorded" in page.said.text()
    page.scope.setCurrentIndex(0)
    first = page.events.topLevelItem(page.events.topLevelItemCount() - 1)
    assert first is not None
    assert "Vault made" in first.text(2)


# -- archive --------------------------------------------------------------------------------------------------


def test_a_case_is_archived_from_the_worklist_and_taken_back(unlocked: Shell, vault: Vault) -> None:
    chosen = unlocked.worklist.chosen()
    unlocked.commander.run("archive_case")
    assert [kept.case.id for kept in vault.archived()] == [chosen]
    assert unlocked.worklist.model.rowCount() == 2
    assert "archive" in unlocked.notice.text
    _click(unlocked.notice._act)
    assert vault.archived() == ()
    assert unlocked.worklist.model.rowCount() == 3


def test_an_open_case_is_archived(unlocked: Shell, vault: Vault) -> None:
    case_id = vault.cases()[0].id
    unlocked.open_case(case_id)
    unlocked.commander.run("archive_case")
    assert unlocked.case is None
    assert [kept.case.id for kept in vault.archived()] == [case_id]


def test_what_is_due_is_listed_and_deleted_only_by_typing_the_cases_number(
    unlocked: Shell, vault: Vault, ring: Held, means: Means, tmp_path: Path
) -> None:
    first, second, _ = vault.cases()
    vault.case(first.id).file_letter("CM14-0000001 party.pdf", b"%PDF signed", "digest", {})
    vault.archive_case(second.id, means.now())
    vault.archive_case(first.id, means.now() - timedelta(days=400))
    unlocked.commander.run("vault")
    shown = _shown(unlocked, VaultDialog)
    shown.show_tab("Archive")
    page = shown.archive
    assert "0 due" in page.said.text()
    page.keep.setFocus()
    QTest.keyClick(page.keep, Qt.Key.Key_Down)
    assert vault.retention_days == 365
    assert "1 due" in page.said.text()
    top = page.tree.topLevelItem(0)
    assert top is not None
    assert (top.text(0), "(due)" in top.text(3)) == ("CM14-0000001", True)
    _click(page.delete)
    sure = _shown(unlocked, DeleteCase)
    assert not sure.typed.isVisible()
    _click(sure.go)
    assert not sure.go.isEnabled()
    QTest.keyClicks(sure.typed, "CM14-000000")
    assert not sure.go.isEnabled()
    QTest.keyClicks(sure.typed, "1")
    _click(sure.go)
    with pytest.raises(NoSuchCase):
        vault.case(first.id)
    assert page.tree.topLevelItemCount() == 1
    # What was issued stays, and copies of it can be saved.
    _click(page.letters)
    left = _shown(unlocked, LettersLeft)
    left.save_copy(tmp_path / "copy.pdf")
    assert (tmp_path / "copy.pdf").read_bytes() == b"%PDF signed"
    left.save_copy(tmp_path / "copy.pdf")
    assert "already" in left.fault.text
    left.reject()
    _click(page.back)
    assert vault.cases()[0].id == second.id
    assert unlocked.worklist.model.rowCount() == 2


# -- the dialog -----------------------------------------------------------------------------------------------


def test_locking_takes_every_dialog_away(dialog: VaultDialog, unlocked: Shell) -> None:
    _click(dialog.ways_in.sheet)
    dialog.show_tab("Check")
    dialog.check.go.click()
    unlocked.guard.idle.wanted.emit()
    assert not [each for each in unlocked.findChildren(QDialog) if each.isVisible()]


def test_the_demo_has_no_backups(start: Callable[[Path], Shell], folder: Path, ring: Held) -> None:
    window = start(folder)
    window.begin_demo()
    window.commander.run("vault")
    shown = _shown(window, VaultDialog)
    assert not shown.tabs.isTabEnabled(1)
    assert not window.keeper.sign.isVisible()
