# SPDX-License-Identifier: AGPL-3.0-or-later
"""A record printed, sent by fax, taken into a vault and read there: what the checks get of real files."""

import io
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pymupdf
from PIL import Image

from imr_desktop.casework import intake, reading
from imr_desktop.models.readable import Record
from tests.kit.cases import new_vault

_DPI = 200
_MARGIN = 64


def _printed(text: str) -> Image.Image:
    """A page in grey, as a printer leaves it."""
    with pymupdf.open() as made:
        page = made.new_page(width=612, height=792)
        page.insert_textbox(pymupdf.Rect(_MARGIN, _MARGIN, 612 - _MARGIN, 792 - _MARGIN), text, fontsize=10.5)
        drawn = page.get_pixmap(dpi=_DPI, colorspace=pymupdf.csGRAY)
        return Image.frombytes("L", (drawn.width, drawn.height), drawn.samples)


def _sent(record: Record, level: str, tool: Any, seed: int) -> bytes:
    """The record as a fax of this level, made worse by the generator of case files (``tool``)."""
    with pymupdf.open() as made:
        for number, page in enumerate(record.pages):
            chance = random.Random(f"{seed} {number}")
            banner = tool.fax_banner(chance, 0, _DPI, number + 1, len(record.pages))
            picture = tool.degrade(_printed(page.text), level, chance, banner)[0]
            kept = io.BytesIO()
            picture.save(kept, "PNG")
            made.new_page(width=612, height=792).insert_image(pymupdf.Rect(0, 0, 612, 792), stream=kept.getvalue())
        return bytes(made.tobytes())


def read(record: Record, level: str, tool: Any, seed: int, folder: Path) -> Record:
    """The record as the program reads it from such a fax: recognised, read again where that was doubtful."""
    file = folder / f"{level} {seed}.pdf"
    file.write_bytes(_sent(record, level, tool, seed))
    with new_vault(folder / f"vault {level} {seed}") as vault:
        *_, came = intake.take_in(vault, [file])
        store = vault.case(came.case_id)
        for _ in reading.read(store, reading.Plan()):
            pass
        pages = reading.record(store).pages
        assert len(pages) == len(record.pages)
        return Record(
            tuple(
                replace(read, ref=page.ref, case_page=page.case_page, seen=page.seen)
                for page, read in zip(record.pages, pages, strict=True)
            )
        )
