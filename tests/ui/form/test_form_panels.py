# SPDX-License-Identifier: AGPL-3.0-or-later
"""The panels: documents, chronology, summary, items and their form, over a real desk."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from imr_desktop.casework.desk import Desk
from imr_desktop.models.citations import (
    Guideline,
    GuidelineCitation,
    MtusCitation,
    OtherCitation,
    ReasonOutside,
    StudyCitation,
)
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
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Disposition, DocumentType, PageRef, PageSpan
from imr_desktop.ui.form.citation_editor import CitationEditor
from imr_desktop.ui.form.citing import Stated
from imr_desktop.ui.form.fields import ChoiceField, Field
from imr_desktop.ui.form.form import CaseForm
from imr_desktop.ui.form.layout import UndoBar

Write = Callable[[QWidget, str], None]


def press(button: QPushButton) -> None:
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def pick(field: QWidget | None, name: str) -> None:
    """Choose by the keys in a list of choices."""
    assert isinstance(field, ChoiceField)
    box = field._choices
    index = box.findText(name)
    assert index >= 0, name
    while box.currentIndex() != index:
        QTest.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < index else Qt.Key.Key_Up)


def editor(form: CaseForm, path: str) -> Field:
    found = form.items_panel.form.binder.find(path)
    assert isinstance(found, Field), path
    form.show_place(Place(Part.ITEMS, form.current_item(), path))
    return found


# -- documents ----------------------------------------------------------------------------------------------------


@pytest.fixture
def listed(form: CaseForm, desk: Desk, write: Write) -> str:
    """A PR-2 typed into the documents panel; gives its id."""
    form.show_panel("Documents")
    panel = form.documents_panel
    press(panel.add)
    fields = panel.binders()[0].editors
    for path, text in (
        ("title", "PR-2"),
        ("author", "Treating Physician B"),
        ("author_org", "Clinic"),
        ("date", "7/1/2014"),
        ("date_to", "7/2/2014"),
        ("pages", "19-22"),
        ("received_from", "Claims administrator"),
        ("received_on", "12/1/2014"),
    ):
        write(fields[path].editor, text)  # type: ignore[attr-defined]
    pick(panel.binders()[0].find("type"), "Progress report (PR-2)")
    return panel.current() or ""


def test_a_document_is_entered_by_case_pages(form: CaseForm, desk: Desk, listed: str) -> None:
    (document,) = desk.case.documents
    assert document.id == listed
    assert document.type is DocumentType.PROGRESS_REPORT
    assert (document.title, document.author, document.author_org) == ("PR-2", "Treating Physician B", "Clinic")
    assert (document.date, document.date_to) == (date(2014, 7, 1), date(2014, 7, 2))
    assert [(span.name, span.first, span.last) for span in document.pages] == [
        ("records.pdf", 18, 19),
        ("late.pdf", 0, 1),
    ]
    assert (document.received_from, document.received_on) == ("Claims administrator", date(2014, 12, 1))
    row = form.documents_panel.list.topLevelItem(0)
    assert row is not None
    assert [row.text(column) for column in range(4)] == [
        "07/01/2014 - 07/02/2014",
        "PR-2, Treating Physician B",
        "19-22",
        "Open",
    ]


def test_a_document_is_dealt_with_shown_and_removed_with_a_way_back(
    form: CaseForm, desk: Desk, listed: str, qtbot: QtBot
) -> None:
    panel = form.documents_panel
    assert form.progress_of("Documents") == "Documents 0/1"
    press(panel.read)
    assert desk.case.documents[0].disposition is Disposition.READ
    assert form.progress_of("Documents") == "Documents ✓ 1/1"
    with qtbot.waitSignal(form.go_to_page) as gone:
        press(panel.go)
    assert gone.args == [PageRef("a" * 64, 18), ()]
    press(panel.remove)
    assert desk.case.documents == ()
    bar = panel.findChild(UndoBar)
    assert bar is not None
    assert bar.isVisible()
    press(bar.findChild(QPushButton))
    assert [document.id for document in desk.case.documents] == [listed]
    assert not bar.isVisible()


def test_documents_are_shown_by_date_and_wrong_text_stays_with_its_row(
    form: CaseForm, desk: Desk, listed: str, write: Write
) -> None:
    panel = form.documents_panel
    press(panel.add)
    date_field = panel.binders()[0].find("date")
    assert isinstance(date_field, Field)
    write(date_field.editor, "4/10/2014")
    early = panel.current()
    write(date_field.editor, "soon")
    panel.choose(listed)
    assert date_field.editor.property("text") == "07/01/2014"
    assert not date_field.notice.isVisible()
    pick(panel._order, "By date")
    first = panel.list.topLevelItem(0)
    assert first is not None
    assert first.data(0, Qt.ItemDataRole.UserRole) == early
    assert panel.current() == listed
    panel.choose(early or "")
    assert date_field.editor.property("text") == "soon"
    assert date_field.notice.isVisible()


# -- chronology and summary ---------------------------------------------------------------------------------------


def test_the_day_of_a_fact_is_given_in_the_chronology_and_leads_to_its_page(
    form: CaseForm, desk: Desk, passage: Callable[..., Passage], write: Write, qtbot: QtBot
) -> None:
    evidence = desk.add_evidence(passage("pain 8/10", 7))
    form.show_panel("Chronology")
    panel = form.chronology_panel
    assert panel.undated.isVisible()
    assert form.show_place(Place(Part.CHRONOLOGY, evidence))
    write(panel.day.editor, "6/30/2014")
    write(panel.note.editor, "Pain at its worst")
    kept = desk.case.evidence[0]
    assert (kept.fact_date, kept.note) == (date(2014, 6, 30), "Pain at its worst")
    assert not panel.undated.isVisible()
    assert form.progress_of("Chronology") == "Chronology 1 dated"
    row = panel.list.topLevelItem(0)
    assert row is not None
    assert row.text(1) == "Fact: Pain at its worst"
    panel.list.setCurrentItem(row)
    with qtbot.waitSignal(form.go_to_page) as gone:
        QTest.keyClick(panel.list, Qt.Key.Key_Return)
    assert gone.args == [PageRef("a" * 64, 7), passage().parts[0].boxes]
    press(panel.remove)
    assert desk.case.evidence == ()
    desk.undo()
    assert len(desk.case.evidence) == 1


def test_evidence_waits_below_the_summary_until_it_is_cited(
    form: CaseForm, desk: Desk, passage: Callable[..., Passage], qtbot: QtBot
) -> None:
    evidence = desk.add_evidence(passage())
    form.show_panel("Summary")
    panel = form.summary_panel
    assert panel.waiting.count() == 1
    assert "range of motion restricted" in panel.waiting.item(0).text()
    with qtbot.waitSignal(form.anchor_activated) as gone:
        press(panel.go)
    assert gone.args == [evidence]
    QTest.keyClicks(panel.text, "Motion")
    press(panel.cite)
    assert desk.case.clinical_summary.text == f"Motion [[e:{evidence}]]"
    assert not panel.waiting.isVisible()
    assert form.progress_of("Summary") == "Summary ✓ 2 words"


# -- items --------------------------------------------------------------------------------------------------------


@pytest.fixture
def item(form: CaseForm, desk: Desk, write: Write) -> str:
    """An item added in the panel, its wording typed."""
    form.show_panel("Items")
    press(form.items_panel.add)
    write(editor(form, "heading").editor, "Six visits of Acupuncture for the low back")
    (only,) = desk.case.items
    return only.id


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
    press(bar.findChild(QPushButton))
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


# -- citations ----------------------------------------------------------------------------------------------------


@pytest.fixture
def line(form: CaseForm, item: str) -> CitationEditor:
    """The reviewer's guideline line, ready for citations."""
    made = form.items_panel.form.reviewer_guideline
    form.show_place(Place(Part.ITEMS, item, "reviewer_guideline"))
    pick(made.stated, "Citations")
    return made


