# SPDX-License-Identifier: AGPL-3.0-or-later
"""The window worked by keyboard alone: keys go to what has the focus, are counted, and are recorded."""

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget
from pytestqt.qtbot import QtBot

from imr_desktop.checks import Severity, open_findings
from imr_desktop.models.records import Disposition, PageRef
from imr_desktop.ui.answer_dialog import AnswerDialog
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.form.fields import ChoiceField
from imr_desktop.ui.form.item_form import ItemForm
from imr_desktop.ui.form.proposals import Proposals
from imr_desktop.ui.issue_dialog import IssueDialog
from imr_desktop.ui.shell import Shell

CTRL, ALT, SHIFT, NONE = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.NoModifier,
)

Shown = TypeVar("Shown", bound=QDialog)


@dataclass
class Keyboard:
    """Presses keys on whatever has the focus, and counts them: those that write text, and those that do something."""

    window: Shell
    qtbot: QtBot
    written: int = 0
    acts: int = 0
    record: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._activate(self.window)

    def write(self, text: str) -> None:
        """Type words."""
        self.written += len(text)
        self.record.append(f"“{text}”")
        QTest.keyClicks(self.focus(), text)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE, times: int = 1) -> None:
        """Press a key, as often as told."""
        for _ in range(times):
            self.acts += 1
            self._note(QKeySequence(QKeyCombination(modifier, key)).toString())
            QTest.keyClick(self.focus(), key, modifier)

    def tab_to(self, wanted: Callable[[], bool], *, back: bool = False) -> None:
        """Tab until the wanted field has the focus."""
        for _ in range(60):
            if wanted():
                return
            self.press(Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab, SHIFT if back else NONE)
        raise AssertionError(f"Tab never comes there; it stands at {self.focus()!r}")

    def tab_into(self, widget: QWidget) -> None:
        """Tab until a widget, or what is in it, has the focus."""
        self.tab_to(lambda: self.focus() is widget or widget.isAncestorOf(self.focus()))

    def pick(self, choice: ChoiceField, name: str) -> None:
        """Choose by arrows in a choice that has the focus."""
        box = choice._choices
        while box.currentText() != name:
            self.press(Qt.Key.Key_Down if box.currentIndex() < box.findText(name) else Qt.Key.Key_Up)

    def shut_suggestions(self) -> None:
        """Where suggestions popped up under a field, let what was written stand."""
        suggestions = QApplication.activePopupWidget()
        if suggestions is not None:
            self.acts += 1
            self._note("Esc")
            QTest.keyClick(suggestions, Qt.Key.Key_Escape)

    def opened(self, kind: type[Shown]) -> Shown:
        """The dialog that a key opened; a desktop hands it the focus, which the off-screen platform does not."""
        self.qtbot.waitUntil(lambda: any(each.isVisible() for each in self.window.findChildren(kind)))
        dialog = next(each for each in self.window.findChildren(kind) if each.isVisible())
        self._activate(dialog)
        return dialog

    def back(self) -> None:
        """The dialog has closed; the window has the focus again."""
        self.qtbot.waitUntil(lambda: not any(each.isVisible() for each in self.window.findChildren(QDialog)))
        self._activate(self.window)

    def focus(self) -> QWidget:
        """What has the focus."""
        found = QApplication.focusWidget()
        return self.window if found is None else found

    def _activate(self, window: QWidget) -> None:
        window.activateWindow()
        self.qtbot.waitUntil(lambda: QApplication.activeWindow() is window)

    def told(self) -> str:
        """The record as lines, as long as they may be."""
        return textwrap.fill(", ".join(self.record), 120) + "\n"

    def _note(self, pressed: str) -> None:
        """Note a key; the same one again is counted, not written again."""
        last, _, times = self.record[-1].partition(" × ") if self.record else ("", "", "")
        if last == pressed:
            self.record[-1] = f"{pressed} × {int(times or 1) + 1}"
        else:
            self.record.append(pressed)


