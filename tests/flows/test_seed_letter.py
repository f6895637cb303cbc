# SPDX-License-Identifier: AGPL-3.0-or-later
"""The client's own letter, entered through the desk, comes out with every word of it, in order."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from imr_desktop import letter
from imr_desktop.casework.desk import Desk
from imr_desktop.casework.published import lines_of
from imr_desktop.letter import Rendition
from imr_desktop.models.case import CaseHeader, Imro, InjuryDate, LetterText
from imr_desktop.models.citations import Guideline, MtusCitation
from imr_desktop.models.items import Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.reviewer import Credentials, CredentialStyle, Reviewer
from imr_desktop.storage import Vault
from tests.kit.cases import new_desk, new_vault

SEED = (Path(__file__).parent.parent / "samples" / "seed_determination.txt").read_text(encoding="utf-8")
REVIEWER = Reviewer(
    name="Reviewer R",
    licence="Acupuncture",
    credentials=Credentials(("California",), ("Acupuncture",), credential_style=CredentialStyle.INLINE),
    practice_attestation=True,
)


def seed_words() -> list[str]:
    """The letter's words; the file's first line describes it and is no part of it."""
    return SEED.split("\n", 1)[1].split()


def seed_paragraph(begins: str, ends: str) -> str:
    text = " ".join(seed_words())
    return text[text.index(begins) : text.index(ends) + len(ends)]


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    with new_vault(tmp_path / "vault") as made:
        yield made


@pytest.fixture
def desk(vault: Vault) -> Desk:
    imro = Imro(name="MAXIMUS Federal Services", guideline_label="MAXIMUS guideline")
    header = CaseHeader(
        case_number="CM14-0123456",
        date_of_injury=InjuryDate(date(2005, 1, 18)),
        ur_decision_date=date(2014, 10, 30),
        application_received=date(2014, 11, 20),
        date_assigned=date(2014, 12, 5),
        decision_date=date(2015, 1, 8),
    )
    desk = new_desk(vault, header, imro)
    desk.keep_letter(LetterText(format="fdl-2014"))
    desk.write_summary(Narrative.of(seed_paragraph("Claimant is a 65", "with no documented improvement.")))
    item = desk.add_item("Six visits of Acupuncture for the low back")
    cited = Guideline((MtusCitation("Acupuncture Treatment Guidelines"),))
    desk.keep_item(replace(desk.case.item(item), ca_guideline=Guideline(), reviewer_guideline=cited))
    desk.decide(item, Outcome.UPHELD)
    rationale = seed_paragraph("According to evidenced based", "acupuncture is not medically necessary.")
    desk.write_rationale(item, Narrative.of(rationale))
    return desk


@pytest.mark.parametrize("rendition", Rendition)
def test_every_word_of_the_seed_comes_out_in_order(desk: Desk, rendition: Rendition) -> None:
    determination = desk.determination(REVIEWER)
    pdf = letter.render(determination, rendition)
    lines = [line.text for page in lines_of(pdf) for line in page]
    printed = " ".join(line for line in lines if not letter.is_furniture(line, determination)).split()
    wanted = iter(seed_words())
    word = next(wanted)
    for each in printed:
        if each == word:
            word = next(wanted, "")
            if not word:
                return
    pytest.fail(f"the letter lacks “{word}”, or has it elsewhere")


def test_the_seed_is_printed_without_a_word_between(desk: Desk) -> None:
    """In the public copy the seed stands as one run but for the documents' place and the page breaks."""
    determination = desk.determination(REVIEWER)
    pdf = letter.render(determination, Rendition.PUBLIC)
    lines = [line.text for page in lines_of(pdf) for line in page]
    printed = " ".join(line for line in lines if not letter.is_furniture(line, determination))
    assert " ".join(seed_words()) in " ".join(printed.split())
