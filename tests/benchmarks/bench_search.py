# SPDX-License-Identifier: AGPL-3.0-or-later
"""Search over a long case beside what other viewers do, and what the forgiving search finds again on noisy pages."""

import random
import re
import shutil
import statistics
import subprocess
import time
from pathlib import Path

import pymupdf

from imr_desktop.casework.search import Scope, Search, boxes
from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.records import Box, Page, PageRef, PageSize, PageWords, Word, WordsOrigin
from imr_desktop.storage.page_index import PageReading, Stage
from imr_desktop.storage.page_search import PageSearch
from tests.kit.cases import new_vault
from tests.kit.pdfs import pdf
from tests.kit.records import case_with
from tests.kit.timing import side_by_side

PAGES = 5000
MANY = 100_000
_SLIPS = {"m": "rn", "l": "1", "o": "0", "e": "c", "d": "cl", "i": "l", "s": "5", "a": "o", "n": "u"}
_TELLING = [
    "hydrocodone",
    "acupuncture",
    "radiculopathy",
    "cyclobenzaprine",
    "functional",
    "tenderness",
    "lumbar",
    "gabapentin",
    "spasm",
    "numbness",
]
_OTHERS = [
    "the",
    "patient",
    "reports",
    "that",
    "pain",
    "is",
    "worse",
    "with",
    "sitting",
    "and",
    "better",
    "with",
    "rest",
    "after",
    "each",
    "visit",
    "to",
    "our",
    "clinic",
]


def _text(rng: random.Random) -> list[str]:
    words = [rng.choice(_OTHERS) for _ in range(220)]
    for telling in rng.sample(_TELLING, 3):
        words[rng.randrange(220)] = telling
    return [*words, f"{rng.randint(1, 12)}/{rng.randint(1, 28)}/2014", f"{rng.randint(100, 999)}"]


def _noisy(words: list[str], rng: random.Random, share: float) -> list[str]:
    return ["".join(_SLIPS.get(c, c) if rng.random() < share else c for c in word) for word in words]


