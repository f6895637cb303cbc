# SPDX-License-Identifier: AGPL-3.0-or-later
"""The shapes that bad files take, through import, view and search: each is what it is, the rest works."""

from collections.abc import Iterator
from dataclasses import replace

import pymupdf
import pytest

from imr_desktop.casework import intake, reading
from imr_desktop.casework.search import Search
from imr_desktop.records import CannotReadPdf, Caps, Draw, Drawn, Reader
from imr_desktop.storage import CaseStore
from tests.kit.cases import new_vault
from tests.kit.pdfs import pdf
from tests.records.bare import CATALOG, bare_pdf, content_bomb, one_page, stream

TEXT = stream(b"BT /F1 12 Tf 20 250 Td (planted words here) Tj ET")
FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def turned_and_cropped() -> bytes:
    with pymupdf.open(stream=pdf("planted words here"), filetype="pdf") as document:
        document[0].set_cropbox(pymupdf.Rect(50, 50, 400, 300))
        document[0].set_rotation(90)
        return bytes(document.tobytes())


SHAPES = {
    "a sound.pdf": pdf("planted words here"),
    "b 200 inches.pdf": pdf("planted words here", size=(14_400, 14_400)),
    "c zero size.pdf": one_page(b"0 0 0 0", b"/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>", TEXT, FONT),
    "d turned and cropped.pdf": turned_and_cropped(),
    "e broken font.pdf": one_page(
        b"0 0 300 300",
        b"/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>",
        TEXT,
        b"<</Type/Font/Subtype/TrueType/BaseFont/Nowhere/FontDescriptor 6 0 R>>",
        b"<</Type/FontDescriptor/FontName/Nowhere/Flags 4/FontFile2 7 0 R>>",
        stream(b"this is no font"),
    ),
    "f missing image.pdf": one_page(
        b"0 0 300 300", b"/Contents 4 0 R/Resources<</XObject<</I 99 0 R>>>>", stream(b"q 300 0 0 300 0 0 cm /I Do Q")
    ),
    "g no pages.pdf": bare_pdf(CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"),
    "h torn off.pdf": pdf("planted words here")[:200],
    "i page that is none.pdf": bare_pdf(
        CATALOG,
        b"<</Type/Pages/Kids[9 0 R 3 0 R]/Count 2>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        TEXT,
        FONT,
    ),
    "j bomb.pdf": content_bomb(),
}
PAGELESS = {"g no pages.pdf", "h torn off.pdf"}
CAPS = Caps(seconds=4.0, memory=512 << 20)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseStore]:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "in").mkdir()
    for name, data in SHAPES.items():
        (folder / "in" / name).write_bytes(data)
    with new_vault(folder / "vault") as vault:
        *_, last = intake.take_in(vault, [folder / "in"])
        yield vault.case(last.case_id)


def test_each_file_comes_in_as_what_it_is(store: CaseStore) -> None:
    sources = store.read().sources
    assert {source.name for source in sources} == set(SHAPES)
    assert {source.name for source in sources if source.broken} == PAGELESS
    assert all(source.page_count == 0 for source in sources if source.broken)
    for source in sources:
        assert store.source_bytes(source.sha256) == SHAPES[source.name]


@pytest.mark.parametrize("large", [Caps().large, 1], ids=["from the whole file", "from parts of it"])
def test_every_page_is_drawn_or_says_why_not(store: CaseStore, large: int) -> None:
    told: dict[str, str] = {}
    caps = replace(CAPS, large=large)
    sizes = {source.sha256: source.sizes for source in store.read().sources}
    with Reader(store.source_bytes, caps=caps, sizes=sizes.__getitem__) as reader:
        for source in store.read().sources:
            for page in source.pages():
                name = f"{source.name} {page.ref.page}"
                try:
                    drawn = reader.ask(Draw(page.ref, 1.0))
                except CannotReadPdf as trouble:
                    told[name] = f"{trouble.happened} {trouble.advice}"
                    continue
                assert isinstance(drawn, Drawn)
                assert drawn.width * drawn.height <= 1.01 * CAPS.pixels, name
    assert "j bomb.pdf 0" in told
    # A page of 200 inches may take too long where the machine has much else to do.
    assert set(told) <= {"b 200 inches.pdf 0", "f missing image.pdf 0", "i page that is none.pdf 0", "j bomb.pdf 0"}
    assert "f missing image.pdf 0" in told
    assert all(said.count(". ") == 1 and said.endswith(".") for said in told.values())


def test_what_can_be_read_is_found_and_what_cannot_is_told(store: CaseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "Caps", lambda **_: CAPS)
    for _ in reading.read(store, reading.Plan(ocr=False)):
        pass
    case = store.read()
    found = Search(store).find("planted")
    names = {source.sha256: source.name for source in case.sources}
    held = {names[hit.ref.source] for hit in found.hits}
    assert held >= {"a sound.pdf", "b 200 inches.pdf", "c zero size.pdf", "i page that is none.pdf"}
    silent = {(names[page.ref.source], page.ref.page) for page in found.unsearched}
    assert ("j bomb.pdf", 0) in silent
    assert len(silent) + len({hit.ref for hit in found.hits}) <= found.page_count
