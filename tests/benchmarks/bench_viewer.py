# SPDX-License-Identifier: AGPL-3.0-or-later
"""The record pane beside QPdfView and beside drawing in its own process, on 5,000 mixed pages (T1-T4, T6, T12, T16).

``IMR_BENCH_PAGES`` makes the record smaller, ``IMR_BENCH_REPEATS`` sets the repeats. QtPdf is not among the
Essentials that the program is built on: ``IMR_BENCH_QTPDF`` names a Python that has it (PySide6-Addons); without
it that column is left out, and said to be.
"""

import contextlib
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import psutil

from imr_desktop.casework import intake
from imr_desktop.storage import KdfCost, Vault
from tests.benchmarks.mixed_pages import bench_folder, mixed_pages, page_count
from tests.benchmarks.viewer_run import PASSPHRASE

ROOT = Path(__file__).parents[2]
REPEATS = int(os.environ.get("IMR_BENCH_REPEATS", "3"))
Figures = dict[str, float]


def ours(
    task: str, contender: str = "ours", record: str = "parts", seconds: float = 1800, **environment: str
) -> Figures:
    """One run of the record pane in a fresh process, which takes no longer than so many seconds."""
    # Not as a module: the reading process would import what measures, as it does not import the window.
    script = "import sys; from tests.benchmarks.viewer_run import main; main(*sys.argv[1:])"
    command = [sys.executable, "-c", script, contender, task, record]
    return _run(command, seconds, **environment)


def qpdfview(task: str) -> Figures | None:
    """One run of QPdfView in a fresh process; None where there is no QtPdf."""
    python = os.environ.get("IMR_BENCH_QTPDF", sys.executable)
    if subprocess.run(
        [python, "-c", "import PySide6.QtPdfWidgets, psutil"], capture_output=True, check=False
    ).returncode:
        return None
    return _run([python, str(Path(__file__).parent / "viewer_qpdfview.py"), str(mixed_pages()), task])


def _run(command: list[str], seconds: float = 1800, **environment: str) -> Figures:
    said = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds,
    )
    told: Figures = json.loads(said.stdout.strip().splitlines()[-1])
    return told


def side_by_side(title: str, contenders: Mapping[str, Callable[[], Figures | None]], names: tuple[str, ...]) -> None:
    """Run the contenders in turn; print the medians of what they tell."""
    taken: dict[str, list[Figures]] = {name: [] for name in contenders}
    for _ in range(REPEATS):
        for name, run in contenders.items():
            figures = run()
            if figures is not None:
                taken[name].append(figures)
    print(f"\n{title}: {page_count():,} pages, median of {REPEATS}")
    print(f"  {'':34}" + "".join(f"{name:>11}" for name in names))
    for name, runs in taken.items():
        if not runs:
            print(f"  {name:34}  not at hand: PySide6.QtPdf is in PySide6-Addons (IMR_BENCH_QTPDF)")
            continue
        medians = [statistics.median(run[key] for run in runs) if key in runs[0] else None for key in names]
        print(f"  {name:34}" + "".join(f"{'':>11}" if value is None else f"{value:11.2f}" for value in medians))


FRAMES = ("frames", "p50", "p99", "max", "late", "over50", "blank", "sharp")


def test_fling() -> None:
    side_by_side(
        "T1, T2: fling, 20,000 px/s, 6 s, 150 dpi (ms a frame)",
        {
            "ours, from the vault": lambda: ours("fling"),
            "QPdfView": lambda: qpdfview("fling"),
            "control: PyMuPDF in a thread": lambda: ours("fling", "thread"),
            "control: PyMuPDF on the main thread": lambda: ours("fling", "main"),
        },
        FRAMES,
    )


def test_drag() -> None:
    side_by_side(
        "T2: scroll bar drawn through the record (ms a frame)",
        {"ours, from the vault": lambda: ours("drag"), "QPdfView": lambda: qpdfview("drag")},
        FRAMES,
    )


def test_opening() -> None:
    side_by_side(
        "T3: from nothing to the first page sharp (ms)",
        {
            "ours, vault, 16 files": lambda: ours("opening"),
            "ours, vault, one file of all pages": lambda: ours("opening", record="whole"),
            "QPdfView, one plain file": lambda: qpdfview("opening"),
        },
        ("open_ms",),
    )


def test_jumps() -> None:
    side_by_side(
        "T4: to pages at random (ms); 'here' is the same page drawn in this process",
        {"ours, from the vault": lambda: ours("jumps"), "QPdfView": lambda: qpdfview("jumps")},
        ("painted", "painted_max", "sharp", "sharp_p95", "here"),
    )


def test_memory() -> None:
    side_by_side(
        "T6: memory after 300 pages at random, and after more (MB)",
        {"ours, vault, 16 files": lambda: ours("memory"), "QPdfView": lambda: qpdfview("memory")},
        ("ui", "child", "ui_after", "child_after"),
    )


def test_beside_reading() -> None:
    """Beside the program's own recognition of words over another vault; and beside what is worse than that."""

    def beside_ocr() -> Figures:
        folder, case = _vault_to_read()
        command = [sys.executable, "-m", "imr_desktop", "--vault", str(folder), "read", case, "--again", "1-313"]
        environment = {**os.environ, "IMR_DESKTOP_PASSPHRASE": PASSPHRASE}
        reading = psutil.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            while not any(each.nice() > 0 and each.cpu_times().user > 2 for each in reading.children(recursive=True)):
                if reading.poll() is not None:
                    raise RuntimeError("the reading ended before the fling began")
                time.sleep(0.2)
            return ours("fling")
        finally:
            _end(reading)

    def beside_hogs() -> Figures:
        script = "import os; os.nice(15)\nwhile True: sum(range(10_000))"
        hogs = [psutil.Popen([sys.executable, "-c", script]) for _ in range(2)]
        try:
            return ours("fling")
        finally:
            for hog in hogs:
                _end(hog)

    side_by_side(
        "T12: fling beside recognition, and beside two niced processes that never rest (ms a frame)",
        {"alone": lambda: ours("fling"), "beside recognition": beside_ocr, "beside two hogs": beside_hogs},
        FRAMES,
    )


def _end(process: psutil.Popen) -> None:
    for each in (*process.children(recursive=True), process):
        with contextlib.suppress(psutil.NoSuchProcess):
            each.kill()
    process.wait()


def _vault_to_read() -> tuple[Path, str]:
    """A vault with one case of 313 mixed pages, made once; and the case's id."""
    folder = bench_folder() / "vault-to-read"
    note = folder.with_suffix(".case")
    if not note.exists():
        with Vault.create(folder, PASSPHRASE, cost=KdfCost(memory_kib=8192, passes=1, lanes=1)) as vault:
            *_, taken = intake.take_in(vault, [mixed_pages(313)])
            note.write_text(taken.case_id)
    return folder, note.read_text()


def test_dense_screen() -> None:
    side_by_side(
        "T16: fling at two device pixels a logical one (ms a frame)",
        {"ours, from the vault": lambda: ours("fling", QT_SCALE_FACTOR="2")},
        FRAMES,
    )


def test_what_is_loaded_before_the_window_shows() -> None:
    script = (
        "import sys, imr_desktop.ui.record\n"
        "print([name for name in ('pymupdf', 'pyhanko', 'reportlab') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    print(f"\nT14: of pymupdf, pyhanko, reportlab the record pane loads {said.stdout.strip()}")
