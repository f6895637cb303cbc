# SPDX-License-Identifier: AGPL-3.0-or-later
"""Each reader sees what is theirs to see: the reviewer's name stays inside, and a public copy names nobody."""

import dataclasses
import typing
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from imr_desktop import letter
from imr_desktop.letter import Rendition, renditions
from imr_desktop.models.case import ClaimsAdministrator, Employee, Employer, Imro, LetterText, Party, PrintedSection
from imr_desktop.models.citations import Guideline
from imr_desktop.models.determination import Determination
from imr_desktop.models.items import DisputedItem, ItemKind, Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.reviewer import Credentials, CredentialStyle, Reviewer

Print = Callable[[Determination, Rendition], Any]
Change = Callable[..., Determination]

PUBLIC_ORDER = [
    "Case Number:",
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "CLINICAL CASE SUMMARY",
    "IMR ISSUES, DECISIONS AND RATIONALES",
]
PARTY_ORDER = [
    "MAXIMUS Federal Services",
    "Injured Worker A",
    "Dear Injured Worker A:",
    "Case Number:",
    "Final Determination: UPHOLD.",
    "Workers' Compensation Appeals Board within 30 days",
    "HOW THE IMR FINAL DETERMINATION WAS MADE",
    "licensed in Acupuncture",
    "DOCUMENTS REVIEWED",
    "CLINICAL CASE SUMMARY",
    "IMR ISSUES, DECISIONS AND RATIONALES",
    "Sincerely,",
    "Medical Director D",
    "cc:",
]
PARTIES = ("Injured Worker A", "Treating Physician B", "Employer Six", "Insurer Seven", "Examiner C", "CLAIM-778899")


def in_order(pieces: list[str], text: str) -> bool:
    at = 0
    for piece in pieces:
        at = text.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def types_within(kind: Any) -> Iterator[type]:
    """Every class that a value of this type may hold."""
    for part in typing.get_args(kind):
        yield from types_within(part)
    if dataclasses.is_dataclass(kind) and isinstance(kind, type):
        yield kind
        for hint in typing.get_type_hints(kind).values():
            yield from types_within(hint)


def test_no_field_of_the_party_letter_or_public_copy_can_hold_a_reviewer() -> None:
    for kind in (renditions.PartyLetter, renditions.PublicLetter):
        held = set(types_within(kind))
        assert Reviewer not in held
        names = {field.name for each in held for field in dataclasses.fields(each)}
        assert not names & {"reviewer", "licence", "email", "reviewer_name"}
    assert Reviewer in set(types_within(renditions.SubmissionLetter))


def test_no_field_of_the_public_copy_can_hold_a_party() -> None:
    held = set(types_within(renditions.PublicLetter))
    assert not held & {Party, Employee, Employer, ClaimsAdministrator, Imro, renditions.PartyHeader}
    names = {field.name for each in held for field in dataclasses.fields(each)}
    assert not names & {"claim_number", "address", "phone", "signatory", "cc", "documents"}


def test_each_rendition_stands_in_its_own_order(seed: Determination, printed: Print) -> None:
    assert in_order(PARTY_ORDER, printed(seed, Rendition.PARTY).text)
    public = printed(seed, Rendition.PUBLIC)
    assert public.body[0][0].strip() == "Case Number:"
    assert in_order(PUBLIC_ORDER, public.text)
    submission = printed(seed, Rendition.SUBMISSION).text
    order = [
        "Treatments in Dispute:",
        "DOCUMENTS REVIEWED",
        "(records.pdf, pages 12-15)",
        "Reviewer Qzxvy",
        "License: LIC-4455667",
    ]
    assert in_order(order, submission)
    assert "LIC-4455667" in submission
    assert "Electronically sealed" in submission


