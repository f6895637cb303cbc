# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the window: a new passphrase after recovery, a backup tried out and put back, a damaged vault saved."""

import gc
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import psutil
import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid, ownedByPython

from imr_desktop.casework import backups
from imr_desktop.storage import DamagedVault, RecoveryCode, Vault, WrongPassphrase
from imr_desktop.ui.means import Means
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.unlock import Unlock
from imr_desktop.ui.vault_dialog import VaultDialog
from imr_desktop.ui.vault_rekey import RekeyDialog
from imr_desktop.ui.vault_restore import RestoreDialog, SalvagedDialog
from imr_desktop.ui.vault_ways_in import ChangePassphrase
from tests.kit.vaults import flip
from tests.ui.conftest import NOW

Start = Callable[[Path], Shell]
Shown = TypeVar("Shown", bound=QDialog)
NEW = "other calm words for this vault"


def _click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def _page(window: Shell) -> Unlock:
    assert window.unlock is not None
    return window.unlock


def _type(window: Shell, passphrase: str) -> None:
    QTest.keyClicks(_page(window).passphrase, passphrase)
    QTest.keyClick(_page(window).passphrase, Qt.Key.Key_Return)


def _shown(window: Shell, kind: type[Shown]) -> Shown:
    (found,) = (dialog for dialog in window.findChildren(kind) if dialog.isVisible())
    return found


@pytest.fixture
def disk(filled: Path, passphrase: str, tmp_path: Path) -> Path:
    """A folder with one backup of the filled vault, which knows it."""
    folder = tmp_path / "disk"
    folder.mkdir()
    with Vault.open(filled, passphrase) as vault:
        backups.keep_plan(vault, backups.Plan(folder))
        *_, _ = backups.run(vault, NOW)
    return folder


def test_after_recovery_a_new_passphrase_is_set_without_the_old(
    start: Start, filled: Path, passphrase: str, qtbot: QtBot
) -> None:
    with Vault.open(filled, passphrase) as vault:
        code = vault.ways_in.add_sheet()
    window = start(filled)
    qtbot.waitUntil(_page(window).forgot.isEnabled)
    _click(_page(window).forgot)
    QTest.keyClicks(_page(window).key, code)
    _click(_page(window).open)
    qtbot.waitUntil(lambda: window.session is not None)
    change = _shown(window, ChangePassphrase)
    assert not change.old.isVisible()
    for field in (change.form.first, change.form.second):
        QTest.keyClicks(field, NEW)
    _click(change.go)
    qtbot.waitUntil(lambda: "opens the vault from now on" in window.notice.text)
    window.lock()
    with pytest.raises(WrongPassphrase):
        Vault.open(filled, passphrase)
    Vault.open(filled, RecoveryCode(code)).close()
    _type(window, NEW)
    qtbot.waitUntil(lambda: window.session is not None)
    assert not window.findChildren(ChangePassphrase)


