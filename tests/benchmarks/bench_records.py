# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page drawn through the child beside the same page drawn in this process."""

import math
import os
import re
import shutil
import statistics
import subprocess
import time
from pathlib import Path

import pymupdf

from imr_desktop.models.records import PageRef
from imr_desktop.records import Draw, Reader, ReadWords
from imr_desktop.ui.record.picture import image_of
from tests.benchmarks.mixed_pages import KINDS, kind_of, mixed_pages
from tests.kit.pdfs import Files, pdf
from tests.kit.timing import side_by_side

DPI = 150


def test_a_page_over_the_pipe() -> None:
    files = Files()
    text = "Range of motion of the mid and low back are restricted and straight leg raise is positive."
    data = pdf(*(f"{number} {text}" for number in range(20)))
    source = files.add(data)
    document = pymupdf.open(stream=data, filetype="pdf")
    reader = Reader(files)
    page = iter(range(10_000_000))
    try:
        side_by_side(
            "A letter page at 150 dpi",
            {
                "PyMuPDF in this process": lambda: document[next(page) % 20].get_pixmap(dpi=150),
                "through the child": lambda: reader.ask(Draw(PageRef(source, next(page) % 20), 150 / 72)),
                "its words, through the child": lambda: reader.ask(ReadWords(PageRef(source, next(page) % 20))),
            },
            rounds=25,
        )
    finally:
        reader.close()
        document.close()


def test_start_of_the_child() -> None:
    files = Files()
    source = files.add(pdf("one page"))
    taken = []
    for _ in range(5):
        begun = time.perf_counter()
        reader = Reader(files)
        reader.ask(Draw(PageRef(source, 0), 1.0))
        taken.append((time.perf_counter() - begun) * 1000)
        reader.close()
    print(f"\nFrom nothing to the first page: {statistics.median(taken):.0f} ms (median of 5)")


def test_pages_by_kind() -> None:
    """T5: a page of each kind through the child, beside PyMuPDF here and beside mutool; and what handing over costs."""
    count = 160
    path = mixed_pages(count)
    document = pymupdf.open(path)
    data = path.read_bytes()
    with Reader(lambda _: data) as reader:
        print("\nT5: a page at 150 dpi, median of 8 pages a kind (ms)")
        print(f"  {'':10}{'child':>9}{'PyMuPDF':>9}{'mutool':>9}")
        for kind in KINDS:
            pages = [page for page in range(count) if kind_of(page) == kind][:8]
            reader.ask(Draw(PageRef("0" * 64, pages[0]), DPI / 72))
            document[pages[0]].get_pixmap(dpi=DPI)
            drawn, here = [], []
            for page in pages:
                begun = time.perf_counter()
                reader.ask(Draw(PageRef("0" * 64, page), DPI / 72))
                middle = time.perf_counter()
                document[page].get_pixmap(dpi=DPI)
                drawn.append(middle - begun)
                here.append(time.perf_counter() - middle)
            figures = (1000 * statistics.median(drawn), 1000 * statistics.median(here), _mutool(path, pages))
            print(f"  {kind:10}" + "".join(f"{each:9.1f}" for each in figures))
        times = []
        for _ in range(25):
            begun = time.perf_counter()
            image_of(1275, 1650, 5100, bytes(5100 * 1650))
            times.append(time.perf_counter() - begun)
        print(f"  a drawn page copied once (8.4 MB): {1000 * statistics.median(times):.1f}")


def _mutool(path: Path, pages: list[int]) -> float:
    """The median that mutool says it took; nan where it is not installed."""
    if not shutil.which("mutool"):
        return math.nan
    asked = ",".join(str(page + 1) for page in pages)
    command = ["mutool", "draw", "-q", "-s", "t", "-r", str(DPI), "-F", "ppm", "-o", os.devnull, str(path), asked]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return statistics.median(float(each) for each in re.findall(r" (\d+)ms", said.stdout + said.stderr))