def answer_all(keys: Keyboard, case: CaseWindow) -> int:
    """Check the case and answer, in the list of findings, each that asks for a reason; gives how many."""
    keys.press(Qt.Key.Key_F5)
    unanswered = [each for each in case.checks.findings if each.severity is Severity.BLOCKS and not each.answerable]
    listed = [f"{each.id} {each.says}" for each in unanswered]
    assert listed == [], listed
    answered = 0
    while open_findings(case.checks.findings):
        assert case.checks.tree.hasFocus()
        while (chosen := case.checks._chosen()) is None or chosen not in open_findings(case.checks.findings):
            keys.press(Qt.Key.Key_Down)
        keys.press(Qt.Key.Key_R, ALT)
        keys.opened(AnswerDialog)
        keys.write("Looked at in the record; it stands as written.")
        keys.press(Qt.Key.Key_K, ALT)
        keys.back()
        answered += 1
        keys.press(Qt.Key.Key_F5)
    return answered


def issue(keys: Keyboard, folder: Path) -> list[Path]:
    """The letters sealed and filed; gives their files."""
    keys.press(Qt.Key.Key_I, CTRL | SHIFT)
    door = keys.opened(IssueDialog)
    keys.tab_to(door.folder.hasFocus)
    keys.press(Qt.Key.Key_A, CTRL)
    keys.write(str(folder))
    keys.tab_to(door.understood.hasFocus)
    keys.press(Qt.Key.Key_Space)
    assert door.go.isEnabled()
    with keys.qtbot.waitSignal(door.issued, timeout=60000) as told:
        keys.press(Qt.Key.Key_I, ALT)
    assert told.args is not None
    return list(told.args[0].files)


def _is_seen(case: CaseWindow, page: PageRef) -> bool:
    return page in case.desk.seen()


def _accept_all(keys: Keyboard, proposals: Proposals) -> None:
    keys.tab_to(proposals.head.hasFocus, back=True)
    keys.press(Qt.Key.Key_Space)
    keys.tab_to(proposals.accept_all.hasFocus)
    keys.press(Qt.Key.Key_Space)
    keys.qtbot.waitUntil(proposals.isHidden)


def read_the_record(keys: Keyboard, case: CaseWindow, days: Sequence[tuple[str, str]]) -> None:
    """Every page looked at, proposed facts and documents accepted, these fields written, each document marked read."""
    assert case.record.isAncestorOf(keys.focus())
    pages = sum(source.page_count for source in case.desk.case.sources)
    for _ in range(pages):
        keys.press(Qt.Key.Key_F8)
        page = case.record.view.current
        assert page is not None
        keys.qtbot.waitUntil(partial(_is_seen, case, page.ref))
    keys.press(Qt.Key.Key_1, ALT)
    _accept_all(keys, case.proposing.facts)
    for path, day in days:
        written = case.form.case_panel.binders()[0].find(path)
        assert written is not None
        keys.tab_into(written)
        keys.press(Qt.Key.Key_A, CTRL)
        keys.write(day)
    keys.press(Qt.Key.Key_2, ALT)
    _accept_all(keys, case.proposing.documents)
    keys.tab_to(case.form.documents_panel.list.hasFocus)
    keys.press(Qt.Key.Key_Home)
    for _ in case.desk.case.documents:
        keys.press(Qt.Key.Key_M)
        keys.press(Qt.Key.Key_Down)
    assert {document.disposition for document in case.desk.case.documents} == {Disposition.READ}


def take_items(keys: Keyboard, case: CaseWindow) -> None:
    """The disputed items that the application, the denial and the request name, accepted."""
    keys.press(Qt.Key.Key_5, ALT)
    _accept_all(keys, case.proposing.items)
    assert case.form.items_panel.list.hasFocus()
    keys.press(Qt.Key.Key_Home)


def state_guideline(keys: Keyboard, form: ItemForm, chapter: str) -> None:
    """The chosen item upheld, with no guideline of the claims administrator and this chapter as the reviewer's."""
    keys.tab_to(lambda: form.isAncestorOf(keys.focus()))
    keys.press(Qt.Key.Key_U, ALT)
    keys.tab_to(form.ca_guideline.stated._choices.hasFocus)
    keys.pick(form.ca_guideline.stated, "None cited")
    keys.tab_to(form.reviewer_guideline.stated._choices.hasFocus)
    keys.pick(form.reviewer_guideline.stated, "Citations")
    keys.tab_into(form.reviewer_guideline.citations.form.chapter)
    keys.write(chapter)
    keys.shut_suggestions()
    keys.tab_to(form.rationale.hasFocus)
