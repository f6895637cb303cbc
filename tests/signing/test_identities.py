# SPDX-License-Identifier: AGPL-3.0-or-later
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from imr_desktop.models.names import carries
from imr_desktop.signing import identities, sealing, verifying
from imr_desktop.signing.identities import NewIdentity
from tests.signing.conftest import NOW

Certificate = x509.Certificate
Key = ec.EllipticCurvePrivateKey


def named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def certificate(
    subject: str,
    key: Key,
    issuer: tuple[str, Key] | None = None,
    *,
    since: datetime = NOW - timedelta(days=1),
    until: datetime = NOW + timedelta(days=365),
    signs: bool = True,
) -> Certificate:
    above, above_key = issuer or (subject, key)
    usage = dict.fromkeys(
        (
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    return (
        x509.CertificateBuilder()
        .subject_name(named(subject))
        .issuer_name(named(above))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=signs and issuer is not None,
                key_cert_sign=issuer is None,
                **{**usage, "key_encipherment": not signs},
            ),
            critical=True,
        )
        .sign(above_key, hashes.SHA256())
    )


def p12(key: Key | None, cert: Certificate | None, chain: list[Certificate], passphrase: str = "correct") -> bytes:
    locked = serialization.BestAvailableEncryption(passphrase.encode())
    return pkcs12.serialize_key_and_certificates(b"the key's own name", key, cert, chain, locked)


@pytest.fixture(scope="module")
def root() -> tuple[Certificate, Key]:
    key = ec.generate_private_key(ec.SECP256R1())
    return certificate("Example Root", key), key


def issued(root: tuple[Certificate, Key], subject: str = "Office 7", **terms: Any) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    own = certificate(subject, key, ("Example Root", root[1]), **terms)
    return p12(key, own, [root[0]])


def test_a_trial_identity_says_what_it_is(office: NewIdentity) -> None:
    facts = identities.describe(office.pkcs12, office.secret, NOW)
    assert facts.subject == "Office of Independent Review, Example Organization"
    assert facts.self_signed
    assert facts.usable
    assert (facts.not_after - NOW).days > 1000


def test_an_organisations_identity_comes_in_and_its_root_confirms_the_signer(
    root: tuple[Certificate, Key], letter: bytes
) -> None:
    brought = identities.load(issued(root), "correct")
    assert not identities.describe(brought.pkcs12, brought.secret, NOW).self_signed
    data = sealing.seal(
        letter, brought.pkcs12, brought.secret, field="Issuer", reason="r", location="California", when=NOW
    )
    anchor = root[0].public_bytes(serialization.Encoding.DER)
    assert verifying.verify(data, [anchor], now=NOW).status is verifying.Status.INTACT_CONFIRMED
    assert verifying.verify(data, [], now=NOW).status is verifying.Status.INTACT_UNCONFIRMED


def test_each_fault_of_a_file_has_its_sentence(root: tuple[Certificate, Key]) -> None:
    key, other = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    with pytest.raises(identities.WrongIdentityPassphrase):
        identities.load(issued(root), "wrong")
    with pytest.raises(identities.NotAnIdentity):
        identities.load(b"-----BEGIN CERTIFICATE-----", "correct")
    with pytest.raises(identities.NotAnIdentity):
        identities.load(b"\x30\x82 but nothing more", "correct")
    with pytest.raises(identities.NoPrivateKey):
        identities.load(p12(None, None, [certificate("Office 7", key)]), "correct")
    with pytest.raises(identities.KeyMismatch):
        identities.load(p12(key, None, [certificate("Office 7", other)]), "correct")


@pytest.mark.parametrize(
    ("terms", "says"),
    [
        ({"until": NOW - timedelta(hours=1)}, "expired on 11/23/2026"),
        ({"since": NOW + timedelta(days=2)}, "not valid before 11/25/2026"),
        ({"signs": False}, "not meant for signing"),
    ],
    ids=["expired", "not yet valid", "another purpose"],
)
def test_an_unusable_certificate_says_why_and_seals_nothing(
    terms: dict[str, Any], says: str, root: tuple[Certificate, Key], letter: bytes
) -> None:
    brought = identities.load(issued(root, "Office 7", **terms), "correct")
    facts = identities.describe(brought.pkcs12, brought.secret, NOW)
    assert not facts.usable
    assert says in facts.why_not
    with pytest.raises(identities.UnusableIdentity, match=says):
        sealing.seal(letter, brought.pkcs12, brought.secret, field="Issuer", reason="r", location="CA", when=NOW)


