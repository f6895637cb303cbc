# SPDX-License-Identifier: AGPL-3.0-or-later
"""Source files taken into a case for a test: digital pages, pictures of pages, empty paper."""

import hashlib
from collections.abc import Sequence

import pymupdf

from imr_desktop.models.case import CaseHeader, Imro, LetterText
from imr_desktop.models.records import PageSize, SourceFile
from imr_desktop.storage import CaseStore, Vault

LINES = (
    "The patient has completed six sessions of physical therapy",
    "with moderate functional improvement of the lumbar spine.",
    "Straight leg raise is positive on the right at 40 degrees.",
    "Continue the home exercise program and return in four weeks.",
)

APPLICATION = [
    "APPLICATION FOR INDEPENDENT MEDICAL REVIEW",
    "IMR Case Number: CM00-0000007",
    "Employee Name: Injured Worker A",
    "Claim Number: WC-775894",
    "Date of Injury: 1/18/2005",
    "Date of UR Determination: 10/30/2014",
    "DISPUTED MEDICAL TREATMENT",
    "1. Six visits of acupuncture for the low back",
    "2. Hydrocodone/APAP 10/325 mg #60",
]
DENIAL = [
    "UTILIZATION REVIEW DETERMINATION",
    "Injured Worker: Injured Worker A",
    "Claim Number: WC-775893",
    "Determination Date: October 30, 2014",
    "1. Six visits of acupuncture for the low back: Non-certified",
    "2. Hydrocodone/APAP 10/325 mg #60: Modified: certified 30 of 60",
    "3. Some reason that has a number and is no treatment",
]


def digital(*pages: Sequence[str]) -> bytes:
    """A PDF of digital pages, each given by its lines."""
    with pymupdf.open() as document:
        for lines in pages:
            page = document.new_page(width=612, height=792)
            for number, line in enumerate(lines):
                page.insert_text((72, 90 + 18 * number), line, fontsize=11)
        return bytes(document.tobytes())


def pictures(*pages: Sequence[str], dpi: int = 200, turned: int = 0) -> bytes:
    """The same pages as a scanner would send them: pictures without a text layer, lying turned clockwise."""
    with pymupdf.open(stream=digital(*pages), filetype="pdf") as sheets, pymupdf.open() as document:
        for sheet in sheets:
            pixels = sheet.get_pixmap(matrix=pymupdf.Matrix(dpi / 72, dpi / 72).prerotate(turned))
            page = document.new_page(width=pixels.width * 72 / dpi, height=pixels.height * 72 / dpi)
            page.insert_image(page.rect, pixmap=pixels)
        return bytes(document.tobytes())


def case_with(vault: Vault, **named: bytes) -> CaseStore:
    """A new case with these PDFs as its source files, in this order."""
    store = vault.new_case(CaseHeader(), Imro(), LetterText())
    first = 1
    with store.step("Take in the record") as step:
        assert step is not None
        for name, data in named.items():
            with pymupdf.open(stream=data, filetype="pdf") as document:
                sizes = tuple(PageSize(page.rect.width, page.rect.height) for page in document)
            digest = hashlib.sha256(data).hexdigest()
            store.add_source(SourceFile(digest, f"{name}.pdf", len(data), first, sizes), data)
            first += len(sizes)
    return store
