# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages of a large file: drawn from the parts that they need, looking as they would from the whole file."""

import io
import random
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import psutil
import pymupdf
import pytest

from imr_desktop.errors import Trouble
from imr_desktop.models.records import Box, PageRef, PageSize
from imr_desktop.records import CannotReadPdf, Caps, Draw, Drawn, Measure, Measured, Reader, ReadWords, Why

SOURCE = "0" * 64
PART = 1 << 20


class Kept(io.BytesIO):
    """A kept file that remembers where it was read from."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.read_at: list[int] = []

    def read(self, size: int | None = -1, /) -> bytes:
        self.read_at.append(self.tell() // PART)
        self.reading()
        return super().read(size)

    def reading(self) -> None:
        """Something happens to it."""

    def close(self) -> None:
        """Opened again by another request."""


def scanned(document: pymupdf.Document, seed: int, side: int = 900) -> None:
    """A page that is one picture, with a line of text in one of the standard fonts: about 0.8 MB."""
    noise = random.Random(seed).randbytes(side * side)
    page = document.new_page()
    page.insert_image(page.rect, pixmap=pymupdf.Pixmap(pymupdf.csGRAY, side, side, noise, False))
    page.draw_rect(pymupdf.Rect(40, 40, 300, 90), fill=(1, 1, 1), color=None)
    page.insert_text((50, 70), f"scanned page {seed}", fontsize=14)


@pytest.fixture(scope="module")
def scans() -> bytes:
    """Twelve scanned pages, ten parts."""
    document = pymupdf.open()
    for seed in range(12):
        scanned(document, seed)
    data: bytes = document.tobytes()
    return data


@pytest.fixture
def opened() -> Iterator[list[Reader]]:
    readers: list[Reader] = []
    yield readers
    for reader in readers:
        reader.close()


def both(data: bytes, opened: list[Reader], kept: Kept | None = None) -> tuple[Reader, Reader]:
    """One reader that draws it from the whole file, and one that may draw it from parts."""
    whole = Reader(lambda _: data)
    opened.append(whole)
    measured = whole.ask(Measure(SOURCE))
    assert isinstance(measured, Measured)
    return whole, in_parts(kept or Kept(data), measured.sizes, opened)


def in_parts(kept: Kept, sizes: Sequence[PageSize], opened: list[Reader]) -> Reader:
    reader = Reader(lambda _: kept, sizes=lambda _: sizes, caps=Caps(large=PART))
    opened.append(reader)
    return reader


def drawn(reader: Reader, page: int, scale: float = 1.0, rotation: int = 0, part: Box | None = None) -> Drawn:
    answer = reader.ask(Draw(PageRef(SOURCE, page), scale, rotation, part))
    assert isinstance(answer, Drawn)
    return answer


def greys(picture: Drawn) -> Any:
    """The picture in cells of about eight pixels, so that the edge of a letter may be drawn a little otherwise."""
    pixels = np.frombuffer(picture.pixels, np.uint8).reshape(picture.height, picture.width, 4)[:, :, :3].mean(2)
    high, wide = picture.height // 8 * 8, picture.width // 8 * 8
    return pixels[:high, :wide].reshape(high // 8, 8, wide // 8, 8).mean((1, 3))


@pytest.mark.parametrize(
    ("rotation", "part"),
    [(0, None), (90, None), (180, None), (270, None), (0, Box(30.3, 30, 330.7, 140)), (270, Box(30.3, 30, 330.7, 140))],
)
def test_a_page_drawn_from_parts_looks_as_from_the_whole_file(
    scans: bytes, opened: list[Reader], rotation: int, part: Box | None
) -> None:
    kept = Kept(scans)
    whole, reader = both(scans, opened, kept)
    one, other = drawn(whole, 7, 1.5, rotation, part), drawn(reader, 7, 1.5, rotation, part)
    assert (other.width, other.height, other.stride, other.scale) == (one.width, one.height, one.stride, one.scale)
    # The edges of letters may be drawn a little otherwise.
    assert np.abs(greys(one) - greys(other)).max() < 40
    assert np.abs(greys(one) - greys(other)).mean() < 1
    assert set(other.pixels[3::4]) == {255}
    # The tail with its table of objects, the catalogue at the beginning, and the page's own parts.
    assert len(set(kept.read_at)) < 10
    assert len(kept.read_at) == len(set(kept.read_at))


def test_a_page_of_broken_measure_stands_where_it_would(opened: list[Reader]) -> None:
    document = pymupdf.open()
    page = document.new_page(width=401.37, height=523.91)
    noise = random.Random(1).randbytes(1100 * 1100)
    page.insert_image(page.rect, pixmap=pymupdf.Pixmap(pymupdf.csGRAY, 1100, 1100, noise, False))
    page.draw_rect(pymupdf.Rect(20, 20, 380, 500), fill=(1, 1, 1), color=None)
    page.draw_rect(pymupdf.Rect(340, 460, 380, 500), fill=(0, 0, 1), color=None)
    page.set_cropbox(pymupdf.Rect(10, 10, 391.5, 513.3))
    page.set_rotation(90)
    whole, reader = both(document.tobytes(), opened)
    one, other = drawn(whole, 0, 1.7), drawn(reader, 0, 1.7)
    assert (other.width, other.height) == (one.width, one.height)
    assert np.abs(greys(one) - greys(other)).mean() < 3
    assert one.pixels != other.pixels


def with_note(page: pymupdf.Page) -> None:
    page.add_freetext_annot(pymupdf.Rect(100, 300, 300, 340), "seen", fontsize=20)


def with_field(page: pymupdf.Page) -> None:
    field = pymupdf.Widget()
    field.field_type, field.field_name, field.field_value = pymupdf.PDF_WIDGET_TYPE_TEXT, "name", "filled in"
    field.rect = pymupdf.Rect(100, 300, 300, 340)
    page.add_widget(field)


def with_letters_that_are_not_in_the_file(page: pymupdf.Page) -> None:
    page.insert_text((100, 300), "漢字", fontname="china-s", fontsize=30)


def with_a_larger_unit(page: pymupdf.Page) -> None:
    page.parent.xref_set_key(page.xref, "UserUnit", "2")


@pytest.mark.parametrize("what", [with_note, with_field, with_letters_that_are_not_in_the_file, with_a_larger_unit])
def test_what_would_look_otherwise_is_drawn_from_the_whole_file(what: object, opened: list[Reader]) -> None:
    document = pymupdf.open()
    scanned(document, 1, 1200)
    what(document[0])  # type: ignore[operator]
    whole, reader = both(document.tobytes(), opened)
    assert drawn(reader, 0).pixels == drawn(whole, 0).pixels


def test_a_file_that_was_measured_otherwise_is_drawn_whole(scans: bytes, opened: list[Reader]) -> None:
    whole, _ = both(scans, opened)
    reader = in_parts(Kept(scans), (PageSize(612, 792),) * 11, opened)
    assert drawn(reader, 3).pixels == drawn(whole, 3).pixels


def test_a_protected_file_is_drawn_from_parts_with_its_password(opened: list[Reader]) -> None:
    document = pymupdf.open()
    for seed in range(5):
        scanned(document, seed, 1300)
    data = document.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="open", owner_pw="sesame")
    kept = Kept(data)
    reader = in_parts(kept, (PageSize(595, 842),) * 5, opened)
    with pytest.raises(CannotReadPdf) as locked:
        drawn(reader, 1)
    assert locked.value.why is Why.LOCKED
    opening = Reader(lambda _: kept, sizes=lambda _: (PageSize(595, 842),) * 5, caps=Caps(large=PART))
    opened.append(opening)
    opening.passwords[SOURCE] = "open"
    kept.read_at.clear()
    assert drawn(opening, 0).pixels
    assert len(set(kept.read_at)) < len(data) // PART + 1


def test_words_come_from_the_whole_file_and_pictures_go_on(scans: bytes, opened: list[Reader]) -> None:
    _, reader = both(scans, opened)
    first = drawn(reader, 2)
    words = reader.ask(ReadWords(PageRef(SOURCE, 2)))
    assert [word.text for word in words.words.words] == ["scanned", "page", "2"]  # type: ignore[union-attr]
    assert drawn(reader, 2).pixels == first.pixels


def test_a_damaged_part_costs_the_pages_that_need_it(scans: bytes, opened: list[Reader]) -> None:
    class Damaged(Kept):
        def reading(self) -> None:
            if self.tell() // PART in (4, 5):
                raise Trouble("The kept file was changed.", "Restore the vault.")

    _, reader = both(scans, opened, Damaged(scans))
    first = drawn(reader, 0)
    with pytest.raises(CannotReadPdf, match=r"The kept file was changed\. Restore the vault\.") as told:
        drawn(reader, 5)
    assert told.value.why is Why.NO_SOURCE
    assert drawn(reader, 0).pixels == first.pixels
    assert drawn(reader, 2).pixels


def test_a_process_that_dies_over_a_part_draws_from_the_whole_file(scans: bytes, opened: list[Reader]) -> None:
    class Deadly(Kept):
        deaths = 0

        def reading(self) -> None:
            if not self.deaths:
                self.deaths += 1
                psutil.Process(reader.pid).kill()

    kept = Deadly(scans)
    whole, reader = both(scans, opened, kept)
    assert drawn(reader, 5).pixels == drawn(whole, 5).pixels
    assert kept.deaths == 1


def gone(document: pymupdf.Document) -> None:
    document.update_object(document[1].xref, "null")


def without_content(document: pymupdf.Document) -> None:
    document.xref_set_key(document[1].xref, "Contents", "9999 0 R")


def lost_behind_white(document: pymupdf.Document) -> None:
    document.update_stream(document[1].get_contents()[0], b"1 g 0 0 595 842 re f ((((( [[")
    document.xref_set_key(document[1].xref, "Contents", f"{document[1].get_contents()[0]} 0 R")


@pytest.mark.parametrize("damage", [gone, without_content, lost_behind_white])
def test_a_damaged_page_of_a_large_file_is_no_blank_page(damage: object, opened: list[Reader]) -> None:
    document = pymupdf.open()
    for seed in range(3):
        scanned(document, seed, 1200)
    document.new_page()
    damage(document)  # type: ignore[operator]
    _, reader = both(document.tobytes(), opened)
    with pytest.raises(CannotReadPdf, match="Page 2 of the file is damaged") as told:
        drawn(reader, 1)
    assert told.value.why is Why.PAGE_BROKEN
    assert set(drawn(reader, 3).pixels) == {255}
    assert set(drawn(reader, 2).pixels) != {255}
