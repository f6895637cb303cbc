# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages as they are drawn, measured and read: the right colour, word and line at the right place."""

from itertools import pairwise
from pathlib import Path
from typing import Any

import pymupdf
import pytest

from imr_desktop.models.records import Box, PageRef, PageSize, PageWords, TextLine, WordsOrigin
from imr_desktop.records import (
    CannotReadPdf,
    Draw,
    Drawn,
    LinesRead,
    Measure,
    Measured,
    Reader,
    ReadLines,
    ReadWords,
    WordsRead,
)
from tests.kit.pdfs import Files, pdf
from tests.records.bare import one_page

PUBLISHED = sorted((Path(__file__).parent.parent / "samples" / "determinations_pdf").glob("*.pdf"))
PROSE = (
    "The injured worker reports that the pain of the low back\nis better with therapy and worse with long sitting\n"
    "and asks whether the visits that were requested before\nmay be resumed as soon as they have been approved"
)


def drawn(reader: Reader, source: str, scale: float = 1.0, rotation: int = 0) -> Drawn:
    answer = reader.ask(Draw(PageRef(source, 0), scale, rotation))
    assert isinstance(answer, Drawn)
    assert len(answer.pixels) == answer.stride * answer.height
    return answer


def colour(picture: Drawn, x: float, y: float) -> tuple[int, ...]:
    """Blue, green, red and the unused byte at a place in pixels."""
    start = int(y) * picture.stride + int(x) * 4
    return tuple(picture.pixels[start : start + 4])


def words(reader: Reader, source: str) -> PageWords:
    answer = reader.ask(ReadWords(PageRef(source, 0)))
    assert isinstance(answer, WordsRead)
    return answer.words


def lines(reader: Reader, source: str, page: int = 0) -> tuple[TextLine, ...]:
    answer = reader.ask(ReadLines(PageRef(source, page)))
    assert isinstance(answer, LinesRead)
    return answer.lines


def coloured_corners(**saving: Any) -> tuple[Any, Any]:
    """A page of 400 x 600, its crop box 350 x 550, with a red square at the crop box's top left corner."""
    document = pymupdf.open()
    page = document.new_page(width=400, height=600)
    page.draw_rect((40, 40, 90, 90), fill=(1, 0, 0), color=None)
    page.insert_text((140, 240), "marked", fontsize=12)
    page.set_cropbox(pymupdf.Rect(40, 40, 390, 590))
    return document, page


@pytest.mark.parametrize(
    ("in_file", "by_viewer", "size", "corner"),
    [
        (0, 0, (350, 550), (0, 0)),
        (90, 0, (550, 350), (1, 0)),
        (180, 0, (350, 550), (1, 1)),
        (270, 0, (550, 350), (0, 1)),
        (0, 90, (350, 550), (1, 0)),
        (90, 90, (550, 350), (1, 1)),
        (90, 270, (550, 350), (0, 0)),
        (0, -90, (350, 550), (0, 1)),
    ],
)
def test_the_viewers_turn_comes_on_top_of_the_files_own(
    in_file: int, by_viewer: int, size: tuple[int, int], corner: tuple[int, int], kept: Files, reader: Reader
) -> None:
    document, page = coloured_corners()
    page.set_rotation(in_file)
    source = kept.add(document.tobytes())
    assert words(reader, source).size == PageSize(*size)
    picture = drawn(reader, source, 2.0, by_viewer)
    wide, high = size if by_viewer % 180 == 0 else size[::-1]
    assert (picture.width, picture.height, picture.stride) == (2 * wide, 2 * high, 8 * wide)
    x, y = (10 if not far else length - 10 for far, length in zip(corner, (picture.width, picture.height), strict=True))
    assert colour(picture, x, y) == (0, 0, 255, 255)
    assert colour(picture, picture.width / 2, picture.height / 2) == (255, 255, 255, 255)


