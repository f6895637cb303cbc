# SPDX-License-Identifier: AGPL-3.0-or-later
"""A folder that a cloud service copies away is warned of in the first run, with one button to choose another."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from imr_desktop.ui.shell import Shell

Start = Callable[[Path], Shell]


def test_a_risky_folder_is_warned_of_and_another_is_chosen(
    start: Start, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = start(tmp_path / "Dropbox" / "vault").first_run
    assert first is not None
    assert first.place.isVisible()
    assert first.place.said.text().startswith("This folder belongs to Dropbox")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "safe"))
    QTest.mouseClick(first.place.other, Qt.MouseButton.LeftButton)
    assert first.folder.text() == str(tmp_path / "safe")
    qtbot.waitUntil(lambda: not first.place.isVisible())


def test_a_risky_folder_that_is_typed_is_warned_of(start: Start, folder: Path, qtbot: QtBot) -> None:
    first = start(folder).first_run
    assert first is not None
    assert not first.place.isVisible()
    first.folder.clear()
    QTest.keyClicks(first.folder, str(folder.parent / "OneDrive - Company" / "vault"))
    qtbot.waitUntil(first.place.isVisible)
    assert "OneDrive" in first.place.said.text()
