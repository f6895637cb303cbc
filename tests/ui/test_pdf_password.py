# SPDX-License-Identifier: AGPL-3.0-or-later
"""A protected PDF asks for its password once; it may stay shut, and be opened from the case later."""

from pathlib import Path

import pymupdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imr_desktop.ui.pdf_password import PdfPassword
from imr_desktop.ui.shell import Shell
from tests.kit.pdfs import pdf


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    sound, secret = tmp_path / "a denial.pdf", tmp_path / "b secret.pdf"
    sound.write_bytes(pdf("denied"))
    secret.write_bytes(pdf("locked page", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="river", owner_pw="o"))
    return [sound, secret]


def asked(qtbot: QtBot, unlocked: Shell) -> PdfPassword:
    qtbot.waitUntil(
        lambda: unlocked.importing.asking is not None and unlocked.importing.asking.isVisible(), timeout=20000
    )
    dialog = unlocked.importing.asking
    assert dialog is not None
    assert "b secret.pdf is protected" in dialog.words.text()
    return dialog


def give(dialog: PdfPassword, password: str) -> None:
    QTest.keyClicks(dialog.field, password)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)


def test_the_password_is_asked_for_until_it_opens_the_file(qtbot: QtBot, unlocked: Shell, files: list[Path]) -> None:
    unlocked.importing.take_in(files)
    give(asked(qtbot, unlocked), "lake")
    unlocked.importing.asking = None
    again = asked(qtbot, unlocked)
    assert "None of the passwords" in again.words.text()
    give(again, "river")
    assert unlocked.session is not None
    rows = unlocked.worklist.model.rowCount
    qtbot.waitUntil(lambda: not unlocked.importing.running and rows() == 4, timeout=20000)
    unlocked.open_case(unlocked.worklist.chosen() or "")
    case = unlocked.case
    assert case is not None
    view = case.record.view
    case.record.go_to(view.stage.run.pages[1].ref)
    qtbot.waitUntil(lambda: bool(view.words_at(1)), timeout=20000)
    assert [word.text for word in view.words_at(1) or ()] == ["locked", "page"]


def test_a_file_may_stay_shut_and_is_opened_from_the_case(qtbot: QtBot, unlocked: Shell, files: list[Path]) -> None:
    unlocked.importing.take_in(files)
    asked(qtbot, unlocked).leave.click()
    rows = unlocked.worklist.model.rowCount
    qtbot.waitUntil(lambda: not unlocked.importing.running and rows() == 4, timeout=20000)
    unlocked.open_case(unlocked.worklist.chosen() or "")
    case = unlocked.case
    assert case is not None
    assert "b secret.pdf can be shown" in case.record.first.notice.words.text()
    unlocked.commander.run("open_protected")
    dialog = case.link.asking
    assert dialog is not None
    give(dialog, "river")
    view = case.record.view
    assert [page.case_page for page in view.stage.run.pages] == [1, 2]
    case.record.go_to(view.stage.run.pages[1].ref)
    qtbot.waitUntil(lambda: bool(view.words_at(1)), timeout=20000)


def test_giving_up_takes_nothing_in(qtbot: QtBot, unlocked: Shell, files: list[Path]) -> None:
    unlocked.importing.take_in(files)
    asked(qtbot, unlocked).reject()
    assert unlocked.worklist.model.rowCount() == 3
    assert "Nothing of it was kept" in unlocked.notice.text
