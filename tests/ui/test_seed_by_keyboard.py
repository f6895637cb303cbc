# SPDX-License-Identifier: AGPL-3.0-or-later
"""The client's own case written again in the window by keyboard alone: every keystroke is counted.

The record's pages carry the facts of the letter. The case stands as it does after intake and reading: facts of the
header, documents and pages seen. From there on there are only keys.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from imr_desktop.casework.reading import Plan, pages_of, read
from imr_desktop.checks import Severity
from imr_desktop.models.case import CaseHeader, ClaimsAdministrator, Employee, Employer, InjuryDate, RequestingPhysician
from imr_desktop.models.items import Outcome
from imr_desktop.models.records import Disposition, Document, DocumentType, PageSpan
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.form.fields import ChoiceField
from imr_desktop.ui.picker import Picker
from imr_desktop.ui.shell import Shell

SEED = " ".join((Path(__file__).parents[1] / "samples" / "seed_determination.txt").read_text(encoding="utf-8").split())
HEADING = "Six visits of Acupuncture for the low back"
CTRL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
DOCUMENTS = (
    (DocumentType.APPLICATION, "Application", date(2014, 11, 20)),
    (DocumentType.UR_DETERMINATION, "UR determination", date(2014, 10, 30)),
    (DocumentType.RFA, "RFA", date(2014, 10, 20)),
    (DocumentType.PROGRESS_REPORT, "PR-2", date(2014, 7, 1)),
    (DocumentType.PROGRESS_REPORT, "PR-2", date(2014, 4, 10)),
    (DocumentType.PROGRESS_REPORT, "PR-2", date(2014, 5, 1)),
)
FACTS = (
    "Application. 65 year old female. Date of injury 1/18/2005. " + HEADING,
    "UR determination 10/30/2014. " + HEADING + " denied. six sessions of acupuncture in 2013",
    "Request for authorization 10/20/2014. " + HEADING,
    "PR-2 7/1/2014. pain has increased. not working. range of motion restricted",
    "PR-2 4/10/2014. restarted acupuncture which previously helped",
    "PR-2 5/1/2014. ongoing pain in the neck. sore after acupuncture",
)


pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def between(before: str, after: str) -> str:
    found = re.search(re.escape(before) + r"\s*(.+?)\s*" + re.escape(after), SEED)
    assert found is not None, before
    return found.group(1)


@dataclass
class Keyboard:
    """Presses keys on whatever has the focus, and counts them: those that write text, and those that do something."""

    window: Shell
    written: int = 0
    acts: int = 0

    def write(self, text: str) -> None:
        """Type words."""
        self.written += len(text)
        QTest.keyClicks(self.focus(), text)

    def press(
        self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier, times: int = 1
    ) -> None:
        """Press a key, as often as told."""
        for _ in range(times):
            self.acts += 1
            QTest.keyClick(self.focus(), key, modifier)

    def tab_to(self, wanted: Callable[[], bool], *, back: bool = False) -> None:
        """Tab until the wanted field has the focus."""
        for _ in range(120):
            if wanted():
                return
            self.press(
                Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab, SHIFT if back else Qt.KeyboardModifier.NoModifier
            )
        raise AssertionError(f"Tab never comes there; it stands at {self.focus()!r}")

    def pick(self, field: ChoiceField, name: str) -> None:
        """Choose by arrows in a choice that has the focus."""
        box = field._choices
        while box.currentText() != name:
            self.press(Qt.Key.Key_Down if box.currentIndex() < box.findText(name) else Qt.Key.Key_Up)

    def focus(self) -> QWidget:
        """What has the focus."""
        found = QApplication.focusWidget()
        return self.window if found is None else found


def make_case(window: Shell, make_pdf: Callable[..., Path], treatments: str = HEADING) -> CaseWindow:
    """The seed's case after intake and reading."""
    session = window.session
    assert session is not None
    paths = [
        make_pdf(f"{number} {title}.pdf", 1, says)
        for number, ((_, title, _), says) in enumerate(zip(DOCUMENTS, FACTS, strict=True))
    ]
    header = CaseHeader(
        case_number="CM14-0123456",
        claim_number="CLAIM-1",
        date_of_injury=InjuryDate(date(2005, 1, 18)),
        ur_decision_date=date(2014, 10, 30),
        application_received=date(2014, 11, 20),
        date_assigned=date(2014, 12, 5),
        decision_date=date(2014, 12, 10),
        employee=Employee("Injured Worker A"),
        requesting_physician=RequestingPhysician("Treating Physician B"),
        employer=Employer("Employer C"),
        claims_administrator=ClaimsAdministrator("Insurer D"),
        treatments_in_dispute_raw=treatments,
    )
    case_id = list(session.take_in(paths))[-1].case_id
    assert case_id
    desk = session.desk(case_id)
    desk.keep_header(header)
    for _ in read(desk.store, Plan(ocr=False)):
        pass
    sources = {source.name: source for source in desk.case.sources}
    for path, (kind, title, day) in zip(paths, DOCUMENTS, strict=True):
        span = PageSpan(sources[path.name].sha256, path.name, 0, 0)
        desk.add_document(Document("", kind, title, date=day, pages=(span,), disposition=Disposition.READ))
    for page in pages_of(desk.case):
        desk.mark_seen(page.ref)
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
    assert case.form.summary_panel.text.hasFocus()
    text = between("including all medical records:", "IMR ISSUES")
    marks = (
        ("injury on 1/18/2005", "application"),
        ("remained unchanged", "pr-2 7/1"),
        ("claimant is not working", "pr-2 7/1"),
        ("are restricted", "pr-2 7/1"),
        ("low back pain", "pr-2 7/1"),
        ("helped her a lot", "pr-2 4/10"),
        ("neck, upper back, and low back", "pr-2 5/1"),
        ("motion as improved", "pr-2 5/1"),
        ("no documented improvement", "ur det"),
    )
    for words, document in marks:
        before, text = text.split(words, 1)
        keys.write(before + words)
        cite(keys, document)
    keys.write(text)


