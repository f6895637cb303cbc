# SPDX-License-Identifier: AGPL-3.0-or-later
"""From the last key to the new preview beside the form, and how long the window's thread is held meanwhile."""

import os
import statistics
import time
from pathlib import Path

from pytestqt.qtbot import QtBot

from imr_desktop.casework.desk import Desk
from imr_desktop.models.narrative import Narrative
from imr_desktop.storage import Vault
from imr_desktop.ui.letter_panel import LetterPanel
from imr_desktop.ui.means import Means
from imr_desktop.ui.session import Session
from imr_desktop.ui.work import give_way
from tests.kit.cases import NOW, PASSPHRASE
from tests.kit.window_clock import WindowClock

_ROUNDS = 12


def test_preview_after_the_last_key(qtbot: QtBot, tmp_path: Path) -> None:
    from imr_desktop.casework import demo

    with demo.make(tmp_path / "vault", PASSPHRASE, NOW) as vault:
        _measure(qtbot, vault)


def _measure(qtbot: QtBot, vault: Vault) -> None:
    give_way()  # as the program does at its start
    desk = Desk(vault.case(vault.cases()[0].id))
    means = Means(now=lambda: NOW, reads=False)
    panel = LetterPanel(means, desk, Session(means, vault))
    qtbot.addWidget(panel)
    panel.resize(700, 800)
    with qtbot.waitSignal(panel.pages.shown, timeout=20000):
        panel.show()
    clock = WindowClock()
    item = desk.case.items[0]
    taken, held = [], []
    for number in range(_ROUNDS):
        clock.begin_anew()
        with qtbot.waitSignal(panel.pages.shown, timeout=20000):
            desk.write_rationale(item.id, Narrative.of(*item.rationale.text.split("\n"), f"Round {number}."))
            begun = time.perf_counter()
        taken.append((time.perf_counter() - begun) * 1000)
        held.append(max(clock.holds(), default=0.0))
    clock.stop()
    panel.close_panel()
    load = f"{os.getloadavg()[0]:.1f}"
    print(f"\nPreview of the letter after the last key (median of {_ROUNDS}, ms; load {load})")
    print(f"  last key to the new pages (target 500)       {statistics.median(taken):9.1f}   most {max(taken):.1f}")
    print(f"  hold of the window at the first change (16.7){held[0]:9.1f}")
    print(f"  longest hold at later changes (16.7)         {statistics.median(held):9.1f}   most {max(held):.1f}")
