# SPDX-License-Identifier: AGPL-3.0-or-later
"""Everything that can have the focus says what it is, in every window."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QAccessible, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QMenuBar, QWidget
from pytestqt.qtbot import QtBot

from imr_desktop.ui.shell import Shell


def _unnamed(window: QWidget) -> list[str]:
    return [f"{type(widget).__name__} in {type(widget.parent()).__name__}" for widget in _lacking(window)]


def _lacking(window: QWidget) -> Iterator[QWidget]:
    for widget in [window, *window.findChildren(QWidget)]:
        passes_it_on = widget.focusProxy() is not None
        of_a_choice = widget.window().metaObject().className() == "QComboBoxPrivateContainer"
        if widget.focusPolicy() == Qt.FocusPolicy.NoFocus or passes_it_on or of_a_choice:
            continue
        told = QAccessible.queryAccessibleInterface(widget)
        if told is None or not told.text(QAccessible.Text.Name).strip():
            yield widget


def _letters(window: QWidget) -> dict[str, list[str]]:
    """What answers to Alt and a letter in a window as it stands, by letter; only letters that two things claim."""
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    said = [each.text() for each in window.findChildren(QAbstractButton) if each.isVisible() and each.isEnabled()]
    said += [each.text() for each in window.findChildren(QLabel) if each.isVisible() and each.buddy() is not None]
    for bar in window.findChildren(QMenuBar):
        said += [action.text() for action in bar.actions() if bar.isVisible()]
    claimed: dict[str, list[str]] = {}
    for text in said:
        letter = QKeySequence.mnemonic(text)
        if not letter.isEmpty():
            claimed.setdefault(letter.toString(), []).append(text)
    return {letter: texts for letter, texts in claimed.items() if len(texts) > 1}


def test_first_run_names_everything(
    qtbot: QtBot, start: Callable[[Path], Shell], folder: Path, passphrase: str
) -> None:
    window = start(folder)
    assert _unnamed(window) == []
    assert _letters(window) == {}
    first = window.first_run
    assert first is not None
    for field in (first.passphrase.first, first.passphrase.second):
        QTest.keyClicks(field, passphrase)
    first.next.click()
    qtbot.waitUntil(lambda: first.step == 1)
    for _ in range(2):
        assert _letters(window) == {}
        first.later.click()
    assert _letters(window) == {}
    assert first.step == 3
    assert _unnamed(window) == []


def test_unlocking_names_everything(start: Callable[[Path], Shell], filled: Path) -> None:
    window = start(filled)
    assert _unnamed(window) == []
    assert _letters(window) == {}


def test_worklist_and_case_name_everything(unlocked: Shell) -> None:
    assert _unnamed(unlocked) == []
    case_id = unlocked.worklist.chosen()
    assert case_id is not None
    unlocked.open_case(case_id)
    assert unlocked.case is not None
    for name in unlocked.case.form.panels():
        unlocked.case.form.show_panel(name)
        assert _letters(unlocked) == {}, name
    assert _unnamed(unlocked) == []


@pytest.mark.parametrize(
    "name",
    [
        "keys",
        "about",
        "settings",
        "identities",
        "issue",
        "vault",
        "precedents",
        "statistics",
        "tables",
        "help",
        "support",
        "attest",
    ],
)
def test_each_dialog_names_everything_and_closes_with_escape(qtbot: QtBot, unlocked: Shell, name: str) -> None:
    if name == "issue":
        unlocked.open_case(unlocked.worklist.chosen() or "")
    unlocked.commander.run(name)
    (dialog,) = (each for each in unlocked.findChildren(QDialog) if each.isVisible())
    assert _unnamed(dialog) == []
    assert _letters(dialog) == {}
    assert dialog.windowTitle()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not [each for each in unlocked.findChildren(QDialog) if each.isVisible()])


def test_the_palette_names_everything_and_gives_the_focus_back(unlocked: Shell) -> None:
    from imr_desktop.ui.palette import Palette

    unlocked.worklist.table.setFocus()
    QTest.keyClick(unlocked, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = unlocked.findChild(Palette)
    assert palette is not None
    assert _unnamed(palette) == []
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert palette.isHidden()
    assert unlocked.worklist.table.hasFocus()


def test_tab_walks_through_record_and_form_and_comes_back(unlocked: Shell) -> None:
    unlocked.open_case(unlocked.worklist.chosen() or "")
    case = unlocked.case
    assert case is not None
    unlocked.commander.run("toggle_rail")
    case.form.show_panel("Summary")
    case.record.setFocus()
    assert case.record.view.hasFocus()
    walked: list[QWidget] = []
    while (now := QApplication.focusWidget()) not in walked:
        assert now is not None
        walked.append(now)
        QTest.keyClick(now, Qt.Key.Key_Tab)
        QApplication.processEvents()
    assert now is case.record.view
    names = {each.accessibleName() for each in walked}
    assert {"Parts of the case", "Clinical case summary", "Back to the worklist"} <= names
    assert {"Go to page", "What the rail shows"} <= names
    QTest.keyClick(case.record.view, Qt.Key.Key_Backtab)
    assert QApplication.focusWidget() is walked[-1]


def test_what_was_told_of_one_case_goes_when_it_is_left(unlocked: Shell) -> None:
    case_id = unlocked.worklist.chosen() or ""
    unlocked.notice.say("The files are in.", act="Open the case", doing=lambda: None)
    unlocked.open_case(case_id)
    assert unlocked.notice.text == ""
    unlocked.notice.say("Nothing is decided yet.")
    unlocked.show_worklist()
    assert unlocked.notice.text == ""