def element(line: CitationEditor, path: str) -> Field:
    found = line.citations.form.field(path)
    assert isinstance(found, Field)
    return found


def test_none_cited_is_a_statement_and_not_the_absence_of_one(form: CaseForm, desk: Desk, item: str) -> None:
    line = form.items_panel.form.ca_guideline
    assert desk.case.item(item).ca_guideline is None
    form.show_place(Place(Part.ITEMS, item, "ca_guideline"))
    pick(line.stated, "None cited")
    assert desk.case.item(item).ca_guideline == Guideline()
    assert line.preview.text() == "The Claims Administrator did not cite any medical evidence for its decision."
    pick(line.stated, "Not recorded yet")
    assert desk.case.item(item).ca_guideline is None


def test_a_chapter_picked_from_the_table_brings_its_year_and_sections(
    form: CaseForm, desk: Desk, item: str, line: CitationEditor, write: Write
) -> None:
    write(form.case_panel.binders()[0].find("decision_date").editor, "1/4/2017")  # type: ignore[union-attr]
    form.show_place(Place(Part.HEADER, field="decision_date"))
    form.flush()
    desk.keep_header(replace(desk.case.header, decision_date=date(2017, 1, 4)))
    form.show_place(Place(Part.ITEMS, item, "reviewer_guideline"))
    chapter = line.citations.form.chapter
    box = chapter._box
    assert line.citations.form.missing.text() == "Missing: chapter, year."
    box.setCurrentIndex(box.findText("Chronic Pain Medical Treatment 2016"))
    box.activated.emit(box.currentIndex())
    assert chapter.text() == "Chronic Pain Medical Treatment"
    assert line.citations.form.missing.text() == "Missing: section."
    line.citations.form.menu.aboutToShow.emit()
    facet = [action for action in line.citations.form.menu.actions() if action.text() == "Facet blocks"]
    facet[0].trigger()
    assert desk.case.item(item).reviewer_guideline == Guideline(
        (MtusCitation("Chronic Pain Medical Treatment", 2016, ("Facet blocks",)),)
    )
    assert line.preview.text() == (
        "Decision based on MTUS Chronic Pain Medical Treatment 2016, Section(s): Facet blocks."
    )
    assert not line.citations.form.missing.isVisible()
    assert line.citations.form._force.text() == "In force on the decision date, 01/04/2017."
    write(element(line, "year").editor, "2009")
    assert line.citations.form._force.text().startswith("Not in force")