def one_item(keys: Keyboard, case: CaseWindow, heading: str) -> None:
    """An item worded, its guideline built, decided and reasoned, with three citations in the rationale."""
    form = case.form.items_panel.form
    keys.press(Qt.Key.Key_N, CTRL | SHIFT)
    keys.write(heading)
    keys.press(Qt.Key.Key_U, ALT)
    keys.tab_to(form.ca_guideline.stated._choices.hasFocus)
    keys.pick(form.ca_guideline.stated, "None cited")
    keys.tab_to(form.reviewer_guideline.stated._choices.hasFocus)
    keys.pick(form.reviewer_guideline.stated, "Citations")
    chapter = form.reviewer_guideline.citations.form.chapter
    keys.tab_to(lambda: chapter.isAncestorOf(keys.focus()))
    keys.write("Acupuncture Treatment Guidelines")
    suggestions = QApplication.activePopupWidget()
    if suggestions is not None:
        suggestions.hide()
    keys.tab_to(form.rationale.hasFocus)
    text = between("Decision rationale:", "Therefore further") + " "
    for words, document in (("motion improvement", "pr-2 5/1"), ("acupuncture treatment", "pr-2 7/1")):
        before, text = text.split(words, 1)
        keys.write(before + words)
        cite(keys, document)
    keys.write(f"{text}The request of 10/20/2014 is for the low back")
    cite(keys, "rfa")
    keys.write(f". Therefore, {heading} is not medically necessary.")


def blocking(case: CaseWindow) -> list[str]:
    """What blocks and cannot be answered: the seed calls an improvement absent, which a check rightly asks about."""
    found = (each for each in case.checks.findings if each.severity is Severity.BLOCKS and not each.answerable)
    return [f"{each.id} {each.says}" for each in found]


@pytest.fixture
def case(unlocked: Shell, make_pdf: Callable[..., Path], qtbot: QtBot) -> CaseWindow:
    return make_case(unlocked, make_pdf)


def test_the_seed_is_written_by_keyboard_alone(case: CaseWindow, unlocked: Shell, qtbot: QtBot) -> None:
    keys = Keyboard(unlocked)
    summary(keys, case)
    one_item(keys, case, HEADING)
    keys.press(Qt.Key.Key_F5)
    whole = case.form.items_panel.frozen()
    (item,) = whole.case.items
    anchors = (*whole.case.clinical_summary.anchors(), *item.rationale.anchors())
    assert len(anchors) == 12
    assert whole.heading(item) == HEADING
    assert whole.reviewer_sentence(item) == between("MAXIMUS guideline:", "Decision rationale:")
    assert whole.ca_sentence(item) == between("Claims Administrator guideline:", "MAXIMUS guideline:")
    assert item.outcome is Outcome.UPHELD
    said = between("including all medical records:", "IMR ISSUES")
    printed = re.sub(r" \([^)]*\d{4}\)", "", " ".join(whole.paragraphs(whole.case.clinical_summary)))
    assert printed == said
    assert blocking(case) == []
    print(f"keystrokes: {keys.written} that write the text, {keys.acts} that do something")
    assert keys.acts < 120


def another_item(keys: Keyboard, case: CaseWindow, heading: str) -> None:
    """One more item of the same kind: the citation taken and the rationale copied, what must differ typed over."""
    form = case.form.items_panel.form
    keys.press(Qt.Key.Key_N, CTRL | SHIFT)
    keys.write(heading)
    keys.press(Qt.Key.Key_U, ALT)
    keys.tab_to(form.ca_guideline.stated._choices.hasFocus)
    keys.pick(form.ca_guideline.stated, "None cited")
    for key in (Qt.Key.Key_M, Qt.Key.Key_K):
        keys.press(key, CTRL | ALT)
        (picker,) = (shown for shown in keys.window.findChildren(Picker) if shown.isVisible())
        # The off-screen platform does not hand the focus to a window that opens.
        keys.acts += 1
        QTest.keyClick(picker.field, Qt.Key.Key_Return)
        keys.window.activateWindow()
    form.rationale.setFocus()
    keys.press(Qt.Key.Key_Home, CTRL)
    keys.press(Qt.Key.Key_Tab)
    while "‹" in form.rationale.toPlainText():
        blank = form.rationale.textCursor().selectedText()
        assert blank.startswith("‹not "), blank
        keys.write(heading if "visits" in blank.casefold() else heading.split()[0].lower())
        keys.press(Qt.Key.Key_Tab)


def test_a_case_of_six_items_is_written_by_keyboard_alone(
    unlocked: Shell, make_pdf: Callable[..., Path], qtbot: QtBot
) -> None:
    headings = [
        HEADING,
        *(f"{many} visits of Acupuncture for the low back" for many in ("Two", "Three", "Four", "Five", "Seven")),
    ]
    case = make_case(unlocked, make_pdf, "\n".join(headings))
    keys = Keyboard(unlocked)
    summary(keys, case)
    one_item(keys, case, HEADING)
    for heading in headings[1:]:
        another_item(keys, case, heading)
    keys.press(Qt.Key.Key_F5)
    whole = case.form.items_panel.frozen()
    assert [whole.heading(item) for item in whole.case.items] == headings
    assert {whole.reviewer_sentence(item) for item in whole.case.items} == {
        between("MAXIMUS guideline:", "Decision rationale:")
    }
    assert blocking(case) == []
    print(f"keystrokes: {keys.written} that write the text, {keys.acts} that do something")
    assert keys.acts < 450
