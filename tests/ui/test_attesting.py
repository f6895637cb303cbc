# SPDX-License-Identifier: AGPL-3.0-or-later
"""The door before the record, licence dates, keys that can be changed, colours and sizes in the settings."""

from dataclasses import replace
from datetime import date

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from imr_desktop.casework import attesting
from imr_desktop.models.case import Employer
from imr_desktop.models.circumstances import Standing
from imr_desktop.ui.key_editor import KeyEditor
from imr_desktop.ui.settings import Settings
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.standing import ConflictDoor
from imr_desktop.ui.theme import Scheme


def _is_open(shell: Shell) -> bool:
    return shell.case is not None


def _door(shell: Shell) -> ConflictDoor:
    return next(each for each in shell.findChildren(ConflictDoor) if each.isVisible())


def test_a_record_stays_shut_until_attested_and_asks_again_for_a_new_party(qtbot: QtBot, unlocked: Shell) -> None:
    session = unlocked.session
    assert session is not None
    attesting.ask(session.vault, True)
    case_id = session.rows()[0].case_id
    unlocked.open_case(case_id)
    assert not _is_open(unlocked)
    door = _door(unlocked)
    assert [door.names.item(row).text() for row in range(door.names.count())] == ["Injured Worker A", "Insurer C"]
    assert not door.open_record.isEnabled()
    door.shut.click()
    assert not _is_open(unlocked)
    unlocked.open_case(case_id)
    door = next(each for each in unlocked.findChildren(ConflictDoor) if each.isVisible())
    door.word.click()
    door.open_record.click()
    assert unlocked.case is not None
    desk = unlocked.case.desk
    assert not [each for each in desk.findings(session.reviewer()) if each.id == "QC-62"]
    desk.keep_header(replace(desk.case.header, employer=Employer("Employer Z")))
    assert [each for each in desk.findings(session.reviewer()) if each.id == "QC-62"]
    unlocked.show_worklist()
    unlocked.open_case(case_id)
    assert not _is_open(unlocked)
    door = _door(unlocked)
    assert [door.names.item(row).text() for row in range(door.names.count())] == ["Employer Z"]
    door.word.click()
    door.open_record.click()
    assert unlocked.case is not None
    unlocked.commander.run("attest")
    assert _door(unlocked).names.count() == 3


def test_licence_dates_are_watched(unlocked: Shell) -> None:
    assert unlocked.session is not None
    vault = unlocked.session.vault
    assert attesting.warning(vault, date(2014, 12, 10)) == ""
    attesting.keep_standing(vault, Standing(date(2014, 12, 31), date(2014, 12, 1)))
    said = attesting.warning(vault, date(2014, 12, 10))
    assert "licence ends on 12/31/2014, in 21 days" in said
    assert "certification ended on 12/01/2014" in said


def test_keys_are_changed_and_conflicts_are_named(qtbot: QtBot, unlocked: Shell) -> None:
    unlocked.commander.run("keys")
    editor = QApplication.activeModalWidget()
    assert isinstance(editor, KeyEditor)
    _choose(editor, "Precedents")
    editor.keys.setKeySequence(QKeySequence("Ctrl+K"))
    editor.change.click()
    assert "belongs to “Commands” already" in editor.fault.text
    editor.keys.setKeySequence(QKeySequence("Ctrl+Alt+9"))
    editor.change.click()
    assert unlocked.commander.shown_keys("precedents") == "Ctrl+Alt+9"
    assert [each.toString() for each in unlocked.commander.action("precedents").shortcuts()] == ["Ctrl+Alt+9"]
    editor.single.click()
    assert unlocked.commander.keys("cite_item") == ()
    assert unlocked.commander.keys("check") == ("F5",)
    editor.single.click()
    _choose(editor, "Precedents")
    editor.shipped.click()
    assert unlocked.commander.keys("precedents") == ("Ctrl+Alt+P",)
    editor.close()


def _choose(editor: KeyEditor, name: str) -> None:
    for at in range(editor.tree.topLevelItemCount()):
        top = editor.tree.topLevelItem(at)
        assert top is not None
        for number in range(top.childCount()):
            row = top.child(number)
            if row is not None and row.text(0) == name:
                editor.tree.setCurrentItem(row)
                return
    raise AssertionError(name)


def test_the_settings_keep_colours_size_holidays_and_licence(qtbot: QtBot, unlocked: Shell) -> None:
    unlocked.commander.run("settings")
    settings = QApplication.activeModalWidget()
    assert isinstance(settings, Settings)
    settings.scheme.setCurrentIndex(settings.scheme.findText("High contrast"))
    settings.text_size.setCurrentIndex(settings.text_size.findData(150))
    settings.standing.licence.setText("soon")
    settings.accept_button.click()
    assert "is no date" in settings.fault.text
    settings.standing.licence.setText("12/31/2026")
    settings.holidays.appendPlainText("10/13/2025")
    settings.accept_button.click()
    assert not settings.isVisible()
    assert (unlocked.theme.scheme, unlocked.theme.size) == (Scheme.CONTRAST, 150)
    assert unlocked.session is not None
    assert attesting.standing(unlocked.session.vault).licence_until == date(2026, 12, 31)
    unlocked.theme.use(Scheme.SYSTEM, 100)
    assert not [each for each in unlocked.findChildren(QDialog) if each.isVisible()]