@pytest.mark.parametrize("in_file", [0, 90, 180, 270])
def test_words_stand_where_their_ink_is(in_file: int, kept: Files, reader: Reader) -> None:
    document, page = coloured_corners()
    page.set_rotation(in_file)
    source = kept.add(document.tobytes())
    (word,) = words(reader, source).words
    picture = drawn(reader, source, 1.0)
    dark = [
        (x, y)
        for y in range(picture.height)
        for x in range(picture.width)
        if max(colour(picture, x, y)[:3]) < 128  # the red square is not dark, the letters are
    ]
    assert word.text == "marked"
    assert dark
    assert all(_within(word.box, x, y) for x, y in dark)
    assert word.box.x1 - word.box.x0 < 50 or word.box.y1 - word.box.y0 < 50


def test_units_of_the_page_are_honoured(kept: Files, reader: Reader) -> None:
    source = kept.add(one_page(b"0 0 200 300", b"/UserUnit 2/Rotate -90"))
    measured = reader.ask(Measure(source))
    assert isinstance(measured, Measured)
    assert measured.sizes == (PageSize(600, 400),)


def test_colours_are_the_pages_own_where_they_overlap(kept: Files, reader: Reader) -> None:
    document = pymupdf.open()
    page = document.new_page(width=100, height=100)
    page.draw_rect((0, 0, 100, 100), fill=(0, 0, 1), color=None)
    page.draw_rect((0, 0, 50, 100), fill=(1, 1, 1), color=None, fill_opacity=0.5)
    picture = drawn(reader, kept.add(document.tobytes()))
    assert colour(picture, 75, 50) == (255, 0, 0, 255)
    assert colour(picture, 25, 50) == pytest.approx((255, 127, 127, 255), abs=2)


def test_a_picture_too_large_for_shared_memory_comes_whole(kept: Files, reader: Reader) -> None:
    document, _ = coloured_corners()
    picture = drawn(reader, kept.add(document.tobytes()), 5.0)
    assert len(picture.pixels) > 16 << 20
    assert picture.scale == 5.0
    assert colour(picture, 5, 5) == (0, 0, 255, 255)
    assert colour(picture, picture.width - 5, picture.height - 5) == (255, 255, 255, 255)


def test_a_long_strip_stays_within_its_side(kept: Files, reader: Reader) -> None:
    picture = drawn(reader, kept.add(one_page(b"0 0 1000000 1")))
    assert picture.width <= 16_001
    assert picture.height == 1
    assert picture.scale == pytest.approx(0.016)


def test_a_request_without_sense_is_a_bug() -> None:
    with pytest.raises(ValueError, match="positive scale"):
        Draw(PageRef("0" * 64, 0), 0.0)
    with pytest.raises(ValueError, match="quarters"):
        Draw(PageRef("0" * 64, 0), 1.0, 45)


def test_pages_bear_the_labels_of_their_file(kept: Files, reader: Reader) -> None:
    document = pymupdf.open()
    for _ in range(8):
        document.new_page()
    document.set_page_labels(
        [
            {"startpage": 0, "style": "r", "firstpagenum": 3},
            {"startpage": 3, "style": "D", "prefix": "A-"},
            {"startpage": 5, "style": "A", "firstpagenum": 26},
            {"startpage": 7, "prefix": "Back"},
        ]
    )
    measured = reader.ask(Measure(kept.add(document.tobytes())))
    assert isinstance(measured, Measured)
    assert measured.labels == ("iii", "iv", "v", "A-1", "A-2", "Z", "AA", "Back")


def test_words_come_in_the_order_of_reading_whatever_the_files_order(kept: Files, reader: Reader) -> None:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((72, 700), "signed below", fontsize=12)
    page.insert_text((72, 400), "then the plan", fontsize=12)
    page.insert_text((72, 100), "first the complaint", fontsize=12)
    read = words(reader, kept.add(document.tobytes())).words
    assert " ".join(word.text for word in read) == "first the complaint then the plan signed below"
    assert [word.block for word in read] == [0, 0, 0, 1, 1, 1, 2, 2]


def test_columns_of_prose_are_read_one_after_the_other(kept: Files, reader: Reader) -> None:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((320, 150), PROSE.replace("injured worker", "second column"), fontsize=9)
    page.insert_text((60, 150), PROSE, fontsize=9)
    page.insert_text((60, 80), "A title over both of the columns of this article", fontsize=14)
    read = words(reader, kept.add(document.tobytes())).words
    told = " ".join(word.text for word in read)
    assert told.index("title") < told.index("injured") < told.index("been approved") < told.index("second column")
    assert [(word.block, word.line) for word in read] == sorted((word.block, word.line) for word in read)


