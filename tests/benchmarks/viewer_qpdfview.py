# SPDX-License-Identifier: AGPL-3.0-or-later
"""QPdfView measured like ours: ``python viewer_qpdfview.py FILE TASK``; needs PySide6.QtPdf and nothing of ours."""

import json
import math
import os
import random
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import psutil
from PySide6.QtCore import QPointF, QRect
from PySide6.QtPdf import QPdfDocument
from PySide6.QtPdfWidgets import QPdfView
from PySide6.QtWidgets import QApplication

FRAME, DPI = 1 / 60, 150


def blank(view: Any) -> bool:
    """Whether a column in the middle of the window shows nothing but paper and ground."""
    port = view.viewport()
    shown = port.grab(QRect(port.width() // 2 - 150, 0, 12, port.height())).toImage()
    inks = (shown.pixelColor(x, y).lightness() < 140 for y in range(0, shown.height(), 3) for x in range(0, 12, 2))
    return not any(inks)


def main(path: str, task: str) -> None:
    """Measure and print."""
    app = QApplication([])
    begun = time.perf_counter()
    document, view = QPdfDocument(), QPdfView()
    view.resize(1600, 1000)
    view.setPageMode(QPdfView.PageMode.MultiPage)
    document.load(path)
    view.setDocument(document)
    view.setZoomFactor(DPI / 96)
    view.show()

    def wait(until: Callable[[], bool], seconds: float = 60.0) -> None:
        start = time.perf_counter()
        while not until() and time.perf_counter() - start < seconds:
            app.processEvents()
            time.sleep(0.0005)

    wait(lambda: not blank(view))
    opened = (time.perf_counter() - begun) * 1000
    bar = view.verticalScrollBar()

    def frames(speed: Callable[[float], float], seconds: float) -> dict[str, float]:
        times: list[float] = []
        top, begin, empty = float(bar.value()), time.perf_counter(), 0
        for number in range(1, int(seconds / FRAME) + 1):
            due = begin + number * FRAME
            while time.perf_counter() < due:
                app.processEvents()
                time.sleep(0.0002)
            top += speed(number * FRAME) * FRAME
            bar.setValue(round(top))
            view.viewport().repaint()
            times.append((time.perf_counter() - due) * 1000)
            if number % 6 == 0:
                empty += blank(view)
        times.sort()
        return {
            "frames": len(times),
            "p50": statistics.median(times),
            "p99": times[int(0.99 * (len(times) - 1))],
            "max": times[-1],
            "late": sum(each > 1000 * FRAME for each in times),
            "over50": sum(each > 50 for each in times),
            "blank": empty / (len(times) // 6),
        }

    if task == "opening":
        told = {"open_ms": opened}
    elif task == "fling":
        bar.setValue(bar.maximum() // 3)
        wait(lambda: not blank(view))
        told = frames(lambda at: 20_000 * math.exp(-at / 4), 6)
    elif task == "drag":
        fastest = (bar.maximum() - 4000) / 3
        told = frames(lambda _: min(400_000, fastest), 3)
    elif task == "jumps":
        chance, taken = random.Random(4), []
        for _ in range(40):
            start = time.perf_counter()
            view.pageNavigator().jump(chance.randrange(document.pageCount()), QPointF())
            view.viewport().repaint()
            wait(lambda: not blank(view), 5)
            taken.append((time.perf_counter() - start) * 1000)
            wait(lambda: False, 0.05)
        taken.sort()
        told = {"sharp": statistics.median(taken), "sharp_p95": taken[int(0.95 * (len(taken) - 1))]}
    else:
        chance = random.Random(6)
        for _ in range(300):
            view.pageNavigator().jump(chance.randrange(document.pageCount()), QPointF())
            wait(lambda: not blank(view), 5)
        told = {"ui": psutil.Process().memory_info().rss / 1e6}
    print(json.dumps(told), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
