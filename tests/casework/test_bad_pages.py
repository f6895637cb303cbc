# SPDX-License-Identifier: AGPL-3.0-or-later
"""Pages that no machine reads well: each is read, or says that it is not; what was read of it is found all the same."""

import io
import random
from collections.abc import Iterator
from pathlib import Path

import pymupdf
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from imr_desktop import assets
from imr_desktop.casework import reading
from imr_desktop.casework.search import Search
from imr_desktop.records.ocr import engines
from imr_desktop.storage import CaseStore
from imr_desktop.storage.page_index import PageReading, Stage
from tests.kit.cases import new_vault
from tests.kit.records import LINES, case_with

pytestmark = pytest.mark.skipif(engines().strong is None, reason="the two recognisers are not installed here")

WIDTH, HEIGHT, DPI = 1500, 900, 300
SPANISH = (
    "El paciente refiere dolor lumbar que se irradia a la pierna",
    "izquierda desde hace dos semanas, despues de una caida en el",
    "trabajo. Los movimientos de la columna son limitados y la",
    "prueba de la pierna recta es positiva. Se recomienda reposo.",
)
RUSSIAN = (
    "Больной жалуется на боли в пояснице с иррадиацией в ногу",
    "в течение двух лет после травмы на производстве. При",
    "осмотре движения ограничены, симптом натяжения слева",
    "положительный. Назначено лечение: массаж и покой.",
)


def printed(lines: tuple[str, ...], colour: str = "white") -> Image.Image:
    sheet = Image.new("RGB", (WIDTH, HEIGHT), colour)
    font = ImageFont.truetype(str(assets.path("fonts/DejaVuSans.ttf")), 38)
    for number, line in enumerate(lines):
        ImageDraw.Draw(sheet).text((60, 60 + 62 * number), line, fill="black", font=font)
    return sheet


def stamped(ink: tuple[int, int, int]) -> Image.Image:
    """A stamp across the print, as large as those of a claims department and as dark as its ink."""
    stamp = Image.new("RGBA", (900, 420), (0, 0, 0, 0))
    font = ImageFont.truetype(str(assets.path("fonts/LiberationSans-Bold.ttf")), 120)
    ImageDraw.Draw(stamp).rectangle([8, 8, 890, 410], outline=(*ink, 230), width=16)
    for number, line in enumerate(("RECEIVED", "JAN 05 2015", "CLAIMS")):
        ImageDraw.Draw(stamp).text((50, 20 + 130 * number), line, fill=(*ink, 230), font=font)
    sheet = printed(LINES * 3).convert("RGBA")
    sheet.alpha_composite(stamp.rotate(20, expand=True), (200, 150))
    return sheet.convert("RGB")


def written_by_hand(sheet: Image.Image, top: int, bottom: int) -> Image.Image:
    """Lines of loops and strokes, joined as a hurried hand joins them."""
    rng, draw = random.Random(5), ImageDraw.Draw(sheet)
    for base in range(top, bottom, 70):
        x = 70.0
        while x < WIDTH - 160:
            points: list[tuple[float, float]] = [(x, base)]
            for _ in range(rng.randint(9, 30)):
                points.append((points[-1][0] + rng.uniform(3, 11), base + rng.uniform(-34, 20)))
            draw.line(points, fill="black", width=5, joint="curve")
            x = points[-1][0] + 34
    return sheet


def photograph() -> Image.Image:
    """Light, colours and edges, and not a word."""
    rng = random.Random(7)
    picture = Image.new("RGB", (WIDTH, HEIGHT), (120, 140, 170))
    for _ in range(160):
        x, y, size = rng.uniform(0, WIDTH), rng.uniform(0, HEIGHT), rng.uniform(20, 320)
        colour = tuple(rng.randint(10, 240) for _ in range(3))
        ImageDraw.Draw(picture).ellipse([x, y, x + size, y + size * rng.uniform(0.3, 1.4)], fill=colour)
    return picture.filter(ImageFilter.GaussianBlur(6))


