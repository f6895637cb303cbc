# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cold start to the unlocked worklist of 10,000 cases, beside a bare PySide6 window with the same fonts (at most 1.6).

Told in steps, because a person sees them apart: the window, the question for the passphrase, the list. What Argon2id
spends is chosen, so it is told apart too: once with the cheapest key derivation there is, once with the one that ships.
"""

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
from tests.kit.timing import process, side_by_side

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
_BEGIN = """
import os
from pathlib import Path
from imr_desktop.ui.app import application, build
from imr_desktop.ui.means import Means
from imr_desktop.ui.trouble import Hook
folder = Path({folder!r})
app = application()
window = build(folder, Means(), Hook(folder / "bugs.log"))
window.show()
app.processEvents()
"""
_ASKED = """
window.begin()
app.processEvents()
window.grab()
assert window.unlock.isVisible()
os._exit(0)
"""
_WORKLIST = """
window.enter(window.means.open_vault(folder, "a bench's words"))
app.processEvents()
window.grab()
assert window.worklist.model.rowCount() == {cases}
os._exit(0)
"""


def test_cold_start_to_the_worklist(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    with Vault.create(folder, "a bench's words", cost=KdfCost(8192, 1, 1)) as vault:
        _fill(vault)
        board = Board(vault)
        assert len(board.rows(date(2025, 1, 1))) == CASES
    begin, worklist = _BEGIN.format(folder=str(folder)), _WORKLIST.format(cases=CASES)
    chosen = tmp_path / "chosen"
    shutil.copytree(folder, chosen)
    with Vault.open(chosen, "a bench's words") as vault:
        vault.ways_in.take_passphrase(vault.ways_in.derived("a bench's words", "a bench's words", cost=KdfCost()))
    side_by_side(
        f"Cold start to the unlocked worklist of {CASES} cases (at most 1.6)",
        {
            "bare PySide6 window": process(_BARE),
            "the window is on the screen": process(begin + "window.grab()\nos._exit(0)"),
            "the passphrase is asked for": process(begin + _ASKED),
            "the unlocked worklist, without Argon2id": process(begin + worklist),
            "the same with the Argon2id that ships": process(_BEGIN.format(folder=str(chosen)) + worklist),
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
