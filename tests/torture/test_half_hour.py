# SPDX-License-Identifier: AGPL-3.0-or-later
"""Half an hour of jumps to pages at random in 700 MB of records: no process grows past what it may hold (V13)."""

from collections.abc import Callable

import pytest

from tests.benchmarks.bench_viewer import ours
from tests.torture.conftest import LONG

WINDOW, OTHERS = 600, 400
"""What the window's process and each other one may hold, in MB (PERFORMANCE T6)."""


@pytest.mark.torture
@pytest.mark.skipif(not LONG, reason="takes half an hour; IMR_TORTURE=1 runs it")
def test_half_an_hour_of_jumps_stays_under_the_bound(figures: Callable[[str], None]) -> None:
    ours("opening")  # makes the record where it is not there yet; making it takes memory, too
    told = ours("half_hour", seconds=3600)
    figures(f"half an hour of jumps: {told}")
    assert told["megabytes"] > 500
    assert told["visited"] > 10_000
    assert told["window"] < WINDOW
    assert told["others"] < OTHERS
