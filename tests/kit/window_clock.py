# SPDX-License-Identifier: AGPL-3.0-or-later
"""How long the window's thread is held: the gaps between the ticks of a timer that ticks where the thread is free."""

import itertools
import time

from PySide6.QtCore import QTimer

_TICK_MS = 2


class WindowClock:
    """Ticks from now on; ``holds`` are the milliseconds between its ticks."""

    def __init__(self) -> None:
        self._ticks: list[float] = []
        self._timer = QTimer(interval=_TICK_MS)
        self._timer.timeout.connect(lambda: self._ticks.append(time.perf_counter()))
        self._timer.start()

    def begin_anew(self) -> None:
        """Forget the ticks until now."""
        self._ticks.clear()

    def holds(self) -> list[float]:
        """What lay between the ticks, in milliseconds."""
        return [1000 * (after - before) for before, after in itertools.pairwise(self._ticks)]

    def stop(self) -> None:
        """Tick no more."""
        self._timer.stop()
