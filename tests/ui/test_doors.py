# SPDX-License-Identifier: AGPL-3.0-or-later
"""The doors: first run makes a vault, unlocking opens it, a wrong passphrase is told, locking leaves nothing behind."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from imr_desktop.casework.vault_place import elsewhere, note_elsewhere
from imr_desktop.storage import Vault
from imr_desktop.ui.passphrase import strength
from imr_desktop.ui.shell import Shell

Start = Callable[[Path], Shell]


def _click(widget: QWidget) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_first_run_makes_a_vault_and_keeps_profile_and_organisation(
    qtbot: QtBot, start: Start, folder: Path, passphrase: str
) -> None:
    window = start(folder)
    first = window.first_run
    assert first is not None
    assert window.menuBar().isHidden()
    QTest.keyClicks(first.passphrase.first, passphrase)
    QTest.keyClicks(first.passphrase.second, passphrase)
    _click(first.next)
    qtbot.waitUntil(lambda: first.step == 1)
    assert Vault.exists(folder)
    assert first.passphrase.first.text() == ""
    QTest.keyClicks(first.profile.name, "Expert Reviewer E")
    QTest.keyClicks(first.profile.states, "California, Texas")
    QTest.keyClicks(first.profile.certifications, "Pain Medicine")
    _click(first.profile.attests)
    _click(first.next)
    assert first.step == 2
    first.organisation.name.clear()
    QTest.keyClicks(first.organisation.name, "Example Review Organization")
    _click(first.next)
    assert first.step == 3
    _click(first.next)
    assert window.pages.currentWidget() is window.worklist
    assert window.session is not None
    kept = window.session.reviewer()
    assert kept.name == "Expert Reviewer E"
    assert kept.credentials.states_of_licensure == ("California", "Texas")
    assert kept.practice_attestation
    assert window.session.imro().name == "Example Review Organization"


def test_the_first_run_goes_on_by_return(qtbot: QtBot, start: Start, folder: Path, passphrase: str) -> None:
    """Return goes on from any field, and presses a button that has the focus; each page asks nothing else."""
    window = start(folder)
    first = window.first_run
    assert first is not None
    QTest.keyClicks(first.passphrase.first, passphrase)
    QTest.keyClick(first.passphrase.first, Qt.Key.Key_Return)
    assert "not the same" in first.fault.text
    QTest.keyClicks(first.passphrase.second, passphrase)
    QTest.keyClick(first.passphrase.second, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: first.step == 1)
    QTest.keyClicks(first.profile.name, "Expert Reviewer E")
    QTest.keyClick(first.profile.name, Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier)
    assert first.step == 2
    first.later.setFocus()
    QTest.keyClick(first.later, Qt.Key.Key_Return)
    assert first.step == 3
    assert first.identity is not None
    first.identity.secret.setFocus()
    QTest.keyClick(first.identity.secret, Qt.Key.Key_Return)
    assert first.step == 3, "the file is imported first"
    assert "no such file" in first.identity.fault.text
    first.identity.make.setFocus()
    QTest.keyClick(first.identity.make, Qt.Key.Key_Return)
    assert window.session is not None
    assert len(window.session.identity_lines()) == 2
    first.next.setFocus()
    QTest.keyClick(first.next, Qt.Key.Key_Return)
    assert window.pages.currentWidget() is window.worklist
    kept = window.session.reviewer()
    assert kept.name == "Expert Reviewer E"


def test_first_run_wants_two_equal_passphrases_of_some_length(qtbot: QtBot, start: Start, folder: Path) -> None:
    first = start(folder).first_run
    assert first is not None
    QTest.keyClicks(first.passphrase.first, "short")
    _click(first.next)
    assert "too short" in first.fault.text
    QTest.keyClicks(first.passphrase.first, " but longer")
    QTest.keyClicks(first.passphrase.second, "short but other")
    _click(first.next)
    assert "not the same" in first.fault.text
    assert first.step == 0
    assert not Vault.exists(folder)


@pytest.mark.parametrize(
    ("passphrase", "said"),
    [("", "words"), ("abc", "Too short"), ("aaaaaaaaaaaa", "Weak"), ("seven calm rivers under one bridge", "Strong")],
)
def test_strength_is_told_in_words(passphrase: str, said: str) -> None:
    assert said in strength(passphrase)[0]


def test_a_wrong_passphrase_is_told_and_the_right_one_opens(
    qtbot: QtBot, start: Start, filled: Path, passphrase: str
) -> None:
    window = start(filled)
    door = window.unlock
    assert door is not None
    QTest.keyClicks(door.passphrase, "not the passphrase")
    _click(door.open)
    assert door.busy
    qtbot.waitUntil(lambda: not door.busy)
    assert "does not open the vault" in door.fault.text
    assert window.session is None
    door.passphrase.clear()
    QTest.keyClicks(door.passphrase, passphrase)
    QTest.keyClick(door.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None)
    assert window.worklist.model.rowCount() == 3


def test_an_empty_passphrase_is_not_tried(qtbot: QtBot, start: Start, filled: Path) -> None:
    door = start(filled).unlock
    assert door is not None
    _click(door.open)
    assert not door.busy
    assert "empty" in door.fault.text


def test_the_passphrase_can_be_looked_at(qtbot: QtBot, start: Start, filled: Path) -> None:
    door = start(filled).unlock
    assert door is not None
    assert door.passphrase.echoMode() is QLineEdit.EchoMode.Password
    door.shown.setFocus()
    QTest.keyClick(door.shown, Qt.Key.Key_Space)
    assert door.passphrase.echoMode() is QLineEdit.EchoMode.Normal


def test_a_vault_that_is_open_elsewhere_is_trouble(qtbot: QtBot, start: Start, filled: Path, passphrase: str) -> None:
    with Vault.open(filled, passphrase):
        door = start(filled).unlock
        assert door is not None
        QTest.keyClicks(door.passphrase, passphrase)
        _click(door.open)
        qtbot.waitUntil(lambda: not door.busy)
        assert door.fault.text.count(".") >= 2


def test_locking_closes_the_vault_and_asks_again(qtbot: QtBot, unlocked: Shell, filled: Path, passphrase: str) -> None:
    QTest.keyClick(unlocked, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    assert unlocked.session is None
    assert unlocked.worklist.model.rowCount() == 0
    assert unlocked.unlock is not None
    assert unlocked.pages.currentWidget() is unlocked.unlock
    assert unlocked.menuBar().isHidden()
    assert "CM14" not in unlocked.windowTitle()
    Vault.open(filled, passphrase).close()


def test_a_vault_kept_elsewhere_is_found_again(tmp_path: Path) -> None:
    usual, chosen = tmp_path / "usual", tmp_path / "chosen"
    chosen.mkdir()
    assert elsewhere(usual) == usual
    note_elsewhere(usual, chosen)
    assert elsewhere(usual) == chosen
    note_elsewhere(usual, usual)
    assert elsewhere(usual) == usual


def test_a_vault_made_in_another_folder_is_opened_at_the_next_start(
    qtbot: QtBot, start: Start, tmp_path: Path, passphrase: str
) -> None:
    usual, chosen = tmp_path / "usual", tmp_path / "chosen"
    window = start(usual)
    first = window.first_run
    assert first is not None
    first.folder.clear()
    QTest.keyClicks(first.folder, str(chosen))
    QTest.keyClicks(first.passphrase.first, passphrase)
    QTest.keyClicks(first.passphrase.second, passphrase)
    _click(first.next)
    qtbot.waitUntil(lambda: first.step == 1)
    window.close()
    assert Vault.exists(chosen)
    assert start(usual).unlock is not None
