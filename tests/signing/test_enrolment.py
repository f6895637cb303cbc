# SPDX-License-Identifier: AGPL-3.0-or-later
"""Enrolment: a key made in the vault gets its certificate from an authority, under a pseudonym, and expiry is told."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from imr_desktop.casework import finishing, identities
from imr_desktop.cli import run
from imr_desktop.letter import Rendition
from imr_desktop.models.reviewer import Reviewer
from imr_desktop.signing import sealing, verifying
from imr_desktop.signing.identities import KeyMismatch
from imr_desktop.signing.sealing import IdentityNamesReviewer
from tests.kit.cases import PASSPHRASE, demo_determination, new_vault

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def _authority() -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority")])
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=999))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    )
    return key, built.sign(key, hashes.SHA256())


def _answer(request: bytes, key: ec.EllipticCurvePrivateKey, root: x509.Certificate) -> bytes:
    asked = x509.load_pem_x509_csr(request)
    assert asked.is_signature_valid
    made = (
        x509.CertificateBuilder()
        .subject_name(asked.subject)
        .issuer_name(root.subject)
        .public_key(asked.public_key())
        .serial_number(2)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=90))
    )
    for extension in asked.extensions:
        made = made.add_extension(extension.value, extension.critical)
    each = (made.sign(key, hashes.SHA256()), root)
    return b"".join(one.public_bytes(serialization.Encoding.PEM) for one in each)


def test_a_key_is_enrolled_under_a_pseudonym_and_seals(tmp_path: Path) -> None:
    key, root = _authority()
    with new_vault(tmp_path / "vault") as vault:
        vault.keep_reviewer(Reviewer(name="Ewa Kowalska"))
        csr = tmp_path / "office.csr"
        with pytest.raises(IdentityNamesReviewer):
            identities.request(vault, "office", "Dr. E. Kowalska", "Example", csr, NOW)
        assert not csr.exists()
        identities.request(vault, "office", "IMR Signatory 17", "Example", csr, NOW)
        answer = tmp_path / "office.pem"
        answer.write_bytes(_answer(csr.read_bytes(), key, root))
        other = tmp_path / "other.csr"
        identities.request(vault, "other", "IMR Signatory 18", "Example", other, NOW)
        with pytest.raises(KeyMismatch):
            identities.enrol(vault, "other", answer, NOW)
        facts = identities.enrol(vault, "office", answer, NOW)
        assert (facts.subject, facts.issuer) == ("IMR Signatory 17, Example", "An authority")
        kept = vault.identity("office")
        assert not kept.trial
        sealed = sealing.seal(
            finishing.printed(demo_determination(), Rendition.PARTY),
            kept.pkcs12,
            kept.secret,
            field="Issuer",
            reason="Final Determination",
            location="California",
            when=NOW,
            refuse_names=["Ewa Kowalska"],
        )
        verdict = verifying.verify(sealed, [root.public_bytes(serialization.Encoding.DER)], ["Issuer"], now=NOW)
        assert verdict.status is verifying.Status.INTACT_CONFIRMED, verdict.sentences

        def warned(days: int) -> str:
            return next(
                each for each in identities.listed(vault, NOW + timedelta(days=days)) if each.name == "office"
            ).warning

        assert warned(29) == ""
        assert "in 59 days" in warned(31)
        assert "tomorrow" in warned(89)
        assert warned(91) == ""  # expired, which is said as the reason why it cannot sign


def test_the_commands_ask_and_enrol(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IMR_DESKTOP_VAULT", str(tmp_path / "vault"))
    monkeypatch.setenv("IMR_DESKTOP_PASSPHRASE", PASSPHRASE)
    with new_vault(tmp_path / "vault"):
        pass
    csr, pem = tmp_path / "x.csr", tmp_path / "x.pem"
    assert run(["identity", "request", "office", "-o", str(csr), "--common-name", "IMR Signatory 17"]) == 0
    key, root = _authority()
    pem.write_bytes(_answer(csr.read_bytes(), key, root))
    assert run(["identity", "enrol", "office", str(pem)]) == 0
    assert run(["identity", "enrol", "nobody", str(pem)]) == 2
