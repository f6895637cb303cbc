# SPDX-License-Identifier: AGPL-3.0-or-later
"""Deciding in the window: items three ways, marks to come back, changed decisions, evidence levels, the registry."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox
from pytestqt.qtbot import QtBot

from imr_desktop import assets
from imr_desktop.casework import guideline_registry, item_work, sorting
from imr_desktop.casework.evidence_levels import Recommendation
from imr_desktop.casework.intake import take_in
from imr_desktop.casework.reading import Plan, read
from imr_desktop.casework.term_sets import TERM_SETS
from imr_desktop.checks import Finding, open_findings
from imr_desktop.models.case import CaseHeader
from imr_desktop.models.evidence import Passage, PassagePart
from imr_desktop.models.items import Criterion, CriterionMet, Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.placed import line_boxes, verbatim
from imr_desktop.models.places import Part, Place
from imr_desktop.models.records import Box, PageRef
from imr_desktop.models.terms import TermSet
from imr_desktop.storage import Table
from imr_desktop.ui.app import build
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.form.layout import choose_row
from imr_desktop.ui.item_dialogs import NoteDialog
from imr_desktop.ui.means import Means
from imr_desktop.ui.record_memory import VaultMemory
from imr_desktop.ui.shared_terms import SharedTerms
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.trouble import Hook
from tests.kit.records import digital
from tests.ui.conftest import NOW

APPLICATION = [
    "APPLICATION FOR INDEPENDENT MEDICAL REVIEW",
    "DISPUTED MEDICAL TREATMENT",
    "1. Lumbar MRI",
    "2. Norco 10/325 mg #60",
]
DENIAL = [
    "UTILIZATION REVIEW DETERMINATION",
    "Determination Date: October 30, 2014",
    "1. Lumbar MRI: Non-certified",
    "2. Norco 10/325 mg #60: Non-certified",
    "3. Wheelchair rental for one month: Non-certified",
]


@pytest.fixture(scope="module")
def window(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """A window on a case whose application names two treatments and whose denial names a third."""
    folder = tmp_path_factory.mktemp("deciding")
    made = build(folder / "vault", Means(now=lambda: NOW, remember=False, reads=False), Hook(folder / "bugs.log"))
    made.show()
    made.begin_demo()
    session = made.session
    assert session is not None
    (folder / "record.pdf").write_bytes(digital(APPLICATION, DENIAL))
    case_id = list(session.take_in([folder / "record.pdf"]))[-1].case_id
    assert case_id
    desk = session.desk(case_id)
    desk.keep_header(CaseHeader(case_number="CM14-0000009"))
    for _ in (*read(desk.store, Plan(ocr=False)), *sorting.sort(desk.store)):
        pass
    sorting.accept(desk, sorting.proposals(desk.store))
    for heading in ("Lumbar MRI", "Norco 10/325 mg #60"):
        desk.add_item(heading)
    made.open_case(case_id)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def case(window: Shell, qtbot: QtBot) -> Iterator[CaseWindow]:
    """The case of the window; what a test did in it is taken back afterwards."""
    case = window.case
    assert case is not None
    case.form.show_place(Place(Part.ITEMS, case.desk.case.items[0].id))
    before = len(case.desk.store.history())
    yield case
    for dialog in window.findChildren(QDialog):
        dialog.close()
    opened = window.case
    assert opened is not None
    deeds = [each.deed.value for each in opened.desk.store.history()[before:]]
    for _ in range(deeds.count("edit") + deeds.count("redo") - deeds.count("undo")):
        opened.desk.undo()


def of(case: CaseWindow, check: str, words: str) -> list[Finding]:
    case.checks.check()
    return [each for each in open_findings(case.checks.findings) if each.id == check and words in each.says]


def test_a_treatment_planted_in_the_denial_blocks_until_it_is_taken_in_or_dismissed(case: CaseWindow) -> None:
    (asked,) = of(case, "QC-20", "names")
    assert asked.says == "The UR denial names “Wheelchair rental for one month”, which no item decides."
    assert asked.shows[0].case_page == 2
    dialog = case.deciding.reconcile()
    states = [line.state for line in dialog.lines]
    assert states == ["Item 1", "Item 2", "Open"]
    choose_row(dialog.list, 2)
    assert not dialog.dismiss.isEnabled()
    QTest.keyClicks(dialog.reason, "Authorised on 11/15/2014")
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert dialog.lines[2].state == "Dismissed: Authorised on 11/15/2014"
    assert of(case, "QC-20", "names") == []
    case.undo()
    assert len(of(case, "QC-20", "names")) == 1
    choose_row(dialog.list, 2)
    dialog.take.click()
    assert [item.heading for item in case.desk.case.items][2] == "Wheelchair rental for one month"
    assert of(case, "QC-20", "names") == []
    dialog.close()


def test_an_item_to_come_back_to_is_listed_until_it_is_cleared(case: CaseWindow) -> None:
    dialog = case.deciding.come_back()
    assert dialog is not None
    QTest.keyClicks(dialog.note, "ask for the EMG")
    dialog.go.click()
    (asked,) = of(case, "QC-24", "come back")
    assert asked.says.endswith("is marked to come back to: ask for the EMG")
    assert "Come back" in case.form.items_panel.list.topLevelItem(0).text(2)  # type: ignore[union-attr]
    item_work.come_back(case.desk, case.desk.case.items[0].id, False)
    assert of(case, "QC-24", "come back") == []


def test_a_decision_changed_after_the_preview_says_why_and_stays_told(case: CaseWindow) -> None:
    first, second = (item.id for item in case.desk.case.items)
    case.desk.decide(second, Outcome.UPHELD)
    case.form.show_place(Place(Part.ITEMS, first))
    case.deciding.decide(Outcome.UPHELD)
    case.deciding.decide(Outcome.OVERTURNED)
    assert case.desk.case.item(first).outcome is Outcome.OVERTURNED, "nobody has looked at the letter yet"
    case.form.show_panel("Letter")
    case.deciding.decide(Outcome.UPHELD)
    assert case.desk.case.item(first).outcome is Outcome.OVERTURNED
    (dialog,) = (each for each in case.window().findChildren(NoteDialog) if each.isVisible())
    assert not dialog.go.isEnabled()
    QTest.keyClicks(dialog.note, "The MRI of 2013 was on page 40")
    dialog.go.click()
    assert case.desk.case.item(first).outcome is Outcome.UPHELD
    says = [each.says for each in item_work.decisions(case.desk)]
    assert says[-2:] == [
        "Overturned instead of Upheld",
        "Upheld instead of Overturned, because The MRI of 2013 was on page 40",
    ]
    shown = case.deciding.decisions()
    assert shown is not None
    assert "because The MRI" in shown.list.item(0).text()


def test_a_criterion_called_not_documented_wants_its_search(case: CaseWindow) -> None:
    desk = case.desk
    item = desk.case.items[0]
    criteria = (Criterion("Failure of six weeks of therapy", CriterionMet.NOT_DOCUMENTED),)
    desk.keep_item(replace(item, criteria=criteria))
    assert len(of(case, "QC-59", "no search")) == 1
    form = case.form.items_panel.form.criteria
    case.form.show_place(Place(Part.ITEMS, item.id, "criteria"))
    form.rows.choose(0)
    form.words.setText("physical therapy")
    QTest.keyClick(form.words, Qt.Key.Key_Return)
    assert of(case, "QC-59", "no search") == []
    (made,) = item_work.work_of(desk, item.id).sought
    assert (made.words, made.hits, made.pages) == ("physical therapy", 0, 2)
    assert "no hits on 2 pages" in form.searches.text()


def test_conflicting_recommendations_are_weighed_and_written(case: CaseWindow) -> None:
    item = case.desk.case.items[0]
    case.form.show_place(Place(Part.ITEMS, item.id))
    dialog = case.deciding.variance()
    assert dialog is not None
    assert not dialog.put.isEnabled()
    one = Recommendation("ACOEM Low Back", "no routine MRI", "Chou 2009", "1a", True)
    dialog.form.keep((one, Recommendation("ODG", "MRI after one month", "a cohort of 2006", "2", True)))
    assert dialog.put.isEnabled()
    dialog.put.click()
    text = case.desk.case.item(item.id).rationale.text
    assert "evidence level 1a (systematic review" in text
    assert "the recommendation of ACOEM Low Back, supported by the best available evidence, is followed" in text
    assert case.desk.case.item(item.id).outcome is None


def test_the_search_terms_of_an_item_are_edited_and_lit_on_the_pages(case: CaseWindow, qtbot: QtBot) -> None:
    item = case.desk.case.items[0]
    case.form.show_place(Place(Part.ITEMS, item.id))
    dialog = case.deciding.terms()
    assert dialog is not None
    assert "mri" in dialog.terms()
    dialog.text.setPlainText("Lumbar MRI\nwheelchair")
    dialog.keep.click()
    assert item_work.terms(case.desk, item.id) == ("Lumbar MRI", "wheelchair")
    assert "hits" in dialog.list.topLevelItem(0).text(1)  # type: ignore[union-attr]
    dialog.all.click()
    finding = case.record.active.seeking.finding
    qtbot.waitUntil(lambda: sum(finding.counts().values()) >= 3)
    dialog.made.click()
    assert "mri" in dialog.terms()


def test_term_sets_are_kept_with_the_case_and_an_items_terms_stay_lit(case: CaseWindow, qtbot: QtBot) -> None:
    desk, lighting = case.desk, case.record.active.terming.lighting
    item = desk.case.items[0]
    case.record.acts["term_sets"]()
    panel = case.record.active.rail.terms
    case.record.active.terming._keep(TermSet("f", "Red flags", ("wheelchair",)))
    own, first = lighting.sets[:2]
    assert (own.terms.name, first.terms.name, first.terms.lit) == ("Red flags", f"Item 1: {item.heading}", False)
    row = panel.list.topLevelItem(1)
    assert row is not None
    row.setCheckState(0, Qt.CheckState.Checked)
    qtbot.waitUntil(lambda: own.finding.done and first.finding.done and bool(first.finding.hits))
    assert [each.id for each in desk.store.kept(Table.TERMS)] == ["f", f"item {item.id}"]
    # What is edited on the form is lit at once, and what is edited here stands in the form.
    item_work.keep_terms(desk, item.id, ["wheelchair"])
    qtbot.waitUntil(lambda: first.terms.terms == ("wheelchair",) and first.finding.done and not first.old)
    assert len(first.finding.hits) == len(own.finding.hits) == 1
    case.record.active.terming._keep(replace(first.terms, terms=("lumbar",)))
    assert item_work.terms(desk, item.id) == ("lumbar",)
    item_work.keep_terms(desk, item.id, None)
    # Each of these was a step of the case.
    row.setCheckState(0, Qt.CheckState.Unchecked)
    case.record.active.terming._remove("f")
    assert desk.store.kept(Table.TERMS) == ()
    assert desk.undo_label == "Remove a term set"
    case.undo()
    assert [each.terms.id for each in lighting.sets][:1] == ["f"]
    desk.keep_on_pages("Remove a term set", Table.TERMS, remove=["f"])


def test_a_term_set_of_every_case_is_offered_in_the_next_one_unlit(case: CaseWindow, window: Shell) -> None:
    session = window.session
    assert session is not None
    case.record.acts["term_sets"]()
    dialog = case.record.active.terming.new()
    dialog.name.setText("Red flags")
    dialog.text.setPlainText("cauda equina\nsaddle")
    dialog.everywhere.setChecked(True)
    dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()
    assert session.setting(TERM_SETS) == {"Red flags": ["cauda equina", "saddle"]}
    memory = VaultMemory(session.desk(session.new_case()), dict, list, SharedTerms(session))
    (offered,) = memory.term_sets()
    assert (offered.name, offered.terms, offered.lit) == ("Red flags", ("cauda equina", "saddle"), False)
    memory.keep_term_set(replace(offered, lit=True, terms=("saddle",)))
    assert session.setting(TERM_SETS) == {"Red flags": ["saddle"]}
    memory.refresh()
    assert [(each.lit, each.everywhere) for each in memory.term_sets()] == [(True, True)]
    memory.keep_term_set(replace(offered, lit=True, name="Flags", everywhere=False))
    assert session.setting(TERM_SETS) is None
    memory.refresh()
    assert [each.name for each in memory.term_sets()] == ["Flags"]
    memory.keep_term_set(replace(offered, everywhere=True))
    memory.refresh()
    memory.remove_term_set(offered.id)
    memory.refresh()
    assert (session.setting(TERM_SETS), memory.term_sets()) == (None, ())


def test_the_annex_is_written_aside_and_told(case: CaseWindow, tmp_path: Path, qtbot: QtBot) -> None:
    said: list[str] = []
    case.deciding.told.connect(said.append)
    case.deciding.write_annex(tmp_path / "annex.pdf")
    qtbot.waitUntil(lambda: len(said) == 1)
    assert said[0].startswith("No page of the record is cited yet.")
    source = case.desk.case.sources[0].sha256
    kept = Passage((PassagePart(PageRef(source, 1), (Box(72, 80, 300, 94),)),), "Lumbar MRI")
    case.desk.cite(kept, Place(Part.SUMMARY), 0, Narrative("It is asked for."))
    case.deciding.write_annex(tmp_path / "annex.pdf")
    qtbot.waitUntil(lambda: len(said) == 2)
    assert said[1] == "The annex has 1 cited page. It names the worker: it is for the work file only."
    assert (tmp_path / "annex.pdf").read_bytes().startswith(b"%PDF")


def test_evidence_follows_a_file_sent_again_and_what_has_no_match_stands_first(
    case: CaseWindow, window: Shell, tmp_path: Path
) -> None:
    desk = case.desk
    assert "No file with evidence" in case.deciding.sent_again()._says.text()
    first = desk.case.sources[0].sha256
    corrected = [*DENIAL[:2], "1. Lumbar MRI: Certified", *DENIAL[3:]]
    (tmp_path / "corrected.pdf").write_bytes(digital(APPLICATION, corrected))
    assert window.session is not None
    list(take_in(window.session.vault, [tmp_path / "corrected.pdf"], into=desk.case.id))
    list(read(desk.store, Plan(ocr=False)))
    list(sorting.sort(desk.store))
    cited = []
    for page, says in ((0, "1. Lumbar MRI"), (1, "Lumbar MRI: Non-certified")):
        words = desk.store.words(PageRef(first, page)).words  # type: ignore[union-attr]
        run = next(found for at in range(len(words)) if verbatim(found := words[at : at + len(says.split())]) == says)
        cited.append(desk.add_evidence(Passage((PassagePart(PageRef(first, page), line_boxes(run)),), says)))
    dialog = case.deciding.sent_again()
    rows = [dialog.list.topLevelItem(number) for number in range(dialog.list.topLevelItemCount())]
    assert [row.text(1) for row in rows if row] == ["The sheet came again, but does not say these words", "Page 3"]
    dialog.move_over.click()
    where = {each.id: each.passage.start.source == first for each in desk.case.evidence}
    assert (where[cited[0]], where[cited[1]]) == (False, True)
    assert not dialog.move_over.isEnabled()
    case.record.active.go_to_passage(desk.case.evidence[-2].passage)
    dialog.reject()


def test_the_clock_counts_what_moves_and_stands_in_the_status_bar(
    case: CaseWindow, window: Shell, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    window.activateWindow()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    moments = iter(NOW + timedelta(seconds=each) for each in (0, 60, 120, 1000, 1060))
    monkeypatch.setattr(case.timing, "_means", SimpleNamespace(now=lambda: next(moments)))
    field = case.form.summary_panel.text
    case.form.show_place(Place(Part.SUMMARY))
    for words in ("Pain", " in", " the back", " and", " the neck"):
        QTest.keyClicks(field, words)
        case.timing.look()
    case.timing.look()
    assert case.timing.clock.seconds() == 180, "the pause of a quarter of an hour is not work, and nothing moved last"
    assert {part for _, part in case.timing.clock.spent} == {"Summary"}
    assert "0:03 worked" in case.timing.clock.told(2)
    case_id, session = case.case_id, window.session
    window.show_worklist()
    assert session is not None
    assert session.setting(f"worked {case_id}")["spent"][0][1:] == ["Summary", 180.0]
    window.open_case(case_id)


def test_an_edition_is_added_imported_and_put_back(
    case: CaseWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("IMR_DESKTOP_TABLES", str(tmp_path / "tables"))
    before = guideline_registry.chapters()
    dialog = case.deciding.registry()
    file = tmp_path / "more.toml"
    file.write_text(
        '[[chapter]]\ntitle = "Music therapy"\nyear = 2025\neffective_from = 2030-01-01\nsections = ["A “b”"]\n'
    )
    try:
        dialog.bring_in(tmp_path / "nothing.toml")
        assert dialog.fault.text.count(".") >= 2
        dialog.bring_in(file)
        dialog.keep.click()
        found = next(each for each in guideline_registry.chapters() if each.title == "Music therapy")
        assert (found.year, found.effective_from, found.sections) == (2025, date(2030, 1, 1), ("A “b”",))
        assert len(guideline_registry.chapters()) == len(before) + 1
        again = case.deciding.registry()
        again.back.click()
        assert guideline_registry.chapters() == before
        again.close()
    finally:
        monkeypatch.undo()
        assets.forget_tables()
