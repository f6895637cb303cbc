# SPDX-License-Identifier: AGPL-3.0-or-later
"""A large PDF as records come: printed pages, faxes and photocopies mixed, made once and kept for later runs."""

import io
import itertools
import os
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

from imr_desktop import assets

WORDS = [
    "range",
    "of",
    "motion",
    "restricted",
    "lumbar",
    "flexion",
    "extension",
    "degrees",
    "straight",
    "leg",
    "raise",
    "positive",
    "left",
    "right",
    "pain",
    "radiating",
    "lower",
    "extremity",
    "Norco",
    "hydrocodone",
    "cyclobenzaprine",
    "physical",
    "therapy",
    "visits",
    "requested",
    "denied",
    "utilization",
    "review",
    "guideline",
    "MTUS",
    "chronic",
    "patient",
    "reports",
    "improvement",
    "function",
    "work",
    "status",
    "modified",
    "follow-up",
    "weeks",
    "MRI",
    "disc",
]
KINDS = ("digital", "fax", "copy", "scan")
MIX = (0.25, 0.45, 0.15, 0.15)
_EACH = 16
_VERSION = 2


@dataclass(frozen=True)
class Picture:
    """One sheet as a scanner sends it."""

    width: int
    height: int
    data: bytes
    coded: str


def bench_folder() -> Path:
    """Where what is costly to make is kept between runs."""
    folder = Path(tempfile.gettempdir()) / "imr-desktop-bench"
    folder.mkdir(exist_ok=True)
    return folder


def page_count() -> int:
    """How many pages are measured: ``IMR_BENCH_PAGES``, else 5,000."""
    return int(os.environ.get("IMR_BENCH_PAGES", "5000"))


def mixed_pages(pages: int | None = None, first: int = 0) -> Path:
    """The path of the file with so many pages from ``first`` on, made if it is not there yet."""
    count = pages or page_count()
    path = bench_folder() / f"mixed-{_VERSION}-{f'{first}-' if first else ''}{count}.pdf"
    if not path.exists():
        beside = path.with_suffix(f".{os.getpid()}.part")
        _write(beside, first, count)
        beside.replace(path)
    return path


def kind_of(page: int) -> str:
    """What sort of page stands at a place of the file (from 0)."""
    return random.Random(page).choices(KINDS, MIX)[0]


def lines_of(page: int) -> list[str]:
    """What the page says, line by line."""
    chance = random.Random(10_000 + page)
    lines = [f"Page {page + 1} of the record, dated {chance.randint(1, 12)}/{chance.randint(1, 28)}/2014"]
    return lines + [" ".join(chance.choices(WORDS, k=11)) for _ in range(38)]


def _write(path: Path, start_page: int, count: int) -> None:
    sheets = {kind: [_sheet(kind, number) for number in range(_EACH)] for kind in KINDS[1:]}
    offsets: dict[int, int] = {}
    numbers = itertools.count(4)
    kids: list[int] = []
    with path.open("wb") as file:

        def put(number: int, body: bytes) -> None:
            offsets[number] = file.tell()
            file.write(b"%d 0 obj\n" % number + body + b"\nendobj\n")

        file.write(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")
        put(3, b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
        for page in range(start_page, start_page + count):
            content, leaf, picture = next(numbers), next(numbers), next(numbers)
            kind = kind_of(page)
            extra = b""
            if kind == "digital":
                drawn = _typed(page)
                put(picture, b"null")
            else:
                sheet = sheets[kind][page % _EACH]
                put(picture, _image(sheet))
                drawn = b"q 612 0 0 792 0 0 cm /I Do Q " + _banner(page)
                extra = b"/XObject << /I %d 0 R >>" % picture
            put(content, b"<< /Length %d >>\nstream\n" % len(drawn) + drawn + b"\nendstream")
            put(leaf, b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
                      b"/Resources << /Font << /F 3 0 R >> %s >> >>" % (content, extra))  # fmt: skip
            kids.append(leaf)
        listed = b" ".join(b"%d 0 R" % kid for kid in kids)
        put(2, b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, listed))
        put(1, b"<< /Type /Catalog /Pages 2 0 R >>")
        start = file.tell()
        file.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(offsets) + 1))
        for number in sorted(offsets):
            file.write(b"%010d 00000 n \n" % offsets[number])
        file.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(offsets) + 1, start))


def _typed(page: int) -> bytes:
    shown = b" T* ".join(b"(%s) Tj" % line.encode() for line in lines_of(page))
    return b"BT /F 10 Tf 17 TL 54 740 Td " + shown + b" ET"


def _banner(page: int) -> bytes:
    return b"BT /F 7 Tf 40 782 Td (FAX %05d) Tj ET" % (page + 1)


def _image(sheet: Picture) -> bytes:
    if sheet.coded == "g4":
        how = (
            b"/BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /CCITTFaxDecode "
            b"/DecodeParms << /K -1 /Columns %d /Rows %d /BlackIs1 true >>" % (sheet.width, sheet.height)
        )
    else:
        how = b"/BitsPerComponent 8 /ColorSpace /DeviceGray /Filter /DCTDecode"
    head = b"<< /Type /XObject /Subtype /Image /Width %d /Height %d %s /Length %d >>\nstream\n"
    return head % (sheet.width, sheet.height, how, len(sheet.data)) + sheet.data + b"\nendstream"


def _sheet(kind: str, number: int) -> Picture:
    dpi = 300 if kind == "scan" else 200
    chance = random.Random(f"{kind} {number}")
    picture = Image.new("L", (round(8.5 * dpi), 11 * dpi), 255)
    draw = ImageDraw.Draw(picture)
    font = ImageFont.truetype(str(assets.path("fonts") / "LiberationSerif-Regular.ttf"), round(10 * dpi / 72))
    for line, text in enumerate(lines_of(100_000 + number)):
        draw.text((0.75 * dpi, dpi * (0.8 + line * 0.24)), text, fill=25, font=font)
    picture = picture.rotate(chance.uniform(-0.8, 0.8), Image.Resampling.BILINEAR, fillcolor=255)
    for x, y in _specks(chance, picture.size, 500):
        draw_at = ImageDraw.Draw(picture)
        draw_at.ellipse((x, y, x + chance.randint(1, 3), y + chance.randint(1, 3)), fill=0)
    return _as_fax(picture) if kind == "fax" else _as_jpeg(picture, blurred=kind == "copy")


def _specks(chance: random.Random, size: tuple[int, int], count: int) -> Iterator[tuple[int, int]]:
    return ((chance.randrange(size[0]), chance.randrange(size[1])) for _ in range(count))


def _as_fax(picture: Image.Image) -> Picture:
    kept = io.BytesIO()
    picture.convert("1").save(kept, "TIFF", compression="group4", tiffinfo={278: picture.height})
    with Image.open(io.BytesIO(kept.getvalue())) as tiff:
        (offset,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]  # type: ignore[attr-defined]
    return Picture(picture.width, picture.height, kept.getvalue()[offset : offset + length], "g4")


def _as_jpeg(picture: Image.Image, *, blurred: bool) -> Picture:
    noise = Image.effect_noise(picture.size, 24)
    blended = Image.blend(picture.filter(ImageFilter.GaussianBlur(1.1 if blurred else 0.4)), noise, 0.12)
    kept = io.BytesIO()
    blended.save(kept, "JPEG", quality=55)
    return Picture(picture.width, picture.height, kept.getvalue(), "jpeg")
