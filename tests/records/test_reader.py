# SPDX-License-Identifier: AGPL-3.0-or-later
import re
import sys
import threading
from typing import Any

import psutil
import pymupdf
import pytest

from imr_desktop.models.records import PageRef, PageSize, WordsOrigin
from imr_desktop.records import (
    CannotReadPdf,
    Caps,
    Draw,
    Drawn,
    Failed,
    LinesRead,
    Measure,
    Measured,
    Reader,
    ReadLines,
    ReadWords,
    WordsRead,
)
from tests.kit.pdfs import Files, pdf
from tests.records.conftest import OpenReader


def children() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if "spawn_main" in " ".join(each.cmdline())]


def slow_page() -> bytes:
    """A page whose content takes MuPDF minutes: a deep tree of forms, each drawing the next one ten times."""
    document = pymupdf.open()
    page = document.new_page()
    inner = 0
    for level in range(14):
        form = document.get_new_xref()
        uses = f"/Resources<</XObject<</F {inner} 0 R>>>>" if inner else ""
        document.update_object(form, f"<</Type/XObject/Subtype/Form/BBox[0 0 600 700]{uses}>>")
        drawing = b"/F Do " * 10 if inner else b"0 0 300 300 re f 1 0 0 rg 9 9 300 300 re f "
        document.update_stream(form, drawing if level else drawing * 50, new=True)
        inner = form
    document.xref_set_key(page.xref, "Resources", f"<</XObject<</F {inner} 0 R>>>>")
    contents = document.get_new_xref()
    document.update_object(contents, "<<>>")
    document.update_stream(contents, b"/F Do " * 10, new=True)
    document.xref_set_key(page.xref, "Contents", f"{contents} 0 R")
    data: bytes = document.tobytes()
    document.close()
    return data


def test_pages_are_measured_upright(files: Files, open_reader: OpenReader) -> None:
    document = pymupdf.open()
    document.new_page(width=612, height=792)
    document.new_page(width=612, height=1008).set_rotation(90)
    cropped = document.new_page(width=612, height=792)
    cropped.set_cropbox(pymupdf.Rect(100, 100, 400, 500))
    source = files.add(document.tobytes())
    measured = open_reader().ask(Measure(source))
    assert isinstance(measured, Measured)
    assert measured.sizes == (PageSize(612, 792), PageSize(1008, 612), PageSize(300, 400))


def test_a_page_is_drawn_blue_first_and_turned_clockwise(files: Files, open_reader: OpenReader) -> None:
    document = pymupdf.open()
    page = document.new_page(width=200, height=100)
    page.draw_rect(pymupdf.Rect(0, 0, 50, 50), fill=(1, 0, 0), color=None)
    ref = PageRef(files.add(document.tobytes()), 0)
    reader = open_reader()
    drawn = reader.ask(Draw(ref, 2.0))
    assert isinstance(drawn, Drawn)
    assert (drawn.width, drawn.height, drawn.stride) == (400, 200, 1600)
    assert drawn.pixels[:4] == bytes((0, 0, 255, 255))
    assert drawn.pixels[-4:] == bytes((255, 255, 255, 255))
    turned = reader.ask(Draw(ref, 1.0, rotation=90))
    assert isinstance(turned, Drawn)
    assert (turned.width, turned.height) == (100, 200)
    top_right = turned.pixels[turned.stride - 4 : turned.stride]
    assert top_right == bytes((0, 0, 255, 255))


def test_a_huge_page_is_drawn_smaller_and_says_so(files: Files, open_reader: OpenReader) -> None:
    ref = PageRef(files.add(pdf("large", size=(14400, 14400))), 0)
    drawn = open_reader(Caps(pixels=1_000_000)).ask(Draw(ref, 2.0))
    assert isinstance(drawn, Drawn)
    assert drawn.width * drawn.height <= 1_010_000
    assert drawn.scale == pytest.approx(1000 / 14400, rel=0.01)


def test_words_stand_where_they_are_seen_whatever_the_rotation(files: Files, open_reader: OpenReader) -> None:
    document = pymupdf.open()
    page = document.new_page(width=612, height=792)
    page.insert_text((72, 100), "range of motion", fontsize=12)
    page.set_rotation(90)
    ref = PageRef(files.add(document.tobytes()), 0)
    read = open_reader().ask(ReadWords(ref))
    assert isinstance(read, WordsRead)
    assert [word.text for word in read.words.words] == ["range", "of", "motion"]
    assert read.words.size == PageSize(792, 612)
    assert read.words.origin is WordsOrigin.DIGITAL
    box = read.words.words[0].box
    # Turned clockwise, a line that stood 100 points from the top stands 100 points from the right edge.
    assert box.x1 > 792 - 104
    assert box.x0 < 792 - 96
    assert 70 < box.y0 < box.y1 < 120


def test_a_page_without_words_says_that_it_cannot_be_read(files: Files, open_reader: OpenReader) -> None:
    ref = PageRef(files.add(pdf("")), 0)
    read = open_reader().ask(ReadWords(ref))
    assert isinstance(read, WordsRead)
    assert (read.words.words, read.words.origin) == ((), WordsOrigin.NONE)