def test_the_public_copy_names_nobody_and_no_claim(seed: Determination, printed: Print) -> None:
    public = printed(seed, Rendition.PUBLIC).text
    assert [each for each in (*PARTIES, "9 Organisation Street", "Medical Director", "555") if each in public] == []
    party = printed(seed, Rendition.PARTY).text
    assert [each for each in PARTIES if each not in party] == []
    assert "ADJ1122334" not in party
    assert "05/17/1949" not in party + printed(seed, Rendition.SUBMISSION).text


@pytest.mark.parametrize("rendition", [Rendition.PARTY, Rendition.PUBLIC])
def test_nothing_of_the_reviewer_leaves_in_words_properties_or_bytes(
    rendition: Rendition, seed: Determination, printed: Print
) -> None:
    found = printed(seed, rendition)
    secrets = [*["Qzxvy", "LIC-4455667", "example.org", "555-0199"], *seed.reviewer.identifying()]
    assert [part for part in secrets if part in found.text or part in str(found.properties)] == []
    with pikepdf.open(BytesIO(found.data)) as pdf:
        streams = [each.read_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream)]
    whole = b"".join([found.data, *streams]).lower()
    assert [part for part in secrets if part.lower().encode() in whole] == []


def test_the_properties_hold_title_and_day_and_no_maker(seed: Determination, printed: Print) -> None:
    found = printed(seed, Rendition.PARTY)
    assert found.properties["title"] == "Independent Medical Review: Final Determination Letter, CM14-0123456"
    assert found.properties["creationDate"] == "D:20150109000000Z"
    assert not set(found.properties) & {"author", "creator", "producer", "subject", "keywords"}
    with pikepdf.open(BytesIO(found.data)) as pdf:
        assert str(pdf.Root.Lang) == "en-US"


def test_a_representative_is_addressed_in_the_workers_place(changed: Change, printed: Print) -> None:
    represented = Employee(
        "Injured Worker A", ("100 Worker Lane",), Party("Attorney E", "Law Office", ("1 Court Street",))
    )
    party = printed(changed(of_header={"employee": represented}), Rendition.PARTY).text
    assert in_order(["Attorney E", "Law Office", "1 Court Street", "Dear Attorney E:"], party)
    assert "Injured Worker A, represented by Attorney E, Law Office" in party


@pytest.mark.parametrize(
    ("outcomes", "says"),
    [
        ((Outcome.UPHELD, Outcome.UPHELD), "UPHOLD. This means we decided that none of the"),
        ((Outcome.OVERTURNED,), "OVERTURN. This means we decided that all of the"),
        ((Outcome.UPHELD, Outcome.OVERTURNED), "PARTIAL OVERTURN. This means we decided that some (but not all)"),
        ((Outcome.UPHELD, None), "Not every disputed item/service has been decided yet."),
    ],
)
def test_the_statement_follows_from_the_items(
    outcomes: tuple[Outcome | None, ...], says: str, changed: Change, printed: Print
) -> None:
    items = tuple(DisputedItem(f"i{at}", f"Item {at}", outcome=outcome) for at, outcome in enumerate(outcomes))
    assert says in printed(changed(items=items), Rendition.PARTY).text


def test_credentials_stand_as_a_block_or_in_the_sentence(seed: Determination, printed: Print) -> None:
    held = Credentials(("California", "Texas"), ("Orthopedic Surgery", "Sports Medicine"), board_certified=True)
    block = dataclasses.replace(seed, reviewer=dataclasses.replace(seed.reviewer, credentials=held))
    lines = [line.strip() for line in printed(block, Rendition.PUBLIC).body[0]]
    at = lines.index("The Expert Reviewer has the following credentials:")
    assert lines[at + 1 : at + 3] == [
        "State(s) of Licensure: California, Texas",
        "Certification(s)/Specialty: Orthopedic Surgery, Sports Medicine",
    ]
    held = dataclasses.replace(held, credential_style=CredentialStyle.INLINE)
    inline = dataclasses.replace(seed, reviewer=dataclasses.replace(seed.reviewer, credentials=held))
    assert (
        "claims administrator. The expert reviewer is Board Certified in Orthopedic Surgery and Sports Medicine and is "
        "licensed to practice in California and Texas. He/she has been" in printed(inline, Rendition.PUBLIC).text
    )


