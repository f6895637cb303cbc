# SPDX-License-Identifier: AGPL-3.0-or-later
"""Writing in the window: ``@`` cites, abbreviations expand, Tab walks blanks, misspelled words are mended by key."""

import time
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from imr_desktop.casework import snippets as kept
from imr_desktop.casework.snippets import Snippet
from imr_desktop.models.evidence import Evidence, Passage, PassagePart
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Box, Document, PageRef, PageSize, PageSpan, SourceFile
from imr_desktop.storage import Table
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.shell import Shell

FILE = "c" * 64


@pytest.fixture
def case(unlocked: Shell, qtbot: QtBot) -> CaseWindow:
    """The first case of the vault, with a page to point at."""
    assert unlocked.session is not None
    unlocked.open_case(unlocked.session.rows()[0].case_id)
    assert unlocked.case is not None
    desk = unlocked.case._desk
    with desk.store.step("Take in") as step:
        step.put(Table.SOURCE, FILE, SourceFile(FILE, "r.pdf", 1, 1, (PageSize(612, 792),) * 9))
    desk._present = None
    return unlocked.case


def passage(text: str) -> Passage:
    return Passage((PassagePart(PageRef(FILE, 3), (Box(72, 100, 300, 112),)),), text)


def test_at_offers_evidence_and_documents_and_puts_a_chip_in(case: CaseWindow) -> None:
    desk = case._desk
    evidence = desk.add_evidence(passage("pain is 8/10"))
    desk.add_document(Document("", title="PR-2", pages=(PageSpan(FILE, "r.pdf", 5, 6),)))
    case.form.show_place(Place(Part.SUMMARY))
    field = case.form.summary_panel.text
    QTest.keyClicks(field, "Worse @8/10")
    offered = case.writing.completing[field].list
    assert offered.isVisible()
    assert offered.count() == 1
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert not offered.isVisible()
    assert desk.case.clinical_summary.text == f"Worse [[e:{evidence}]]"
    QTest.keyClicks(field, " and @pr-2")
    QTest.keyClick(field, Qt.Key.Key_Down)
    QTest.keyClick(field, Qt.Key.Key_Tab)
    whole = desk.case.evidence[-1]
    assert whole.passage.start == PageRef(FILE, 5)
    assert desk.case.clinical_summary.anchors() == (evidence, whole.id)
    QTest.keyClicks(field, " write to a@b.org")
    assert not offered.isVisible()
    QTest.keyClicks(field, " @zzz")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.narrative().text.endswith("@zzz\n")


