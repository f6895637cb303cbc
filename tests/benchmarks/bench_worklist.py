# SPDX-License-Identifier: AGPL-3.0-or-later
"""Cold start to the unlocked worklist of 10,000 cases, beside a bare PySide6 window with the same fonts (at most 1.6).

The vault's key derivation is the cheapest there is: what Argon2id spends is chosen, and is no part of this figure.
"""

import os
from datetime import date, timedelta
from pathlib import Path

from imr_desktop.casework.worklist import Board
from imr_desktop.models.case import CaseHeader, Employee, Imro, LetterText
from imr_desktop.storage import KdfCost, Vault
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
_OURS = """
from pathlib import Path
from imr_desktop.ui.app import application, build
from imr_desktop.ui.means import Means
from imr_desktop.ui.trouble import Hook
app = application()
window = build(Path({folder!r}), Means(), Hook(Path({folder!r}) / "bugs.log"))
window.show()
app.processEvents()
window.enter(window.means.open_vault(Path({folder!r}), "a bench's words"))
app.processEvents()
window.grab()
assert window.worklist.model.rowCount() == {cases}
import os
os._exit(0)
"""


def test_cold_start_to_the_worklist(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    with Vault.create(folder, "a bench's words", cost=KdfCost(8192, 1, 1)) as vault:
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
        board = Board(vault)
        assert len(board.rows(date(2025, 1, 1))) == CASES
    side_by_side(
        f"Cold start to the unlocked worklist of {CASES} cases (at most 1.6)",
        {
            "bare PySide6 window": process(_BARE),
            "IMR Desktop, unlocked": process(_OURS.format(folder=str(folder), cases=CASES)),
        },
        rounds=7,
    )
