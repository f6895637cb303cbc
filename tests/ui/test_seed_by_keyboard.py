# SPDX-License-Identifier: AGPL-3.0-or-later
"""The client's own case, from an opened case to its issued letters, in the window by keyboard alone; keys are counted.

The case file is made by the generator of case files; its pages carry the facts of the letter. The case stands as it
does once the machine has taken its files in, read and sorted them: nothing is accepted, nothing seen, nothing written.
"""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from imr_desktop.casework import sorting
from imr_desktop.casework.reading import Plan, read
from imr_desktop.models.items import Outcome
from imr_desktop.signing import verifying
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.issue_dialog import IssueDialog
from imr_desktop.ui.picker import Picker
from imr_desktop.ui.settings import SEEN_AFTER
from imr_desktop.ui.shell import Shell
from tests.kit import seed_case_file
from tests.kit.keyboard import (
    ALT,
    CTRL,
    SHIFT,
    Keyboard,
    answer_all,
    issue,
    read_the_record,
    state_guideline,
    take_items,
)

SEED = " ".join((Path(__file__).parents[1] / "samples" / "seed_determination.txt").read_text(encoding="utf-8").split())
HEADING = "Six visits of Acupuncture for the low back"
HEADINGS = (
    HEADING,
    *(f"Six visits of Acupuncture for the {part}" for part in ("neck", "upper back", "left knee", "right knee", "jaw")),
)
DAYS = (
    ("application_received", "11/20/2014"),
    ("date_assigned", "12/5/2014"),
    ("decision_date", "12/10/2014"),
)

pytestmark = [
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
    pytest.mark.skipif(not seed_case_file.TOOL.exists(), reason=seed_case_file.SKIP),
]


def between(before: str, after: str) -> str:
    found = re.search(re.escape(before) + r"\s*(.+?)\s*" + re.escape(after), SEED)
    assert found is not None, before
    return found.group(1)


def make_case(window: Shell, tmp_path: Path, treatments: tuple[str, ...]) -> CaseWindow:
    """The seed's case as the machine leaves it: taken in, read, sorted; and the identities that the vault has."""
    session = window.session
    assert session is not None
    session.keep_setting(SEEN_AFTER, 0.05)
    # “The expert reviewer” is what the letter calls anybody.
    session.keep_reviewer(replace(session.reviewer(), name="Zeta Reviewer"))
    for name in (session.reviewer().name, "Organisation D"):
        session.create_identity(name, "Organisation D")
    seed_case_file.make(tmp_path / "file", treatments)
    case_id = list(session.take_in([tmp_path / "file"]))[-1].case_id
    assert case_id
    store = session.desk(case_id).store
    for _ in (*read(store, Plan(ocr=False)), *sorting.sort(store)):
        pass
    window.open_case(case_id)
    assert window.case is not None
    return window.case


def cite(keys: Keyboard, sought: str) -> None:
    """``@``, a few letters of the document, Enter."""
    keys.write(f" @{sought}")
    keys.press(Qt.Key.Key_Return)


def summary(keys: Keyboard, case: CaseWindow) -> None:
    """The letter's summary, each document that it names cited: nine citations."""
    keys.press(Qt.Key.Key_4, ALT)
    assert case.form.summary_panel.text.hasFocus(), keys.focus()
    text = between("including all medical records:", "IMR ISSUES")
    marks = (
        ("injury on 1/18/2005", "application"),
        ("remained unchanged", "progress 7/1"),
        ("claimant is not working", "progress 7/1"),
        ("are restricted", "progress 7/1"),
        ("low back pain", "progress 7/1"),
        ("helped her a lot", "progress 4/10"),
        ("neck, upper back, and low back", "progress 5/1"),
        ("motion as improved", "progress 5/1"),
        ("no documented improvement", "utilization"),
    )
    for words, document in marks:
        before, text = text.split(words, 1)
        keys.write(before + words)
        cite(keys, document)
    keys.write(text)


def reason(keys: Keyboard, case: CaseWindow, heading: str) -> None:
    """The chosen item's guideline built, decided and reasoned, with three citations in the rationale."""
    form = case.form.items_panel.form
    state_guideline(keys, form, "Acupuncture Treatment Guidelines")
    text = between("Decision rationale:", "Therefore further") + " "
    for words, document in (("motion improvement", "progress 5/1"), ("acupuncture treatment", "progress 7/1")):
        before, text = text.split(words, 1)
        keys.write(before + words)
        cite(keys, document)
    keys.write(f"{text}The request of 10/20/2014 is for the low back")
    cite(keys, "request")
    keys.write(f". Therefore, {heading} is not medically necessary.")


