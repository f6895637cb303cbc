# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page drawn through the child beside the same page drawn in this process."""

import statistics
import time

import pymupdf

from imr_desktop.models.records import PageRef
from imr_desktop.records import Draw, Reader, ReadWords
from tests.kit.pdfs import Files, pdf
from tests.kit.timing import side_by_side


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
