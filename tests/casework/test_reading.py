# SPDX-License-Identifier: AGPL-3.0-or-later
"""A case is read page by page: resumable, honest about what it cannot read, and never twice the same page."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest

from imr_desktop.casework import reading, rereading, search
from imr_desktop.models.records import Box, Page, PageRef, WordsOrigin
from imr_desktop.records.ocr import Engine, Engines, engines
from imr_desktop.storage import CaseStore, Vault
from imr_desktop.storage.page_index import Stage
from tests.kit.cases import PASSPHRASE, new_vault
from tests.kit.records import LINES, case_with, digital, pictures

QUICK = Engines(quick=Engine.TESSERACT)
needs_ocr = pytest.mark.skipif(engines().quick is not Engine.TESSERACT, reason="tesserocr is not installed here")


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with new_vault(tmp_path / "vault") as made:
        yield made


def all_of(store: CaseStore, plan: reading.Plan) -> list[str]:
    return [progress.what for progress in reading.read(store, plan)]


def test_digital_pages_are_read_and_pictures_told_without_ocr(vault: Vault) -> None:
    store = case_with(vault, a=digital(LINES, ["Short"]), b=pictures(LINES), c=digital([]))
    told = all_of(store, reading.Plan(ocr=False))
    assert told[-1] == "3 of 4 pages read; 1 are pictures that wait to be recognised."
    record = reading.record(store)
    assert [page.searchable for page in record.pages] == [True, True, False, True]
    assert [page.blank for page in record.pages] == [False, False, False, True]
    assert record.pages[0].text == " ".join(LINES)
    assert record.pages[0].origin is WordsOrigin.DIGITAL
    assert record.unsearchable() == (record.pages[2].ref,)
    found = search.search(store, "acupuncture")
    assert found.told() == "No hits; 1 of 4 pages have no readable text."
    assert [page.case_page for page in found.unsearched] == [3]


def test_a_case_that_was_never_read_has_only_unsearched_pages(vault: Vault) -> None:
    store = case_with(vault, a=digital(LINES, LINES))
    found = search.search(store, "spine")
    assert (len(found.hits), len(found.unsearched)) == (0, 2)


def test_reading_stops_anywhere_and_goes_on(vault: Vault) -> None:
    store = case_with(vault, a=digital(*([f"Page number {n}", *LINES] for n in range(12))))
    for progress in reading.read(store, reading.Plan(ocr=False)):
        if progress.done >= 5:
            break
    done = store.pages.index.counts()[Stage.READ]
    assert 5 <= done < 12
    assert all(state.tries == 0 for state in store.pages.index.readings())
    starts = [progress.done for progress in reading.read(store, reading.Plan(ocr=False))]
    assert starts[0] == done
    assert starts[-1] == 12
    assert len(search.search(store, '"page number"').hits) == 12


def test_pages_on_screen_come_first(vault: Vault) -> None:
    store = case_with(vault, a=digital(*([f"Page {n}"] for n in range(30))))
    source = store.read().sources[0].sha256
    store.pages.index.expect(reading.pages_of(store.read()))
    store.pages.index.prefer([PageRef(source, 25)])
    for progress in reading.read(store, reading.Plan(ocr=False)):
        if progress.done >= 4:
            break
    assert store.words(PageRef(source, 25)) is not None
    assert store.words(PageRef(source, 29)) is None


def test_a_broken_page_says_so_and_costs_no_other(vault: Vault) -> None:
    sound = digital(LINES, LINES)
    with pymupdf.open(stream=sound, filetype="pdf") as document:
        document.xref_set_key(document[0].xref, "Contents", "999 0 R")
        document.xref_set_key(document[0].xref, "MediaBox", "[0 0 0 0]")
        broken = document.tobytes()
    store = case_with(vault, a=sound)
    source = store.read().sources[0].sha256
    store.open_source = lambda sha256: broken if sha256 == source else b""  # type: ignore[method-assign, assignment, return-value]
    all_of(store, reading.Plan(ocr=False))
    states = store.pages.index.readings()
    assert states[1].stage is Stage.READ
    assert states[0].stage in {Stage.UNREADABLE, Stage.QUICK_OCR, Stage.READ}
    assert len(states) == 2


def test_damaged_pages_are_told_by_reading_and_search_and_a_blank_one_is_not(vault: Vault) -> None:
    with pymupdf.open(stream=digital(LINES, LINES, LINES, LINES), filetype="pdf") as document:
        document.update_object(document[1].xref, "null")
        document.xref_set_key(document[2].xref, "Contents", "9999 0 R")
        content = document[3].get_contents()[0]
        document.update_stream(content, b"\xff\x00 garbage", compress=False)
        document.xref_set_key(content, "Filter", "/FlateDecode")
        document.new_page()
        damaged = document.tobytes()
    store = case_with(vault, a=damaged)
    all_of(store, reading.Plan(ocr=False))
    states = store.pages.index.readings()
    bad = [state.ref for state in states[1:4]]
    assert [state.stage for state in states] == [Stage.READ, *[Stage.UNREADABLE] * 3, Stage.READ]
    assert [state.why for state in states[1:4]] == [
        f"Page {page} of the file is damaged and cannot be read." for page in (2, 3, 4)
    ]
    assert reading.record(store).unsearchable() == tuple(bad)
    assert [page.ref for page in search.Search(store).find("anything").unsearched] == bad


def test_a_file_that_cannot_be_fetched_is_unreadable_with_its_reason(vault: Vault, tmp_path: Path) -> None:
    store = case_with(vault, a=digital(LINES))
    sealed = next((vault.folder / "cases" / store.id / "sources").glob("*.enc"))
    sealed.write_bytes(sealed.read_bytes()[:-9])
    all_of(store, reading.Plan(ocr=False))
    (state,) = store.pages.index.readings()
    assert state.stage is Stage.UNREADABLE
    assert "source file" in state.why
    assert reading.record(store).unsearchable() == (state.ref,)


def test_a_page_that_takes_the_program_down_is_given_up_at_last(vault: Vault) -> None:
    store = case_with(vault, a=digital(LINES, LINES))
    pages = reading.pages_of(store.read())
    store.pages.index.expect(pages)
    for _ in range(4):
        store.pages.index.begin(pages[0].ref)
    all_of(store, reading.Plan(ocr=False))
    states = store.pages.index.readings()
    assert (states[0].stage, states[1].stage) == (Stage.UNREADABLE, Stage.READ)
    assert "stopped each time" in states[0].why


def test_broken_encodings_are_not_taken_for_words(vault: Vault) -> None:
    shifted = ["".join(chr(ord(c) - 29) if c.isalpha() else c for c in line) for line in LINES]
    store = case_with(vault, a=digital([line.encode("latin-1", "replace").decode("latin-1") for line in shifted]))
    all_of(store, reading.Plan(ocr=False))
    assert store.pages.index.readings()[0].stage is Stage.QUICK_OCR


@needs_ocr
def test_pictures_are_recognised_however_they_lie(vault: Vault) -> None:
    store = case_with(vault, a=pictures(LINES * 3), b=pictures(LINES * 3, turned=180), c=pictures(LINES * 3, turned=90))
    all_of(store, reading.Plan(engines=QUICK, workers=1))
    states = store.pages.index.readings()
    assert [state.stage for state in states] == [Stage.READ] * 3
    assert [state.turned for state in states] == [0, 180, 90]
    found = search.search(store, '"functional improvement"')
    assert sorted({hit.case_page for hit in found.hits}) == [1, 2, 3]
    upright = search.boxes(store, found.hits[0])[0]
    over = next(hit for hit in found.hits if hit.case_page == 2)
    turned = [search.boxes(store, hit)[0] for hit in found.hits if hit.ref == over.ref]
    assert any(abs((612 - box.x1) - upright.x0) < 4 and abs((792 - box.y1) - upright.y0) < 4 for box in turned)


@needs_ocr
def test_pages_too_poor_for_the_judge_of_turns_stand_upright_too(vault: Vault) -> None:
    """The engine's judge says nothing of them; they are read in the ways that are left, and the best is taken."""
    poor = {f"by_{turn}": pictures(LINES[:2], dpi=60, turned=turn) for turn in (90, 180, 270)}
    store = case_with(vault, **poor)
    all_of(store, reading.Plan(engines=QUICK, workers=1))
    assert [state.turned for state in store.pages.index.readings()] == [90, 180, 270]


