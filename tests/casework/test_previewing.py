# SPDX-License-Identifier: AGPL-3.0-or-later
"""From a field to its lines in the letter, and which lines carry something that was not there at the last look."""

from dataclasses import replace

import pytest

from imr_desktop.casework.previewing import Preview, preview, sentence
from imr_desktop.letter import Rendition
from imr_desktop.models.determination import Determination
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.places import Part, Place
from tests.kit.cases import demo_determination


@pytest.fixture(scope="module")
def whole() -> Determination:
    return demo_determination()


@pytest.fixture(scope="module")
def shown(whole: Determination) -> Preview:
    return preview(whole, Rendition.PARTY)


def _with(whole: Determination, summary: str) -> Determination:
    return replace(whole, case=replace(whole.case, clinical_summary=Narrative(summary)))


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_every_caret_of_a_sentence_leads_to_its_lines(whole: Determination, shown: Preview, number: int) -> None:
    for item in whole.case.items:
        text = item.rationale.text
        begun = [0, *(at + 2 for at in range(len(text)) if text[at : at + 2] == ". ")]
        if number >= len(begun):
            continue
        wanted = text[begun[number] :].split(". ")[0]
        place = Place(Part.ITEMS, item.id, "rationale")
        found = sentence(whole, shown.lines, place, begun[number] + 1)
        assert " ".join(wanted.split()) in " ".join(" ".join(line.text for line in found).split())
        assert {line.place for line in found} == {place}
        assert len(found) <= 1 + len(wanted) // 60 + 1, "and to no others"


@pytest.mark.parametrize(
    ("field", "says"),
    [("case_number", "CM24-0000156"), ("employee.name", "Synthetic Claimant"), ("name", "Example Medical Review")],
)
def test_a_field_of_the_header_leads_to_where_it_is_printed(
    whole: Determination, shown: Preview, field: str, says: str
) -> None:
    assert any(says in line.text for line in sentence(whole, shown.lines, Place(Part.HEADER, None, field), 0))


def test_a_field_that_is_not_printed_leads_nowhere(whole: Determination, shown: Preview) -> None:
    assert sentence(whole, shown.lines, Place(Part.HEADER, None, "no_such_field"), 0) == []


def test_words_put_in_taken_out_and_moved_are_marked_and_nothing_else(whole: Determination) -> None:
    text = whole.case.clinical_summary.text
    before = preview(whole, Rendition.PARTY)
    assert before.changed == (), "there was no look before"
    assert preview(whole, Rendition.PARTY, before.look).changed == ()
    middle = text.index(" ", len(text) // 2)
    more = preview(_with(whole, f"{text[:middle]} unmistakably{text[middle:]}"), Rendition.PARTY, before.look)
    assert ["unmistakably" in line.text for line in more.changed] == [True], "lines that only broke anew are not marked"
    less = preview(_with(whole, text.replace(text.split()[5], "", 1)), Rendition.PARTY, before.look)
    assert len(less.changed) == 1
    assert preview(whole, Rendition.PARTY, more.look).changed != ()
    assert preview(whole, Rendition.PARTY, "what another version kept").changed == ()


def test_the_preview_is_what_is_signed(whole: Determination, shown: Preview) -> None:
    from imr_desktop.casework import finishing

    assert shown.pdf == finishing.printed(whole, Rendition.PARTY)
