# SPDX-License-Identifier: AGPL-3.0-or-later
import io
from datetime import UTC, datetime

import pytest
from reportlab.pdfgen import canvas

from imr_desktop.signing import identities, sealing
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
