# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case at work: opened, edited, checked, undone, left and found again as it was."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QTreeWidgetItem
from pytestqt.qtbot import QtBot

from imr_desktop.casework import intake, reading
from imr_desktop.checks import Severity
from imr_desktop.models.care import Dismissal, Reason
from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.items import Outcome
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Box, PageWords
from imr_desktop.storage import Vault
from imr_desktop.storage.page_index import PageReading, Stage
from imr_desktop.storage.troubles import DiskFull
from imr_desktop.ui.answer_dialog import AnswerDialog
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.checks_panel import _FINDING, counts
from imr_desktop.ui.settings import MARK_SOURCES
from imr_desktop.ui.shell import Shell
from tests.ui.conftest import PASSPHRASE, fill, write_pdf

_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture(scope="module")
def with_records(tmp_path_factory: pytest.TempPathFactory, qapp: QApplication) -> Path:
    """The filled vault with two files of records in its first case, closed; each test has a copy of it."""
    place = tmp_path_factory.mktemp("records")
    folder = fill(place / "vault")
    paths = [write_pdf(place / "denial.pdf", pages=2), write_pdf(place / "records.pdf", pages=3)]
    with Vault.open(folder, PASSPHRASE) as vault:
        *_, last = intake.take_in(vault, paths, into=vault.cases()[0].id)
        assert last.case_id == vault.cases()[0].id
    return folder


@pytest.fixture
def filled(folder: Path, with_records: Path) -> Path:
    """That vault, for one test."""
    shutil.copytree(with_records, folder)
    return folder


@pytest.fixture
def case(qtbot: QtBot, unlocked: Shell) -> CaseWindow:
    """The first case of the vault, with two files of records, open."""
    unlocked.worklist.table.setFocus()
    QTest.keyClick(unlocked.worklist.table, Qt.Key.Key_Return)
    assert unlocked.case is not None
    qtbot.waitUntil(lambda: unlocked.case is not None and unlocked.case.record.view.current is not None)
    return unlocked.case


def test_a_case_opens_with_its_facts_in_view(case: CaseWindow, unlocked: Shell) -> None:
    assert case.strip.number.text() == "CM14-0000001"
    assert case.strip.worker.text() == "Injured Worker A"
    assert "12/20/2014" in case.strip.due.text()
    assert case.strip.decided.text() == "1 of 2 decided"
    assert case.strip.facts.text() == "Claim CLAIM-1  ·  UR 10/30/2014  ·  Applied 11/20/2014"
    assert case.strip.items.text().endswith("2 Norco 10/325 mg #60 (Upheld)")
    assert case.strip.facts.isVisible()
    assert "CM14-0000001" in unlocked.windowTitle()
    assert case.form.panels() == ("Case", "Documents", "Chronology", "Summary", "Items", "Checks", "Letter", "Evidence")


def test_each_part_of_the_form_has_its_key(case: CaseWindow, unlocked: Shell) -> None:
    for number, name in enumerate(case.form.panels(), 1):
        QTest.keyClick(unlocked, Qt.Key(Qt.Key.Key_0 + number), _ALT)
        assert case.form.shown() == name