def sheet_of(picture: Image.Image) -> bytes:
    data = io.BytesIO()
    picture.save(data, "PNG")
    with pymupdf.open() as document:
        page = document.new_page(width=WIDTH * 72 / DPI, height=HEIGHT * 72 / DPI)
        page.insert_image(page.rect, stream=data.getvalue())
        return bytes(document.tobytes())


SHEETS = {
    "print": printed(LINES * 3),
    "upside_down": printed(LINES * 3).rotate(180),
    "stamp_in_black": stamped((0, 0, 0)),
    "stamp_in_blue": stamped((30, 40, 190)),
    "handwriting": written_by_hand(printed(()), 120, HEIGHT - 60),
    "note_by_hand": written_by_hand(printed(LINES), 400, 700),
    "photograph": photograph(),
    "spanish": printed(SPANISH * 3),
    "russian": printed(RUSSIAN * 3),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CaseStore]:
    with new_vault(tmp_path_factory.mktemp("bad") / "vault") as vault:
        made = case_with(vault, **{name: sheet_of(picture) for name, picture in SHEETS.items()})
        for _ in reading.read(made, reading.Plan(workers=1)):
            pass
        yield made


def state_of(store: CaseStore, name: str) -> PageReading:
    source = next(source for source in store.read().sources if source.name == f"{name}.pdf")
    return next(state for state in store.pages.index.readings() if state.ref.source == source.sha256)


def hits_on(store: CaseStore, name: str, words: str) -> int:
    ref = state_of(store, name).ref
    return sum(hit.ref == ref for hit in Search(store).find(words).hits)


@pytest.mark.parametrize("name", ["print", "upside_down"])
def test_print_is_read_however_it_lies(store: CaseStore, name: str) -> None:
    assert state_of(store, name).stage is Stage.READ
    assert hits_on(store, name, '"functional improvement"') == 3


def test_only_what_lies_turned_is_turned(store: CaseStore) -> None:
    """Handwriting, pictures and other scripts are nonsense to an engine whichever way they lie: they stay."""
    assert {name: state_of(store, name).turned for name in SHEETS} == dict.fromkeys(SHEETS, 0) | {"upside_down": 180}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("stamp_in_black", "part of"),
        ("stamp_in_blue", "part of"),
        ("handwriting", "misread"),
        ("note_by_hand", "part of"),
        ("photograph", "most of"),
        ("russian", "guessed"),
        ("spanish", "not English"),
    ],
)
def test_what_was_not_read_is_told_by_every_search(store: CaseStore, name: str, said: str) -> None:
    state = state_of(store, name)
    assert state.stage is Stage.UNREADABLE
    assert said in state.why
    told = {page.ref: page.why for page in Search(store).find("anything").unsearched}
    assert told[state.ref] == state.why
    assert state.ref in reading.record(store).unsearchable()


@pytest.mark.parametrize(
    ("name", "words"),
    [("stamp_in_blue", '"functional improvement"'), ("note_by_hand", "lumbar"), ("spanish", "paciente")],
)
def test_what_was_read_beside_it_is_found(store: CaseStore, name: str, words: str) -> None:
    assert hits_on(store, name, words) > 0


def test_a_colour_scan_of_a_hundred_megabytes_is_read(tmp_path: Path) -> None:
    sheet = Image.new("RGB", (5100, 6600), (250, 246, 235))
    font = ImageFont.truetype(str(assets.path("fonts/DejaVuSans.ttf")), 84)
    for number, line in enumerate(LINES * 2):
        ImageDraw.Draw(sheet).text((400, 500 + 160 * number), line, fill=(20, 20, 60), font=font)
    with pymupdf.open() as document:
        page = document.new_page(width=612, height=792)
        page.insert_image(page.rect, pixmap=pymupdf.Pixmap(pymupdf.csRGB, 5100, 6600, sheet.tobytes(), False))
        data: bytes = document.tobytes()
    assert len(data) > 100_000_000
    with new_vault(tmp_path / "vault") as vault:
        made = case_with(vault, scan=data)
        for _ in reading.read(made, reading.Plan(workers=1)):
            pass
        assert state_of(made, "scan").stage is Stage.READ
        assert hits_on(made, "scan", '"functional improvement"') == 2
