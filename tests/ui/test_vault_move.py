# SPDX-License-Identifier: AGPL-3.0-or-later
"""A vault in a risky place is warned of, with one button that moves it (Y5)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from imr_desktop.casework.vault_place import elsewhere
from imr_desktop.storage import Vault
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.vault_move import MoveDialog


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A vault where a service would copy it away."""
    return tmp_path / "Dropbox" / "vault"


def test_a_vault_in_a_cloud_folder_is_moved_by_one_button(
    start: Callable[[Path], Shell], filled: Path, passphrase: str, tmp_path: Path, qtbot: QtBot
) -> None:
    window = start(filled)
    assert window.unlock is not None
    QTest.keyClicks(window.unlock.passphrase, passphrase)
    QTest.keyClick(window.unlock.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "belongs to Dropbox" in window.notice.text)
    (button,) = (each for each in window.notice.findChildren(QPushButton) if each.text() == "Move the vault…")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    (dialog,) = (each for each in window.findChildren(MoveDialog) if each.isVisible())
    qtbot.waitUntil(lambda: window.session is None)
    # Another risky place is told before anything is moved.
    dialog.folder.setText(str(tmp_path / "OneDrive" / "vault"))
    qtbot.waitUntil(lambda: dialog.place.isVisible())
    dialog.folder.setText(str(filled))
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "inside the old one" in dialog.fault.text)
    safe = tmp_path / "own disk" / "vault"
    dialog.folder.setText(str(safe))
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: Vault.exists(safe) and "now." in window.notice.text)
    assert elsewhere(filled) == safe, "the next start finds it there"
    assert not Vault.exists(filled)
    assert window.unlock is not None
    QTest.keyClicks(window.unlock.passphrase, passphrase)
    QTest.keyClick(window.unlock.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None)
    assert window.worklist.model.rowCount() == 3
