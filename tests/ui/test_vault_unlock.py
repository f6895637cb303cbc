# SPDX-License-Identifier: AGPL-3.0-or-later
"""Unlocking by every way in: recovery code, organisation's key, keyring; waits are told; what was mended is told."""

from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pyrage
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from imr_desktop.storage import Vault
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.unlock import Unlock
from imr_desktop.ui.vault_dialog import VaultDialog
from tests.kit.ring import Held

Start = Callable[[Path], Shell]


@pytest.fixture
def ring() -> Iterator[Held]:
    before, held = keyring.get_keyring(), Held()
    keyring.set_keyring(held)
    yield held
    keyring.set_keyring(before)


def _click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def _page(window: Shell) -> Unlock:
    assert window.unlock is not None
    return window.unlock


def _knows(page: Unlock, qtbot: QtBot) -> Unlock:
    """The page once it has found out what else opens the vault."""
    qtbot.waitUntil(page.forgot.isEnabled)
    return page


def _opens(window: Shell, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.session is not None and window.pages.currentWidget() is window.worklist)
    assert window.worklist.model.rowCount() == 3


def test_the_recovery_code_opens_the_vault(start: Start, filled: Path, passphrase: str, qtbot: QtBot) -> None:
    with Vault.open(filled, passphrase) as vault:
        code = vault.ways_in.add_sheet()
    window = start(filled)
    page = _knows(_page(window), qtbot)
    _click(page.forgot)
    assert page.recovering
    assert window.focusWidget() is page.key
    QTest.keyClicks(page.key, "12345 12345")
    _click(page.open)
    qtbot.waitUntil(lambda: page.fault.text.count(".") >= 2)
    page.key.clear()
    QTest.keyClicks(page.key, code.lower())
    _click(page.open)
    _opens(window, qtbot)


def test_the_organisations_key_opens_the_vault(start: Start, filled: Path, passphrase: str, qtbot: QtBot) -> None:
    key = pyrage.x25519.Identity.generate()
    with Vault.open(filled, passphrase) as vault:
        vault.ways_in.add_organisation(str(key.to_public()), "Office")
    window = start(filled)
    page = _knows(_page(window), qtbot)
    _click(page.forgot)
    page.key.setPlainText(f"# created: today\n{key}\n")
    _click(page.open)
    _opens(window, qtbot)


def test_the_keyring_is_offered_where_it_is_a_way_in_and_its_loss_locks_nobody_out(
    start: Start, filled: Path, passphrase: str, ring: Held, qtbot: QtBot
) -> None:
    assert not _knows(_page(start(filled)), qtbot).keyring.isVisible()
    with Vault.open(filled, passphrase) as vault:
        vault.ways_in.add_keyring()
    window = start(filled)
    _click(_knows(_page(window), qtbot).keyring)
    _opens(window, qtbot)
    window.lock()
    ring.kept.clear()
    page = _knows(_page(window), qtbot)
    _click(page.keyring)
    qtbot.waitUntil(lambda: page.fault.text.count(".") >= 2)
    QTest.keyClicks(page.passphrase, passphrase)
    QTest.keyClick(page.passphrase, Qt.Key.Key_Return)
    _opens(window, qtbot)


def test_without_a_recovery_key_that_is_told(start: Start, filled: Path, qtbot: QtBot) -> None:
    page = _knows(_page(start(filled)), qtbot)
    _click(page.forgot)
    assert not page.recovering
    assert "Only the passphrase opens it" in page.fault.text


def test_one_turns_back_from_recovery_and_nothing_stays_in_the_field(
    start: Start, filled: Path, passphrase: str, qtbot: QtBot
) -> None:
    with Vault.open(filled, passphrase) as vault:
        vault.ways_in.add_sheet()
    window = start(filled)
    page = _knows(_page(window), qtbot)
    _click(page.forgot)
    QTest.keyClicks(page.key, "some of it")
    _click(page.forgot)
    assert not page.recovering
    assert page.key.toPlainText() == ""
    assert window.focusWidget() is page.passphrase


def test_the_wait_after_wrong_passphrases_is_counted_down(
    start: Start, filled: Path, passphrase: str, qtbot: QtBot
) -> None:
    window = start(filled)
    page = _page(window)
    for _ in range(4):
        page.passphrase.clear()
        QTest.keyClicks(page.passphrase, "wrong")
        QTest.keyClick(page.passphrase, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not page.busy)
    if not page.waiting:
        # The fourth came after its short wait was over; the fifth has to wait longer.
        QTest.keyClick(page.passphrase, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: not page.busy)
    assert page.waiting
    assert "second" in page.fault.text
    assert not page.open.isEnabled()
    qtbot.waitUntil(lambda: not page.waiting, timeout=20000)
    assert page.fault.text == ""
    page.passphrase.clear()
    QTest.keyClicks(page.passphrase, passphrase)
    _click(page.open)
    _opens(window, qtbot)


def test_what_was_mended_on_opening_is_told(start: Start, filled: Path, passphrase: str, qtbot: QtBot) -> None:
    (filled / "vault.json").write_bytes(b"{")
    window = start(filled)
    QTest.keyClicks(_page(window).passphrase, passphrase)
    _click(_page(window).open)
    _opens(window, qtbot)
    assert "vault.json was missing or damaged" in window.notice.text
    # It stands until the reviewer knows of it.
    window.lock()
    QTest.keyClicks(_page(window).passphrase, passphrase)
    _click(_page(window).open)
    _opens(window, qtbot)
    assert "vault.json was missing or damaged" in window.notice.text
    window.keeper.show_vault("Check")
    dialog = window.findChild(VaultDialog)
    assert dialog is not None
    assert "vault.json" in dialog.check.faults.item(0).text()
    assert not dialog.check.salvage.isVisible()
    _click(dialog.check.known)
    assert not dialog.check.known.isVisible()
    window.lock()
    QTest.keyClicks(_page(window).passphrase, passphrase)
    _click(_page(window).open)
    _opens(window, qtbot)
    assert window.notice.text == ""