def test_the_window_lives_while_the_key_is_derived(
    start: Start, means: Means, filled: Path, passphrase: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The derivation waits for the window here, so a window that waited for the derivation would never go on."""
    go_on, where = threading.Event(), []
    unlock = means.unlock

    def slow(folder: Path, key: object) -> object:
        where.append(threading.current_thread())
        assert go_on.wait(20)
        return unlock(folder, key)  # type: ignore[arg-type]

    monkeypatch.setattr(means, "unlock", slow)
    window = start(filled)
    _type(window, passphrase)
    qtbot.waitUntil(lambda: bool(where))
    assert where[0] is not threading.main_thread()
    assert _page(window).busy
    _click(_page(window).open)  # a second time: nothing more is begun
    assert len(where) == 1
    go_on.set()
    qtbot.waitUntil(lambda: window.session is not None)


def test_a_key_that_nobody_waits_for_opens_nothing(start: Start, filled: Path, passphrase: str, qtbot: QtBot) -> None:
    window = start(filled)
    _type(window, passphrase)
    window.doors.ask(filled)
    _type(window, "not it")
    qtbot.waitUntil(lambda: "does not open" in _page(window).fault.text)
    assert window.session is None


def test_a_backup_is_tried_out_and_put_back_from_the_window(
    start: Start, disk: Path, filled: Path, passphrase: str, qtbot: QtBot
) -> None:
    window = start(filled)
    _type(window, passphrase)
    qtbot.waitUntil(lambda: window.session is not None)
    assert window.session is not None
    window.session.new_case()
    window.keeper.show_vault("Backup")
    dialog = next(each for each in window.findChildren(QDialog) if each.isVisible())
    _click(dialog.backup.restore)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: window.session is None and bool(window.findChildren(RestoreDialog)))
    restore = _shown(window, RestoreDialog)
    assert restore.list.count() == 1
    assert restore.file.text().startswith(str(disk))
    QTest.keyClicks(restore.secret, "not it")
    _click(restore.rehearse)
    qtbot.waitUntil(lambda: "does not open" in restore.fault.text)
    restore.secret.clear()
    QTest.keyClicks(restore.secret, passphrase)
    _click(restore.rehearse)
    qtbot.waitUntil(lambda: "3 cases" in restore.said.text())
    with Vault.open(filled, passphrase) as vault:
        assert len(vault.cases()) == 4, "trying it out changed something"
    assert not list(filled.parent.glob("*.rehearsing"))
    _click(restore.go)
    qtbot.waitUntil(lambda: "What was there before is in" in restore.said.text())
    _click(restore.leave)
    _type(window, passphrase)
    qtbot.waitUntil(lambda: window.session is not None)
    assert window.worklist.model.rowCount() == 3
    (aside,) = filled.parent.glob("vault.set-aside-*")
    with Vault.open(aside, passphrase) as vault:
        assert len(vault.cases()) == 4


def test_a_first_start_restores_the_backup_of_another_laptop(
    start: Start, disk: Path, tmp_path: Path, passphrase: str, qtbot: QtBot
) -> None:
    window = start(tmp_path / "new" / "vault")
    assert window.first_run is not None
    window.first_run.restore_wanted.emit()
    restore = _shown(window, RestoreDialog)
    restore.look_into(disk)
    QTest.keyClicks(restore.secret, passphrase)
    _click(restore.go)
    qtbot.waitUntil(lambda: window.unlock is not None)
    _click(restore.leave)
    _type(window, passphrase)
    qtbot.waitUntil(lambda: window.session is not None)
    assert window.worklist.model.rowCount() == 3


def test_a_damaged_vault_is_saved_from_the_window_and_the_wreck_stays(
    start: Start, filled: Path, passphrase: str, qtbot: QtBot
) -> None:
    database = filled / "vault.db"
    page_start = (database.stat().st_size // 4096 - 3) * 4096
    for at in range(300, 2800, 500):
        flip(database, page_start + at)
    wreck = database.read_bytes()
    window = start(filled)
    _type(window, passphrase)
    # Whether the damaged page is met on opening or when the pages are read through beside it: the vault is shut.
    qtbot.waitUntil(lambda: window.unlock is not None and "damaged" in window.unlock.fault.text, timeout=20_000)
    page = _page(window)
    assert window.session is None
    assert page.restore.isVisible()
    if page.salvage.isVisible():
        _click(page.salvage)
    else:
        _type(window, passphrase)
    qtbot.waitUntil(lambda: window.session is not None, timeout=20_000)
    told = _shown(window, SalvagedDialog)
    assert "3 cases can be read again" in told.said.text()
    assert window.worklist.model.rowCount() == 3
    (kept,) = (path for path in filled.glob("vault.db.wreck-*") if not path.name.endswith("-wal"))
    damaged = slice(page_start, page_start + 4096)
    assert kept.read_bytes()[damaged] == wreck[damaged], "the damaged file is kept"


def test_a_vault_whose_check_finds_damage_is_saved_from_there(
    start: Start, filled: Path, passphrase: str, qtbot: QtBot
) -> None:
    window = start(filled)
    _type(window, passphrase)
    qtbot.waitUntil(lambda: window.session is not None)
    assert window.session is not None
    with window.session.vault._db.atomic():
        window.session.vault._db.execute("delete from case_row where kind = 'item'")
    window.keeper.show_vault("Check")
    dialog = _shown(window, VaultDialog)
    _click(dialog.check.go)
    qtbot.waitUntil(lambda: dialog.check.salvage.isVisible(), timeout=10_000)
    _click(dialog.check.salvage)
    qtbot.waitUntil(lambda: window.session is None)
    page = _page(window)
    assert "the damaged file is kept" in page.fault.text
    _type(window, passphrase)
    qtbot.waitUntil(lambda: window.session is not None, timeout=20_000)
    assert "3 cases can be read again" in _shown(window, SalvagedDialog).said.text()
    assert window.session.vault.cases()[0].items, "the journal still knew them"


def test_a_vault_past_saving_offers_a_backup(
    start: Start, filled: Path, disk: Path, passphrase: str, qtbot: QtBot
) -> None:
    (filled / "vault.db").write_bytes(b"\x17" * 8192)
    window = start(filled)
    page = _page(window)
    _type(window, passphrase)
    qtbot.waitUntil(lambda: page.salvage.isVisible())
    _click(page.salvage)
    qtbot.waitUntil(lambda: "Nothing can be read" in page.fault.text, timeout=20_000)
    assert not page.salvage.isVisible()
    _click(page.restore)
    restore = _shown(window, RestoreDialog)
    restore.look_into(disk)
    QTest.keyClicks(restore.secret, passphrase)
    _click(restore.go)
    qtbot.waitUntil(lambda: "What was there before is in" in restore.said.text())
    _click(restore.leave)
    _type(window, passphrase)
    qtbot.waitUntil(lambda: window.session is not None)
    assert window.worklist.model.rowCount() == 3


def test_the_vault_gets_a_new_data_key_and_opens_again(
    start: Start, filled: Path, disk: Path, passphrase: str, qtbot: QtBot
) -> None:
    with Vault.open(filled, passphrase) as vault:
        code = vault.ways_in.add_sheet()
    old_key_file = (filled / "vault.json").read_bytes()
    window = start(filled)
    _type(window, passphrase)
    qtbot.waitUntil(lambda: window.session is not None)
    window.keeper.show_vault()
    dialog = next(each for each in window.findChildren(QDialog) if each.isVisible())
    _click(dialog.ways_in.rekey)  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: window.session is None and bool(window.findChildren(RekeyDialog)))
    rekey = _shown(window, RekeyDialog)
    QTest.keyClicks(rekey.passphrase, "not it")
    _click(rekey.go)
    qtbot.waitUntil(lambda: "does not open" in rekey.fault.text)
    rekey.passphrase.clear()
    QTest.keyClicks(rekey.passphrase, passphrase)
    _click(rekey.go)
    qtbot.waitUntil(lambda: window.session is not None)
    assert window.worklist.model.rowCount() == 3
    window.lock()
    Vault.open(filled, RecoveryCode(code)).close()
    (filled / "vault.json").write_bytes(old_key_file)
    (filled / "vault.json.copy").write_bytes(old_key_file)
    with pytest.raises(DamagedVault):
        Vault.open(filled, passphrase)


@contextmanager
def uncollected() -> Iterator[list[str]]:
    """What of Qt's is left to Python's collector: that runs on any thread, where Qt's objects must not be deleted."""
    stray = list[str]()
    gc.collect()
    gc.disable()
    try:
        yield stray
        gc.set_debug(gc.DEBUG_SAVEALL)
        assert gc.collect() > 0
        found = [each for each in gc.garbage if isinstance(each, QObject) and isValid(each)]
        stray += [type(each).__name__ for each in found if ownedByPython(each)]
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
        gc.enable()


def test_nothing_of_a_case_stays_in_memory_when_the_vault_is_locked(
    start: Start, filled: Path, passphrase: str, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    """As far as Python allows: the case, its form, its record and its keys are let go of, and pictures with them."""
    # Other tests of this process may have left readers of their own, which live until it ends.
    others = {each.pid for each in psutil.Process().children(recursive=True)}
    window = start(filled)
    _type(window, passphrase)
    qtbot.waitUntil(lambda: window.session is not None)
    assert window.session is not None
    case_id = window.session.rows()[0].case_id
    *_, _ = window.session.take_in([make_pdf("records.pdf", pages=3)], into=case_id)
    window.open_case(case_id)
    qtbot.waitUntil(lambda: window.case is not None and window.case.record.view.current is not None)
    case = window.case
    assert case is not None
    key = window.session.vault._data_key
    held = [weakref.ref(each) for each in (case, case.record, case.form, case._desk, window.session.vault)]
    # The tracker of shared memory is Python's own helper and never sees a page.
    children = [
        each
        for each in psutil.Process().children(recursive=True)
        if each.pid not in others and "resource_tracker" not in " ".join(each.cmdline())
    ]
    assert children, "pages are read in a child"
    del case
    with uncollected() as stray:
        window.lock()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    assert stray == []
    assert not any(key)
    qtbot.waitUntil(lambda: not any(child.is_running() and child.status() != "zombie" for child in children))
    qtbot.waitUntil(lambda: gc.collect() >= 0 and [each() for each in held if each() is not None] == [], timeout=60_000)
