# SPDX-License-Identifier: AGPL-3.0-or-later
"""What a file that is not as it should be gets: its own two sentences, and never a hang."""

import re
import sys
import zlib

import pymupdf
import pytest

from imr_desktop.errors import Trouble
from imr_desktop.models.records import Box, PageRef, PageSize, Word
from imr_desktop.records import (
    CannotReadPdf,
    Caps,
    Draw,
    Drawn,
    LinesRead,
    Measure,
    Measured,
    Reader,
    ReadLines,
    ReadWords,
    Why,
    WordsRead,
)
from tests.kit.pdfs import Files, pdf
from tests.records.bare import CATALOG, ONE_PAGE, bare_pdf, content_bomb, one_page, stream
from tests.records.conftest import OpenReader

SHEET = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 300]>>"
UNFIT = {
    "empty": (b"", Why.NO_BYTES, "empty (0 bytes)"),
    "a text": (b"To whom it may concern", Why.NOT_PDF, "not a PDF"),
    "a web page": (b"<html><body>Hello</body></html>", Why.NOT_PDF, "not a PDF"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(64), Why.NOT_PDF, "not a PDF"),
    "a package": (b"PK\x03\x04" + bytes(64), Why.NOT_PDF, "not a PDF"),
    "a header alone": (b"%PDF-1.4\n%nothing\n", Why.BROKEN, "broken beyond repair"),
    "a tree that bites its tail": (
        bare_pdf(CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 5>>"),
        Why.BROKEN,
        "broken beyond repair",
    ),
    "a count that lies": (
        bare_pdf(CATALOG, b"<</Type/Pages/Kids[3 0 R]/Count 1000000>>", SHEET),
        Why.BROKEN,
        "broken beyond repair",
    ),
    "no pages": (bare_pdf(CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"), Why.NO_PAGES, "no pages"),
    "a password": (pdf("a", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="u", owner_pw="o"), Why.LOCKED, "password"),
    "an unknown lock": (
        bare_pdf(CATALOG, ONE_PAGE, SHEET, b"<</Filter/Adobe.PubSec/V 4>>", trailer=b"/Encrypt 4 0 R/ID[(a)(b)]"),
        Why.LOCKED,
        "encrypted",
    ),
}


@pytest.mark.parametrize("name", UNFIT)
def test_an_unfit_file_is_told_as_what_it_is(name: str, kept: Files, reader: Reader) -> None:
    data, why, says = UNFIT[name]
    source = kept.add(data)
    for request in (Measure(source), Draw(PageRef(source, 0), 1.0)):
        with pytest.raises(CannotReadPdf, match=re.escape(says)) as told:
            reader.ask(request)
        assert told.value.why is why
        assert told.value.advice.endswith(".")


def test_each_reason_has_sentences_of_its_own() -> None:
    told = {why: says for _, why, says in UNFIT.values()}
    assert set(told) == {Why.NO_BYTES, Why.NOT_PDF, Why.BROKEN, Why.NO_PAGES, Why.LOCKED}


def test_a_pdf_that_only_its_owner_may_change_is_read(kept: Files, reader: Reader) -> None:
    data = pdf("open to all", encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="", owner_pw="o")
    assert len(_measured(reader, kept.add(data)).sizes) == 1


def test_what_stands_before_the_header_does_no_harm(kept: Files, reader: Reader) -> None:
    assert len(_measured(reader, kept.add(b"From a scanner\r\n" * 100 + pdf("a"))).sizes) == 1


def test_a_file_without_its_end_is_repaired(kept: Files, reader: Reader) -> None:
    data = pdf("the first page", "the second page")
    source = kept.add(data[: data.rindex(b"xref")])
    assert len(_measured(reader, source).sizes) == 2
    assert [word.text for word in _words(reader, source)] == ["the", "first", "page"]


@pytest.mark.parametrize(
    ("box", "size"),
    [
        (b"0 0 0 0", PageSize(612, 792)),
        (b"0 0 1e9 1e9", PageSize(612, 792)),
        (b"(no) /box", PageSize(612, 792)),
        (b"0 0 0.01 0.01", PageSize(1, 1)),
    ],
)
def test_a_page_of_an_impossible_size_is_shown_at_a_possible_one(
    box: bytes, size: PageSize, kept: Files, reader: Reader
) -> None:
    source = kept.add(one_page(box))
    assert _measured(reader, source).sizes == (size,)
    drawn = reader.ask(Draw(PageRef(source, 0), 1.0))
    assert isinstance(drawn, Drawn)
    assert (drawn.width, drawn.height) == (size.width, size.height)


def test_a_page_that_is_missing_keeps_its_number(kept: Files, reader: Reader) -> None:
    data = bare_pdf(CATALOG, b"<</Type/Pages/Kids[9 0 R 3 0 R]/Count 2>>", SHEET)
    assert _measured(reader, kept.add(data)).sizes[1] == PageSize(200, 300)


@pytest.mark.parametrize(
    "content",
    [
        stream(b"((((([[[[ q q q Q BT /F1 Tf ("),
        stream(b"\xff\x00 not packed at all", b"/Filter/FlateDecode"),
        stream(b"\xff\xd8\xff" * 9, b"/Filter/JPXDecode"),
        stream(zlib.compress(b"0 0 50 50 re f " * 90)[:12], b"/Filter/FlateDecode"),
        b"null",
    ],
    ids=["nonsense", "not packed", "a picture", "cut off", "nothing"],
)
def test_a_page_whose_content_is_lost_is_no_blank_page(content: bytes, kept: Files, reader: Reader) -> None:
    source = kept.add(one_page(b"0 0 200 300", b"/Contents 4 0 R", content))
    assert _measured(reader, source).sizes == (PageSize(200, 300),)
    ref = PageRef(source, 0)
    for request in (Draw(ref, 1.0), Draw(ref, 1.0, part=Box(0, 0, 50, 50)), ReadWords(ref), ReadLines(ref)):
        with pytest.raises(CannotReadPdf, match="Page 1 of the file is damaged") as told:
            reader.ask(request)
        assert told.value.why is Why.PAGE_BROKEN


def test_a_picture_that_does_not_unpack_is_no_blank_page(kept: Files, reader: Reader) -> None:
    picture = stream(b"no photograph at all", b"/Type/XObject/Subtype/Image/Width 9/Height 9/BitsPerComponent 8"
                     b"/ColorSpace/DeviceGray/Filter/DCTDecode")  # fmt: skip
    content = b"/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>"
    source = kept.add(one_page(b"0 0 200 300", content, stream(b"q 200 0 0 300 0 0 cm /I Do Q"), picture))
    with pytest.raises(CannotReadPdf, match="Page 1 of the file is damaged"):
        reader.ask(Draw(PageRef(source, 0), 1.0))


@pytest.mark.parametrize("missing", [b"4 0 R", b"9 0 R"], ids=["null", "not in the file"])
def test_a_page_that_is_gone_is_no_blank_page(missing: bytes, kept: Files, reader: Reader) -> None:
    data = bare_pdf(CATALOG, b"<</Type/Pages/Kids[%s 3 0 R]/Count 2>>" % missing, SHEET, b"null")
    source = kept.add(data)
    for request in (Draw(PageRef(source, 0), 1.0), ReadWords(PageRef(source, 0))):
        with pytest.raises(CannotReadPdf, match="Page 1 of the file is damaged"):
            reader.ask(request)
    assert isinstance(reader.ask(Draw(PageRef(source, 1), 1.0)), Drawn)


@pytest.mark.parametrize(
    "data",
    [
        one_page(),
        one_page(b"0 0 200 300", b"/Contents 4 0 R", stream(b"")),
        one_page(b"0 0 200 300", b"/Contents 4 0 R", stream(b"20 20 60 60 re f ((((( [[")),
        one_page(b"0 0 200 300", b"/Contents[9 0 R 4 0 R]", stream(b"20 20 60 60 re f")),
        one_page(b"0 0 200 300", b"/Contents 4 0 R", stream(b"20 20 60 60 re f")).replace(b"/Page/", b"/Pags/"),
    ],
    ids=["blank", "blank with content", "visible with an error", "a part lost", "another type"],
)
def test_a_blank_page_and_one_with_something_to_see_are_shown(data: bytes, kept: Files, reader: Reader) -> None:
    ref = PageRef(kept.add(data), 0)
    assert isinstance(reader.ask(Draw(ref, 1.0)), Drawn)
    assert isinstance(reader.ask(ReadWords(ref)), WordsRead)
    assert isinstance(reader.ask(ReadLines(ref)), LinesRead)


def test_a_page_that_mupdf_refuses_costs_that_page_only(kept: Files, reader: Reader) -> None:
    deep = kept.add(one_page(b"0 0 200 300", b"/Contents 4 0 R", stream(b"q " * 500_000)))
    with pytest.raises(CannotReadPdf, match="Page 1 of the file is damaged") as told:
        reader.ask(Draw(PageRef(deep, 0), 1.0))
    assert told.value.why is Why.PAGE_BROKEN
    assert _words(reader, kept.add(pdf("sound")))


def test_a_bomb_is_stopped_by_the_clock(files: Files, open_reader: OpenReader) -> None:
    bomb, sound = files.add(content_bomb()), files.add(pdf("sound"))
    reader = open_reader(Caps(seconds=1.0))
    assert isinstance(reader.ask(Measure(bomb)), Measured)
    with pytest.raises(CannotReadPdf, match=r"Page 1 .* takes too long .* after 1 seconds") as told:
        reader.ask(Draw(PageRef(bomb, 0), 1.0))
    assert told.value.why is Why.PAGE_SLOW
    assert _words(reader, sound)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the parent's watch holds this cap, not the system")
def test_a_page_that_wants_too_much_memory_is_refused(files: Files, open_reader: OpenReader) -> None:
    source = files.add(pdf("a page"))
    reader = open_reader(Caps(memory=64 << 20))
    with pytest.raises(CannotReadPdf, match="Page 1 of the file needs more memory") as told:
        reader.ask(Draw(PageRef(source, 0), 7.0))
    assert told.value.why is Why.PAGE_MEMORY
    assert isinstance(reader.ask(Draw(PageRef(source, 0), 1.0)), Drawn)
    assert files.asked == [source]


def test_what_keeps_the_files_may_say_why_there_is_none(open_reader: OpenReader) -> None:
    def damaged(_: str) -> bytes:
        raise Trouble("The kept file is damaged.", "Restore the vault from a backup.")

    with Reader(damaged) as reader, pytest.raises(CannotReadPdf, match="kept file is damaged") as told:
        reader.ask(Measure("0" * 64))
    assert told.value.why is Why.NO_SOURCE
    assert told.value.advice == "Restore the vault from a backup."


def test_a_bug_in_what_keeps_the_files_leaves_nobody_waiting(
    files: Files, open_reader: OpenReader, caplog: pytest.LogCaptureFixture
) -> None:
    reader = open_reader()
    with pytest.raises(CannotReadPdf, match="could not be fetched"):
        reader.ask(Measure("0" * 64))
    assert "could not be fetched" in caplog.text
    assert _words(reader, files.add(pdf("sound")))


def _measured(reader: Reader, source: str) -> Measured:
    answer = reader.ask(Measure(source))
    assert isinstance(answer, Measured)
    return answer


def _words(reader: Reader, source: str) -> tuple[Word, ...]:
    answer = reader.ask(ReadWords(PageRef(source, 0)))
    assert isinstance(answer, WordsRead)
    return answer.words.words


def test_an_empty_place_for_a_signature_is_shown_empty(kept: Files, reader: Reader) -> None:
    document = pymupdf.open()
    page = document.new_page(width=200, height=100)
    place = pymupdf.Widget()
    place.field_name, place.field_type = "MedicalDirector", pymupdf.PDF_WIDGET_TYPE_SIGNATURE
    place.rect = pymupdf.Rect(20, 20, 180, 80)
    page.add_widget(place)
    data = document.tobytes()
    with pymupdf.open(stream=data, filetype="pdf") as again:
        assert min(again[0].get_pixmap().samples) < 128, "MuPDF by itself writes SIGN there"
    drawn = reader.ask(Draw(PageRef(kept.add(data), 0), 1.0))
    assert isinstance(drawn, Drawn)
    assert set(drawn.pixels) == {255}