def test_panes_are_changed_by_key(case: CaseWindow, unlocked: Shell) -> None:
    pane = case.record.first

    def stop() -> str:
        focus = QApplication.focusWidget() or unlocked
        stops = {"record": pane.view, "rail": pane.rail, "form": case.form}
        return next((name for name, widget in stops.items() if widget is focus or widget.isAncestorOf(focus)), "none")

    if pane.rail.isHidden():
        pane.toggle_rail()
    pane.view.setFocus()
    visited = []
    for _ in range(4):
        QTest.keyClick(unlocked, Qt.Key.Key_F6)
        visited.append(stop())
    assert visited == ["rail", "form", "record", "rail"]
    visited = []
    for _ in range(4):
        QTest.keyClick(unlocked, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
        visited.append(stop())
    assert visited == ["record", "form", "rail", "record"]
    pane.toggle_rail()
    QTest.keyClick(unlocked, Qt.Key.Key_F6)
    assert stop() == "form", "a rail that is not shown is passed over"
    pane.tools.field.setFocus()
    QTest.keyClick(unlocked, Qt.Key.Key_F6)
    assert stop() == "form", "the bars over the pages count as the record"


def test_an_edit_shows_everywhere_and_is_taken_back(case: CaseWindow, unlocked: Shell) -> None:
    desk = case.form.desk
    desk.decide("i1", Outcome.OVERTURNED)
    assert case.strip.decided.text() == "2 of 2 decided"
    case.record.view.setFocus()
    QTest.keyClick(unlocked, Qt.Key.Key_Z, _CTRL)
    assert desk.case.item("i1").outcome is None
    assert case.strip.decided.text() == "1 of 2 decided"
    assert "Decide item 1" in unlocked.notice.text
    QTest.keyClick(unlocked, Qt.Key.Key_Z, _CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert desk.case.item("i1").outcome is Outcome.OVERTURNED


def test_undo_belongs_to_the_text_first(case: CaseWindow, unlocked: Shell) -> None:
    desk = case.form.desk
    desk.decide("i1", Outcome.UPHELD)
    case.show_place(Place(Part.HEADER, None, "claim_number"))
    field = QApplication.focusWidget()
    assert field is not None
    QTest.keyClick(field, Qt.Key.Key_End)
    QTest.keyClicks(field, "77")
    QTest.keyClick(field, Qt.Key.Key_Z, _CTRL)
    assert desk.case.item("i1").outcome is Outcome.UPHELD
    assert desk.case.header.claim_number == "CLAIM-1"


def _findings(case: CaseWindow) -> list[QTreeWidgetItem]:
    case.checks.check()
    tree = case.checks.tree
    tops = [tree.topLevelItem(number) for number in range(tree.topLevelItemCount())]
    return [
        child for top in tops if top is not None for child in (top.child(n) for n in range(top.childCount())) if child
    ]


def test_the_words_of_a_finding_are_underlined_where_they_were_written(qtbot: QtBot, case: CaseWindow) -> None:
    case.form.show_panel("Summary")
    text = case.form.summary_panel.text
    text.setFocus()
    QTest.keyClicks(text, "Sound words. See CM19-0009999 for the same.")
    case.form.flush()
    summary, rationale = case.form.finding_marks
    # Checks of what stood there before may still come in.
    qtbot.waitUntil(lambda: "CM19-0009999" in [words for words, _ in summary.marked])
    [finding] = [finding for words, finding in summary.marked if words == "CM19-0009999"]
    assert finding.id == "QC-09"
    assert rationale.marked == ()
    # The line moves with its words, and the menu leads to the finding.
    QTest.keyClick(text, Qt.Key.Key_Home, _CTRL)
    QTest.keyClicks(text, "New: ")
    assert "CM19-0009999" in [words for words, _ in summary.marked]
    menu = QMenu()
    menu.addAction("Copy")
    text.menu_asked.emit(menu, text.toPlainText().index("CM19") + 3)
    chosen = next(action for action in menu.actions() if action.text().startswith("QC-09"))
    chosen.trigger()
    assert case.form.shown() == "Checks"
    assert case.checks.chosen_check() == "QC-09"


def test_sentences_without_a_source_are_marked_quietly_until_somebody_types(unlocked: Shell, case: CaseWindow) -> None:
    case.form.show_panel("Summary")
    text = case.form.summary_panel.text
    text.setFocus()
    QTest.keyClicks(text, "The worker is 44 years old. Much was discussed. Pain is rated 7/10.")
    quiet = case.form.finding_marks[0]
    assert not quiet.quiet, "nothing is marked while the reviewer types"
    case.form.show_panel("Checks")
    case.form.show_panel("Summary")
    assert list(quiet.quiet) == ["The worker is 44 years old.", "Pain is rated 7/10."]
    # A sentence is excused once, by its menu; the others stay marked.
    menu = QMenu()
    menu.addAction("Copy")
    text.menu_asked.emit(menu, 3)
    next(action for action in menu.actions() if "no source" in action.text()).trigger()
    assert list(quiet.quiet) == ["Pain is rated 7/10."]
    text.setFocus()
    QTest.keyClicks(text, " And")
    assert not quiet.quiet
    case.form.show_panel("Checks")
    assert list(quiet.quiet) == ["Pain is rated 7/10."], "the excuse holds"
    assert unlocked.session is not None
    unlocked.session.keep_setting(MARK_SOURCES, False)
    case.form.mark_without_source()
    assert not quiet.quiet


def test_checking_waits_for_nobody(qtbot: QtBot, unlocked: Shell, case: CaseWindow) -> None:
    """The checks run a little at a time: what is typed meanwhile is not held up, and the last state is what is told."""
    panel = case.checks
    with qtbot.waitSignal(panel.checked):
        pass_before = panel.findings
        case.form.desk.decide("i1", Outcome.UPHELD)
        panel.check_meanwhile()
        assert panel.findings is pass_before, "nothing is told before it is known"
        case.form.desk.decide("i1", None)
    qtbot.waitUntil(lambda: any("no outcome" in each.says or "decided" in each.says for each in panel.findings))


def test_a_finding_leads_to_its_place(qtbot: QtBot, case: CaseWindow, unlocked: Shell) -> None:
    QTest.keyClick(unlocked, Qt.Key.Key_F5)
    assert case.form.shown() == "Checks"
    rows = [row for row in _findings(case) if "item" in row.text(0).lower()]
    assert rows
    tree = case.checks.tree
    tree.setCurrentItem(rows[0])
    QTest.mouseClick(tree.viewport(), Qt.MouseButton.LeftButton, pos=tree.visualItemRect(rows[0]).center())
    assert case.form.shown() == "Items"


def test_a_finding_passes_by_an_answer_that_is_kept_and_taken_back(qtbot: QtBot, case: CaseWindow) -> None:
    checks = case.checks
    row = next(row for row in _findings(case) if (found := row.data(0, _FINDING)).answerable and not found.answer)
    finding = row.data(0, _FINDING)
    open_before = counts(checks.findings)[finding.severity]
    checks.tree.setCurrentItem(row)
    QTest.mouseClick(checks.answer, Qt.MouseButton.LeftButton)
    dialog = checks.findChild(AnswerDialog)
    assert dialog is not None
    assert not dialog.keep.isEnabled(), "an answer needs its reason"
    QTest.keyClicks(dialog.reason, "Asked for and seen on the last page")
    with qtbot.waitSignal(checks.checked):
        QTest.mouseClick(dialog.keep, Qt.MouseButton.LeftButton)
    answered = next(each for each in checks.findings if each.key == finding.key)
    assert answered.answer is not None
    assert answered.answer.reason == "Asked for and seen on the last page"
    assert counts(checks.findings)[finding.severity] == open_before - 1
    with qtbot.waitSignal(checks.checked):
        case.form.desk.undo()
    assert next(each for each in checks.findings if each.key == finding.key).answer is None


def test_a_long_sentence_stands_whole_in_the_question_for_an_answer(qtbot: QtBot, case: CaseWindow) -> None:
    sentence = "The record does not show a home exercise program, which the guideline asks for before it. " * 7
    qtbot.waitUntil(lambda: case.checks.known)
    long = replace(next(each for each in case.checks.findings if each.answerable), says=sentence, about=sentence[:-5])
    dialog = AnswerDialog(case.desk, long, case.checks)
    dialog.show()
    for label in dialog.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width()), label.text()
    dialog.close()


def test_findings_follow_the_case(qtbot: QtBot, case: CaseWindow) -> None:
    before = {finding.place.row for finding in case.checks.findings if finding.place.part is Part.ITEMS}
    assert "i1" in before
    blocks = case.strip.checks.text()
    with qtbot.waitSignal(case.checks.checked):
        case.form.desk.remove_item("i1")
    assert "i1" not in {finding.place.row for finding in case.checks.findings}
    assert case.strip.checks.text() != blocks


def test_findings_follow_the_pages_seen(qtbot: QtBot, case: CaseWindow) -> None:
    """Looking at the record changes nothing that is written, and yet what the checks say of pages not seen."""

    def unseen() -> list[str]:
        return [finding.says for finding in case.checks.findings if "seen" in finding.says]

    qtbot.waitUntil(lambda: case.checks.known)
    before = unseen()
    assert before
    pages = case.record.view.stage.run.pages
    assert len(pages) == 5
    case.record.view.tracker.rule = replace(case.record.view.tracker.rule, seconds=0.0)
    for page in pages:
        case.record.go_to(page.ref)
        qtbot.waitUntil(lambda page=page: page.ref in case.desk.seen())  # type: ignore[misc]
    qtbot.waitUntil(lambda: unseen() != before, timeout=20_000)
    assert unseen() == []
    assert case.strip.checks.text() == f"{counts(case.checks.findings)[Severity.BLOCKS]} blocking"


def test_words_on_a_page_are_cited_into_the_summary_and_lead_back(qtbot: QtBot, case: CaseWindow) -> None:
    view = case.record.view
    view.setFocus()
    case.record.go_to(view.stage.run.pages[0].ref)
    qtbot.waitUntil(lambda: bool(view.words_at(0)), timeout=20000)
    words = view.words_at(0) or ()
    first = next(word for word in words if word.text == "range")
    last = next(word for word in words if word.text == "restricted")
    sheet = view.sheet(0)
    start, end = sheet.rect_of(first.box).center().toPoint(), sheet.rect_of(last.box).center().toPoint()
    QTest.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(view.viewport(), (start + end) / 2)
    QTest.mouseMove(view.viewport(), end)
    QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=end)
    qtbot.waitUntil(lambda: case.record.selection() is not None)
    QTest.keyClick(view, Qt.Key.Key_S)
    (evidence,) = case.form.desk.case.evidence
    assert evidence.passage.text == "range of motion restricted"
    assert case.form.desk.case.clinical_summary.anchors() == (evidence.id,)
    case.record.go_to(view.stage.run.pages[4].ref)
    case.form.anchor_activated.emit(evidence.id)
    page = view.current
    assert page is not None
    assert page.case_page == 1
    case.form.show_panel("Case")
    case.record.evidence_chosen.emit(evidence.id)
    assert case.form.shown() == "Summary"
    assert case.form.summary_panel.text.hasFocus()


