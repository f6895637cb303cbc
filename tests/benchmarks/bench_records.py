# SPDX-License-Identifier: AGPL-3.0-or-later
"""A page drawn through the child beside the same page drawn in this process."""

import math
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from functools import cache, partial
from multiprocessing import Pipe
from pathlib import Path

import pymupdf

from imr_desktop.models.records import PageRef, PageSize
from imr_desktop.records import Caps, Draw, Reader, ReadWords, wire
from imr_desktop.records.heap import keep_freed_memory
from imr_desktop.records.slot import Slot
from imr_desktop.ui.record.picture import image_of
from tests.benchmarks.mixed_pages import KINDS, bench_folder, kind_of, mixed_pages
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
    """T5: a page of each kind through the child, and where its time goes.

    Beside it PyMuPDF in this process, MuPDF from C (the floor), and the child drawing from parts of the file.
    """
    keep_freed_memory()
    count = 160
    path = mixed_pages(count)
    data = path.read_bytes()
    document = pymupdf.open(path)
    sizes = [PageSize(page.rect.width, page.rect.height) for page in document]
    in_parts = Caps(large=1 << 20)
    print("\nT5: a page at 150 dpi, median of 8 pages a kind (ms)")
    print(f"  {'':10}{'child':>9}{'PyMuPDF':>9}{'floor':>9}{'/ floor':>9}{'in parts':>9}")
    with (
        Reader(lambda _: data) as whole,
        Reader(lambda _: data, caps=in_parts, sizes=lambda _: sizes) as parts,
    ):
        for kind in KINDS:
            pages = [page for page in range(count) if kind_of(page) == kind][:8]
            ways: dict[str, Callable[[int], object]] = {
                "child": partial(_through, whole),
                "here": lambda page: document[page].get_pixmap(dpi=DPI),
                "parts": partial(_through, parts),
            }
            child, here, cut = (_median_of(way, pages) for way in ways.values())
            floor = _floor(path, pages)
            print(f"  {kind:10}{child:9.1f}{here:9.1f}{floor:9.1f}{here / floor:9.2f}{cut:9.1f}")
    print(f"  handing a drawn page over (8.4 MB): {_handing_over():.2f}")


def _through(reader: Reader, page: int) -> None:
    reader.ask(Draw(PageRef("0" * 64, page), DPI / 72))


def _median_of(way: Callable[[int], object], pages: list[int]) -> float:
    """The first page once before, as for every other contender."""
    way(pages[0])
    taken = []
    for page in pages:
        begun = time.perf_counter()
        way(page)
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken)


def _handing_over() -> float:
    """What it takes to bring the pixels from the process that drew them to the picture that is painted."""
    ours = Slot.make()
    assert ours is not None
    theirs = Slot.join(ours.name)
    assert theirs is not None
    drawn = memoryview(bytes(5100 * 1650))
    here, there = Pipe()

    def once() -> None:
        wire.say_pixels(there, theirs, drawn, scale=1.0, width=1275, height=1650)
        wire.hear(here)
        image_of(1275, 1650, 5100, ours.take(drawn.nbytes))

    taken = []
    try:
        for _ in range(25):
            begun = time.perf_counter()
            once()
            taken.append(1000 * (time.perf_counter() - begun))
    finally:
        theirs.close()
        ours.close()
    return statistics.median(taken)


@cache
def _floor_program() -> Path | None:
    """A program in C on the MuPDF that is inside PyMuPDF; None where there is no compiler."""
    compiler, room = shutil.which("cc"), Path(pymupdf.__file__).parent
    library = next(room.glob("libmupdf.so*"), None)
    if compiler is None or library is None:
        return None
    made = bench_folder() / "floor"
    headers, source = room / "mupdf-devel" / "include", Path(__file__).parent / "floor.c"
    command = [compiler, "-O2", f"-I{headers}", str(source), "-o", str(made), str(library), f"-Wl,-rpath,{room}"]
    subprocess.run(command, check=True)
    return made


def _floor(path: Path, pages: list[int]) -> float:
    """The median time that MuPDF alone takes for the pages; nan where that cannot be found out."""
    program = _floor_program()
    if program is None:
        return math.nan
    command = [str(program), str(path), str(DPI / 72), *(str(page) for page in pages)]
    said = subprocess.run(command, capture_output=True, text=True, check=True)
    return statistics.median(float(each) for each in said.stdout.split())
