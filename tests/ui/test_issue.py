# SPDX-License-Identifier: AGPL-3.0-or-later
"""The way out through the window: identities, the letter as it will print, what blocks it, and letters that leave."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog
from pytestqt.qtbot import QtBot

from imr_desktop.casework.demo import read_through
from imr_desktop.checks import Severity, open_findings
from imr_desktop.models.case import Priority
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place
from imr_desktop.signing import verifying
from imr_desktop.ui.app import build
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.identities import IdentitiesDialog
from imr_desktop.ui.issue_dialog import IssueDialog
from imr_desktop.ui.means import Means
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.trouble import Hook

Started = Callable[[Path], Shell]


@pytest.fixture(scope="module")
def demo(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """The window on the demo case, opened once for all tests that change nothing in it."""
    folder = tmp_path_factory.mktemp("demo")
    window = build(folder / "vault", Means(remember=False, reads=False), Hook(folder / "bugs.log"))
    window.resize(1280, 720)
    window.show()
    window.begin_demo()
    assert window.case is not None, window.notice.text
    assert window.session is not None
    list(read_through(window.session.vault, window.case.form.desk, datetime.now(UTC)))
    window.case.checks.check()
    yield window
    window.close()
    window.deleteLater()


def _identities(window: Shell) -> IdentitiesDialog:
    window.commander.run("identities")
    dialog = next(each for each in window.findChildren(IdentitiesDialog) if each.isVisible())
    assert isinstance(dialog, IdentitiesDialog)
    return dialog


def test_trial_identities_are_made_for_reviewer_and_organisation(qtbot: QtBot, unlocked: Shell) -> None:
    dialog = _identities(unlocked)
    assert "None yet" in dialog.list.item(0).text()
    QTest.mouseClick(dialog.maker.make, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.list.count() == 2, timeout=10000)
    texts = [dialog.list.item(row).text() for row in range(2)]
    assert all("trial identity" in text and "valid until" in text for text in texts)
    assert any("Expert Reviewer E" in text for text in texts)


def test_an_identity_file_with_a_wrong_passphrase_is_told(qtbot: QtBot, unlocked: Shell, tmp_path: Path) -> None:
    dialog = _identities(unlocked)
    file = tmp_path / "identity.p12"
    file.write_bytes(b"this is no identity")
    dialog.maker.file.setText(str(file))
    QTest.keyClicks(dialog.maker.secret, "secret")
    QTest.mouseClick(dialog.maker.bring, Qt.MouseButton.LeftButton)
    assert dialog.maker.fault.text.count(".") >= 2
    assert "None yet" in dialog.list.item(0).text()


def _case(window: Shell) -> CaseWindow:
    assert window.case is not None
    return window.case


@pytest.mark.parametrize("rendition", ["submission", "party", "public"])
def test_the_letter_is_shown_from_the_very_bytes(qtbot: QtBot, demo: Shell, rendition: str) -> None:
    case = _case(demo)
    case.form.show_panel("Letter")
    letter = case.letter
    letter.choice.setCurrentIndex(letter.choice.findData(rendition))
    qtbot.waitUntil(lambda: not letter._aside.busy and letter.pdf.startswith(b"%PDF"), timeout=20000)
    qtbot.waitUntil(lambda: 0 < letter.pages.page_count == letter.pages.drawn, timeout=20000)
    assert letter.fault.text == ""
    assert demo.session is not None
    determination = case.form.desk.determination(demo.session.reviewer())
    assert letter.pdf == Means().render(determination, rendition)


@pytest.mark.parametrize(
    ("part", "field", "shown"), [(Part.ITEMS, "rationale", "Items"), (Part.SUMMARY, None, "Summary")]
)
def test_a_click_on_a_printed_line_leads_to_its_field(
    qtbot: QtBot, demo: Shell, part: Part, field: str | None, shown: str
) -> None:
    case = _case(demo)
    case.form.show_panel("Letter")
    letter = case.letter
    qtbot.waitUntil(lambda: not letter._aside.busy and 0 < letter.pages.page_count == letter.pages.drawn, timeout=20000)
    assert demo.session is not None
    whole = case.form.desk.determination(demo.session.reviewer())
    assert letter.shown is not None
    lines = [line for line in letter.shown.lines if (line.place.part, line.place.field) == (part, field)]
    page, top, bottom, place, *_ = lines[-1]
    sheet = letter.pages._sheets[page]
    height = (top + bottom) / 2 * letter.pages._scale(letter.pages._sizes[page])
    QTest.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=QPoint(sheet.width() // 2, round(height)))
    assert case.form.shown() == shown
    if place.row is not None:
        assert case.form.current_item() == place.row == whole.case.items[-1].id


def test_a_click_on_a_cell_of_the_header_leads_to_its_own_field(qtbot: QtBot, demo: Shell) -> None:
    case = _case(demo)
    case.form.show_panel("Letter")
    letter = case.letter
    letter.choice.setCurrentIndex(letter.choice.findData("party"))
    qtbot.waitUntil(lambda: not letter._aside.busy and 0 < letter.pages.page_count == letter.pages.drawn, timeout=20000)
    assert demo.session is not None
    assert letter.shown is not None
    printed = letter.shown.lines
    cells = [each for each in printed if each.place.part is Part.HEADER and each.place.field]
    led = {}
    for each in cells:
        letter.pages.pressed.emit(each.page, each.left + 3, each.top + 3)
        led[each.place.field] = case.form.case_panel.field_in_focus()
    assert {"case_number", "date_of_injury", "employee", "claims_administrator", "priority"} <= set(led)
    for wanted, reached in led.items():
        assert wanted is not None
        assert reached is not None
        assert reached == wanted.removeprefix("imro.") or reached.startswith(f"{wanted}."), wanted
    beside = [each for each in cells if each.right < 400]
    assert beside, "cells that share a line lead each to its own"


def test_a_field_leads_to_its_sentence_and_what_changed_since_the_last_look_is_marked(
    qtbot: QtBot, demo: Shell
) -> None:
    case = _case(demo)
    letter, desk = case.letter, case.form.desk

    def settled() -> bool:
        idle = not letter._aside.busy and not letter._rest.isActive() and not letter._stale
        return idle and letter.pages.settled and letter.pages.drawn == letter.pages.page_count

    case.form.show_panel("Letter")
    letter.choice.setCurrentIndex(letter.choice.findData("submission"))
    qtbot.waitUntil(settled, timeout=20000)
    item = desk.case.items[0]
    case.form.show_place(Place(Part.ITEMS, item.id, "rationale"))
    field = case.form.items_panel.form.rationale
    first, second, *_ = (each.strip() for each in field.narrative().text.split(". "))
    at = field.narrative().text.index(second)
    field.select_span(at + 4, at + 4)
    demo.commander.run("in_letter")
    assert case.form.shown() == "Letter"
    qtbot.waitUntil(lambda: settled() and bool(letter._lit), timeout=20000)
    lit = " ".join(" ".join(line.text.split()) for line in letter._lit)
    assert second in lit
    assert " ".join(first.split()[:5]) not in lit
    assert all(line.place.row == item.id for line in letter._lit)
    shown = letter.pages._sheets[letter._lit[0].page]
    assert [line for line in letter.pages._lit if line.page == letter._lit[0].page] == shown._lit
    assert letter.looks.isHidden(), "nothing changed since it was looked at"

    case.form.show_panel("Items")
    before = item.rationale
    desk.write_rationale(item.id, Narrative(before.text.replace(first, f"{first} undoubtedly", 1)))
    case.form.show_panel("Letter")
    qtbot.waitUntil(lambda: settled() and letter.looks.isVisible(), timeout=20000)
    assert [line for line in letter.looks.changed if "undoubtedly" in line.text] == list(letter.looks.changed)
    assert "One line has changed" in letter.looks.said.text()
    page = letter.looks.changed[0].page
    assert letter.pages._sheets[page]._changed == list(letter.looks.changed)
    assert "undoubtedly" in letter.pages._sheets[page].accessibleDescription()
    letter.looks.following.click()
    letter.looks.all_seen.click()
    assert not letter.looks.isVisible()
    assert demo.session is not None
    assert "submission" in demo.session.setting(f"letter looked at {case.case_id}")

    demo.commander.run("letter_beside")
    case.form.show_place(Place(Part.ITEMS, item.id, "rationale"))
    assert letter.isVisible(), "beside the form"
    assert not case.record.isVisible()
    field.select_span(at, at)
    desk.undo()
    qtbot.waitUntil(lambda: settled() and bool(letter.looks.changed) and bool(letter._lit), timeout=20000)
    assert item.id == letter._lit[0].place.row, "it goes along with the field"
    at_first = letter._lit
    field.put_caret(len(before.text))
    qtbot.waitUntil(lambda: bool(letter._lit) and letter._lit != at_first, timeout=20000)
    case.record.go_to(case.form.desk.case.sources[0].pages()[2].ref)
    assert case.record.isVisible(), "a page that is asked for is seen"
    assert not letter.isVisible()
    demo.commander.run("letter_beside")
    demo.commander.run("find_in_record")
    assert case.record.isVisible()
    assert desk.case.item(item.id).rationale == before


def test_the_letter_follows_an_edit(qtbot: QtBot, demo: Shell) -> None:
    case = _case(demo)
    case.form.show_panel("Letter")
    letter, desk = case.letter, case.form.desk
    qtbot.waitUntil(lambda: not letter._aside.busy and bool(letter.pdf), timeout=20000)
    before = letter.pdf
    item = desk.add_item("A planted item")
    qtbot.waitUntil(lambda: letter.pdf != before, timeout=20000)
    desk.remove_item(item)
    qtbot.waitUntil(lambda: letter.pdf == before, timeout=20000)


def test_a_draft_is_exported_whole(demo: Shell, tmp_path: Path) -> None:
    case = _case(demo)
    case.letter.choice.setCurrentIndex(0)
    case.letter.export_to(tmp_path / "draft.pdf")
    assert (tmp_path / "draft.pdf").read_bytes().startswith(b"%PDF")
    assert "not signed" in demo.notice.text
    (tmp_path / "folder.pdf").mkdir()
    case.letter.export_to(tmp_path / "folder.pdf")
    assert case.letter.fault.text.count(".") >= 2
    case.letter.fault.clear()


def _dialog(window: Shell) -> IssueDialog:
    window.commander.run("issue")
    return next(each for each in window.findChildren(IssueDialog) if each.isVisible())


def test_blocking_findings_are_listed_stop_issuing_and_lead_to_their_place(qtbot: QtBot, demo: Shell) -> None:
    case = _case(demo)
    desk = case.form.desk
    item = desk.add_item("A treatment that nobody decided")
    dialog = _dialog(demo)
    assert any(finding.place.row == item for finding in dialog.blocking)
    dialog.understood.setChecked(True)
    assert not dialog.go.isEnabled()
    assert not dialog.go.isVisible()
    row = next(number for number, finding in enumerate(dialog.blocking) if finding.place.row == item)
    rect = dialog.list.visualItemRect(dialog.list.item(row))
    dialog.list.scrollToItem(dialog.list.item(row))
    QTest.mouseClick(dialog.list.viewport(), Qt.MouseButton.LeftButton, pos=rect.center())
    qtbot.waitUntil(lambda: case.form.shown() == "Items")
    assert case.form.current_item() == item
    desk.remove_item(item)


def test_the_checks_tab_has_its_tick_only_where_issue_would_not_refuse(demo: Shell) -> None:
    """A warning without an answer stops the letter, so the tab counts it in place of the tick."""
    case = _case(demo)
    desk = case.form.desk
    assert case.form.progress_of("Checks") == "Checks ✓"
    answered = [finding for finding in case.checks.findings if finding.answer and finding.severity is Severity.WARNS]
    for number, finding in enumerate(answered[:2], 1):
        desk.take_back_answer(finding)
        case.checks.check()
        assert case.form.progress_of("Checks") == f"Checks {number} to answer"
        dialog = _dialog(demo)
        assert len(dialog.blocking) == number
        assert not dialog.go.isVisible()
        dialog.reject()
    assert case.strip.checks.text() == "2 warnings"
    for _ in range(2):
        desk.undo()
    case.checks.check()
    assert case.form.progress_of("Checks") == "Checks ✓"


def test_what_was_changed_after_it_was_read_is_not_signed(qtbot: QtBot, demo: Shell, tmp_path: Path) -> None:
    case = _case(demo)
    desk = case.form.desk
    dialog = _dialog(demo)
    dialog.folder.setText(str(tmp_path))
    dialog.understood.setChecked(True)
    before = desk.case.clinical_summary
    desk.write_summary(Narrative(f"{before.text} One more word."))
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.fault.text != "", timeout=60000)
    assert "have not been read since the last change" in dialog.fault.text
    assert list(tmp_path.iterdir()) == []
    dialog.reject()
    desk.undo()


def test_three_sealed_letters_leave_and_are_filed(qtbot: QtBot, demo: Shell, tmp_path: Path) -> None:
    case = _case(demo)
    assert open_findings(case.checks.findings) == ()
    dialog = _dialog(demo)
    assert not dialog.go.isEnabled()
    assert (dialog.own.currentData(), dialog.others.currentData()) == ("reviewer", "office")
    dialog.folder.setText(str(tmp_path))
    QTest.mouseClick(dialog.understood, Qt.MouseButton.LeftButton, pos=dialog.understood.rect().center() / 8)
    dialog.understood.setChecked(True)
    assert dialog.go.isEnabled()
    assert "late" in case.strip.due.text()
    with qtbot.waitSignal(dialog.issued, timeout=60000) as told:
        QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    assert told.args is not None
    files = sorted(told.args[0].files)
    assert [file.parent for file in files] == [tmp_path] * 3
    assert demo.session is not None
    for file in files:
        assert verifying.verify(file.read_bytes(), demo.session.vault.trust_roots()).intact
    assert len(case.form.desk.store.letters()) == 3
    assert "3 letters" in demo.notice.text
    # What has left is late no more, and every day of the strip is written in one form.
    assert case.strip.due.text() == f"Issued {datetime.now(UTC).astimezone():%m/%d/%Y}"
    assert case.strip.due.property("says") == "good"
    assert case.strip.due.toolTip() == "It was due 09/01/2024."
    assert "Injury 03/21/2021  ·  UR 06/24/2024" in case.strip.facts.text()
    case.desk.keep_header(replace(case.desk.case.header, priority=Priority.EXPEDITED))
    assert case.strip.due.text().startswith("Issued ")
    case.desk.undo()
    assert not [each for each in demo.findChildren(QDialog) if each.isVisible()]


def test_a_letter_is_not_issued_twice_under_one_name(qtbot: QtBot, demo: Shell, tmp_path: Path) -> None:
    dialog = _dialog(demo)
    dialog.folder.setText(str(tmp_path))
    dialog.understood.setChecked(True)
    QTest.mouseClick(dialog.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.fault.text != "", timeout=60000)
    assert "corrects it" in dialog.fault.text
    assert list(tmp_path.iterdir()) == []
    dialog.reject()
