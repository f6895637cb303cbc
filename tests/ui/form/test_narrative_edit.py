# SPDX-License-Identifier: AGPL-3.0-or-later
"""The narrative field: chips among the words, under real keys and mouse."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleTextInterface, QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from imr_desktop.casework.desk import Desk
from imr_desktop.models.evidence import Passage
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Document, DocumentType
from imr_desktop.ui.form import fields
from imr_desktop.ui.form.form import CaseForm
from imr_desktop.ui.form.hover import HOVER_MS
from imr_desktop.ui.form.narrative_edit import NarrativeEdit

MakePassage = Callable[..., Passage]


@pytest.fixture
def text(form: CaseForm) -> NarrativeEdit:
    """The summary's field, in view and with the focus."""
    form.show_place(Place(Part.SUMMARY))
    return form.summary_panel.text


@pytest.fixture
def cited(form: CaseForm, desk: Desk, text: NarrativeEdit, passage: MakePassage) -> str:
    """``Pain ▢ more`` in the summary; gives the evidence's id."""
    return desk.cite(passage(), Place(Part.SUMMARY), 5, Narrative("Pain  more"))


def caret(text: NarrativeEdit, position: int) -> None:
    cursor = text.textCursor()
    cursor.setPosition(position)
    text.setTextCursor(cursor)


def middle_of_chip(text: NarrativeEdit, position: int) -> QPoint:
    cursor = QTextCursor(text.document())
    cursor.setPosition(position)
    start = text.cursorRect(cursor)
    return QPoint(start.left() + 12, start.center().y())


def test_typing_becomes_one_step_when_the_field_is_left(form: CaseForm, desk: Desk, text: NarrativeEdit) -> None:
    QTest.keyClicks(text, "Claimant is a 65 year old female.")
    assert not desk.case.clinical_summary
    text.clearFocus()
    assert desk.case.clinical_summary.text == "Claimant is a 65 year old female."
    desk.undo()
    assert text.toPlainText() == ""
    desk.redo()
    assert text.toPlainText() == "Claimant is a 65 year old female."


def test_text_is_kept_while_a_letter_is_being_composed(form: CaseForm, desk: Desk, text: NarrativeEdit) -> None:
    QTest.keyClicks(text, "Pain ")
    QApplication.sendEvent(text, QInputMethodEvent("´", []))
    form.flush()
    assert desk.case.clinical_summary.text == "Pain "
    composed = QInputMethodEvent()
    composed.setCommitString("é")
    QApplication.sendEvent(text, composed)
    form.flush()
    assert desk.case.clinical_summary.text == "Pain é"


def test_text_that_rests_is_kept(desk: Desk, text: NarrativeEdit, qtbot: QtBot) -> None:
    QTest.keyClicks(text, "Pain")
    qtbot.waitUntil(lambda: desk.case.clinical_summary.text == "Pain", timeout=20_000)


def test_unbroken_typing_is_kept_after_ten_seconds_at_the_latest(desk: Desk, text: NarrativeEdit) -> None:
    assert fields.LONGEST_MS == 10_000
    QTest.keyClicks(text, "a")
    text._rest.stop()  # the reviewer never rests
    remaining = text._longest.remainingTime()
    QTest.keyClicks(text, "b")
    text._rest.stop()
    assert 0 < text._longest.remainingTime() <= remaining <= 10_000
    text._longest.timeout.emit()
    assert desk.case.clinical_summary.text == "ab"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(st.text(st.sampled_from("ab \n\t\u00a0\U0001f600é"), max_size=6), st.just("[[e:0a]]")), max_size=6
    )
)
def test_no_narrative_is_lost_by_being_shown(text: NarrativeEdit, pieces: list[str]) -> None:
    narrative = Narrative("".join(pieces))
    text.show_value(narrative)
    assert text.narrative() == narrative


def test_a_chip_is_passed_and_deleted_as_one(desk: Desk, text: NarrativeEdit, cited: str) -> None:
    token = f"[[e:{cited}]]"
    assert desk.case.clinical_summary.text == f"Pain {token} more"
    caret(text, 5)
    QTest.keyClick(text, Qt.Key.Key_Right)
    assert text.textCursor().position() == 6
    assert text.caret_offset() == 5 + len(token)
    QTest.keyClick(text, Qt.Key.Key_Backspace)
    text.commit()
    assert desk.case.clinical_summary.text == "Pain  more"
    desk.undo()
    assert text.narrative().anchors() == (cited,)