def _is_open(window: Shell) -> bool:
    return window.case is not None


def test_the_case_comes_back_as_it_was_left(qtbot: QtBot, case: CaseWindow, unlocked: Shell) -> None:
    QTest.keyClick(unlocked, Qt.Key.Key_4, _ALT)
    case.record.go_to(case.record.view.stage.run.pages[3].ref)
    case.splitter.setSizes([400, 880])
    sizes = case.splitter.sizes()
    QTest.keyClick(unlocked, Qt.Key.Key_W, _CTRL)
    assert not _is_open(unlocked)
    assert unlocked.pages.currentWidget() is unlocked.worklist
    QTest.keyClick(unlocked.worklist.table, Qt.Key.Key_Return)
    again = unlocked.case
    assert again is not None
    assert again.form.shown() == "Summary"
    page = again.record.view.current
    assert page is not None
    assert page.case_page == 4
    assert again.splitter.sizes() == sizes


def test_the_open_case_is_open_again_after_unlocking(
    qtbot: QtBot, case: CaseWindow, unlocked: Shell, passphrase: str
) -> None:
    case_id = case.case_id
    QTest.keyClick(unlocked, Qt.Key.Key_L, _CTRL)
    assert not _is_open(unlocked)
    assert unlocked.unlock is not None
    QTest.keyClicks(unlocked.unlock.passphrase, passphrase)
    QTest.keyClick(unlocked.unlock.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: unlocked.case is not None)
    assert unlocked.case is not None
    assert unlocked.case.case_id == case_id


