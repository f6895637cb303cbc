# SPDX-License-Identifier: AGPL-3.0-or-later
"""Times side by side: each contender in turn, medians, ratios to the first; printed, never asserted."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping

import platformdirs


def side_by_side(title: str, contenders: Mapping[str, Callable[[], object]], rounds: int = 7) -> dict[str, float]:
    """Run the contenders in turn, after one round that is not counted; print and give the medians in milliseconds.

    A contender that answers with a ``float`` has taken its own time, in milliseconds.
    """
    taken: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, run in contenders.items():
            begun = time.perf_counter()
            own = run()
            if number:
                taken[name].append(own if isinstance(own, float) else (time.perf_counter() - begun) * 1000)
    medians = {name: statistics.median(times) for name, times in taken.items()}
    base = next(iter(medians.values()))
    print(f"\n{title} (median of {rounds}, ms)")
    for name, median in medians.items():
        print(f"  {name:44} {median:9.1f}   x {median / base:.2f}")
    return medians


def process(script: str) -> Callable[[], object]:
    """A contender that is a fresh Python process running ``script``; its modules are compiled, as once installed."""

    def run() -> None:
        told(script)

    return run


def told(script: str) -> str:
    """What a fresh Python process running ``script`` prints; its modules are compiled, as once installed."""
    kept = {"PYTHONPYCACHEPREFIX": str(platformdirs.user_cache_path("imr-desktop-bench"))}
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | kept
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, env=compiled, text=True)
    return ran.stdout