def test_a_table_is_read_row_by_row(kept: Files, reader: Reader) -> None:
    document = pymupdf.open()
    page = document.new_page()
    rows = (("Name", "Dose"), ("Naproxen", "500 mg"), ("Cyclobenzaprine", "7.5 mg"))
    for column in (1, 0):
        for row, cells in enumerate(rows):
            page.insert_text((72 + 200 * column, 100 + 40 * row), cells[column], fontsize=11)
    read = words(reader, kept.add(document.tobytes())).words
    assert " ".join(word.text for word in read) == "Name Dose Naproxen 500 mg Cyclobenzaprine 7.5 mg"


def test_text_put_under_a_scan_is_known_as_ocr(kept: Files, reader: Reader) -> None:
    document = pymupdf.open()
    document.new_page().insert_text((72, 100), "recognised by a copier", render_mode=3)
    read = words(reader, kept.add(document.tobytes()))
    assert read.origin is WordsOrigin.OCR
    assert [word.text for word in read.words] == ["recognised", "by", "a", "copier"]


def test_bold_made_by_drawing_twice_is_read_once(kept: Files, reader: Reader) -> None:
    document = pymupdf.open()
    page = document.new_page()
    for x in (72, 72.3):
        page.insert_text((x, 100), "Case Number:", fontname="helv", fontsize=12)
    page.insert_text((180, 100), "no no", fontname="helv", fontsize=12)
    source = kept.add(document.tobytes())
    assert [word.text for word in words(reader, source).words] == ["Case", "Number:", "no", "no"]
    assert [(line.text, line.bold) for line in lines(reader, source)] == [
        ("Case Number:", "Case Number:"),
        ("no no", ""),
    ]


def test_what_is_typed_into_a_form_is_read_and_drawn(kept: Files, reader: Reader) -> None:
    document = pymupdf.open()
    page = document.new_page(width=300, height=300)
    field = pymupdf.Widget()
    field.field_name, field.field_type, field.field_value = "plan", pymupdf.PDF_WIDGET_TYPE_TEXT, "Six visits"
    field.rect, field.text_fontsize = pymupdf.Rect(50, 50, 250, 80), 12
    page.add_widget(field)
    source = kept.add(document.tobytes())
    assert [word.text for word in words(reader, source).words] == ["Six", "visits"]
    assert min(min(drawn(reader, source).pixels[start::4]) for start in range(3)) < 100


def test_ligatures_are_read_as_letters(kept: Files, reader: Reader) -> None:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((72, 100), "ef\N{LATIN SMALL LIGATURE FI}cacy", fontname="tiro")
    page.insert_htmlbox(pymupdf.Rect(72, 120, 300, 160), "suf\N{LATIN SMALL LIGATURE FI}cient")
    assert "sufficient" in [word.text for word in words(reader, kept.add(document.tobytes())).words]


def test_the_cells_of_a_header_table_stay_apart(kept: Files, reader: Reader) -> None:
    document = pymupdf.open()
    page = document.new_page()
    cells = (
        (72, 100.0, "Case Number:", "hebo"),
        (180, 100.2, "CM16-0000001", "helv"),
        (329, 113.2, "UR Denial Date:  ", "hebo"),
        (72, 113.2, "Date Assigned:", "hebo"),
        (180, 113.4, "12/05/2016", "helv"),
        (427, 113.4, "10/28/2016", "helv"),
    )
    for x, y, text, font in cells:
        page.insert_text((x, y), text, fontname=font, fontsize=11)
    assert [(line.text, line.bold) for line in lines(reader, kept.add(document.tobytes()))] == [
        ("Case Number:", "Case Number:"),
        ("CM16-0000001", ""),
        ("Date Assigned:", "Date Assigned:"),
        ("12/05/2016", ""),
        ("UR Denial Date:", "UR Denial Date:"),
        ("10/28/2016", ""),
    ]


