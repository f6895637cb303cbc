# SPDX-License-Identifier: AGPL-3.0-or-later
"""Time stamps from a server on this computer: a letter outlives its certificate, and nothing is fetched unasked."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from cryptography import x509

from imr_desktop.casework import finishing
from imr_desktop.letter import Rendition
from imr_desktop.signing import sealing, stamping, verifying
from imr_desktop.signing.stamping import CannotStamp
from imr_desktop.signing.verifying import Status
from tests.kit import tampering
from tests.kit.authority import NOW, Authority, der
from tests.kit.authority import authority as running
from tests.kit.cases import demo_determination


@pytest.fixture
def authority() -> Iterator[Authority]:
    with running() as made:
        yield made


def _sealed(authority: Authority) -> tuple[bytes, x509.Certificate]:
    data, own = authority.signer()
    printed = finishing.printed(demo_determination(), Rendition.PARTY)
    made = sealing.seal(
        printed, data, "secret", field="Issuer", reason="Final Determination", location="California", when=NOW
    )
    return made, own


def test_a_stamped_letter_stays_confirmed_when_its_certificate_has_expired(authority: Authority) -> None:
    sealed, _ = _sealed(authority)
    roots = [der(authority.certificate)]
    assert verifying.verify(sealed, roots, ["Issuer"], now=NOW).status is Status.INTACT_CONFIRMED
    assert authority.asked == 0, "neither sealing nor verifying asks anybody"
    stamped = stamping.stamp(sealed, authority.url, roots)
    assert stamped.lasting
    assert stamped.pdf.startswith(sealed)
    asked, later = authority.asked, NOW + timedelta(days=400)
    assert asked == 2, "once for revocations, once for the time"
    verdict = verifying.verify(stamped.pdf, roots, ["Issuer"], now=later)
    assert verdict.status is Status.INTACT_CONFIRMED, verdict.sentences
    assert any("time was stamped by Stamp office" in each for each in verdict.sentences)
    assert any("No certificate was revoked" in each for each in verdict.sentences)
    assert verifying.verify(sealed, roots, ["Issuer"], now=later).status is Status.INTACT_UNCONFIRMED
    assert verifying.verify(stamped.pdf, (), ["Issuer"], now=later).status is Status.INTACT_UNCONFIRMED
    assert authority.asked == asked, "verifying asks nobody"
    _refused(stamped.pdf)


def _refused(stamped: bytes) -> None:
    """What is done to a letter whose time was stamped shows: content, data, catalogue, byte range, tail, cut."""
    attacks: list[tampering.Tampering] = [
        tampering.flipped, tampering.zeroed, tampering.shortened,
        *(partial(tampering.wrapped, which=which) for which in (0, -1)),
        tampering.shadowed(tampering.CONTENT, tampering.PAGE), tampering.shadowed(tampering.DATA, tampering.EMPTY_DATA),
        tampering.shadowed(tampering.SEAL, tampering.EMPTY_SEAL),
        lambda pdf: pdf + b"\n% more\n", lambda pdf: pdf[:-100],
    ]  # fmt: skip
    assert len(set(tampering.objects(stamped))) == 3
    assert tampering.byte_range(stamped, 0) != tampering.byte_range(stamped), "the signature and the stamp"
    for number, attack in enumerate(attacks):
        assert not verifying.verify(attack(stamped), now=NOW).intact, number


def test_a_revoked_signer_gets_no_lasting_proof(authority: Authority) -> None:
    sealed, own = _sealed(authority)
    authority.revoked = (own.serial_number,)
    assert not stamping.stamp(sealed, authority.url, [der(authority.certificate)]).lasting


def test_a_server_that_is_not_there_or_a_broken_letter_is_trouble(authority: Authority) -> None:
    sealed, _ = _sealed(authority)
    with pytest.raises(CannotStamp, match="did not stamp"):
        stamping.stamp(sealed, f"{authority.url}/crl?".replace("127.0.0.1", "127.0.0.2"))
    with pytest.raises(CannotStamp, match="not intact"):
        stamping.stamp(sealed + b"%", authority.url)
