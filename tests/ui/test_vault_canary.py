# SPDX-License-Identifier: AGPL-3.0-or-later
"""A day in the window with planted words: they are found in no file, log, clipboard or title that stays (Y10)."""

import sys
import tempfile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from imr_desktop.models.places import Part, Place
from imr_desktop.storage import Vault
from imr_desktop.ui.app import build
from imr_desktop.ui.means import Means
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.trouble import Hook
from tests.kit.pdfs import pdf
from tests.torture.test_canary import CANARIES, Scan

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def _unlock(window: Shell, passphrase: str, qtbot: QtBot) -> None:
    assert window.unlock is not None
    QTest.keyClicks(window.unlock.passphrase, passphrase)
    QTest.keyClick(window.unlock.passphrase, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None)


def test_a_day_in_the_window_leaves_no_planted_word(
    filled: Path, means: Means, passphrase: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot,
    capfd: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    name, words, text = CANARIES
    home, incoming, disk = (tmp_path / each for each in ("home", "incoming", "disk"))
    for each in (home, incoming, disk):
        each.mkdir(mode=0o700)
    for variable in ("TMPDIR", "HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.setenv(variable, str(home))
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    (incoming / f"{name}.pdf").write_bytes(pdf(*(f"{words} page {number}" for number in range(4))))
    scan = Scan(filled, home, disk)

    log = home / "bugs.log"
    window = build(filled, means, Hook(log))
    window.show()
    window.begin()
    _unlock(window, passphrase, qtbot)
    assert window.session is not None
    case_id = window.session.rows()[0].case_id
    *_, _ = window.session.take_in([incoming / f"{name}.pdf"], into=case_id)
    window.open_case(case_id)
    case = window.case
    assert case is not None
    qtbot.waitUntil(lambda: case.record.view.current is not None)
    QTest.keyClick(window, Qt.Key.Key_4, _ALT)
    field = case.form.summary_panel.text
    field.setFocus()
    QTest.keyClicks(field, f"{text} and {name}")
    QTest.keyClick(field, Qt.Key.Key_A, _CTRL)
    QTest.keyClick(field, Qt.Key.Key_C, _CTRL)
    assert text in QGuiApplication.clipboard().text()
    case.form.flush()
    assert scan.found() == []
    case.form.show_place(Place(Part.ITEMS, case._desk.case.items[0].id, "rationale"))
    QTest.keyClicks(window.focusWidget(), f"{words} is supported")
    QTest.keyClick(window, Qt.Key.Key_K, _CTRL)
    for _ in range(3):
        QTest.keyClick(window, Qt.Key.Key_Escape)
    case.form.show_panel("Letter")
    qtbot.wait(1500)  # pages are drawn and the letter is laid out meanwhile
    assert scan.found() == []
    # A bug whose message carries a patient's words: they are written nowhere.
    try:
        raise RuntimeError(f"{name} could not be drawn")
    except RuntimeError as error:
        window_hook = Hook(log)
        window_hook.met(type(error), error, error.__traceback__)
    assert "RuntimeError" in log.read_text()
    window.lock()
    assert text not in QGuiApplication.clipboard().text()
    assert not any(canary in window.windowTitle() for canary in CANARIES)
    assert scan.found() == []
    _unlock(window, passphrase, qtbot)
    qtbot.waitUntil(lambda: window.case is not None)
    window.close()
    window.deleteLater()
    assert scan.found() == []
    said = "".join(capfd.readouterr())
    assert not any(canary.lower() in said.lower() for canary in CANARIES)
    with Vault.open(filled, passphrase) as vault:
        assert text in vault.case(case_id).read().clinical_summary.text, "it was worked on, after all"