@needs_ocr
def test_a_hidden_layer_that_lies_is_not_believed(vault: Vault) -> None:
    with pymupdf.open(stream=pictures(LINES * 3), filetype="pdf") as document:
        for number in range(12):
            document[0].insert_text((72, 90 + 18 * number), "Nothing of this stands on the sheet at all", render_mode=3)
        lying = document.tobytes()
    store = case_with(vault, a=lying)
    all_of(store, reading.Plan(engines=QUICK, workers=1))
    assert search.search(store, "stands on the sheet").hits == ()
    assert len(search.search(store, '"straight leg raise"').hits) == 3


@needs_ocr
def test_a_stamp_beside_a_picture_does_not_hide_the_picture(vault: Vault) -> None:
    with pymupdf.open(stream=pictures(LINES * 3), filetype="pdf") as document:
        document[0].insert_text((400, 770), "STAMP 000123")
        stamped = document.tobytes()
    store = case_with(vault, a=stamped)
    all_of(store, reading.Plan(engines=QUICK, workers=1))
    assert len(search.search(store, "lumbar").hits) == 3


@needs_ocr
def test_a_region_is_recognised_on_demand_where_it_stands(vault: Vault) -> None:
    store = case_with(vault, a=pictures(LINES * 3))
    page = PageRef(store.read().sources[0].sha256, 0)
    answer = rereading.read_region(store, page, Box(70, 95, 400, 113), Engine.TESSERACT)
    assert [word.text for word in answer.words] == LINES[1].split()
    assert abs(answer.words[0].box.x0 - 72) < 3
    assert abs(answer.words[0].box.y1 - 108) < 6
    with pytest.raises(rereading.CannotRecognise):
        rereading.read_region(store, page, Box(900, 900, 901, 901), Engine.TESSERACT)