def test_typing_after_a_chip_is_plain_text(desk: Desk, text: NarrativeEdit, cited: str) -> None:
    caret(text, 6)
    QTest.keyClicks(text, "x")
    text.commit()
    assert desk.case.clinical_summary.text == f"Pain [[e:{cited}]]x more"


def test_enter_goes_to_the_page_of_the_chip_just_passed_and_else_ends_the_paragraph(
    form: CaseForm, text: NarrativeEdit, cited: str, qtbot: QtBot
) -> None:
    caret(text, 5)
    QTest.keyClick(text, Qt.Key.Key_Right)
    with qtbot.waitSignal(form.anchor_activated) as gone:
        QTest.keyClick(text, Qt.Key.Key_Return)
    assert gone.args == [cited]
    assert "\n" not in text.narrative().text
    QTest.keyClick(text, Qt.Key.Key_Escape)
    QTest.keyClick(text, Qt.Key.Key_Return)
    assert text.narrative().text == f"Pain [[e:{cited}]]\n more"
    with qtbot.waitSignal(form.anchor_activated):
        caret(text, 6)
        QTest.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_ctrl_enter_steps_through_the_chips_of_a_sentence(form: CaseForm, text: NarrativeEdit) -> None:
    went: list[str] = []
    form.anchor_activated.connect(went.append)
    text.show_value(Narrative("Pain [[e:a]] and spasm [[e:b]] are told [[e:c]]. Later [[e:d]] none."))
    caret(text, text.toPlainText().index("."))
    for _ in range(4):
        QTest.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert went == ["c", "a", "b", "c"]
    caret(text, text.toPlainText().index("none"))
    QTest.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert went[-1] == "d"


