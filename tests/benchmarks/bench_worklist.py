# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cold start to the unlocked worklist of 10,000 cases, beside a bare PySide6 window with the same fonts (at most 1.6).

What counts is what a person waits for the machine: until the passphrase can be typed, and from Return to the list. What
Argon2id spends is chosen, so it is told apart: once with the cheapest key derivation there is, once with what ships.
"""

import json
import os
import shutil
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from imr_desktop.casework.worklist import Board
from imr_desktop.models.case import CaseHeader, Employee, Imro, LetterText
from imr_desktop.storage import KdfCost, Vault
from imr_desktop.ui.app import build
from imr_desktop.ui.cases_model import COLUMNS
from imr_desktop.ui.means import Means
from imr_desktop.ui.trouble import Hook
from tests.kit.timing import process, side_by_side, told

CASES = int(os.environ.get("IMR_BENCH_CASES", "10000"))
_BARE = """
from PySide6.QtWidgets import QApplication, QMainWindow, QTableWidget
from imr_desktop.ui.theme import Theme
app = QApplication([])
Theme(app)
window = QMainWindow()
window.setCentralWidget(QTableWidget(20, 9))
window.resize(1280, 800)
window.show()
app.processEvents()
window.grab()
"""
_STARTED = """
import json, os, time
from pathlib import Path
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from imr_desktop.ui.app import application, run
from imr_desktop.ui.shell import Shell


class Person(QObject):
    '''Sees the question, types the passphrase as a quick typist does, and sees the list.'''

    def __init__(self, app):
        super().__init__(app)
        self.app, self.marks, self.painted, self.left = app, {}, False, list("a bench's words")
        self.timer = QTimer(self, interval=2)
        self.timer.timeout.connect(self.look)
        self.timer.start()

    def mark(self, what):
        self.marks[what] = time.perf_counter()

    def look(self):
        window = next((each for each in self.app.topLevelWidgets() if isinstance(each, Shell)), None)
        if window is None or not window.is_drawn or window.unlock is None:
            return
        self.mark("asked")
        self.timer.stop()
        self.window = window
        if TYPES:
            QTimer.singleShot(500, self, self.type)
        else:
            self.tell()

    def type(self):
        from PySide6.QtTest import QTest
        if self.left:
            QTest.keyClicks(self.window.unlock.passphrase, self.left.pop(0))
            QTimer.singleShot(100, self, self.type)
            return
        self.window.worklist.table.viewport().installEventFilter(self)
        self.mark("entered")
        QTest.keyClick(self.window.unlock.passphrase, Qt.Key.Key_Return)
        self.timer.timeout.disconnect(self.look)
        self.timer.timeout.connect(self.see)
        self.timer.start()

    def eventFilter(self, watched, event):
        self.painted = self.painted or event.type() == QEvent.Type.Paint
        return False

    def see(self):
        if self.painted:
            self.mark("listed")
            assert self.window.worklist.model.rowCount() == CASES
            self.tell()

    def tell(self):
        print(json.dumps(self.marks), flush=True)
        os._exit(0)


app = application()
person = Person(app)
run(Path(FOLDER))
"""


class Start:
    """A start of the whole program with a person before it; what the person waited for the machine is the time.

    That is from the start until the passphrase can be typed, and from Return until the list is drawn. While the person
    types, nobody waits.
    """

    def __init__(self, folder: Path, cases: int, types: bool) -> None:
        self._script = f"CASES, TYPES, FOLDER = {cases}, {types}, {str(folder)!r}\n{_STARTED}"

    def __call__(self) -> float:
        """Milliseconds of waiting."""
        begun = time.perf_counter()
        marks = json.loads(told(self._script))
        waited = marks["asked"] - begun
        return float(1000 * (waited + (marks["listed"] - marks["entered"] if "listed" in marks else 0)))


def _bare() -> float:
    """Milliseconds until the bare window is drawn, as ours are counted: without the end of the process."""
    begun = time.perf_counter()
    drawn = float(told(f"{_BARE}\nimport time\nprint(time.perf_counter(), flush=True)"))
    return 1000 * (drawn - begun)


def test_cold_start_to_the_worklist(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    with Vault.create(folder, "a bench's words", cost=KdfCost(8, 1, 1)) as vault:
        _fill(vault)
        board = Board(vault)
        assert len(board.rows(date(2025, 1, 1))) == CASES
    chosen = tmp_path / "chosen"
    shutil.copytree(folder, chosen)
    with Vault.open(chosen, "a bench's words") as vault:
        vault.ways_in.take_passphrase(vault.ways_in.derived("a bench's words", "a bench's words", cost=KdfCost()))
    side_by_side(
        f"Cold start to the unlocked worklist of {CASES} cases, typing left out (at most 1.6)",
        {
            "bare PySide6 window, drawn": _bare,
            "bare PySide6 window, the whole process": process(_BARE),
            "the passphrase can be typed": Start(folder, CASES, types=False),
            "the unlocked worklist, without Argon2id": Start(folder, CASES, types=True),
            "the same with the Argon2id that ships": Start(chosen, CASES, types=True),
        },
        rounds=7,
    )


def test_ten_thousand_archived_cases_without_a_pause(tmp_path: Path, qtbot: QtBot) -> None:
    folder = tmp_path / "vault"
    with Vault.create(folder, "a bench's words", cost=KdfCost(8192, 1, 1)) as vault:
        _fill(vault)
        with vault.at_once():
            for case_id in [row.case_id for row in Board(vault).rows(date(2025, 1, 1))][20:]:
                vault.archive_case(case_id)
        board = Board(vault)
        board.rows(date(2025, 1, 1), archived=True)
        board.keep()
    window = build(folder, Means(reads=False), Hook(tmp_path / "bugs.log"))
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.enter(window.means.open_vault(folder, "a bench's words"))
    worklist = window.worklist
    least: dict[str, float] = {}
    ascending = Qt.SortOrder.AscendingOrder

    def take(what: str, act: Callable[[], object]) -> None:
        began = time.perf_counter()
        act()
        QApplication.processEvents()
        least[what] = (time.perf_counter() - began) * 1000

    take("the archive is shown", lambda: worklist.filter.setCurrentText("Archived"))
    assert worklist.table.model().rowCount() == CASES - 20
    take("all are shown", lambda: worklist.filter.setCurrentText("All"))
    for column, name in enumerate(COLUMNS[:-1]):
        take(f"sorted by {name.lower()}", partial(worklist.table.sortByColumn, column, ascending))
    for grouping in ("Status", "When due", "Nothing"):
        take(f"grouped by {grouping.lower()}", partial(worklist.group.setCurrentText, grouping))
    for text in ("9", "99", "999", "9990", ""):
        take(f"searched for “{text}”", partial(worklist.search.setText, text))
    print(f"\nThe window with {CASES} cases, all but 20 archived (ms until it is drawn)")
    for what, took in least.items():
        print(f"  {took:6.1f}  {what}")
    assert max(least.values()) < 500


def _fill(vault: Vault) -> None:
    for start in range(0, CASES, 1000):
        with vault.at_once():
            for number in range(start, min(start + 1000, CASES)):
                day = date(2024, 1, 1) + timedelta(days=number % 700)
                vault.new_case(
                    CaseHeader(
                        case_number=f"CM24-{number:07}",
                        application_received=day,
                        documents_complete=day + timedelta(days=9),
                        employee=Employee(name=f"Injured Worker {number}"),
                    ),
                    Imro(name="Example Review Organization"),
                    LetterText(),
                )
