# SPDX-License-Identifier: AGPL-3.0-or-later
"""One viewer measured in a process of its own: ``python -m tests.benchmarks.viewer_run CONTENDER TASK``; prints JSON.

Contenders: ``ours`` (the record pane over the vault), ``thread`` and ``main`` (the same pane, PyMuPDF drawing in a
thread of this process, or on its main thread). Only those that draw here load PyMuPDF: the program's window has none of
it, and its memory is measured.
"""

import contextlib
import hashlib
import json
import math
import os
import random
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Condition, Thread
from typing import Any

import psutil
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.records import PageRef, PageSize, PageWords, SourceFile
from imr_desktop.records import Caps, Drawn, Reader, ReadWords, WordsRead
from imr_desktop.records.heap import keep_freed_memory
from imr_desktop.records.process import Standby
from imr_desktop.storage import KdfCost, Vault
from imr_desktop.ui.record import ReaderBridge, RecordPane
from imr_desktop.ui.record.layout import Fit, Zoom
from imr_desktop.ui.record.memory import ShortMemory
from imr_desktop.ui.record.wanting import draw_key
from tests.benchmarks.mixed_pages import bench_folder, mixed_pages, page_count

FRAME = 1 / 60
DPI = 150
PASSPHRASE = "seven calm rivers under one bridge"
PARTS = 16


class Drawer(QObject):
    """Draws with PyMuPDF in this process: in a thread, or (without one) on the main thread."""

    answered = Signal(int, object)

    def __init__(self, paths: dict[str, Path], *, threaded: bool) -> None:
        import pymupdf

        super().__init__()
        self._matrix = pymupdf.Matrix
        self._files = {source: pymupdf.open(path) for source, path in paths.items()}
        self._queue: deque[tuple[int, Any]] = deque()
        self._turn = Condition()
        self._threaded = threaded
        self._sent = 0
        if threaded:
            Thread(target=self._work, daemon=True).start()

    def send(self, request: Any) -> int:
        self._sent += 1
        with self._turn:
            self._queue.append((self._sent, request))
            self._turn.notify()
        if not self._threaded:
            QTimer.singleShot(0, self, self._next)
        return self._sent

    def forget(self, number: int) -> None:
        with self._turn:
            self._queue = deque(each for each in self._queue if each[0] != number)

    def _work(self) -> None:
        while True:
            with self._turn:
                self._turn.wait_for(lambda: bool(self._queue))
            self._next()

    def _next(self) -> None:
        with self._turn:
            if not self._queue:
                return
            number, request = self._queue.popleft()
        page = self._files[request.page.source][request.page.page]
        if isinstance(request, ReadWords):
            answer: Any = WordsRead(PageWords(request.page, PageSize(612, 792)))
        else:
            pixels = page.get_pixmap(matrix=self._matrix(request.scale, request.scale), alpha=False)
            image = QImage(pixels.samples, pixels.width, pixels.height, pixels.stride, QImage.Format.Format_RGB888)
            image = image.convertToFormat(QImage.Format.Format_RGB32)
            data = bytes(image.constBits())
            answer = Drawn(request.page, request.scale, 0, image.width(), image.height(), image.bytesPerLine(), data)
        self.answered.emit(number, answer)


def sources(*, parts: bool) -> tuple[list[SourceFile], dict[str, Path]]:
    """The record as one large file, or as several smaller ones."""
    count = page_count()
    each = math.ceil(count / PARTS) if parts else count
    found, paths, first = [], {}, 1
    for start in range(0, count, each):
        path = mixed_pages(min(each, count - start), start)
        sha = _digest(path)
        sizes = (PageSize(612, 792),) * min(each, count - start)
        found.append(SourceFile(sha, path.name, path.stat().st_size, first, sizes))
        paths[sha] = path
        first += len(sizes)
    return found, paths


def _digest(path: Path) -> str:
    kept = path.with_suffix(".sha256")
    if not kept.exists():
        with path.open("rb") as file:
            kept.write_text(hashlib.file_digest(file, "sha256").hexdigest())
    return kept.read_text()


def vault_with(files: list[SourceFile], paths: dict[str, Path]) -> tuple[Vault, Any]:
    """A vault that holds the files, made once."""
    folder = bench_folder() / f"vault-{page_count()}-{len(files)}"
    note = folder.with_suffix(".case")
    if not note.exists():
        with Vault.create(folder, PASSPHRASE, cost=KdfCost(memory_kib=8192, passes=1, lanes=1)) as vault:
            store = vault.new_case(CaseHeader(), Imro(), LetterText())
            with store.step("Add"):
                for file in files:
                    with paths[file.sha256].open("rb") as content:
                        store.add_source(file, content)
            note.write_text(store.id)
    vault = Vault.open(folder, PASSPHRASE)
    return vault, vault.case(note.read_text())