def test_typed_citations_of_every_class_make_the_exact_sentence(
    desk: Desk, item: str, line: CitationEditor, write: Write
) -> None:
    write(element(line, "chapter").editor, "Low Back Complaints")
    write(element(line, "year").editor, "2004")
    write(element(line, "sections").editor, "Summary\nSpecial Studies")
    write(element(line, "excerpt").editor, "Facet injections are not recommended.")
    press(line.citations.rows.add)
    pick(line.citations.form.kind, "Other guideline")
    write(element(line, "publisher").editor, "Official Disability Guidelines (ODG)")
    write(element(line, "chapter").editor, "Low Back")
    assert "year of publication" in line.citations.form.missing.text()
    pick(line.citations.form.field("reason_outside"), "The MTUS does not address the treatment")
    press(line.citations.rows.add)
    pick(line.citations.form.kind, "Study")
    for path, text in (
        ("authors", "Smith J, et al"),
        ("title", "Facet blocks"),
        ("journal", "Spine"),
        ("year", "2019"),
        ("volume", "12(3)"),
        ("pages", "45-50"),
        ("pmid", "1234"),
        ("doi", "10.1/x"),
    ):
        write(element(line, path).editor, text)
    press(line.citations.rows.add)
    pick(line.citations.form.kind, "Other source")
    for path, text in (
        ("label", "Drug information"),
        ("publisher", "UpToDate"),
        ("date", "2016"),
        ("url", "https://example.org"),
        ("accessed", "12/17/2016"),
    ):
        write(element(line, path).editor, text)
    kept = desk.case.item(item).reviewer_guideline
    assert kept == Guideline(
        (
            MtusCitation(
                "Low Back Complaints", 2004, ("Summary", "Special Studies"), "Facet injections are not recommended."
            ),
            GuidelineCitation(
                "Official Disability Guidelines (ODG)", None, "Low Back", reason_outside=ReasonOutside.MTUS_SILENT
            ),
            StudyCitation("Smith J, et al", "Facet blocks", "Spine", 2019, "12(3)", "45-50", "1234", "10.1/x"),
            OtherCitation("Drug information", "UpToDate", "2016", "https://example.org", date(2016, 12, 17)),
        )
    )
    assert line.preview.text() == (
        "Decision based on MTUS Low Back Complaints 2004, Section(s): Summary, Special Studies. "
        "Decision based on Non-MTUS Citation Official Disability Guidelines (ODG), Low Back "
        "and Other Medical Treatment Guidelines Smith J, et al. Facet blocks. Spine. 2019;12(3):45-50 "
        "and Other Medical Treatment Guidelines Drug information, UpToDate, 2016, https://example.org."
    )