def reason_alike(keys: Keyboard, case: CaseWindow, heading: str) -> None:
    """One more item of the same kind: the citation taken and the rationale copied, what must differ typed over."""
    form = case.form.items_panel.form
    keys.tab_to(lambda: form.isAncestorOf(keys.focus()))
    keys.press(Qt.Key.Key_U, ALT)
    keys.tab_to(form.ca_guideline.stated._choices.hasFocus)
    keys.pick(form.ca_guideline.stated, "None cited")
    for key in (Qt.Key.Key_M, Qt.Key.Key_K):
        keys.press(key, CTRL | ALT)
        keys.opened(Picker)
        keys.press(Qt.Key.Key_Return)
        keys.back()
    keys.tab_to(form.rationale.hasFocus)
    keys.press(Qt.Key.Key_Home, CTRL)
    keys.press(Qt.Key.Key_Tab)
    while "‹" in form.rationale.toPlainText():
        blank = form.rationale.textCursor().selectedText()
        assert blank.startswith("‹not "), blank
        keys.write(heading if "visits" in blank.casefold() else heading.partition("for the ")[2])
        keys.press(Qt.Key.Key_Tab)


def told(keys: Keyboard, what: str) -> None:
    print(f"{what}: {keys.written} keys that write the text, {keys.acts} that do something")


def test_the_seed_is_written_and_issued_by_keyboard_alone(unlocked: Shell, tmp_path: Path, qtbot: QtBot) -> None:
    case = make_case(unlocked, tmp_path, (HEADING,))
    keys = Keyboard(unlocked, qtbot)
    read_the_record(keys, case, DAYS)
    summary(keys, case)
    take_items(keys, case)
    reason(keys, case, HEADING)
    answered = answer_all(keys, case)
    files = issue(keys, tmp_path)
    whole = case.form.items_panel.frozen()
    (item,) = whole.case.items
    assert len((*whole.case.clinical_summary.anchors(), *item.rationale.anchors())) == 12
    assert whole.heading(item) == HEADING
    assert whole.reviewer_sentence(item) == between("MAXIMUS guideline:", "Decision rationale:")
    assert whole.ca_sentence(item) == between("Claims Administrator guideline:", "MAXIMUS guideline:")
    assert item.outcome is Outcome.UPHELD
    printed = re.sub(
        r" \([^()]*(\([^()]*\))?[^()]*\d{4}\)", "", " ".join(whole.paragraphs(whole.case.clinical_summary))
    )
    assert printed == between("including all medical records:", "IMR ISSUES")
    assert unlocked.session is not None
    roots = unlocked.session.vault.trust_roots()
    assert [verifying.verify(file.read_bytes(), roots).intact for file in files] == [True] * 3
    told(keys, f"1 item, 12 citations, {answered} answers")
    assert keys.acts < 160


def test_a_case_of_six_items_is_written_until_it_can_be_issued_by_keyboard_alone(
    unlocked: Shell, tmp_path: Path, qtbot: QtBot
) -> None:
    case = make_case(unlocked, tmp_path, HEADINGS)
    keys = Keyboard(unlocked, qtbot)
    read_the_record(keys, case, DAYS)
    summary(keys, case)
    take_items(keys, case)
    reason(keys, case, HEADING)
    for heading in HEADINGS[1:]:
        keys.tab_to(case.form.items_panel.list.hasFocus, back=True)
        keys.press(Qt.Key.Key_Down)
        reason_alike(keys, case, heading)
    answered = answer_all(keys, case)
    keys.press(Qt.Key.Key_I, CTRL | SHIFT)
    assert keys.opened(IssueDialog).blocking == ()
    whole = case.form.items_panel.frozen()
    assert [whole.heading(item) for item in whole.case.items] == list(HEADINGS)
    assert {whole.reviewer_sentence(item) for item in whole.case.items} == {
        between("MAXIMUS guideline:", "Decision rationale:")
    }
    told(keys, f"6 items, {answered} answers")
    assert keys.acts < 600