def previews(files: list[SourceFile], paths: dict[str, Path]) -> ShortMemory:
    """A memory with the previews of all pages, made once."""
    memory = ShortMemory()
    folder = bench_folder() / f"previews-{page_count()}"
    folder.mkdir(exist_ok=True)
    number = 0
    for file in files:
        document = None
        for page in range(file.page_count):
            kept = folder / f"{number}.jpg"
            if not kept.exists():
                import pymupdf

                document = document or pymupdf.open(paths[file.sha256])
                kept.write_bytes(document[page].get_pixmap(dpi=36).tobytes("jpeg", jpg_quality=60))
            memory.keep_preview(PageRef(file.sha256, page), kept.read_bytes())
            number += 1
    return memory


class Bench:
    """A pane of 1,600 x 1,000 over the record, pages at 150 dpi."""

    def __init__(self, contender: str, *, parts: bool = True, with_previews: bool = True) -> None:
        self.app = QApplication.instance() or QApplication([])
        self.files, self.paths = sources(parts=parts)
        memory = previews(self.files, self.paths) if with_previews else ShortMemory()
        self.vault: Vault | None = None
        if contender == "ours":
            keep_freed_memory()
            self.vault, store = vault_with(self.files, self.paths)
            caps = Caps(documents=int(os.environ.get("IMR_BENCH_DOCUMENTS", Caps().documents)))
            # As in the program, where it is made ready while the worklist is on the screen.
            standby = Standby(caps)
            standby.prepare()
            self.wait(lambda: False, 2)
            sizes = {file.sha256: file.sizes for file in self.files}.__getitem__
            self.begun = time.perf_counter()
            self.reader: Any = ReaderBridge(
                lambda answered: Reader(store.open_source, answered, caps=caps, sizes=sizes, standby=standby)
            )
        else:
            self.begun = time.perf_counter()
            self.reader = Drawer(self.paths, threaded=contender == "thread")
        self.pane = RecordPane(self.reader, memory=memory)
        self.pane.rail.hide()
        self.pane._rail_wished = False
        self.view = self.pane.view
        self.pane.resize(1600, 1000)
        self.pane.show_record(self.files, ())
        self.view.set_zoom(Zoom(Fit.ACTUAL, DPI / 96))
        self.pane.show()

    def close(self) -> None:
        if isinstance(self.reader, ReaderBridge):
            self.reader.close()
        if self.vault is not None:
            self.vault.close()

    def wait(self, until: Callable[[], bool], seconds: float = 60) -> float:
        """Let events pass until it is so; gives the seconds it took."""
        begun = time.perf_counter()
        while not until() and time.perf_counter() - begun < seconds:
            self.app.processEvents()
            time.sleep(0.0005)
        return time.perf_counter() - begun

    def sharp(self, place: int) -> bool:
        """Whether a page is there at its full sharpness."""
        return self.view.loader.picture(draw_key(self.view.stage, place, self.view.devicePixelRatioF())) is not None

    def all_sharp(self) -> bool:
        """Whether all pages on screen are."""
        return all(self.sharp(place) for place in self.view.stage.layout.visible(self.view.scrolled()[1]))

    def painted(self, place: int) -> bool:
        """Whether anything of a page can be painted."""
        key = draw_key(self.view.stage, place, self.view.devicePixelRatioF())
        return self.view.loader.picture(key) is not None or self.view.loader.stand_in(key) is not None

    def frames(self, speed: Callable[[float], float], seconds: float) -> dict[str, float]:
        """Scroll at a speed (pixels a second by time) and time every frame."""
        frame_times, blank, sharp, shown = [], 0, 0, 0
        top = self.view.scrolled()[1]
        begun = time.perf_counter()
        for number in range(1, int(seconds / FRAME) + 1):
            due = begun + number * FRAME
            while time.perf_counter() < due:
                self.app.processEvents()
                time.sleep(0.0002)
            top += speed(number * FRAME) * FRAME
            self.view.scroll_to(0, top)
            self.view.viewport().repaint()
            frame_times.append((time.perf_counter() - due) * 1000)
            for place in self.view.stage.layout.visible(self.view.scrolled()[1]):
                shown += 1
                sharp += self.sharp(place)
                blank += not self.painted(place)
        return figures(frame_times, blank / shown, sharp / shown)


def figures(times: list[float], blank: float, sharp: float) -> dict[str, float]:
    """Frame times in a few numbers (ms); the shares of pages shown blank and sharp."""
    ordered = sorted(times)
    return {
        "frames": len(times),
        "p50": statistics.median(ordered),
        "p99": ordered[int(0.99 * (len(ordered) - 1))],
        "max": ordered[-1],
        "late": sum(each > 1000 * FRAME for each in ordered),
        "over50": sum(each > 50 for each in ordered),
        "blank": blank,
        "sharp": sharp,
    }


