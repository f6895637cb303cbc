# SPDX-License-Identifier: AGPL-3.0-or-later
import io
from datetime import UTC, datetime

import pytest
from reportlab.pdfgen import canvas

from imr_desktop.signing import identities, sealing
from imr_desktop.signing.credentials import FileCredential
from imr_desktop.signing.identities import NewIdentity

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def office() -> NewIdentity:
    return identities.create("Office of Independent Review", "Example Organization", now=NOW)


@pytest.fixture(scope="session")
def letter() -> bytes:
    made = io.BytesIO()
    drawing = canvas.Canvas(made, invariant=1, pageCompression=0)
    for page in ("The request is Upheld.", "Page two."):
        drawing.drawString(72, 700, page)
        drawing.showPage()
    drawing.save()
    return made.getvalue()


@pytest.fixture(scope="session")
def sealed(office: NewIdentity, letter: bytes) -> bytes:
    return sealing.seal(
        letter,
        office.pkcs12,
        office.secret,
        field="Issuer",
        reason="Final Determination",
        location="California",
        when=NOW,
    )


@pytest.fixture(scope="session")
def waiting() -> bytes:
    """A letter of this program with a field for the reviewer and one for the medical director."""
    from imr_desktop.letter import layout
    from imr_desktop.letter.blocks import Origin, Paragraph, Signature, Title
    from imr_desktop.letter.furniture import Furniture
    from imr_desktop.letter.signing_fields import DIRECTOR, REVIEWER
    from imr_desktop.models.places import Part, Place

    where = Origin("the letter", Place(Part.LETTER))
    blocks = (
        Title("Determination", where),
        Paragraph("The request is Upheld.", where),
        Signature("Sincerely,", ("Reviewer 7",), "", where),
    )
    furniture = Furniture("CM14-0123456", "Page {page} of {pages}", "", "Determination CM14-0123456", "en-US", None)
    return layout.typeset(blocks, furniture, b'{"outcome": "Upheld"}', (REVIEWER, DIRECTOR))


@pytest.fixture(scope="session")
def director() -> NewIdentity:
    return identities.create("Medical Director", "Example Organization", now=NOW)


def terms(field: str, **more: object) -> sealing.Terms:
    return sealing.Terms(field, "Determination", "California", NOW, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def first_signed(office: NewIdentity, waiting: bytes) -> bytes:
    from imr_desktop.letter.signing_fields import appearance

    shown = appearance(("Signed by Łukasz Nguyễn 王", "11/23/2026"))
    by = FileCredential(office.pkcs12, office.secret)
    return sealing.certify(waiting, by, terms("Reviewer", appearance=shown, countersigned=True))


@pytest.fixture(scope="session")
def both_signed(director: NewIdentity, first_signed: bytes) -> bytes:
    by = FileCredential(director.pkcs12, director.secret)
    return sealing.countersign(first_signed, by, terms("Director"))
