# SPDX-License-Identifier: AGPL-3.0-or-later
"""Fields under real keys: what is kept and when, what is wrong, what a redraw leaves alone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QKeySequence, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from imr_desktop.casework.desk import Desk
from imr_desktop.models.case import CaseHeader, Priority
from imr_desktop.models.items import ItemKind
from imr_desktop.models.places import Part, Place
from imr_desktop.ui.form.fields import LONGEST_MS, Choices, Field, LineField
from imr_desktop.ui.form.form import CaseForm
from imr_desktop.ui.form.layout import Scroll, Section
from imr_desktop.ui.form.panel import Panel

Write = Callable[[QWidget, str], None]


def field(form: CaseForm, path: str) -> Field:
    """A field of the case panel by its path."""
    found = form.case_panel.binders()[0].find(path)
    assert isinstance(found, Field)
    form.show_place(Place(Part.HEADER, field=path))
    return found


def test_leaving_a_field_keeps_it_in_one_step(form: CaseForm, desk: Desk, write: Write) -> None:
    write(field(form, "case_number").editor, "CM14-0123456")
    assert desk.case.header.case_number == "CM14-0123456"
    desk.undo()
    assert desk.case.header.case_number == ""
    assert desk.undo_label == "Take in"


def test_unbroken_typing_in_a_field_is_kept_after_ten_seconds_at_the_latest(form: CaseForm, desk: Desk) -> None:
    claim = field(form, "claim_number")
    assert isinstance(claim, LineField)
    QTest.keyClicks(claim.editor, "CLAIM")
    claim._rest.stop()  # the reviewer never rests
    assert 0 < claim._longest.remainingTime() <= LONGEST_MS == 10_000
    claim._longest.timeout.emit()
    assert desk.case.header.claim_number == "CLAIM"
    QTest.keyClicks(claim.editor, "-1")
    claim.commit()
    assert desk.case.header.claim_number == "CLAIM-1"
    # A day that is half typed is not marked in the middle of the typing.
    born = field(form, "employee.birth_date")
    assert isinstance(born, LineField)
    QTest.keyClicks(born.editor, "03/1")
    born._longest.timeout.emit()
    assert born.draft() is None


def test_a_field_that_rests_is_kept_without_being_left(form: CaseForm, desk: Desk, qtbot: QtBot) -> None:
    editor = field(form, "claim_number").editor
    QTest.keyClicks(editor, "CLAIM-1")
    assert desk.case.header.claim_number == ""
    qtbot.waitUntil(lambda: desk.case.header.claim_number == "CLAIM-1", timeout=20_000)
    QTest.keyClicks(editor, "2")
    assert editor.property("text") == "CLAIM-12"


def test_a_redraw_leaves_the_field_being_typed_in_alone(form: CaseForm, desk: Desk) -> None:
    editor = field(form, "claim_number").editor
    assert isinstance(editor, QLineEdit)
    QTest.keyClicks(editor, "CLAIM 1")
    QTest.keyClick(editor, Qt.Key.Key_Left)
    desk.keep_header(CaseHeader(case_number="CM14-0000001", claim_number="OTHER"))
    assert (editor.text(), editor.cursorPosition()) == ("CLAIM 1", 6)
    assert form.case_panel.binders()[0].find("case_number").value == "CM14-0000001"  # type: ignore[union-attr]
    form.flush()
    assert desk.case.header.claim_number == "CLAIM 1"


def test_the_desk_is_told_once(form: CaseForm, desk: Desk, write: Write) -> None:
    labels: list[str] = []
    desk.listen(lambda change: labels.append(change.label))
    write(field(form, "employee.name").editor, "Injured Worker A")
    write(field(form, "employee.name").editor, "Injured Worker A")
    assert labels == ["Edit the case facts"]


@pytest.mark.parametrize("typed", ["7/1/2014", "07/01/2014", "2014-07-01"])
def test_a_date_is_kept_and_shown_in_one_way(form: CaseForm, desk: Desk, write: Write, typed: str) -> None:
    box = field(form, "decision_date")
    write(box.editor, typed)
    assert desk.case.header.decision_date == date(2014, 7, 1)
    assert box.editor.property("text") == "07/01/2014"


def test_a_wrong_date_stays_with_its_sentence_until_it_is_mended(form: CaseForm, desk: Desk, write: Write) -> None:
    box = field(form, "decision_date")
    write(box.editor, "1/8/2015")
    write(box.editor, "13/45/2014")
    assert box.editor.property("text") == "13/45/2014"
    assert box.notice.isVisible()
    assert "not a day" in box.notice.text()
    assert "not a day" in box.editor.accessibleDescription()
    assert desk.case.header.decision_date == date(2015, 1, 8)
    write(field(form, "case_number").editor, "CM14-0123456")
    assert box.editor.property("text") == "13/45/2014", "a redraw must not lose what was typed"
    write(box.editor, "1/9/2015")
    assert desk.case.header.decision_date == date(2015, 1, 9)
    assert not box.notice.isVisible()
    write(box.editor, "")
    assert desk.case.header.decision_date is None


def test_wrong_text_gives_way_when_the_case_changes_under_it(form: CaseForm, desk: Desk, write: Write) -> None:
    box = field(form, "decision_date")
    write(box.editor, "1/8/2015")
    write(box.editor, "soon")
    desk.undo()
    assert box.editor.property("text") == ""
    assert not box.notice.isVisible()


def test_a_choice_is_kept_at_once_and_the_wheel_leaves_it_alone(form: CaseForm, desk: Desk) -> None:
    box = field(form, "priority").editor
    assert isinstance(box, Choices)
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert desk.case.header.priority is Priority.EXPEDITED
    down = QPoint(0, -120)
    wheel = QWheelEvent(
        QPointF(5, 5),
        QPointF(5, 5),
        down,
        down,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, wheel)
    desk.undo()
    QApplication.sendEvent(box, wheel)
    assert box.currentText() == "Standard"
    assert desk.undo_label == "Take in"


def test_lines_are_an_address(form: CaseForm, desk: Desk, write: Write) -> None:
    write(field(form, "employee.address").editor, "1 Example Street\nSacramento CA 95814")
    assert desk.case.header.employee.address == ("1 Example Street", "Sacramento CA 95814")


def test_undo_belongs_first_to_the_text_then_to_the_case(form: CaseForm, desk: Desk, write: Write) -> None:
    undo = QAction("Undo", form)
    undo.setShortcut(QKeySequence.StandardKey.Undo)
    undo.triggered.connect(lambda: form.undo_text() or desk.undo())
    form.addAction(undo)
    write(field(form, "case_number").editor, "CM14-0123456")
    editor = field(form, "claim_number").editor
    QTest.keyClicks(editor, "X")
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert editor.property("text") == ""
    assert desk.case.header.case_number == "CM14-0123456"
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.case.header.case_number == ""


def test_every_field_has_a_name_and_a_label_that_leads_to_it(form: CaseForm) -> None:
    nameless = [
        f"{type(each).__name__} {each.objectName()}"
        for each in form.findChildren(QWidget)
        if each.focusPolicy() is not Qt.FocusPolicy.NoFocus
        and not each.accessibleName()
        and type(each).__name__ not in {"QTabWidget", "QTabBar", "QComboBoxPrivateContainer", "QComboBoxListView"}
        and each.objectName() != "qt_scrollarea_viewport"
        and type(each).__name__ not in {"QScrollBar", "QListView", "QHeaderView"}
    ]
    assert nameless == []
    for box in form.findChildren(Field):
        assert box.label.buddy() is not None, box.name
        assert isinstance(box.label, QLabel)


def test_nothing_is_wider_than_a_narrow_window(form: CaseForm, desk: Desk) -> None:
    item = desk.add_item("A" * 300)
    desk.keep_item(replace(desk.case.item(item), kind=ItemKind.UR_MODIFIED_REMAINDER))
    form.resize(560, 640)
    for section in form.findChildren(Section):
        section.open()
    for name in form.panels():
        form.show_panel(name)
        QApplication.processEvents()
        assert form.width() == 560
        for area in form.findChildren(Scroll):
            content = area.widget()
            assert content is not None
            assert content.minimumSizeHint().width() <= 540
    for panel in form.findChildren(Panel):
        assert panel.minimumSizeHint().width() <= 560
        assert panel.minimumSizeHint().height() <= 580, type(panel).__name__
    buttons = form.items_panel.form.outcome.buttons.values()
    assert all(button.isVisible() and button.height() >= 30 for button in buttons), "the decision is always in reach"
