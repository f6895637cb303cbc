# SPDX-License-Identifier: AGPL-3.0-or-later
"""Letters that are long, and names from everywhere: whole, readable by standard tools, or refused by the character."""

import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from imr_desktop.casework import finishing
from imr_desktop.casework.proofread import proofread
from imr_desktop.letter import MissingGlyph, Rendition, drawn
from imr_desktop.models.case import Employee
from imr_desktop.models.determination import Determination
from imr_desktop.models.narrative import Narrative
from tests.kit.cases import demo_determination

NAMES = ("Nguyễn Thị Hồng Ánh", "Łukasz Żółć-Brzęczyszczykiewicz", "王小明 陈静", "Peña y Núñez ≥ 5 → 6")


def _long() -> Determination:
    given = demo_determination()
    first = given.case.items[0]
    said = "The claimant was seen again on that day, and the range of motion was recorded as before. " * 16
    items = tuple(
        replace(first, id=f"i{number}", heading=f"Treatment {number}", rationale=Narrative.of(*[said] * 8))
        for number in range(1, 22)
    )
    return replace(given, case=replace(given.case, items=items))


def test_a_letter_of_sixty_pages_and_twenty_one_items_is_whole(tmp_path: Path) -> None:
    given = _long()
    pdf = finishing.printed(given, Rendition.PARTY)
    pages = drawn.pages_of(pdf)
    assert len(pages) >= 60
    proofread(pdf, given, Rendition.PARTY)
    path = tmp_path / "long.pdf"
    path.write_bytes(pdf)
    if shutil.which("qpdf"):
        subprocess.run(["qpdf", "--check", str(path)], check=True, capture_output=True)
    if shutil.which("pdfinfo"):
        told = subprocess.run(["pdfinfo", "-struct-text", str(path)], check=True, capture_output=True, text=True).stdout
        assert [f"Treatment {number}: " in told for number in range(1, 22)] == [True] * 21
        assert told.index("Treatment 2: ") < told.index("Treatment 21: ")


@pytest.mark.parametrize("name", NAMES)
def test_a_name_prints_as_it_is_written(name: str) -> None:
    given = demo_determination()
    header = replace(given.case.header, employee=Employee(name=name))
    given = replace(given, case=replace(given.case, header=header))
    pdf = finishing.printed(given, Rendition.PARTY)
    proofread(pdf, given, Rendition.PARTY)
    texts = "".join(mark.text for page in drawn.pages_of(pdf) for mark in page if isinstance(mark, drawn.Text))
    assert "".join(name.split()) in "".join(texts.split())


def test_a_character_that_no_font_has_is_refused_by_name() -> None:
    given = demo_determination()
    header = replace(given.case.header, employee=Employee(name="Ma\u0905ria"))
    with pytest.raises(MissingGlyph, match="\u0905"):
        finishing.printed(replace(given, case=replace(given.case, header=header)), Rendition.PARTY)