def test_a_new_case_opens_empty(unlocked: Shell) -> None:
    QTest.keyClick(unlocked, Qt.Key.Key_N, _CTRL)
    assert unlocked.case is not None
    assert unlocked.case.strip.number.text() == "No case number yet"
    QTest.keyClick(unlocked, Qt.Key.Key_N, _CTRL | Qt.KeyboardModifier.ShiftModifier)
    assert len(unlocked.case.form.desk.case.items) == 1


def test_the_palette_goes_to_items_and_pages(qtbot: QtBot, case: CaseWindow, unlocked: Shell) -> None:
    from imr_desktop.ui.palette import Palette

    QTest.keyClick(unlocked, Qt.Key.Key_K, _CTRL)
    palette = unlocked.findChild(Palette)
    assert palette is not None
    QTest.keyClicks(palette.field, "norco")
    assert palette.shown == ("Item 2: Norco 10/325 mg #60",)
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert case.form.current_item() == "i2"
    QTest.keyClick(unlocked, Qt.Key.Key_K, _CTRL)
    palette = next(each for each in unlocked.findChildren(Palette) if each.isVisible())
    QTest.keyClicks(palette.field, "5")
    assert palette.shown[0] == "Page 5"
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    page = case.record.view.current
    assert page is not None
    assert page.case_page == 5


