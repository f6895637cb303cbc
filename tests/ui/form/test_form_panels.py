# SPDX-License-Identifier: AGPL-3.0-or-later
"""The panels and the form around them: documents, chronology, summary, places, progress."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from imr_desktop.casework.desk import Desk
from imr_desktop.models.evidence import Passage
from imr_desktop.models.items import (
    Outcome,
)
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Disposition, DocumentType, PageRef, PageSpan
from imr_desktop.ui.form.fields import Field
from imr_desktop.ui.form.form import CaseForm
from imr_desktop.ui.form.layout import UndoBar
from tests.kit.hands import pick, press

Write = Callable[[QWidget, str], None]


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
        "Never opened",
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
    assert not desk.case.documents
    bar = panel.findChild(UndoBar)
    assert bar is not None
    assert bar.isVisible()
    press(bar.button)
    assert desk.case.documents[-1].id == listed
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