def test_an_abbreviation_expands_and_tab_walks_the_blanks(case: CaseWindow) -> None:
    assert case._session.setting(kept.SNIPPETS) is None
    snippet = Snippet("Opening", "Seen on ‹date› by ‹whom› for {item}", "opn")
    case._session.keep_setting(kept.SNIPPETS, kept.to_setting([snippet]))
    item = case._desk.case.items[0]
    case.form.show_place(Place(Part.ITEMS, item.id, "rationale"))
    field = case.form.items_panel.form.rationale
    QTest.keyClicks(field, "opn ")
    assert field.toPlainText() == f"Seen on ‹date› by ‹whom› for {item.heading} "
    QTest.keyClick(field, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(field, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert field.textCursor().selectedText() == "‹date›"
    QTest.keyClicks(field, "7/1/2014")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    QTest.keyClicks(field, "Dr. A")
    assert field.toPlainText().startswith("Seen on 7/1/2014 by Dr. A for")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert not field.hasFocus()
    (used,) = case.writing.snippets()
    assert used.uses[0].case == case._desk.case.header.case_number
    assert used.uses[0].item == 1


def test_misspelled_words_are_underlined_and_mended(case: CaseWindow) -> None:
    case._desk.write_summary(Narrative("He takes hydrocodne daily. Zqxv."))
    field = case.form.summary_panel.text
    marks = case.writing.spelling[field]
    marks.look()
    assert marks.wrong == ("hydrocodne", "Zqxv")
    case.acts()["next_misspelling"]()
    assert field.textCursor().selectedText() == "hydrocodne"
    menu = QMenu()
    menu.addAction("Undo")
    field.menu_asked.emit(menu, field.textCursor().position())
    offered = [action.text() for action in menu.actions()]
    assert offered[0] == "hydrocodone"
    menu.actions()[0].trigger()
    assert field.toPlainText() == "He takes hydrocodone daily. Zqxv."
    case.writing.speller.add("zqxv")
    marks.added.emit("zqxv")
    marks.look()
    assert list(field.extraSelections()) == []
    assert case._session.setting("spelling_words") == ["zqxv"]
    field.commit()
    assert case._desk.undo() is not None


def test_a_request_becomes_items_only_when_confirmed(case: CaseWindow, qtbot: QtBot) -> None:
    case.form.show_place(Place(Part.SUMMARY))
    before = len(case._desk.case.items)
    field = case.form.summary_panel.text
    QTest.keyClicks(field, "Norco #60, MRI L/S, PT 2x6")
    field.selectAll()
    dialog = case.writing.split_request()
    assert [part.wording for part in dialog.ticked()] == ["Norco #60", "MRI L/S", "PT 2x6"]
    assert len(case._desk.case.items) == before
    row = dialog.list.topLevelItem(1)
    assert row is not None
    row.setCheckState(0, Qt.CheckState.Unchecked)
    QTest.mouseClick(dialog.accept_ticked, Qt.MouseButton.LeftButton)
    added = case._desk.case.items[before:]
    assert [item.heading for item in added] == ["Norco #60", "PT 2x6"]
    assert added[1].quantity.sessions == 12
    assert {item.outcome for item in added} == {None}


def test_words_are_found_and_replaced_across_the_letter(case: CaseWindow) -> None:
    case._desk.write_summary(Narrative("The left knee."))
    dialog = case.writing.find_and_replace()
    dialog.sought.setText("left")
    dialog.by.setText("right")
    assert dialog.count.text() == "1 place"
    QTest.mouseClick(dialog.all, Qt.MouseButton.LeftButton)
    assert case._desk.case.clinical_summary.text == "The right knee."
    dialog.reject()


def test_a_rationale_of_another_case_comes_with_its_facts_blanked(case: CaseWindow) -> None:
    first, second = case._desk.case.items
    case._desk.write_rationale(first.id, Narrative("The 65 year old female had 12 visits on 7/1/2014."))
    case.form.show_place(Place(Part.ITEMS, second.id, "rationale"))
    picker = case.writing.reuse_rationale()
    assert picker is not None
    QTest.keyClick(picker.field, Qt.Key.Key_Return)
    case.form.flush()
    assert case._desk.case.item(second.id).rationale.text == "The ‹age› ‹sex› had ‹number› visits on ‹date›."


def test_where_does_it_say_this_leads_to_the_page_and_makes_the_anchor(
    unlocked: Shell, qtbot: QtBot, make_pdf: object, tmp_path: Path
) -> None:
    from imr_desktop.casework.intake import take_in
    from imr_desktop.casework.reading import Plan, read

    assert unlocked.session is not None
    case_id = unlocked.session.rows()[0].case_id
    store = unlocked.session.vault.case(case_id)
    path = make_pdf("records.pdf", 3, "seen on July 1, 2014")  # type: ignore[operator]
    for _ in take_in(unlocked.session.vault, [path], into=case_id):
        pass
    for _ in read(store, Plan(ocr=False)):
        pass
    unlocked.open_case(case_id)
    case = unlocked.case
    assert case is not None
    case.form.show_place(Place(Part.SUMMARY))
    field = case.form.summary_panel.text
    QTest.keyClicks(field, "Seen 7/1/2014")
    field.select_span(5, 13)
    picker = case.writing.where_does_it_say()
    assert picker is not None
    assert picker.list.count() == 3
    QTest.keyClick(picker.field, Qt.Key.Key_Down)
    with qtbot.waitSignal(case.writing.page_wanted) as gone:
        QTest.keyClick(picker.field, Qt.Key.Key_Return)
    assert gone.args is not None
    assert gone.args[0].page == 1
    picker.act(1)
    (evidence,) = case._desk.case.evidence
    assert evidence.passage.start.page == 1
    assert case._desk.case.clinical_summary.text == f"Seen 7/1/2014 [[e:{evidence.id}]]"


def test_pasted_text_of_another_case_is_named(case: CaseWindow, unlocked: Shell) -> None:
    said: list[str] = []
    case.told.connect(said.append)
    data = QMimeData()
    data.setText("Injured Worker B was seen. See CM14-0000002 and CM19-1234567.")
    field = case.form.summary_panel.text
    field.insertFromMimeData(data)
    assert said == [
        "The pasted text speaks of another case: CM14-0000002, CM19-1234567, Injured Worker B. Undo takes it back; "
        "else mend it now."
    ]
    data.setText(f"{case.desk.case.header.employee.name} was seen again.")
    field.insertFromMimeData(data)
    assert len(said) == 1, "the case's own worker is nobody else"


def test_from_a_sentence_to_its_page_and_back_among_300_anchors_is_quick(case: CaseWindow, qtbot: QtBot) -> None:
    desk = case.desk
    case.record.show_record(desk.case.sources, ())
    kept = [f"{number:x}" for number in range(300)]
    with desk.store.step("Keep evidence") as step:
        for each in kept:
            step.put(Table.EVIDENCE, each, Evidence(each, passage(f"fact {each}")))
    desk._present = None
    desk.write_summary(Narrative("\n".join(f"Fact {number} [[e:{each}]]." for number, each in enumerate(kept))))
    case.show_place(Place(Part.SUMMARY))
    for each in kept[::60]:
        for way in (case._show_evidence, case._show_use):
            began = time.perf_counter()
            way(each)
            assert time.perf_counter() - began < 0.3
        assert case.form.summary_panel.text.hasFocus()
        assert case.record.view.current == next(page for page in desk.case.sources[0].pages() if page.ref.page == 3)
