# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import date
from decimal import Decimal

import pytest

from imr_desktop.models.case import Case, CaseHeader, InjuryDate
from imr_desktop.models.citations import GuidelineCitation, MtusCitation, OtherCitation, StudyCitation
from imr_desktop.models.items import DisputedItem, LetterOutcome, Outcome, Quantity, letter_outcome
from imr_desktop.models.narrative import Anchor, Narrative
from imr_desktop.models.plain import from_plain, to_plain
from imr_desktop.models.records import Box, PageRef, PageSpan


def item(number: int, outcome: Outcome | None) -> DisputedItem:
    return DisputedItem(id=f"i{number}", heading="MRI", outcome=outcome)


@pytest.mark.parametrize(
    ("outcomes", "whole"),
    [
        ([Outcome.UPHELD, Outcome.UPHELD], LetterOutcome.UPHOLD),
        ([Outcome.OVERTURNED], LetterOutcome.OVERTURN),
        ([Outcome.UPHELD, Outcome.OVERTURNED], LetterOutcome.PARTIAL_OVERTURN),
        ([Outcome.UPHELD, None], None),
        ([], None),
    ],
)
def test_the_letters_outcome_follows_from_its_items(
    outcomes: list[Outcome | None], whole: LetterOutcome | None
) -> None:
    assert letter_outcome(tuple(item(number, outcome) for number, outcome in enumerate(outcomes))) is whole


def test_an_injury_may_be_a_range_of_days() -> None:
    trauma = InjuryDate.from_iso("2012-03-01/2014-05-31")
    assert trauma.printed() == "03/01/2012 - 05/31/2014"
    assert InjuryDate.from_iso(trauma.iso()) == trauma
    with pytest.raises(ValueError, match="before it begins"):
        InjuryDate(date(2014, 5, 31), date(2012, 3, 1))


def test_a_narrative_keeps_its_anchors_in_place() -> None:
    text = Narrative("Pain is worse.\nMotion is restricted.").with_anchor("ab12", at=len("Pain is worse"))
    assert list(text.pieces()) == ["Pain is worse ", Anchor("ab12"), ".\nMotion is restricted."]
    assert text.anchors() == ("ab12",)
    assert text.printed(lambda _: "(PR-2)") == ("Pain is worse (PR-2).", "Motion is restricted.")


def test_typed_text_never_becomes_an_anchor() -> None:
    assert Narrative.of("see [[e:ab12]] here").anchors() == ()


def test_a_case_survives_as_plain_data() -> None:
    decided = DisputedItem(
        id="i1",
        quantity=Quantity(amount=Decimal("2.5"), spinal_levels=("L4-5",)),
        dos=(date(2016, 2, 29),),
        outcome=Outcome.UPHELD,
    )
    case = Case("c1", CaseHeader(date_of_injury=InjuryDate(date(2005, 1, 18))), items=(decided,))
    assert from_plain(to_plain(case), Case) == case


def test_a_field_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ExceptionGroup):
        from_plain({**to_plain(Case("c1")), "colour": "blue"}, Case)


def test_citations_print_their_elements() -> None:
    assert MtusCitation("Elbow", 2007, ("a", "b")).printed() == "Elbow 2007, Section(s): a, b"
    assert GuidelineCitation("ODG", 2016, "Low Back", "MRI").printed() == "ODG, 2016, Low Back, MRI"
    assert StudyCitation("Smith J, et al", "Title", "Spine", 2019, "12(3)", "45-50").printed() == (
        "Smith J, et al. Title. Spine. 2019;12(3):45-50"
    )
    assert OtherCitation("Label", url="u").printed() == "Label, u"


def test_a_span_holds_its_pages_and_no_others() -> None:
    span = PageSpan("aa", "records.pdf", 2, 4)
    assert PageRef("aa", 2) in span
    assert PageRef("aa", 4) in span
    assert PageRef("aa", 5) not in span
    assert PageRef("bb", 3) not in span
    assert Box(0, 0, 2, 2).union(Box(1, 1, 5, 3)) == Box(0, 0, 5, 3)