def test_lines_come_row_by_row_with_their_bold_lead(files: Files, open_reader: OpenReader) -> None:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((330, 100.4), "Date of Injury:", fontname="hebo")
    page.insert_text((72, 100), "Date Assigned:", fontname="hebo")
    page.insert_text((180, 100.2), "12/07/2016")
    page.insert_text((72, 130), "Decision rationale: ", fontname="hebo")
    page.insert_text((72 + pymupdf.get_text_length("Decision rationale: ", "hebo", 11), 130), "The guideline asks.")
    ref = PageRef(files.add(document.tobytes()), 0)
    read = open_reader().ask(ReadLines(ref))
    assert isinstance(read, LinesRead)
    assert [(line.text, line.bold) for line in read.lines] == [
        ("Date Assigned:", "Date Assigned:"),
        ("12/07/2016", ""),
        ("Date of Injury:", "Date of Injury:"),
        ("Decision rationale: The guideline asks.", "Decision rationale:"),
    ]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty (0 bytes)"),
        (b"PK\x03\x04 a word processor's file", "not a PDF"),
        (b"%PDF-1.7\nnothing that follows makes sense", "broken beyond repair"),
        (pdf("secret", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="u", owner_pw="o"), "encrypted"),
    ],
    ids=["empty", "another kind of file", "broken", "encrypted"],
)
def test_a_bad_file_is_told_as_what_it_is(data: bytes, says: str, files: Files, open_reader: OpenReader) -> None:
    with pytest.raises(CannotReadPdf, match=re.escape(says)) as told:
        open_reader().ask(Measure(files.add(data)))
    assert told.value.advice


def test_a_file_cut_short_is_read_as_far_as_it_goes(files: Files, open_reader: OpenReader) -> None:
    whole = pdf(*(f"page {number}" for number in range(30)))
    reader = open_reader()
    # Between two objects, in the middle of one, and in a word of it.
    for cut in range(len(whole) * 2 // 3, len(whole) * 2 // 3 + 200, 23):
        measured = reader.ask(Measure(files.add(whole[:cut])))
        assert isinstance(measured, Measured)
        assert 0 < len(measured.sizes) <= 30


def test_too_many_pages_are_refused_with_their_number(files: Files, open_reader: OpenReader) -> None:
    with pytest.raises(CannotReadPdf, match="3 pages"):
        open_reader(Caps(pages=2)).ask(Measure(files.add(pdf("a", "b", "c"))))


def test_a_page_that_is_not_there_is_told(files: Files, open_reader: OpenReader) -> None:
    source = files.add(pdf("only one"))
    with pytest.raises(CannotReadPdf, match="no page 7"):
        open_reader().ask(ReadWords(PageRef(source, 6)))


def test_a_page_that_takes_too_long_costs_that_page_only(files: Files, open_reader: OpenReader) -> None:
    bomb, sound = files.add(slow_page()), files.add(pdf("sound"))
    reader = open_reader(Caps(seconds=2.0))
    assert isinstance(reader.ask(Measure(sound)), Measured)
    with pytest.raises(CannotReadPdf, match="too long"):
        reader.ask(Draw(PageRef(bomb, 0), 1.0))
    assert isinstance(reader.ask(Draw(PageRef(sound, 0), 1.0)), Drawn)


def test_a_child_killed_in_the_middle_of_a_page_costs_that_page_only(files: Files, open_reader: OpenReader) -> None:
    bomb, sound = files.add(slow_page()), files.add(pdf("first", "second"))
    answers: dict[int, Any] = {}
    came = threading.Semaphore(0)

    def answered(number: int, answer: Any) -> None:
        answers[number] = answer
        came.release()

    before = {each.pid for each in children()}
    reader = open_reader(Caps(seconds=60.0), answered)
    assert isinstance(reader.ask(Measure(sound)), Measured)
    (child,) = (each for each in children() if each.pid not in before)
    hit = reader.send(Draw(PageRef(bomb, 0), 1.0))
    after = [reader.send(ReadWords(PageRef(sound, page))) for page in (0, 1)]
    used = sum(child.cpu_times()[:2])
    for _ in range(2000):
        # The page is in hand once the child has begun to work on it.
        if sum(child.cpu_times()[:2]) > used + 0.1:
            break
        threading.Event().wait(0.01)
    child.kill()
    for _ in range(3):
        assert came.acquire(timeout=60)
    assert isinstance(answers[hit], Failed)
    assert "stopped in the middle" in answers[hit].happened
    assert [answers[number].words.words[0].text for number in after] == ["first", "second"]


def test_what_is_forgotten_before_it_began_is_never_answered(files: Files, open_reader: OpenReader) -> None:
    source = files.add(pdf("a", "b", "c"))
    answers: list[int] = []
    done = threading.Event()

    def answered(number: int, _: Any) -> None:
        answers.append(number)
        if number == last:
            done.set()

    hold = threading.Event()
    reader = Reader(lambda digest: (hold.wait(30), files(digest))[1], answered)
    try:
        first = reader.send(ReadWords(PageRef(source, 0)))
        dropped = reader.send(ReadWords(PageRef(source, 1)))
        last = reader.send(ReadWords(PageRef(source, 2)))
        reader.forget(dropped)
        hold.set()
        assert done.wait(60)
    finally:
        reader.close()
    assert answers == [first, last]


def test_a_file_is_handed_over_once_and_no_child_is_left(files: Files, open_reader: OpenReader) -> None:
    source = files.add(pdf("a", "b"))
    before = len(children())
    reader = open_reader()
    for turn in range(100):
        assert isinstance(reader.ask(Draw(PageRef(source, turn % 2), 0.5)), Drawn)
    assert files.asked == [source]
    reader.close()
    assert len(children()) == before


def test_mupdf_stays_out_of_this_process() -> None:
    import subprocess

    script = "import sys, imr_desktop.records; print(sorted({'pymupdf', 'fitz'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
