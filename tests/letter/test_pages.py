# SPDX-License-Identifier: AGPL-3.0-or-later
"""Strips dealt out to pages, and the table at the top: nothing outside the margins, nothing parted without need."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pymupdf
import pytest

from imr_desktop import letter
from imr_desktop.letter import Rendition
from imr_desktop.letter.sheet import HEIGHT, MARGIN, Hold, Strip, paginate
from imr_desktop.models.case import InjuryDate, Party
from imr_desktop.models.determination import Determination
from imr_desktop.models.narrative import Narrative

ROOM = HEIGHT - 2 * MARGIN


def _dealt(strips: Sequence[Strip]) -> list[list[int]]:
    """The positions of the strips on each page."""
    given = list(strips)
    return [[given.index(placed.strip) for placed in page] for page in paginate(given)]


def _strips(*holds: Hold, height: float) -> list[Strip]:
    """Strips told apart by a hair of their height."""
    return [Strip(height - number / 1000, hold=hold) for number, hold in enumerate(holds)]


def test_a_page_takes_what_it_holds() -> None:
    assert _dealt(_strips(*[Hold.FREE] * 5, height=ROOM / 2)) == [[0, 1], [2, 3], [4]]


def test_no_letter_is_without_a_page() -> None:
    assert paginate([]) == ((),)


def test_space_above_falls_away_at_the_head_of_a_page() -> None:
    first, second = paginate([Strip(ROOM - 10, above=30), Strip(20, above=30)])
    assert first[0].top == MARGIN
    assert second[0].top == MARGIN


@pytest.mark.parametrize("hold", [Hold.WISH, Hold.MUST])
def test_what_holds_together_moves_together(hold: Hold) -> None:
    assert _dealt(_strips(Hold.FREE, hold, Hold.FREE, height=ROOM / 2.5)) == [[0], [1, 2]]


def test_a_wish_gives_way_before_a_must() -> None:
    strips = _strips(Hold.WISH, Hold.WISH, Hold.MUST, Hold.FREE, height=ROOM / 3)
    assert _dealt(strips) == [[0, 1], [2, 3]]


def test_what_is_higher_than_a_page_is_parted_all_the_same() -> None:
    assert _dealt(_strips(*[Hold.MUST] * 4, Hold.FREE, height=ROOM / 2)) == [[0, 1], [2, 3], [4]]
    assert [len(page) for page in paginate([Strip(2 * ROOM), Strip(10)])[-2:]] == [1, 1]


@pytest.mark.parametrize("rendition", Rendition)
def test_nothing_stands_outside_the_margins(rendition: Rendition, seed: Determination) -> None:
    header = replace(
        seed.case.header,
        claim_number="CLAIM-" * 20,
        treatments_in_dispute_raw="Six visits of acupuncture; " * 150,
        date_of_injury=InjuryDate(date(2004, 1, 1), date(2005, 1, 18)),
        cc=(Party("N" * 200),),
    )
    summary = Narrative("pain/" * 60 + " " + "W" * 200 + " and " * 400)
    case = replace(seed.case, header=header, clinical_summary=summary)
    with pymupdf.open(stream=letter.render(replace(seed, case=case), rendition)) as pdf:
        for page in pdf:
            assert (page.rect.width, page.rect.height) == (612, 792)
            for x0, y0, x1, y1, word, *_ in page.get_text("words"):
                assert x0 >= MARGIN - 0.5, word
                assert x1 <= 612 - MARGIN + 0.5, word
                assert y0 >= MARGIN - 4, word
                assert y1 <= HEIGHT - 25, word
            for drawing in page.get_drawings():
                assert drawing["rect"].x0 >= MARGIN - 1
                assert drawing["rect"].x1 <= 612 - MARGIN + 1


def test_two_cells_share_a_row_only_where_each_needs_one_line(seed: Determination) -> None:
    def tops(determination: Determination) -> list[float]:
        with pymupdf.open(stream=letter.render(determination, Rendition.PUBLIC)) as pdf:
            words = pdf[0].get_text("words")
        wanted = ("Assigned:", "Injury:")
        return [round(word[1]) for name in wanted for word in words if word[4] == name]

    assigned, injury = tops(seed)
    assert assigned == injury
    header = replace(seed.case.header, date_of_injury=InjuryDate(date(2004, 1, 1), date(2005, 1, 18)))
    narrow = replace(seed, case=replace(seed.case, header=header))
    assigned, injury = tops(narrow)
    assert assigned <= injury
    body = "".join(letter.printed_words(narrow, Rendition.PUBLIC))
    with pymupdf.open(stream=letter.render(narrow, Rendition.PUBLIC)) as pdf:
        read = "".join("".join(page.get_text().split()) for page in pdf)
    assert "01/01/2004-01/18/2005" in read
    assert "01/01/2004-01/18/2005" in body


def test_the_signature_is_never_alone_on_a_page(seed: Determination) -> None:
    for count in range(1, 40, 3):
        summary = Narrative("\n".join(["The claimant was seen again on that day and nothing had changed."] * count))
        case = replace(seed.case, clinical_summary=summary)
        for rendition, signed in ((Rendition.SUBMISSION, "Name: "), (Rendition.PARTY, "Medical Director D")):
            with pymupdf.open(stream=letter.render(replace(seed, case=case), rendition)) as pdf:
                page = next(text for text in (each.get_text() for each in pdf) if signed in text)
            before = (
                page[: page.index(signed)].replace("SIGNATURE OF THE EXPERT REVIEWER", "").replace("Sincerely,", "")
            )
            assert len(before.split()) > 5, (rendition, count)


def test_the_address_alone_shows_in_the_window_of_an_envelope(seed: Determination) -> None:
    """A No. 10 envelope: window 2.5 to 3.625 inches from its upper edge, 0.875 to 5.375 from its left; 0.45 to slip."""
    with pymupdf.open(stream=letter.render(seed, Rendition.PARTY)) as document:
        words = [(word[0] / 72, word[1] / 72, word[3] / 72, word[4]) for word in document[0].get_text("words")]
    name, *_ = seed.case.header.employee.name.split()
    first = min(top for _, top, _, text in words if text == name)
    begin = [each for each in words if each[1] >= first - 0.01]
    address = [each for each in begin if each[1] < 3.17]
    assert " ".join(text for *_, text in address) == " ".join(
        [seed.case.header.employee.name, *seed.case.header.employee.address]
    )
    for slipped in (0.0, 0.45):
        upper, lower = 2.5 - slipped, 3.625 - slipped
        assert all(upper <= top and bottom <= lower for _, top, bottom, _ in address), slipped
        assert all(0.875 <= left <= 5.375 for left, *_ in address)
        seen = [text for _, top, bottom, text in words if bottom > upper and top < lower]
        assert seen == [text for *_, text in address], slipped