def test_shift_enter_is_a_paragraph_too(text: NarrativeEdit) -> None:
    QTest.keyClicks(text, "one")
    QTest.keyClick(text, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(text, "two")
    assert text.narrative().printed(str) == ("one", "two")


def test_a_click_on_a_chip_leads_to_its_page_and_hovering_shows_the_quote(
    form: CaseForm, text: NarrativeEdit, cited: str, qtbot: QtBot
) -> None:
    point = middle_of_chip(text, 5)
    with qtbot.waitSignal(form.anchor_activated) as gone:
        QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert gone.args == [cited]
    with qtbot.assertNotEmitted(form.anchor_activated):
        QTest.mouseClick(text.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(400, 300))
    QTest.mouseMove(text.viewport(), QPoint(400, 300))
    # Qt's own tool tip would come after 700 ms.
    with qtbot.waitSignal(text.anchor_peeked, timeout=450) as shown:
        QTest.mouseMove(text.viewport(), point)
    assert shown.args == [cited]
    assert "range of motion restricted" in QToolTip.text()
    with qtbot.assertNotEmitted(text.anchor_peeked, wait=3 * HOVER_MS):
        QTest.mouseMove(text.viewport(), point + QPoint(1, 0))
        QTest.mouseMove(text.viewport(), QPoint(400, 300))
        QTest.mouseMove(text.viewport(), point)
        QTest.mouseMove(text.viewport(), QPoint(400, 300))
    assert text._chip_under(point) == 5
    assert text._chip_under(QPoint(400, 300)) is None


def test_copied_between_narratives_the_anchor_comes_along(
    form: CaseForm, desk: Desk, text: NarrativeEdit, cited: str
) -> None:
    item = desk.add_item("Six visits")
    QTest.keyClick(text, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(text, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "Pain p.4 more"
    form.show_place(Place(Part.ITEMS, item, "rationale"))
    rationale = form.items_panel.form.rationale
    QTest.keyClick(rationale, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    rationale.clearFocus()
    assert desk.case.item(item).rationale.text == f"Pain [[e:{cited}]] more"


def test_pasted_text_is_plain_and_without_hidden_characters(desk: Desk, text: NarrativeEdit) -> None:
    data = QMimeData()
    data.setHtml("<h1 style='color:red'>Pain</h1><p><b>8/10</b></p>")
    data.setText("Pa\u00adin\u200b\r\n8/10\u00a0today [[e:abc]]\ufeff")
    QApplication.clipboard().setMimeData(data)
    QTest.keyClick(text, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    text.commit()
    assert desk.case.clinical_summary.text == "Pain\n8/10 today [ [e:abc]]"
    assert desk.case.clinical_summary.anchors() == ()
    assert "<b>" not in text.toHtml()
    assert "font-weight:700" not in text.toHtml()
    # Data of ours that outlives the application in its clipboard brings the process down at its end.
    QApplication.clipboard().clear()


def test_ten_thousand_pasted_words_lose_nothing(desk: Desk, text: NarrativeEdit) -> None:
    words = " ".join(f"word{number}" for number in range(10_000))
    data = QMimeData()
    data.setText(words)
    text.insertFromMimeData(data)
    text.commit()
    assert desk.case.clinical_summary.text == words


def test_a_change_from_outside_keeps_the_caret(desk: Desk, text: NarrativeEdit, cited: str) -> None:
    caret(text, 2)
    before = desk.case.clinical_summary
    desk.write_summary(Narrative(before.text + " and more"))
    assert text.textCursor().position() == 2
    assert not text.document().isUndoAvailable()
    desk.undo()
    assert text.textCursor().position() == 2
    assert text.narrative() == before


def test_undo_takes_back_typing_that_is_not_kept_yet(form: CaseForm, desk: Desk, text: NarrativeEdit) -> None:
    QTest.keyClicks(text, "kept")
    text.commit()
    assert not form.undo_text(), "what is kept belongs to the case's undo"
    QTest.keyClicks(text, " not kept")
    assert form.undo_text()
    assert "not kept" not in text.toPlainText()
    assert desk.case.clinical_summary.text == "kept"


def test_the_chip_is_called_by_what_the_document_is_called_now(
    form: CaseForm, desk: Desk, text: NarrativeEdit, cited: str
) -> None:
    names = form.summary_panel.names
    assert names().label(cited) == "p.4"
    from imr_desktop.ui.form.case_pages import read_pages

    pages = read_pages("3-5", desk.case.sources)
    document = desk.add_document(Document("", DocumentType.PROGRESS_REPORT, "PR-2", date=date(2014, 7, 1), pages=pages))
    assert names().label(cited) == "PR-2 7/1/2014 p.4"
    desk.keep_document(replace(next(d for d in desk.case.documents if d.id == document), date=date(2014, 7, 2)))
    assert names().label(cited) == "PR-2 7/2/2014 p.4"
    desk.remove_evidence(cited)
    assert names().label(cited) == "evidence removed"
    assert text.narrative().anchors() == (cited,)


def test_a_citation_goes_to_the_caret_after_what_was_typed(
    form: CaseForm, desk: Desk, text: NarrativeEdit, passage: MakePassage
) -> None:
    QTest.keyClicks(text, "Pain increased. More.")
    caret(text, 14)
    evidence = form.insert_citation(passage(), "summary")
    assert desk.case.clinical_summary.text == f"Pain increased [[e:{evidence}]]. More."
    assert desk.undo_label == "Cite a passage"
    QTest.keyClicks(text, "!")
    text.commit()
    assert desk.case.clinical_summary.text == f"Pain increased [[e:{evidence}]]!. More."


def test_a_citation_goes_to_the_end_of_a_text_nobody_touched(form: CaseForm, desk: Desk, passage: MakePassage) -> None:
    assert form.insert_citation(passage(), "item") is None
    item = desk.add_item("Six visits")
    desk.write_rationale(item, Narrative("No improvement"))
    form.show_panel("Case")
    first = form.insert_citation(passage(), "item")
    second = form.insert_citation(passage("again"), "item")
    assert desk.case.item(item).rationale.text == f"No improvement [[e:{first}]] [[e:{second}]]"
    assert form.shown() == "Case"


def test_words_are_read_and_replaced_through_the_accessible_text(desk: Desk, text: NarrativeEdit, cited: str) -> None:
    interface = QAccessible.queryAccessibleInterface(text)
    assert interface is not None
    assert interface.text(QAccessible.Text.Name) == "Clinical case summary"
    words = interface.textInterface()
    assert isinstance(words, QAccessibleTextInterface)
    assert words.text(0, 4) == "Pain"
    editable = interface.editableTextInterface()
    assert editable is not None
    editable.replaceText(0, 4, "Ache")
    text.commit()
    assert desk.case.clinical_summary.text == f"Ache [[e:{cited}]] more"


def test_words_of_a_place_are_selected(form: CaseForm, text: NarrativeEdit, cited: str) -> None:
    whole = text.narrative().text
    start = whole.index("more")
    assert form.show_place(Place(Part.SUMMARY, span=(start, start + 4)))
    assert text.textCursor().selectedText() == "more"
