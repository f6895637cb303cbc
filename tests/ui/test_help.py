# SPDX-License-Identifier: AGPL-3.0-or-later
"""The manual, the tour, the request for missing records, and what may go to support or to another laptop."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imr_desktop import assets
from imr_desktop.ui.commands import COMMANDS
from imr_desktop.ui.errand import Errand
from imr_desktop.ui.help import CHECKS, Help, pages, why
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.text_sheet import TextSheet
from imr_desktop.ui.tour import STOPS, Tour


def test_the_manual_has_a_page_for_each_part_and_its_pictures_are_there() -> None:
    found = pages()
    assert {"first-day", "worklist", "taking-in", "reading", "deciding", "issuing", "organisation", CHECKS} <= set(
        found
    )
    for name, (title, text) in found.items():
        assert title.strip(), name
        for picture in re.findall(r"\]\(\.\./pictures/([\w.-]+)\)", text):
            assert (assets.documents() / "pictures" / picture).is_file(), picture


def test_the_manual_names_only_commands_that_there_are() -> None:
    """Every key that the manual gives for a command is that of a command."""
    known = {key for each in COMMANDS for key in each.keys}
    text = " ".join(text for name, (_, text) in pages().items() if name != CHECKS)
    for key in re.findall(r"\b(?:Ctrl|Shift)\+(?:Alt\+|Shift\+)?(?:F\d+|[A-Z,])(?![\w+])", text):
        assert key in known or key == "Ctrl+F", key


def test_every_check_has_its_why() -> None:
    ids = set(re.findall(r"^### (QC-\d+)", pages()[CHECKS][1], re.MULTILINE))
    assert len(ids) > 20
    for each in ids:
        assert why(each).startswith(f"### {each}")
    assert why("QC-999") == ""


def test_f1_opens_the_manual_at_what_is_on_the_screen(qtbot: QtBot, unlocked: Shell) -> None:
    QTest.keyClick(unlocked, Qt.Key.Key_F1)
    (manual,) = (each for each in unlocked.findChildren(Help) if each.isVisible())
    assert manual.list.currentItem().text() == "The worklist"
    manual.search.setText("age1 recovery")
    assert [manual.list.item(row).text() for row in range(manual.list.count())] == ["For the organisation"]
    manual.search.setText("zebra crossing")
    assert manual.none.isVisible()
    manual.search.clear()
    QTest.keyClick(manual, Qt.Key.Key_Escape)
    assert not manual.isVisible()


def test_f1_on_a_finding_says_why_it_is_one(qtbot: QtBot, unlocked: Shell) -> None:
    unlocked.open_case(unlocked.worklist.chosen() or "")
    assert unlocked.case is not None
    unlocked.commander.run("check")
    tree = unlocked.case.checks.tree
    top = tree.topLevelItem(0)
    assert top is not None
    row = top.child(0)
    assert row is not None
    tree.setCurrentItem(row)
    check_id = unlocked.case.checks.chosen_check()
    assert check_id
    unlocked.commander.run("help")
    (manual,) = (each for each in unlocked.findChildren(Help) if each.isVisible())
    assert manual.text.textCursor().selectedText() == check_id
    assert 0 <= manual.text.cursorRect().top() < 40, "the heading stands at the top, and what it says below"
    for each in ("QC-51", "QC-20"):
        manual.show_page(CHECKS, each)
        assert 0 <= manual.text.cursorRect().top() < 40
    manual.close()


def test_the_tour_leads_through_the_demo_case(qtbot: QtBot, start: Callable[[Path], Shell], folder: Path) -> None:
    window = start(folder)
    window.commander.run("tour")
    assert window.session is not None
    assert window.session.is_demo
    tour = window.findChild(Tour)
    assert tour is not None
    shown = []
    for number in range(len(STOPS)):
        assert tour.count.text() == f"{number + 1} of {len(STOPS)}"
        assert tour.geometry().bottom() <= window.height()
        assert window.case is not None
        shown.append(window.case.form.shown())
        if number + 1 < len(STOPS):
            tour.onward.click()
    assert shown[:-1] == [stop.panel for stop in STOPS[:-1]]
    tour.backward.click()
    assert tour.title.text() == STOPS[-2].title
    tour.onward.click()
    tour.onward.click()
    assert tour.isHidden()


def test_missing_records_are_requested_and_the_day_is_kept(qtbot: QtBot, unlocked: Shell, tmp_path: Path) -> None:
    from imr_desktop.casework import missing

    unlocked.open_case(unlocked.worklist.chosen() or "")
    unlocked.commander.run("missing")
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, TextSheet)
    assert "IMR case CM14-0000001" in sheet.text.toPlainText()
    sheet.copy.click()
    assert "IMR case CM14-0000001" in QApplication.clipboard().text()
    assert "day of this request is kept" in unlocked.notice.text
    sheet.save_to(tmp_path / "request.txt")
    assert (tmp_path / "request.txt").read_text(encoding="utf-8").startswith("12/10/2014")
    assert unlocked.session is not None
    assert unlocked.case is not None
    assert len(missing.requests(unlocked.session.vault, unlocked.case.case_id)) == 1


def test_the_window_opens_at_the_page_that_was_asked_for(unlocked: Shell) -> None:
    unlocked.errands.take(Errand(page=("CM14-0000009", 3)))
    assert "no one case CM14-0000009" in unlocked.notice.text
    unlocked.errands.take(Errand(page=("CM14-0000001", 413)))
    assert unlocked.case is not None
    assert "no page 413" in unlocked.notice.text


@pytest.mark.parametrize("canary", ["Injured Worker A", "CM14-0000001", "Insurer C", "Expert Reviewer E", "Norco"])
def test_the_support_report_holds_no_word_of_a_case(qtbot: QtBot, unlocked: Shell, canary: str) -> None:
    unlocked.hook.log.parent.mkdir(parents=True, exist_ok=True)
    unlocked.hook.log.write_text(
        f"2014-12-10 12:00:00Z imr-desktop 0.1 ValueError\n  desk.py:12 keep_item\n{canary} was here\n",
        encoding="utf-8",
    )
    unlocked.commander.run("support")
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, TextSheet)
    text = sheet.text.toPlainText()
    assert canary not in text
    for part in ("PySide6-Essentials 6", "cases 3", "worklist made in", "desk.py:12 keep_item", "ValueError"):
        assert part in text, part
    sheet.close()
