# SPDX-License-Identifier: AGPL-3.0-or-later
"""After a lock, and after kill -9 in the middle of typing, the reviewer stands where they stood (V17, W1, Y9)."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imr_desktop.models.places import Part, Place
from imr_desktop.storage import Vault
from imr_desktop.ui.case_window import CaseWindow
from imr_desktop.ui.form.fields import LineField
from imr_desktop.ui.shell import Shell

# The real window in a process of its own: it opens the case, goes to a page, types, and one second after the last
# keystroke dies without any chance to put something in order.
_WORK = """
import json, os, signal, sys
from pathlib import Path
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from imr_desktop.ui.app import application, build
from imr_desktop.ui.means import Means
from imr_desktop.ui.trouble import Hook

vault, passphrase, log = sys.argv[1:]
running = application()
window = build(Path(vault), Means(remember=False), Hook(Path(log)))
window.resize(1280, 720)
window.show()
window.begin()
QTest.keyClicks(window.unlock.passphrase, passphrase)
QTest.keyClick(window.unlock.passphrase, Qt.Key.Key_Return)
while window.session is None:
    QTest.qWait(20)
window.open_case(window.session.rows()[0].case_id)
record = window.case.record
while record.view.current is None:
    QTest.qWait(20)
record.acts["zoom_in"]()
record.go_to(record.view.stage.run.pages[2].ref)
QTest.keyClick(window, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
text = window.case.form.summary_panel.text
text.setFocus()
QTest.keyClicks(text, "The worker reports pain.")
QTest.qWait(2300)
QTest.keyClicks(text, " It radiates.")
print(json.dumps([window.case.case_id, record.state()["spot"]]), flush=True)
QTimer.singleShot(1000, lambda: os.kill(os.getpid(), signal.SIGKILL))
running.exec()
"""


@pytest.fixture
def with_records(filled: Path, passphrase: str, make_pdf: Callable[..., Path]) -> Path:
    """The filled vault, its first case with a file of five pages; closed."""
    from imr_desktop.casework import intake

    with Vault.open(filled, passphrase) as vault:
        *_, _ = intake.take_in(vault, [make_pdf("records.pdf", pages=5)], into=vault.cases()[0].id)
    return filled


def _unlock(window: Shell, passphrase: str, qtbot: QtBot) -> CaseWindow:
    assert window.unlock is not None
    QTest.keyClicks(window.unlock.passphrase, passphrase)
    QTest.keyClick(window.unlock.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.case is not None and window.case.record.view.current is not None)
    assert window.case is not None
    return window.case


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill -9")
def test_killed_while_typing_everything_is_there_again(
    start: Callable[[Path], Shell], with_records: Path, passphrase: str, tmp_path: Path, qtbot: QtBot
) -> None:
    killed = subprocess.run(
        [sys.executable, "-c", _WORK, str(with_records), passphrase, str(tmp_path / "log")],
        env={**os.environ, "XDG_CONFIG_HOME": str(tmp_path)},
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    case_id, spot = json.loads(killed.stdout.splitlines()[-1])
    window = start(with_records)
    case = _unlock(window, passphrase, qtbot)
    assert case.case_id == case_id
    assert case.form.shown() == "Summary"
    assert case.form.summary_panel.text.narrative().text == "The worker reports pain. It radiates."
    assert window.session is not None
    assert not window.session.vault.check().faults
    again = case.record.state()["spot"]
    assert {**again, "y": 0} == {**spot, "y": 0}
    assert abs(again.get("y", 0) - spot.get("y", 0)) <= 5


def test_unlocking_returns_to_the_caret(
    start: Callable[[Path], Shell], with_records: Path, passphrase: str, qtbot: QtBot
) -> None:
    window = start(with_records)
    assert window.unlock is not None
    QTest.keyClicks(window.unlock.passphrase, passphrase)
    QTest.keyClick(window.unlock.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None)
    assert window.session is not None
    window.open_case(window.session.rows()[0].case_id)
    case = window.case
    assert case is not None
    # Text that cannot be understood stands in a field of another part; it is no step of the case.
    born = case.form.case_panel.binders()[0].find("employee.birth_date")
    assert isinstance(born, LineField)
    assert case.form.show_place(Place(Part.HEADER, field="employee.birth_date"))
    born.editor.selectAll()  # type: ignore[attr-defined]
    QTest.keyClicks(born.editor, "31 Febuary")
    item = case.form.current_item() or case._desk.case.items[0].id
    assert case.form.show_place(Place(Part.ITEMS, item, "rationale"))
    field = window.focusWidget()
    QTest.keyClicks(field, "Six visits are supported by the guideline.")
    for _ in range(10):
        QTest.keyClick(field, Qt.Key.Key_Left)
    # Locked in the middle of the typing, with nothing kept yet.
    window.guard.idle.wanted.emit()
    qtbot.waitUntil(lambda: window.session is None)
    case = _unlock(window, passphrase, qtbot)
    assert case.form.shown() == "Items"
    QTest.keyClicks(window.focusWidget(), "cited ")
    case.form.flush()
    born = case.form.case_panel.binders()[0].find("employee.birth_date")
    assert isinstance(born, LineField)
    assert (born.text(), born.draft()) == ("31 Febuary", "31 Febuary")
    (kept,) = (each for each in case._desk.case.items if each.id == item)
    assert kept.rationale.text == "Six visits are supported by the cited guideline."