def test_a_guideline_that_nobody_recorded_is_not_made_a_statement(changed: Change, printed: Print) -> None:
    items = (
        DisputedItem("i1", "Brace", outcome=Outcome.UPHELD, rationale=Narrative("Not necessary.")),
        DisputedItem("i2", "Cane", ItemKind.DEPENDENT, reviewer_guideline=Guideline(), outcome=Outcome.UPHELD),
    )
    text = printed(changed(items=items), Rendition.PUBLIC).text
    assert "Brace: Upheld Decision rationale: Not necessary. Associated surgical service: Cane: Upheld" in text
    assert "Claims Administrator guideline:" not in text
    assert "MAXIMUS guideline: The Expert Reviewer did not cite any medical evidence for its decision." in text


def test_what_a_published_letter_printed_otherwise_is_printed(changed: Change, printed: Print) -> None:
    text = LetterText(
        "fdl-2014",
        {
            "title_items": ("IMR DECISION(S) AND RATIONALE(S)",),
            "label_rationale": ("The reviewer's reasons:",),
            "summary_lead_in": (),
            "header_priority": (),
            "credentials_block": ("State(s) of Licensure: California,Texas",),
        },
        (
            PrintedSection("ISSUE {ONE}", ("First paragraph.", "Second paragraph."), "title_summary"),
            PrintedSection("NOTES", ("At the end.",)),
        ),
    )
    found = printed(changed(letter=text), Rendition.PUBLIC).text
    order = [
        "California,Texas",
        "ISSUE {ONE} First paragraph. Second paragraph. CLINICAL CASE SUMMARY Claimant is",
        "IMR DECISION(S) AND RATIONALE(S)",
        "The reviewer's reasons:",
        "NOTES At the end.",
    ]
    assert in_order(order, found)
    assert "Priority:" not in found
    party = printed(changed(letter=text), Rendition.PARTY).text
    assert in_order(["NOTES At the end.", "Sincerely,"], party)


def test_the_form_of_2013_gives_every_part_its_own_section(changed: Change, printed: Print) -> None:
    old = changed(letter=LetterText("professional-review-2013"))
    order = [
        "Issue at Dispute",
        "Six visits of Acupuncture for the low back: Upheld",
        "Case Summary",
        "Documents Reviewed",
        "Guideline(s) Relied Upon and Why",
        "MAXIMUS guideline: Decision based on MTUS Acupuncture Treatment Guidelines.",
        "Rationale",
        "According to evidenced based guidelines",
        "Reviewer Qualifications",
        "licensed in Acupuncture",
    ]
    assert in_order(order, printed(old, Rendition.PARTY).text)


def test_documents_are_listed_by_source_for_parties_and_each_for_the_organisation(
    seed: Determination, printed: Print
) -> None:
    party = printed(seed, Rendition.PARTY).text
    assert "Utilization Review Determination, dated 10/30/2014" in party
    assert "Medical records from Treating Physician B, dated 04/10/2014 to 07/01/2014" in party
    assert "Medical Treatment Utilization Schedule (MTUS)" in party
    assert "records.pdf" not in party
    assert "3. PR-2, Treating Physician B, dated 07/01/2014 (records.pdf, pages 12-15)" in (
        printed(seed, Rendition.SUBMISSION).text
    )


def test_rendering_is_not_needed_to_know_the_words(seed: Determination) -> None:
    party, public = letter.printed_words(seed, Rendition.PARTY), letter.printed_words(seed, Rendition.PUBLIC)
    assert party[-4:] == ("Division", "of", "Workers'", "Compensation")
    assert public[:3] == ("Case", "Number:", "CM14-0123456")