@needs_ocr
def test_outlines_and_two_sheets_on_one_are_read(vault: Vault) -> None:
    with pymupdf.open(stream=digital(LINES * 3), filetype="pdf") as document:
        outlines = document[0].get_svg_image(text_as_path=True).encode()
    with pymupdf.open(stream=outlines, filetype="svg") as drawn:
        drawn_only = drawn.convert_to_pdf()
    left, right = ["LEFT SHEET", *LINES * 3], ["RIGHT SHEET", *reversed(LINES * 3)]
    with pymupdf.open(stream=digital(left, right), filetype="pdf") as sheets, pymupdf.open() as document:
        page = document.new_page(width=792, height=612)
        for number, x in enumerate((0, 396)):
            page.show_pdf_page(pymupdf.Rect(x, 0, x + 396, 612), sheets, number)
        picture = page.get_pixmap(dpi=300)
    with pymupdf.open() as document:
        document.new_page(width=792, height=612).insert_image(pymupdf.Rect(0, 0, 792, 612), pixmap=picture)
        two = document.tobytes()
    store = case_with(vault, a=drawn_only, b=two)
    all_of(store, reading.Plan(engines=QUICK, workers=1))
    assert [state.stage for state in store.pages.index.readings()] == [Stage.READ] * 2
    texts = store.pages.index.texts()
    assert [texts[page.ref].count("lumbar spine") for page in _pages(store)] == [3, 6]
    # Each sheet is read to its end before the other begins.
    whole = texts[_pages(store)[1].ref]
    assert whole[: whole.index("RIGHT SHEET")].count("four weeks") == 3


def _pages(store: CaseStore) -> tuple[Page, ...]:
    return reading.pages_of(store.read())


@needs_ocr
def test_scribbles_are_told_as_unreadable(vault: Vault) -> None:
    with pymupdf.open() as document:
        page = document.new_page()
        for number in range(60):
            page.draw_bezier(
                (50, 100 + 9 * number),
                (200, 40 + 11 * number),
                (300, 700 - 9 * number),
                (550, 200 + 7 * number),
                width=2,
            )
        drawn = document.tobytes()
    store = case_with(vault, a=drawn)
    all_of(store, reading.Plan(engines=QUICK, workers=1))
    (state,) = store.pages.index.readings()
    assert state.stage is Stage.UNREADABLE
    assert state.why
    assert search.search(store, "anything").unsearched[0].why == state.why


def test_killed_at_any_moment_no_page_is_lost_or_doubled(tmp_path: Path) -> None:
    folder = tmp_path / "vault"
    with new_vault(folder) as vault:
        store = case_with(vault, a=digital(*([f"Page number {n}", *LINES] for n in range(300))))
        case_id = store.id
    script = (
        "import sys\nfrom pathlib import Path\n"
        "from imr_desktop.casework import reading\nfrom imr_desktop.storage import Vault\n"
        "if __name__ == '__main__':\n"
        "    vault = Vault.open(Path(sys.argv[1]), sys.argv[2])\n"
        "    for progress in reading.read(vault.case(sys.argv[3]), reading.Plan(ocr=False)):\n"
        "        print(progress.done, flush=True)\n"
    )
    program = tmp_path / "reads.py"
    program.write_text(script, encoding="utf-8")
    last = 0
    for goal in (20, 90, 170):
        child = subprocess.Popen(
            [sys.executable, str(program), str(folder), PASSPHRASE, case_id],
            stdout=subprocess.PIPE,
            text=True,
            env={"PYTHONPATH": str(Path(__file__).parent.parent.parent), "PATH": "/usr/bin:/bin"},
        )
        assert child.stdout is not None
        for line in child.stdout:
            if int(line) >= goal:
                break
        child.kill()
        child.wait()
        child.stdout.close()
        with Vault.open(folder, PASSPHRASE) as vault:
            states = vault.case(case_id).pages.index.readings()
            kept = vault.case(case_id).pages.index.texts()
            done = sum(state.stage is Stage.READ for state in states)
            assert len(states) == 300
            assert done == len(kept) >= max(last, goal)
            last = done
    with Vault.open(folder, PASSPHRASE) as vault:
        store = vault.case(case_id)
        all_of(store, reading.Plan(ocr=False))
        texts = store.pages.index.texts()
        assert sorted(texts[PageRef(store.read().sources[0].sha256, n)].split()[2] for n in range(300)) == sorted(
            map(str, range(300))
        )
        assert len(search.search(store, '"page number"').hits) == 300


def test_a_window_can_pump_the_reading_without_waiting(vault: Vault) -> None:
    store = case_with(vault, a=digital(*(LINES for _ in range(60))))
    steps = reading.read(store, reading.Plan(ocr=False, patience=0.0))
    taken = []
    for _ in range(1_000_000):
        begun = time.perf_counter()
        if next(steps, None) is None:
            break
        taken.append(time.perf_counter() - begun)
    assert store.pages.index.counts()[Stage.READ] == 60
    assert sorted(taken)[len(taken) // 2] < 0.0167