@pytest.mark.parametrize(
    ("text", "name", "found"),
    [
        ("Dr. Ana María Núñez-Soto, MD", "NUNEZ SOTO, ANA MARIA", True),
        ("Nunez Soto", "Ana María Núñez-Soto", True),
        ("Office of Independent Review", "Ana Núñez", False),
        ("reviewer.z@example.org", "reviewer.z@example.org", True),
        ("anything", "Dr.", False),
        ("Ana Nunez", "Ana María Núñez-Soto", True),
        ("SOTO ANA", "NUNEZ SOTO, ANA MARIA", True),
        ("Maria Hospital", "Ana María Núñez-Soto", False),
        ("Ana Hospital", "Ana María Núñez-Soto, MD", False),
        ("Lukasz Zolkiewski", "Łukasz Żółkiewski", True),
        ("Van Dac", "Văn Đắc", True),
        ("OBrien Pat", "Pat O’Brien", True),
        ("office@example.org", "x.y@example.org", False),
        ("anything", "", False),
    ],
)
def test_names_are_compared_as_people_read_them(text: str, name: str, *, found: bool) -> None:
    assert carries(text, name) is found


def test_an_identity_that_names_the_reviewer_is_refused(root: tuple[Certificate, Key], letter: bytes) -> None:
    brought = identities.load(issued(root, "Zeta Q. Reviewer M.D."), "correct")
    with pytest.raises(sealing.IdentityNamesReviewer):
        sealing.seal(
            letter,
            brought.pkcs12,
            brought.secret,
            field="Issuer",
            reason="r",
            location="CA",
            when=NOW,
            refuse_names=("Reviewer, Zeta",),
        )


def test_certificates_are_read_from_pem_and_der(office: NewIdentity) -> None:
    pem = identities.certificate_pem(office.pkcs12, office.secret)
    assert identities.certificates_der(pem) == (office.certificate_der,)
    assert identities.certificates_der(office.certificate_der) == (office.certificate_der,)
    with pytest.raises(identities.NotACertificate):
        identities.certificates_der(b"no certificate")


def test_the_secret_is_fresh_each_time(root: tuple[Certificate, Key]) -> None:
    data = issued(root)
    assert identities.load(data, "correct").secret != identities.load(data, "correct").secret


def with_extensions(key: Key, *extensions: x509.ExtensionType) -> Certificate:
    made = (
        x509.CertificateBuilder()
        .subject_name(named("Office 7"))
        .issuer_name(named("Office 7"))
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
    )
    for extension in extensions:
        made = made.add_extension(extension, critical=False)
    return made.sign(key, hashes.SHA256())


@pytest.mark.parametrize(
    "alternative",
    [
        x509.RFC822Name("zeta.reviewer@example.org"),
        x509.DirectoryName(named("Reviewer Zeta")),
        x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c\x19zeta.reviewer@example.org"),
    ],
    ids=["mail", "directory", "log-in name"],
)
def test_a_name_beside_the_subject_is_found_too(alternative: x509.GeneralName, letter: bytes) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    data = p12(key, with_extensions(key, x509.SubjectAlternativeName([alternative])), [])
    with pytest.raises(sealing.IdentityNamesReviewer):
        sealing.seal(
            letter, data, "correct", field="F", reason="r", location="CA", when=NOW, refuse_names=["Zeta Reviewer"]
        )


def test_the_words_beside_a_signature_may_not_name_the_reviewer(office: NewIdentity, letter: bytes) -> None:
    with pytest.raises(sealing.IdentityNamesReviewer):
        sealing.seal(
            letter,
            office.pkcs12,
            office.secret,
            field="Issuer",
            reason="Decided by Zeta Reviewer",
            location="CA",
            when=NOW,
            refuse_names=["Reviewer, Zeta"],
        )


@pytest.mark.parametrize(
    ("purposes", "usable"),
    [
        ([ExtendedKeyUsageOID.SERVER_AUTH], False),
        ([ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.OCSP_SIGNING], False),
        ([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION], True),
        ([ExtendedKeyUsageOID.CLIENT_AUTH], True),
    ],
)
def test_a_certificate_for_another_purpose_is_not_usable(
    purposes: list[x509.ObjectIdentifier], *, usable: bool
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    facts = identities.describe(p12(key, with_extensions(key, x509.ExtendedKeyUsage(purposes)), []), "correct", NOW)
    assert facts.usable is usable


def test_a_short_key_is_not_usable() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    made = (
        x509.CertificateBuilder(named("Office 7"), named("Office 7"), key.public_key(), 7)
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    locked = serialization.BestAvailableEncryption(b"correct")
    data = pkcs12.serialize_key_and_certificates(None, key, made, None, locked)
    assert "1024 bits is too short" in identities.describe(data, "correct", NOW).why_not


def test_a_trial_identity_certifies_nobody_else(office: NewIdentity) -> None:
    extensions = x509.load_der_x509_certificate(office.certificate_der).extensions
    assert not extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert not extensions.get_extension_for_class(x509.KeyUsage).value.key_cert_sign


def test_importing_a_file_written_in_ber_is_silent(root: tuple[Certificate, Key]) -> None:
    assert identities.load(issued(root) + b"\x00\x00", "correct").certificate_der