def test_late_records_come_into_the_open_case(
    qtbot: QtBot, case: CaseWindow, unlocked: Shell, make_pdf: Callable[..., Path]
) -> None:
    case_id = case.case_id
    unlocked.importing.take_in([make_pdf("late.pdf", pages=2)], into=case_id)
    qtbot.waitUntil(lambda: not unlocked.importing.running and unlocked.case is not None, timeout=20000)
    assert unlocked.case is not None
    assert unlocked.case.case_id == case_id
    assert [source.name for source in unlocked.case.form.desk.case.sources] == ["denial.pdf", "records.pdf", "late.pdf"]
    assert unlocked.case.record.view.stage.run.pages[-1].case_page == 7


def test_what_was_done_with_pages_is_kept_in_the_vault_and_taken_back(
    qtbot: QtBot, case: CaseWindow, unlocked: Shell
) -> None:
    record, refs = case.record, [page.ref for page in case.record.view.stage.run.pages]
    record.go_to(refs[1])
    QTest.keyClick(unlocked, Qt.Key.Key_D, _CTRL)
    slip = record.first.marking.slip
    assert slip is not None
    slip.reason.setCurrentIndex(slip.reason.findData(Reason.COPY))
    slip.done.click()
    record.go_to(refs[2])
    QTest.keyClick(unlocked, Qt.Key.Key_B, _CTRL)
    QTest.keyClick(unlocked, Qt.Key.Key_Plus, _CTRL | Qt.KeyboardModifier.ShiftModifier)
    record.first.marking.note_at(refs[3], 100, 120)
    note = record.first.marking.slip
    assert note is not None
    note.text.setPlainText("Ask for the missing page")
    note.done.click()
    QTest.keyClick(unlocked, Qt.Key.Key_Backslash, _CTRL)
    assert record.second is not None
    record.second.go_to(refs[4])
    dismissed = reading.record(case.form.desk.store).pages[1]
    assert dismissed.dismissed == Reason.COPY.words, "the checks hear of it"
    assert dismissed.covered
    QTest.keyClick(unlocked, Qt.Key.Key_W, _CTRL)
    assert not _is_open(unlocked)
    QTest.keyClick(unlocked.worklist.table, Qt.Key.Key_Return)
    again = unlocked.case
    assert again is not None
    assert again.record.second is not None, "the split comes back"
    assert again.record.second.view.current_place() == 4
    first = again.record.first
    assert first.coverage.state(refs[1]).dismissal == Dismissal(Reason.COPY)
    assert first.coverage.state(refs[2]).bookmarked
    assert first.view.stage.rotations == {refs[2]: 90}
    assert [mark.note for mark in first.view.overlays.own.by_id.values()] == ["Ask for the missing page"]
    for _ in range(2):
        again.undo()
    assert first.view.overlays.own.by_id == {}
    assert first.view.stage.rotations == {}
    assert again.record.second.view.stage.rotations == {}