def fling(bench: Bench) -> dict[str, float]:
    """20,000 pixels a second at first, ever slower, for six seconds (T1, T2)."""
    bench.wait(bench.all_sharp)
    bench.view.scroll_to(0, bench.view.stage.layout.total_height / 3)
    bench.wait(bench.all_sharp)
    return bench.frames(lambda at: 20_000 * math.exp(-at / 4), 6)


def drag(bench: Bench) -> dict[str, float]:
    """The scroll bar drawn down at 400,000 pixels a second for three seconds (T2)."""
    bench.view.scroll_to(0, 0)
    bench.wait(bench.all_sharp)
    fastest = (bench.view.stage.layout.total_height - 4000) / 3
    return bench.frames(lambda _: min(400_000, fastest), 3)


def opening(bench: Bench) -> dict[str, float]:
    """From nothing to the first page sharp (T3)."""
    bench.wait(bench.all_sharp)
    return {"open_ms": (time.perf_counter() - bench.begun) * 1000}


def jumps(bench: Bench) -> dict[str, float]:
    """To pages at random: until something is painted, until it is sharp; and the same pages drawn right here (T4)."""
    import pymupdf

    bench.wait(bench.all_sharp)
    chance, painted, sharp, here = random.Random(4), [], [], []
    document = {sha: pymupdf.open(path) for sha, path in bench.paths.items()}
    for sha in document:
        place = bench.view.stage.run.place(PageRef(sha, 0))
        if place is not None:
            bench.pane.going.go_to_place(place)
            bench.wait(bench.all_sharp)
    for _ in range(60):
        place = chance.randrange(len(bench.view.stage))
        begun = time.perf_counter()
        bench.pane.going.go_to_place(place)
        bench.view.viewport().repaint()
        painted.append((time.perf_counter() - begun) * 1000)
        assert bench.painted(place)
        bench.wait(lambda place=place: bench.sharp(place))  # type: ignore[misc]
        sharp.append((time.perf_counter() - begun) * 1000)
        ref = bench.view.stage.page(place).ref
        begun = time.perf_counter()
        document[ref.source][ref.page].get_pixmap(dpi=DPI)
        here.append((time.perf_counter() - begun) * 1000)
        bench.wait(lambda: False, 0.05)
    sharp.sort()
    return {
        "painted": statistics.median(painted),
        "painted_max": max(painted),
        "sharp": statistics.median(sharp),
        "sharp_p95": sharp[int(0.95 * (len(sharp) - 1))],
        "here": statistics.median(here),
    }


def memory(bench: Bench) -> dict[str, float]:
    """What both processes hold after 300 pages, and after 1,000 more (T6)."""
    process, chance = psutil.Process(), random.Random(6)
    _visit(bench, chance, 300)
    before = _held(process)
    _visit(bench, chance, int(os.environ.get("IMR_BENCH_FURTHER", "1000")))
    after = _held(process)
    return {"ui": before[0], "child": before[1], "ui_after": after[0], "child_after": after[1]}


def _visit(bench: Bench, chance: random.Random, count: int) -> None:
    """Go to pages at random, each until it is sharp."""
    for _ in range(count):
        place = chance.randrange(len(bench.view.stage))
        bench.pane.going.go_to_place(place)
        bench.wait(lambda place=place: bench.sharp(place))  # type: ignore[misc]


def _held(process: psutil.Process) -> tuple[float, float]:
    """What the process holds (MB), and the largest of those it began."""
    others = [0.0]
    for child in process.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            others.append(child.memory_info().rss / 1e6)
    return process.memory_info().rss / 1e6, max(others)


def half_hour(bench: Bench) -> dict[str, float]:
    """The most that any process holds while pages are visited at random for ``IMR_BENCH_MINUTES`` (V13)."""
    process, chance = psutil.Process(), random.Random(13)
    most = {"window": 0.0, "others": 0.0}
    told: dict[str, float] = {}
    minutes, visited = float(os.environ.get("IMR_BENCH_MINUTES", "30")), 0
    begun = time.perf_counter()
    while (passed := time.perf_counter() - begun) < 60 * minutes:
        _visit(bench, chance, 1)
        visited += 1
        most = {name: max(most[name], held) for name, held in zip(most, _held(process), strict=True)}
        if passed > 60 * minutes / 10 and not told:
            told = {f"{name} after a tenth": held for name, held in most.items()}
    size = sum(path.stat().st_size for path in bench.paths.values()) / 1e6
    return {"visited": visited, "minutes": minutes, "megabytes": size, **told, **most}


TASKS = {each.__name__: each for each in (fling, drag, opening, jumps, memory, half_hour)}


def main(contender: str, task: str, record: str = "parts") -> None:
    """Measure and print."""
    bench = Bench(contender, parts=record == "parts", with_previews=task != "opening")
    try:
        print(json.dumps(TASKS[task](bench)), flush=True)
    finally:
        bench.close()
    QWidget.close(bench.pane)
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
