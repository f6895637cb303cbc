# SPDX-License-Identifier: AGPL-3.0-or-later
"""The client's own letter, entered through the form with keys, says what the letter says."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget

from imr_desktop.casework.desk import Desk
from imr_desktop.models.case import InjuryDate
from imr_desktop.models.evidence import Passage
from imr_desktop.models.items import Outcome
from imr_desktop.models.places import Part, Place
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.ui.form.fields import Field
from imr_desktop.ui.form.form import CaseForm
from tests.kit.hands import pick

SEED = Path(__file__).parents[2] / "samples" / "seed_determination.txt"
Write = Callable[[QWidget, str], None]


@pytest.fixture(scope="module")
def letter() -> str:
    """The letter's words with single blanks."""
    if not SEED.exists():
        pytest.skip("the seed letter is not in this checkout")
    return " ".join(SEED.read_text(encoding="utf-8").split())


def between(letter: str, before: str, after: str) -> str:
    found = re.search(re.escape(before) + r"\s*(.+?)\s*" + re.escape(after), letter)
    assert found is not None, before
    return found.group(1)


def test_the_seed_letter_is_entered_through_the_form(
    form: CaseForm, desk: Desk, write: Write, letter: str, passage: Callable[..., Passage]
) -> None:
    summary = between(letter, "including all medical records:", "IMR ISSUES")
    heading = between(letter, "set forth below:", ": Upheld")
    rationale = between(letter, "Decision rationale:", "Therefore further") + " Therefore further "
    rationale += between(letter, "Therefore further", "necessary.") + " necessary."

    header = form.case_panel.binders()[0].editors
    for path, text in (
        ("case_number", "CM14-0123456"),
        ("claim_number", "CLAIM-1"),
        ("date_of_injury", "1/18/2005"),
        ("ur_decision_date", "10/30/2014"),
        ("application_received", "11/20/2014"),
        ("date_assigned", "12/5/2014"),
        ("decision_date", "1/8/2015"),
        ("employee.name", "Injured Worker A"),
        ("requesting_physician.name", "Treating Physician B"),
        ("employer.name", "Employer C"),
        ("claims_administrator.company", "Insurer D"),
        ("treatments_in_dispute_raw", heading),
    ):
        assert form.show_place(Place(Part.HEADER, field=path))
        write(header[path].editor, text)  # type: ignore[attr-defined]
    assert form.progress_of("Case") == "Case ✓ 13/13"

    documents = form.documents_panel
    form.show_panel("Documents")
    for title, kind, day, pages in (
        ("Application", "Application for IMR", "11/20/2014", "1"),
        ("UR determination", "UR determination", "10/30/2014", "2-3"),
        ("PR-2", "Progress report (PR-2)", "7/1/2014", "4-6"),
    ):
        QTest.mouseClick(documents.add, Qt.MouseButton.LeftButton)
        for path, text in (("title", title), ("date", day), ("pages", pages)):
            write(documents.binders()[0].editors[path].editor, text)  # type: ignore[attr-defined]
        pick(documents.binders()[0].find("type"), kind)
        QTest.mouseClick(documents.read, Qt.MouseButton.LeftButton)
    assert form.progress_of("Documents") == "Documents ✓ 3/3"

    form.show_place(Place(Part.SUMMARY))
    before, after = summary.split(", the claimant's pain has increased", 1)
    QTest.keyClicks(form.summary_panel.text, before)
    evidence = form.insert_citation(passage("pain has increased", 3), "summary")
    QTest.keyClicks(form.summary_panel.text, ", the claimant's pain has increased" + after)
    form.flush()

    form.show_panel("Items")
    items = form.items_panel
    QTest.mouseClick(items.add, Qt.MouseButton.LeftButton)
    item = form.current_item() or ""
    fields = items.form.binder
    heading_field = fields.find("heading")
    assert isinstance(heading_field, Field)
    write(heading_field.editor, heading)
    form.show_place(Place(Part.ITEMS, item, "ca_guideline"))
    pick(items.form.ca_guideline.stated, "None cited")
    form.show_place(Place(Part.ITEMS, item, "reviewer_guideline"))
    pick(items.form.reviewer_guideline.stated, "Citations")
    chapter = items.form.reviewer_guideline.citations.form.field("chapter")
    assert isinstance(chapter, Field)
    write(chapter.editor, "Acupuncture Treatment Guidelines")
    form.show_place(Place(Part.ITEMS, item, "rationale"))
    QTest.keyClicks(items.form.rationale, rationale)
    QTest.keyClick(items.form.rationale, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    form.flush()

    whole = desk.determination(Reviewer())
    case = whole.case
    (decided,) = case.items
    assert case.header.date_of_injury == InjuryDate(date(2005, 1, 18))
    assert case.clinical_summary.text == f"{before} [[e:{evidence}]], the claimant's pain has increased{after}"
    assert whole.heading(decided) == "Six visits of Acupuncture for the low back"
    assert decided.outcome is Outcome.UPHELD
    assert whole.ca_sentence(decided) == between(letter, "Claims Administrator guideline:", "MAXIMUS guideline:")
    assert whole.reviewer_sentence(decided) == between(letter, "MAXIMUS guideline:", "Decision rationale:")
    assert " ".join(whole.paragraphs(decided.rationale)) == rationale
    assert form.progress_of("Items") == "Items ✓ 1/1"
    assert not isinstance(form.focusWidget(), QPushButton)