def test_words_are_found_in_what_was_read(qtbot: QtBot, case: CaseWindow, unlocked: Shell) -> None:
    record = case.record
    QTest.keyClick(unlocked, Qt.Key.Key_F, _CTRL)
    bar = record.first.seeking.bar
    QTest.keyClicks(bar.field, "restricted")
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.unsearched.text() == "5 of 5 pages could not be searched: 5 not read yet"
    for _ in reading.read(case.form.desk.store, reading.Plan(ocr=False)):
        pass
    case.link.look_up()
    qtbot.waitUntil(lambda: bar.count.text().endswith("of 5"))
    assert not bar.unsearched.isVisible()
    QTest.keyClick(unlocked, Qt.Key.Key_F3)
    assert record.view.current is not None
    assert record.view.current.case_page == 2


def test_an_anchor_is_peeked_at_without_leaving(qtbot: QtBot, case: CaseWindow) -> None:
    desk, view = case.form.desk, case.record.view
    ref = view.stage.run.pages[4].ref
    passage = Passage((PassagePart(ref, (Box(72, 90, 300, 104),)),), "range of motion restricted")
    evidence = desk.cite(passage, Place(Part.SUMMARY), 0, desk.case.clinical_summary)
    case.form.show_panel("Summary")
    text = case.form.summary_panel.text
    text.put_caret_after(evidence)
    QTest.keyClick(text, Qt.Key.Key_Left)
    peek = case.record.active.peeking
    assert peek.isVisible()
    assert "page 5" in peek.where.text().lower() or "5" in peek.where.text()
    assert case.record.view.current_place() == 0, "the record stays where it is"
    QTest.keyClick(text, Qt.Key.Key_Escape)
    assert not peek.isVisible()


def test_how_long_a_page_must_be_seen_is_a_setting(case: CaseWindow, unlocked: Shell) -> None:
    assert unlocked.session is not None
    assert case.record.view.tracker.rule.seconds == 1.0
    unlocked.session.keep_setting("seen after", 3.0)
    case.profile_changed()
    case.record.toggle_split()
    assert [pane.view.tracker.rule.seconds for pane in case.record.panes] == [3.0, 3.0]


def test_a_full_disk_does_not_keep_a_case_on_the_screen(
    unlocked: Shell, case: CaseWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert unlocked.session is not None
    vault = unlocked.session.vault
    monkeypatch.setattr(type(vault), "keep_setting", _full)
    unlocked.lock()
    assert vault.closed
    assert unlocked.case is None
    assert unlocked.unlock is not None


def _full(*_: object) -> None:
    raise DiskFull()


def test_what_the_machine_saw_turned_stands_upright_also_where_its_words_are_only_guesses(case: CaseWindow) -> None:
    store, pages = case.form.desk.store, case.record.view.stage.run.pages
    for page, stage in zip(pages[:2], (Stage.READ, Stage.UNREADABLE), strict=True):
        found = PageReading(page.ref, page.case_page, stage, turned=90)
        store.pages.keep_read(PageWords(page.ref, page.size), found)
    case.reading.changed.emit()
    assert case.record.view.stage.rotations == {page.ref: 270 for page in pages[:2]}
