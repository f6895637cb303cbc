# SPDX-License-Identifier: AGPL-3.0-or-later
"""Half an hour of jumps to pages at random in 700 MB of records: no process grows past what it may hold (V13)."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.torture.conftest import LONG

WINDOW, OTHERS = 600, 400
"""What the window's process and each other one may hold, in MB (PERFORMANCE T6)."""


@pytest.mark.torture
@pytest.mark.skipif(not LONG, reason="takes half an hour; IMR_TORTURE=1 runs it")
def test_half_an_hour_of_jumps_stays_under_the_bound(figures: Callable[[str], None]) -> None:
    _viewer("opening")  # makes the record where it is not there yet; making it takes memory, too
    told = _viewer("half_hour")
    figures(f"half an hour of jumps: {told}")
    assert told["megabytes"] > 500
    assert told["visited"] > 10_000
    assert told["window"] < WINDOW
    assert told["others"] < OTHERS


def _viewer(task: str) -> dict[str, float]:
    script = "import sys; from tests.benchmarks.viewer_run import main; main(*sys.argv[1:])"
    said = subprocess.run(
        [sys.executable, "-c", script, "ours", task, "parts"],
        cwd=Path(__file__).parents[2],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, float] = json.loads(said.stdout.strip().splitlines()[-1])
    return told
