# SPDX-License-Identifier: AGPL-3.0-or-later
"""The wording tables: complete, alike, and nothing else is taken for one."""

import string

import pytest

from imr_desktop.letter import Rendition, wording

FORMATS = wording.formats()


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_the_formats_that_letters_had() -> None:
    assert set(FORMATS) >= {"fdl-2014", "fdl-2016", "professional-review-2013"}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_the_same_slots_with_the_same_fields(name: str) -> None:
    slots, like = wording.load(name).slots, wording.load("fdl-2016").slots
    assert set(slots) == set(like)
    assert {slot: fields(text) for slot, text in slots.items()} == {slot: fields(text) for slot, text in like.items()}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("rendition", Rendition)
def test_what_the_law_keeps_from_a_rendition_is_in_no_format_of_it(name: str, rendition: Rendition) -> None:
    parts = wording.parts(wording.load(name), rendition)
    cells = {cell for row in wording.header_rows(wording.load(name), rendition) for cell in row}
    assert "how_made" in parts
    assert ("signature" in parts) == (rendition is Rendition.SUBMISSION)
    assert ("documents" in parts) == (rendition is not Rendition.PUBLIC)
    assert ("claim_number" in cells) == (rendition is not Rendition.PUBLIC)
    if rendition is Rendition.PUBLIC:
        assert parts[:2] == ("correction", "header")  # nothing stands before the header but a correction


def test_the_services_are_printed_as_each_year_printed_them() -> None:
    assert "disputed items/Service." in wording.load("fdl-2016").slots["how_made"]
    assert "disputed items/services." in wording.load("fdl-2014").slots["how_made"]


@pytest.mark.parametrize("name", ["fdl-1999", "../tables/imro", "", "fdl-2016.toml"])
def test_an_unknown_format_is_trouble_that_names_the_known_ones(name: str) -> None:
    with pytest.raises(wording.UnknownFormat, match="fdl-2016"):
        wording.load(name)