def test_search(tmp_path: Path) -> None:
    rng = random.Random(7)
    clean = [_text(rng) for _ in range(PAGES)]
    data = pdf(*("\n".join(" ".join(text[at : at + 12]) for at in range(0, 222, 12)) for text in clean))
    with new_vault(tmp_path / "vault") as vault:
        store = case_with(vault, a=data)
        source = store.read().sources[0].sha256
        begun = time.perf_counter()
        for number, text in enumerate(clean):
            share = (0.0, 0.004, 0.015, 0.06)[number % 4]
            words = [Word(word, Box(10, 10, 50, 20), 0, at // 12) for at, word in enumerate(_noisy(text, rng, share))]
            ref = PageRef(source, number)
            state = PageReading(ref, number + 1, Stage.READ)
            store.pages.keep_read(PageWords(ref, PageSize(612, 792), tuple(words), WordsOrigin.OCR), state)
        print(f"\nkept and indexed: {(time.perf_counter() - begun) / PAGES * 1000:.2f} ms a page")
        search = Search(store)
        texts = [" ".join(text) for text in clean]
        plain = tmp_path / "record.pdf"
        plain.write_bytes(data)
        document = pymupdf.open(stream=data, filetype="pdf")
        hit = search.find("lumbar").hits[0]
        contenders = {
            "100 snippets from the index": lambda: search.find("lumbar", Scope(limit=100, forgiving=False)),
            "the same, forgiving": lambda: search.find("lumbar", Scope(limit=100)),
            "re over texts in memory": lambda: [re.search("lumbar", text, re.IGNORECASE) for text in texts],
            "MuPDF, page by page": lambda: [page.search_for("lumbar") for page in document],
        }
        extracted = tmp_path / "record.txt"
        extracted.write_text("\n".join(texts), encoding="utf-8")
        if shutil.which("rg"):
            contenders["ripgrep over the texts in one file"] = lambda: subprocess.run(
                ["rg", "-n", "-i", "lumbar", str(extracted)], check=False, capture_output=True
            )
        if shutil.which("pdfgrep"):
            contenders["pdfgrep"] = lambda: subprocess.run(
                ["pdfgrep", "-n", "-i", "lumbar", str(plain)], check=False, capture_output=True
            )
        side_by_side(f"A word in {PAGES:,} pages", contenders, rounds=3)
        side_by_side(
            "Where a hit stands",
            {
                "from kept boxes": lambda: boxes(store, hit),
                "MuPDF": lambda: document[hit.ref.page].search_for("lumbar"),
            },
        )
        _forgiven(search)
        _recall(search, clean, source)


def _forgiven(search: Search) -> None:
    """The forgiving search of the first hundred pages, word by word: some have many misreadings, some many names."""
    taken = {}
    for word in _TELLING:
        times = []
        for _ in range(5):
            begun = time.perf_counter()
            search.find(word, Scope(limit=100))
            times.append((time.perf_counter() - begun) * 1000)
        taken[word] = statistics.median(times)
    slowest = max(taken, key=taken.__getitem__)
    print(
        f"\nforgiving, the first 100 pages of each of {len(taken)} words: median "
        f"{statistics.median(taken.values()):.1f} ms, slowest {taken[slowest]:.1f} ms ({slowest})"
    )


def test_search_in_a_hundred_thousand_pages(tmp_path: Path) -> None:
    rng = random.Random(8)
    pages = tuple(Page(PageRef("0" * 64, number), number + 1, PageSize(612, 792)) for number in range(MANY))
    box, size = Box(10, 10, 50, 20), PageSize(612, 792)
    with new_vault(tmp_path / "vault") as vault:
        store = vault.new_case(CaseHeader(), Imro(), LetterText())
        store.pages.index.expect(pages)
        database, _ = store.pages.index.database
        begun = time.perf_counter()
        # Not in the order of the case: what was on screen was read first.
        order = [*range(60_000, 60_040), *range(60_000), *range(60_040, MANY)]
        with database.atomic():
            for number in order:
                words = tuple(Word(word, box, 0, at // 12) for at, word in enumerate(_text(rng)))
                ref = pages[number].ref
                state = PageReading(ref, number + 1, Stage.READ)
                store.pages.keep_read(PageWords(ref, size, words, WordsOrigin.DIGITAL), state)
        store.pages.index.tidy()
        print(f"\nkept and indexed: {(time.perf_counter() - begun) / MANY * 1000:.2f} ms a page, encrypted")
        index = PageSearch(store.pages.index)
        begun = time.perf_counter()
        print(f"lumbar stands on {index.count('lumbar'):,} of {MANY:,} pages")
        next(index.match("lumbar", limit=1))
        print(f"the first search of all: {(time.perf_counter() - begun) * 1000:.0f} ms")
        side_by_side(
            f"Fifty pages of {MANY:,}, marked",
            {
                "in page order": lambda: list(index.match("lumbar", limit=50)),
                "by rank": lambda: list(index.match("lumbar", limit=50, by_rank=True)),
                "a word on every page, in page order": lambda: list(index.match("patient", limit=50)),
                "a word on every page, by rank": lambda: list(index.match("patient", limit=50, by_rank=True)),
                "two words, in page order": lambda: list(index.match("lumbar AND spasm", limit=50)),
            },
        )


def _recall(search: Search, clean: list[list[str]], source: str) -> None:
    print("\nten words on pages with 0, 0.4, 1.5 and 6 % of letters misread")
    for forgiving in (False, True):
        found = true = right = 0
        taken = []
        for word in _TELLING:
            wanted = {PageRef(source, number) for number, text in enumerate(clean) if word in text}
            begun = time.perf_counter()
            got = {hit.ref for hit in search.find(word, Scope(forgiving=forgiving)).hits}
            taken.append((time.perf_counter() - begun) * 1000)
            true += len(wanted)
            found += len(got)
            right += len(got & wanted)
        name = "forgiving" if forgiving else "exact"
        print(f"  {name:10} recall {right / true:.3f} precision {right / found:.3f} {statistics.median(taken):.1f} ms")
