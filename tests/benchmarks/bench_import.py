# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long the window's thread is held while 5,000 mixed pages come in, and while the machine then reads them.

``IMR_BENCH_PAGES`` makes the record smaller; ``IMR_BENCH_SECONDS`` is how long the reading is watched.
"""

import os
import statistics
from pathlib import Path

from pytestqt.qtbot import QtBot

from imr_desktop.storage import KdfCost
from imr_desktop.ui.app import build
from imr_desktop.ui.means import Means
from imr_desktop.ui.shell import Shell
from imr_desktop.ui.trouble import Hook
from imr_desktop.ui.work import give_way
from tests.benchmarks.mixed_pages import page_count
from tests.benchmarks.viewer_run import PASSPHRASE, sources
from tests.kit.window_clock import WindowClock

_SECONDS = float(os.environ.get("IMR_BENCH_SECONDS", "60"))
_FRAME = 1000 / 60


def _told(what: str, clock: WindowClock) -> None:
    clock.stop()
    held = sorted(clock.holds())
    late = sum(each > _FRAME for each in held)
    p99 = held[int(0.99 * len(held))]
    times = f"{statistics.median(held):8.1f}{p99:8.1f}{held[-1]:9.1f}"
    print(f"  {what:34}{sum(held) / 1000:8.1f}{times}{late:7} of {len(held)}")


def test_an_import_beside_the_window(qtbot: QtBot, tmp_path: Path) -> None:
    give_way()
    files, paths = sources(parts=True)
    shell = build(tmp_path / "vault", Means(cost=KdfCost(8192, 1, 1), remember=False), Hook(tmp_path / "bugs.log"))
    qtbot.addWidget(shell)
    shell.show()
    shell.enter(shell.means.create_vault(tmp_path / "vault", PASSPHRASE))
    print(f"\nThe window's thread, {page_count():,} pages in {len(files)} files (ms; asked 16.7 at p99)")
    print(f"  {'':34}{'seconds':>8}{'p50':>8}{'p99':>8}{'longest':>9}   late")
    clock = WindowClock()
    shell.importing.take_in([paths[file.sha256] for file in files])
    qtbot.waitUntil(lambda: not shell.importing.running, timeout=900_000)
    _told("taking in", clock)
    _read(qtbot, shell)
    shell.close()


def _read(qtbot: QtBot, shell: Shell) -> None:
    assert shell.session is not None
    shell.open_case(shell.session.rows()[0].case_id)
    clock = WindowClock()
    qtbot.wait(5000)
    _told("opening, the first five seconds", clock)
    clock = WindowClock()
    qtbot.wait(int(1000 * _SECONDS))
    _told("reading and sorting", clock)
