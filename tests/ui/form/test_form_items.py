# SPDX-License-Identifier: AGPL-3.0-or-later
"""Disputed items: added, ordered, worded, decided and reasoned, over a real desk."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from imr_desktop.casework.desk import Desk
from imr_desktop.models.evidence import Passage
from imr_desktop.models.items import (
    Contrast,
    Criterion,
    CriterionMet,
    DisputedItem,
    ItemKind,
    Outcome,
    Quantity,
    RentalOrPurchase,
    Side,
    StandardRank,
    Treatment,
    UrOutcome,
)
from imr_desktop.models.places import Part, Place
from imr_desktop.ui.form.fields import ChoiceField, Field
from imr_desktop.ui.form.form import CaseForm
from imr_desktop.ui.form.layout import UndoBar
from tests.kit.hands import pick, press

Write = Callable[[QWidget, str], None]


def editor(form: CaseForm, path: str) -> Field:
    found = form.items_panel.form.binder.find(path)
    assert isinstance(found, Field), path
    form.show_place(Place(Part.ITEMS, form.current_item(), path))
    return found


def test_an_added_item_waits_for_its_wording(form: CaseForm, desk: Desk) -> None:
    form.show_panel("Items")
    press(form.items_panel.add)
    focus = QApplication.focusWidget()
    assert focus is not None
    assert focus.accessibleName() == "Wording of the item"


def test_no_outcome_is_chosen_until_the_reviewer_chooses(form: CaseForm, desk: Desk, item: str) -> None:
    choice = form.items_panel.form.outcome
    assert not any(button.isChecked() for button in choice.buttons.values())
    assert desk.case.item(item).outcome is None
    press(choice.buttons[Outcome.OVERTURNED])
    assert desk.case.item(item).outcome is Outcome.OVERTURNED
    QTest.keyClick(editor(form, "heading").editor, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    assert desk.case.item(item).outcome is Outcome.UPHELD
    assert [button.isChecked() for button in choice.buttons.values()] == [True, False]
    QTest.keyClick(editor(form, "heading").editor, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
    assert desk.case.item(item).outcome is Outcome.OVERTURNED
    row = form.items_panel.list.topLevelItem(0)
    assert row is not None
    assert row.text(2) == "Overturned, no rationale"
    press(choice.back)
    assert desk.case.item(item).outcome is None
    assert not any(button.isChecked() for button in choice.buttons.values())
    desk.undo()
    assert choice.buttons[Outcome.OVERTURNED].isChecked()


def test_the_decision_keys_work_only_inside_the_item_form(form: CaseForm, desk: Desk, item: str) -> None:
    form.items_panel.list.setFocus()
    QTest.keyClick(form.items_panel.list, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    assert desk.case.item(item).outcome is None


def test_items_are_ordered_by_keys_and_by_dragging(form: CaseForm, desk: Desk, item: str) -> None:
    second, third = desk.add_item("Second"), desk.add_item("Third")
    rows = form.items_panel.list
    form.items_panel.choose(item)
    QTest.keyClick(rows, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert [each.id for each in desk.case.items] == [second, item, third]
    assert form.current_item() == item

    def at(index: int, share: float) -> QPoint:
        row = rows.topLevelItem(index)
        assert row is not None
        box = rows.visualItemRect(row)
        return QPoint(80, int(box.top() + box.height() * share))

    port = rows.viewport()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=at(2, 0.5))
    QTest.mouseMove(port, at(1, 0.5))
    QTest.mouseMove(port, at(0, 0.2))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=at(0, 0.2))
    assert [each.id for each in desk.case.items] == [third, second, item]
    assert form.current_item() == third
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=at(1, 0.5))
    assert form.current_item() == second
    assert [each.id for each in desk.case.items] == [third, second, item]


def test_a_removed_item_comes_back_with_one_press(form: CaseForm, desk: Desk, item: str) -> None:
    other = desk.add_item("Second")
    form.items_panel.choose(item)
    QTest.keyClick(form.items_panel.list, Qt.Key.Key_Delete)
    assert [each.id for each in desk.case.items] == [other]
    assert form.current_item() == other
    bar = form.items_panel.findChild(UndoBar)
    assert bar is not None
    assert bar.isVisible()
    press(bar.button)
    assert [each.id for each in desk.case.items] == [item, other]
    assert form.current_item() == item


def test_text_typed_for_one_item_stays_with_it(form: CaseForm, desk: Desk, item: str) -> None:
    other = desk.add_item("Second")
    form.items_panel.choose(item)
    form.show_place(Place(Part.ITEMS, item, "rationale"))
    rationale = form.items_panel.form.rationale
    QTest.keyClicks(rationale, "For the first.")
    form.items_panel.choose(other)
    assert rationale.toPlainText() == ""
    QTest.keyClicks(rationale, "For the second.")
    form.items_panel.choose(item)
    assert desk.case.item(item).rationale.text == "For the first."
    assert desk.case.item(other).rationale.text == "For the second."


def test_every_field_of_an_item_can_be_entered(
    form: CaseForm, desk: Desk, item: str, write: Write, passage: Callable[..., Passage]
) -> None:
    evidence = desk.add_evidence(passage())
    for path, text in (
        ("quantity.amount", "60"),
        ("quantity.unit", "tablets"),
        ("quantity.strength", "10/325 mg"),
        ("quantity.form", "tablet"),
        ("quantity.refills", "2"),
        ("quantity.frequency", "twice a day"),
        ("quantity.duration", "30 days"),
        ("quantity.sessions", "6"),
        ("quantity.body_part", "low back"),
        ("quantity.spinal_levels", "L4-5, L5-S1"),
        ("ur_reason", "No functional improvement"),
    ):
        write(editor(form, path).editor, text)
    for path, name in (
        ("quantity.rental_or_purchase", "Rental"),
        ("quantity.side", "Both sides"),
        ("quantity.contrast", "With and without"),
        ("category", "Rehabilitation"),
        ("ur_outcome", "Denied"),
        ("standard_rank", "C: Nationally recognized professional standards"),
        ("kind", "Retrospective: already provided"),
    ):
        pick(editor(form, path), name)
    write(editor(form, "dos").editor, "1/2/2014, 2014-02-03")
    write(editor(form, "subcategory").editor, "Acupuncture")
    for path in ("rfa_ref", "ur_ref"):
        field = editor(form, path)
        field._menu.aboutToShow.emit()  # type: ignore[attr-defined]
        field._menu.actions()[0].trigger()  # type: ignore[attr-defined]
    kept = desk.case.item(item)
    assert kept.quantity == Quantity(
        Decimal(60),
        "tablets",
        "10/325 mg",
        "tablet",
        2,
        "twice a day",
        "30 days",
        6,
        RentalOrPurchase.RENTAL,
        Side.BILATERAL,
        "low back",
        ("L4-5", "L5-S1"),
        Contrast.WITH_AND_WITHOUT,
    )
    assert (kept.kind, kept.dos) == (ItemKind.RETROSPECTIVE, (date(2014, 1, 2), date(2014, 2, 3)))
    assert (kept.category, kept.subcategory) == ("Rehabilitation", "Acupuncture")
    assert (kept.ur_outcome, kept.ur_reason) == (UrOutcome.DENIED, "No functional improvement")
    assert (kept.rfa_ref, kept.ur_ref) == ((evidence,), (evidence,))
    assert kept.standard_rank is StandardRank.C


def test_a_modified_request_is_worded_from_its_parts(form: CaseForm, desk: Desk, item: str, write: Write) -> None:
    parts = form.items_panel.form._modified
    assert not parts.isVisible()
    pick(editor(form, "kind"), "Modified by UR: the remainder is in dispute")
    assert parts.isVisible()
    for part, wording in (
        ("requested", "Norco 10/325 mg #90"),
        ("authorized", "Norco 10/325 mg #60"),
        ("remaining", "Norco 10/325 mg #30"),
    ):
        write(editor(form, f"{part}.wording").editor, wording)
        write(editor(form, f"{part}.quantity.amount").editor, wording[-2:])
    desk.decide(item, Outcome.UPHELD)
    kept = desk.case.item(item)
    assert kept.remaining == Treatment("Norco 10/325 mg #30", Quantity(Decimal(30)))
    assert kept.requested.quantity.amount == 90
    assert form.items_panel.form._heading_says.text() == (
        "Norco 10/325 mg #90 was the original request. Norco 10/325 mg #60 was authorized by the Claims Administrator. "
        "The remaining IMR eligible portion of the original request, Norco 10/325 mg #30 is: Upheld"
    )
    pick(editor(form, "kind"), "Modified by UR: something else was authorized")
    assert "leaving the original request IMR eligible" in form.items_panel.form._heading_says.text()


def test_a_dependent_item_names_its_parent_and_never_itself(form: CaseForm, desk: Desk, item: str) -> None:
    child = desk.keep_new_item(DisputedItem("", "Pre-operative clearance", ItemKind.DEPENDENT))
    form.items_panel.choose(child)
    parents = editor(form, "depends_on")
    assert isinstance(parents, ChoiceField)
    pick(parents, "1. Six visits of Acupuncture for the low back")
    assert desk.case.item(child).depends_on == item
    assert form.items_panel.form._heading_says.text().startswith("Associated surgical service: Pre-operative")
    desk.keep_item(replace(desk.case.item(item), kind=ItemKind.DEPENDENT))
    form.items_panel.choose(item)
    box = parents._choices
    assert [box.itemText(index) for index in range(box.count())] == ["No other item"], "no circle of items"


def test_criteria_are_met_or_not_with_their_evidence(
    form: CaseForm, desk: Desk, item: str, write: Write, passage: Callable[..., Passage]
) -> None:
    evidence = desk.add_evidence(passage())
    form.show_place(Place(Part.ITEMS, item, "criteria"))
    criteria = form.items_panel.form.criteria
    press(criteria.rows.add)
    fields = criteria.binder.editors
    write(fields["text"].editor, "Functional improvement is documented")  # type: ignore[attr-defined]
    pick(criteria.binder.find("met"), "Not documented")
    chosen = fields["evidence"]
    chosen._menu.aboutToShow.emit()  # type: ignore[attr-defined]
    chosen._menu.actions()[0].trigger()  # type: ignore[attr-defined]
    press(criteria.rows.add)
    write(fields["text"].editor, "Less dependence on care")  # type: ignore[attr-defined]
    first = Criterion("Functional improvement is documented", CriterionMet.NOT_DOCUMENTED, (evidence,))
    assert desk.case.item(item).criteria == (first, Criterion("Less dependence on care"))
    press(criteria.rows.up)
    assert desk.case.item(item).criteria[1] == first
    press(criteria.rows.remove)
    assert desk.case.item(item).criteria == (first,)


def test_the_closing_sentence_is_offered_and_added_only_by_an_act(
    form: CaseForm, desk: Desk, item: str, write: Write
) -> None:
    item_form = form.items_panel.form
    assert not item_form.close_with.isVisibleTo(item_form)
    form.show_place(Place(Part.ITEMS, item, "rationale"))
    QTest.keyClicks(item_form.rationale, "No improvement.")
    desk.decide(item, Outcome.UPHELD)
    assert desk.case.item(item).rationale.text == ""
    press(item_form.close_with)
    closing = "Therefore, Six visits of Acupuncture for the low back is not medically necessary."
    assert desk.case.item(item).rationale.text == f"No improvement. {closing}"
    assert not item_form.close_with.isVisibleTo(item_form)
    desk.decide(item, Outcome.OVERTURNED)
    assert desk.case.item(item).rationale.text == f"No improvement. {closing}", "a decision never rewrites the text"
    assert "not medically necessary" in item_form.outcome._wrong.text()
    desk.undo()
    assert item_form.outcome._wrong.text() == ""
