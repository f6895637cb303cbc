# SPDX-License-Identifier: AGPL-3.0-or-later
"""The list of evidence: filtered, ordered, weighed for several items, typed beside a region, cited and led back."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from imr_desktop.casework.desk import Desk
from imr_desktop.casework.evidence_use import counted, not_cited, scales
from imr_desktop.models.evidence import Bearing, Passage, Weight
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Document, DocumentType, PageSpan
from imr_desktop.ui.form.evidence_rows import Order, Shown
from imr_desktop.ui.form.form import CaseForm
from imr_desktop.ui.gathering import Gathering
from imr_desktop.ui.record import CiteTarget

from .conftest import FIRST

Passages = Callable[..., Passage]


@pytest.fixture
def gathering(form: CaseForm, desk: Desk) -> Gathering:
    form.add_panel("Evidence", form.evidence_panel)
    return Gathering(desk, form)


def test_one_piece_of_evidence_serves_several_items_and_stays_with_the_other(
    form: CaseForm, desk: Desk, gathering: Gathering, passage: Passages
) -> None:
    first, second = desk.add_item("Norco #60"), desk.add_item("MRI of the lumbar spine")
    kept = desk.add_evidence(passage())
    form.show_place(Place(Part.EVIDENCE, kept))
    form.items_panel.choose(first)
    QTest.keyClick(form.evidence_panel.list, Qt.Key.Key_F)
    form.items_panel.choose(second)
    QTest.keyClick(form.evidence_panel.list, Qt.Key.Key_A)
    (evidence,) = desk.case.evidence
    assert evidence.bears_on == (Bearing(first, Weight.FOR), Bearing(second, Weight.AGAINST))
    assert scales(desk.case, first).told() == "1 for, 0 against"
    assert scales(desk.case, second).told() == "0 for, 1 against"
    QTest.keyClick(form.evidence_panel.list, Qt.Key.Key_0)
    assert desk.case.evidence[0].bears_on == (Bearing(first, Weight.FOR),)
    desk.undo()
    assert scales(desk.case, second).against == (evidence,)
    assert form.items_panel.form.scales.against.count() == 1


def test_the_list_is_filtered_and_ordered_and_says_what_waits(
    form: CaseForm, desk: Desk, gathering: Gathering, passage: Passages
) -> None:
    item = desk.add_item("Norco #60")
    late = desk.add_evidence(passage("gait is normal", page=9))
    early = desk.add_evidence(passage("sleeps badly", page=2))
    form.insert_citation(passage("works full time", page=5), "item")
    panel = form.evidence_panel
    assert panel.counted() == "3 kept, 2 not cited"
    assert panel.ids()[0] == early
    panel.order.show_value(Order.KEPT)
    panel.redraw()
    assert panel.ids()[0] == late
    panel.shown.show_value(Shown.NOT_CITED)
    panel.redraw()
    assert set(panel.ids()) == {late, early} == set(not_cited(desk.case))
    panel.shown.show_value(item)
    panel.redraw()
    assert len(panel.ids()) == 1
    panel.shown.show_value(Shown.ALL)
    QTest.keyClicks(panel.sought, "gait")
    assert panel.ids() == [late]
    form.show_place(Place(Part.EVIDENCE, early))
    assert early in panel.ids()
    assert form.progress_of("Evidence") == "Evidence 1/3"


def test_words_typed_beside_a_region_are_marked_as_typed(
    form: CaseForm, desk: Desk, gathering: Gathering, passage: Passages, write: Callable[[QWidget, str], None]
) -> None:
    bare, read = desk.add_evidence(passage("")), desk.add_evidence(passage("read by the machine", page=6))
    form.show_place(Place(Part.EVIDENCE, bare, "typed"))
    write(form.evidence_panel.typed.editor, "grip 20 kg")
    form.flush()
    typed = next(each for each in desk.case.evidence if each.id == bare)
    assert typed.typed
    assert typed.passage.text == "grip 20 kg"
    assert typed.passage.parts == passage("").parts
    assert "typed by the reviewer" in form.evidence_panel.names().quote(bare)
    other = next(each for each in desk.case.evidence if each.id == read)
    assert other.with_typed_words("something else") == other


def test_a_new_item_begins_with_the_words_and_keeps_where_they_stand(
    form: CaseForm, desk: Desk, gathering: Gathering, passage: Passages
) -> None:
    span = PageSpan(FIRST, "records.pdf", 3, 3)
    desk.add_document(Document("", DocumentType.RFA, "RFA", pages=(span,)))
    gathering.take(passage("Norco 10/325\nmg #60"), CiteTarget.NEW_ITEM)
    (item,) = desk.case.items
    assert item.heading == "Norco 10/325 mg #60"
    assert item.rfa_ref == (desk.case.evidence[0].id,)
    assert not_cited(desk.case) == ()
    desk.undo()
    assert desk.case.items == ()
    assert desk.case.evidence == ()


def test_copied_words_carry_their_citation_into_another_field(
    form: CaseForm, desk: Desk, gathering: Gathering, passage: Passages
) -> None:
    gathering.take(passage("pain is 8/10"), CiteTarget.COPY)
    assert QGuiApplication.clipboard().text() == "“pain is 8/10” (p.4)"
    form.show_panel("Summary")
    form.summary_panel.text.setFocus()
    form.summary_panel.text.paste()
    form.flush()
    assert desk.case.clinical_summary.text == f"“pain is 8/10” [[e:{desk.case.evidence[0].id}]]"
    assert counted(desk.case) == "1 kept, 0 not cited"


def test_the_chronology_key_keeps_the_words_and_asks_for_the_day(
    form: CaseForm, desk: Desk, gathering: Gathering, passage: Passages, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(gathering.noted):
        gathering.take(passage("seen on 7/1/2014"), CiteTarget.CHRONOLOGY)
    assert form.shown() == "Chronology"
    assert form.chronology_panel.day.editor.hasFocus()
    assert desk.case.evidence[0].fact_date is None
