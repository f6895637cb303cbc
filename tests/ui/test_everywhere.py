# SPDX-License-Identifier: AGPL-3.0-or-later
"""One field over all cases: their records and the reviewer's own text, and always what could not be searched."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QTreeWidget
from pytestqt.qtbot import QtBot

from imr_desktop.casework import reading
from imr_desktop.casework.desk import Desk
from imr_desktop.models.narrative import Narrative
from imr_desktop.storage import Vault
from imr_desktop.ui import search_everywhere
from imr_desktop.ui.search_everywhere import SearchEverywhere
from imr_desktop.ui.shell import Shell
from tests.kit.records import LINES, case_with, digital, pictures
from tests.ui.conftest import CHEAP, PASSPHRASE


@pytest.fixture
def window(qtbot: QtBot, start: Callable[[Path], Shell], folder: Path) -> Shell:
    with Vault.create(folder, PASSPHRASE, cost=CHEAP) as vault:
        first = case_with(vault, a=digital(["Nothing here"], LINES))
        second = case_with(vault, b=digital(LINES[:2]), c=pictures(LINES))
        for store, number in ((first, "CM14-0000001"), (second, "CM14-0000002")):
            list(reading.read(store, reading.Plan(ocr=False)))
            desk = Desk(store)
            desk.keep_header(replace(desk.case.header, case_number=number, decision_date=date(2014, 12, 1)))
        item = desk.add_item("Six visits of acupuncture")
        desk.keep_item(replace(desk.case.item(item), rationale=Narrative.of("Acupuncture is supported by the MTUS.")))
        vault.archive_case(second.id)
    shell = start(folder)
    assert shell.unlock is not None
    QTest.keyClicks(shell.unlock.passphrase, PASSPHRASE)
    QTest.keyClick(shell.unlock.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shell.session is not None and shell.pages.currentWidget() is shell.worklist)
    return shell


def searched(qtbot: QtBot, window: Shell, text: str, tab: int = 0) -> SearchEverywhere:
    window.commander.run("search_all")
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, SearchEverywhere)
    dialog.tabs.setCurrentIndex(tab)
    dialog.field.clear()
    QTest.keyClicks(dialog.field, text)
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(dialog.said.text() or dialog.fault.text))
    return dialog


def shown(rows: QTreeWidget) -> list[list[str]]:
    items = [rows.topLevelItem(number) for number in range(rows.topLevelItemCount())]
    return [[item.text(column) for column in range(3)] for item in items if item is not None]


def test_hits_of_every_case_lead_to_their_page(qtbot: QtBot, window: Shell) -> None:
    dialog = searched(qtbot, window, '"physical therapy"')
    assert dialog.said.text() == ("2 hits in 2 cases; 1 of 4 pages have no readable text (CM14-0000002 (archived): 1).")
    rows = shown(dialog.records)
    assert [row[0] for row in rows] == ["CM14-0000001", "  2", "CM14-0000002 (archived)", "  1"]
    assert "»physical therapy«" in rows[1][2]
    QTest.keyClick(dialog.records, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.case is not None)
    case = window.case
    assert case is not None
    assert case.name == "CM14-0000001"
    qtbot.waitUntil(lambda: case.record.view.current is not None and case.record.view.current.case_page == 2)


def test_one_case_is_told_as_one(qtbot: QtBot, start: Callable[[Path], Shell], folder: Path) -> None:
    with Vault.create(folder, PASSPHRASE, cost=CHEAP) as vault:
        list(reading.read(case_with(vault, a=digital(LINES)), reading.Plan(ocr=False)))
    window = start(folder)
    assert window.unlock is not None
    QTest.keyClicks(window.unlock.passphrase, PASSPHRASE)
    QTest.keyClick(window.unlock.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None and window.pages.currentWidget() is window.worklist)
    dialog = searched(qtbot, window, '"physical therapy"')
    assert dialog.said.text().startswith("1 hit in 1 case; ")
    dialog.reject()


def test_no_hits_are_never_told_alone(qtbot: QtBot, window: Shell) -> None:
    dialog = searched(qtbot, window, "laminectomy")
    assert dialog.said.text().startswith("No hits in 2 cases; 1 of 4 pages have no readable text")
    dialog.reject()
    dialog = searched(qtbot, window, '"open')
    assert "quot" in dialog.fault.text.lower()
    dialog.reject()


def test_an_old_rationale_is_found_with_case_and_date(qtbot: QtBot, window: Shell) -> None:
    dialog = searched(qtbot, window, "acupuncture", tab=1)
    rows = shown(dialog.own)
    assert [row[:2] for row in rows] == [
        ["12/01/2014", "CM14-0000002 (archived): Heading of item 1"],
        ["12/01/2014", "CM14-0000002 (archived): Rationale of item 1"],
    ]
    QTest.keyClick(dialog.own, Qt.Key.Key_Down)
    QTest.keyClick(dialog.own, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.case is not None)
    case = window.case
    assert case is not None
    assert (case.name, case.form.shown()) == ("CM14-0000002", "Items")


def test_a_case_that_was_never_read_is_told_and_the_others_are_searched(
    qtbot: QtBot, start: Callable[[Path], Shell], folder: Path
) -> None:
    with Vault.create(folder, PASSPHRASE, cost=CHEAP) as vault:
        for number, is_read in (("CM14-0000001", False), ("CM14-0000002", True)):
            store = case_with(vault, a=digital(LINES))
            Desk(store).keep_header(replace(store.read().header, case_number=number))
            if is_read:
                list(reading.read(store, reading.Plan(ocr=False)))
    shell = start(folder)
    assert shell.unlock is not None
    QTest.keyClicks(shell.unlock.passphrase, PASSPHRASE)
    QTest.keyClick(shell.unlock.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shell.session is not None)
    dialog = searched(qtbot, shell, "lumbar")
    assert not dialog.busy.isVisible()
    assert "in 2 cases" in dialog.said.text()
    assert "CM14-0000001: 1" in dialog.said.text()
    assert shown(dialog.records)[0][0] == "CM14-0000002"


def test_a_search_that_meets_a_bug_says_that_it_was_not_finished(
    qtbot: QtBot, window: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> Iterator[None]:
        yield from ()
        raise RuntimeError("a bug")

    monkeypatch.setattr(search_everywhere, "search_all", broken)
    with qtbot.capture_exceptions():
        dialog = searched(qtbot, window, "acupuncture")
    assert "was not finished" in dialog.said.text()
    assert not dialog.busy.isVisible()


def test_a_shut_vault_is_not_searched(window: Shell) -> None:
    window.lock()
    window.commander.run("search_all")
    assert QApplication.activeModalWidget() is None
