# SPDX-License-Identifier: AGPL-3.0-or-later
"""Guideline lines: citations of every class, what they lack, and the exact sentence."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from imr_desktop.casework.desk import Desk
from imr_desktop.models.citations import (
    Guideline,
    GuidelineCitation,
    MtusCitation,
    OtherCitation,
    ReasonOutside,
    StudyCitation,
)
from imr_desktop.models.places import Part, Place
from imr_desktop.ui.form.citation_editor import CitationEditor
from imr_desktop.ui.form.citing import Stated
from imr_desktop.ui.form.fields import Field
from imr_desktop.ui.form.form import CaseForm
from tests.kit.hands import pick, press

Write = Callable[[QWidget, str], None]


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
    assert line.citations.form.missing.text().endswith("search that was made.")
    write(element(line, "search_made").editor, "MTUS Low Back: nothing on it. ODG: found.")
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
                "Official Disability Guidelines (ODG)",
                None,
                "Low Back",
                reason_outside=ReasonOutside.MTUS_SILENT,
                search_made="MTUS Low Back: nothing on it. ODG: found.",
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
