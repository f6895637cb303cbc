# SPDX-License-Identifier: AGPL-3.0-or-later
"""Determinations to print, and a reader of finished pages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pymupdf
import pytest

from imr_desktop import letter
from imr_desktop.letter import wording
from imr_desktop.models.case import (
    Case,
    CaseHeader,
    ClaimsAdministrator,
    Employee,
    Employer,
    Imro,
    InjuryDate,
    LetterText,
    Party,
    RequestingPhysician,
    Signatory,
)
from imr_desktop.models.citations import Guideline, MtusCitation
from imr_desktop.models.determination import Determination
from imr_desktop.models.items import DisputedItem, Outcome
from imr_desktop.models.narrative import Narrative
from imr_desktop.models.records import Document, DocumentType, PageSpan
from imr_desktop.models.reviewer import Credentials, CredentialStyle, Reviewer

DATA = Path(__file__).parent / "data"

HEADER = CaseHeader(
    case_number="CM14-0123456",
    claim_number="CLAIM-778899",
    adj_number="ADJ1122334",
    date_of_injury=InjuryDate(date(2005, 1, 18)),
    ur_decision_date=date(2014, 10, 30),
    application_received=date(2014, 11, 20),
    date_assigned=date(2014, 12, 5),
    decision_date=date(2015, 1, 8),
    letter_date=date(2015, 1, 9),
    employee=Employee("Injured Worker A", ("100 Worker Lane", "Fresno, CA"), birth_date=date(1949, 5, 17)),
    requesting_physician=RequestingPhysician("Treating Physician B", "Clinic Five"),
    employer=Employer("Employer Six"),
    claims_administrator=ClaimsAdministrator("Insurer Seven", "Examiner C", ("7 Insurer Road",)),
    cc=(Party(organisation="Division of Workers' Compensation"),),
    treatments_in_dispute_raw="Six visits of acupuncture",
)
IMRO = Imro(
    "MAXIMUS Federal Services",
    "MAXIMUS guideline",
    ("9 Organisation Street",),
    "(555) 555-0100",
    signatory=Signatory("Medical Director D", "Medical Director"),
)
REVIEWER = Reviewer(
    "Reviewer Qzxvy",
    "LIC-4455667",
    "qzxvy@example.org",
    "(555) 555-0199",
    Credentials(("California",), ("Acupuncture",), credential_style=CredentialStyle.INLINE),
    practice_attestation=True,
)
DOCUMENTS = (
    Document("d1", DocumentType.APPLICATION, "Application form", date=date(2014, 11, 18)),
    Document("d2", DocumentType.UR_DETERMINATION, "UR denial", date=date(2014, 10, 30)),
    Document(
        "d3",
        DocumentType.PROGRESS_REPORT,
        "PR-2",
        "Treating Physician B",
        date=date(2014, 7, 1),
        pages=(PageSpan("", "records.pdf", 11, 14),),
    ),
    Document("d4", DocumentType.IMAGING, "MRI report", "Treating Physician B", date=date(2014, 4, 10)),
)


def _sections(text: str) -> tuple[str, str, str]:
    """Summary, rationale and the whole of the client's letter."""
    summary = text.split("medical records:")[1].split("IMR ISSUES")[0]
    rationale = text.split("Decision rationale:")[1]
    return summary, rationale, text


def _paragraph(text: str) -> str:
    return " ".join(text.split())


@pytest.fixture(scope="session")
def seed_text() -> str:
    """The client's own letter."""
    return (DATA / "seed.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def seed(seed_text: str) -> Determination:
    """The client's letter as a whole determination; its parties are roles."""
    summary, rationale, _ = _sections(seed_text)
    item = DisputedItem(
        "i1",
        "Six visits of Acupuncture for the low back",
        ca_guideline=Guideline(),
        reviewer_guideline=Guideline((MtusCitation("Acupuncture Treatment Guidelines"),)),
        outcome=Outcome.UPHELD,
        rationale=Narrative.of(_paragraph(rationale)),
    )
    case = Case(
        "c1",
        HEADER,
        IMRO,
        documents=DOCUMENTS,
        clinical_summary=Narrative.of(_paragraph(summary)),
        items=(item,),
        letter=LetterText("fdl-2014"),
    )
    return Determination(case, REVIEWER, wording.load("fdl-2014"))


Change = Callable[..., Determination]


@pytest.fixture
def changed(seed: Determination) -> Change:
    """The client's determination with other parts: fields of the case, ``header`` fields in ``of_header``."""

    def make(*, of_header: dict[str, object] | None = None, **of_case: object) -> Determination:
        case = replace(seed.case, **of_case)  # type: ignore[arg-type]
        if of_header:
            case = replace(case, header=replace(case.header, **of_header))  # type: ignore[arg-type]
        return Determination(case, seed.reviewer, wording.load(case.letter.format))

    return make


class Printed:
    """A finished PDF as a reader finds it."""

    def __init__(self, data: bytes, determination: Determination) -> None:
        self.data = data
        with pymupdf.open(stream=data) as document:
            # MuPDF alone writes SIGN into each place for a seal to come; other readers show what the file holds.
            for page in document:
                for widget in list(page.widgets()):
                    page.delete_widget(widget)
            pages = [page.get_text("dict", sort=False) for page in document]
            self.properties = {name: value for name, value in document.metadata.items() if value}
            self.fonts = [document.extract_font(font[0]) for page in document for font in page.get_fonts()]
        self.pages = [
            ["".join(span["text"] for span in line["spans"]) for block in page["blocks"] for line in block["lines"]]
            for page in pages
        ]
        self.body = [[line for line in page if not letter.is_furniture(line, determination)] for page in self.pages]
        self.words = [word for page in self.body for line in page for word in line.split()]
        self.text = " ".join(word for page in self.pages for line in page for word in line.split())


@pytest.fixture
def printed() -> Callable[[Determination, letter.Rendition], Printed]:
    """Print a rendition and read its pages back."""
    return lambda determination, rendition: Printed(letter.render(determination, rendition), determination)