def test_cells_that_only_spaces_part_are_apart_too(kept: Files, reader: Reader) -> None:
    document = pymupdf.open()
    page = document.new_page()
    page.insert_text((72, 100), "Priority:          Standard", fontname="cour", fontsize=10)
    page.insert_text((72, 120), "One sentence.  Another  one.", fontname="cour", fontsize=10)
    told = [line.text for line in lines(reader, kept.add(document.tobytes()))]
    assert told == ["Priority:", "Standard", "One sentence. Another one."]


def test_a_line_of_several_founts_is_one_line(kept: Files, reader: Reader) -> None:
    document = pymupdf.open()
    page = document.new_page()
    x = 72.0
    for text, font, size, up in (
        ("Decision rationale:", "tibo", 12, 0),
        (" on the 1", "tiro", 12, 0),
        ("st", "tiro", 7, 5),
        (" of May a ", "tiro", 12, 0),
        ("bold", "tibo", 12, 0),
        (" word.", "tiro", 12, 0),
    ):
        page.insert_text((x, 100 - up), text, fontname=font, fontsize=size)
        x += pymupdf.get_text_length(text, font, size)
    (line,) = lines(reader, kept.add(document.tobytes()))
    assert line.text == "Decision rationale: on the 1st of May a bold word."
    assert line.bold == "Decision rationale:"
    assert 70 < line.box.x0 < 74
    assert line.box.x1 == pytest.approx(x, abs=2)


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_a_published_letter_gives_its_header_and_its_leads(path: Path, kept: Files, reader: Reader) -> None:
    source = kept.add(path.read_bytes())
    measured = reader.ask(Measure(source))
    assert isinstance(measured, Measured)
    pages = [lines(reader, source, page) for page in range(len(measured.sizes))]
    head = [(line.text, line.bold) for line in pages[0][:4]]
    assert head[:3] == [("Case Number:", "Case Number:"), (path.stem, ""), ("Date Assigned:", "Date Assigned:")]
    leads = [line.bold for page in pages for line in page if line.bold and line.bold != line.text]
    for lead in ("Claims Administrator guideline:", "MAXIMUS guideline:", "Decision rationale:"):
        assert lead in leads
    for page, page_lines in enumerate(pages):
        read = reader.ask(ReadWords(PageRef(source, page)))
        assert isinstance(read, WordsRead)
        told = " ".join(line.text for line in page_lines).split()
        assert sorted(told) == sorted(word.text for word in read.words.words)
        rows = [line.box for line in page_lines]
        assert all(above.y0 <= below.y1 for above, below in pairwise(rows))


def _within(box: Box, x: float, y: float) -> bool:
    return box.x0 - 1.5 <= x <= box.x1 + 1.5 and box.y0 - 1.5 <= y <= box.y1 + 1.5


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_part_of_a_page_is_what_the_whole_page_shows_there(kept: Files, reader: Reader, rotation: int) -> None:
    source = kept.add(pdf(PROSE))
    whole = drawn(reader, source, 2.0, rotation)
    part = Box(60, 80, 260, 180)
    answer = reader.ask(Draw(PageRef(source, 0), 2.0, rotation, part))
    assert isinstance(answer, Drawn)
    assert answer.part == part
    wide, high = (answer.height, answer.width) if rotation % 180 else (answer.width, answer.height)
    assert (wide, high) == (400, 200)
    size = (whole.height, whole.width) if rotation % 180 else (whole.width, whole.height)
    left, top = {
        0: (120, 160),
        90: (size[1] - 360, 120),
        180: (size[0] - 520, size[1] - 360),
        270: (160, size[0] - 520),
    }[rotation]
    for x in range(0, answer.width, 7):
        for y in range(0, answer.height, 5):
            assert colour(answer, x, y) == colour(whole, left + x, top + y)


def test_a_part_beside_the_page_is_refused(kept: Files, reader: Reader) -> None:
    source = kept.add(pdf(PROSE))
    with pytest.raises(CannotReadPdf):
        reader.ask(Draw(PageRef(source, 0), 1.0, 0, Box(5000, 5000, 5100, 5100)))
    with pytest.raises(ValueError, match="extent"):
        Draw(PageRef(source, 0), 1.0, 0, Box(10, 10, 10, 20))