def test_citations_are_ordered_and_removed(desk: Desk, item: str, line: CitationEditor, write: Write) -> None:
    write(element(line, "chapter").editor, "First")
    press(line.citations.rows.add)
    write(element(line, "chapter").editor, "Second")
    QTest.keyClick(line.citations.rows.list, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    kept = desk.case.item(item).reviewer_guideline
    assert kept is not None
    assert [cited.printed() for cited in kept.citations] == ["Second", "First"]
    assert element(line, "chapter").value == "Second"
    press(line.citations.rows.remove)
    kept = desk.case.item(item).reviewer_guideline
    assert kept == Guideline((MtusCitation("First"),))


def test_what_cannot_be_generated_is_written_word_for_word(
    desk: Desk, item: str, line: CitationEditor, write: Write
) -> None:
    write(element(line, "chapter").editor, "Low Back Complaints")
    pick(line.stated, "Word for word")
    assert line.text.value == "Decision based on MTUS Low Back Complaints."
    write(line.text.editor, "Decision based on the whole of the MTUS.")
    kept = desk.case.item(item).reviewer_guideline
    assert kept == Guideline((MtusCitation("Low Back Complaints"),), "Decision based on the whole of the MTUS.")
    assert line.preview.text() == "Decision based on the whole of the MTUS."
    pick(line.stated, "Citations")
    assert desk.case.item(item).reviewer_guideline == Guideline((MtusCitation("Low Back Complaints"),))
    desk.undo()
    assert line.stated.value is Stated.WORDS


# -- the form -----------------------------------------------------------------------------------------------------


def test_copies_of_the_letter_are_a_list(form: CaseForm, desk: Desk, write: Write) -> None:
    form.show_place(Place(Part.HEADER, field="cc"))
    copies = form.case_panel._cc
    for name in ("Department", "Insurer C"):
        press(copies.rows.add)
        write(copies.binder.editors["organisation"].editor, name)  # type: ignore[attr-defined]
    write(copies.binder.editors["address"].editor, "P.O. Box 1\nOakland")  # type: ignore[attr-defined]
    assert [(party.organisation, party.address) for party in desk.case.header.cc] == [
        ("Department", ()),
        ("Insurer C", ("P.O. Box 1", "Oakland")),
    ]


def test_places_lead_to_their_fields(form: CaseForm, desk: Desk, item: str) -> None:
    other = desk.add_item("Second")
    for place, name in (
        (Place(Part.HEADER, field="claims_administrator.company"), "Company"),
        (Place(Part.HEADER, field="imro.name"), "Organization"),
        (Place(Part.ITEMS, other, "ur_reason"), "Reason that UR gave"),
        (Place(Part.ITEMS, other, "rationale"), "Decision rationale"),
        (Place(Part.SUMMARY), "Clinical case summary"),
        (Place(Part.DOCUMENTS), "Documents"),
    ):
        assert form.show_place(place), place
        focus = QApplication.focusWidget()
        assert focus is not None
        assert focus.accessibleName() == name
    assert form.show_place(Place(Part.ITEMS, item, "outcome"))
    assert form.current_item() == item
    assert not form.show_place(Place(Part.REVIEWER))
    form.show_place(Place(Part.ITEMS, other, "ur_reason"))
    assert form.place() == Place(Part.ITEMS, other, "ur_reason")


def test_the_shell_adds_its_panels_and_tells_their_progress(form: CaseForm) -> None:
    form.add_panel("Checks", QWidget(), "3 block")
    assert form.panels()[-1] == "Checks"
    assert form.progress_of("Checks") == "Checks 3 block"
    form.set_progress("Checks", "✓")
    assert form.progress_of("Checks") == "Checks ✓"
    form.show_panel("Checks")
    assert form.shown() == "Checks"


def test_progress_is_told_in_words(form: CaseForm, desk: Desk, item: str) -> None:
    assert form.progress_of("Items") == "Items 0/1"
    desk.decide(item, Outcome.UPHELD)
    assert form.progress_of("Items") == "Items 0/1"
    desk.write_rationale(item, Narrative("No."))
    assert form.progress_of("Items") == "Items ✓ 1/1"


def test_a_released_form_keeps_what_was_typed_and_listens_no_more(form: CaseForm, desk: Desk) -> None:
    form.show_place(Place(Part.HEADER, field="case_number"))
    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClicks(focus, "CM14-0123456")
    form.release()
    assert desk.case.header.case_number == "CM14-0123456"
    assert desk._listeners == []


def test_a_document_of_a_file_that_is_not_here_keeps_its_pages(form: CaseForm, desk: Desk, listed: str) -> None:
    (document,) = desk.case.documents
    elsewhere = replace(document, pages=(PageSpan("", "sent.pdf", 3, 4),))
    desk.keep_document(elsewhere)
    pages = form.documents_panel.binders()[0].find("pages")
    assert isinstance(pages, Field)
    assert pages.editor.property("text") == "sent.pdf 4-5"
    form.flush()
    assert desk.case.documents == (elsewhere,)
