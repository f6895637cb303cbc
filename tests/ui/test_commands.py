# SPDX-License-Identifier: AGPL-3.0-or-later
"""The table of commands: one place for keys, each reachable by menu, by key and by name."""

from collections import Counter

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu
from pytestqt.qtbot import QtBot

from imr_desktop.ui.commands import COMMANDS, Commander, Scope, command, in_section
from imr_desktop.ui.palette import Entry, found

# What Linux takes before any window hears of it: consoles (Ctrl+Alt+F1…), GNOME, KDE, Xfce, and input methods.
TAKEN = (
    *(f"{mods}F{number}" for mods in ("Ctrl+Alt+", "Ctrl+Alt+Shift+") for number in range(1, 13)),
    *(f"Alt+F{number}" for number in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10)),
    *(f"Ctrl+Alt+{key}" for key in ("L", "T", "D", "Del", "Backspace", "Esc", "Tab", "Up", "Down", "Left", "Right")),
    *("Alt+Tab", "Alt+Esc", "Alt+Space", "Ctrl+Esc", "Ctrl+Shift+U", "Ctrl+Space", "Print", "Alt+Print", "F10"),
)


def test_no_shipped_key_is_one_that_the_desktop_takes() -> None:
    taken = {QKeySequence(keys) for keys in TAKEN}
    assert all(keys.toString() for keys in taken)
    assert [(each.id, keys) for each in COMMANDS for keys in each.keys if QKeySequence(keys) in taken] == []


def test_no_two_commands_share_keys() -> None:
    for elsewhere in ({Scope.WORKLIST}, {Scope.CASE, Scope.PAGE}):
        # The worklist and a case are never on screen together.
        here = [each for each in COMMANDS if each.scope not in elsewhere]
        keys = Counter(QKeySequence(each).toString() for command in here for each in command.keys)
        assert [name for name, times in keys.items() if times > 1] == []


def test_every_command_has_an_id_of_its_own_keys_that_qt_knows_and_a_sentence() -> None:
    assert len({each.id for each in COMMANDS}) == len(COMMANDS)
    for each in COMMANDS:
        assert each.keys, each.id
        assert all(QKeySequence(keys).toString() for keys in each.keys), each.id
        assert each.tip
        assert each.also, f"{each.id} needs another name for the palette"


def test_menus_use_each_access_key_once() -> None:
    for each in {one.section for one in COMMANDS}:
        letters = Counter(one.text[one.text.index("&") + 1].lower() for one in in_section(each) if "&" in one.text)
        assert [letter for letter, times in letters.items() if times > 1] == [], each


def test_every_command_is_in_a_menu(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    commander = Commander(window)
    commander.fill(window.menuBar())
    menus = window.menuBar().findChildren(QMenu)
    names = {action.objectName() for menu in menus for action in menu.actions() if not action.isSeparator()}
    assert names == {each.id for each in COMMANDS}


def test_a_command_does_nothing_until_it_is_bound_and_after_it_is_released(qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    commander, done = Commander(window), list[str]()
    commander.run("lock")
    assert not commander.can("lock")
    commander.bind({"lock": lambda: done.append("locked")})
    commander.action("lock").trigger()
    assert done == ["locked"]
    commander.release(Scope.VAULT)
    commander.run("lock")
    assert done == ["locked"]


def test_the_palette_finds_each_command_by_its_name_and_by_another_name() -> None:
    entries = [Entry(each.name, "", lambda: None, "", each.also) for each in COMMANDS]
    for each in COMMANDS:
        assert each.name in [entry.name for entry in found(entries, each.name)][:2], each.id
        for other in each.also:
            assert each.name in [entry.name for entry in found(entries, other)], (each.id, other)


@pytest.mark.parametrize(
    ("sought", "expected"),
    [
        ("dark mode", "settings"),
        ("sign the letter", "issue"),
        ("holiday", "settings"),
        ("holidays", "tables"),
        ("text size", "settings"),
        ("contrast", "settings"),
        ("licence", "settings"),
        ("license", "settings"),
        ("reviewer", "settings"),
        ("organization", "settings"),
        ("change passphrase", "vault"),
        ("change the passphrase", "vault"),
        ("delete case", "vault"),
        ("submit", "issue"),
        ("finalize", "issue"),
        ("uphold", "panel_5"),
        ("overturn", "panel_5"),
        ("decision", "panel_5"),
        ("deadline", "panel_1"),
        ("dictionary", "own_words"),
        ("back", "back"),
    ],
)
def test_the_palette_knows_what_reviewers_call_it(sought: str, expected: str) -> None:
    entries = [Entry(each.name, "", lambda: None, "", each.also) for each in COMMANDS]
    names = [entry.name for entry in found(entries, sought)]
    assert command(expected).name in names[:3]
    assert sought != "back" or names[0] == "Back"


def test_where_nothing_has_all_words_the_palette_shows_what_has_most() -> None:
    entries = [Entry(name, "", lambda: None) for name in ("Fit width", "Fit the page", "Full screen", "Turn the page")]
    assert [entry.name for entry in found(entries, "fit width zebra")] == ["Fit width"]
    assert [entry.name for entry in found(entries, "fit zebra")] == ["Fit width", "Fit the page"]
    assert found(entries, "the zebra") == [], "little words alone are no hit"


def test_the_palette_wants_every_word_and_finds_letters_scattered_in_a_name() -> None:
    entries = [Entry(name, "", lambda: None) for name in ("Fit width", "Fit page", "Full screen")]
    assert [entry.name for entry in found(entries, "fit wi")] == ["Fit width"]
    assert [entry.name for entry in found(entries, "fwd")] == ["Fit width"]
    assert found(entries, "zebra") == []
    assert len(found(entries, "")) == 3


def test_keys_of_a_page_say_so() -> None:
    assert command("cite_item").scope is Scope.PAGE
    assert all(len(each.keys[0]) > 1 for each in COMMANDS if each.scope is not Scope.PAGE)
