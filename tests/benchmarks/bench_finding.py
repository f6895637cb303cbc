# SPDX-License-Identifier: AGPL-3.0-or-later
"""F1: how soon the first hit is there after the last key, and how long the window's thread is held, in 5,000 pages."""

import os
import random
import statistics
import time
from pathlib import Path

from PySide6.QtWidgets import QApplication

from imr_desktop.casework.search import Search
from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, Word, WordsOrigin
from imr_desktop.storage.page_index import PageReading, Stage
from imr_desktop.ui.record import IndexFinder
from imr_desktop.ui.record.finding import Finding
from imr_desktop.ui.record.pages import PageRun
from imr_desktop.ui.record.searching import Query
from tests.benchmarks.bench_search import _text
from tests.kit.cases import new_vault
from tests.kit.pdfs import pdf
from tests.kit.records import case_with

PAGES = int(os.environ.get("IMR_BENCH_PAGES", "5000"))


def test_first_hit(tmp_path: Path) -> None:
    app = QApplication.instance() or QApplication([])
    rng = random.Random(5)
    with new_vault(tmp_path / "vault") as vault:
        store = case_with(vault, a=pdf(*([""] * PAGES)))
        sources = store.read().sources
        for number in range(PAGES):
            words = tuple(Word(word, Box(10, 10, 50, 20), 0, at // 12) for at, word in enumerate(_text(rng)))
            ref = PageRef(sources[0].sha256, number)
            read = PageWords(ref, PageSize(612, 792), words, WordsOrigin.OCR)
            store.pages.keep_read(read, PageReading(ref, number + 1, Stage.READ))
        finding = Finding(IndexFinder(Search(store), store.words))
        finding.show_run(PageRun(sources))
        arrived: list[float] = []
        finding.arrived.connect(lambda _: arrived.append(time.perf_counter()))
        print(f"\nF1 over {PAGES:,} pages: first hit after the last key, all hits, longest hold of the window (ms)")
        for word in ("hydrocodone", "lumbar", "spasm", "the", "patient reports", "7/1/2014", "radiculopaty", "zzyzx"):
            first, whole, held, found = [], [], [], 0
            for _ in range(3):
                arrived.clear()
                for end in range(1, len(word) + 1):
                    finding.ask(Query(word[:end]))
                begun = time.perf_counter()
                longest = 0.0
                while True:
                    turn = time.perf_counter()
                    app.processEvents()
                    longest = max(longest, time.perf_counter() - turn)
                    if finding.done and finding.query.words == word and not finding._rest.isActive():
                        break
                whole.append(time.perf_counter() - begun)
                first.append(arrived[-1] - begun if arrived else float("nan"))
                held.append(longest)
                found = len(finding.hits)
            figures = (f"{1000 * statistics.median(each):8.0f}" for each in (first, whole, held))
            print(f"  {word:20}{''.join(figures)}  {found:,} hits")
